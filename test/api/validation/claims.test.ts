import { describe, expect, test } from 'vitest';
import { subject } from './objects.ts';
import { LABEL, SUBDOMAIN } from './refusals.ts';

const BASE = {
  metadata: { name: 'x', namespace: 'default' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } },
};
const claim = subject('v1', 'PersistentVolumeClaim', BASE);
const spec = (fields: object) => ({ spec: fields });
const size = (storage: string) => ({ resources: { requests: { storage } } });

describe('PersistentVolumeClaim', () => {
  test('a good one; limits are not looked at', () => {
    expect(claim.create({})).toEqual([]);
    expect(claim.create(spec({ resources: { limits: { storage: '1' } } }))).toEqual([]);
  });

  test('V100, V101 accessModes', () => {
    expect(claim.create(spec({ accessModes: [] }))).toEqual([
      'spec.accessModes: Required value: at least 1 access mode is required',
    ]);
    expect(claim.create(spec({ accessModes: ['Fake', 'ReadWriteOnce'] }))).toEqual([
      'spec.accessModes: Unsupported value: "Fake": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
    ]);
    expect(claim.create(spec({ accessModes: ['ReadWriteOncePod', 'ReadWriteOnce'] }))).toEqual([
      'spec.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes',
    ]);
  });

  test('V102, V103 requests.storage', () => {
    expect(claim.create(spec({ resources: undefined }))).toEqual([
      'spec.resources[storage]: Required value',
    ]);
    expect(claim.create(spec(size('0')))).toEqual([
      'spec.resources[storage]: Invalid value: "0": must be greater than zero',
    ]);
    expect(claim.create(spec(size('500m')))).toEqual([]);
  });

  test('V104, V105 class and mode', () => {
    expect(claim.create(spec({ storageClassName: '-a', volumeMode: 'Tape' }))).toEqual([
      `spec.storageClassName: Invalid value: "-a": ${SUBDOMAIN}`,
      'spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"',
    ]);
    expect(claim.create(spec({ storageClassName: '' }))).toEqual([]);
  });

  test('V106 selector', () => {
    const selector = { matchExpressions: [{ key: 'a', operator: 'In', values: [] }] };
    expect(claim.create(spec({ selector }))).toEqual([
      "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    ]);
  });

  test('V107, V108, V109 dataSourceRef', () => {
    const from = (dataSourceRef: object) => claim.create(spec({ dataSourceRef }));
    // Each of the two fields is filled in from the other.
    const both = (...details: string[]) =>
      ['dataSource', 'dataSourceRef'].flatMap((field) =>
        details.map((detail) => `spec.${field}${detail}`),
      );
    const core = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
    expect(from({ kind: '', name: '' })).toEqual(
      both('.name: Required value', '.kind: Required value', `: Invalid value: "": ${core}`),
    );
    expect(from({ kind: 'Pod', name: 'p' })).toEqual(both(`: Invalid value: "Pod": ${core}`));
    const group = { apiGroup: 'A', kind: 'Thing', name: 't' };
    expect(from(group)).toEqual(both(`.apiGroup: Invalid value: "A": ${SUBDOMAIN}`));
    const stored = spec({ dataSourceRef: group });
    expect(claim.update(stored, { ...stored, metadata: { labels: { a: 'b' } } })).toEqual([]);
    expect(claim.create(stored, { version: '1.26' })).toEqual([]);
  });

  test.each<[string, object, string[]]>([
    [
      'a gate that is off',
      {},
      ['spec.dataSource: Forbidden: VolumeSnapshotDataSource is disabled by feature-gate'],
    ],
    ['a name', { name: '' }, ['spec.dataSource.name: Required value']],
    [
      'a kind',
      { kind: 'Pod' },
      ['spec.dataSource: Unsupported value: "Pod": supported values: "VolumeSnapshot"'],
    ],
    [
      'a group',
      { apiGroup: 'a' },
      ['spec.dataSource: Unsupported value: "a": supported values: "snapshot.storage.k8s.io"'],
    ],
    ['nothing else', {}, []],
  ])('V107, V108 in 1.12 a dataSource is a snapshot: %s', (what, fields, expected) => {
    const dataSource = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 's' };
    const gates = what === 'a gate that is off' ? {} : { VolumeSnapshotDataSource: true };
    const rules = { version: '1.12', gates };
    expect(claim.create(spec({ dataSource: { ...dataSource, ...fields } }), rules)).toEqual(
      expected,
    );
  });

  test('V101, V105 what a gate turns off', () => {
    const once = spec({ accessModes: ['ReadWriteOncePod'] });
    const modes = '"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce"';
    expect(claim.create(once, { version: '1.26' })).toEqual([
      `spec.accessModes: Unsupported value: "ReadWriteOncePod": supported values: ${modes}`,
    ]);
    const labelled = { ...once, metadata: { labels: { a: 'b' } } };
    expect(claim.update(once, labelled, { version: '1.26' })).toEqual([]);
    // It is dropped before anybody looks.
    expect(claim.create(spec({ volumeMode: 'x' }), { version: '1.12' })).toEqual([]);
    expect(claim.create(spec({ volumeMode: 'x' }), { version: '1.13' })).toEqual([
      'spec.volumeMode: Unsupported value: "x": supported values: "Block", "Filesystem"',
    ]);
  });

  test('V110, V111, V112 dataSource beside dataSourceRef', () => {
    const dataSource = { kind: 'PersistentVolumeClaim', name: 'a' };
    const gates = { CrossNamespaceVolumeDataSource: true };
    const both = (dataSourceRef: object) =>
      claim.create(spec({ dataSource, dataSourceRef }), { gates });
    expect(both({ ...dataSource, name: 'b' })).toEqual([
      'spec: Invalid value: {}: must match dataSourceRef',
    ]);
    expect(both({ ...dataSource, namespace: 'n' })).toEqual([
      'spec: Invalid value: {}: may not be specified when dataSourceRef.namespace is specified',
    ]);
    const dataSourceRef = { ...dataSource, namespace: 'N' };
    expect(claim.create(spec({ dataSourceRef }), { gates })).toEqual([
      `spec.dataSourceRef.namespace: Invalid value: "N": ${LABEL}`,
    ]);
  });

  test('V113 volumeAttributesClassName', () => {
    expect(claim.create(spec({ volumeAttributesClassName: 'A' }))).toEqual([
      `spec.volumeAttributesClassName: Invalid value: "A": ${SUBDOMAIN}`,
    ]);
    expect(claim.create(spec({ volumeAttributesClassName: '' }))).toEqual([]);
  });
});

const BOUND = { status: { phase: 'Bound', capacity: { storage: '10Gi' } } };
const text =
  'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n';

describe('changes of a PersistentVolumeClaim', () => {
  test('V115 the spec stays, with a few exceptions', () => {
    const [error, ...others] = claim.update({}, spec({ accessModes: ['ReadOnlyMany'] }));
    expect(error).toBe(
      `${text}- accessModes[0]: "ReadWriteOnce"\n+ accessModes[0]: "ReadOnlyMany"`,
    );
    expect(others).toEqual([]);
    expect(claim.update({}, spec({ volumeName: 'v' }))).toEqual([]);
    expect(claim.update(spec({ volumeName: 'v' }), spec({ volumeName: 'w' }))).toHaveLength(1);
    expect(claim.update({}, spec({ storageClassName: 'fast' }))).toEqual([]);
    const from = (name: string) => spec({ storageClassName: name });
    expect(claim.update({}, from('fast'), { version: '1.24' })).toHaveLength(1);
    expect(claim.update(from('fast'), from('slow'))).toHaveLength(1);
  });

  test.each([
    ['1.5', 'spec is immutable once a claim has been bound to a volume'],
    ['1.6', 'field is immutable after creation'],
    ['1.10', 'field is immutable after creation'],
    ['1.11', 'is immutable after creation except resources.requests for bound claims'],
  ])('V115 in %s: %s', (version, detail) => {
    const changed = spec({ accessModes: ['ReadOnlyMany'] });
    expect(claim.update({}, changed, { version })).toEqual([`spec: Forbidden: ${detail}`]);
  });

  test('V115 the difference is told from 1.19 on', () => {
    const said = (version: string, gates = {}): string[] =>
      claim.update({}, spec({ accessModes: ['ReadOnlyMany'] }), { version, gates });
    const difference = '- accessModes[0]: "ReadWriteOnce"\n+ accessModes[0]: "ReadOnlyMany"';
    expect(said('1.18')).toEqual([
      'spec: Forbidden: is immutable after creation except resources.requests for bound claims',
    ]);
    expect(said('1.19')).toEqual([
      `spec: Forbidden: spec is immutable after creation except resources.requests for bound claims\n${difference}`,
    ]);
    expect(said('1.23', { ExpandPersistentVolumes: false })).toEqual([
      `spec: Forbidden: field is immutable after creation\n${difference}`,
    ]);
  });

  test('V116 it does not shrink below what it has', () => {
    const field = 'spec.resources.requests.storage';
    const grown = { ...BOUND, ...spec(size('20Gi')) };
    expect(claim.update(grown, { ...BOUND, ...spec(size('15Gi')) })).toEqual([]);
    for (const storage of ['10Gi', '5Gi']) {
      expect(claim.update(grown, { ...BOUND, ...spec(size(storage)) })).toEqual([
        `${field}: Forbidden: field can not be less than status.capacity`,
      ]);
    }
    expect(claim.update(grown, { ...BOUND, ...spec(size('15Gi')) }, { version: '1.31' })).toEqual([
      `${field}: Forbidden: field can not be less than previous value`,
    ]);
  });

  test('V115 before it is bound, its size stays too', () => {
    expect(claim.update({}, spec(size('9Gi')))).toEqual([
      `${text}- resources.requests.storage: "10Gi"\n+ resources.requests.storage: "9Gi"`,
    ]);
  });

  test('V117 volumeMode stays', () => {
    const mode = (volumeMode: string) => spec({ volumeMode });
    const [first, second] = claim.update(mode('Filesystem'), mode('Block'));
    expect(first).toContain(text);
    expect(second).toBe('volumeMode: Invalid value: "Block": field is immutable');
  });

  test('V118 the old annotation of the class stays', () => {
    const annotation = 'volume.beta.kubernetes.io/storage-class';
    const of = (name: string) => ({ metadata: { annotations: { [annotation]: name } } });
    expect(claim.update(of('fast'), of('slow'))).toEqual([
      `metadata.annotations.${annotation}: Invalid value: "slow": field is immutable`,
    ]);
    const now = spec({ storageClassName: 'fast' });
    expect(claim.update(of('fast'), now)).toEqual([]);
    expect(claim.update(of('fast'), { ...of('slow'), ...now })).toEqual([
      `metadata.annotations.${annotation}: Invalid value: "slow": field is immutable`,
    ]);
    const other = claim.update(of('fast'), {
      ...of('fast'),
      ...spec({ storageClassName: 'slow' }),
    });
    expect(other).toEqual([`${text}+ storageClassName: "slow"`]);
  });

  test('V119, V120 volumeAttributesClassName', () => {
    const of = (name: string | undefined, status: object = {}) => ({
      spec: { volumeAttributesClassName: name },
      status: { phase: 'Bound', ...status },
    });
    const applied = { currentVolumeAttributesClassName: 'gold' };
    expect(claim.update(of('gold', applied), of('silver', applied))).toEqual([]);
    expect(claim.update(of('gold'), of(undefined))).toEqual([]);
    const when = 'is forbidden when status.currentVolumeAttributesClassName is not nil';
    expect(claim.update(of('gold', applied), of(undefined, applied))).toEqual([
      `spec.volumeAttributesClassName: Forbidden: update to nil ${when}`,
    ]);
    expect(claim.update(of('gold', applied), of('', applied))).toEqual([
      `spec.volumeAttributesClassName: Forbidden: update to empty string ${when}`,
    ]);
    const pending = { phase: 'Pending' };
    expect(claim.update(of('gold', pending), of('silver', pending))).toHaveLength(1);
  });

  test('V119, V120 volumeAttributesClassName before 1.34', () => {
    const of = (name: string | undefined) => spec({ volumeAttributesClassName: name });
    const rules = { version: '1.33', gates: { VolumeAttributesClass: true } };
    const field = 'spec.volumeAttributesClassName';
    expect(claim.update(of('gold'), of('silver'), rules)).toEqual([]);
    expect(claim.update(of('gold'), of(undefined), rules)).toEqual([
      `${field}: Forbidden: update from non-nil value to nil is forbidden`,
    ]);
    expect(claim.update(of('gold'), of(''), rules)).toEqual([
      `${field}: Forbidden: update from non-nil value to an empty string is forbidden`,
    ]);
    expect(claim.update(of('gold'), of('silver'), { version: '1.31' })).toEqual([
      `${field}: Forbidden: update is forbidden when the VolumeAttributesClass feature gate is disabled`,
    ]);
  });

  test('its status: capacities, and how far a resize is', () => {
    const status = (fields: object) =>
      claim.update(BOUND, { status: fields }, { subresource: 'status' });
    expect(status({ capacity: { storage: '-1' } })).toEqual([
      'status.capacity[storage]: Invalid value: -1: must be a valid resource quantity',
    ]);
    const statuses =
      '"ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending"';
    expect(status({ allocatedResourceStatuses: { storage: 'Slow' } })).toEqual([
      `status.allocatedResourceStatuses: Unsupported value: "storage": supported values: ${statuses}`,
    ]);
    expect(status({ allocatedResourceStatuses: { storage: 'NodeResizePending' } })).toEqual([]);
    const allocated = (allocatedResources: object) => status({ allocatedResources });
    expect(allocated({ cpu: '1', 'a/b/c': '1', storage: '-1' })).toEqual([
      'status.allocatedResources: Unsupported value: "cpu": supported values: "storage"',
      expect.stringMatching(
        /^status\.allocatedResources: Invalid value: "a\/b\/c": a qualified name/,
      ),
      'status.allocatedResources[storage]: Invalid value: -1: must be a valid resource quantity',
    ]);
    expect(allocated({ 'example.com/blocks': '1', storage: '1Gi' })).toEqual([]);
  });
});
