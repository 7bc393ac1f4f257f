import { messageOf, OperationError } from '../../base/index.ts';
import type { NodeSystem, VolumeSpec } from '../../plugin/index.ts';
import { isMultiAttachAllowed } from '../../plugin/index.ts';
import type { Operation } from '../../sim/index.ts';
import { apiReason, type ControllerContext, type Stored } from '../context.ts';
import { multiAttachMessage } from './multi-attach.ts';
import { type NodeView, nodeOfAttachments } from './node-view.ts';
import { attacherCall, failed, PendingOperations } from './operations.ts';
import type {
  ActualAttachments,
  ActualWorld,
  Attachment,
  DesiredWorld,
  WantedVolume,
} from './worlds.ts';

/** Milliseconds after which a node that is not ready loses what it does not unmount. */
const MAX_WAIT_FOR_UNMOUNT = 360_000;
/** Milliseconds between two looks at what is really attached. */
const VERIFY_PERIOD = 60_000;
const COMPONENT = 'attachdetach-controller';

export interface ReconcilerParts {
  readonly desired: DesiredWorld;
  readonly actual: ActualWorld;
  /** Asks for another pass. */
  readonly wake: () => void;
}

/** Makes what is attached what is to be attached. Models pkg/controller/volume/attachdetach/reconciler/reconciler.go. */
export class Reconciler {
  readonly #context: ControllerContext;
  readonly #parts: ReconcilerParts;
  readonly #pending: PendingOperations;
  #verified = Number.NEGATIVE_INFINITY;

  constructor(context: ControllerContext, parts: ReconcilerParts) {
    this.#context = context;
    this.#parts = parts;
    this.#pending = new PendingOperations(context, parts.wake);
  }

  *pass(): Operation {
    yield* this.#verify();
    for (const volume of [...this.#parts.actual.volumes.values()]) {
      for (const [node, attachment] of [...volume.nodes]) {
        yield* this.#detachIfUnwanted(volume, node, attachment);
      }
    }
    for (const wanted of [...this.#parts.desired.all()]) this.#attachIfMissing(wanted);
    yield* this.#report();
  }

  *#detachIfUnwanted(volume: ActualAttachments, node: string, attachment: Attachment): Operation {
    const { desired, actual } = this.#parts;
    const key = keyOf(volume.name, node, volume.spec);
    if (desired.get(node, volume.name) || this.#pending.isPending(key)) return;
    const { now } = this.#context;
    if (attachment.detachRequested === undefined) {
      attachment.detachRequested = now;
      this.#lookAgain(now + MAX_WAIT_FOR_UNMOUNT, volume.name);
    }
    const view = this.#node(node);
    const expired = now - attachment.detachRequested >= MAX_WAIT_FOR_UNMOUNT;
    const always = this.#context.dependencies.rules.before('1.25');
    const forced = expired && (always || !view?.ready);
    const gone = view?.outOfService ?? false;
    if (actual.isInUse(volume.name, node) && !forced && !gone) return;
    actual.hide(volume.name, node, true);
    if (!(yield* this.#reportTo(node))) {
      actual.hide(volume.name, node, false);
      return;
    }
    const name = `attachdetach: detach ${volume.name} from ${node}`;
    this.#pending.run(key, name, this.#detach(volume, node, forced || gone));
  }

  *#detach(volume: ActualAttachments, node: string, unsafe: boolean): Operation {
    const { actual } = this.#parts;
    const system = this.#system(node);
    const { plugin } = volume;
    const spec = volume.spec ?? unknownSpec(volume.name);
    try {
      if (!unsafe) this.#demandUnused(volume.name, node);
      const { attacher } = plugin ?? {};
      if (plugin && attacher && system) {
        yield* attacherCall(this.#context, 'Detach', { plugin, spec, node: system }, () =>
          attacher.detach(spec, system),
        );
      }
      actual.remove(volume.name, node);
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      const certain = this.#context.dependencies.rules.before('1.29');
      actual.hide(volume.name, node, false);
      actual.mark(volume.name, node, { state: certain ? 'attached' : 'uncertain' });
      throw failed('DetachVolume.Detach', spec.name, error);
    }
  }

  /** The node may have begun to use it meanwhile. */
  #demandUnused(volume: string, node: string): void {
    if (!this.#node(node)?.inUse.includes(volume)) return;
    const message = `volume ${volume} is still in use by node ${node}, according to Node status`;
    throw new OperationError(message);
  }

  #attachIfMissing(wanted: WantedVolume): void {
    const { name, node, spec } = wanted;
    const key = keyOf(name, node, spec);
    if (this.#pending.isPending(key)) return;
    const { actual } = this.#parts;
    const nodes = actual.volumes.get(name)?.nodes;
    const here = nodes?.get(node);
    if (here?.state === 'attached') {
      here.detachRequested = undefined;
      actual.mark(name, node, { state: 'attached', plugin: wanted.plugin, spec });
      return;
    }
    const elsewhere = [...(nodes ?? [])].some(
      ([other, { state }]) => other !== node && state === 'attached',
    );
    const { rules } = this.#context.dependencies;
    if (elsewhere && !isMultiAttachAllowed(spec) && rules.atLeast('1.6')) {
      return this.#tellMultiAttach(wanted);
    }
    this.#pending.run(key, `attachdetach: attach ${name} to ${node}`, this.#attach(wanted));
  }

  #tellMultiAttach(wanted: WantedVolume): void {
    if (wanted.multiAttachReported) return;
    wanted.multiAttachReported = true;
    const { events, rules } = this.#context.dependencies;
    const others = this.#parts.desired.podsElsewhere(wanted.name, wanted.node);
    for (const pod of wanted.pods.values()) {
      const message = multiAttachMessage(wanted.spec.name, pod, others, rules);
      events.event(COMPONENT, pod, 'Warning', 'FailedAttachVolume', message);
    }
  }

  *#attach(wanted: WantedVolume): Operation {
    const { name, node, plugin, spec } = wanted;
    const { actual } = this.#parts;
    const { attacher } = plugin;
    const system = this.#system(node);
    if (!attacher || !system) return;
    try {
      const devicePath = yield* attacherCall(
        this.#context,
        'Attach',
        { plugin, spec, node: system },
        () => attacher.attach(spec, system),
      );
      actual.mark(name, node, { state: 'attached', plugin, spec, devicePath });
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      actual.mark(name, node, { state: 'uncertain', plugin, spec });
      const failure = failed('AttachVolume.Attach', spec.name, error);
      this.#tell(wanted, 'Warning', 'FailedAttachVolume', messageOf(failure));
      throw failure;
    }
    const done = `AttachVolume.Attach succeeded for volume "${spec.name}" `;
    this.#tell(wanted, 'Normal', 'SuccessfulAttachVolume', done);
  }

  #tell({ pods }: WantedVolume, type: 'Normal' | 'Warning', reason: string, message: string): void {
    const { events } = this.#context.dependencies;
    for (const pod of pods.values()) events.event(COMPONENT, pod, type, reason, message);
  }

