import type { LabelSelector, VersionRules } from '../../api/index.ts';
import { hasLabels, holds } from '../../api/node-selector.ts';
import { compare, type DeepReadonly, quoted } from '../../base/index.ts';
import { amountOf } from '../../plugin/amounts.ts';
import type { Stored } from '../context.ts';
import { classOf } from './annotations.ts';
import { refersTo, volumeModeOf } from './claims.ts';

type Claim = Stored<'PersistentVolumeClaim'>;
type Volume = Stored<'PersistentVolume'>;

export interface MatchOptions {
  readonly rules: VersionRules;
  /** The scheduler will choose: only a volume reserved for the claim is taken. */
  readonly delayed?: boolean;
}

/**
 * The volume for an unbound claim: of the groups of volumes with the same access modes that have all requested, the one with
 * the fewest modes that has a fitting volume; in it one that is reserved for the claim, else the smallest.
 * Models findByClaim of pkg/controller/volume/persistentvolume/index.go. Ties: by name.
 */
export function findMatch(
  claim: Claim,
  volumes: readonly Volume[],
  options: MatchOptions,
): Volume | undefined {
  const wanted = claim.spec.accessModes ?? [];
  for (const group of groups(volumes)) {
    if (!wanted.every((mode) => group.modes.includes(mode))) continue;
    const found = bestOf(claim, group.volumes, options);
    if (found) return found;
  }
  return undefined;
}

interface Group {
  readonly modes: readonly string[];
  readonly volumes: Volume[];
}

function groups(volumes: readonly Volume[]): Group[] {
  const groups = new Map<string, Group>();
  for (const volume of volumes) {
    const modes = [...new Set(volume.spec.accessModes)].sort(compare);
    const key = modes.join();
    const group = groups.get(key) ?? { modes, volumes: [] };
    groups.set(key, group);
    group.volumes.push(volume);
  }
  return [...groups.entries()]
    .sort(([a, { modes: m }], [b, { modes: n }]) => m.length - n.length || compare(a, b))
    .map(([, group]) => group);
}

function bestOf(
  claim: Claim,
  volumes: readonly Volume[],
  { rules, delayed = false }: MatchOptions,
): Volume | undefined {
  let best: Volume | undefined;
  for (const volume of volumes) {
    if (!couldHold(volume, claim)) continue;
    if (refersTo(volume, claim)) return volume;
    if (delayed || !isFree(volume, rules) || !suits(volume, claim)) continue;
    if (!best || capacityOf(volume) < capacityOf(best)) best = volume;
  }
  return best;
}

/**
 * The scheduler's search for a claim that waited for a node. Models FindMatchingVolume of component-helpers/storage/volume
 * when a node is given.
 * @param admits whether a volume can be used on the node
 * @param taken volumes that the Pod's other claims got
 */
export function findMatchOnNode(
  claim: Claim,
  volumes: readonly Volume[],
  options: {
    readonly rules: VersionRules;
    readonly admits: (volume: Volume) => boolean;
    readonly taken: ReadonlySet<string>;
  },
): Volume | undefined {
  let best: Volume | undefined;
  for (const volume of volumes) {
    if (options.taken.has(volume.metadata.name) || !couldHold(volume, claim)) continue;
    if (refersTo(volume, claim)) return options.admits(volume) ? volume : undefined;
    if (!isFree(volume, options.rules) || !suits(volume, claim) || !hasModes(volume, claim))
      continue;
    if (!options.admits(volume)) continue;
    if (!best || capacityOf(volume) < capacityOf(best)) best = volume;
  }
  return best;
}

/** Not somebody else's, large enough, of the claim's mode and attributes, and here to stay. */
function couldHold(volume: Volume, claim: Claim): boolean {
  if (volume.spec.claimRef && !refersTo(volume, claim)) return false;
  if (volume.metadata.deletionTimestamp || capacityOf(volume) < requestOf(claim)) return false;
  return volumeModeOf(volume) === volumeModeOf(claim) && sameAttributesClass(volume, claim);
}

/** Until 1.8 a volume without claimRef was free whatever its phase. */
function isFree({ spec, status }: Volume, rules: VersionRules): boolean {
  if (spec.claimRef && rules.before('1.9')) return false;
  return rules.before('1.9') || status?.phase === 'Available';
}

function suits(volume: Volume, claim: Claim): boolean {
  if (classOf(volume) !== classOf(claim)) return false;
  const { selector } = claim.spec;
  return !selector || matchesSelector(selector, volume.metadata.labels);
}

function hasModes({ spec }: Volume, claim: Claim): boolean {
  return (claim.spec.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode));
}

function sameAttributesClass(volume: Volume, claim: Claim): boolean {
  return (
    (volume.spec.volumeAttributesClassName ?? '') === (claim.spec.volumeAttributesClassName ?? '')
  );
}

/** Whether labels are selected. */
export function matchesSelector(
  { matchLabels, matchExpressions = [] }: DeepReadonly<LabelSelector>,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  return (
    hasLabels(matchLabels, labels) &&
    matchExpressions.every((requirement) => holds(requirement, labels))
  );
}

/** Bytes of a volume. */
export function capacityOf({ spec }: Volume): number {
  return amountOf(spec.capacity?.['storage']);
}

/** Bytes that a claim asks for. */
export function requestOf({ spec }: Claim): number {
  return amountOf(spec.resources?.requests?.['storage']);
}

/**
 * Why a volume that the user chose for a claim will not do, or undefined. Selector and node affinity are not looked at.
 * Models checkVolumeSatisfyClaim of pkg/controller/volume/persistentvolume/pv_controller.go.
 */
export function mismatch(volume: Volume, claim: Claim): string | undefined {
  if (volume.metadata.deletionTimestamp) {
    return `the volume is marked for deletion ${quoted(volume.metadata.name)}`;
  }
  if (capacityOf(volume) < requestOf(claim)) return 'requested PV is too small';
  if (classOf(volume) !== classOf(claim)) return 'storageClassName does not match';
  if (!sameAttributesClass(volume, claim)) return 'volumeAttributesClassName does not match';
  if (volumeModeOf(volume) !== volumeModeOf(claim)) return 'incompatible volumeMode';
  return hasModes(volume, claim) ? undefined : 'incompatible accessMode';
}
