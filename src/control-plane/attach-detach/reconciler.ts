import { isMultiAttachAllowed, type VolumeSpec } from '../../plugin/index.ts';
import { Cancellation, doAt, type Operation, TickLoop } from '../../sim/index.ts';
import type { AttachedVolume, Attachment } from './actual-state-of-world.ts';
import type { WantedVolume } from './desired-state-of-world.ts';
import { multiAttachMessage } from './multi-attach.ts';
import { NodeStatusUpdater } from './node-status-updater.ts';
import { attach, COMPONENT, detach } from './operations.ts';
import { nodeNamed, type Parts } from './parts.ts';
import { PendingOperations } from './pending-operations.ts';
import { Verifier } from './verifier.ts';

/** Milliseconds between two passes. */
const PERIOD = 100;
/** Milliseconds after which a node that is not ready loses what it does not unmount. */
const MAX_WAIT_FOR_UNMOUNT = 360_000;

/**
 * Makes what is attached what is to be attached: detaches first, then attaches, then tells the nodes. Only volumes that
 * something happened to are looked at. Models pkg/controller/volume/attachdetach/reconciler/reconciler.go.
 */
export class Reconciler {
  readonly #parts: Parts;
  readonly #pending: PendingOperations;
  readonly #nodes: NodeStatusUpdater;
  readonly #verifier: Verifier;
  readonly #loop: TickLoop;
  readonly #marked = new Set<string>();

