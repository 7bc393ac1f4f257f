import { describe, expect, test } from 'vitest';
import { LABEL, pod, podErrors, refusals, server, volumeErrors } from './refusals.ts';

const empty = { emptyDir: {} };
const MANY = 'Forbidden: may not specify more than 1 volume type';
const claimed = (template = {}): object => ({
  ephemeral: {
    volumeClaimTemplate: {
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      ...template,
    },
  },
});

describe('the list of volumes', () => {
  test('V1 a volume has a name', () => {
    expect(volumeErrors({ name: '', ...empty })).toEqual(['.name: Required value']);
    expect(volumeErrors({ name: undefined, ...empty })).toEqual(['.name: Required value']);
  });

  test.each([
    ['Data', `.name: Invalid value: "Data": ${LABEL}`],
    ['a.b', '.name: Invalid value: "a.b": must not contain dots'],
    [
      'a'.repeat(64),
      `.name: Invalid value: "${'a'.repeat(64)}": must be no more than 63 characters`,
    ],
  ])('V2 a name is a DNS label: %s', (name, said) => {
    expect(volumeErrors({ name, ...empty })).toEqual([said]);
  });

  test('V2 a name of 63 characters is fine', () => {
    expect(volumeErrors({ name: 'a'.repeat(63), ...empty })).toEqual([]);
  });

  test('V3 two volumes do not have the same name', () => {
    const volumes = [
      { name: 'data', ...empty },
      { name: 'data', ...empty },
    ];
    expect(podErrors({ volumes })).toEqual(['spec.volumes[1].name: Duplicate value: "data"']);
  });

  test('V3 a volume that is wrong keeps its name free, and a mount of it finds nothing', () => {
    const volumes = [
      { name: 'data', hostPath: { path: '' } },
      { name: 'data', ...empty },
    ];
    expect(podErrors({ volumes })).toEqual(['spec.volumes[0].hostPath.path: Required value']);
    const containers = [
      { name: 'c', image: 'i', volumeMounts: [{ name: 'data', mountPath: '/data' }] },
    ];
    expect(podErrors({ volumes: volumes.slice(0, 1), containers })).toEqual([
      'spec.volumes[0].hostPath.path: Required value',
      'spec.containers[0].volumeMounts[0].name: Not found: "data"',
    ]);
  });

  test('V4 a source that is dropped leaves a volume without one', () => {
    const rules = { version: '1.15' };
    expect(volumeErrors({ csi: { driver: 'd.example.com' } }, rules)).toEqual([
      'Required value: must specify a volume type',
    ]);
  });

  test('V4 without a source at all it is an emptyDir', () => {
    expect(volumeErrors({})).toEqual([]);
  });

  test('V5 one source only; what is in the others is not looked at', () => {
    const volume = { emptyDir: {}, hostPath: { path: '' }, secret: {} };
    expect(volumeErrors(volume)).toEqual([`.hostPath: ${MANY}`, `.secret: ${MANY}`]);
  });

  test('V5 the first in upstream’s order counts, not in the manifest’s', () => {
    expect(volumeErrors({ image: {}, emptyDir: {} })).toEqual([`.image: ${MANY}`]);
  });

  test.each([
    ['cephfs', '.cephFS'],
    ['downwardAPI', '.downwarAPI'],
    ['gcePersistentDisk', '.gcePersistentDisk'],
  ])('V5 names %s %s', (type, field) => {
    expect(volumeErrors({ emptyDir: {}, [type]: {} })).toEqual([`${field}: ${MANY}`]);
  });

  test('V6 nobody else names the claim of an ephemeral volume', () => {
    const volumes = [
      { name: 'scratch', ...claimed() },
      { name: 'other', persistentVolumeClaim: { claimName: 'p-scratch' } },
      { name: 'Wrong', ...empty },
    ];
    expect(podErrors({ volumes })).toEqual([
      'spec.volumes[1].persistentVolumeClaim.claimName: Invalid value: "p-scratch": must not reference a PVC that gets created for an ephemeral volume',
      `spec.volumes[2].name: Invalid value: "Wrong": ${LABEL}`,
    ]);
  });

  test('V7 the claim of an ephemeral volume can have its name', () => {
    const [podName, name] = ['p'.repeat(200), 'v'.repeat(60)];
    const manifest = pod({ volumes: [{ name, ...claimed() }] }, { name: podName });
    expect(refusals(() => server().create(manifest))).toEqual([
      `spec.volumes[0].name: Invalid value: "${name}": PVC name "${podName}-${name}": must be no more than 253 characters`,
    ]);
  });

  test('errors come in order: of the source, of the name', () => {
    expect(volumeErrors({ name: 'V', nfs: { path: 'x' } })).toEqual([
      '.nfs.server: Required value',
      '.nfs.path: Invalid value: "x": must be an absolute path',
      `.name: Invalid value: "V": ${LABEL}`,
    ]);
  });

  test('all of them make one message', () => {
    const manifest = pod({ volumes: [{ name: 'v', nfs: { path: 'x' } }] });
    expect(() => server().create(manifest)).toThrow(
      'Pod "p" is invalid: [spec.volumes[0].nfs.server: Required value, spec.volumes[0].nfs.path: Invalid value: "x": must be an absolute path]',
    );
  });
});

describe('templates', () => {
  const template = (spec: object): object => ({
    apiVersion: 'v1',
    kind: 'PodTemplate',
    metadata: { name: 't' },
    template: { spec: { containers: [{ name: 'c', image: ' i' }], ...spec } },
  });

  test('defaults and drops reach them as they do Pods', () => {
    const api = server({ version: '1.30' });
    const spec = {
      volumes: [{ name: 'v', image: { reference: 'r' } }, { name: 'd' }],
      containers: [{ name: 'c', image: 'i', volumeMounts: [{ name: 'd', mountPath: '/d' }] }],
    };
    expect(() => api.create(template(spec))).toThrow('unknown field');
    const [made] = server({ version: '1.31' }).create(template(spec));
    expect(made?.['template']).toMatchObject({ spec: { volumes: [{ name: 'd', emptyDir: {} }] } });
  });
});
