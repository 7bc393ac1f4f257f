import { windowsPaths } from '../../base/index.ts';
import type { Cluster, ContainerHandle, NodeHandle, PodHandle } from '../../cluster/index.ts';
import type { NodeFs } from '../../face/index.ts';
import { namesIn, PODS, volumePlaces } from '../invariants/looks.ts';

/** What two runs that ended in the same way have in common. uids, times and counts are no part of it. */
export interface Projection {
  /** By `kind namespace/name`: the spec, without what names by chance. */
  readonly specs: Readonly<Record<string, unknown>>;
  /** By Pod: its phase, and the state of each container. By `kind name`: phase and size of claims and volumes. */
  readonly states: Readonly<Record<string, string>>;
  /** By Pod, container and mount point: its type, whether it is read-only, and what is below. */
  readonly views: Readonly<Record<string, readonly string[]>>;
  /** By node: what is mounted below `pods/`, by the names of the pods. */
  readonly mounts: Readonly<Record<string, readonly string[]>>;
  /** By node: directories below `pods/` whose Pod is gone. */
  readonly left: Readonly<Record<string, readonly string[]>>;
  /** By node: generations of files from the API that `..data` does not lead to, by the names of the pods. */
  readonly stale: Readonly<Record<string, readonly string[]>>;
}

const KINDS = ['Pod', 'PersistentVolume', 'PersistentVolumeClaim', 'ConfigMap', 'Secret'] as const;

/** A picture of a cluster for comparing how runs ended. */
export function projectionOf(cluster: Cluster): Projection {
  const names = new Map(
    cluster.list('Pod').map(({ metadata }) => [metadata.uid ?? '', metadata.name]),
  );
  const nodes = cluster.list('Node').map(({ metadata }) => cluster.node(metadata.name));
  return {
    specs: specsOf(cluster),
    states: statesOf(cluster),
    views: viewsOf(cluster),
    mounts: Object.fromEntries(nodes.map((node) => [node.name, mountsOf(node, names)])),
    left: Object.fromEntries(
      nodes.map(({ name, fs }) => [name, namesIn(fs, PODS).filter((uid) => !names.has(uid))]),
    ),
    stale: Object.fromEntries(nodes.map(({ name, fs }) => [name, staleIn(fs, names)])),
  };
}

function specsOf(cluster: Cluster): Record<string, unknown> {
  return Object.fromEntries(
    KINDS.flatMap((kind) =>
      cluster.list(kind).map((object) => {
        const { metadata, ...rest } = object as {
          metadata: { namespace?: string; name: string };
          spec?: unknown;
          data?: unknown;
        };
        return [`${kind} ${metadata.namespace ?? ''}/${metadata.name}`, rest.spec ?? rest.data];
      }),
    ),
  );
}

function statesOf(cluster: Cluster): Record<string, string> {
  return { ...statesOfPods(cluster), ...statesOfStorage(cluster) };
}

function statesOfStorage(cluster: Cluster): Record<string, string> {
  const claims = cluster.list('PersistentVolumeClaim').map(({ metadata, status }) => {
    const size = status?.capacity?.['storage'];
    const growth = status?.allocatedResourceStatuses?.['storage'];
    return [`PersistentVolumeClaim ${metadata.name}`, wordsOf(status?.phase, size, growth)];
  });
  const volumes = cluster
    .list('PersistentVolume')
    .map(({ metadata, status }) => [`PersistentVolume ${metadata.name}`, wordsOf(status?.phase)]);
  return Object.fromEntries([...claims, ...volumes]) as Record<string, string>;
}

function wordsOf(...words: readonly (string | undefined)[]): string {
  return words.filter((word) => word !== undefined).join(' ');
}

function statesOfPods(cluster: Cluster): Record<string, string> {
  return Object.fromEntries(
    cluster.list('Pod').map(({ metadata }) => {
      const pod = cluster.pod(metadata.name, metadata.namespace);
      const containers = pod.containers.map(
        ({ name, state, reason }) => `${name} ${state} ${reason ?? ''}`,
      );
      return [metadata.name, [pod.phase, ...containers].join(', ')];
    }),
  );
}

