import type { VersionRules } from '../api/index.ts';
import { milliseconds, OperationError } from '../base/index.ts';
import { type Operation, Signal, waitFor } from '../sim/index.ts';
import type { KubeletConfiguration } from './contracts.ts';
import type { PodContext } from './pod/context.ts';
import { graceOf } from './pod/kill-pod.ts';
import type { PodWorker } from './pod/pod-worker.ts';
import type { PodWorkers } from './pod/pod-workers.ts';
import type { EndedBy } from './status/pod-status.ts';

/** Priority of pods that the node cannot do without. Models scheduling.SystemCriticalPriority. */
const CRITICAL = 2_000_000_000;

/** What is said of a Pod that is ended; a Pod that comes meanwhile is refused. Both had other words in 1.21. */
function endedBy(rules: VersionRules): EndedBy {
  if (rules.before('1.22')) {
    return { reason: 'Shutdown', message: 'Node is shutting, evicting pods' };
  }
  const message = 'Pod was terminated in response to imminent node shutdown.';
  const condition = { type: 'DisruptionTarget', reason: 'TerminationByKubelet', message };
  const target = rules.gate('PodDisruptionConditions');
  return { reason: 'Terminated', message, ...(target && { condition }) };
}

function refusedBy(rules: VersionRules): EndedBy {
  return rules.before('1.22')
    ? {
        reason: 'Terminated',
        message: 'Node is in progress of shutting down, not admitting any new pods',
      }
    : { reason: 'NodeShutdown', message: 'Pod was rejected as the node is shutting down.' };
}

/** Pods of this priority, up to that of the next group, have so long to end. */
interface Group {
  readonly priority: number;
  /** ms */
  readonly period: number;
}

export interface NodeShutdownParts {
  readonly context: PodContext;
  readonly workers: PodWorkers;
  /** The node's conditions have changed. */
  readonly changed: () => void;
  /** An Event about the Node. */
  readonly event: (type: 'Normal' | 'Warning', reason: string, message: string) => void;
}

/**
 * Ends pods before the node goes down, those of low priority first. Without a period for it nothing is done: the power just
 * goes. Models pkg/kubelet/nodeshutdown.
 */
export class NodeShutdown {
  readonly #parts: NodeShutdownParts;
  readonly #moved = new Signal();
  #active = false;

  constructor(parts: NodeShutdownParts) {
    this.#parts = parts;
  }

  get active(): boolean {
    return this.#active;
  }

  /** Why every Pod is refused now. */
  get refusal(): EndedBy | undefined {
    return this.#active ? refusedBy(this.#parts.context.rules) : undefined;
  }

  /** The worker of a Pod moved on. */
  moved(): void {
    this.#moved.wake();
  }

  /** Until all pods have ended, or their time is over. */
  *run(): Operation {
    const { context, event, changed } = this.#parts;
    const groups = context.rules.gate('GracefulNodeShutdown')
      ? groupsOf(context.configuration)
      : [];
    if (groups.length === 0) return;
    event('Normal', 'NodeShutdown', 'Shutdown manager detected shutdown event');
    this.#active = true;
    changed();
    for (const [i, group] of groups.entries()) {
      yield* this.#endGroup(this.#podsOf(groups, i), group.period);
    }
  }

  /** The lowest group has all pods below the next one. */
  #podsOf(groups: readonly Group[], index: number): PodWorker[] {
    const from = index === 0 ? Number.NEGATIVE_INFINITY : (groups[index]?.priority ?? 0);
    const below = groups[index + 1]?.priority ?? Number.POSITIVE_INFINITY;
    return [...this.#parts.workers.all()].filter(({ pod, state }) => {
      const priority = pod.spec.priority ?? 0;
      return state !== 'finished' && priority >= from && priority < below;
    });
  }

  *#endGroup(workers: readonly PodWorker[], period: number): Operation {
    const { context } = this.#parts;
    const deadline = context.system.simulation.now + period;
    for (const worker of workers) {
      const graceSeconds = Math.min(graceOf(worker.pod), Math.floor(period / 1000));
      worker.terminate({ graceSeconds, endedBy: endedBy(context.rules) });
    }
    const running = (): boolean =>
      workers.some(({ state }) => state === 'sync' || state === 'terminating');
    while (running() && context.system.simulation.now < deadline) {
      yield* waitFor(this.#moved, { deadline, reason: 'pods to end before the node goes down' });
    }
    if (context.rules.atLeast('1.32')) yield* this.#untilUnmounted(workers, deadline);
  }

  /** Later groups may have what is needed for unmounting. Models WaitForAllPodsUnmount. */
  *#untilUnmounted(workers: readonly PodWorker[], deadline: number): Operation {
    const { volumes } = this.#parts.context;
    for (const { pod } of workers) {
      try {
        yield* volumes.waitForUnmount(pod, { deadline });
      } catch (error) {
        if (!(error instanceof OperationError)) throw error;
      }
    }
  }
}

/** From low to high; none: pods are not ended. Models migrateConfig of nodeshutdown_manager.go. */
function groupsOf(configuration: KubeletConfiguration): Group[] {
  const { shutdownGracePeriodByPodPriority: byPriority } = configuration;
  if (byPriority.length > 0) {
    return byPriority
      .map(({ priority, shutdownGracePeriodSeconds }) => ({
        priority,
        period: shutdownGracePeriodSeconds * 1000,
      }))
      .sort((a, b) => a.priority - b.priority);
  }
  const all = milliseconds(configuration.shutdownGracePeriod, 'shutdownGracePeriod');
  const critical = milliseconds(
    configuration.shutdownGracePeriodCriticalPods,
    'shutdownGracePeriodCriticalPods',
  );
  if (all <= 0) return [];
  return [
    { priority: 0, period: all - critical },
    { priority: CRITICAL, period: critical },
  ];
}
