import { describe, expect, test } from 'vitest';
import { container, containerErrors, mountErrors, podErrors } from './refusals.ts';

const M = '.volumeMounts[0]';
const L = '.volumeMounts';
const privileged = { securityContext: { privileged: true } };

describe('volumeMounts', () => {
  test('V39 name, which is not found either', () => {
    expect(mountErrors({ name: '' })).toEqual([
      `${M}.name: Required value`,
      `${M}.name: Not found: ""`,
    ]);
  });

  test('V40 of a volume of the Pod', () => {
    expect(mountErrors({ name: 'w' })).toEqual([`${M}.name: Not found: "w"`]);
    const containers = [container()];
    const initContainers = [
      { name: 'i', image: 'i', volumeMounts: [{ name: 'w', mountPath: '/w' }] },
    ];
    expect(podErrors({ containers, initContainers })).toEqual([
      'spec.initContainers[0].volumeMounts[0].name: Not found: "w"',
    ]);
  });

  test('V41 mountPath', () => {
    expect(mountErrors({ mountPath: '' })).toEqual([`${M}.mountPath: Required value`]);
  });

  test('V42 each path once', () => {
    const volumeMounts = [
      { name: 'v', mountPath: '/a' },
      { name: 'claim', mountPath: '/a' },
    ];
    expect(containerErrors({ volumeMounts })).toEqual([
      '.volumeMounts[1].mountPath: Invalid value: "/a": must be unique',
    ]);
  });

  test('V42 an empty path twice is told three times', () => {
    const volumeMounts = [
      { name: 'v', mountPath: '' },
      { name: 'v', mountPath: '' },
    ];
    expect(containerErrors({ volumeMounts })).toEqual([
      '.volumeMounts[0].mountPath: Required value',
      '.volumeMounts[1].mountPath: Required value',
      '.volumeMounts[1].mountPath: Invalid value: "": must be unique',
    ]);
  });

  test('V43, V44 a volume is mounted or is a device, and so is a path', () => {
    const volumeDevices = [{ name: 'claim', devicePath: '/x' }];
    const volumeMounts = [{ name: 'claim', mountPath: '/x' }];
    expect(containerErrors({ volumeMounts, volumeDevices })).toEqual([
      `${M}.name: Invalid value: "claim": must not already exist in volumeDevices`,
      `${M}.mountPath: Invalid value: "/x": must not already exist as a path in volumeDevices`,
      '.volumeDevices[0].name: Invalid value: "claim": must not already exist in volumeMounts',
      '.volumeDevices[0].devicePath: Invalid value: "/x": must not already exist as a path in volumeMounts',
    ]);
  });

  test.each(['subPath', 'subPathExpr'])('V45, V47 %s goes down', (field) => {
    expect(mountErrors({ [field]: '/a' })).toEqual([
      `${L}.${field}: Invalid value: "/a": must be a relative path`,
    ]);
    expect(mountErrors({ [field]: 'a/../b' })).toEqual([
      `${L}.${field}: Invalid value: "a/../b": must not contain '..'`,
    ]);
    for (const path of ['.', 'a/', '..a', 'a/..b', 'a//b', './a']) {
      expect(mountErrors({ [field]: path })).toEqual([]);
    }
  });

  test('V46 subPath or subPathExpr', () => {
    expect(mountErrors({ subPath: 'a', subPathExpr: 'b' })).toEqual([
      `${M}.subPathExpr: Invalid value: "b": subPathExpr and subPath are mutually exclusive`,
    ]);
  });

  test('V47 the text is looked at as it is written', () => {
    expect(mountErrors({ subPathExpr: '/$(X)' })).toHaveLength(1);
    expect(mountErrors({ subPathExpr: '$(X)/..' })).toHaveLength(1);
    expect(mountErrors({ subPathExpr: '$(UNKNOWN)/a' })).toEqual([]);
  });

  test('V48 mountPropagation', () => {
    expect(mountErrors({ mountPropagation: 'Shared' }, privileged)).toEqual([
      `${L}.mountPropagation: Unsupported value: "Shared": supported values: "Bidirectional", "HostToContainer", "None"`,
    ]);
    for (const mountPropagation of ['None', 'HostToContainer']) {
      expect(mountErrors({ mountPropagation })).toEqual([]);
    }
  });

  test('V49 Bidirectional is for the privileged', () => {
    const said = [
      `${L}.mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers`,
    ];
    expect(mountErrors({ mountPropagation: 'Bidirectional' })).toEqual(said);
    const not = { securityContext: { privileged: false } };
    expect(mountErrors({ mountPropagation: 'Bidirectional' }, not)).toEqual(said);
    expect(mountErrors({ mountPropagation: 'Bidirectional', subPath: 'a' }, privileged)).toEqual(
      [],
    );
  });

  test.each(['Enabled', 'IfPossible'])('V50, V51 recursiveReadOnly %s', (recursiveReadOnly) => {
    expect(mountErrors({ recursiveReadOnly })).toEqual([
      `${L}.recursiveReadOnly: Forbidden: may only be specified when readOnly is true`,
    ]);
    const readOnly = { recursiveReadOnly, readOnly: true };
    expect(mountErrors({ ...readOnly, mountPropagation: 'HostToContainer' })).toEqual([
      `${L}.recursiveReadOnly: Forbidden: may only be specified when mountPropagation is None or not specified`,
    ]);
    expect(mountErrors({ ...readOnly, mountPropagation: 'None' })).toEqual([]);
    expect(mountErrors(readOnly)).toEqual([]);
  });

  test('V52 recursiveReadOnly is one of three', () => {
    expect(mountErrors({ recursiveReadOnly: 'Yes', readOnly: true })).toEqual([
      `${L}.recursiveReadOnly: Unsupported value: "Yes": supported values: "Disabled", "Enabled", "IfPossible"`,
    ]);
    expect(mountErrors({ recursiveReadOnly: 'Disabled' })).toEqual([]);
  });

  test.each([
    'data',
    '/a/../b',
    '/',
    'C:\\etc\\foo',
    'C:/etc/foo',
    'F:',
    '/cache',
    '/a:b',
    '\\x',
    '//a',
    '/etc/hosts',
  ])('any mountPath that is not empty is accepted: %s', (mountPath) => {
    expect(mountErrors({ mountPath })).toEqual([]);
  });

  test('/a, /a/ and //a are three paths, and a volume is mounted as often as one likes', () => {
    const volumeMounts = ['/a', '/a/', '//a', '/a/b'].map((mountPath) => ({
      name: 'v',
      mountPath,
    }));
    expect(containerErrors({ volumeMounts })).toEqual([]);
  });
});

