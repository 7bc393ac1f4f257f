import { expect, test } from 'vitest';
import { OperationError } from '../../src/base/index.ts';
import type { Operation } from '../../src/sim/index.ts';
import { makeRig, podObject, withVolume } from './harness.ts';

/** A Pod with a volume that is deleted while the runtime stops containers in a way of its own. */
function terminating(stop: () => Operation) {
  const rig = makeRig();
  rig.kubelet.start();
  rig.create(podObject('p', withVolume({ emptyDir: {} })));
  rig.settle();
  const { stopContainer, stopPodSandbox } = rig.runtime;
  rig.runtime.stopContainer = stop;
  rig.runtime.stopPodSandbox = function* () {};
  const { uid } = rig.pod('p').metadata;
  rig.store.delete('Pod', 'default', 'p', { gracePeriodSeconds: 1 });
  rig.advance(5);
  return {
    rig,
    mounted: () => rig.kubelet.volumeManager.mountedVolumes(uid).has('v'),
    mend: () => Object.assign(rig.runtime, { stopContainer, stopPodSandbox }),
    told: () => rig.events('p').filter((text) => text.startsWith('FailedKillPod')),
    logged: (text: string) =>
      rig.simulation.trace.records.some(
        (record) => record.type === 'log' && record.message.includes(text),
      ),
  };
}

test.each([
  ['fails: an event', true, 'no answer', ['FailedKillPod: error killing pod: no answer']],
  [
    'lies: a line of the log',
    false,
    'detected running containers after a successful KillPod, CRI violation: [containerd://',
    [],
  ],
])('2.4 stopping a container %s; volumes stay, and it is tried again', (_, fails, text, events) => {
  const { rig, mounted, mend, told, logged } = terminating(function* () {
    if (fails) throw new OperationError(text);
  });
  expect(logged(text)).toBe(true);
  expect(told()).toEqual(events);
  expect(mounted()).toBe(true);
  mend();
  rig.advance(20);
  expect(rig.store.get('Pod', 'default', 'p')).toBeUndefined();
  expect(mounted()).toBe(false);
});
