import { describe, expect, test } from 'vitest';
import { createVersionRules } from '../../../src/api/index.ts';
import type { OperationError } from '../../../src/base/index.ts';
import { DEADLINE_EXCEEDED } from '../../../src/kubelet/volume-manager/index.ts';
import { Cancellation, Cancelled, type Operation } from '../../../src/sim/index.ts';
import { claim, device, makeSimulation, plain, podWith, Scene } from './harness.ts';

const POD = podWith('p', [
  { name: 'v', emptyDir: {} },
  { name: 'a', emptyDir: {} },
]);

interface Outcome {
  at: number;
  error?: unknown;
}

/** Starts an operation of the kubelet, and tells when and how it ended. */
function begin(scene: Scene, operation: Operation): Outcome[] {
  const outcomes: Outcome[] = [];
  const began = scene.simulation.now;
  scene.simulation.spawn('wait', scene.owner, operation, {
    onEnd: (error, failed) =>
      outcomes.push({ at: scene.simulation.now - began, ...(failed && { error }) }),
  });
  return outcomes;
}

describe('waiting for volumes to be mounted', () => {
  test('ends at the next look after all are there', () => {
    const scene = new Scene([plain()]).start();
    scene.add(POD);
    const outcomes = begin(scene, scene.manager.waitForAttachAndMount(POD));
    scene.settle();
    expect(outcomes).toEqual([{ at: 300 }]);
    const again = begin(scene, scene.manager.waitForAttachAndMount(POD));
    scene.settle();
    expect(again).toEqual([{ at: 0 }]);
  });

  test('gives up after 2 min 3 s, with the names of what is missing', () => {
    const scene = new Scene([plain()]).start();
    scene.simulation.faults.fail('SetUp', { error: 'no' });
    scene.add(POD);
    const outcomes = begin(scene, scene.manager.waitForAttachAndMount(POD));
    scene.simulation.advance(200_000);
    expect(outcomes[0]?.at).toBe(123_000);
    const error = outcomes[0]?.error as OperationError;
    expect(error.message).toBe(
      'unmounted volumes=[a v], unattached volumes=[], failed to process volumes=[]: context deadline exceeded',
    );
    expect(error.code).toBe(DEADLINE_EXCEEDED);
  });

  test('ends at once with what the populator met', () => {
    const scene = new Scene([plain(), device()]).start();
    const pod = podWith('p', [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }]);
    scene.add(pod);
    const outcomes = begin(scene, scene.manager.waitForAttachAndMount(pod));
    scene.settle();
    const error = outcomes[0]?.error as OperationError;
    expect(error.message).toBe(
      'unmounted volumes=[v], unattached volumes=[], failed to process volumes=[v]: error processing PVC default/c: failed to fetch PVC from API server: persistentvolumeclaims "c" not found',
    );
    expect(error.code).toBeUndefined();
    claim(scene, 'c');
    const again = begin(scene, scene.manager.waitForAttachAndMount(pod));
    scene.settle();
    expect(again).toEqual([{ at: 300 }]);
  });

  test('ends when the Pod is deleted', () => {
    const scene = new Scene([plain()]).start();
    scene.simulation.faults.fail('SetUp', { error: 'no' });
    scene.add(POD);
    const cancel = new Cancellation();
    const outcomes = begin(scene, scene.manager.waitForAttachAndMount(POD, { cancel }));
    scene.settle();
    expect(outcomes).toEqual([]);
    scene.simulation.outside(() => cancel.cancel());
    scene.settle();
    expect(outcomes[0]?.error).toBeInstanceOf(Cancelled);
  });

  test('is not for volumes that no container uses', () => {
    const scene = new Scene([plain()]).start();
    const pod = { ...POD, spec: { ...POD.spec, containers: [{ name: 'c', image: 'i' }] } };
    const outcomes = begin(scene, scene.manager.waitForAttachAndMount(pod));
    scene.settle();
    expect(outcomes).toEqual([{ at: 0 }]);
  });
});

describe('waiting for volumes to be unmounted', () => {
  test('ends when none is mounted', () => {
    const scene = new Scene([plain()]).start();
    scene.add(POD);
    scene.settle();
    scene.end('uid-p', { stopped: true });
    const outcomes = begin(scene, scene.manager.waitForUnmount(POD));
    scene.settle();
    expect(outcomes).toEqual([{ at: 300 }]);
  });

  test.each([
    ['1.34', 'a v'],
    ['1.35', 'test/plain/uid-p-a test/plain/uid-p-v'],
  ])('gives up with the names of what is mounted, those of the version (%s)', (version, names) => {
    const scene = new Scene([plain()], {}, makeSimulation(), createVersionRules(version)).start();
    scene.add(POD);
    scene.settle();
    const outcomes = begin(scene, scene.manager.waitForUnmount(POD));
    scene.simulation.advance(200_000);
    const error = outcomes[0]?.error as Error;
    expect(error.message).toBe(`mounted volumes=[${names}]: context deadline exceeded`);
  });
});
