import { describe, expect, test } from 'vitest';
import { makeRig, podObject, type Rig, withVolume } from './harness.ts';

const UID = '1111-2222';
const POD = `/var/lib/kubelet/pods/${UID}`;

/** A kubelet that finds these files of a Pod that nobody knows; a name that ends with / is a directory. */
function swept(
  files: readonly string[],
  options: { version?: string; fail?: string } = {},
): { rig: Rig; said: string[]; left: boolean } {
  const rig = makeRig(options.version === undefined ? {} : { version: options.version });
  const { fs } = rig.machine;
  for (const file of files) {
    const path = `${POD}/${file}`;
    fs.mkdirSync(path.endsWith('/') ? path : path.slice(0, path.lastIndexOf('/')), {
      recursive: true,
    });
    if (!path.endsWith('/')) fs.writeFileSync(path, 'x');
  }
  if (options.fail) rig.simulation.faults.fail(options.fail, { times: 1, error: 'it is busy' });
  rig.kubelet.start();
  rig.settle();
  return { rig, said: said(rig), left: fs.existsSync(POD) };
}

/** What the kubelet says of pods that nobody knows. */
function said(rig: Rig): string[] {
  return rig.simulation.trace.records.flatMap((record) =>
    record.type === 'log' && /rphaned/.test(record.message) ? [record.message] : [],
  );
}

const EMPTY = 'volumes/kubernetes.io~gone/v/';
const SUBPATH = 'volume-subpaths/v/c/0';

describe('2.11 the directory of a Pod that nobody knows', () => {
  test('goes with empty directories of volumes, subPaths and all else', () => {
    const found = swept([EMPTY, SUBPATH, 'etc-hosts', 'containers/c/1234', 'plugins/x/y/ready']);
    expect(found.said).toEqual([]);
    expect(found.left).toBe(false);
  });

  const orphaned = `orphaned pod "${UID}" found, but`;
  test.each([
    [
      'a file in a volume',
      [`${EMPTY}x`],
      {},
      `failed to rmdir() volume at path ${POD}/${EMPTY.slice(0, -1)}: directory not empty`,
    ],
    [
      'a file in place of a volume',
      [EMPTY.slice(0, -1)],
      {},
      `failed to rmdir() volume at path ${POD}/${EMPTY.slice(0, -1)}: not a directory`,
    ],
    [
      'a subPath that holds something',
      [`${SUBPATH}/x`],
      {},
      `failed to rmdir() subpath at path ${POD}/${SUBPATH}: remove ${POD}/${SUBPATH}: directory not empty`,
    ],
    [
      'a file in place of the subPaths',
      ['volume-subpaths'],
      {},
      `error occurred during reading of volume-subpaths dir from disk: open ${POD}/volume-subpaths: not a directory`,
    ],
    [
      'a file in place of the subPaths of a volume',
      ['volume-subpaths/v'],
      {},
      `error occurred during reading of volume-subpaths dir from disk: could not read directory ${POD}/volume-subpaths/v: open ${POD}/volume-subpaths/v: not a directory`,
    ],
    [
      'a file in place of the subPaths of a container',
      ['volume-subpaths/v/c'],
      {},
      `error occurred during reading of volume-subpaths dir from disk: could not read directory ${POD}/volume-subpaths/v/c: readdirent ${POD}/volume-subpaths/v/c: not a directory`,
    ],
    [
      'something else that cannot go',
      ['etc-hosts'],
      { fail: 'remove' },
      `error occurred when trying to remove subdir "${POD}/etc-hosts": it is busy`,
    ],
    [
      'the directory itself',
      ['containers/'],
      { fail: 'rmdir' },
      'error occurred when trying to remove the pod directory: it is busy',
    ],
    [
      'any volume, up to 1.20',
      [EMPTY],
      { version: '1.20' },
      'volume paths are still present on disk',
    ],
    [
      'any subPath, up to 1.20',
      [SUBPATH],
      { version: '1.20' },
      'volume subpaths are still present on disk',
    ],
  ])('stays for %s, and the first reason is said once', (_, files, options, why) => {
    const found = swept(files, options);
    const { rig } = found;
    expect(found.said).toEqual([`${orphaned} ${why}`]);
    rig.machine.fs.rmSync(`${POD}/volumes`, { recursive: true, force: true });
    rig.machine.fs.rmSync(`${POD}/volume-subpaths`, { recursive: true, force: true });
    rig.advance(4);
    expect(rig.machine.fs.existsSync(POD)).toBe(false);
  });

  test('stays for what cannot be read among the volumes', () => {
    const found = swept(['volumes/x']);
    const { rig } = found;
    expect(found.said).toEqual([
      `Orphaned pod found, but volumes are not cleaned up: error occurred during checking mounted volumes from disk: could not read directory ${POD}/volumes/x: readdirent ${POD}/volumes/x: not a directory`,
    ]);
    rig.machine.fs.unlinkSync(`${POD}/volumes/x`);
    rig.advance(4);
    expect(rig.machine.fs.existsSync(POD)).toBe(false);
  });

  test.each([
    ['volumes/kubernetes.io~gone', 'the volumes dir'],
    ['containers/c', `subdir "${POD}/containers"`],
  ])('stays for a mount at %s, and what is in it stays too', (place, what) => {
    const rig = makeRig();
    const target = `${POD}/${place}`;
    rig.machine.fs.mkdirSync(target, { recursive: true });
    rig.machine.mount({ type: 'tmpfs', source: 'x', target });
    if (place.startsWith('containers')) rig.machine.fs.writeFileSync(`${target}/data`, 'x');
    rig.kubelet.start();
    rig.advance(10);
    expect(said(rig)).toEqual([
      `${orphaned} error occurred when trying to remove ${what}: cannot delete directory ${target}: it is a mount point`,
    ]);
    expect(rig.machine.fs.readdirSync(target)).toHaveLength(place.startsWith('containers') ? 1 : 0);
  });

  test('that somebody else removes in the meantime', () => {
    const rig = makeRig();
    const { fs } = rig.machine;
    fs.mkdirSync(`${POD}/volumes`, { recursive: true });
    const held = rig.simulation.faults.hold('rmdir', { path: `${POD}/volumes` });
    rig.kubelet.start();
    rig.advance(4);
    fs.rmSync(POD, { recursive: true });
    held.unsubscribe();
    rig.advance(4);
    expect(said(rig)).toEqual([
      `${orphaned} error occurred during reading the pod dir from disk: open ${POD}: no such file or directory`,
    ]);
  });

  test('stays while something is mounted in a volume', () => {
    const rig = makeRig();
    const target = `${POD}/volumes/kubernetes.io~gone/v`;
    rig.machine.fs.mkdirSync(target, { recursive: true });
    rig.machine.mount({ type: 'tmpfs', source: 'x', target });
    rig.kubelet.start();
    rig.advance(10);
    expect(rig.machine.fs.existsSync(target)).toBe(true);
    rig.machine.unmount(target);
    rig.advance(4);
    expect(rig.machine.fs.existsSync(POD)).toBe(false);
  });
});

test('4.2 a directory of a Pod that cannot be made is an event', () => {
  const rig = makeRig();
  rig.kubelet.start();
  rig.simulation.faults.fail('mkdir', { times: 1, error: 'mkdir /x: no space left on device' });
  rig.create(podObject('p', withVolume({ hostPath: { path: '/tmp' } })));
  rig.settle();
  rig.advance(20);
  expect(rig.events('p')[0]).toBe(
    'Failed: error making pod data directories: mkdir /x: no space left on device',
  );
  expect(rig.pod('p').status?.phase).toBe('Running');
});
