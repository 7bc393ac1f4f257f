import { describe, expect, test } from 'vitest';
import { quoted } from '../../src/base/index.ts';
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

/** What the kubelet says, but for volumes of types that it does not know. */
function said(rig: Rig): string[] {
  return rig.simulation.trace.records.flatMap((record) =>
    record.type === 'log' && !record.message.includes('no volume plugin matched')
      ? [record.message]
      : [],
  );
}

/** What is said at the end of a sweep; from 1.21 on. */
const spew = (error: string, count = 1): string =>
  `"There were many similar errors. Turn up verbosity to see them." err=${quoted(error)} numErrs=${count}`;
/** And then, when it is not about volumes. */
const cleaning = (error: string): string =>
  `"Failed cleaning up orphaned pod directories" err=${quoted(error)}`;
const NOT_CLEANED = `"Orphaned pod found, but volumes are not cleaned up" podUID="${UID}"`;

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
      `failed to rmdir() volume at path ${POD}/${EMPTY.slice(0, -1)}: directory not empty`,
    ],
    [
      'a file in place of a volume',
      [EMPTY.slice(0, -1)],
      `failed to rmdir() volume at path ${POD}/${EMPTY.slice(0, -1)}: not a directory`,
    ],
    [
      'a subPath that holds something',
      [`${SUBPATH}/x`],
      `failed to rmdir() subpath at path ${POD}/${SUBPATH}: remove ${POD}/${SUBPATH}: directory not empty`,
    ],
    [
      'a file in place of the subPaths',
      ['volume-subpaths'],
      `error occurred during reading of volume-subpaths dir from disk: open ${POD}/volume-subpaths: not a directory`,
    ],
    [
      'a file in place of the subPaths of a volume',
      ['volume-subpaths/v'],
      `error occurred during reading of volume-subpaths dir from disk: could not read directory ${POD}/volume-subpaths/v: open ${POD}/volume-subpaths/v: not a directory`,
    ],
    [
      'a file in place of the subPaths of a container',
      ['volume-subpaths/v/c'],
      `error occurred during reading of volume-subpaths dir from disk: could not read directory ${POD}/volume-subpaths/v/c: readdirent ${POD}/volume-subpaths/v/c: not a directory`,
    ],
  ])('stays for %s, and that is said at each sweep', (_, files, why) => {
    const { rig, said: first } = swept(files);
    // What cannot go keeps the directory around it, too.
    const line = spew(`${orphaned} ${why}`, why.includes('rmdir() volume') ? 2 : 1);
    // A directory that cannot be read has a line of its own.
    const unread = why.includes(': open ') && !why.includes('could not read');
    const itself = `"Could not read directory" err="open ${POD}/volume-subpaths: not a directory" path="${POD}/volume-subpaths"`;
    expect(first).toEqual([...(unread ? [itself] : []), line]);
    rig.advance(4);
    expect(said(rig).filter((one) => one === line)).toHaveLength(3);
    rig.machine.fs.rmSync(`${POD}/volumes`, { recursive: true, force: true });
    rig.machine.fs.rmSync(`${POD}/volume-subpaths`, { recursive: true, force: true });
    rig.advance(4);
    expect(rig.machine.fs.existsSync(POD)).toBe(false);
    expect(said(rig).filter((one) => one === line)).toHaveLength(3);
  });

  test('stays for something else that cannot go; then it cannot go itself', () => {
    const { rig, said } = swept(['etc-hosts'], { fail: 'remove' });
    const path = `${POD}/etc-hosts`;
    const [subdir, dir] = [
      `${orphaned} error occurred when trying to remove subdir "${path}": it is busy`,
      `${orphaned} error occurred when trying to remove the pod directory: directory not empty`,
    ];
    expect(said).toEqual([
      `"Failed to remove orphaned pod subdir" err="it is busy" podUID="${UID}" path="${path}"`,
      `"Failed to remove orphaned pod dir" err="directory not empty" podUID="${UID}"`,
      spew(subdir, 2),
      cleaning(`[${subdir}, ${dir}]`),
    ]);
    rig.advance(4);
    expect(rig.machine.fs.existsSync(POD)).toBe(false);
  });

  test('stays when it cannot go itself', () => {
    const { rig, said } = swept(['containers/'], { fail: 'rmdir' });
    const why = `${orphaned} error occurred when trying to remove the pod directory: it is busy`;
    expect(said).toEqual([
      `"Failed to remove orphaned pod dir" err="it is busy" podUID="${UID}"`,
      spew(why),
      cleaning(why),
    ]);
    rig.advance(4);
    expect(rig.machine.fs.existsSync(POD)).toBe(false);
  });

  const total = ' : There were a total of 1 errors similar to this. Turn up verbosity to see them.';
  test.each([
    ['1.20', EMPTY, [`${orphaned} volume paths are still present on disk${total}`]],
    ['1.15', EMPTY, [`O${orphaned.slice(1)} volume paths are still present on disk${total}`]],
    ['1.8', EMPTY, [`O${orphaned.slice(1)} volume paths are still present on disk.`]],
    [
      '1.5',
      EMPTY,
      [`O${orphaned.slice(1)} error <nil> occured during reading volume dir from disk`],
    ],
    ['1.20', SUBPATH, [`${orphaned} volume subpaths are still present on disk${total}`]],
    ['1.8', SUBPATH, []],
  ])('in %s any volume keeps it, or any subPath: %s', (version, file, lines) => {
    const { rig, said, left } = swept([file], { version });
    expect(said).toEqual(lines);
    expect(left).toBe(lines.length > 0);
    rig.machine.fs.rmSync(`${POD}/volumes`, { recursive: true, force: true });
    rig.machine.fs.rmSync(`${POD}/volume-subpaths`, { recursive: true, force: true });
    rig.advance(4);
    expect(rig.machine.fs.existsSync(POD)).toBe(false);
  });

  test('that cannot go in one piece, up to 1.20', () => {
    const { said } = swept(['etc-hosts'], { version: '1.20', fail: 'remove' });
    expect(said).toEqual([
      `Failed to remove orphaned pod "${UID}" dir; err: it is busy`,
      `it is busy${total}`,
      'Failed cleaning up orphaned pod directories: it is busy',
    ]);
  });

  test('a subPath goes, of a file too, while a volume keeps the rest', () => {
    const { rig, left } = swept([`${EMPTY}x`, SUBPATH]);
    expect(left).toBe(true);
    expect(rig.machine.fs.existsSync(`${POD}/${SUBPATH}`)).toBe(false);
  });

  test('what is the same for several is told once in the end', () => {
    const rig = makeRig({ version: '1.20' });
    for (const uid of ['a', 'b', 'c'])
      rig.machine.fs.mkdirSync(`/var/lib/kubelet/pods/${uid}`, { recursive: true });
    rig.simulation.faults.fail('remove', { times: 2, error: 'it is busy' });
    rig.kubelet.start();
    rig.settle();
    expect(said(rig).slice(2)).toEqual([
      `it is busy${total.replace('1 errors', '2 errors')}`,
      'Failed cleaning up orphaned pod directories: it is busy',
    ]);
  });

  test('of several the first error is told, and how many there were', () => {
    const rig = makeRig();
    for (const uid of ['a', 'b', 'c']) {
      const volume = `/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~gone/v`;
      rig.machine.fs.mkdirSync(volume, { recursive: true });
      rig.machine.fs.writeFileSync(`${volume}/x`, 'x');
    }
    rig.kubelet.start();
    rig.settle();
    const path = '/var/lib/kubelet/pods/a/volumes/kubernetes.io~gone/v';
    // Each has two: the directory of the volume, and the one around it.
    expect(said(rig)).toEqual([
      spew(
        `orphaned pod "a" found, but failed to rmdir() volume at path ${path}: directory not empty`,
        6,
      ),
    ]);
  });

  test.each([
    ['volumes/x', 'could not read directory', 'readdirent'],
    ['volumes', '', 'open'],
  ])('stays for what cannot be read: a file in place of %s', (file, could, call) => {
    const { rig, said } = swept([file]);
    const full = `${POD}/${file}`;
    const err = `${call} ${full}: not a directory`;
    const whole = could === '' ? err : `${could} ${full}: ${err}`;
    expect(said).toEqual([
      ...(could === '' ? [`"Could not read directory" err="${err}" path="${full}"`] : []),
      `"Pod found, but error occurred during checking mounted volumes from disk" err="${whole}" podUID="${UID}"`,
      NOT_CLEANED,
    ]);
    rig.machine.fs.unlinkSync(full);
    rig.advance(4);
    expect(rig.machine.fs.existsSync(POD)).toBe(false);
  });

  test('stays when it is a file', () => {
    const rig = makeRig();
    rig.machine.fs.mkdirSync('/var/lib/kubelet/pods', { recursive: true });
    rig.machine.fs.writeFileSync(POD, '');
    rig.kubelet.start();
    rig.settle();
    const path = `${POD}/volumes`;
    const why = `error checking if path "${path}" exists: stat ${path}: not a directory`;
    expect(said(rig)).toEqual([
      `"Pod found, but error occurred during checking mounted volumes from disk" err=${quoted(why)} podUID="${UID}"`,
      NOT_CLEANED,
    ]);
    expect(rig.machine.fs.readFileSync(POD, 'utf8')).toBe('');
  });

  test('in the words of 1.20', () => {
    const { said } = swept(['volumes'], { version: '1.20' });
    const err = `open ${POD}/volumes: not a directory`;
    expect(said).toEqual([
      `Could not read directory ${POD}/volumes: ${err}`,
      `pod "${UID}" found, but error ${err} occurred during checking mounted volumes from disk`,
      `Orphaned pod "${UID}" found, but volumes are not cleaned up`,
    ]);
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
    const why = `error occurred when trying to remove ${what}: cannot delete directory ${target}: it is a mount point`;
    expect(said(rig).filter((line) => line.includes('similar'))[0]).toBe(
      spew(`${orphaned} ${why}`, place.startsWith('containers') ? 2 : 1),
    );
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
    const err = `open ${POD}: no such file or directory`;
    const why = `${orphaned} error occurred during reading the pod dir from disk: ${err}`;
    expect(said(rig)).toEqual([
      `"Could not read directory" err="${err}" path="${POD}"`,
      spew(why),
      cleaning(why),
    ]);
  });

  test.each([
    ['a subPath', `${POD}/${SUBPATH}`, 'volume-subpaths/v/c/1'],
    ['all of it', '/var/lib/kubelet/pods/0000', ''],
  ])('%s that somebody else removes in the meantime', (what, path, part) => {
    const rig = makeRig();
    const { fs } = rig.machine;
    fs.mkdirSync('/var/lib/kubelet/pods/0000', { recursive: true });
    fs.mkdirSync(`${POD}/volume-subpaths/v/c/0`, { recursive: true });
    fs.mkdirSync(`${POD}/volume-subpaths/v/c/1`, { recursive: true });
    const fault = rig.simulation.faults.hold('rmdir', { path });
    rig.kubelet.start();
    rig.settle();
    fs.rmSync(`${POD}/${part}`, { recursive: true });
    fault.unsubscribe();
    rig.settle();
    const gone = `${POD}/volume-subpaths/v/c/1`;
    const why = `failed to rmdir() subpath at path ${gone}: remove ${gone}: no such file or directory`;
    expect(said(rig)).toEqual(what === 'a subPath' ? [spew(`${orphaned} ${why}`)] : []);
    rig.advance(4);
    expect(fs.readdirSync('/var/lib/kubelet/pods')).toEqual([]);
  });

  test('stays while something is mounted in a volume', () => {
    const rig = makeRig();
    const target = `${POD}/volumes/kubernetes.io~gone/v`;
    rig.machine.fs.mkdirSync(target, { recursive: true });
    rig.machine.mount({ type: 'tmpfs', source: 'x', target });
    rig.kubelet.start();
    rig.advance(10);
    expect(rig.machine.fs.existsSync(target)).toBe(true);
    expect(new Set(said(rig))).toEqual(new Set([NOT_CLEANED]));
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
