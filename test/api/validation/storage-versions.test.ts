import { describe, expect, test } from 'vitest';
import { subject } from './objects.ts';
import { SUBDOMAIN } from './refusals.ts';

const GROUP = 'storage.k8s.io';
const IMMUTABLE = 'field is immutable';

test('a provisioner is told in lower case since 1.21', () => {
  const said = (version: string): string | undefined =>
    subject(`${GROUP}/v1`, 'StorageClass', { provisioner: 'A/B/C' }).create({}, { version })[0];
  expect(said('1.20')).toContain('provisioner: Invalid value: "A/B/C": a qualified name');
  expect(said('1.21')).toContain('provisioner: Invalid value: "a/b/c": a qualified name');
});

describe('VolumeAttachment', () => {
  const base = { spec: { attacher: 'dd', nodeName: 'n', source: { persistentVolumeName: 'v' } } };
  const inlineVolumeSpec = {
    csi: { driver: 'd', volumeHandle: 'h' },
    accessModes: ['ReadWriteOnce'],
  };

  test('without a source', () => {
    const source = { persistentVolumeName: undefined, inlineVolumeSpec };
    const none = { persistentVolumeName: undefined };
    const said = (fields: object, version: string, gates = {}): string[] =>
      subject(`${GROUP}/v1`, 'VolumeAttachment', base).create(
        { spec: { source: fields } },
        { version, gates },
      );
    const off =
      'spec.source: Required value: must specify persistentVolumeName when CSIMigration feature is disabled';
    expect(said(none, '1.13')).toEqual(['spec.source: Required value']);
    expect(said({ persistentVolumeName: '' }, '1.13')[0]).toBe('spec.source: Required value');
    expect(said(source, '1.13')).toEqual(['spec.source: Required value']);
    expect(said(source, '1.16')).toEqual([off]);
    expect(said(source, '1.17')).toEqual([]);
    expect(said(source, '1.17', { CSIMigration: false })).toEqual([off]);
    expect(said(none, '1.17')[0]).toContain('must specify exactly one of inlineVolumeSpec');
  });

  test('of a beta may have any name', () => {
    const spec = { attacher: 'a b', source: { persistentVolumeName: 'V' } };
    const said = (apiVersion: string): string[] =>
      subject(`${GROUP}/${apiVersion}`, 'VolumeAttachment', base).create(
        { spec },
        { version: '1.16' },
      );
    expect(said('v1beta1')).toEqual([]);
    expect(said('v1')).toHaveLength(2);
  });
});

test('of a CSINode all topology keys were told until 1.20', () => {
  const driver = { name: 'd', nodeID: 'n', topologyKeys: ['a', 'b c'] };
  const said = (version: string): string | undefined =>
    subject(`${GROUP}/v1`, 'CSINode', { spec: { drivers: [driver] } }).create({}, { version })[0];
  expect(said('1.21')).toContain('spec.drivers[0]: Invalid value: "b c": name part');
  expect(said('1.20')).toMatch(/^spec\.drivers\[0\]: Invalid value: .*"a", ?"b c"/);
});

describe('CSIDriver', () => {
  const named = (version: string, name: string): string[] =>
    subject(`${GROUP}/${version === '1.17' ? 'v1beta1' : 'v1'}`, 'CSIDriver', {
      metadata: { name },
      spec: {},
    }).create({}, { version });

  test('its name', () => {
    const long = 'a'.repeat(64);
    const said = (version: string): string[] =>
      ['A', 'a_b', long].flatMap((one) => named(version, one));
    const dns = SUBDOMAIN.replace('a lowercase RFC 1123', 'a DNS-1123');
    expect(said('1.17')).toEqual([
      `name: Invalid value: "a_b": ${dns}`,
      'name: Too long: must have at most 63 characters',
    ]);
    expect(said('1.21')).toEqual([
      `metadata.name: Invalid value: "A": ${SUBDOMAIN}`,
      `metadata.name: Invalid value: "a_b": ${SUBDOMAIN}`,
    ]);
  });

  test('what of it stays', () => {
    const before = { attachRequired: true, podInfoOnMount: false, fsGroupPolicy: 'None' };
    const now = { attachRequired: false, podInfoOnMount: true, fsGroupPolicy: 'File' };
    const more = { volumeLifecycleModes: ['Ephemeral'], storageCapacity: true };
    const said = (version: string): string[] =>
      subject(`${GROUP}/v1`, 'CSIDriver', { spec: {} })
        .update({ spec: { ...before } }, { spec: { ...now, ...more } }, { version })
        .map((text) => text.replace(/: .*: /, ': '));
    const fields = (...names: string[]): string[] =>
      names.map((one) => `spec.${one}: ${IMMUTABLE}`);
    expect(said('1.19')).toEqual([`spec: ${IMMUTABLE}`]);
    expect(said('1.22')).toEqual(
      fields(
        'attachedRequired',
        'fsGroupPolicy',
        'podInfoOnMount',
        'storageCapacity',
        'volumeLifecycleModes',
      ),
    );
    expect(said('1.28')).toEqual(
      fields('attachedRequired', 'fsGroupPolicy', 'podInfoOnMount', 'volumeLifecycleModes'),
    );
    expect(said('1.29')).toEqual(fields('attachedRequired', 'volumeLifecycleModes'));
  });
});

