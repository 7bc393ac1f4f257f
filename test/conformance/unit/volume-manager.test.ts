import { describe, expect, test } from 'vitest';
import type { Pod } from '../../../src/api/index.ts';
import { type DeepReadonly, OperationError } from '../../../src/base/index.ts';
import { DEADLINE_EXCEEDED } from '../../../src/kubelet/volume-manager/index.ts';
import type { VolumePlugin } from '../../../src/plugin/index.ts';
import type { Operation } from '../../../src/sim/index.ts';
import {
  attachable,
  claim,
  device,
  plain,
  podWith,
  Scene,
} from '../../kubelet/volume-manager/harness.ts';
import { type Row, rowsOf } from './cases.ts';

describe('reconciler-call-counts', () => {
  const OPERATIONS = {
    attach: 'Attach',
    waitForAttach: 'WaitForAttach',
    mountDevice: 'MountDevice',
    setUp: 'SetUp',
    tearDown: 'TearDown',
    unmountDevice: 'UnmountDevice',
    detach: 'Detach',
  } as const;

  test.each(rowsOf('reconciler-call-counts'))('%s', (_, { input, expect: expected }) => {
    const { desired, controllerAttach, nodeStatusVolumesAttached, thenRemoved } = input;
    const scene = new Scene([attachable()], { enableControllerAttachDetach: controllerAttach });
    scene.start();
    const volume = claim(scene, 'c');
    const attached = nodeStatusVolumesAttached ?? [{ name: 'test/device/pv-c', devicePath: '/x' }];
    const status = { volumesAttached: attached };
    scene.objects.set('Node//node-1', { metadata: { name: 'node-1' }, status });
    if (desired.length > 0) scene.add(podWith('p', [volume]));
    scene.settle();
    scene.manager.markVolumesAsReportedInUse(scene.manager.volumesInUse());
    scene.settle();
    if (thenRemoved) scene.end('uid-p');
    scene.settle();
    const calls = scene.calls();
    const counts = Object.entries(OPERATIONS).map(([name, operation]) => [
      name,
      calls.filter((call) => call.startsWith(`${operation} `)).length,
    ]);
    expect(Object.fromEntries(counts)).toEqual(expected);
  });
});

describe('desired-state-add-table', () => {
  test.each(rowsOf('desired-state-add-table'))('%s', (_, { input, expect: expected }) => {
    const { hasAddedPodsBefore, podState } = input;
    const scene = new Scene([plain()]);
    scene.manager.run();
    if (hasAddedPodsBefore) scene.start();
    const pod = podWith('p', [{ name: 'v', emptyDir: {} }]);
    if (podState !== 'running') scene.terminating.add('uid-p');
    if (podState === 'removed') scene.stopped.add('uid-p');
    scene.add(pod);
    scene.simulation.advance(100);
    expect(scene.manager.desired.length > 0).toBe(expected.added);
  });
});

describe('reconstruct-table', () => {
  const POD = '/var/lib/kubelet/pods';
  const fails = function* (): Operation {
    throw new OperationError('no');
  };

  /** A plugin `p` that finds its volumes again; `missing-plugin` is there, but cannot tell what it finds. */
  function plugins({ mount, mountDevice }: Row['input'], tornDown: string[]): VolumePlugin[] {
    const tearDown: VolumePlugin['tearDown'] = function* ({ spec, dir }) {
      tornDown.push(spec.name);
      yield* dir.removeAll();
    };
    const setUp = mount === 'fails' ? { setUp: fails } : {};
    const own = { name: 'p', source: 'emptyDir', tearDown, ...setUp };
    const { deviceMounter } = device();
    return [
      mountDevice
        ? device({ ...own, deviceMounter: { ...deviceMounter!, mountDevice: fails } })
        : plain(own),
      plain({ name: 'missing-plugin', source: 'hostPath', tearDown, reconstruct: () => undefined }),
    ];
  }

  function podOf(desired: string[], source: string): DeepReadonly<Pod> {
    const volumes = desired.map((one) => ({ name: one.split('/')[1] ?? '', [source]: {} }));
    const pod = podWith('p', volumes as never);
    return { ...pod, metadata: { ...pod.metadata, uid: 'pod1' } };
  }

  test.each(rowsOf('reconstruct-table'))('%s', (_, row) => {
    const { onDisk, desired, populatorDone } = row.input;
    const tornDown: string[] = [];
    const scene = new Scene(plugins(row.input, tornDown));
    for (const path of onDisk as string[])
      scene.machine.fs.mkdirSync(`/var/lib/kubelet/${path}`, { recursive: true });
    const unknown = onDisk[0].includes('missing-plugin');
    if (desired.length > 0) scene.add(podOf(desired, unknown ? 'hostPath' : 'emptyDir'));
    scene.manager.run();
    check(scene, row, tornDown);
    if (populatorDone === undefined && row.expect.finalState === undefined) return;
    if (populatorDone !== false) scene.manager.sourcesReady();
    scene.settle();
    check(scene, row, tornDown, true);
    expect(scene.machine.fs.existsSync(POD)).toBe(true);
  });

  function check(scene: Scene, { expect: expected }: Row, tornDown: string[], atEnd = false): void {
    const states = scene.manager.actual.flatMap(({ pods }) => pods.map(({ state }) => state));
    const count = (state: string): number => states.filter((one) => one === state).length;
    if (!atEnd || expected.finalState === undefined) {
      if (expected.mountedVolumes !== undefined)
        expect(count('mounted')).toBe(expected.mountedVolumes);
      if (expected.uncertainVolumes !== undefined) {
        expect(count('uncertain')).toBe(expected.uncertainVolumes);
      }
    }
    if (expected.failedReconstruction !== undefined) {
      const found = scene.records('world').filter(({ world }) => world === 'actual').length > 0;
      expect(found).toBe(expected.failedReconstruction === 0);
    }
    if (!atEnd) return;
    if (expected.finalState) expect(states).toEqual([expected.finalState]);
    expect(tornDown).toHaveLength(expected.tearDownCalls ?? 0);
  }
});

describe('wait-for-mount-obeys-deadline', () => {
  test.each(rowsOf('wait-for-mount-obeys-deadline'))('%s', (_, { input, expect: expected }) => {
    const missing = input.operation === 'WaitForAttachAndMount';
    const setUp: VolumePlugin['setUp'] = function* () {
      throw new OperationError('secret "s" not found', { code: 'NotFound' });
    };
    const scene = new Scene([plain(missing ? { setUp } : {})]).start();
    const pod = podWith('p', [{ name: 'v', emptyDir: {} }]);
    scene.add(pod);
    scene.settle();
    const { simulation, manager } = scene;
    const start = simulation.now;
    const deadline = start + input.deadlineSeconds * 1000;
    const wait = missing
      ? manager.waitForAttachAndMount(pod, { deadline })
      : manager.waitForUnmount(pod, { deadline });
    let failure: unknown;
    let ended = Number.POSITIVE_INFINITY;
    simulation.spawn('wait', scene.owner, wait, {
      onEnd: (error) => {
        failure = error;
        ended = simulation.now;
      },
    });
    simulation.advance(200_000);
    expect(expected.error).toBe('DeadlineExceeded');
    expect(failure).toMatchObject({ code: DEADLINE_EXCEEDED });
    expect(ended - start).toBeLessThan(expected.elapsedBelowSeconds * 1000);
  });
});
