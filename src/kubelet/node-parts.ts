import { PodAdmission } from './admission.ts';
import { EvictionManager } from './eviction/manager.ts';
import { ImageGCManager } from './images/image-gc-manager.ts';
import type { KubeletDependencies } from './kubelet.ts';
import { NodeShutdown } from './node-shutdown.ts';
import { NodeStatusUpdater } from './node-status.ts';
import type { PodContext } from './pod/context.ts';
import type { PodWorkers } from './pod/pod-workers.ts';
import { reportedResources } from './reported-resources.ts';

/** What looks after the node as a whole, and says which pods may be on it. */
export interface NodeParts {
  readonly images: ImageGCManager;
  readonly eviction: EvictionManager;
  readonly shutdown: NodeShutdown;
  readonly admission: PodAdmission;
  readonly status: NodeStatusUpdater;
}

/** Puts them together: each tells the node's status, and admission asks them all. */
export function makeNodeParts(
  dependencies: KubeletDependencies,
  context: PodContext,
  workers: PodWorkers,
): NodeParts {
  const { machine, store } = dependencies;
  const tell = nodeEvents(dependencies);
  const changed = (): void => status.wake();
  const warn = (reason: string, message: string): void => tell('Warning', reason, message);
  const images = new ImageGCManager({
    context,
    machine,
    event: warn,
    changed: () => eviction.imagesChanged(),
  });
  const eviction = new EvictionManager({
    context,
    machine,
    workers,
    images,
    terminate: (pod, termination) => workers.terminate(pod, termination),
    changed,
    event: warn,
  });
  const shutdown = new NodeShutdown({ context, workers, changed, event: tell });
  const status = new NodeStatusUpdater({
    context,
    machine,
    store,
    volumes: context.volumes,
    pressures: () => eviction.pressures,
    shuttingDown: () => shutdown.active,
    event: tell,
  });
  const admission = new PodAdmission({
    context,
    workers,
    shuttingDown: () => shutdown.refusal,
    underPressure: (pod) => eviction.admit(pod),
    allocatable: () => reportedResources(context, machine.resources).allocatable,
  });
  return { images, eviction, shutdown, admission, status };
}

/** Events about the Node. As upstream refers to it: by a uid that is its name. */
function nodeEvents({
  events,
  machine: { name },
}: KubeletDependencies): (type: 'Normal' | 'Warning', reason: string, message: string) => void {
  const metadata = { name, uid: name, resourceVersion: '', creationTimestamp: '' };
  const node = { apiVersion: 'v1', kind: 'Node', metadata };
  return (type, reason, message) =>
    events.event('kubelet', node, type, reason, message, { host: name });
}
