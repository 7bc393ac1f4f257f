import { describe, expect, test } from 'vitest';
import type { Pod } from '../../../src/api/index.ts';
import {
  container,
  containerErrors,
  LABEL,
  mountErrors,
  pod,
  podErrors,
  refusals,
  server,
  updateErrors,
  volumeErrors,
} from './refusals.ts';

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

  test('1.7 does not know it', () => {
    expect(() => said('None', '1.7')).toThrow(
      'strict decoding error: unknown field "spec.containers[0].volumeMounts[0].mountPropagation"',
    );
  });

  test.each(['1.8', '1.9'])('%s has it off, and drops it', (version) => {
    const mounts = (gates: Readonly<Record<string, boolean>>): unknown => {
      const volumeMounts = [{ name: 'v', mountPath: '/v', mountPropagation: 'HostToContainer' }];
      const volumes = [{ name: 'v', emptyDir: {} }];
      const spec = { volumes, containers: [container({ volumeMounts })] };
      const [made] = server({ version, gates }).create(pod(spec));
      return (made as unknown as Pod).spec.containers[0]?.volumeMounts?.[0]?.mountPropagation;
    };
    expect(mounts({})).toBeUndefined();
    expect(mounts({ MountPropagation: true })).toBe('HostToContainer');
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
    expect(said('x', '1.12', false)).toEqual([]);
    expect(said('x', '1.12')).toHaveLength(1);
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
    expect(volumeErrors(limited, { version: '1.7' })).toEqual([disabled]);
    expect(volumeErrors({ emptyDir: { sizeLimit: '0' } }, { version: '1.7' })).toEqual([]);
    // From 1.8 on it is dropped.
    const negative = { emptyDir: { sizeLimit: '-1' } };
    expect(volumeErrors(negative, { version: '1.9' })).toEqual([]);
    expect(volumeErrors(negative, { version: '1.10' })).toHaveLength(1);
    const huge = { emptyDir: { medium: 'HugePages' } };
    expect(volumeErrors(huge, { version: '1.8' })).toEqual([
      '.emptyDir.medium: Forbidden: HugePages medium is disabled by feature-gate for EmptyDir volumes',
    ]);
    expect(volumeErrors(huge, { version: '1.10' })).toEqual([]);
    expect(volumeErrors(huge, { version: '1.13', gates: { HugePages: false } })).toHaveLength(1);
  });

  test('what is asked of local storage is refused by its gate until 1.13', () => {
    const limits = { cpu: '1', 'ephemeral-storage': '1Gi', 'hugepages-2Mi': '2Mi' };
    const said = (version: string, gates = {}): string[] =>
      containerErrors({ resources: { limits } }, { version, gates });
    const off = { LocalStorageCapacityIsolation: false, HugePages: false };
    const texts = ['ResourceEphemeralStorage', 'hugepages-2Mi'].map(
      (name) =>
        `.resources.limits: Forbidden: ${name} field disabled by feature-gate for ResourceRequirements`,
    );
    expect(said('1.9')).toEqual(texts);
    expect(said('1.10')).toEqual([]);
    expect(said('1.13', off)).toEqual(texts);
    expect(said('1.14', off)).toEqual([]);
    const resourceFieldRef = { containerName: 'c', resource: 'limits.ephemeral-storage' };
    const downwardAPI = { items: [{ path: 'a', resourceFieldRef }] };
    expect(volumeErrors({ downwardAPI }, { version: '1.9' })).toEqual([
      ".downwardAPI.resourceFieldRef: Forbidden: Containers' ephemeral storage requests/limits disabled by feature-gate for Downward API",
    ]);
    const hard = { 'requests.ephemeral-storage': '1Gi' };
    const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q' } };
    expect(refusals(() => server({ version: '1.9' }).create({ ...quota, spec: { hard } }))).toEqual(
      [
        'spec.hard[requests.ephemeral-storage]: Forbidden: ResourceEphemeralStorage field disabled by feature-gate for ResourceQuota',
      ],
    );
    const spec = { limits: [{ type: 'Pod', max: { 'ephemeral-storage': '1Gi' } }] };
    const range = { apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'l' }, spec };
    expect(refusals(() => server({ version: '1.9' }).create(range))).toEqual([
      'spec.limits[0].max[ephemeral-storage]: Forbidden: ResourceEphemeralStorage field disabled by feature-gate for Resource LimitRange',
    ]);
  });

  test('volumeDevices are dropped by their gate', () => {
    const wrong = { volumeDevices: [{ name: 'v', devicePath: '/x' }] };
    expect(containerErrors(wrong, { version: '1.12' })).toEqual([]);
    expect(containerErrors(wrong, { version: '1.12', gates: { BlockVolume: true } })).toHaveLength(
      1,
    );
    expect(containerErrors(wrong, { version: '1.13', gates: { BlockVolume: false } })).toEqual([]);
    expect(containerErrors(wrong, { version: '1.22' })).toEqual([
      '.volumeDevices[0].name: Invalid value: "v": can only use volume source type of PersistentVolumeClaim for block mode',
    ]);
  });

  test('subPath by its gate', () => {
    const off = { gates: { VolumeSubpath: false } };
    expect(mountErrors({ subPath: 'a' }, {}, { version: '1.10', ...off })).toEqual([
      '.volumeMounts.subPath: Forbidden: subPath is disabled by feature-gate',
    ]);
    expect(mountErrors({ subPath: '/a' }, {}, { version: '1.13', ...off })).toHaveLength(1);
    expect(mountErrors({ subPath: '/a' }, {}, { version: '1.14', ...off })).toEqual([]);
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
    const off = { gates: { TokenRequestProjection: false } };
    expect(volumeErrors(volume, { version: '1.13', ...off })).toHaveLength(1);
    expect(volumeErrors(volume, { version: '1.14', ...off })).toEqual([]);
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

  test('what of a Pod may change is told in several ways', () => {
    const said = (version: string): string | undefined => {
      const change = ({ spec }: Pod): void => void (spec.schedulerName = 'other');
      return updateErrors({ nodeName: 'n' }, change, { version })[0];
    };
    const start =
      'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`';
    const tolerations = '`spec.tolerations` (only additions to existing tolerations)';
    const grace =
      '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
    const init = '`spec.initContainers[*].image`';
    const difference = '\n- schedulerName: "default-scheduler"\n+ schedulerName: "other"';
    const old = `${start}, ${init}, \`spec.activeDeadlineSeconds\``;
    expect(said('1.7')).toBe(`${old} or ${tolerations}`);
    expect(said('1.21')).toBe(`${old} or ${tolerations}${difference}`);
    expect(said('1.26')).toBe(`${old}, ${tolerations} or ${grace}${difference}`);
    expect(said('1.27')).toBe(
      `${start},${init},\`spec.activeDeadlineSeconds\`,${tolerations},${grace}${difference}`,
    );
  });

  test('init containers have no probes', () => {
    const initContainers = [{ ...container({ name: 'i' }), lifecycle: {} }];
    const said = (version: string): string[] => podErrors({ initContainers }, { version });
    const field = 'spec.initContainers[0].lifecycle';
    expect(said('1.24')).toEqual([
      `${field}: Invalid value: {}: must not be set for init containers`,
    ]);
    expect(said('1.25')).toEqual([`${field}: Forbidden: may not be set for init containers`]);
    expect(said('1.28')).toEqual([
      `${field}: Forbidden: may not be set for init containers without restartPolicy=Always`,
    ]);
  });

  test("terminationMessagePolicy, and ports in the node's network", () => {
    const policy = { terminationMessagePolicy: 'x' };
    expect(containerErrors(policy, { version: '1.24' })).toEqual([
      ".terminationMessagePolicy: Invalid value: \"x\": must be 'File' or 'FallbackToLogsOnError'",
    ]);
    expect(containerErrors(policy, { version: '1.25' })).toEqual([
      '.terminationMessagePolicy: Unsupported value: "x": supported values: "File", "FallbackToLogsOnError"',
    ]);
    const ports = [{ containerPort: 80, hostPort: 81 }];
    const spec = { hostNetwork: true, containers: [container({ ports })] };
    const field = 'spec.containers[0].ports[0]';
    expect(podErrors(spec, { version: '1.27' })).toEqual([
      `${field}.containerPort: Invalid value: 80: must match \`hostPort\` when \`hostNetwork\` is true`,
    ]);
    expect(podErrors(spec, { version: '1.28' })).toEqual([
      `${field}.hostPort: Invalid value: 81: must match \`containerPort\` when \`hostNetwork\` is true`,
    ]);
  });

  test('a request above its limit, and metadata of a claim that is made', () => {
    const resources = { requests: { cpu: '2' }, limits: { cpu: '1' } };
    const field =
      '.resources.requests: Invalid value: "2": must be less than or equal to cpu limit';
    expect(containerErrors({ resources }, { version: '1.26' })).toEqual([field]);
    expect(containerErrors({ resources }, { version: '1.27' })).toEqual([`${field} of 1`]);
    const claim = {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1' } },
    };
    const volumeClaimTemplate = { metadata: { name: 'x' }, spec: claim };
    const volume = { ephemeral: { volumeClaimTemplate } };
    const name = '.ephemeral.volumeClaimTemplate.metadata.name: Forbidden: cannot be set';
    expect(volumeErrors(volume, { version: '1.25' })).toEqual([`${name} for an ephemeral volume`]);
    expect(volumeErrors(volume, { version: '1.26' })).toEqual([name]);
  });

  test('users of its own are dropped until their gate is on', () => {
    const spec = { hostUsers: false, hostPID: true };
    expect(podErrors(spec, { version: '1.9' })).toEqual([]);
    expect(podErrors(spec, { version: '1.32' })).toEqual([]);
    expect(podErrors(spec, { version: '1.33' })).toEqual([
      'spec.HostPID: Forbidden: when `pod.Spec.HostUsers` is false',
    ]);
  });

  test('names are told in four ways', () => {
    const said = (name: string, version: string): string[] =>
      podErrors({ containers: [container({ name })] }, { version });
    const field = 'spec.containers[0].name: Invalid value:';
    const label = (start: string): string => LABEL.replace('a lowercase RFC 1123', start);
    expect(said('A', '1.5')).toEqual([
      `${field} "A": must match the regex [a-z0-9]([-a-z0-9]*[a-z0-9])? (e.g. 'my-name' or '123-abc')`,
    ]);
    expect(said('A', '1.19')).toEqual([`${field} "A": ${label('a DNS-1123')}`]);
    expect(said('A', '1.20')).toEqual([`${field} "A": ${LABEL}`]);
    expect(said('a.b', '1.26')).toEqual([`${field} "a.b": ${LABEL}`]);
    expect(said('a.b', '1.27')).toEqual([`${field} "a.b": must not contain dots`]);
    const labels = { 'a/b/c': '' };
    const name = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
    const create = (version: string) =>
      refusals(() => server({ version }).create(pod({}, { labels })));
    expect(create('1.5')).toEqual([
      `metadata.labels: Invalid value: "a/b/c": a qualified name must match the regex ${name} (e.g. 'MyName' or 'my.name' or '123-abc') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]);
  });

  test('so are owners', () => {
    const owner = { apiVersion: 'v1', kind: 'Pod', name: '', uid: 'u' };
    const said = (version: string, ...ownerReferences: object[]): string[] =>
      refusals(() => server({ version }).create(pod({}, { ownerReferences })));
    const field = 'metadata.ownerReferences';
    expect(said('1.33', owner)).toEqual([
      `${field}.name: Invalid value: "": name must not be empty`,
    ]);
    expect(said('1.34', owner)).toEqual([`${field}.name: Invalid value: "": must not be empty`]);
    const controllers = ['x', 'y'].map((name) => ({ ...owner, name, controller: true }));
    expect(said('1.25', ...controllers)[0]).toMatch(/ in references for Pod\/x and y$/);
    expect(said('1.26', ...controllers)[0]).toMatch(/ in references for Pod\/x and Pod\/y$/);
    expect(said('1.35', { ...owner, name: 'e', kind: 'Event' })[0]).toMatch(
      /: \/v1, Kind=Event is disallowed from being an owner$/,
    );
  });
});
