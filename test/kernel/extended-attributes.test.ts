import { expect, test } from 'vitest';
import { Directory, sys } from '../../src/kernel/index.ts';
import { failure, makeDisk } from './disk.ts';

/* As setxattr(2) of Linux answers. */

test.each(['ext4', 'xfs', 'tmpfs'])(
  'an attribute is made once, and replaced where it is: %s',
  (type) => {
    const { namespace } = makeDisk({ type });
    const { caller } = Directory.at(namespace.caller(), '/disk');
    sys.mknod(caller, 'f', 0o100644);
    const set = (text: string, how: object): string | null =>
      failure(() => sys.setxattr(caller, 'f', 'trusted.x', new TextEncoder().encode(text), how));
    const value = (): string => new TextDecoder().decode(sys.getxattr(caller, 'f', 'trusted.x'));
    expect(set('1', { replace: true })).toBe('ENODATA');
    expect(failure(value)).toBe('ENODATA');
    expect(set('1', { create: true })).toBe(null);
    expect(set('2', { create: true })).toBe('EEXIST');
    expect(value()).toBe('1');
    expect(set('3', { replace: true })).toBe(null);
    expect(value()).toBe('3');
  },
);
