import type { ClusterParts } from './cluster.ts';
import type { WaitingFor } from './explanation.ts';
import type { PodHandle } from './handles.ts';

/** What keeps a Pod from going on, outermost first: scheduling, volumes, containers, and what is tried next. */
export function waitingOf(pod: PodHandle, { simulation }: ClusterParts): WaitingFor[] {
  const { name, namespace, uid } = pod;
  const conditions = pod.conditions
    .filter(({ status, message }) => status === 'False' && message)
    .map(({ type, reason, message, lastTransitionTime }) => ({
      what: type,
      why: `${reason}: ${message}`,
      ...(lastTransitionTime !== undefined && { since: new Date(String(lastTransitionTime)) }),
    }));
  const volumes = pod.volumes
    .filter(({ state }) => state !== 'mounted')
    .map((volume) => ({
      what: `volume ${volume.name}`,
      why: volume.reason ?? volume.state,
    }));
  const next = simulation
    .waiting()
    .filter(({ who }) => who.includes(uid) || who.includes(`${namespace}/${name}`))
    .map(({ who, for: why, since, nextTry }) => ({
      what: who,
      why,
      since,
      ...(nextTry !== undefined && { nextTry }),
    }));
  return [...conditions, ...volumes, ...next];
}
