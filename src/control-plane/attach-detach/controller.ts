import type { InformerEvent } from '../../api/informer.ts';
import { type Operation, TickLoop } from '../../sim/index.ts';
import type { ControllerContext, Stored } from '../context.ts';
import { nodeOfAttachments } from './node-view.ts';
import { Reconciler } from './reconciler.ts';
import { SharedVolumes } from './shared-volumes.ts';
import { ActualWorld, DesiredWorld } from './worlds.ts';

/** Milliseconds between two passes. */
const PERIOD = 100;

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
  readonly #desired = new DesiredWorld();
  readonly #actual = new ActualWorld();
  readonly #shared: SharedVolumes;
  readonly #reconciler: Reconciler;
  readonly #loop: TickLoop;

  constructor(context: ControllerContext) {
    this.#context = context;
    const { simulation } = context.dependencies;
    this.#loop = new TickLoop(simulation, context.owner, {
      name: 'attachdetach: reconciler',
      period: PERIOD,
      pass: (): Operation => this.#reconciler.pass(),
    });
    this.#shared = new SharedVolumes(context);
    this.#reconciler = new Reconciler(context, {
      desired: this.#desired,
      actual: this.#actual,
      wake: () => this.#loop.wake(),
    });
  }

  /** What nodes say is attached is believed, and then what Pods want is added. */
  start(): void {
    const pods = this.#context.informer('Pod', (event) => this.#podChanged(event));
    const nodes = this.#context.informer('Node', (event) => this.#nodeChanged(event));
    this.#context.informer('PersistentVolumeClaim', ({ type, object }) => {
      if (type === 'DELETED' || object.status?.phase !== 'Bound') return;
      for (const pod of pods.list()) {
        if (this.#shared.usesClaim(pod, object)) this.#wanted(pod);
      }
    });
    for (const node of nodes.list()) this.#nodeAdded(node);
    for (const pod of pods.list()) this.#wanted(pod);
  }

  #podChanged({ type, object }: InformerEvent<Stored<'Pod'>>): void {
    if (type === 'DELETED' || hasEnded(object)) {
      if (this.#desired.removePod(object.metadata.uid)) this.#loop.wake();
    } else this.#wanted(object);
  }

  #wanted(pod: Stored<'Pod'>): void {
    const { nodeName } = pod.spec;
    if (!nodeName || hasEnded(pod) || !this.#isManaged(nodeName)) return;
    for (const { name, plugin, spec } of this.#shared.of(pod)) {
      this.#desired.add(nodeName, name, { plugin, spec, pod });
      this.#loop.wake();
    }
  }

  #isManaged(node: string): boolean {
    const found = this.#context.dependencies.store.get('Node', undefined, node);
    return found !== undefined && nodeOfAttachments(found as Stored<'Node'>).managed;
  }

  #nodeChanged({ type, object }: InformerEvent<Stored<'Node'>>): void {
    const { name, inUse } = nodeOfAttachments(object);
    this.#actual.setInUse(name, inUse);
    if (type === 'ADDED') return this.#nodeAdded(object);
    if (this.#actual.volumes.size > 0) this.#loop.wake();
  }

  #nodeAdded(node: Stored<'Node'>): void {
    const { name, attached, inUse } = nodeOfAttachments(node);
    for (const { name: volume, devicePath } of attached) {
      const plugin = this.#shared.pluginOf(volume);
      this.#actual.mark(volume, name, { state: 'attached', plugin, devicePath });
    }
    this.#actual.setInUse(name, inUse);
    if (attached.length > 0) this.#loop.wake();
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