function viewsOf(cluster: Cluster): Record<string, readonly string[]> {
  const views: Record<string, readonly string[]> = {};
  for (const { metadata } of cluster.list('Pod')) {
    const pod = cluster.pod(metadata.name, metadata.namespace);
    for (const container of pod.containers) {
      if (container.state !== 'running') continue;
      for (const path of mountPathsOf(pod, container.name))
        views[`${pod.name} ${container.name} ${path}`] = viewOf(container, path, pod.node?.os);
    }
  }
  return views;
}

function mountPathsOf({ object }: PodHandle, name: string): string[] {
  const container = object.spec.containers.find((one) => one.name === name);
  return (container?.volumeMounts ?? []).map(({ mountPath }) => mountPath);
}

function viewOf(
  container: ContainerHandle,
  path: string,
  os: NodeHandle['os'] | undefined,
): string[] {
  const at = os === 'windows' ? windowsPaths.read(path) : path;
  const mount = container.mounts().findLast(({ mountPoint }) => mountPoint === at);
  const first = `${mount?.type ?? 'nothing'} ${mount?.readOnly ? 'ro' : 'rw'}`;
  return [first, ...linesBelow(container.fsAs({ uid: 0 }), path)];
}

/** The generation of files from the API that is looked at. */
const GENERATION = /^\.\.\d{4}_/;

/** Everything below a path, a line each. Of generations of files from the API only the present one counts. */
function linesBelow(fs: NodeFs, path: string, prefix: string = ''): string[] {
  if (!fs.statSync(path).isDirectory()) return [describe(fs, path, '.')];
  return namesIn(fs, path).flatMap((name) => {
    const full = `${path}/${name}`;
    if (GENERATION.test(name) && name !== presentIn(fs, path)) return [];
    const shown = GENERATION.test(name) ? `${prefix}..generation` : `${prefix}${name}`;
    if (!fs.lstatSync(full).isDirectory()) return [describe(fs, full, shown)];
    return [describe(fs, full, shown), ...linesBelow(fs, full, `${shown}/`)];
  });
}

function presentIn(fs: NodeFs, path: string): string | undefined {
  return namesIn(fs, path).includes('..data')
    ? String(fs.readlinkSync(`${path}/..data`))
    : undefined;
}

function describe(fs: NodeFs, path: string, shown: string): string {
  const stat = fs.lstatSync(path);
  const start = `${shown} ${(stat.mode & 0o7777).toString(8)} ${stat.uid}:${stat.gid}`;
  if (stat.isSymbolicLink()) {
    const target = String(fs.readlinkSync(path));
    return `${start} -> ${GENERATION.test(target) ? '..generation' : target}`;
  }
  // A token is another one each time.
  const known = stat.isFile() && !path.endsWith('/token');
  return known ? `${start} ${String(fs.readFileSync(path, 'base64'))}` : start;
}

function staleIn(fs: NodeFs, names: ReadonlyMap<string, string>): string[] {
  return [...volumePlaces(fs)].flatMap(({ uid, name, path }) => {
    const old = namesIn(fs, path).filter(
      (one) => GENERATION.test(one) && one !== presentIn(fs, path),
    );
    return old.map(() => `${names.get(uid) ?? 'gone'}/${name}`);
  });
}

function mountsOf(node: NodeHandle, names: ReadonlyMap<string, string>): string[] {
  return node
    .mounts()
    .filter(({ mountPoint }) => mountPoint.startsWith(`${PODS}/`))
    .map(({ mountPoint, type, readOnly }) => {
      const [uid = '', ...rest] = mountPoint.slice(PODS.length + 1).split('/');
      return `${names.get(uid) ?? 'gone'}/${rest.join('/')} ${type} ${readOnly ? 'ro' : 'rw'}`;
    })
    .sort();
}
