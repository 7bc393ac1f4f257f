import type { NodeCondition } from '../../api/index.ts';
import { rfc3339 } from '../../base/index.ts';
import { type Operation, TickLoop } from '../../sim/index.ts';
import { type ControllerContext, isSimulated, type Stored } from '../context.ts';
import { Deadlines } from '../deadlines.ts';
import {
  evictingTaint,
  hasEvictingTaint,
  isEvicting,
  swapEvictingTaint,
} from './evicting-taints.ts';
import { Evictor } from './evictor.ts';
import { COMPONENT, deleteLostPods, markPodsNotReady } from './lost-pods.ts';
import { readyStatus, type ZoneState, zonesOf } from './zones.ts';

const PERIOD = 5000;
/** How long a lost node keeps its Pods where no taint says so: `--pod-eviction-timeout`. */
const EVICTION_TIMEOUT = 300_000;
/** What is not known of a node that is silent; whether its network works, others say. */
const KUBELET_CONDITIONS = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** Starts to look whether nodes are there. */
export function startNodeMonitor(context: ControllerContext): void {
  new NodeMonitor(context).start();
}

/**
 * Every five seconds as long as a node is not well: those that were silent for too long are not known to be ready, and lose their
 * Pods as taints say, unless all nodes are lost. Models monitorNodeHealth and handleDisruption of
 * pkg/controller/nodelifecycle/node_lifecycle_controller.go.
 */
