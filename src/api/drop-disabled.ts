import { everyContainer, isSidecar } from './defaults/pod.ts';
import { dropDisabledStorageFields } from './drop-disabled-storage.ts';
import { podSpecOf } from './pods-of.ts';
import type { NewObject } from './store.ts';
import type { PodSpec, VolumeProjection } from './types.ts';
import type { VersionRules } from './versions.ts';

/** Fields that are dropped in silence while their gate is off, unless what is stored has them already. */
interface GatedFields {
  readonly gate: string;
  /** The first version that drops them; the ones before refuse them. Default: every version. */
  readonly since?: string;
  /** The first version that goes by another gate. */
  readonly until?: string;
  readonly drop: (spec: PodSpec) => void;
  readonly inUse: (spec: PodSpec) => boolean;
}

/** Drops what this version does not have turned on, in place. Models DropDisabledPodFields of pkg/api/pod/util.go. */
export function dropDisabledFields(
  object: NewObject,
  old: NewObject | undefined,
  rules: VersionRules,
): void {
  dropDisabledStorageFields(object, old, rules);
  const spec = podSpecOf(object)?.spec;
  if (!spec) return;
  const oldSpec = old && podSpecOf(old)?.spec;
  for (const { gate, since, until, drop, inUse } of GATED) {
    if (rules.gate(gate) || (since !== undefined && rules.before(since))) continue;
    if (until !== undefined && rules.atLeast(until)) continue;
    if (!(oldSpec && inUse(oldSpec)) && inUse(spec)) drop(spec);
  }
}

function mountsOf(
  spec: PodSpec,
): NonNullable<ReturnType<typeof everyContainer>[number]['volumeMounts']> {
  return everyContainer(spec).flatMap(({ volumeMounts = [] }) => volumeMounts);
}

function projectionsOf(spec: PodSpec): VolumeProjection[] {
  return (spec.volumes ?? []).flatMap(({ projected }) => projected?.sources ?? []);
}

/** A volume without its source; that it has none then is an error. */
function volumeSource(gate: string, field: 'csi' | 'ephemeral'): GatedFields {
  return {
    gate,
    drop: ({ volumes = [] }) => {
      for (const volume of volumes) delete volume[field];
    },
    inUse: ({ volumes = [] }) => volumes.some((volume) => volume[field]),
  };
}

function projection(gate: string, field: keyof VolumeProjection): GatedFields {
  return {
    gate,
    drop: (spec) => {
      for (const source of projectionsOf(spec)) delete source[field];
    },
    inUse: (spec) => projectionsOf(spec).some((source) => source[field]),
  };
}

function mountField(
  gate: string,
  field: 'recursiveReadOnly' | 'subPathExpr' | 'subPath' | 'bindMountOptions' | 'mountPropagation',
): GatedFields {
  return {
    gate,
    drop: (spec) => {
      for (const mount of mountsOf(spec)) delete mount[field];
    },
    inUse: (spec) => mountsOf(spec).some((mount) => mount[field] !== undefined),
  };
}

function securityField(
  gate: string,
  field: 'fsGroupChangePolicy' | 'seLinuxChangePolicy',
): GatedFields {
  return {
    gate,
    drop: ({ securityContext }) => {
      delete securityContext?.[field];
    },
    inUse: ({ securityContext }) => securityContext?.[field] !== undefined,
  };
}

function emptyDirField(gate: string, field: 'mode' | 'sizeLimit'): GatedFields {
  return {
    gate,
    drop: ({ volumes = [] }) => {
      for (const { emptyDir } of volumes) delete emptyDir?.[field];
    },
    inUse: ({ volumes = [] }) => volumes.some(({ emptyDir }) => emptyDir?.[field] !== undefined),
  };
}

/** Volumes of images go with the mounts that name them. */
const imageVolumes: GatedFields = {
  gate: 'ImageVolume',
  drop: (spec) => {
    const all = spec.volumes ?? [];
    const names = new Set(all.filter(({ image }) => image).map(({ name }) => name));
    spec.volumes = all.filter(({ image }) => !image);
    for (const container of everyContainer(spec)) {
      if (!container.volumeMounts) continue;
      container.volumeMounts = container.volumeMounts.filter(({ name }) => !names.has(name));
    }
  },
  inUse: ({ volumes = [] }) => volumes.some(({ image }) => image),
};

const filesOfVariables: GatedFields = {
  gate: 'EnvFiles',
  drop: (spec) => {
    for (const { env = [] } of everyContainer(spec)) {
      for (const { valueFrom } of env) delete valueFrom?.fileKeyRef;
    }
  },
  inUse: (spec) =>
    everyContainer(spec).some(({ env = [] }) => env.some((one) => one.valueFrom?.fileKeyRef)),
};

