import type { Pod } from '../../api/index.ts';
import { type DeepReadonly, quoted } from '../../base/index.ts';
import type { WaitingFor } from '../explanation.ts';
import type { VolumeHandle } from '../handles.ts';
import { type PodWaits, timesOf } from './pod-waits.ts';

/** A volume of a Pod, with its names on the node. */
export type VolumeOfPod = VolumeHandle & {
  /** Of the volume manager's worlds; undefined before it is wanted. */
  readonly uniqueName?: string;
  /** Of its volume, or PersistentVolume. */
  readonly specName?: string;
};

/** Volumes that are not where they have to be: mounted; or, of a Pod that is to go, unmounted. */
export function volumesThatWait(
  volumes: readonly VolumeOfPod[],
  pod: DeepReadonly<Pod>,
  waits: PodWaits,
): WaitingFor[] {
  if (!pod.spec.nodeName) return [];
  const leaves = pod.metadata.deletionTimestamp !== undefined;
  const used = namesInUse(pod);
  return volumes
    .filter(({ name, state }) => used.has(name) && state !== (leaves ? 'unmounted' : 'mounted'))
    .map((volume) => lineOf(volume, pod, waits))
    .filter(({ why }) => !leaves || why !== 'mounted');
}

function lineOf(volume: VolumeOfPod, pod: DeepReadonly<Pod>, waits: PodWaits): WaitingFor {
  const { name, uniqueName, specName } = volume;
  const { namespace = 'default', name: podName } = pod.metadata;
  const [wait] = waits.take(({ who, about }) => {
    if (uniqueName !== undefined && who.endsWith(` of ${uniqueName}`)) return true;
    if (about?.volume === undefined) return false;
    if (about.volume !== name && about.volume !== specName) return false;
    return about.pod === undefined || about.pod === `${namespace}/${podName}`;
  });
  const why = wait?.about ? wait.for : reasonOf(volume, pod, waits);
  return { what: `volume ${name}`, why, ...timesOf(wait) };
}

function reasonOf(volume: VolumeOfPod, pod: DeepReadonly<Pod>, waits: PodWaits): string {
  const { name, uniqueName, reason, state } = volume;
  const attach = attachFailure(volume, pod, waits);
  if (attach !== undefined) return `${reason}: ${attach}`;
  if (reason !== undefined || uniqueName !== undefined) return reason ?? state;
  return unresolved(name, pod, waits) ?? state;
}

/** Why it is not even wanted: it could not be found out what it is. */
function unresolved(
  volume: string,
  { metadata }: DeepReadonly<Pod>,
  waits: PodWaits,
): string | undefined {
  const about = { kind: 'Pod', name: metadata.name };
  const event = waits.lastEvent(about, ({ reason, message = '' }) => {
    return reason === 'FailedMount' && /unmounted volumes=\[[^\]]*\]/.test(message);
  });
  const named = event?.message?.match(/unmounted volumes=\[([^\]]*)\]/)?.[1]?.split(' ');
  return named?.includes(volume) ? event?.message : undefined;
}

/** What the attach/detach controller said last, of a volume that is not attached. */
function attachFailure(
  { specName, state, reason }: VolumeOfPod,
  { metadata }: DeepReadonly<Pod>,
  waits: PodWaits,
): string | undefined {
  if (state !== 'waiting' || specName === undefined || !reason?.includes('attached')) return;
  const about = { kind: 'Pod', name: metadata.name };
  const event = waits.lastEvent(about, ({ reason: of, message }) => {
    return of === 'FailedAttachVolume' && message?.includes(quoted(specName)) === true;
  });
  return event?.message;
}

/** Volumes that containers mount: others are never set up. */
function namesInUse({ spec }: DeepReadonly<Pod>): Set<string> {
  const { initContainers = [], containers, ephemeralContainers = [] } = spec;
  const all = [...initContainers, ...containers, ...ephemeralContainers];
  return new Set(
    all.flatMap(({ volumeMounts = [], volumeDevices = [] }) =>
      [...volumeMounts, ...volumeDevices].map(({ name }) => name),
    ),
  );
}
