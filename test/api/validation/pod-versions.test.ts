import { describe, expect, test } from 'vitest';
import { container, containerErrors, mountErrors, podErrors, volumeErrors } from './refusals.ts';

/** Section 13: what other versions say. */

describe('13.1 mountPath', () => {
  const said = (mountPath: string, version: string): string[] =>
    mountErrors({ mountPath }, {}, { version });
  const absolute = (path: string): string[] => [
    `.volumeMounts[0].mountPath: Invalid value: "${path}": must be an absolute path`,
  ];

  test.each(['1.5', '1.7', '1.9', '1.37'])('%s takes any', (version) => {
    for (const path of ['data', 'a:b', 'C:\\x']) expect(said(path, version)).toEqual([]);
  });

  test('1.8 takes absolute ones, and letters of drives', () => {
    expect(said('data', '1.8.4')).toEqual(absolute('data'));
    expect(said('C:\\etc\\foo', '1.8')).toEqual([]);
    expect(said('/data', '1.8')).toEqual([]);
    expect(said('', '1.8')).toEqual(['.volumeMounts[0].mountPath: Required value']);
  });
});

describe('13.2 mountPropagation', () => {
  const privileged = { securityContext: { privileged: true } };
  const said = (mountPropagation: string, version: string, on?: boolean): string[] => {
    const gates = on === undefined ? {} : { gates: { MountPropagation: on } };
    return mountErrors({ mountPropagation }, privileged, { version, ...gates });
  };
  const disabled = [
    '.volumeMounts.mountPropagation: Forbidden: mount propagation is disabled by feature-gate',
  ];

  test('1.7 does not know it', () => {
    expect(() => said('None', '1.7')).toThrow(
      'strict decoding error: unknown field "spec.containers[0].volumeMounts[0].mountPropagation"',
    );
  });

  test.each(['1.8', '1.9'])('%s has it off', (version) => {
    expect(said('HostToContainer', version)).toEqual(disabled);
    expect(said('HostToContainer', version, true)).toEqual([]);
  });

  test('None is none of the values before 1.11', () => {
    expect(said('None', '1.8', true)).toEqual([
      '.volumeMounts.mountPropagation: Unsupported value: "None": supported values: Bidirectional, HostToContainer',
    ]);
    expect(said('None', '1.10')).toEqual([
      '.volumeMounts.mountPropagation: Unsupported value: "None": supported values: "Bidirectional", "HostToContainer"',
    ]);
    expect(said('None', '1.11')).toEqual([]);
  });

  test('the gate can be turned off until 1.12', () => {
    expect(said('None', '1.11', false)).toEqual(disabled);
    expect(said('None', '1.12', false)).toEqual(disabled);
    expect(said('None', '1.13', false)).toEqual([]);
  });
});

