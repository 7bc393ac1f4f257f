import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../../src/api/index.ts';
import { container, pod, type Rules, server } from './refusals.ts';

type Fields = Readonly<Record<string, unknown>>;

const METADATA = { name: 'x', namespace: 'default' };
const claim = (spec: Fields, status?: Fields) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: METADATA,
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
  ...(status && { status }),
});

function made(object: object, rules: Rules = {}): KubernetesObject & { spec?: Fields } {
  const [created] = server(rules).create(object);
  if (!created) throw new Error('nothing was made');
  return created;
}

const PVC = { kind: 'PersistentVolumeClaim', name: 'a' };
const SNAPSHOT = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 's' };
const OTHER = { apiGroup: 'example.com', kind: 'Book', name: 'b' };

describe('9.3 data sources of claims', () => {
  const sources = (spec: Fields, rules?: Rules) => {
    const { dataSource, dataSourceRef } = made(claim(spec), rules).spec ?? {};
    return [dataSource, dataSourceRef];
  };

  test.each([
    ['a claim', { dataSource: PVC }, [PVC, PVC]],
    ['a snapshot', { dataSource: SNAPSHOT }, [SNAPSHOT, SNAPSHOT]],
    ['anything else is dropped', { dataSource: OTHER }, [undefined, undefined]],
    ['anything by reference', { dataSourceRef: OTHER }, [OTHER, OTHER]],
    [
      'from elsewhere: dropped',
      { dataSourceRef: { ...PVC, namespace: 'n' } },
      [undefined, undefined],
    ],
  ])('%s', (_, spec, expected) => {
    expect(sources(spec)).toEqual(expected);
  });

  test('a reference to elsewhere is kept with its gate, and not copied', () => {
    const dataSourceRef = { ...PVC, namespace: 'n' };
    const gates = { CrossNamespaceVolumeDataSource: true };
    expect(sources({ dataSourceRef }, { gates })).toEqual([undefined, dataSourceRef]);
  });

  test('before 1.24 references are dropped, and nothing is copied', () => {
    expect(sources({ dataSourceRef: PVC }, { version: '1.23' })).toEqual([undefined, undefined]);
    expect(sources({ dataSource: PVC }, { version: '1.23' })).toEqual([PVC, undefined]);
  });

  test.each([
    ['1.15', undefined],
    ['1.16', PVC],
  ])('a claim as a source is dropped while its gate is off: %s', (version, expected) => {
    expect(sources({ dataSource: PVC }, { version })[0]).toEqual(expected);
  });

  test('an update that knows one of the fields changes nothing', () => {
    const api = server();
    api.create(claim({ dataSource: PVC }));
    const [now] = [api.replace(claim({ dataSource: PVC }) as never)] as { spec?: Fields }[];
    expect(now?.spec?.['dataSourceRef']).toEqual(PVC);
  });

  test('what is stored survives updates, even if a new object could not have it', () => {
    const api = server();
    api.restore(claim({ dataSource: OTHER }));
    const now = api.replace(claim({ dataSource: OTHER }) as never) as { spec?: Fields };
    expect(now.spec?.['dataSource']).toEqual(OTHER);
  });
});

describe('fields whose gate is off', () => {
  test.each([
    ['1.33', undefined],
    ['1.34', 'gold'],
  ])('volumeAttributesClassName in %s', (version, expected) => {
    const spec = made(claim({ volumeAttributesClassName: 'gold' }), { version }).spec;
    expect(spec?.['volumeAttributesClassName']).toBe(expected);
  });

  test('of a claim whose status has them they stay', () => {
    const api = server({ version: '1.31' });
    const status = { phase: 'Bound', allocatedResources: { storage: '2Gi' } };
    api.restore(claim({}));
    const put = () =>
      api.replace(claim({}, status) as never, { subresource: 'status' }) as { status?: Fields };
    expect(put().status).toEqual({ phase: 'Bound' });
    api.restore(claim({}, status));
    expect(put().status).toEqual(status);
  });

  test.each([
    ['1.27', undefined],
    ['1.28', undefined],
    ['1.29', 'Always'],
  ])('that a container goes on besides the others, in %s', (version, expected) => {
    const initContainers = [container({ name: 'i', restartPolicy: 'Always' })];
    const spec = made(pod({ initContainers }, { namespace: 'default' }), { version }).spec;
    const [first] = (spec?.['initContainers'] ?? []) as Fields[];
    expect(first?.['name']).toBe('i');
    expect(first?.['restartPolicy']).toBe(expected);
  });

  const storageClass = {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'x' },
    provisioner: 'p',
    allowVolumeExpansion: true,
    volumeBindingMode: 'WaitForFirstConsumer',
  };

  test.each([
    ['1.9', undefined, undefined],
    ['1.10', undefined, 'WaitForFirstConsumer'],
    ['1.11', true, 'WaitForFirstConsumer'],
  ])('allowVolumeExpansion and volumeBindingMode in %s', (version, expansion, mode) => {
    const { allowVolumeExpansion, volumeBindingMode } = made(storageClass, { version }) as Fields;
    expect([allowVolumeExpansion, volumeBindingMode]).toEqual([expansion, mode]);
  });

  test.each([
    ['1.18', undefined],
    ['1.19', true],
  ])('immutable in %s', (version, expected) => {
    for (const kind of ['ConfigMap', 'Secret']) {
      const object = { apiVersion: 'v1', kind, metadata: METADATA, immutable: true };
      expect(made(object, { version })['immutable']).toBe(expected);
    }
  });

  test('of a CSIDriver', () => {
    const spec = {
      attachRequired: true,
      podInfoOnMount: true,
      storageCapacity: true,
      fsGroupPolicy: 'File',
      volumeLifecycleModes: ['Ephemeral'],
      tokenRequests: [{ audience: 'a' }],
      requiresRepublish: true,
      seLinuxMount: true,
      nodeAllocatableUpdatePeriodSeconds: 60,
      serviceAccountTokenInSecrets: true,
    };
    const driver = { kind: 'CSIDriver', metadata: { name: 'd' }, spec };
    const fields = (version: string, apiVersion: string) =>
      Object.keys(made({ apiVersion, ...driver }, { version }).spec ?? {});
    const [v1, beta] = ['storage.k8s.io/v1', 'storage.k8s.io/v1beta1'];
    expect(fields('1.15', beta)).toEqual(['attachRequired', 'podInfoOnMount']);
    expect(fields('1.20', v1)).toEqual([
      'attachRequired',
      'podInfoOnMount',
      'fsGroupPolicy',
      'volumeLifecycleModes',
    ]);
    expect(fields('1.35', v1)).toEqual(Object.keys(spec));
  });
});
