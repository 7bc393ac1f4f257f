import type { VersionRules } from '../api/index.ts';
import { milliseconds, type Subscription, subscription } from '../base/index.ts';
import type { Heartbeats } from '../control-plane/index.ts';
import type { Simulation } from '../sim/index.ts';
import type { ClusterNode } from './cluster-node.ts';

/** A kubelet renews its Lease four times in the 40 s that it is good for. */
const PERIOD = 10_000;
/** `nodeStatusReportFrequency` beside Leases. */
const STATUS_PERIOD = 300_000;

interface Pulse {
  readonly from: number;
  /** Undefined while it goes on. */
  readonly until?: number;
}

/** What the control plane hears of the kubelets. */
export class KubeletHeartbeats implements Heartbeats {
  readonly #simulation: Simulation;
  readonly #pulses = new Map<string, Pulse>();
  readonly #listeners = new Set<(node: string) => void>();
  readonly #nodes: ReadonlyMap<string, ClusterNode>;
  readonly #rules: VersionRules;

  constructor(
    simulation: Simulation,
    nodes: ReadonlyMap<string, ClusterNode>,
    rules: VersionRules,
  ) {
    this.#simulation = simulation;
    this.#nodes = nodes;
    this.#rules = rules;
    for (const [name, { kubelet }] of nodes) {
      kubelet.whenChanged(() => this.#changed(name, kubelet.running));
    }
  }

  of(node: string): { last: number; alive: boolean } | undefined {
    const pulse = this.#pulses.get(node);
    if (!pulse) return undefined;
    const { from, until = this.#simulation.now } = pulse;
    const last = from + Math.floor((until - from) / PERIOD) * PERIOD;
    return { last, alive: pulse.until === undefined };
  }

  nextStatus(node: string): number | undefined {
    const pulse = this.#pulses.get(node);
    if (!pulse || pulse.until !== undefined) return undefined;
    const period = this.#statusPeriod(node);
    return pulse.from + (Math.floor((this.#simulation.now - pulse.from) / period) + 1) * period;
  }

  /** As often as it looks at its status where that was set, and before there were Leases. */
  #statusPeriod(node: string): number {
    const { nodeStatusUpdateFrequency: set } =
      this.#nodes.get(node)?.machine.options.kubeletConfiguration ?? {};
    if (set !== undefined) return milliseconds(set, 'nodeStatusUpdateFrequency');
    return this.#rules.atLeast('1.14') ? STATUS_PERIOD : PERIOD;
  }

  watch(listener: (node: string) => void): Subscription {
    this.#listeners.add(listener);
    return subscription(() => this.#listeners.delete(listener));
  }

  #changed(name: string, running: boolean): void {
    const { now } = this.#simulation;
    const from = running ? now : (this.#pulses.get(name)?.from ?? now);
    this.#pulses.set(name, running ? { from } : { from, until: now });
    for (const listener of this.#listeners) listener(name);
  }
}
