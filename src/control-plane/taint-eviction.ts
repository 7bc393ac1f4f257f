import type { Taint, Toleration } from '../api/index.ts';
import { tolerates } from '../api/taints.ts';
import type { DeepReadonly } from '../base/index.ts';
import type { Operation, WorkQueue } from '../sim/index.ts';
import { type ControllerContext, keyOf, type Stored, splitKey } from './context.ts';
import { Deadlines } from './deadlines.ts';
import { deletePod, disrupted, marksDisruption, patchPodStatus } from './pod-disruption.ts';

/** Starts to end Pods that do not tolerate a taint of their node. Versions before 1.6 do not know such taints. */
export function startTaintEviction(context: ControllerContext): void {
  if (context.dependencies.rules.atLeast('1.6')) new TaintEviction(context).start();
}

/**
 * Deletes the Pods of a node with a NoExecute taint: at once, or after as long as they tolerate it. Models
 * pkg/controller/tainteviction.
 */
class TaintEviction {
  readonly #context: ControllerContext;
  readonly #component: string;
  readonly #later: Deadlines;
  readonly #queue: WorkQueue;

  constructor(context: ControllerContext) {
    this.#context = context;
    const { rules } = context.dependencies;
    this.#component = rules.atLeast('1.29') ? 'taint-eviction-controller' : 'taint-controller';
    this.#later = new Deadlines(context, 'toleration of taints');
    this.#queue = context.queue({ name: 'tainteviction', sync: (key) => this.#delete(key) });
  }

  start(): void {
    const nodes = this.#context.informer('Node', ({ object, old }) => {
      const now = evicting(object);
      if (now.length > 0 || (old && evicting(old).length > 0)) this.#nodeChanged(object);
    });
    this.#context.informer('Pod', ({ type, object, old }) => {
      if (type === 'DELETED') this.#later.cancel(keyOf(object));
      else if (isNews(object, old)) this.#podChanged(object);
    });
    for (const node of nodes.list()) if (evicting(node).length > 0) this.#nodeChanged(node);
  }

  #nodeChanged({ metadata }: Stored<'Node'>): void {
    const { store } = this.#context.dependencies;
    for (const pod of store.list('Pod')) {
      if (pod.spec.nodeName === metadata.name) this.#podChanged(pod as Stored<'Pod'>);
    }
  }

  #podChanged(pod: Stored<'Pod'>): void {
    const { store } = this.#context.dependencies;
    const { nodeName } = pod.spec;
    const node = nodeName ? store.get('Node', undefined, nodeName) : undefined;
    const key = keyOf(pod);
    const seconds = toleratedFor(
      node ? evicting(node as Stored<'Node'>) : [],
      pod.spec.tolerations,
    );
    if (seconds === Number.POSITIVE_INFINITY) this.#spare(pod);
    else if (seconds === 0) {
      this.#spare(pod);
      this.#queue.add(key);
    } else if (!this.#later.has(key)) {
      const at = this.#context.now + seconds * 1000;
      const reason = `end of what Pod ${key} tolerates of node ${nodeName}`;
      this.#later.set(key, { at, reason }, () => this.#queue.add(key));
    }
  }

  #spare(pod: Stored<'Pod'>): void {
    if (!this.#later.cancel(keyOf(pod))) return;
    this.#event(pod, `Cancelling deletion of Pod ${keyOf(pod)}`);
  }

  #delete(key: string): Operation | undefined {
    const [namespace, name] = splitKey(key);
    const pod = this.#context.dependencies.store.get('Pod', namespace, name);
    return pod && this.#evict(pod as Stored<'Pod'>);
  }

  *#evict(pod: Stored<'Pod'>): Operation {
    this.#event(pod, `Marking for deletion Pod ${keyOf(pod)}`);
    if (marksDisruption(this.#context)) {
      yield* patchPodStatus(this.#context, pod, (now) => this.#marked(now));
    }
    yield* deletePod(this.#context, pod);
  }

  #marked(pod: Stored<'Pod'>): Stored<'Pod'>['status'] | undefined {
    const { status } = pod;
    const reason = 'DeletionByTaintManager';
    if (!status || status.conditions?.some((one) => one.reason === reason)) return undefined;
    const message = 'Taint manager: deleting due to NoExecute taint';
    return { ...status, conditions: disrupted(pod, this.#context.now, { reason, message }) };
  }

  #event(pod: Stored<'Pod'>, message: string): void {
    const { events } = this.#context.dependencies;
    events.event(this.#component, pod, 'Normal', 'TaintManagerEviction', message);
  }
}

/** Taints of a node that end Pods. */
function evicting({ spec }: Stored<'Node'>): DeepReadonly<Taint>[] {
  return (spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute');
}

/** Whether something changed that matters here. */
function isNews(pod: Stored<'Pod'>, old: Stored<'Pod'> | undefined): boolean {
  if (pod.spec.nodeName === undefined) return false;
  return old?.spec.nodeName !== pod.spec.nodeName || old.spec.tolerations !== pod.spec.tolerations;
}

/** Seconds that a Pod may stay: 0 when a taint is not tolerated at all, Infinity when all are for ever. Models getMinTolerationTime. */
function toleratedFor(
  taints: readonly DeepReadonly<Taint>[],
  tolerations: DeepReadonly<Toleration[]> = [],
): number {
  let seconds = Number.POSITIVE_INFINITY;
  for (const taint of taints) {
    const used = tolerations.find((toleration) => tolerates(toleration, taint));
    if (!used) return 0;
    seconds = Math.min(seconds, used.tolerationSeconds ?? Number.POSITIVE_INFINITY);
  }
  return Math.max(0, seconds);
}
