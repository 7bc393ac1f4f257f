import { describe, expect, test } from 'vitest';
import { subject } from './objects.ts';
import { LABEL, SUBDOMAIN } from './refusals.ts';

const BASE = {
  spec: {
    capacity: { storage: '1Gi' },
    accessModes: ['ReadWriteOnce'],
    hostPath: { path: '/data' },
  },
};
const volume = subject('v1', 'PersistentVolume', BASE);
const IMMUTABLE = 'field is immutable';

/** The same volume, made of something else. */
const of = (source: object, more: object = {}) => ({
  spec: { hostPath: undefined, ...source, ...more },
});

const AFFINITY = (key: string) => ({
  required: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'In', values: ['a'] }] }] },
});

describe('PersistentVolume', () => {
  test('a good one', () => {
    expect(volume.create({})).toEqual([]);
  });

  test('V70 name', () => {
    expect(volume.create({ metadata: { name: 'A' } })).toEqual([
      `metadata.name: Invalid value: "A": ${SUBDOMAIN}`,
    ]);
  });

  test('V71, V72, V73 accessModes', () => {
    const modes = (...accessModes: string[]) => volume.create({ spec: { accessModes } });
    expect(modes()).toEqual(['spec.accessModes: Required value']);
    expect(modes('Fake')).toEqual([
      'spec.accessModes: Unsupported value: "Fake": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
    ]);
    expect(modes('ReadWriteOncePod', 'ReadOnlyMany')).toEqual([
      'spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes',
    ]);
    expect(modes('ReadWriteOncePod')).toEqual([]);
  });

  test('V74, V75, V76 capacity', () => {
    const capacity = (storage: object) => volume.create({ spec: { capacity: storage } });
    expect(capacity({ storage: undefined })).toEqual([
      'spec.capacity: Required value',
      'spec.capacity: Unsupported value: {}: supported values: "storage"',
    ]);
    expect(capacity({ cpu: '1' })).toEqual([
      'spec.capacity: Unsupported value: {"storage":"1Gi","cpu":"1"}: supported values: "storage"',
    ]);
    expect(capacity({ storage: '0' })).toEqual([
      'spec.capacity[storage]: Invalid value: "0": must be greater than zero',
    ]);
    expect(capacity({ storage: '-1Ki' })).toEqual([
      'spec.capacity[storage]: Invalid value: -1024: must be a valid resource quantity',
      'spec.capacity[storage]: Invalid value: "-1Ki": must be greater than zero',
    ]);
  });

  test('V77, V78 reclaim policy', () => {
    const policy = (persistentVolumeReclaimPolicy: string, path: string) =>
      volume.create({ spec: { persistentVolumeReclaimPolicy, hostPath: { path } } });
    expect(policy('Keep', '/data')).toEqual([
      'spec.persistentVolumeReclaimPolicy: Unsupported value: "Keep": supported values: "Delete", "Recycle", "Retain"',
    ]);
    const root = [
      "spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'",
    ];
    expect(policy('Recycle', '/')).toEqual(root);
    expect(policy('Recycle', '//.')).toEqual(root);
    expect(policy('Recycle', '/data')).toEqual([]);
  });

  test('V79 one source', () => {
    expect(volume.create(of({}))).toEqual(['spec: Required value: must specify a volume type']);
    expect(volume.create({ spec: { nfs: { server: 's', path: '/' } } })).toEqual([
      'spec.nfs: Forbidden: may not specify more than 1 volume type',
    ]);
    expect(volume.create({ spec: { flexVolume: { driver: 'a/b' } } })).toEqual([]);
    expect(volume.create({ spec: { cephfs: { monitors: ['m'] } } })).toEqual([
      'spec.cephFS: Forbidden: may not specify more than 1 volume type',
    ]);
  });

  test('V80, V81 nodeAffinity', () => {
    const affinity = (nodeAffinity: object) => volume.create({ spec: { nodeAffinity } });
    expect(affinity({})).toEqual([
      'spec.nodeAffinity.required: Required value: must specify required node constraints',
    ]);
    expect(affinity({ required: { nodeSelectorTerms: [] } })).toEqual([
      'spec.nodeAffinity.required.nodeSelectorTerms: Required value: must have at least one node selector term',
    ]);
  });

  test('V82 local needs a nodeAffinity, and a path without ..', () => {
    expect(volume.create(of({ local: { path: '/disk' } }))).toEqual([
      'spec.nodeAffinity: Required value: Local volume requires node affinity',
    ]);
    const nodeAffinity = AFFINITY('kubernetes.io/hostname');
    expect(volume.create(of({ local: { path: 'a/../b' } }, { nodeAffinity }))).toEqual([
      `spec.local.path: Invalid value: "a/../b": must not contain '..'`,
    ]);
    expect(volume.create(of({ local: { path: 'relative' } }, { nodeAffinity }))).toEqual([]);
    // It is said where the source is looked at, and only of one that is.
    const csi = { driver: 'd', volumeHandle: 'h' };
    const many = 'may not specify more than 1 volume type';
    expect(volume.create(of({ local: { path: '' }, csi }))).toEqual([
      'spec.local.path: Required value',
      'spec.nodeAffinity: Required value: Local volume requires node affinity',
      `spec.csi: Forbidden: ${many}`,
    ]);
    expect(volume.create({ spec: { local: { path: '/a' } } })).toEqual([
      `spec.local: Forbidden: ${many}`,
    ]);
  });

  test('V83, V84 class and mode', () => {
    expect(volume.create({ spec: { storageClassName: '-bad-', volumeMode: 'Tape' } })).toEqual([
      `spec.storageClassName: Invalid value: "-bad-": ${SUBDOMAIN}`,
      'spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"',
    ]);
  });

  test('V71, V80, V82, V84 texts of old versions', () => {
    expect(volume.create({ spec: { volumeMode: 'x' } }, { version: '1.12' })).toEqual([]);
    const nodeAffinity = AFFINITY('kubernetes.io/hostname');
    const local = (path: string, version: string, gates = {}) =>
      volume.create(of({ local: { path } }, { nodeAffinity }), { version, gates });
    expect(local('disk', '1.10')).toEqual([
      'spec.local: Invalid value: "disk": must be an absolute path',
    ]);
    expect(local('disk', '1.11')).toEqual([]);
    expect(local('/disk', '1.10', { PersistentLocalVolumes: false })).toEqual([
      'spec.local: Forbidden: Local volumes are disabled by feature-gate',
    ]);
    expect(local('/disk', '1.10', { VolumeScheduling: false })).toEqual([
      'spec.nodeAffinity: Forbidden: Volume node affinity is disabled by feature-gate',
    ]);
    const once = { spec: { accessModes: ['ReadWriteOncePod'] } };
    const labelled = { ...once, metadata: { labels: { a: 'b' } } };
    expect(volume.create(once, { version: '1.26' })).toHaveLength(1);
    expect(volume.update(once, labelled, { version: '1.26' })).toEqual([]);
  });

  test('V85 an attributes class is for CSI', () => {
    expect(volume.create({ spec: { volumeAttributesClassName: '' } })).toEqual([
      'spec.volumeAttributesClassName: Required value: an empty string is disallowed',
      'spec.csi: Required value: has to be specified when using volumeAttributesClassName',
    ]);
  });

  test('V86 mount options by annotation', () => {
    const metadata = { annotations: { 'volume.beta.kubernetes.io/mount-options': 'ro' } };
    expect(volume.create({ metadata })).toEqual([
      'metadata.annotations.volume.beta.kubernetes.io/mount-options: Forbidden: may not specify mount options for this volume type',
    ]);
    expect(volume.create({ metadata, ...of({ nfs: { server: 's', path: '/' } }) })).toEqual([]);
    expect(volume.create({ spec: { mountOptions: ['anything at all'] } })).toEqual([]);
  });

  test('sources that differ from those of Pods', () => {
    expect(volume.create(of({ csi: { driver: '', volumeHandle: '' } }))).toEqual([
      'spec.csi.driver: Required value',
      'spec.csi.volumeHandle: Required value',
    ]);
    const secret = { name: '', namespace: 'A' };
    const csi = { driver: 'd', volumeHandle: 'h', nodeStageSecretRef: secret };
    expect(volume.create(of({ csi }))).toEqual([]);
    expect(volume.create(of({ csi: { ...csi, nodePublishSecretRef: secret } }))).toEqual([
      'spec.csi.nodePublishSecretRef.name: Required value',
      `spec.csi.nodePublishSecretRef.namespace: Invalid value: "A": ${LABEL}`,
    ]);
    const azureFile = { secretName: 's', shareName: 'h', secretNamespace: '' };
    expect(volume.create(of({ azureFile }))).toEqual([
      'spec.azureFile.secretNamespace: Required value',
    ]);
    const iscsi = { targetPortal: 'p', iqn: 'nonsense', lun: 0 };
    expect(volume.create(of({ iscsi }))).toEqual([
      'spec.iscsi.iqn: Invalid value: "nonsense": must be valid format',
    ]);
    const initiatorName = 'iqn.2001-04.com.example:initiator';
    expect(
      volume.create(of({ iscsi: { ...iscsi, initiatorName, targetPortal: 'p'.repeat(64) } })),
    ).toEqual([
      `spec.iscsi.targetportal: Invalid value: "${'p'.repeat(64)}": Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.`,
      'spec.iscsi.iqn: Invalid value: "nonsense": must be valid format',
    ]);
    const glusterfs = { endpoints: 'e', path: 'p', endpointsNamespace: '' };
    expect(volume.create(of({ glusterfs: { ...glusterfs, endpointsNamespace: 'N' } }))).toEqual([
      `spec.glusterfs.endpointsNamespace: Invalid value: "N": ${LABEL}`,
    ]);
    expect(volume.create(of({ glusterfs }))).toEqual([
      'spec.glusterfs.endpointsNamespace: Invalid value: "": if the endpointnamespace is set, it must be a valid namespace name',
    ]);
    expect(volume.create(of({ cinder: { volumeID: 'v', secretRef: { name: 'n' } } }))).toEqual([
      'spec.cinder.secretRef.namespace: Required value',
    ]);
  });
});

