import { describe, expect, test } from 'vitest';
import { SimulationError } from '../../../src/base/index.ts';
import type { VolumePlugin } from '../../../src/plugin/index.ts';
import { attachable, claim, plain, podWith, Scene } from './harness.ts';

const promise = () => Promise.resolve() as never;

function setUp(plugin: VolumePlugin, ownAttach = false): Scene {
  const scene = new Scene([plugin], { enableControllerAttachDetach: !ownAttach }).start();
  const inline = plugin.source === 'emptyDir';
  scene.add(podWith('p', inline ? [{ name: 'v', emptyDir: {} }] : [claim(scene, 'c')]));
  return scene;
}

describe('a plugin that gives a Promise is a SimulationError that names the method', () => {
  const { attacher, deviceMounter } = attachable();
  test.each<[string, VolumePlugin]>([
    ['test/plain.setUp', plain({ setUp: promise })],
    ['test/device.attacher.attach', attachable({ attacher: { ...attacher!, attach: promise } })],
    [
      'test/device.attacher.waitForAttach',
      attachable({ attacher: { ...attacher!, waitForAttach: promise } }),
    ],
    [
      'test/device.deviceMounter.mountDevice',
      attachable({ deviceMounter: { ...deviceMounter!, mountDevice: promise } }),
    ],
  ])('%s', (method, plugin) => {
    const scene = setUp(plugin, true);
    expect(() => scene.settle()).toThrow(SimulationError);
    const again = setUp(plugin, true);
    expect(() => again.settle()).toThrow(`${method} returned a Promise`);
  });

  test('test/plain.tearDown', () => {
    const scene = setUp(plain({ tearDown: promise }));
    scene.settle();
    scene.end('uid-p');
    expect(() => scene.settle()).toThrow('test/plain.tearDown returned a Promise');
  });
});

test('a plugin of plain functions will do', () => {
  const plugin = plain({
    setUp: (({ dir }: Parameters<VolumePlugin['setUp']>[0]) =>
      void dir.base.mkdirAll(dir.name, 0o750)) as never,
  });
  const scene = setUp(plugin);
  scene.settle();
  expect(scene.calls()).toEqual(['SetUp v']);
});

test('K58 any other throw of a plugin is an error like others, and a panic in the trace', () => {
  const scene = setUp(
    plain({
      setUp: () => {
        throw new TypeError('no such field');
      },
    }),
  );
  scene.settle();
  expect(scene.records('panic')).toMatchObject([{ error: 'no such field' }]);
  expect(scene.calls()).toEqual(['SetUp v failed']);
  scene.simulation.advance(500);
  expect(scene.calls()).toEqual(['SetUp v failed', 'SetUp v failed']);
});