  constructor(parts: Omit<Parts, 'mark'>) {
    const mark = (volume: string): void => this.mark(volume);
    this.#parts = { ...parts, mark };
    this.#pending = new PendingOperations(parts.context, mark);
    this.#loop = new TickLoop(parts.context.dependencies.simulation, parts.context.owner, {
      name: 'attachdetach: reconciler',
      period: PERIOD,
      pass: () => this.#pass(),
    });
    this.#nodes = new NodeStatusUpdater(this.#parts, () => this.#loop.wake());
    this.#verifier = new Verifier(this.#parts);
  }

  /** The volume is looked at in the next pass. */
  mark(volume: string): void {
    this.#marked.add(volume);
    this.#loop.wake();
  }

  /** Something about a node changed: what is attached to it is looked at. */
  markNode(node: string): void {
    for (const volume of this.#parts.actual.namesOn(node)) this.mark(volume);
  }

  /** A node came: it is told what is attached to it. */
  nodeAdded(node: string): void {
    this.#parts.actual.markDirty(node);
    for (const name of this.#parts.actual.namesOn(node)) {
      this.#verifier.attached({ plugin: this.#parts.actual.get(name)?.plugin }, node);
    }
    this.#loop.wake();
  }

  *#pass(): Operation {
    const marked = [...this.#marked];
    this.#marked.clear();
    for (const name of marked) {
      const volume = this.#parts.actual.get(name);
      for (const [node, attachment] of [...(volume?.nodes ?? [])]) {
        if (volume) yield* this.#detachIfUnwanted(volume, node, attachment);
      }
    }
    for (const name of marked) {
      for (const wanted of this.#parts.desired.of(name)) this.#attachIfMissing(wanted);
    }
    yield* this.#nodes.updateAll();
  }

  *#detachIfUnwanted(volume: AttachedVolume, node: string, attachment: Attachment): Operation {
    const { desired, actual } = this.#parts;
    const { name, spec } = volume;
    const key = keyOf(name, node, spec);
    if (desired.get(node, name) || !this.#pending.isSafeToRetry(key, 'volume_detach')) return;
    const { expired, forced } = this.#force(node, attachment);
    if (actual.isInUse(name, node) && forced === undefined) {
      this.#waitForStatus(name, node, attachment);
      return this.#waitForUnmount(name, attachment);
    }
    actual.hide(name, node, true);
    if (!(yield* this.#nodes.update(node))) return actual.hide(name, node, false);
    const safely = !expired && forced !== 'out-of-service';
    const run = () => detach(this.#parts, volume, node, safely);
    const operation = { key, name: 'volume_detach', volume: name, node, run } as const;
    if (!this.#pending.run(operation)) return actual.hide(name, node, false);
    if (safely) return;
    const reason = forced === 'out-of-service' ? forced : 'timeout';
    this.#parts.context.dependencies.metrics?.forcedDetach(reason);
  }

  /** Why a node that still uses a volume loses it all the same; undefined: it does not. */
  #force(
    node: string,
    attachment: Attachment,
  ): { expired: boolean; forced: 'timeout' | 'out-of-service' | undefined } {
    const { context } = this.#parts;
    const { now } = context;
    attachment.detachRequested ??= now;
    const view = nodeNamed(this.#parts, node);
    const expired = now - attachment.detachRequested > MAX_WAIT_FOR_UNMOUNT;
    const { rules, disableForceDetachOnTimeout } = context.dependencies;
    const never = disableForceDetachOnTimeout && rules.atLeast('1.30');
    const lost = rules.before('1.25') || !view?.ready;
    if (expired && lost && !never) return { expired, forced: 'timeout' };
    const gone = view?.outOfService && rules.gate('NodeOutOfServiceVolumeDetach');
    return { expired, forced: gone ? 'out-of-service' : undefined };
  }

  /** It was only taken for granted that the node uses it: its kubelet's next status says that it does not. */
  #waitForStatus(name: string, node: string, attachment: Attachment): void {
    const { context, actual } = this.#parts;
    const { heartbeats } = context.dependencies;
    const next = heartbeats?.nextStatus(node);
    if (attachment.awaitsStatus || next === undefined) return;
    if (!this.#isTakenForGranted(name, node)) return;
    attachment.awaitsStatus = true;
    context.wakeAt(next, `status of ${node}`, 'deadline', () => {
      attachment.awaitsStatus = false;
      const view = nodeNamed(this.#parts, node);
      if (view && heartbeats?.of(node)?.alive) actual.setInUse(node, view.inUse);
      this.markNode(node);
    });
  }

  #isTakenForGranted(name: string, node: string): boolean {
    const view = nodeNamed(this.#parts, node);
    return view !== undefined && !view.inUse.includes(name);
  }

  /** The node uses it: it is looked at when that changes, and when the time for it is over. */
  #waitForUnmount(name: string, attachment: Attachment): void {
    const { context } = this.#parts;
    const until = (attachment.detachRequested ?? context.now) + MAX_WAIT_FOR_UNMOUNT + 1;
    if (attachment.expiry || until <= context.now) return;
    const cancel = new Cancellation();
    attachment.expiry = cancel;
    const options = { class: 'deadline', reason: `${name} to be unmounted`, cancel } as const;
    const wait = doAt(until, options, () => this.mark(name));
    context.spawn(`attachdetach: detach ${name}`, wait);
  }

  #attachIfMissing(wanted: WantedVolume): void {
    const { name, node, spec, plugin } = wanted;
    const key = keyOf(name, node, spec);
    if (this.#pending.isPending(key)) return;
    const { actual } = this.#parts;
    const here = actual.get(name)?.nodes.get(node);
    if (here?.state === 'attached') {
      here.detachRequested = undefined;
      here.expiry?.cancel();
      here.expiry = undefined;
      return;
    }
    const elsewhere = isMultiAttachAllowed(spec) ? [] : this.#elsewhere(name, node);
    if (elsewhere.length > 0) return this.#tellMultiAttach(wanted, elsewhere);
    const run = () => this.#attach(wanted);
    this.#pending.run({ key, name: 'volume_attach', volume: name, node, run });
    this.#verifier.attached({ plugin }, node);
  }

  *#attach(wanted: WantedVolume): Operation {
    yield* attach(this.#parts, wanted);
    this.#verifier.attached(wanted, wanted.node);
  }

  /** Other nodes to which it is attached for certain. Up to 1.5 nobody asked. Models GetNodesForAttachedVolume. */
  #elsewhere(name: string, node: string): string[] {
    if (this.#parts.context.dependencies.rules.before('1.6')) return [];
    const nodes = [...(this.#parts.actual.get(name)?.nodes ?? [])];
    return nodes.flatMap(([other, { state }]) =>
      other !== node && state === 'attached' ? [other] : [],
    );
  }

  /** Pods of other nodes to which it is not attached wait as well: they are not named. */
  #tellMultiAttach(wanted: WantedVolume, nodes: readonly string[]): void {
    if (wanted.multiAttachReported) return;
    wanted.multiAttachReported = true;
    const { events, rules } = this.#parts.context.dependencies;
    const others = this.#parts.desired.podsOn(nodes, wanted.name);
    for (const pod of wanted.pods.values()) {
      const message = multiAttachMessage(wanted.spec.name, pod, others, rules);
      events.event(COMPONENT, pod, 'Warning', 'FailedAttachVolume', message);
    }
  }
}

/** Operations on a volume exclude each other unless it may be attached to several nodes. */
function keyOf(volume: string, node: string, spec: VolumeSpec | undefined): string {
  return isMultiAttachAllowed(spec) ? `${volume} ${node}` : volume;
}
