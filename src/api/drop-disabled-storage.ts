import type { NewObject } from './store.ts';
import type {
  ConfigMap,
  CSIDriver,
  CSIDriverSpec,
  PersistentVolume,
  PersistentVolumeClaim,
  PersistentVolumeClaimSpec,
  PersistentVolumeClaimStatus,
  Secret,
  StorageClass,
  TypedLocalObjectReference,
  VolumeAttachment,
} from './types.ts';
import type { VersionRules } from './versions.ts';

type Dropper<Kind> = (object: Kind, old: Kind | undefined, rules: VersionRules) => void;

interface Droppers {
  readonly PersistentVolumeClaim: Dropper<PersistentVolumeClaim>;
  readonly PersistentVolume: Dropper<PersistentVolume>;
  readonly StorageClass: Dropper<StorageClass>;
  readonly CSIDriver: Dropper<CSIDriver>;
  readonly VolumeAttachment: Dropper<VolumeAttachment>;
  readonly ConfigMap: Dropper<ConfigMap>;
  readonly Secret: Dropper<Secret>;
}

const dropImmutable: Dropper<{ immutable?: boolean }> = (object, old, rules) => {
  drop(object, old, 'immutable', rules.gate('ImmutableEphemeralVolumes'));
};

const DROPPERS: Droppers = {
  PersistentVolumeClaim: ({ spec, status }, old, rules) => {
    if (spec) dropOfClaim(spec, old?.spec, rules);
    if (status) dropOfClaimStatus(status, old?.status, rules);
  },
  PersistentVolume: ({ spec }, old, rules) => {
    if (!spec) return;
    dropAttributesClass(spec, old?.spec, rules);
    drop(spec, old?.spec, 'volumeMode', rules.gate('BlockVolume'));
    // Before it is an error.
    if (rules.atLeast('1.13')) drop(spec, old?.spec, 'csi', rules.gate('CSIPersistentVolume'));
  },
  StorageClass: (storageClass, old, rules) => {
    drop(storageClass, old, 'allowVolumeExpansion', rules.gate('ExpandPersistentVolumes'));
    drop(storageClass, old, 'volumeBindingMode', rules.gate('VolumeScheduling'));
  },
  CSIDriver: ({ spec }, old, rules) => {
    if (spec) dropOfDriver(spec, old?.spec, rules);
  },
  ConfigMap: dropImmutable,
  Secret: dropImmutable,
  VolumeAttachment: ({ spec, status }, old, rules) => {
    const migrates = rules.gate('CSIMigration');
    if (spec?.source) drop(spec.source, old?.spec.source, 'inlineVolumeSpec', migrates);
    for (const field of ['attachError', 'detachError'] as const) {
      const on = rules.gate('MutableCSINodeAllocatableCount');
      if (status?.[field]) drop(status[field], old?.status?.[field], 'errorCode', on);
    }
  },
};

/** Drops what this version's storage API does not have turned on, in place. Models PrepareForCreate and PrepareForUpdate of the registries. */
export function dropDisabledStorageFields(
  object: NewObject,
  old: NewObject | undefined,
  rules: VersionRules,
): void {
  if (!Object.hasOwn(DROPPERS, object.kind)) return;
  const dropper = DROPPERS[object.kind as keyof Droppers] as unknown as Dropper<NewObject>;
  dropper(object, old, rules);
}

/** Takes a field away, unless its gate is on or what is stored has it. */
function drop<T extends object>(
  from: T,
  old: T | undefined,
  field: keyof T & string,
  on: boolean,
): void {
  if (!on && old?.[field] === undefined) delete from[field];
}

interface WithAttributesClass {
  volumeAttributesClassName?: string;
}

function dropAttributesClass(
  spec: WithAttributesClass,
  old: WithAttributesClass | undefined,
  rules: VersionRules,
): void {
  drop(spec, old, 'volumeAttributesClassName', rules.gate('VolumeAttributesClass'));
}

