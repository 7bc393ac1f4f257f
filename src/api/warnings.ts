import { quantityMilliValue, quoted } from '../base/index.ts';
import { everyContainer } from './defaults/pod.ts';
import { overlapWarnings } from './overlap-warnings.ts';
import { podSpecOf } from './pods-of.ts';
import { storageWarnings } from './storage-warnings.ts';
import type { NewObject } from './store.ts';
import type { PodSpec, Volume } from './types.ts';
import { everyContainerWithPath } from './validation/os.ts';
import type { VersionRules } from './versions.ts';

/**
 * 7.7: what the API server says of an object that it takes all the same, and kubectl prints. Models pkg/api/pod/warnings.go.
 */
export function warningsFor(object: NewObject, rules: VersionRules): string[] {
  const found = podSpecOf(object);
  if (!found) return storageWarnings(object, rules);
  if (rules.before('1.21') || everyContainer(found.spec).length === 0) return [];
  const { spec, at } = found;
  return [
    ...deprecatedVolumes(spec, at, rules),
    ...(rules.atLeast('1.30') ? overlapWarnings(spec.volumes ?? []) : []),
    ...fractions(spec, at),
  ];
}

/** Volume types by the version that deprecated them, in upstream's order, and what became of them. */
const DEPRECATED: readonly (readonly [type: keyof Volume, since: string, then: string])[] = [
  ['photonPersistentDisk', '1.11', ', non-functional in v1.16+'],
  ['gitRepo', '1.11', ''],
  ['scaleIO', '1.16', ', non-functional in v1.22+'],
  ['flocker', '1.22', ', non-functional in v1.25+'],
  ['storageos', '1.22', ', non-functional in v1.25+'],
  ['quobyte', '1.22', ', non-functional in v1.25+'],
  ['glusterfs', '1.25', ', non-functional in v1.26+'],
  ['cephfs', '1.28', ', non-functional in v1.31+'],
  ['rbd', '1.28', ', non-functional in v1.31+'],
];

function deprecatedVolumes({ volumes = [] }: PodSpec, at: string, rules: VersionRules): string[] {
  if (!volumes.some((volume) => DEPRECATED.some(([type]) => volume[type]))) return [];
  return volumes.flatMap((volume, index) =>
    DEPRECATED.flatMap(([type, since, then]) => {
      if (!volume[type] || rules.before(since)) return [];
      const name = type === 'storageos' ? 'storageOS' : type;
      const disabled = type === 'gitRepo' && rules.atLeast('1.33');
      const text = disabled ? ', and disabled by default in v1.33+' : then;
      return `${at}.volumes[${index}].${name}: deprecated in v${since}${text}`;
    }),
  );
}

const IN_BYTES: readonly string[] = ['memory', 'ephemeral-storage'];

/** Few Pods have any: those that have none cost little. */
function hasFractions(spec: PodSpec): boolean {
  if (spec.volumes?.some(({ ephemeral }) => ephemeral)) return true;
  return everyContainer(spec).some(
    ({ resources: { limits, requests } = {} }) => isFraction(limits) || isFraction(requests),
  );
}

function isFraction(amounts: Readonly<Record<string, string>> = {}): boolean {
  return IN_BYTES.some((name) => {
    const amount = amounts[name];
    return amount !== undefined && quantityMilliValue(amount) % 1000 !== 0;
  });
}

/** Parts of bytes. */
function fractions(spec: PodSpec, at: string): string[] {
  if (!hasFractions(spec)) return [];
  const claims = (spec.volumes ?? []).map(({ ephemeral }, index) => {
    const { requests } = ephemeral?.volumeClaimTemplate?.spec?.resources ?? {};
    const field = `${at}.volumes[${index}].ephemeral.volumeClaimTemplate.spec.resources.requests`;
    return fractionsOf(requests, field, ['storage']);
  });
  const containers = everyContainerWithPath(at, spec).map(([path, { resources = {} }]) => {
    const lists = (['limits', 'requests'] as const).map((list) => [list, resources[list]] as const);
    return lists.flatMap(([list, amounts]) =>
      fractionsOf(amounts, `${path}.resources.${list}`, IN_BYTES),
    );
  });
  return [...claims, ...containers].flat();
}

function fractionsOf(
  amounts: Readonly<Record<string, string>> | undefined,
  field: string,
  names: readonly string[],
): string[] {
  if (!amounts) return [];
  return names.flatMap((name) => {
    const amount = Object.hasOwn(amounts, name) ? amounts[name] : undefined;
    if (amount === undefined || quantityMilliValue(amount) % 1000 === 0) return [];
    return `${field}[${name}]: fractional byte value ${quoted(amount)} is invalid, must be an integer`;
  });
}
