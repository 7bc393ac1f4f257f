import type { Cluster, PodHandle } from '../../cluster/index.ts';
import { CONTROLLER_OPERATIONS, type Step } from './steps.ts';
import {
  type ActionDocument,
  claim,
  configMap,
  grow,
  type HistoryParts,
  MANIFESTS,
  secret,
} from './world.ts';

const KINDS = ['ConfigMap', 'Secret', 'PersistentVolumeClaim'] as const;

/** One of a list by an index that may be too large; undefined of an empty list. */
function pick<Item>(items: readonly Item[], index: number): Item | undefined {
  return items[index % Math.max(1, items.length)];
}

function podOf(cluster: Cluster, index: number): PodHandle | undefined {
  const found = pick(cluster.list('Pod', { namespace: 'default' }), index);
  return found && cluster.pod(found.metadata.name);
}

/** A container that runs. */
function runningOf(
  cluster: Cluster,
  index: number,
): { pod: PodHandle; container: string } | undefined {
  const pods = cluster
    .list('Pod', { namespace: 'default' })
    .map(({ metadata }) => cluster.pod(metadata.name));
  const running = pods.flatMap((pod) =>
    pod.containers
      .filter(({ state }) => state === 'running')
      .map(({ name }) => ({ pod, container: name })),
  );
  return pick(running, index);
}

type Resolver<Kind extends Step['do']> = (
  step: Extract<Step, { do: Kind }>,
  cluster: Cluster,
  parts: HistoryParts,
) => ActionDocument[];

const RESOLVERS: { readonly [Kind in Step['do']]: Resolver<Kind> } = {
  pod: ({ n, manifest }, cluster) => (cluster.get('Pod', `pod-${n}`) ? [] : [{ apply: manifest }]),
  deletePod: ({ how, pick: one }, cluster) => deletePod(how, podOf(cluster, one)),
  labelPod: ({ value, pick: one }, cluster) => labelPod(value, podOf(cluster, one)),
  image: ({ value, pick: one }, cluster) => image(value, podOf(cluster, one)),
  debug: ({ pick: one }, cluster) => debug(podOf(cluster, one)),
  resize: ({ value, pick: one }, cluster) => resize(value, podOf(cluster, one)),
  grow: ({ n, gi }, cluster) => (hasVolume(cluster, n) ? grow(n, gi) : []),
  static: (step, cluster) => staticPod(nodeOf(cluster, step.node), step),
  configMap: ({ n, value, immutable }) => [configMap(n, value, immutable)],
  secret: ({ n, value }) => [secret(n, value)],
  claim: ({ n }, cluster, { claimSource }) =>
    hasVolume(cluster, n) ? [] : claim(n, claimSource?.(n)),
  deleteObject: ({ pick: one }, cluster) => deleteObject(cluster, one),
  end: (step, cluster) => end(cluster, step),
  write: (step, cluster) => write(cluster, step),
  fault: (step, cluster) => fault(step, nodeOf(cluster, step.node)),
  kubelet: ({ what, node }, cluster) => [{ [what]: { node: nodeOf(cluster, node) } }],
  act: ({ action }) => [{ attempt: action }],
  reboot: ({ node }, cluster) => [{ reboot: { node: nodeOf(cluster, node) } }],
  shutdown: ({ node }, cluster) => [{ shutdown: { node: nodeOf(cluster, node) } }],
  loss: ({ node, what }, cluster) => [{ [what]: { node: nodeOf(cluster, node) } }],
  settle: () => [{ settle: {} }],
  advance: ({ by }) => [{ advance: by }],
};

/** The actions that a step comes to in a cluster as it is now; none where there is nothing to do it to. */
export function resolve(step: Step, cluster: Cluster, parts: HistoryParts = {}): ActionDocument[] {
  const resolver = RESOLVERS[step.do] as Resolver<Step['do']>;
  return resolver(step, cluster, parts);
}

function hasVolume(cluster: Cluster, n: number): boolean {
  return cluster.get('PersistentVolume', `claim-${n}`) !== undefined;
}

function nodeOf(cluster: Cluster, index = 0): string {
  return pick(cluster.list('Node'), index)?.metadata.name ?? 'node-1';
}