const ephemeralContainers: GatedFields = {
  gate: 'EphemeralContainers',
  drop: (spec) => {
    delete spec.ephemeralContainers;
  },
  inUse: ({ ephemeralContainers = [] }) => ephemeralContainers.length > 0,
};

const resourcesOfPods: GatedFields = {
  gate: 'PodLevelResources',
  drop: (spec) => {
    delete spec.resources;
  },
  inUse: ({ resources }) => resources !== undefined,
};

const devices: GatedFields = {
  gate: 'BlockVolume',
  drop: (spec) => {
    for (const container of everyContainer(spec)) delete container.volumeDevices;
  },
  inUse: (spec) => everyContainer(spec).some(({ volumeDevices = [] }) => volumeDevices.length > 0),
};

/** Users of its own, which versions before 1.25 do not know either. */
const usersOfPods: GatedFields = {
  gate: 'UserNamespacesSupport',
  drop: (spec) => {
    delete spec.hostUsers;
  },
  inUse: ({ hostUsers }) => hostUsers !== undefined,
};

/** How containers take new resources, and which that start a Pod go on with it. */
const resizePolicies: GatedFields = {
  gate: 'InPlacePodVerticalScaling',
  drop: (spec) => {
    for (const container of everyContainer(spec)) delete container.resizePolicy;
  },
  inUse: (spec) => everyContainer(spec).some(({ resizePolicy = [] }) => resizePolicy.length > 0),
};

const sidecars: GatedFields = {
  gate: 'SidecarContainers',
  drop: ({ initContainers = [] }) => {
    for (const container of initContainers) delete container.restartPolicy;
  },
  inUse: ({ initContainers = [] }) => initContainers.some(isSidecar),
};

/** What says who owns the files of a volume, by the name of the field. */
function* ownersOfFiles({ volumes = [] }: PodSpec): Generator<['defaultUser' | 'user', object]> {
  for (const { secret, configMap, downwardAPI, projected } of volumes) {
    for (const source of [secret, configMap, downwardAPI, projected]) {
      if (source) yield ['defaultUser', source];
    }
    const projections = projected?.sources ?? [];
    for (const source of [{ secret, configMap, downwardAPI }, ...projections]) {
      const files = [source.secret, source.configMap, source.downwardAPI];
      for (const file of files.flatMap((one) => one?.items ?? [])) yield ['user', file];
    }
    for (const { serviceAccountToken, clusterTrustBundle } of projections) {
      if (serviceAccountToken) yield ['user', serviceAccountToken];
      if (clusterTrustBundle) yield ['user', clusterTrustBundle];
    }
  }
}

const usersOfFiles: GatedFields = {
  gate: 'AtomicWriteVolumeUserFields',
  drop: (spec) => {
    for (const [field, owner] of ownersOfFiles(spec)) {
      delete (owner as { [name in typeof field]?: number })[field];
    }
  },
  inUse: (spec) =>
    [...ownersOfFiles(spec)].some(
      ([field, owner]) => (owner as { [name in typeof field]?: number })[field] !== undefined,
    ),
};

const GATED: readonly GatedFields[] = [
  imageVolumes,
  filesOfVariables,
  ephemeralContainers,
  resourcesOfPods,
  volumeSource('CSIInlineVolume', 'csi'),
  volumeSource('GenericEphemeralVolume', 'ephemeral'),
  projection('ClusterTrustBundleProjection', 'clusterTrustBundle'),
  projection('PodCertificateRequest', 'podCertificate'),
  mountField('RecursiveReadOnlyMounts', 'recursiveReadOnly'),
  mountField('VolumeSubpathEnvExpansion', 'subPathExpr'),
  mountField('VolumeBindMountOptions', 'bindMountOptions'),
  securityField('ConfigurableFSGroupPolicy', 'fsGroupChangePolicy'),
  securityField('SELinuxChangePolicy', 'seLinuxChangePolicy'),
  emptyDirField('EmptyDirVolumeMode', 'mode'),
  usersOfFiles,
  devices,
  { ...usersOfPods, since: '1.28' },
  { ...usersOfPods, gate: 'UserNamespacesStatelessPodsSupport', until: '1.28' },
  resizePolicies,
  sidecars,
  mountField('MountPropagation', 'mountPropagation'),
  { ...emptyDirField('LocalStorageCapacityIsolation', 'sizeLimit'), since: '1.8' },
  { ...mountField('VolumeSubpath', 'subPath'), since: '1.14' },
  { ...projection('TokenRequestProjection', 'serviceAccountToken'), since: '1.14' },
];