test('V33 how CSI drivers and their secrets are named, by version', () => {
  const csi = (fields: object, version: string): string[] =>
    volume.create(of({ csi: { driver: 'd.e', volumeHandle: 'h', ...fields } }), { version });
  const old =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'csi-hostpath', regex used for validation is '^[a-zA-Z0-9][-a-zA-Z0-9_.]{0,61}[a-zA-Z-0-9]$')";
  const at = 'spec.csi.driver';
  expect(csi({ driver: '' }, '1.13')).toEqual([
    `${at}: Required value`,
    `${at}: Invalid value: "": ${old}`,
  ]);
  expect(csi({ driver: 'a_b' }, '1.13')).toEqual([]);
  const dns = SUBDOMAIN.replace('a lowercase RFC 1123', 'a DNS-1123');
  expect(csi({ driver: 'a_b' }, '1.14')).toEqual([`${at}: Invalid value: "a_b": ${dns}`]);
  expect(csi({ driver: '' }, '1.34')).toEqual([
    `${at}: Required value`,
    `${at}: Invalid value: "": ${SUBDOMAIN}`,
  ]);
  expect(csi({ driver: '' }, '1.35')).toEqual([`${at}: Required value`]);
  const secret = { name: 'a.b', namespace: 'N' };
  const publish = { controllerPublishSecretRef: secret };
  const namespace = `namespace: Invalid value: "N": ${LABEL}`;
  const dots = `name: Invalid value: "a.b": ${LABEL}`;
  expect(csi(publish, '1.24')).toEqual([`spec.csi.${dots}`, `spec.csi.${namespace}`]);
  const field = 'spec.csi.controllerPublishSecretRef';
  expect(csi(publish, '1.26')).toEqual([`${field}.${dots}`, `${field}.${namespace}`]);
  expect(csi(publish, '1.27')).toEqual([`${field}.${namespace}`]);
  const stage = { nodeStageSecretRef: { name: '', namespace: 'n' } };
  expect(csi(stage, '1.14')).toEqual(['spec.csi.nodeStageSecretRef.name: Required value']);
  expect(csi(stage, '1.15')).toEqual([]);
});

