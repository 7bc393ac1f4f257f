import { quantityMilliValue, quoted } from '../base/index.ts';
import type { NewObject } from './store.ts';
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from './types.ts';
import type { VersionRules } from './versions.ts';

/** What the API server says of volumes, claims and classes that it takes all the same. Models pkg/api/persistentvolume/util.go and its like. */
export function storageWarnings(object: NewObject, rules: VersionRules): string[] {
  if (rules.before('1.28')) return [];
  switch (object.kind) {
    case 'PersistentVolume':
      return ofVolume(object as unknown as PersistentVolume, rules);
    case 'PersistentVolumeClaim':
      return ofClaim(object as unknown as PersistentVolumeClaim);
    case 'StorageClass':
      return ofClass(object as unknown as StorageClass);
    default:
      return [];
  }
}

const CLASS = 'volume.beta.kubernetes.io/storage-class';
const MOUNT_OPTIONS = 'volume.beta.kubernetes.io/mount-options';

type Annotated = Pick<PersistentVolume, 'metadata'>;

function ofAnnotation(
  { metadata }: Annotated,
  name: string,
  since: string,
  attribute: string,
): string[] {
  if (metadata.annotations?.[name] === undefined) return [];
  const field = `metadata.annotations[${name}]`;
  return [`${field}: deprecated since ${since}; use "${attribute}" attribute instead`];
}

function ofClaim(claim: PersistentVolumeClaim): string[] {
  const { limits, requests } = claim.spec.resources ?? {};
  const fractions = Object.entries({ requests, limits }).flatMap(([list, amounts]) => {
    const amount = amounts?.['storage'];
    if (amount === undefined || quantityMilliValue(amount) % 1000 === 0) return [];
    const field = `spec.resources.${list}[storage]`;
    return `${field}: fractional byte value ${quoted(amount)} is invalid, must be an integer`;
  });
  return [...ofAnnotation(claim, CLASS, 'v1.8', 'storageClassName'), ...fractions];
}

/** Sources, with when they were deprecated and when they went, in upstream's order. */
const SOURCES = [
  ['cephfs', 'cephfs', 'v1.28', 'v1.31+'],
  ['photonPersistentDisk', 'photonPersistentDisk', 'v1.11', 'v1.16+'],
  ['scaleIO', 'scaleIO', 'v1.16', 'v1.22+'],
  ['storageos', 'storageOS', 'v1.22', 'v1.25+'],
  ['glusterfs', 'glusterfs', 'v1.25', 'v1.26+'],
  ['rbd', 'rbd', 'v1.28', 'v1.31+'],
] as const;

function ofVolume(volume: PersistentVolume, rules: VersionRules): string[] {
  const { spec } = volume;
  const options = rules.atLeast('1.31')
    ? ofAnnotation(volume, MOUNT_OPTIONS, 'v1.31', 'mountOptions')
    : [];
  const recycle =
    'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.';
  const sources = SOURCES.filter(([field]) => spec[field] !== undefined).map(
    ([, name, since, gone]) => `spec.${name}: deprecated in ${since}, non-functional in ${gone}`,
  );
  return [
    ...ofAnnotation(volume, CLASS, 'v1.8', 'storageClassName'),
    ...options,
    ...(spec.persistentVolumeReclaimPolicy === 'Recycle' ? [recycle] : []),
    ...ofAffinity(volume),
    ...sources,
  ];
}

/** Labels of nodes that others took the place of. */
const LABELS: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region':
    'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone':
    'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type':
    'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
};

function deprecated(label: string): string | undefined {
  return Object.hasOwn(LABELS, label) ? LABELS[label] : undefined;
}

function ofAffinity({ spec }: PersistentVolume): string[] {
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  return terms.flatMap(({ matchExpressions = [] }, term) =>
    matchExpressions.flatMap(({ key }, index) => {
      const text = deprecated(key);
      const at = `spec.nodeAffinity.required.nodeSelectorTerms[${term}].matchExpressions[${index}]`;
      return text === undefined ? [] : `${at}.key: ${key} is ${text}`;
    }),
  );
}

function ofClass({ allowedTopologies = [] }: StorageClass): string[] {
  return allowedTopologies.flatMap(({ matchLabelExpressions = [] }, term) =>
    matchLabelExpressions.flatMap(({ key }, index) => {
      const text = deprecated(key);
      const at = `allowedTopologies[${term}].matchLabelExpressions[${index}]`;
      return text === undefined ? [] : `${at}.key: ${text}`;
    }),
  );
}
