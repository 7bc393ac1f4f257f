import { expect, test } from 'vitest';
import type { PodContext } from '../../src/kubelet/pod/context.ts';
import { demandStopped } from '../../src/kubelet/pod/kill-pod.ts';
import { propagationOf } from '../../src/kubelet/pod/propagation.ts';
import { ActualStateOfWorld } from '../../src/kubelet/volume-manager/actual-state-of-world.ts';
import { markFinished } from '../../src/kubelet/volume-manager/expansion/claim-marks.ts';
import { inlineSpec, PluginRegistry } from '../../src/plugin/index.ts';
import { rules } from '../plugin/rules.ts';
import { plain, podWith } from './volume-manager/harness.ts';

/** Rules that nothing of the API leads to: the runtime, validation and the reconciler keep them already. */

test('2.4 a Pod has not ended while one of its containers runs', () => {
  const states = (...all: string[]): PodContext => {
    const containers = all.map((state, i) => ({ id: `id-${i}`, name: `c${i}`, state }));
    return { runtime: { containers: () => containers } } as unknown as PodContext;
  };
  expect(() => demandStopped(states('exited', 'created'), 'uid')).not.toThrow();
  expect(() => demandStopped(states('running', 'exited', 'running'), 'uid')).toThrow(
    /^detected running containers after a successful KillPod, CRI violation: \[containerd:\/\/id-0 containerd:\/\/id-2\]$/,
  );
});

test('2.3 a mode of mount propagation that there is not', () => {
  expect(propagationOf('Bidirectional')).toBe('Bidirectional');
  expect(() => propagationOf('Sideways')).toThrow(/^invalid MountPropagation mode: "Sideways"$/);
});

test('1.3 a volume that pods have is not forgotten', () => {
  const plugin = plain();
  const actual = new ActualStateOfWorld(() => {});
  const spec = inlineSpec({ name: 'v', emptyDir: {} }, new PluginRegistry([plugin], rules('all')));
  const volume = actual.markAttached('test/plain/v', plugin, spec);
  const pod = podWith('p', []);
  const mount = { pod, spec, outerNames: ['v'], path: '/v', block: false };
  actual.markMounted(volume, 'uid-p', mount, 0);
  actual.markUncertain(volume, 'uid-q', mount, { now: 0 });
  expect(() => actual.deleteVolume('test/plain/v')).toThrow(
    /^failed to DeleteVolume "test\/plain\/v", it still has 2 mountedPods$/,
  );
  actual.markUnmounted(volume, 'uid-p');
  actual.markUnmounted(volume, 'uid-q');
  actual.deleteVolume('test/plain/v');
  expect(actual.volumes.size).toBe(0);
});

test('2.10 a volume has grown: only where the gate is on, its claim loses how far it was', () => {
  const allocatedResourceStatuses = { storage: 'NodeResizeInProgress', other: 'x' };
  const status = { capacity: { storage: '1Gi' }, allocatedResourceStatuses };
  const left = (recovers: boolean, of: object = status) =>
    markFinished(of, '2Gi', recovers).allocatedResourceStatuses;
  expect(left(true)).toEqual({ other: 'x' });
  expect(left(true, { allocatedResourceStatuses: { storage: 'x' } })).toBe(undefined);
  expect(left(false)).toEqual(allocatedResourceStatuses);
  expect(markFinished(status, '2Gi', false).capacity).toEqual({ storage: '2Gi' });
});
