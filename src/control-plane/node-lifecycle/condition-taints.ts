import type { Taint } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import type { Operation } from '../../sim/index.ts';
import type { ControllerContext, Stored } from '../context.ts';

const PREFIX = 'node.kubernetes.io/';

/** Taints by the condition of a Node, and its status. Models nodeConditionToTaintKeyStatusMap. */
const TAINTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: `${PREFIX}not-ready`, Unknown: `${PREFIX}unreachable` },
  MemoryPressure: { True: `${PREFIX}memory-pressure` },
  DiskPressure: { True: `${PREFIX}disk-pressure` },
  NetworkUnavailable: { True: `${PREFIX}network-unavailable` },
  PIDPressure: { True: `${PREFIX}pid-pressure` },
};
const UNSCHEDULABLE = `${PREFIX}unschedulable`;

/** Taints that this controller owns. */
const OWNED: ReadonlySet<string> = new Set([
  ...Object.values(TAINTS).flatMap((byStatus) => Object.values(byStatus)),
  UNSCHEDULABLE,
]);

/**
 * Keeps Pods away from nodes in a bad condition: a taint with effect NoSchedule for each. Models doNoScheduleTaintingPass of
 * pkg/controller/nodelifecycle/node_lifecycle_controller.go.
 */
export function startConditionTaints(context: ControllerContext): void {
  if (!taintsByCondition(context)) return;
  const queue = context.queue({ name: 'nodelifecycle', sync: (key) => sync(context, key) });
  const changed = (node: Stored<'Node'>): void => {
    if (wanted(node) !== undefined) queue.add(node.metadata.name);
  };
  const nodes = context.informer('Node', ({ type, object }) => {
    if (type !== 'DELETED') changed(object);
  });
  for (const node of nodes.list()) changed(node);
}

function taintsByCondition({ dependencies: { rules } }: ControllerContext): boolean {
  return rules.atLeast('1.17') || rules.gate('TaintNodesByCondition');
}

function sync(context: ControllerContext, name: string): Operation | undefined {
  const { store } = context.dependencies;
  const read = (): Stored<'Node'> | undefined =>
    store.get('Node', undefined, name) as Stored<'Node'> | undefined;
  const node = read();
  if (!node || wanted(node) === undefined) return undefined;
  return context.write('PatchNodeTaints', node, () => {
    const now = read();
    const taints = now && wanted(now);
    if (!now || !taints) return;
    const { taints: _, ...spec } = now.spec ?? {};
    store.update({ ...now, spec: { ...spec, ...(taints.length > 0 && { taints }) } });
  });
}

/** The taints that a node should have; undefined when it has them. */
function wanted({ spec, status }: Stored<'Node'>): DeepReadonly<Taint>[] | undefined {
  const keys = new Set<string>();
  for (const condition of status?.conditions ?? []) {
    const key = TAINTS[condition.type]?.[condition.status];
    if (key !== undefined) keys.add(key);
  }
  if (spec?.unschedulable) keys.add(UNSCHEDULABLE);
  const taints = spec?.taints ?? [];
  const isOwn = ({ key, effect }: DeepReadonly<Taint>): boolean =>
    effect === 'NoSchedule' && OWNED.has(key);
  const stays = taints.filter((taint) => !isOwn(taint) || keys.delete(taint.key));
  if (keys.size === 0 && stays.length === taints.length) return undefined;
  return [...stays, ...[...keys].map((key) => ({ key, effect: 'NoSchedule' }) as const)];
}
