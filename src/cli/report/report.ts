import type { Cluster, ContainerHandle, PodHandle } from '../../cluster/index.ts';
import type { MountInfo } from '../../kernel/index.ts';
import type { SettleReport } from '../../sim/index.ts';
import {
  type Performed,
  readTree,
  type TimelineEntry,
  type TreeEntry,
  timeline,
} from '../../teaching/index.ts';

/** All that `run` shows; `--json` prints it as it is. */
export interface RunReport {
  readonly now: string;
  readonly settled: boolean;
  readonly timeline: readonly TimelineEntry[];
  readonly pods: readonly PodReport[];
  readonly claims: readonly {
    namespace: string;
    name: string;
    phase: string;
    volume: string | undefined;
  }[];
  readonly waiting: readonly {
    who: string;
    for: string;
    since: string;
    nextTry: string | undefined;
  }[];
  /** What did not come up, in words. */
  readonly problems: readonly string[];
}

export interface PodReport {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly phase: string;
  readonly node: string | undefined;
  readonly conditions: readonly {
    type: string;
    status: string;
    reason: string | undefined;
    message: string | undefined;
  }[];
  readonly volumes: readonly {
    name: string;
    type: string;
    plugin: string;
    state: string;
    reason: string | undefined;
    path: string | undefined;
  }[];
  readonly containers: readonly ContainerReport[];
}

export interface ContainerReport {
  readonly name: string;
  readonly state: string;
  readonly reason: string | undefined;
  readonly exitCode: number | undefined;
  readonly restartCount: number;
  readonly mounts: readonly MountInfo[];
  /** By mount path: what is in each volume, as the container sees it. */
  readonly files: Readonly<Record<string, TreeEntry>>;
  readonly logs: string;
}

/** Looks at everything in the cluster. */
export function report(
  cluster: Cluster,
  settled: SettleReport,
  performed: readonly Performed[],
): RunReport {
  const pods = cluster
    .list('Pod')
    .map(({ metadata }) => podReport(cluster.pod(metadata.name, metadata.namespace)));
  return {
    now: cluster.now.toISOString(),
    settled: settled.idle,
    timeline: timeline(cluster, performed),
    pods,
    claims: cluster.list('PersistentVolumeClaim').map(({ metadata, spec, status }) => ({
      namespace: metadata.namespace ?? '',
      name: metadata.name,
      phase: status?.phase ?? 'Pending',
      volume: spec.volumeName,
    })),
    waiting: settled.waiting.map(({ who, for: reason, since, nextTry }) => ({
      who,
      for: reason,
      since: since.toISOString(),
      nextTry: nextTry?.toISOString(),
    })),
    problems: pods.flatMap((pod) => problemOf(cluster, pod)),
  };
}

function podReport(pod: PodHandle): PodReport {
  return {
    namespace: pod.namespace,
    name: pod.name,
    uid: pod.uid,
    phase: pod.phase,
    node: pod.node?.name,
    conditions: pod.conditions.map(({ type, status, reason, message }) => ({
      type,
      status,
      reason,
      message,
    })),
    volumes: pod.volumes.map(({ name, type, plugin, state, reason, path }) => ({
      name,
      type,
      plugin,
      state,
      reason,
      path,
    })),
    containers: pod.containers.map((container) => containerReport(pod, container)),
  };
}

function containerReport(pod: PodHandle, container: ContainerHandle): ContainerReport {
  const { name, state, reason, exitCode, restartCount } = container;
  const ran = attempt(() => container.mounts());
  const paths = ran ? mountPaths(pod, name) : [];
  const trees = paths.flatMap((path) => {
    const tree = attempt(() => readTree(container.fs, path));
    return tree ? [[path, tree] as const] : [];
  });
  const files = Object.fromEntries(trees);
  return {
    name,
    state,
    reason,
    exitCode,
    restartCount,
    mounts: ran ?? [],
    files,
    logs: attempt(() => container.logs()) ?? '',
  };
}

/** Where the container has volumes, but for the token that every Pod has. */
function mountPaths(pod: PodHandle, container: string): string[] {
  const { containers, initContainers = [] } = pod.object.spec;
  const spec = [...initContainers, ...containers].find(({ name }) => name === container);
  return (spec?.volumeMounts ?? [])
    .map(({ mountPath }) => mountPath)
    .filter((path) => path !== TOKEN_PATH);
}

/** Where the API server mounts a Pod's service account token. */
export const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

/** A container that never ran, or is gone, has no files. */
function attempt<Value>(look: () => Value): Value | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

function problemOf(cluster: Cluster, pod: PodReport): string[] {
  if (pod.phase === 'Running' || pod.phase === 'Succeeded') {
    const stuck = pod.containers.filter(
      ({ state, reason }) => state === 'waiting' && reason === 'CrashLoopBackOff',
    );
    return stuck.map(
      ({ name }) => `pod ${pod.namespace}/${pod.name}: container ${name} is in CrashLoopBackOff`,
    );
  }
  const unserved = pod.volumes.find(({ plugin, reason }) => plugin === '' && reason !== undefined);
  if (unserved) return [`pod ${pod.namespace}/${pod.name}: ${unserved.reason}`];
  const warnings = cluster.events({ involved: `Pod/${pod.name}`, type: 'Warning' });
  const last = warnings
    .filter(({ involvedObject }) => involvedObject.namespace === pod.namespace)
    .at(-1);
  const why =
    last?.message ?? pod.conditions.find(({ message }) => message)?.message ?? 'no reason is known';
  return [`pod ${pod.namespace}/${pod.name} is ${pod.phase}: ${why}`];
}
