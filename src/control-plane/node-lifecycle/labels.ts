import type { Operation } from '../../sim/index.ts';
import type { ControllerContext, Stored } from '../context.ts';

/** Labels under their older names, by the name that decides. Models labelReconcileInfo. */
const OLDER: Readonly<Record<string, string>> = {
  'kubernetes.io/os': 'beta.kubernetes.io/os',
  'kubernetes.io/arch': 'beta.kubernetes.io/arch',
};

/**
 * Keeps the older names of labels equal to the newer. Models reconcileNodeLabels of
 * pkg/controller/nodelifecycle/node_lifecycle_controller.go.
 */
export function startNodeLabels(context: ControllerContext): void {
  // Before, nobody but the kubelet wrote them.
  if (!context.dependencies.rules.atLeast('1.16')) return;
  const queue = context.queue({ name: 'nodelifecycle labels', sync: (key) => sync(context, key) });
  const changed = (node: Stored<'Node'>): void => {
    if (wanted(node)) queue.add(node.metadata.name);
  };
  const nodes = context.informer('Node', ({ type, object }) => {
    if (type !== 'DELETED') changed(object);
  });
  for (const node of nodes.list()) changed(node);
}

function sync(context: ControllerContext, name: string): Operation | undefined {
  const { store } = context.dependencies;
  const read = (): Stored<'Node'> | undefined =>
    store.get('Node', undefined, name) as Stored<'Node'> | undefined;
  const node = read();
  if (!node || !wanted(node)) return undefined;
  return context.write('PatchNodeLabels', node, () => {
    const now = read();
    const labels = now && wanted(now);
    if (now && labels) store.update({ ...now, metadata: { ...now.metadata, labels } });
  });
}

/** The labels that a node should have; undefined when it has them. */
function wanted({ metadata: { labels } }: Stored<'Node'>): Record<string, string> | undefined {
  const missing = Object.entries(OLDER).flatMap(([newer, older]) => {
    const value = labels?.[newer];
    return value === undefined || labels?.[older] === value ? [] : [[older, value] as const];
  });
  return missing.length === 0 ? undefined : { ...labels, ...Object.fromEntries(missing) };
}
