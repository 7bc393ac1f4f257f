import type { VersionRules } from '../../api/index.ts';
import { quoted } from '../../base/index.ts';
import type { Stored } from '../context.ts';
import type { PodRefusal, Rejection } from './rejection.ts';
import type { VolumeLister } from './volume-filters.ts';

const NEW_NAMES: Readonly<Record<string, string>> = {
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
};
const OLD_LABELS = Object.keys(NEW_NAMES);
const LABELS = [...OLD_LABELS, ...Object.values(NEW_NAMES)];

/** Where a volume is, by one of its labels. */
interface Place {
  readonly label: string;
  readonly values: readonly string[];
}

/**
 * Since 1.27 a bound claim whose volume is not there keeps its Pod from every node before one is looked at.
 * Models the PreFilter of pkg/scheduler/framework/plugins/volumezone.
 */
export function zoneRefusal(
  pod: Stored<'Pod'>,
  lister: VolumeLister,
  rules: VersionRules,
): PodRefusal | undefined {
  if (rules.before('1.27')) return undefined;
  const missing = volumeNames(pod, lister).find((name) => !lister.volume(name));
  if (missing === undefined) return undefined;
  return { filter: 'VolumeZone', message: `persistentvolume ${quoted(missing)} not found` };
}

/**
 * Volumes with labels of a zone or region are used only on nodes with the same ones; a node that has none of these labels is
 * where zones do not matter. Models pkg/scheduler/framework/plugins/volumezone.
 */
export function zoneRejections(
  pod: Stored<'Pod'>,
  { metadata }: Stored<'Node'>,
  lister: VolumeLister,
  rules: VersionRules,
): readonly Rejection[] {
  const known = rules.atLeast('1.17') ? LABELS : OLD_LABELS;
  const labels = metadata.labels ?? {};
  if (!known.some((label) => label in labels)) return [];
  const places = volumeNames(pod, lister).flatMap((name) => placesOf(lister.volume(name), known));
  if (places.every((place) => isThere(place, labels))) return [];
  const reason = 'node(s) had no available volume zone';
  return [{ filter: 'VolumeZone', reason, predicate: 'NoVolumeZoneConflict' }];
}

/** Volumes that claims of the Pod name; those of generic ephemeral volumes are not looked at. */
function volumeNames({ metadata, spec }: Stored<'Pod'>, lister: VolumeLister): string[] {
  return (spec.volumes ?? []).flatMap(({ persistentVolumeClaim: reference }) => {
    if (!reference) return [];
    const claim = lister.claim(metadata.namespace, reference.claimName);
    return claim?.spec.volumeName ? [claim.spec.volumeName] : [];
  });
}

function placesOf(
  volume: Stored<'PersistentVolume'> | undefined,
  known: readonly string[],
): Place[] {
  return known.flatMap((label) => {
    const value = volume?.metadata.labels?.[label];
    const values = value?.split('__').map((zone) => zone.trim()) ?? [];
    // A label that cannot be read says nothing.
    return values.length === 0 || values.includes('') ? [] : [{ label, values }];
  });
}

/** A volume's old label is compared with a node's new one, but not the other way round. */
function isThere({ label, values }: Place, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[label] ?? labels[NEW_NAMES[label] ?? label];
  return value !== undefined && values.includes(value);
}
