import { describe, expect, test } from 'vitest';
import { server } from './refusals.ts';

/** What is said of an object that is taken. */
function warnings(object: object, version = 'all'): string[] {
  const said: string[] = [];
  server({ version, onWarning: (text) => said.push(text) }).create(object);
  return said;
}

const CLASS = 'volume.beta.kubernetes.io/storage-class';
const CLASS_TEXT = `metadata.annotations[${CLASS}]: deprecated since v1.8; use "storageClassName" attribute instead`;

describe('warnings', () => {
  const claim = (storage: string, annotations: object = {}) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'c', annotations },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
  });

  test('V103 of claims', () => {
    expect(warnings(claim('1Gi'))).toEqual([]);
    expect(warnings(claim('1500m', { [CLASS]: 'fast' }))).toEqual([
      CLASS_TEXT,
      'spec.resources.requests[storage]: fractional byte value "1500m" is invalid, must be an integer',
    ]);
    expect(warnings(claim('1500m'), '1.27')).toEqual([]);
  });

  const volume = (spec: object, annotations: object = {}) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'v', annotations },
    spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, ...spec },
  });

  test('of volumes', () => {
    const options = 'volume.beta.kubernetes.io/mount-options';
    const annotations = { [CLASS]: 'fast', [options]: 'ro' };
    const nodeSelectorTerms = [
      { matchExpressions: [{ key: 'beta.kubernetes.io/os', operator: 'In', values: ['linux'] }] },
    ];
    const spec = {
      nfs: { server: 's', path: '/' },
      persistentVolumeReclaimPolicy: 'Recycle',
      nodeAffinity: { required: { nodeSelectorTerms } },
    };
    const recycle =
      'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.';
    const label =
      'spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].key: beta.kubernetes.io/os is deprecated since v1.14; use "kubernetes.io/os" instead';
    expect(warnings(volume(spec, annotations))).toEqual([
      CLASS_TEXT,
      `metadata.annotations[${options}]: deprecated since v1.31; use "mountOptions" attribute instead`,
      recycle,
      label,
    ]);
    expect(warnings(volume(spec, annotations), '1.30')).toEqual([CLASS_TEXT, recycle, label]);
  });

  test.each([
    ['cephfs', { monitors: ['m'] }, 'spec.cephfs: deprecated in v1.28, non-functional in v1.31+'],
    [
      'storageos',
      { volumeName: 'v' },
      'spec.storageOS: deprecated in v1.22, non-functional in v1.25+',
    ],
  ])('of volumes whose type is gone: %s', (type, source, expected) => {
    expect(warnings(volume({ [type]: source }))).toEqual([expected]);
  });

  test('of classes', () => {
    const zone = { key: 'failure-domain.beta.kubernetes.io/zone', values: ['a'] };
    const storageClass = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 's' },
      provisioner: 'p',
      allowedTopologies: [{ matchLabelExpressions: [zone] }],
    };
    expect(warnings(storageClass)).toEqual([
      'allowedTopologies[0].matchLabelExpressions[0].key: deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
    ]);
  });
});