describe('13.3 other differences', () => {
  test('values are quoted from 1.9 on', () => {
    const hostPath = { path: '/a', type: 'x' };
    const values = [
      '',
      'BlockDevice',
      'CharDevice',
      'Directory',
      'DirectoryOrCreate',
      'File',
      'FileOrCreate',
      'Socket',
    ];
    const said = '.hostPath.type: Unsupported value: "x": supported values: ';
    expect(volumeErrors({ hostPath }, { version: '1.8' })).toEqual([`${said}${values.join(', ')}`]);
    expect(volumeErrors({ hostPath }, { version: '1.9' })).toEqual([
      `${said}${values.map((value) => `"${value}"`).join(', ')}`,
    ]);
  });

  test('what is too long is told in three ways', () => {
    const csi = { driver: 'd'.repeat(64) };
    const at = (version: string): string[] => volumeErrors({ csi }, { version });
    expect(at('1.18')).toEqual(['.csi.driver: Too long: must have at most 63 characters']);
    expect(at('1.31')).toEqual(['.csi.driver: Too long: must have at most 63 bytes']);
    expect(at('1.32')).toEqual(['.csi.driver: Too long: may not be more than 63 bytes']);
  });

  test('a mount without a name is not looked for until 1.8', () => {
    expect(mountErrors({ name: '' }, {}, { version: '1.8' })).toEqual([
      '.volumeMounts[0].name: Required value',
    ]);
  });

  test('hostPath, fc and iscsi are looked at from 1.8 on', () => {
    const old = { version: '1.7' };
    expect(volumeErrors({ hostPath: { path: '/a/../b' } }, old)).toEqual([]);
    expect(() => volumeErrors({ hostPath: { path: '/a', type: 'x' } }, old)).toThrow(
      'unknown field',
    );
    expect(volumeErrors({ iscsi: { targetPortal: 'p', iqn: 'x', lun: 0 } }, old)).toEqual([]);
    expect(
      volumeErrors({ iscsi: { targetPortal: 'p', iqn: 'x', lun: 0 } }, { version: '1.8' }),
    ).toHaveLength(1);
    expect(volumeErrors({ fc: { wwids: ['a'] } }, old)).toEqual(['.fc.targetWWNs: Required value']);
  });

  test('emptyDir: sizeLimit and huge pages by their gates', () => {
    const limited = { emptyDir: { sizeLimit: '1Gi' } };
    const disabled =
      '.emptyDir.sizeLimit: Forbidden: SizeLimit field disabled by feature-gate for EmptyDir volumes';
    expect(() => volumeErrors(limited, { version: '1.6' })).toThrow('unknown field');
    expect(volumeErrors(limited, { version: '1.9' })).toEqual([disabled]);
    expect(volumeErrors({ emptyDir: { sizeLimit: '0' } }, { version: '1.9' })).toEqual([]);
    expect(volumeErrors(limited, { version: '1.10' })).toEqual([]);
    const off = { gates: { LocalStorageCapacityIsolation: false } };
    expect(volumeErrors(limited, { version: '1.12', ...off })).toEqual([disabled]);
    expect(volumeErrors(limited, { version: '1.13', ...off })).toEqual([]);
    const huge = { emptyDir: { medium: 'HugePages' } };
    expect(volumeErrors(huge, { version: '1.8' })).toEqual([
      '.emptyDir.medium: Forbidden: HugePages medium is disabled by feature-gate for EmptyDir volumes',
    ]);
    expect(volumeErrors(huge, { version: '1.10' })).toEqual([]);
  });

  test('volumeDevices by their gate: refused, later dropped', () => {
    const fields = { volumeDevices: [{ name: 'claim', devicePath: '/x' }] };
    const disabled = [
      '.volumeDevices: Forbidden: Container volumeDevices is disabled by feature-gate',
    ];
    expect(containerErrors(fields, { version: '1.12' })).toEqual(disabled);
    expect(containerErrors(fields, { version: '1.12', gates: { BlockVolume: true } })).toEqual([]);
    expect(containerErrors(fields, { version: '1.13', gates: { BlockVolume: false } })).toEqual([]);
    const wrong = { volumeDevices: [{ name: 'v', devicePath: '/x' }] };
    expect(containerErrors(wrong, { version: '1.22' })).toEqual([
      '.volumeDevices[0].name: Invalid value: "v": can only use volume source type of PersistentVolumeClaim for block mode',
    ]);
  });

  test('subPath by its gate', () => {
    const off = { gates: { VolumeSubpath: false } };
    expect(mountErrors({ subPath: 'a' }, {}, { version: '1.10', ...off })).toEqual([
      '.volumeMounts.subPath: Forbidden: subPath is disabled by feature-gate',
    ]);
    expect(mountErrors({ subPath: '/a' }, {}, { version: '1.13', ...off })).toEqual([]);
  });

  test('subPathExpr came in 1.14, turned off', () => {
    expect(() => mountErrors({ subPathExpr: 'a' }, {}, { version: '1.13' })).toThrow(
      'unknown field',
    );
    expect(mountErrors({ subPathExpr: '/a' }, {}, { version: '1.14' })).toEqual([]);
    expect(mountErrors({ subPathExpr: '/a' }, {}, { version: '1.15' })).toHaveLength(1);
  });

  test('tokens came in 1.11, turned off', () => {
    const volume = { projected: { sources: [{ serviceAccountToken: { path: 't' } }] } };
    expect(() => volumeErrors(volume, { version: '1.10' })).toThrow('unknown field');
    expect(volumeErrors(volume, { version: '1.11' })).toEqual([
      '.projected.sources[0].serviceAccountToken: Forbidden: TokenRequestProjection feature is not enabled',
    ]);
    expect(volumeErrors(volume, { version: '1.12' })).toEqual([]);
  });

  test('inline CSI came in 1.15, turned off', () => {
    const volume = { csi: { driver: 'd.example.com' } };
    expect(() => volumeErrors(volume, { version: '1.14' })).toThrow('unknown field');
    expect(volumeErrors(volume, { version: '1.15' })).toEqual([
      'Required value: must specify a volume type',
    ]);
    expect(volumeErrors(volume, { version: '1.16' })).toEqual([]);
  });

  test('images had no subPath at first', () => {
    const said = (version: string): string[] => {
      const volumes = [{ name: 'v', image: { reference: 'r' } }];
      const volumeMounts = [{ name: 'v', mountPath: '/v', subPath: 'a' }];
      const gates = { ImageVolume: true };
      return podErrors({ volumes, containers: [container({ volumeMounts })] }, { version, gates });
    };
    expect(said('1.32')).toEqual([
      'spec.containers[0].volumeMounts[0].subPath: Invalid value: "a": not allowed in image volume sources',
    ]);
    expect(said('1.33')).toEqual([]);
  });

  test('SCTP came in 1.12', () => {
    const ports = [{ containerPort: 80, protocol: 'tcp' }];
    expect(containerErrors({ ports }, { version: '1.11' })).toEqual([
      '.ports[0].protocol: Unsupported value: "tcp": supported values: "TCP", "UDP"',
    ]);
    expect(containerErrors({ ports })).toEqual([
      '.ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"',
    ]);
  });

  test('variables may have odd names from 1.32 on', () => {
    const env = [{ name: '1 a' }];
    expect(containerErrors({ env }, { version: '1.31' })[0]).toMatch(
      '.env[0].name: Invalid value: "1 a": a valid environment variable name must consist of alphabetic characters, digits',
    );
    expect(containerErrors({ env }, { version: '1.32' })).toEqual([]);
    expect(containerErrors({ env: [{ name: 'a=b' }] })).toHaveLength(1);
  });
});