describe('sizes', () => {
  const claim = subject('v1', 'PersistentVolumeClaim', {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  const volume = subject('v1', 'PersistentVolume', {
    spec: { accessModes: ['ReadWriteOnce'], hostPath: { path: '/a' }, capacity: { storage: '1' } },
  });

  test('of claims', () => {
    const said = (storage: string, version: string): string[] =>
      claim
        .create({ spec: { resources: { requests: { storage } } } }, { version })
        .map((text) => text.replace('spec.resources[storage]: Invalid value: ', ''));
    const not = '"-1": must be greater than or equal to 0';
    expect(said('0', '1.8')).toEqual([]);
    expect(said('0', '1.9')).toEqual(['"0": must be greater than zero']);
    expect(said('-1', '1.8')).toEqual([not]);
    expect(said('-1', '1.16')).toEqual([not, '"-1": must be greater than zero']);
    expect(said('-1', '1.17')).toEqual(['"-1": must be greater than zero']);
  });

  test('of volumes', () => {
    const said = (storage: string, version: string): string[] =>
      volume.create({ spec: { capacity: { storage } } }, { version });
    const at = 'spec.capacity[storage]: Invalid value:';
    expect(said('0', '1.8')).toEqual([]);
    expect(said('0', '1.9')).toEqual([`${at} "0": must be greater than zero`]);
    expect(said('-1', '1.8')).toEqual([`${at} -1: must be a valid resource quantity`]);
  });
});

describe('claims', () => {
  const CLASS = 'volume.beta.kubernetes.io/storage-class';
  const claim = subject('v1', 'PersistentVolumeClaim', {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });

  test('the class moves from the annotation since 1.10', () => {
    const before = { metadata: { annotations: { [CLASS]: 'a' } } };
    const now = { ...before, spec: { storageClassName: 'a' } };
    expect(claim.update(before, now, { version: '1.10' })).toEqual([]);
    expect(claim.update(before, now, { version: '1.9' })).toEqual([
      'spec: Forbidden: field is immutable after creation',
    ]);
  });

  test('the annotation was looked at after the rest until 1.9', () => {
    const before = { metadata: { annotations: { [CLASS]: 'a' } } };
    const now = { metadata: { annotations: { [CLASS]: 'b' } }, spec: { volumeMode: 'Block' } };
    const fields = (version: string): unknown[] =>
      claim
        .update(before, { ...now, spec: { accessModes: ['ReadOnlyMany'] } }, { version })
        .map((text) => text.split(':')[0]);
    const annotation = `metadata.annotations.${CLASS}`;
    expect(fields('1.9')).toEqual(['spec', annotation]);
    expect(fields('1.10')).toEqual([annotation, 'spec']);
  });

  test('groups of sources are looked at since 1.29', () => {
    const dataSourceRef = { apiGroup: 'A', kind: 'Thing', name: 't' };
    const said = (version: string): string[] =>
      claim.create({ spec: { dataSourceRef } }, { version });
    expect(said('1.28')).toEqual([]);
    expect(said('1.29')).toHaveLength(2);
  });

  const status = (fields: object, version: string, gates = {}): string[] =>
    claim.update({}, { status: fields }, { version, gates, subresource: 'status' });
  const recovering = { RecoverVolumeExpansionFailure: true };

  test('conditions came with growing claims', () => {
    const conditions = [{ type: 'Resizing', status: 'True' }];
    expect(status({ conditions }, '1.10')).toEqual(['status.conditions: Forbidden: invalid field']);
    expect(status({ conditions }, '1.10', { ExpandPersistentVolumes: true })).toEqual([]);
    expect(status({ conditions }, '1.11')).toEqual([]);
    expect(status({ conditions }, '1.14', { ExpandPersistentVolumes: false })).toEqual([]);
  });

  test('how far growing is', () => {
    expect(status({ resizeStatus: 'Soon' }, '1.27', recovering)).toEqual([
      'status.resizeStatus: Unsupported value: "Soon": supported values: "", "ControllerExpansionFailed", "ControllerExpansionInProgress", "NodeExpansionFailed", "NodeExpansionInProgress", "NodeExpansionPending"',
    ]);
    const allocatedResourceStatuses = { storage: 'NodeResizeFailed' };
    expect(status({ allocatedResourceStatuses }, '1.30', recovering)).toEqual([]);
    expect(status({ allocatedResourceStatuses }, '1.31', recovering)[0]).toContain(
      '"NodeResizeInfeasible"',
    );
    const allocatedResources = { 'example.com/a': '1' };
    expect(status({ allocatedResources }, '1.27', recovering)).toEqual([
      'status.allocatedResources: Unsupported value: "example.com/a": supported values: "storage"',
    ]);
    expect(status({ allocatedResources }, '1.28', recovering)).toEqual([]);
  });
});
