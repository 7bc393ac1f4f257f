import { expect, test } from 'vitest';
import type { VolumeContext } from '../../../src/plugin/index.ts';
import { plain, podWith, Scene } from './harness.ts';

/** What the plugin gets for a Pod with these fields. */
function seen(spec: object, volume: object = { emptyDir: {} }): VolumeContext {
  let context: VolumeContext | undefined;
  const plugin = plain({
    localEphemeral: () => true,
    *setUp(one) {
      context = one;
    },
  });
  const scene = new Scene([plugin]).start();
  const pod = podWith('p', [{ name: 'v', ...volume }]);
  scene.add({ ...pod, spec: { ...pod.spec, ...spec } });
  scene.settle();
  if (!context) throw new Error('SetUp was not called');
  return context;
}

const container = (fields: object) => ({
  name: 'c',
  image: 'i',
  volumeMounts: [{ name: 'v', mountPath: '/v' }],
  ...fields,
});

test('fsGroup and its policy are those of the Pod', () => {
  const securityContext = { fsGroup: 2000, fsGroupChangePolicy: 'OnRootMismatch' };
  const { fsGroup, fsGroupChangePolicy } = seen({ securityContext });
  expect({ fsGroup, fsGroupChangePolicy }).toEqual(securityContext);
  expect(seen({}).fsGroup).toBeUndefined();
});

test('fsUser is there when all containers run as the same', () => {
  const as = (runAsUser: number) => container({ securityContext: { runAsUser } });
  expect(seen({ containers: [as(1000)] }).fsUser).toBe(1000);
  expect(seen({ containers: [as(1000), as(1001)] }).fsUser).toBeUndefined();
  expect(seen({ containers: [as(1000), container({})] }).fsUser).toBeUndefined();
  const securityContext = { runAsUser: 1000 };
  expect(seen({ securityContext, containers: [as(1000), container({})] }).fsUser).toBe(1000);
  expect(seen({ securityContext, initContainers: [as(5)] }).fsUser).toBeUndefined();
});

test('the size limit is the lower of the volume and the Pod', () => {
  const limited = (size: string) =>
    container({ resources: { limits: { 'ephemeral-storage': size } } });
  const own = (sizeLimit: string) => ({ emptyDir: { sizeLimit } });
  expect(seen({}).desiredSizeLimit).toBeUndefined();
  expect(seen({}, own('5k')).desiredSizeLimit).toBe(5000);
  expect(seen({ containers: [limited('2k'), limited('1k')] }).desiredSizeLimit).toBe(3000);
  expect(seen({ containers: [limited('2k')] }, own('5k')).desiredSizeLimit).toBe(2000);
  expect(seen({ containers: [limited('9k')] }, own('5k')).desiredSizeLimit).toBe(5000);
});
