import type { InformerEvent } from '../../api/informer.ts';
import { qualifiedPluginName } from '../../plugin/index.ts';
import { TickLoop } from '../../sim/index.ts';
import type { ControllerContext, Stored } from '../context.ts';
import { ActualStateOfWorld, type AttachedVolume } from './actual-state-of-world.ts';
import { DesiredStateOfWorld } from './desired-state-of-world.ts';
import { nodeOfAttachments } from './node-view.ts';
import { Reconciler } from './reconciler.ts';
import { SharedVolumes } from './shared-volumes.ts';

/** Milliseconds between two looks at Pods whose volumes could not be named. Models listPodsRetryDuration. */
const LIST_PERIOD = 180_000;

/** Starts the controller that attaches volumes to nodes. */
export function startAttachDetach(context: ControllerContext): void {
  new AttachDetachController(context).start();
}

/**
 * Attaches to nodes what their Pods need, and detaches what nobody needs any more. Models
 * pkg/controller/volume/attachdetach/attach_detach_controller.go.
 */
class AttachDetachController {
  readonly #context: ControllerContext;
  readonly #desired = new DesiredStateOfWorld();
  readonly #actual = new ActualStateOfWorld();
  readonly #shared: SharedVolumes;
  readonly #reconciler: Reconciler;
  readonly #populator: TickLoop;
  /** The spec with which a Pod was looked at, where nothing was left open. */
  readonly #processed = new Map<string, Stored<'Pod'>['spec']>();
  /** Pods of which something could not be named yet. */
  readonly #open = new Map<string, Stored<'Pod'>>();

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#shared = new SharedVolumes(context);
    this.#reconciler = new Reconciler({ context, desired: this.#desired, actual: this.#actual });
    this.#populator = new TickLoop(context.dependencies.simulation, context.owner, {
      name: 'attachdetach: desired state of world populator',
      period: LIST_PERIOD,
      class: 'retry',
      pass: () => this.#lookAgain(),
    });
  }

  /** What nodes say is attached is believed, and then what Pods want is added. */
  start(): void {
    const pods = this.#context.informer('Pod', (event) => this.#podChanged(event));
    const nodes = this.#context.informer('Node', (event) => this.#nodeChanged(event));
    this.#context.informer('PersistentVolumeClaim', (event) => this.#claimChanged(event));
    this.#context.informer('PersistentVolume', () => this.#openMayBeNamed());
    this.#context.dependencies.metrics?.watchWorlds({
      desired: () => pluginNames(this.#desired.all()),
      actual: () => pluginNames(attachments(this.#actual)),
      inUse: () => this.#inUse(pods.list()),
    });
    for (const node of nodes.list()) this.#nodeAdded(node);
    for (const pod of pods.list()) this.#wanted(pod);
  }

  /** Node and plugin of each volume of each Pod that has a node. Models getVolumeInUseCount. */
  *#inUse(pods: readonly Stored<'Pod'>[]): Generator<readonly [string, string], void, void> {
    for (const pod of pods) {
      const { nodeName } = pod.spec;
      if (!nodeName) continue;
      for (const { plugin, spec } of this.#shared.of(pod).found) {
        yield [nodeName, qualifiedPluginName(plugin, spec)];
      }
    }
  }

  #podChanged({ type, object }: InformerEvent<Stored<'Pod'>>): void {
    if (type === 'DELETED' || hasEnded(object)) this.#unwanted(object);
    else this.#wanted(object);
  }

  #unwanted({ metadata: { uid } }: Stored<'Pod'>): void {
    this.#processed.delete(uid);
    this.#open.delete(uid);
    for (const { name } of this.#desired.removePod(uid)) this.#reconciler.mark(name);
  }

  #wanted(pod: Stored<'Pod'>): void {
    const { nodeName } = pod.spec;
    const { uid } = pod.metadata;
    if (!nodeName || this.#processed.get(uid) === pod.spec || hasEnded(pod)) return;
    const complete = this.#desired.hasNode(nodeName) && this.#addVolumes(pod, nodeName);
    if (complete) {
      this.#open.delete(uid);
      this.#processed.set(uid, pod.spec);
    } else this.#open.set(uid, pod);
  }

  /** False: something of it cannot be named. */
  #addVolumes(pod: Stored<'Pod'>, node: string): boolean {
    const { found, complete } = this.#shared.of(pod);
    for (const { name, plugin, spec } of found) {
      this.#desired.add(node, name, { plugin, spec, pod });
      this.#actual.describe(name, plugin, spec);
      this.#reconciler.mark(name);
    }
    return complete;
  }

  /** A claim that is bound now: Pods that waited for it. */
  #claimChanged({ type, object }: InformerEvent<Stored<'PersistentVolumeClaim'>>): void {
    if (type === 'DELETED' || object.status?.phase !== 'Bound') return;
    for (const pod of [...this.#open.values()]) {
      if (this.#shared.usesClaim(pod, object)) this.#wanted(pod);
    }
  }

  #nodeChanged({ type, object }: InformerEvent<Stored<'Node'>>): void {
    const { name, inUse, managed } = nodeOfAttachments(object);
    if (type === 'ADDED') return this.#nodeAdded(object);
    this.#actual.setInUse(name, inUse);
    if (type === 'DELETED') this.#desired.removeNode(name);
    else if (managed) this.#manage(name);
    this.#reconciler.markNode(name);
  }

  #nodeAdded(node: Stored<'Node'>): void {
    const { name, attached, inUse, managed } = nodeOfAttachments(node);
    if (managed) this.#manage(name);
    for (const { name: volume, devicePath } of attached) {
      if (this.#actual.get(volume)?.nodes.has(name)) continue;
      const plugin = this.#shared.pluginOf(volume);
      this.#actual.mark(volume, name, { state: 'attached', plugin, devicePath });
    }
    this.#actual.setInUse(name, inUse);
    this.#reconciler.markNode(name);
    if (attached.length > 0) this.#reconciler.nodeAdded(name);
  }

  #manage(node: string): void {
    if (this.#desired.hasNode(node)) return;
    this.#desired.addNode(node);
    this.#openMayBeNamed();
  }

  /** Upstream does not watch for this: it is noticed when all Pods are listed again. */
  #openMayBeNamed(): void {
    if (this.#open.size > 0) this.#populator.wake();
  }

  #lookAgain(): undefined {
    for (const pod of [...this.#open.values()]) this.#wanted(pod);
  }
}

/** Failed or Succeeded, or being deleted with no container running. */
function hasEnded({ metadata, status }: Stored<'Pod'>): boolean {
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return true;
  if (metadata.deletionTimestamp === undefined) return false;
  const all = [
    ...(status?.initContainerStatuses ?? []),
    ...(status?.containerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ];
  return all.every(({ state }) => state?.running === undefined);
}

/** A volume once for each node that it is attached to. */
function* attachments(actual: ActualStateOfWorld): Generator<AttachedVolume, void, void> {
  for (const volume of actual.all()) for (const _ of volume.nodes) yield volume;
}

function* pluginNames(
  volumes: Iterable<Pick<AttachedVolume, 'plugin' | 'spec'>>,
): Generator<string, void, void> {
  for (const { plugin, spec } of volumes) {
    yield plugin && spec ? qualifiedPluginName(plugin, spec) : (plugin?.name ?? 'N/A');
  }
}