function image(value: number, pod: PodHandle | undefined): ActionDocument[] {
  if (!pod || pod.object.metadata.annotations?.['kubernetes.io/config.mirror']) return [];
  const [first, ...rest] = pod.object.spec.containers;
  const containers = [{ ...first, image: `busybox:${value}` }, ...rest];
  return [{ patch: { kind: 'Pod', name: pod.name, patch: { spec: { containers } } } }];
}

/** It sees what the first container does. */
function debug(pod: PodHandle | undefined): ActionDocument[] {
  if (!pod) return [];
  const { spec } = pod.object;
  const before = spec.ephemeralContainers ?? [];
  // A subPath is for none of them.
  const { volumeMounts: seen = [] } = spec.containers[0] ?? {};
  const volumeMounts = seen.filter(({ subPath }) => !subPath);
  const one = { name: `debug-${before.length}`, image: 'busybox', volumeMounts };
  const patch = { spec: { ephemeralContainers: [...before, one] } };
  return [{ patch: { kind: 'Pod', name: pod.name, patch, subresource: 'ephemeralcontainers' } }];
}

function resize(value: number, pod: PodHandle | undefined): ActionDocument[] {
  if (!pod) return [];
  const limits = { cpu: value === 0 ? '200m' : '300m' };
  const containers = pod.object.spec.containers.map((container) => ({
    ...container,
    resources: { ...container.resources, limits },
  }));
  const patch = { spec: { containers } };
  return [{ patch: { kind: 'Pod', name: pod.name, patch, subresource: 'resize' } }];
}

function staticPod(
  node: string,
  { n, manifest }: { n: number; manifest?: object | undefined },
): ActionDocument[] {
  const path = `${MANIFESTS}/static-${n}.yaml`;
  if (!manifest) return [{ attempt: { remove: { node, path } } }];
  const content = JSON.stringify(manifest);
  return [{ mkdir: { node, path: MANIFESTS } }, { write: { node, path, content } }];
}

function deletePod(how: 'plain' | 'now' | 'force', pod: PodHandle | undefined): ActionDocument[] {
  if (!pod) return [];
  const options = how === 'plain' ? {} : { gracePeriodSeconds: how === 'now' ? 1 : 0 };
  return [
    {
      delete: { kind: 'Pod', name: pod.name, ...options, ...(how === 'force' && { force: true }) },
    },
  ];
}

function labelPod(value: number, pod: PodHandle | undefined): ActionDocument[] {
  if (!pod) return [];
  const patch = { metadata: { labels: { value: `${value}` } } };
  return [{ patch: { kind: 'Pod', name: pod.name, patch } }];
}

function deleteObject(cluster: Cluster, index: number): ActionDocument[] {
  const objects = KINDS.flatMap((kind) =>
    cluster
      .list(kind, { namespace: 'default' })
      .filter(({ metadata }) => /-\d$/.test(metadata.name))
      .map(({ metadata }) => ({ kind, name: metadata.name })),
  );
  const found = pick(objects, index);
  return found ? [{ delete: found }] : [];
}

function end(cluster: Cluster, step: { pick: number; code: number }): ActionDocument[] {
  const found = runningOf(cluster, step.pick);
  if (!found) return [];
  const of = { pod: found.pod.name, container: found.container };
  return [step.code === 137 ? { crash: of } : { exit: { ...of, code: step.code } }];
}

/** Into a volume or beside it; it may be refused there. */
function write(
  cluster: Cluster,
  step: { pick: number; path: number; bytes: number },
): ActionDocument[] {
  const found = runningOf(cluster, step.pick);
  if (!found) return [];
  const { pod, container } = found;
  const path = `${['/v0', '/v1', '/v2', '/v3', '/sub', ''][step.path % 6]}/w${step.path}`;
  const content = 'x'.repeat(step.bytes);
  return [{ attempt: { write: { pod: pod.name, container, path, content } } }];
}

function fault(step: Extract<Step, { do: 'fault' }>, node: string): ActionDocument[] {
  const { what, operation, after } = step;
  if (what === 'delay') return [{ delay: { operation, times: 1, by: step.by ?? '3s' } }];
  const options = { operation, times: 1, ...(after && { when: 'after' }) };
  const anywhere = CONTROLLER_OPERATIONS.includes(operation);
  if (what === 'crashAt') return [{ crashAt: { ...options, ...(!anywhere && { node }) } }];
  return [{ fail: { ...options, error: { class: step.class, message: 'it broke' } } }];
}
