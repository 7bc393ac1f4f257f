import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { claim, device, makeSimulation, plain, podWith, Scene } from './harness.ts';

const NAMES = ['a', 'b', 'c'];

type Action =
  | { do: 'add' | 'end' | 'restart' | 'reprocess'; pod: number }
  | { do: 'fail'; step: string; kind: 'final' | 'transient' | 'uncertain' }
  | { do: 'wait'; ms: number };

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    do: fc.constantFrom('add' as const, 'end' as const, 'restart' as const, 'reprocess' as const),
    pod: fc.nat(2),
  }),
  fc.record({
    do: fc.constant('fail' as const),
    step: fc.constantFrom('SetUp', 'TearDown', 'MountDevice', 'UnmountDevice'),
    kind: fc.constantFrom('final' as const, 'transient' as const, 'uncertain' as const),
  }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.nat(900) }),
);

/** Each Pod has a directory of its own, and all share a device. */
function podOf(scene: Scene, index: number) {
  return podWith(NAMES[index] ?? '', [{ name: 'own', emptyDir: {} }, claim(scene, 'shared')]);
}

function perform(scene: Scene, one: Action): void {
  const { simulation } = scene;
  if (one.do === 'wait') return simulation.advance(one.ms);
  if (one.do === 'fail') {
    simulation.faults.fail(one.step, { error: { class: one.kind, message: 'no' }, times: 1 });
    return;
  }
  const pod = podOf(scene, one.pod);
  const { uid } = pod.metadata;
  if (one.do === 'add' && !scene.terminating.has(uid)) scene.add(pod);
  if (one.do === 'end' && scene.pods.has(uid)) scene.end(uid);
  if (one.do === 'reprocess' && scene.pods.has(uid)) scene.manager.reprocessPod(uid);
  if (one.do === 'restart') {
    scene.restart();
    scene.manager.run();
    scene.manager.sourcesReady();
  }
}

/** No device is mounted over another, and none goes while a Pod has it. */
function checkCalls(scene: Scene): void {
  const having = new Set<string | undefined>();
  for (const { operation, volume, pod, error } of scene.records('volume')) {
    if (volume !== 'pv-shared' || error !== undefined) continue;
    if (operation === 'SetUp') having.add(pod);
    if (operation === 'TearDown') having.delete(pod ?? [...having][0]);
    if (operation === 'UnmountDevice') expect([...having]).toEqual([]);
  }
}

test('whatever happens, in the end what pods want is mounted, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 25 }), fc.nat(), (actions, seed) => {
      const simulation = makeSimulation(seed % 2 === 0 ? 'fifo' : 'random', seed);
      const scene = new Scene([plain({ refreshes: true }), device()], {}, simulation).start();
      for (const one of actions) perform(scene, one);
      scene.simulation.advance(3_600_000);
      const uids = [...scene.pods.keys()].sort();
      const mounted = NAMES.map((name) => `uid-${name}`).filter(
        (uid) => scene.manager.mountedVolumes(uid).size === 2,
      );
      expect(mounted).toEqual(uids);
      expect(scene.manager.actual).toHaveLength(uids.length === 0 ? 0 : uids.length + 1);
      expect(
        scene.manager.actual.flatMap(({ pods }) => pods).every((p) => !p.remountRequired),
      ).toBe(true);
      expect(scene.records('panic')).toEqual([]);
      checkCalls(scene);
    }),
    { seed: 4, numRuns: 150 },
  );
});