describe('changes of a PersistentVolume', () => {
  test('V88 the source stays', () => {
    const [error, ...others] = volume.update({}, { spec: { hostPath: { path: '/other' } } });
    expect(error).toMatch(
      /^spec\.persistentvolumesource: Forbidden: spec\.persistentvolumesource is immutable after creation\n/,
    );
    expect(error).toContain('- hostPath.path: "/data"\n+ hostPath.path: "/other"');
    expect(others).toEqual([]);
    expect(volume.update({}, { spec: { hostPath: { path: '/o' } } }, { version: '1.18' })).toEqual([
      'spec.persistentvolumesource: Forbidden: is immutable after creation',
    ]);
    expect(volume.update({}, { spec: { hostPath: { path: '/o' } } }, { version: '1.8' })).toEqual(
      [],
    );
  });

  test('V88 a secret for expansion may be added once', () => {
    const csi = { driver: 'd', volumeHandle: 'h' };
    const secret = (name: string) =>
      of({ csi: { ...csi, controllerExpandSecretRef: { name, namespace: 'n' } } });
    expect(volume.update(of({ csi }), secret('s'))).toEqual([]);
    expect(volume.update(secret('s'), secret('t'))).toHaveLength(1);
  });

  test('V89 volumeMode stays', () => {
    const mode = (volumeMode: string) => ({ spec: { volumeMode } });
    expect(volume.update(mode('Filesystem'), mode('Block'))).toEqual([
      `volumeMode: Invalid value: "Block": ${IMMUTABLE}`,
    ]);
  });

  test('V90 nodeAffinity is set once; a label may graduate', () => {
    const affinity = (key: string) => ({ spec: { nodeAffinity: AFFINITY(key) } });
    expect(volume.update({}, affinity('zone'))).toEqual([]);
    const value =
      '{"Required":{"NodeSelectorTerms":[{"MatchExpressions":[{"Key":"rack","Operator":"In","Values":["a"]}],"MatchFields":null}]}}';
    expect(volume.update(affinity('zone'), affinity('rack'))).toEqual([
      `nodeAffinity: Invalid value: ${value}: field is immutable, except for updating from beta label to GA`,
    ]);
    const beta = affinity('failure-domain.beta.kubernetes.io/zone');
    expect(volume.update(beta, affinity('topology.kubernetes.io/zone'))).toEqual([]);
    const gates = { MutablePVNodeAffinity: true };
    expect(volume.update(affinity('zone'), affinity('rack'), { gates })).toEqual([]);
  });

  test('V91 an attributes class is not taken away', () => {
    const csi = { driver: 'd', volumeHandle: 'h' };
    const gold = of({ csi }, { volumeAttributesClassName: 'gold' });
    const field = 'spec.volumeAttributesClassName';
    const gates = { VolumeAttributesClass: true };
    expect(volume.update(gold, of({ csi }), { gates })).toEqual([
      `${field}: Forbidden: update from non-nil value to nil is forbidden`,
    ]);
    const silver = of({ csi }, { volumeAttributesClassName: 'silver' });
    expect(volume.update(gold, silver, { gates })).toEqual([]);
    const off = `${field}: Forbidden: update is forbidden when the VolumeAttributesClass feature gate is disabled`;
    expect(volume.update(gold, silver, { version: '1.31' })).toEqual([off]);
    expect(volume.update(gold, of({ csi }), { version: '1.31' })).toEqual([
      off,
      `${field}: Forbidden: update from non-nil value to nil is forbidden`,
    ]);
  });

  test('the rest may change', () => {
    const spec = {
      capacity: { storage: '2Gi' },
      accessModes: ['ReadOnlyMany'],
      persistentVolumeReclaimPolicy: 'Delete',
      storageClassName: 'slow',
      mountOptions: ['ro'],
    };
    expect(volume.update({}, { spec, metadata: { labels: { a: 'b' } } })).toEqual([]);
  });
});
