import { expect, test } from 'vitest';
import { Directory, O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY, sys } from '../../src/kernel/index.ts';
import { failure, makeDisk } from './disk.ts';

/* As fifo(7) has it: nobody is at the other end. What would wait for somebody fails here. */
test.each([
  ['to read, without waiting', O_RDONLY | O_NONBLOCK, null],
  ['to write, without waiting', O_WRONLY | O_NONBLOCK, 'ENXIO'],
  ['to read and write', O_RDWR, null],
  ['to read and write, without waiting', O_RDWR | O_NONBLOCK, null],
  ['to read', O_RDONLY, 'EAGAIN'],
  ['to write', O_WRONLY, 'EAGAIN'],
])('a fifo is opened %s', (_, flags, code) => {
  const { namespace } = makeDisk({ type: 'ext4' });
  const { caller } = Directory.at(namespace.caller(), '/disk');
  sys.mknod(caller, 'fifo', 0o010644);
  expect(failure(() => sys.open(caller, 'fifo', flags))).toBe(code);
});