const D = '.volumeDevices[0]';
const device = (fields: object, more: object = {}): string[] =>
  containerErrors({ volumeDevices: [{ name: 'claim', devicePath: '/dev/x', ...fields }], ...more });

describe('volumeDevices', () => {
  test('V55 name, which is not found either', () => {
    expect(device({ name: '' })).toEqual([`${D}.name: Required value`, `${D}.name: Not found: ""`]);
  });

  test('V56 each volume once', () => {
    const volumeDevices = ['/a', '/b'].map((devicePath) => ({ name: 'claim', devicePath }));
    expect(containerErrors({ volumeDevices })).toEqual([
      '.volumeDevices[1].name: Invalid value: "claim": must be unique',
    ]);
  });

  test('V57 claims only', () => {
    expect(device({ name: 'v' })).toEqual([
      `${D}.name: Invalid value: "v": can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode`,
    ]);
  });

  test('V58 of a volume of the Pod', () => {
    expect(device({ name: 'w' })).toEqual([`${D}.name: Not found: "w"`]);
  });

  test('V59 devicePath, each once', () => {
    expect(device({ devicePath: '' })).toEqual([`${D}.devicePath: Required value`]);
    const volumeDevices = ['claim', 'w'].map((name) => ({ name, devicePath: '/x' }));
    expect(containerErrors({ volumeDevices })).toEqual([
      '.volumeDevices[1].name: Not found: "w"',
      '.volumeDevices[1].devicePath: Invalid value: "/x": must be unique',
    ]);
  });

  test('V60 no ..', () => {
    expect(device({ devicePath: '/dev/../x' })).toEqual([
      `${D}.devicePath: Invalid value: "/dev/../x": can not contain backsteps ('..')`,
    ]);
  });

  test('V61 nothing that is mounted', () => {
    const volumeMounts = [{ name: 'v', mountPath: '/dev/x' }];
    expect(device({}, { volumeMounts })).toEqual([
      '.volumeMounts[0].mountPath: Invalid value: "/dev/x": must not already exist as a path in volumeDevices',
      `${D}.devicePath: Invalid value: "/dev/x": must not already exist as a path in volumeMounts`,
    ]);
  });

  test('V62 none for a Pod with users of its own', () => {
    const volumes = [{ name: 'claim', persistentVolumeClaim: { claimName: 'd' } }];
    const containers = [container({ volumeDevices: [{ name: 'claim', devicePath: '/dev/x' }] })];
    expect(podErrors({ volumes, containers, hostUsers: false })).toEqual([
      'spec.containers[0].volumeDevices: Forbidden: when `hostUsers` is false',
    ]);
    expect(podErrors({ volumes, containers, hostUsers: true })).toEqual([]);
  });
});
