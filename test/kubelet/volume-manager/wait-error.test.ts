import { expect, test } from 'vitest';
import { createVersionRules } from '../../../src/api/index.ts';
import { unmountedError } from '../../../src/kubelet/volume-manager/wait-error.ts';
import { claim, device, podWith, Scene } from './harness.ts';

const VOLUMES = { unmounted: ['v'], unattached: [], unprocessed: ['v'], all: ['a', 'v'] };

test.each([
  [
    '1.9',
    'timeout expired waiting for volumes to attach/mount for pod "default"/"p". list of unattached/unmounted volumes=[v]',
    'Timeout',
  ],
  [
    '1.13',
    'timeout expired waiting for volumes to attach or mount for pod "default"/"p". list of unmounted volumes=[v]. list of unattached volumes=[a v]',
    'Timeout',
  ],
  [
    '1.20',
    'unmounted volumes=[v], unattached volumes=[a v]: timed out waiting for the condition',
    'Timeout',
  ],
  [
    '1.26',
    'unmounted volumes=[v], unattached volumes=[], failed to process volumes=[v]: timed out waiting for the condition',
    'Timeout',
  ],
  [
    '1.30',
    'unmounted volumes=[v], unattached volumes=[], failed to process volumes=[v]: context deadline exceeded',
    'DeadlineExceeded',
  ],
])('a timeout in the words of %s', (version, message, code) => {
  const error = unmountedError(createVersionRules(version), podWith('p', []), VOLUMES, undefined);
  expect(error).toMatchObject({ message, code });
});

test('one claim under two names is one volume, and both names have it', () => {
  const scene = new Scene([device()]).start();
  const volume = claim(scene, 'c');
  const pod = podWith('p', [volume, { ...volume, name: 'w' }]);
  scene.add(pod);
  scene.settle();
  expect([...scene.manager.mountedVolumes('uid-p').keys()]).toEqual(['v', 'w']);
  expect(scene.manager.states(pod).map(({ state }) => state)).toEqual(['mounted', 'mounted']);
  expect(scene.calls()).toEqual(['MountDevice pv-c', 'SetUp pv-c']);
});
