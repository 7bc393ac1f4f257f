import { expect, test } from 'vitest';
import { Directory } from '../../src/kernel/index.ts';
import { failure, makeDisk } from './disk.ts';

/* mount(8) makes a bind read-only by a second call, which does not reach the peers: so Linux shows it in mountinfo. */
test('a read-only bind below a shared mount: what its peers get of it can be written to', () => {
  const { namespace } = makeDisk({ type: 'tmpfs' });
  const root = Directory.at(namespace.caller(), '/');
  for (const name of ['disk/below', 'peer', 'source']) root.mkdir(name, 0o755);
  namespace.setPropagation('/disk', 'shared');
  namespace.bind('/disk', '/peer');
  namespace.bind('/source', '/disk/below', { readOnly: true });
  const write = (path: string) => failure(() => root.writeFile(path, new Uint8Array(1)));
  expect(write('/disk/below/x')).toBe('EROFS');
  expect(write('/peer/below/x')).toBe(null);
  expect(root.exists('/source/x')).toBe(true);
  const readOnly = namespace
    .mounts()
    .filter(({ mountPoint }) => mountPoint.endsWith('/below'))
    .map((mount) => [mount.mountPoint, mount.readOnly]);
  expect(readOnly).toEqual([
    ['/disk/below', true],
    ['/peer/below', false],
  ]);
});
