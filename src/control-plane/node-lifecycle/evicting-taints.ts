import type { Taint } from '../../api/index.ts';
import { type DeepReadonly, rfc3339 } from '../../base/index.ts';
import type { Operation } from '../../sim/index.ts';
import type { ControllerContext, Stored } from '../context.ts';

const NOT_READY = 'node.kubernetes.io/not-ready';
const UNREACHABLE = 'node.kubernetes.io/unreachable';

/** The taint that ends the Pods of a node whose condition Ready has this status. */
export function evictingTaint(ready: string | undefined): string | undefined {
  if (ready === 'False') return NOT_READY;
  return ready === 'Unknown' ? UNREACHABLE : undefined;
}

/** Whether a node has it. */
export function hasEvictingTaint({ spec }: Stored<'Node'>, key: string): boolean {
  return spec?.taints?.some((taint) => taint.key === key && taint.effect === 'NoExecute') ?? false;
}

/** Whether a node has any of them. */
export function isEvicting(node: Stored<'Node'>): boolean {
  return hasEvictingTaint(node, NOT_READY) || hasEvictingTaint(node, UNREACHABLE);
}

/** Gives a node this one of them, or none. Models SwapNodeControllerTaint. */
export function* swapEvictingTaint(
  context: ControllerContext,
  node: Stored<'Node'>,
  key: string | undefined,
): Operation {
  const { store } = context.dependencies;
  yield* context.write('PatchNodeTaints', node, () => {
    const now = store.get('Node', undefined, node.metadata.name) as Stored<'Node'> | undefined;
    if (!now) return;
    const taints = swapped(now.spec?.taints ?? [], key, context.now);
    const { taints: _, ...spec } = now.spec ?? {};
    store.update({ ...now, spec: { ...spec, ...(taints.length > 0 && { taints }) } });
  });
}

function swapped(
  taints: readonly DeepReadonly<Taint>[],
  key: string | undefined,
  now: number,
): DeepReadonly<Taint>[] {
  const others = taints.filter(
    (taint) =>
      taint.effect !== 'NoExecute' || (taint.key !== NOT_READY && taint.key !== UNREACHABLE),
  );
  if (key === undefined) return others;
  const old = taints.find((taint) => taint.key === key && taint.effect === 'NoExecute');
  return [...others, old ?? { key, effect: 'NoExecute', timeAdded: rfc3339(now) }];
}