class NodeMonitor {
  readonly #context: ControllerContext;
  readonly #started: number;
  readonly #loop: TickLoop;
  readonly #silences: Deadlines;
  readonly #evictor: Evictor;
  /** Nodes whose Pods could not be marked. */
  readonly #again = new Set<string>();
  #zones = new Map<string, ZoneState>();
  /** When a cluster that was lost as a whole came back: silence counts from there. */
  #grace = Number.NEGATIVE_INFINITY;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#started = context.now;
    this.#silences = new Deadlines(context, 'silence of nodes');
    this.#loop = new TickLoop(context.dependencies.simulation, context.owner, {
      name: 'nodelifecycle: health of nodes',
      period: PERIOD,
      pass: () => this.#pass(),
    });
    this.#evictor = new Evictor(context, (node) =>
      this.#byTaints ? this.#taint(node) : this.#deleteFrom(node),
    );
  }

  start(): void {
    const { heartbeats } = this.#context.dependencies;
    const nodes = this.#context.informer('Node', ({ type, object, old }) => {
      if (type === 'DELETED') this.#gone(object);
      else this.#seen(object, old);
    });
    for (const node of nodes.list()) this.#seen(node);
    if (heartbeats) this.#context.subscribe(heartbeats.watch((name) => this.#heard(name)));
  }

  get #byTaints(): boolean {
    const { rules } = this.#context.dependencies;
    return rules.atLeast('1.18') || rules.gate('TaintBasedEvictions');
  }

  get #period(): number {
    return this.#context.dependencies.rules.atLeast('1.32') ? 50_000 : 40_000;
  }

  /** A Node came or changed. */
  #seen(node: Stored<'Node'>, old?: Stored<'Node'>): void {
    if (isIll(node) || (old && isIll(old))) this.#loop.wake();
    this.#heard(node.metadata.name);
  }

  #gone(node: Stored<'Node'>): void {
    this.#silences.cancel(node.metadata.name);
    this.#evictor.remove(node);
    if (this.#zones.size > 0) this.#loop.wake();
  }

  /** Its kubelet fell silent, or speaks again. */
  #heard(name: string): void {
    const due = this.#due(name);
    if (due === undefined) this.#silences.cancel(name);
    else this.#wakeAt(name, due, `status of node ${name}`);
  }

  #wakeAt(name: string, at: number, reason: string): void {
    if (at > this.#context.now) this.#silences.set(name, { at, reason }, () => this.#loop.wake());
  }

  /** The tick at which a silent node is given up; undefined while it speaks, or where nobody is behind it. */
  #due(name: string): number | undefined {
    const seen = this.#lastSeen(name);
    return seen === undefined ? undefined : seen + this.#period + PERIOD;
  }

  /** The tick at which the last sign of life of a silent node was seen. */
  #lastSeen(name: string): number | undefined {
    const beat = this.#context.dependencies.heartbeats?.of(name);
    if (!beat || beat.alive) return undefined;
    const after = Math.max(beat.last, this.#grace) - this.#started;
    return this.#started + Math.max(0, Math.ceil(after / PERIOD)) * PERIOD;
  }

  *#pass(): Operation {
    const { store } = this.#context.dependencies;
    for (const { metadata } of store.list('Node')) {
      const node = store.get('Node', undefined, metadata.name) as Stored<'Node'> | undefined;
      if (!node) continue;
      if (!(yield* this.#attempt(node, this.#look(node)))) this.#loop.wake();
    }
    yield* this.#judge(store.list('Node') as unknown as Stored<'Node'>[]);
  }

  /** False: it failed, and the log says so. */
  *#attempt({ metadata }: Stored<'Node'>, operation: Operation): Operation<boolean> {
    try {
      yield* operation;
      return true;
    } catch (error) {
      if (!isSimulated(error)) throw error;
      this.#context.logError(COMPONENT, metadata.name, error);
      return false;
    }
  }

  *#look(node: Stored<'Node'>): Operation {
    const { name } = node.metadata;
    const observed = readyStatus(node);
    const due = this.#due(name);
    const lost = due !== undefined && due <= this.#context.now;
    if (lost) yield* this.#markUnknown(node);
    if (observed !== undefined) yield* this.#evict(node, observed);
    const left = lost && observed === 'True';
    if (left) {
      const message = `Node ${name} status is now: NodeNotReady`;
      this.#context.dependencies.events.event(COMPONENT, node, 'Normal', 'NodeNotReady', message);
    }
    if (!left && !(this.#again.has(name) && observed !== 'True')) return;
    this.#again.add(name);
    yield* markPodsNotReady(this.#context, name);
    this.#again.delete(name);
  }

  *#markUnknown(node: Stored<'Node'>): Operation {
    const { store } = this.#context.dependencies;
    if (unknownConditions(node, this.#context.now) === undefined) return;
    yield* this.#context.write('UpdateNodeStatus', node, () => {
      const now = store.get('Node', undefined, node.metadata.name) as Stored<'Node'> | undefined;
      const conditions = now && unknownConditions(now, this.#context.now);
      if (!now || !conditions) return;
      store.update({ ...now, status: { ...now.status, conditions } }, { subresource: 'status' });
    });
  }

  /** As the node was when it was looked at: what this pass finds out counts in the next. */
  *#evict(node: Stored<'Node'>, observed: string): Operation {
    const key = evictingTaint(observed);
    if (key === undefined) {
      this.#evictor.remove(node);
      if (isEvicting(node)) yield* swapEvictingTaint(this.#context, node, undefined);
    } else if (!this.#byTaints) this.#evictLater(node);
    else if (isEvicting(node) && !hasEvictingTaint(node, key)) {
      yield* swapEvictingTaint(this.#context, node, key);
    } else if (!isEvicting(node)) this.#evictor.add(node);
  }

  #evictLater(node: Stored<'Node'>): void {
    const { name } = node.metadata;
    const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
    const since = this.#lastSeen(name) ?? Date.parse(ready?.lastTransitionTime ?? '');
    const at = since + EVICTION_TIMEOUT + PERIOD;
    if (at <= this.#context.now) this.#evictor.add(node);
    else this.#wakeAt(name, at, `Pods of lost node ${name}`);
  }

  *#taint(node: Stored<'Node'>): Operation {
    const key = evictingTaint(readyStatus(node));
    if (key !== undefined) yield* swapEvictingTaint(this.#context, node, key);
  }

  *#deleteFrom(node: Stored<'Node'>): Operation {
    if (readyStatus(node) !== 'True') yield* deleteLostPods(this.#context, node);
  }

  /** When all zones are lost it is more likely that this controller is. */
  *#judge(nodes: readonly Stored<'Node'>[]): Operation {
    const zones = zonesOf(nodes);
    const before = this.#zones;
    const states = [...zones].map(([key, { state }]): [string, ZoneState] => [key, state]);
    const wasLost = before.size > 0 && [...before.values()].every(isFull);
    const isLost = states.length > 0 && states.every(([, state]) => isFull(state));
    this.#zones = new Map(states);
    if (isLost && wasLost) return;
    for (const [key, zone] of zones) {
      const known = before.get(key) ?? 'initial';
      if (isLost || wasLost || known !== zone.state) {
        this.#evictor.setZone(key, isLost ? undefined : zone);
      }
    }
    if (isLost) yield* this.#spareAll(nodes);
    else if (wasLost) this.#grace = this.#context.now;
  }

  *#spareAll(nodes: readonly Stored<'Node'>[]): Operation {
    for (const node of nodes) {
      this.#evictor.remove(node);
      if (!isEvicting(node)) continue;
      // One that keeps its taint keeps it, as upstream has it, until its kubelet speaks again.
      yield* this.#attempt(node, swapEvictingTaint(this.#context, node, undefined));
    }
  }
}

/** Something is to be done about it, or was. */
function isIll(node: Stored<'Node'>): boolean {
  return (readyStatus(node) ?? 'True') !== 'True' || isEvicting(node);
}

function isFull(state: ZoneState): boolean {
  return state === 'fullDisruption';
}

/** All that a kubelet says, as nobody knows it; undefined: it is so already. */
function unknownConditions(
  { metadata, status }: Stored<'Node'>,
  now: number,
): NodeCondition[] | undefined {
  const old = status?.conditions ?? [];
  const lastTransitionTime = rfc3339(now);
  const own = KUBELET_CONDITIONS.map((type) => {
    const before = old.find((condition) => condition.type === type);
    if (before?.status === 'Unknown') return before;
    const [reason, message] = before
      ? ['NodeStatusUnknown', 'Kubelet stopped posting node status.']
      : ['NodeStatusNeverUpdated', 'Kubelet never posted node status.'];
    const heartbeat = before ? {} : { lastHeartbeatTime: metadata.creationTimestamp };
    return {
      ...before,
      ...heartbeat,
      type,
      status: 'Unknown',
      reason,
      message,
      lastTransitionTime,
    };
  });
  if (own.every((condition) => old.includes(condition))) return undefined;
  const others = old.filter(({ type }) => !KUBELET_CONDITIONS.includes(type));
  return [...own, ...others] as NodeCondition[];
}
