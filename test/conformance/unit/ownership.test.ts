import { describe, expect, test } from 'vitest';
import { createVersionRules, type Pod } from '../../../src/api/index.ts';
import type { KubeletContext } from '../../../src/kubelet/contracts.ts';
import { ownershipProgress } from '../../../src/kubelet/volume-manager/ownership-progress.ts';
import { definePlugin, setVolumeOwnership } from '../../../src/plugin/index.ts';
import { type Operation, sleepUntil } from '../../../src/sim/index.ts';
import { makeSimulation } from '../../kubelet/volume-manager/harness.ts';
import { Bench } from '../../plugin/harness.ts';
import { rowsOf } from './cases.ts';

const plugin = definePlugin<object>({
  name: 'test/plain',
  source: 'emptyDir',
  *setUp() {},
  *tearDown() {},
});

const octal = (mode: unknown): number => Number.parseInt(String(mode), 8);

describe('fsgroup-ownership-walk', () => {
  /** Plays a row; gives what a path of the volume has, as `mode gid`. */
  function walk(input: Record<string, unknown>): (name: string) => string {
    const { policy, fsGroup = 1000, root, subdir, tree, file, directory, readOnlyVolume } = input;
    const bench = new Bench();
    const wanted = policy as 'Always' | 'OnRootMismatch' | undefined;
    const volume = bench.volume(plugin, {}, fsGroup === null ? {} : { fsGroup: 1000 });
    const top = volume.dir.path.slice(1);
    const disk = bench.root;
    disk.mkdirAll(`${top}/sub`, 0o755);
    if (root === 'correct') {
      disk.chown(top, 0, 1000);
      disk.chmod(top, 0o2770);
    }
    if (subdir === undefined) disk.rmdir(`${top}/sub`);
    disk.mkdirAll('outside', 0o755);
    if (tree !== undefined) disk.symlink('/outside', `${top}/s`);
    if (file !== undefined) disk.writeFile(`${top}/f`, new Uint8Array(), { mode: octal(file) });
    if (directory !== undefined) disk.mkdirAll(`${top}/d`, octal(directory));
    bench.run(setVolumeOwnership(volume, { readOnly: readOnlyVolume === true, policy: wanted }));
    return (name) => {
      const { mode, gid } = disk.lstat(name.startsWith('/') ? name.slice(1) : `${top}/${name}`);
      return `${(mode & 0o7777).toString(8)} ${gid}`;
    };
  }

  const FIXED = '2775 1000';
  const WRONG = '755 0';

  test.each(rowsOf('fsgroup-ownership-walk'))('%s', (_, { input, expect: expected }) => {
    const at = walk(expected.nothingChanged ? { ...input, subdir: 'wrong' } : input);
    if (expected.subdir === 'fixed') expect(at('sub')).toBe(FIXED);
    if (expected.subdir === 'still wrong') expect(at('sub')).toBe(WRONG);
    if (expected.root === 'fixed') expect(at('.')).toBe(FIXED);
    if (expected.nothingChanged) expect([at('.'), at('sub')]).toEqual([WRONG, WRONG]);
    if (expected.linkGid !== undefined) expect(at('s').split(' ')[1]).toBe(`${expected.linkGid}`);
    if (expected.targetUntouched) expect(at('/outside')).toBe(WRONG);
    const { fileMode, directoryMode, gid } = expected;
    if (fileMode) expect(at('f')).toBe(`${octal(fileMode).toString(8)} ${gid}`);
    if (directoryMode) expect(at('d')).toBe(`${octal(directoryMode).toString(8)} ${gid}`);
  });
});

describe('fsgroup-progress-event', () => {
  test.each(rowsOf('fsgroup-progress-event'))('%s', (_, { input, expect: expected }) => {
    const simulation = makeSimulation();
    const events: object[] = [];
    const context = {
      rules: createVersionRules(),
      owner: simulation.owner('kubelet'),
      system: { simulation, name: 'node-1' },
      event: (_pod: unknown, type: string, reason: string, message: string) =>
        void events.push({ type, reason, message }),
    } as unknown as KubeletContext;
    const metadata = { uid: 'pod1uid', ...(input.pod && { name: 'pod1' }) };
    const pod = { metadata } as unknown as Pod;
    const path = '/var/lib/kubelet/pods/pod1uid/volumes/faketype';
    const progress = ownershipProgress(context, pod, path, { first: 50, every: 200 });
    const change = function* (): Operation {
      progress?.begin();
      progress?.change();
      yield* sleepUntil(input.changeMillis, { class: 'work', reason: 'chown' });
      progress?.end();
    };
    simulation.spawn('change', context.owner, change());
    simulation.advance(10_000);
    expect(events).toEqual(expected.events);
  });

  test('before 1.33 nobody is told', () => {
    const context = { rules: createVersionRules('1.32') } as KubeletContext;
    const pod = { metadata: { name: 'p', uid: 'u' } } as unknown as Pod;
    expect(ownershipProgress(context, pod, '/pods/u/volumes/x')).toBe(undefined);
  });
});
