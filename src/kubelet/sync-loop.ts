import type { Pod } from '../api/index.ts';
import type { InformerEvent } from '../api/informer.ts';
import { compare, type DeepReadonly } from '../base/index.ts';
import type { Housekeeping } from './housekeeping.ts';
import type { NodeParts } from './node-parts.ts';
import type { PeriodicSyncs } from './periodic-syncs.ts';
import type { PlannedSyncs } from './planned-syncs.ts';
import { PodLifecycleEventGenerator } from './pleg.ts';
import { podKey } from './pod/containers.ts';
import type { PodContext } from './pod/context.ts';
import { needsSync } from './pod/pod-changes.ts';
import type { KnownPods } from './pod/pod-manager.ts';
import type { PodWorker } from './pod/pod-worker.ts';
import type { PodWorkers } from './pod/pod-workers.ts';
import { isMirrorPod, type StaticPods } from './static-pods/index.ts';

export interface SyncLoopParts {
  readonly context: PodContext;
  readonly pods: KnownPods;
  readonly workers: PodWorkers;
  readonly node: NodeParts;
  readonly periodic: PeriodicSyncs;
  readonly planned: PlannedSyncs;
  /** Asked for when something happens: they know the loop. */
  readonly statics: () => StaticPods;
  readonly housekeeping: () => Housekeeping;
}

/** Hands what happens to pods to those who care. Models syncLoopIteration of pkg/kubelet/kubelet.go. */
export class SyncLoop {
  readonly #parts: SyncLoopParts;
  readonly #pleg: PodLifecycleEventGenerator;

  constructor(parts: SyncLoopParts) {
    this.#parts = parts;
    this.#pleg = new PodLifecycleEventGenerator(parts.context, (uid) => this.#relisted(uid));
  }

  /** The pods that the API has when the kubelet starts; those that show static ones are only remembered. */
  begin(pods: readonly DeepReadonly<Pod>[]): void {
    for (const pod of [...pods].sort(byAge)) if (!isMirrorPod(pod)) this.added(pod);
  }

  /** A Pod of this node changed in the API. */
  podEvent({ type, object, old }: InformerEvent<DeepReadonly<Pod>>): void {
    const { pods, workers } = this.#parts;
    if (isMirrorPod(object)) return this.#mirrorEvent(type, object);
    if (type === 'DELETED') return this.removed(object);
    if (type === 'ADDED') return this.added(object);
    pods.set(object);
    const worker = workers.get(object.metadata.uid);
    if (worker && old && !needsSync(old, object)) worker.pod = object;
    else this.#update(object);
  }

  /** There is a new Pod. */
  added(pod: DeepReadonly<Pod>): void {
    const { pods, periodic, workers, node } = this.#parts;
    pods.set(pod);
    periodic.add(pod);
    const { phase } = pod.status ?? {};
    if (phase === 'Succeeded' || phase === 'Failed') return void workers.terminate(pod);
    if (node.admission.admit(pod)) this.#update(pod);
    else periodic.remove(pod.metadata.uid);
  }

  /** A Pod is not there any more. */
  removed(pod: DeepReadonly<Pod>): void {
    const { context, pods, periodic, planned, node, workers, housekeeping } = this.#parts;
    const { uid } = pod.metadata;
    pods.delete(uid);
    periodic.remove(uid);
    planned.forget(uid);
    node.eviction.podGone(uid);
    const worker = workers.get(uid);
    if (worker) workers.terminate(worker.pod);
    node.admission.gone(uid);
    context.volumes.podChanged(uid);
    housekeeping().wake();
  }

  /** The worker of a Pod moved on. */
  moved(worker: PodWorker): void {
    const { context, node, statics, housekeeping } = this.#parts;
    const { pod, state } = worker;
    context.volumes.podChanged(pod.metadata.uid);
    node.shutdown.moved();
    node.eviction.podMoved(worker);
    if (state === 'terminated') node.admission.ended(pod.metadata.uid);
    if (state !== 'finished') return;
    statics().finished(pod);
    housekeeping().wake();
  }

  /** A Pod was synced, and it went well. */
  synced({ pod, state }: PodWorker): void {
    if (state !== 'sync') return;
    this.#parts.node.eviction.podChanged(pod.metadata.uid);
    this.#parts.planned.synced(pod);
  }

  /** A Pod has no volume any more. A mount that took its time may have left a directory that was swept before. */
  unmounted(uid: string): void {
    const { pods, housekeeping } = this.#parts;
    if (!pods.get(uid)) housekeeping().wake();
  }

  /** A container of the Pod is not as it was. */
  containersChanged(uid: string): void {
    this.#parts.node.eviction.podChanged(uid);
    this.#pleg.changed(uid);
  }

  /** The Node is there now: static pods can be shown. */
  nodeAdded(): void {
    for (const uid of this.#parts.statics().uids()) this.#syncNow(uid);
  }

  /** What shows a static Pod is put right by the next sync of that. */
  #mirrorEvent(type: string, mirror: DeepReadonly<Pod>): void {
    const { mirrors, statuses } = this.#parts.context;
    if (type === 'DELETED') mirrors.delete(mirror);
    else mirrors.set(mirror);
    const uid = this.#parts.statics().uidOf(podKey(mirror));
    if (uid === undefined) return this.#parts.housekeeping().wake();
    if (type === 'ADDED') statuses.resync(uid);
    else if (type === 'DELETED' || mirror.metadata.deletionTimestamp) this.#syncNow(uid);
  }

  #update(pod: DeepReadonly<Pod>): void {
    const { context, workers } = this.#parts;
    workers.update(pod);
    context.volumes.podChanged(pod.metadata.uid);
  }

  #relisted(uid: string): void {
    const { pods, housekeeping } = this.#parts;
    if (!this.#syncNow(uid) && !pods.get(uid)) housekeeping().wake();
  }

  /** False: it is not to run. */
  #syncNow(uid: string): boolean {
    const worker = this.#parts.workers.get(uid);
    if (worker?.state !== 'sync') return false;
    worker.wake();
    return true;
  }
}

/** Models PodsByCreationTime. */
function byAge(a: DeepReadonly<Pod>, b: DeepReadonly<Pod>): number {
  return compare(a.metadata.creationTimestamp, b.metadata.creationTimestamp);
}