  /** Brings `status.volumesAttached` of every node up to date. */
  *#report(): Operation {
    for (const node of this.#context.dependencies.store.list('Node')) {
      yield* this.#reportTo(node.metadata.name);
    }
  }

  /** False: it could not be written. A node that is gone needs nothing. */
  *#reportTo(name: string): Operation<boolean> {
    const { store } = this.#context.dependencies;
    const node = store.get('Node', undefined, name) as Stored<'Node'> | undefined;
    if (!node) return true;
    const volumesAttached = this.#parts.actual.shownOn(name);
    if (sameAttached(volumesAttached, node.status?.volumesAttached ?? [])) return true;
    try {
      yield* this.#context.write('PatchVolumesAttached', node, () => {
        const now = (store.get('Node', undefined, name) ?? node) as Stored<'Node'>;
        const { volumesAttached: _, ...rest } = now.status ?? {};
        const status = volumesAttached.length > 0 ? { ...rest, volumesAttached } : rest;
        store.update({ ...now, status } as never, { subresource: 'status' });
      });
      return true;
    } catch (error) {
      if (!(error instanceof OperationError) && apiReason(error) === undefined) throw error;
      this.#lookAgain(this.#context.now + 100, name);
      return false;
    }
  }

  /** Volumes that somebody else took off a node are attached again, if they are wanted. */
  *#verify(): Operation {
    const { now } = this.#context;
    if (now - this.#verified < VERIFY_PERIOD) return;
    this.#verified = now;
    for (const { name, plugin, spec, nodes } of [...this.#parts.actual.volumes.values()]) {
      const { attacher } = plugin ?? {};
      if (!attacher || !spec) continue;
      for (const [node, { state }] of [...nodes]) {
        const system = this.#system(node);
        if (state !== 'attached' || !system) continue;
        const [attached = true] = yield* attacher.verify([spec], system);
        if (!attached) this.#parts.actual.remove(name, node);
      }
    }
  }

  #node(name: string): NodeView | undefined {
    const node = this.#context.dependencies.store.get('Node', undefined, name);
    return node && nodeOfAttachments(node as Stored<'Node'>);
  }

  #system(name: string): NodeSystem | undefined {
    return this.#context.dependencies.nodes(name);
  }

  #lookAgain(at: number, what: string): void {
    this.#context.wakeAt(at, `detaching ${what}`, 'deadline', this.#parts.wake);
  }
}

/** What is known of a volume of which only the name was found. */
function unknownSpec(volume: string): VolumeSpec {
  const name = volume.split('/').slice(2).join('/');
  return { name, source: {}, readOnly: false, mountOptions: [] };
}

/** Operations on a volume exclude each other unless it may be attached to several nodes. */
function keyOf(volume: string, node: string, spec: VolumeSpec | undefined): string {
  return isMultiAttachAllowed(spec) ? `${volume} ${node}` : volume;
}

function sameAttached(
  a: readonly { readonly name: string; readonly devicePath: string }[],
  b: readonly { readonly name: string; readonly devicePath: string }[],
): boolean {
  return (
    a.length === b.length &&
    a.every((one, i) => one.name === b[i]?.name && one.devicePath === b[i]?.devicePath)
  );
}
