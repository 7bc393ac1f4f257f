import { describe, expect, test } from 'vitest';
import { subject } from './objects.ts';
import { SUBDOMAIN } from './refusals.ts';

const GROUP = 'storage.k8s.io/v1';
const IMMUTABLE = 'field is immutable';
const letters = (count: number): string => 'x'.repeat(count);

describe('StorageClass', () => {
  const storageClass = subject(GROUP, 'StorageClass', { provisioner: 'kubernetes.io/gce-pd' });

  test('V130 provisioner', () => {
    expect(storageClass.create({ provisioner: '' })).toEqual(['provisioner: Required value']);
    expect(storageClass.create({ provisioner: 'Example.com/NFS' })).toEqual([]);
    expect(storageClass.create({ provisioner: 'a/b/c' })).toEqual([
      expect.stringMatching(
        /^provisioner: Invalid value: "a\/b\/c": a qualified name must consist/,
      ),
    ]);
    // It is told in lower case, which is how it was looked at.
    expect(storageClass.create({ provisioner: 'A/B/C' })[0]).toContain('"a/b/c"');
  });

  test('V131 parameters', () => {
    const many = Object.fromEntries(Array.from({ length: 513 }, (_, i) => [`k${i}`, 'v']));
    expect(storageClass.create({ parameters: many })).toEqual([
      'parameters: Too long: may not be more than 512 bytes',
    ]);
    expect(storageClass.create({ parameters: { a: letters(262_144) } })).toEqual([
      'parameters: Too long: may not be more than 262144 bytes',
    ]);
    expect(storageClass.create({ parameters: { '': 'v' } })).toEqual([
      'parameters: Invalid value: "": field can not be empty.',
    ]);
  });

  test('V132, V133 policies', () => {
    expect(storageClass.create({ reclaimPolicy: 'Recycle', volumeBindingMode: 'Soon' })).toEqual([
      'reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"',
      'volumeBindingMode: Unsupported value: "Soon": supported values: "Immediate", "WaitForFirstConsumer"',
    ]);
  });

  test('V134 allowedTopologies', () => {
    const term = (...expressions: object[]) => ({ matchLabelExpressions: expressions });
    const zone = { key: 'zone', values: ['a'] };
    expect(
      storageClass.create({ allowedTopologies: [term({ key: 'zone', values: [] }), term(zone)] }),
    ).toEqual(['allowedTopologies[0].matchLabelExpressions[0].values: Required value']);
    expect(
      storageClass.create({ allowedTopologies: [term({ key: 'zone', values: ['a', 'a'] })] }),
    ).toEqual(['allowedTopologies[0].matchLabelExpressions[0].values[1]: Duplicate value: "a"']);
    expect(storageClass.create({ allowedTopologies: [term(zone, zone)] })).toEqual([
      'allowedTopologies[0].matchLabelExpressions[1].key: Duplicate value: "zone"',
    ]);
    expect(storageClass.create({ allowedTopologies: [term(zone), term(zone)] })).toEqual([
      'allowedTopologies[1].matchLabelExpressions: Duplicate value: ""',
    ]);
    expect(storageClass.create({ allowedTopologies: [{}] })).toEqual([
      'allowedTopologies[0].matchLabelExpressions: Duplicate value: ""',
    ]);
  });

  test('V135, V136 what may not change', () => {
    const now = {
      provisioner: 'other',
      parameters: { a: 'b' },
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'WaitForFirstConsumer',
    };
    const before = { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' };
    expect(storageClass.update(before, now)).toEqual([
      'parameters: Forbidden: updates to parameters are forbidden.',
      'provisioner: Forbidden: updates to provisioner are forbidden.',
      'reclaimPolicy: Forbidden: updates to reclaimPolicy are forbidden.',
      `volumeBindingMode: Invalid value: "WaitForFirstConsumer": ${IMMUTABLE}`,
    ]);
    const free = {
      allowVolumeExpansion: true,
      mountOptions: ['ro'],
      metadata: { labels: { a: 'b' } },
    };
    expect(storageClass.update(before, { ...before, ...free })).toEqual([]);
  });
});

describe('VolumeAttributesClass', () => {
  const base = { driverName: 'disk.example.com', parameters: { iops: '100' } };
  const attributesClass = subject(GROUP, 'VolumeAttributesClass', base);

  test('V146 parameters are there, and stay', () => {
    expect(attributesClass.create({ parameters: undefined })).toEqual([
      'parameters: Required value: must contain at least one key/value pair',
    ]);
    expect(attributesClass.update({}, { driverName: 'd', parameters: { iops: '200' } })).toEqual([
      'driverName: Forbidden: updates to driverName are forbidden.',
      'parameters: Forbidden: updates to parameters are forbidden.',
    ]);
    expect(attributesClass.update({}, { parameters: undefined })).toEqual([
      'parameters: Forbidden: updates to parameters are forbidden.',
      'parameters: Required value: must contain at least one key/value pair',
    ]);
  });
});

describe('VolumeAttachment', () => {
  const base = { spec: { attacher: 'd', nodeName: 'n', source: { persistentVolumeName: 'v' } } };
  const attachment = subject(GROUP, 'VolumeAttachment', base);

  test('V137, V138, V139 attacher, source, node', () => {
    expect(attachment.create({ spec: { attacher: '', nodeName: '', source: {} } })).toEqual([
      'spec.attacher: Required value',
      `spec.nodeName: Invalid value: "": ${SUBDOMAIN}`,
    ]);
    const named = (name: string) => ({ spec: { source: { persistentVolumeName: name } } });
    expect(attachment.create(named(''))[0]).toBe(
      'spec.source.persistentVolumeName: Required value: must specify non empty persistentVolumeName',
    );
    const bad = [`spec.source.persistentVolumeName: Invalid value: "V": ${SUBDOMAIN}`];
    expect(attachment.create(named('V'))).toEqual(bad);
    expect(attachment.update(named('V'), { ...named('V'), metadata: { labels: {} } })).toEqual([]);
    const one = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';
    expect(attachment.create({ spec: { source: { persistentVolumeName: undefined } } })).toEqual([
      `spec.source: Required value: ${one}`,
    ]);
    const csi = { driver: 'd', volumeHandle: 'h' };
    const inlineVolumeSpec = { csi, accessModes: ['ReadWriteOnce'] };
    expect(attachment.create({ spec: { source: { inlineVolumeSpec } } })).toEqual([
      `spec.source: Forbidden: ${one}`,
    ]);
  });

  test('V140 a volume of its own', () => {
    const of = (inlineVolumeSpec: object) =>
      attachment.create({
        spec: { source: { persistentVolumeName: undefined, inlineVolumeSpec } },
      });
    const csi = { driver: 'd', volumeHandle: 'h' };
    const accessModes = ['ReadWriteOnce'];
    const at = 'spec.source.inlineVolumeSpec';
    const context = 'in the context of inline volumes';
    expect(of({ csi, accessModes })).toEqual([]);
    const extra = { capacity: { storage: '1' }, storageClassName: 'c', claimRef: { name: 'c' } };
    expect(of({ csi, accessModes, ...extra, nodeAffinity: {} })).toEqual(
      ['claimRef', 'capacity', 'nodeAffinity', 'storageClassName'].map(
        (field) => `${at}.${field}: Forbidden: may not be specified ${context}`,
      ),
    );
    const bad = { persistentVolumeReclaimPolicy: 'Delete', volumeMode: 'Block' };
    expect(of({ accessModes, ...bad })).toEqual([
      `${at}.csi: Required value: has to be specified ${context}`,
      `${at}.persistentVolumeReclaimPolicy: Forbidden: may only be Retain ${context}`,
      `${at}: Required value: must specify a volume type`,
      `${at}.volumeMode: Forbidden: may not specify volumeMode other than Filesystem ${context}`,
    ]);
  });

  test('V141 what an attacher says is short', () => {
    const said = (status: object) =>
      attachment.update({}, { status: { attached: false, ...status } }, { subresource: 'status' });
    expect(said({ attachError: { message: letters(1024) } })).toEqual([]);
    // The limit that is named is that of metadata, upstream too.
    expect(said({ attachError: { message: letters(1025) } })).toEqual([
      'status.attachError.message: Too long: may not be more than 262144 bytes',
    ]);
    expect(said({ detachError: { errorCode: -1 } })).toEqual([
      'status.detachError.errorCode: Invalid value: -1: must be between 0 and 2147483647, inclusive',
    ]);
    expect(said({ attachmentMetadata: { a: letters(262_144) } })).toEqual([
      'status.attachmentMetadata: Too long: may not be more than 262144 bytes',
    ]);
  });

  test('V142 its spec stays', () => {
    expect(attachment.update({}, { spec: { nodeName: 'other' } })).toEqual([
      'spec: Invalid value: {"Attacher":"d","Source":{"PersistentVolumeName":"v","InlineVolumeSpec":null},"NodeName":"other"}: field is immutable',
    ]);
  });
});

describe('CSI objects', () => {
  const driver = { name: 'd.example.com', nodeID: 'n1' };
  const node = subject(GROUP, 'CSINode', { spec: { drivers: [driver] } });
  const at = 'spec.drivers[0]';

  test('V143 CSINode', () => {
    const of = (...drivers: object[]) => node.create({ spec: { drivers } });
    expect(of({ name: '', nodeID: '' })).toEqual([
      `${at}.name: Required value`,
      `${at}.nodeID: Required value`,
    ]);
    expect(of({ ...driver, nodeID: letters(257) })).toEqual([
      `${at}.nodeID: Invalid value: "${letters(257)}": must be 256 characters or less`,
    ]);
    expect(of(driver, driver)).toEqual(['spec.drivers[1].name: Duplicate value: "d.example.com"']);
    expect(of({ ...driver, topologyKeys: ['a', 'a', ''] })).toEqual([
      `${at}: Duplicate value: "a"`,
      `${at}: Required value`,
      `${at}: Invalid value: "": name part must be non-empty`,
      expect.stringMatching(/^spec\.drivers\[0\]: Invalid value: "": name part must consist/),
    ]);
    expect(of({ ...driver, allocatable: { count: -1 } })).toEqual([
      `${at}.allocatable.count: Invalid value: -1: must be greater than or equal to 0`,
    ]);
  });

  test('V143 length of a nodeID, by version', () => {
    const of = (length: number, version: string) =>
      node.create({ spec: { drivers: [{ ...driver, nodeID: letters(length) }] } }, { version });
    expect([of(128, '1.21'), of(192, '1.22'), of(256, '1.23')]).toEqual([[], [], []]);
    const counts = [of(129, '1.21'), of(193, '1.22'), of(257, '1.23')];
    expect(counts.map((errors) => errors.length)).toEqual([1, 1, 1]);
  });

  test('V143 a driver stays, but for what it can have on a node', () => {
    const count = { ...driver, allocatable: { count: 1 } };
    const other = (more: object) => ({ spec: { drivers: [{ ...count, ...more }] } });
    const before = { spec: { drivers: [count] } };
    const value = '{"Name":"d.example.com","NodeID":"n2","TopologyKeys":null,"Allocatable":null}';
    expect(node.update(before, other({ nodeID: 'n2' }))).toEqual([
      `spec.drivers: Invalid value: ${value}: field is immutable`,
    ]);
    const grown = other({ allocatable: { count: 2 } });
    expect(node.update(before, grown)).toEqual([]);
    expect(node.update(before, grown, { version: '1.32' })).toEqual([
      'CSINodeDriver: Invalid value: {"Name":"d.example.com","NodeID":"n1","TopologyKeys":null,"Allocatable":{"Count":2}}: field is immutable',
    ]);
  });

  const csiDriver = subject(GROUP, 'CSIDriver', { metadata: { name: 'd.example.com' }, spec: {} });

  test('V144 what of a CSIDriver stays', () => {
    const before = { spec: { attachRequired: true, volumeLifecycleModes: ['Persistent'] } };
    const now = { spec: { attachRequired: false, volumeLifecycleModes: ['Ephemeral'] } };
    expect(csiDriver.update(before, now)).toEqual([
      `spec.attachedRequired: Invalid value: false: ${IMMUTABLE}`,
      `spec.volumeLifecycleModes: Invalid value: ["Ephemeral"]: ${IMMUTABLE}`,
    ]);
  });

  test('V145 fsGroupPolicy', () => {
    expect(csiDriver.create({ spec: { fsGroupPolicy: 'Always' } })).toEqual([
      'spec.fsGroupPolicy: Unsupported value: "Always": supported values: "File", "None", "ReadWriteOnceWithFSType"',
    ]);
  });

  test('tokens that a driver asks for', () => {
    const tokenRequests = [
      { audience: 'a', expirationSeconds: 599 },
      { audience: 'a', expirationSeconds: 600 },
    ];
    expect(csiDriver.create({ spec: { tokenRequests } })).toEqual([
      'spec.tokenRequests[0].expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes',
      'spec.tokenRequests[1].audience: Duplicate value: "a"',
    ]);
  });

  test('other fields of a CSIDriver', () => {
    expect(csiDriver.create({ spec: { volumeLifecycleModes: ['Brief'] } })).toEqual([
      'spec.volumeLifecycleModes: Unsupported value: "Brief": supported values: "Persistent", "Ephemeral"',
    ]);
    expect(csiDriver.create({ spec: { nodeAllocatableUpdatePeriodSeconds: 9 } })).toEqual([
      'spec.nodeAllocatableUpdatePeriodSeconds: Invalid value: 9: must be greater than or equal to 10 seconds',
    ]);
    expect(csiDriver.create({ spec: { serviceAccountTokenInSecrets: true } })).toEqual([
      'spec.serviceAccountTokenInSecrets: Invalid value: true: serviceAccountTokenInSecrets is set but no tokenRequests are specified',
    ]);
    const long = `${letters(60)}.example.com`;
    expect(csiDriver.create({ metadata: { name: long } })).toEqual([]);
  });

  test('CSIStorageCapacity', () => {
    const base = { metadata: { name: 'x', namespace: 'default' }, storageClassName: 'fast' };
    const capacity = subject(GROUP, 'CSIStorageCapacity', base);
    expect(capacity.create({ storageClassName: '' })).toEqual([
      `storageClassName: Invalid value: "": ${SUBDOMAIN}`,
    ]);
    expect(capacity.create({ capacity: '-1Gi' })).toEqual([
      'capacity: Invalid value: "-1Gi": must be greater than or equal to 0',
    ]);
    expect(capacity.update({}, { storageClassName: 'slow' })).toEqual([
      `storageClassName: Invalid value: "slow": ${IMMUTABLE}`,
    ]);
  });
});

describe('snapshots', () => {
  const SNAPSHOT = 'snapshot.storage.k8s.io/v1';
  const base = {
    metadata: { name: 'x', namespace: 'default' },
    spec: { source: { persistentVolumeClaimName: 'data' } },
  };
  const snapshot = subject(SNAPSHOT, 'VolumeSnapshot', base);
  const source = (fields: object) => ({ spec: { source: fields } });

  test('V160, V163 VolumeSnapshot', () => {
    expect(snapshot.create(source({ volumeSnapshotContentName: 'c' }))).toEqual([
      'spec.source: Invalid value: "object": exactly one of volumeSnapshotContentName and persistentVolumeClaimName must be set',
    ]);
    expect(snapshot.create({ spec: { volumeSnapshotClassName: '' } })).toEqual([
      'spec.volumeSnapshotClassName: Invalid value: "string": volumeSnapshotClassName must not be the empty string when set',
    ]);
  });

  test('V161, V162 its source stays', () => {
    expect(snapshot.update({}, source({ persistentVolumeClaimName: 'other' }))).toEqual([
      'spec.source.persistentVolumeClaimName: Invalid value: "string": persistentVolumeClaimName is immutable',
    ]);
    const content = { persistentVolumeClaimName: undefined, volumeSnapshotContentName: 'c' };
    expect(snapshot.update({}, source(content))).toEqual([
      'spec.source: Invalid value: "object": persistentVolumeClaimName is required once set',
    ]);
    const other = { ...content, volumeSnapshotContentName: 'd' };
    expect(snapshot.update(source(content), source(other))).toEqual([
      'spec.source.volumeSnapshotContentName: Invalid value: "string": volumeSnapshotContentName is immutable',
    ]);
  });

  const content = subject(SNAPSHOT, 'VolumeSnapshotContent', {
    spec: {
      driver: 'd',
      deletionPolicy: 'Delete',
      source: { volumeHandle: 'v' },
      volumeSnapshotRef: { name: 'x', namespace: 'default' },
    },
  });

  test('V164, V165, V166 VolumeSnapshotContent', () => {
    expect(content.create(source({ snapshotHandle: 's' }))).toEqual([
      'spec.source: Invalid value: "object": exactly one of volumeHandle and snapshotHandle must be set',
    ]);
    expect(content.create({ spec: { volumeSnapshotRef: { namespace: undefined } } })).toEqual([
      'spec.volumeSnapshotRef: Invalid value: "object": both spec.volumeSnapshotRef.name and spec.volumeSnapshotRef.namespace must be set',
    ]);
    expect(content.update({}, source({ volumeHandle: 'w' }))).toEqual([
      'spec.source.volumeHandle: Invalid value: "string": volumeHandle is immutable',
    ]);
    const mode = (sourceVolumeMode?: string) => ({ spec: { sourceVolumeMode } });
    expect(content.update(mode('Block'), mode('Filesystem'))).toEqual([
      'spec.sourceVolumeMode: Invalid value: "string": sourceVolumeMode is immutable',
    ]);
    expect(content.update(mode('Block'), mode())).toEqual([
      'spec: Invalid value: "object": sourceVolumeMode is required once set',
    ]);
  });

  test('V167 deletionPolicy', () => {
    const snapshotClass = subject(SNAPSHOT, 'VolumeSnapshotClass', { driver: 'd' });
    expect(snapshotClass.create({})).toEqual(['deletionPolicy: Required value']);
    expect(snapshotClass.create({ deletionPolicy: 'Keep' })).toEqual([
      'deletionPolicy: Unsupported value: "Keep": supported values: "Delete", "Retain"',
    ]);
    expect(content.update({}, { spec: { deletionPolicy: 'Retain' } })).toEqual([]);
  });

  test('V168 restoreSize', () => {
    const status = { restoreSize: -1 };
    expect(content.update({}, { status }, { subresource: 'status' })).toEqual([
      'status.restoreSize: Invalid value: -1: should be greater than or equal to 0',
    ]);
  });
});
