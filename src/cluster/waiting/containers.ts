import type { ContainerStatus, Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import type { WaitingFor } from '../explanation.ts';
import { type PodWaits, timesOf } from './pod-waits.ts';

/** Containers that cannot start, and those that others wait for; else what went wrong with the Pod as a whole. */
export function containersThatWait(pod: DeepReadonly<Pod>, waits: PodWaits): WaitingFor[] {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  const lines = [
    ...initContainerStatuses.flatMap((status) => initLine(status, pod)),
    ...[...initContainerStatuses, ...containerStatuses].flatMap((status) => startLine(status)),
  ];
  const found = lines.length > 0 ? lines : sandboxLine(pod, waits);
  if (found.every(({ since }) => since !== undefined)) return found;
  const { nextTry } = timesOf(waits.takeRetry());
  return found.map((line) => (line.since || !nextTry ? line : { ...line, nextTry }));
}

/** The others start when it has ended; a side-car, when it runs. */
function initLine(
  { name, state, started }: DeepReadonly<ContainerStatus>,
  { spec }: DeepReadonly<Pod>,
): WaitingFor[] {
  if (!state?.running) return [];
  const sideCar = spec.initContainers?.find((one) => one.name === name)?.restartPolicy === 'Always';
  if (sideCar && started === true) return [];
  const since = new Date(String(state.running.startedAt));
  return [
    {
      what: `init container ${name}`,
      why: sideCar ? 'it has to start first' : 'it runs, and has to end first',
      since,
    },
  ];
}

/** Told by the kubelet with a message: `CreateContainerConfigError`, `CrashLoopBackOff`, … */
function startLine({ name, state }: DeepReadonly<ContainerStatus>): WaitingFor[] {
  const { reason, message } = state?.waiting ?? {};
  if (!reason || !message) return [];
  return [{ what: `container ${name}`, why: `${reason}: ${message}` }];
}

/** No container has come so far. */
function sandboxLine({ metadata }: DeepReadonly<Pod>, waits: PodWaits): WaitingFor[] {
  const about = { kind: 'Pod', name: metadata.name };
  const event = waits.lastEvent(about, ({ reason }) => reason === 'FailedCreatePodSandBox');
  return event ? [{ what: 'sandbox', why: event.message ?? '' }] : [];
}
