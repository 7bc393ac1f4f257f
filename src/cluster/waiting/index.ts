import type { Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import type { ClusterParts } from '../cluster.ts';
import type { WaitingFor } from '../explanation.ts';
import { claimsOf } from './claims.ts';
import { containersThatWait } from './containers.ts';
import { placeOf } from './place.ts';
import { PodWaits } from './pod-waits.ts';
import { type VolumeOfPod, volumesThatWait } from './volumes.ts';

/** The Pod that waits, with how far its volumes are. */
export interface WaitingPod {
  readonly uid: string;
  readonly nodeUid: string;
  readonly object: DeepReadonly<Pod>;
  readonly volumes: readonly VolumeOfPod[];
}

/**
 * What keeps a Pod from going on, outermost first: its end, a node, claims, volumes, containers, and what is tried next. Empty
 * when it waits for nothing.
 */
export function waitingOf(pod: WaitingPod, parts: ClusterParts): WaitingFor[] {
  const { object, uid } = pod;
  const { name, namespace = 'default' } = object.metadata;
  if (parts.store.get('Pod', namespace, name)?.metadata.uid !== uid) {
    return [{ what: `Pod ${namespace}/${name}`, why: 'it is gone' }];
  }
  const ended = endOf(object);
  const deletion = deletionOf(object, ended !== undefined);
  if (ended && !deletion) return [ended];
  const waits = new PodWaits(pod, parts);
  const lines = [
    ...(ended ? [ended] : []),
    ...(deletion ? [deletion] : []),
    ...placeOf(object, parts),
    ...claimsOf(object, parts, waits),
    ...volumesThatWait(pod.volumes, object, waits),
    ...containersThatWait(object, waits),
    ...conditionsOf(object),
  ];
  return [...lines, ...waits.others()];
}

/** A Pod that has ended waits for nothing. */
function endOf({ status }: DeepReadonly<Pod>): WaitingFor | undefined {
  const { phase, reason, message } = status ?? {};
  if (phase !== 'Succeeded' && phase !== 'Failed') return undefined;
  const why = [phase, reason, message].filter(Boolean).join(': ');
  return { what: 'end of the Pod', why: why.trimEnd() };
}

function deletionOf({ metadata }: DeepReadonly<Pod>, ended: boolean): WaitingFor | undefined {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = metadata;
  if (deletionTimestamp === undefined) return undefined;
  const end = Date.parse(String(deletionTimestamp));
  const why = [
    ended
      ? 'its containers have ended'
      : `its containers have ${deletionGracePeriodSeconds} s to end`,
    ...(finalizers.length > 0 ? [`its finalizers keep it: ${finalizers.join(', ')}`] : []),
  ];
  const since = new Date(end - deletionGracePeriodSeconds * 1000);
  return { what: 'deletion', why: why.join(', '), since };
}

/** Those that do not hold, and say why. */
function conditionsOf({ status }: DeepReadonly<Pod>): WaitingFor[] {
  const said = new Set<string>();
  return (status?.conditions ?? []).flatMap((condition) => {
    const { type, status: holds, reason, message, lastTransitionTime } = condition;
    if (holds !== 'False' || !message || said.has(message)) return [];
    said.add(message);
    const since = lastTransitionTime === undefined ? {} : { since: timeOf(lastTransitionTime) };
    return [{ what: type, why: `${reason}: ${message}`, ...since }];
  });
}

function timeOf(text: unknown): Date {
  return new Date(String(text));
}