/** Models pkg/api/persistentvolumeclaim/util.go. */
function dropOfClaim(
  spec: PersistentVolumeClaimSpec,
  old: PersistentVolumeClaimSpec | undefined,
  rules: VersionRules,
): void {
  const any = rules.gate('AnyVolumeDataSource');
  dropAttributesClass(spec, old, rules);
  drop(spec, old, 'volumeMode', rules.gate('BlockVolume'));
  drop(spec, old, 'dataSourceRef', any);
  if (spec.dataSourceRef?.namespace) {
    drop(spec, old, 'dataSourceRef', rules.gate('CrossNamespaceVolumeDataSource'));
  }
  if (!old?.dataSource && !old?.dataSourceRef && !spec.dataSourceRef) dropSource(spec, rules);
  if (any) fillInDataSources(spec);
}

/** In 1.12 and 1.13 one that cannot be is an error, in 1.14 so is one of another kind. */
function dropSource(spec: PersistentVolumeClaimSpec, rules: VersionRules): void {
  if (!spec.dataSource || rules.before('1.14')) return;
  const kept = rules.before('1.15')
    ? rules.gate('VolumeSnapshotDataSource')
    : isKnownSource(spec.dataSource, rules);
  if (!kept) delete spec.dataSource;
}

/** The two kinds that the older of the two fields takes, each since its gate is on. */
function isKnownSource(
  { apiGroup, kind }: TypedLocalObjectReference,
  rules: VersionRules,
): boolean {
  if (!apiGroup) return kind === 'PersistentVolumeClaim' && rules.gate('VolumePVCDataSource');
  if (apiGroup !== 'snapshot.storage.k8s.io' || kind !== 'VolumeSnapshot') return false;
  return rules.gate('VolumeSnapshotDataSource');
}

/** Each of the two fields says what the other does. Models NormalizeDataSources. */
export function fillInDataSources(spec: PersistentVolumeClaimSpec): void {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource && !dataSourceRef) spec.dataSourceRef = { ...dataSource };
  if (!dataSource && dataSourceRef && !dataSourceRef.namespace) {
    const { namespace: _, ...source } = dataSourceRef;
    spec.dataSource = source;
  }
}

function dropOfClaimStatus(
  status: PersistentVolumeClaimStatus,
  old: PersistentVolumeClaimStatus | undefined,
  rules: VersionRules,
): void {
  const attributes = rules.gate('VolumeAttributesClass');
  drop(status, old, 'currentVolumeAttributesClassName', attributes);
  drop(status, old, 'modifyVolumeStatus', attributes);
  const recovery = rules.gate('RecoverVolumeExpansionFailure');
  drop(status, old, 'allocatedResources', recovery);
  drop(status, old, 'allocatedResourceStatuses', recovery);
}

/** Gates of a CSIDriver's fields. */
const OF_DRIVER: readonly (readonly [field: keyof CSIDriverSpec & string, gate: string])[] = [
  ['storageCapacity', 'CSIStorageCapacity'],
  ['volumeLifecycleModes', 'CSIInlineVolume'],
  ['tokenRequests', 'CSIServiceAccountToken'],
  ['requiresRepublish', 'CSIServiceAccountToken'],
  ['fsGroupPolicy', 'CSIVolumeFSGroupPolicy'],
  ['seLinuxMount', 'SELinuxMountReadWriteOncePod'],
  ['nodeAllocatableUpdatePeriodSeconds', 'MutableCSINodeAllocatableCount'],
  ['serviceAccountTokenInSecrets', 'CSIServiceAccountTokenSecrets'],
];

function dropOfDriver(
  spec: CSIDriverSpec,
  old: CSIDriverSpec | undefined,
  rules: VersionRules,
): void {
  for (const [field, gate] of OF_DRIVER) drop(spec, old, field, rules.gate(gate));
}
