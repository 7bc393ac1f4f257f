import { compare } from '../base/index.ts';
import { type Operation, TickLoop } from '../sim/index.ts';
import { type ControllerContext, isSimulated, keyOf, type Stored } from './context.ts';
import { Deadlines } from './deadlines.ts';
import { readyStatus } from './node-lifecycle/zones.ts';
import { deletePod, disrupted, marksDisruption, patchPodStatus } from './pod-disruption.ts';

const PERIOD = 20_000;
/** How long a node may be missing before its Pods go. */
const QUARANTINE = 40_000;
/** How many ended Pods are kept: `--terminated-pod-gc-threshold`. */
const KEPT = 12_500;
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';

type Pod = Stored<'Pod'>;

/** Starts to collect Pods that nobody ends. */
export function startPodCollector(context: ControllerContext): void {
  new PodCollector(context).start();
}

/**
 * Deletes Pods that no kubelet will: of nodes that are gone, or out of service; that were deleted before they had a node; and the
 * oldest of many that have ended. Models pkg/controller/podgc.
 */
class PodCollector {
  readonly #context: ControllerContext;
  readonly #loop: TickLoop;
  readonly #quarantine: Deadlines;
  /** Nodes that were missing for long enough. */
  readonly #gone = new Set<string>();
  #ended = 0;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#quarantine = new Deadlines(context, 'quarantine of missing nodes');
    this.#loop = new TickLoop(context.dependencies.simulation, context.owner, {
      name: 'podgc',
      period: PERIOD,
      pass: () => this.#pass(),
    });
  }

  start(): void {
    const pods = this.#context.informer('Pod', ({ type, object, old }) => {
      const before = old !== undefined && isEnded(old);
      const now = type !== 'DELETED' && isEnded(object);
      this.#ended += Number(now) - Number(before);
      if (type !== 'DELETED' && this.#concerns(object)) this.#loop.wake();
    });
    this.#context.informer('Node', ({ type, object }) => {
      if (type === 'DELETED' || isOutOfService(object)) this.#loop.wake();
      if (type === 'ADDED') this.#quarantine.cancel(object.metadata.name);
    });
    const all = pods.list();
    this.#ended = all.filter(isEnded).length;
    if (all.some((pod) => this.#concerns(pod))) this.#loop.wake();
  }

  #concerns(pod: Pod): boolean {
    if (this.#ended > KEPT) return true;
    const { nodeName } = pod.spec;
    if (!nodeName) return pod.metadata.deletionTimestamp !== undefined;
    const node = this.#node(nodeName);
    return !node || (pod.metadata.deletionTimestamp !== undefined && isOutOfService(node));
  }

  #node(name: string): Stored<'Node'> | undefined {
    return this.#context.dependencies.store.get('Node', undefined, name) as
      | Stored<'Node'>
      | undefined;
  }

  *#pass(): Operation {
    const pods = this.#context.dependencies.store.list('Pod') as unknown as Pod[];
    yield* this.#all(this.#surplus(pods));
    const terminating = pods.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
    yield* this.#all(terminating.filter((pod) => this.#isCutOff(pod)));
    yield* this.#orphans(pods);
    yield* this.#all(terminating.filter(({ spec }) => !spec.nodeName));
  }

  #surplus(pods: readonly Pod[]): Pod[] {
    const ended = pods.filter(isEnded);
    return ended.sort(byAge).slice(0, Math.max(0, ended.length - KEPT));
  }

  #isCutOff({ spec }: Pod): boolean {
    const node = spec.nodeName ? this.#node(spec.nodeName) : undefined;
    if (!node || !this.#context.dependencies.rules.gate('NodeOutOfServiceVolumeDetach'))
      return false;
    return isOutOfService(node) && readyStatus(node) !== 'True';
  }

  *#orphans(pods: readonly Pod[]): Operation {
    const orphans = pods.filter(({ spec }) => spec.nodeName && !this.#node(spec.nodeName));
    for (const { spec } of orphans) this.#keepApart(spec.nodeName ?? '');
    yield* this.#all(
      orphans.filter(({ spec }) => this.#gone.has(spec.nodeName ?? '')),
      { reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists' },
    );
    this.#gone.clear();
  }

  /** It may only be new. */
  #keepApart(node: string): void {
    if (this.#gone.has(node) || this.#quarantine.has(node)) return;
    const at = this.#context.now + QUARANTINE;
    const reason = `missing node ${node}`;
    this.#quarantine.set(node, { at, reason }, () => {
      this.#gone.add(node);
      this.#loop.wake();
    });
  }

  *#all(pods: readonly Pod[], why?: { reason: string; message: string }): Operation {
    for (const pod of pods) {
      try {
        yield* this.#fail(pod, why);
        yield* deletePod(this.#context, pod, { gracePeriodSeconds: 0 });
      } catch (error) {
        if (!isSimulated(error)) throw error;
        this.#context.logError('podgc', keyOf(pod), error);
        this.#loop.wake();
      }
    }
  }

  /** Nobody else would say how it ended. */
  *#fail(pod: Pod, why: { reason: string; message: string } | undefined): Operation {
    const { rules } = this.#context.dependencies;
    const marks = marksDisruption(this.#context);
    if (!marks && !rules.gate('NodeOutOfServiceVolumeDetach')) return;
    yield* patchPodStatus(this.#context, pod, (now) => {
      if (isEnded(now) || !now.status) return undefined;
      const conditions = why && marks && disrupted(now, this.#context.now, why);
      return { ...now.status, phase: 'Failed', ...(conditions && { conditions }) };
    });
  }
}

function isOutOfService({ spec }: Stored<'Node'>): boolean {
  return spec?.taints?.some(({ key }) => key === OUT_OF_SERVICE) ?? false;
}

function isEnded({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** The evicted first, then the oldest. */
function byAge(a: Pod, b: Pod): number {
  const keyOf = ({ metadata, status }: Pod): string => {
    const first = status?.reason === 'Evicted' ? 0 : 1;
    return [first, metadata.creationTimestamp, metadata.name].join(' ');
  };
  return compare(keyOf(a), keyOf(b));
}
