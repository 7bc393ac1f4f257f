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
  const wanted = pod.metadata.deletionTimestamp ? 'unmounted' : 'mounted';
  const used = namesInUse(pod);
  return volumes
    .filter(({ name, state }) => used.has(name) && state !== wanted)
    .map((volume) => lineOf(volume, pod, waits));
}

function lineOf(volume: VolumeOfPod, pod: DeepReadonly<Pod>, waits: PodWaits): WaitingFor {
  const { name, uniqueName, specName, state } = volume;
  const [wait] = waits.take(({ who, about }) => {
    if (uniqueName !== undefined && who.endsWith(` of ${uniqueName}`)) return true;
    const { namespace = 'default', name: podName } = pod.metadata;
    if (about?.volume !== name && about?.volume !== specName) return false;
    return about?.pod === undefined || about.pod === `${namespace}/${podName}`;
  });
  const reason = wait?.about ? wait.for : (volume.reason ?? state);
  const attach = wait?.about ? undefined : attachFailure(volume, pod, waits);
  const why = attach === undefined ? reason : `${reason}: ${attach}`;
  return { what: `volume ${name}`, why, ...timesOf(wait) };
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
