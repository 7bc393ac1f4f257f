import { type KubernetesObject, kindInfo } from '../api/index.ts';
import { compare, type DeepReadonly, rfc3339 } from '../base/index.ts';
import type { Stored } from './context.ts';

type Found = DeepReadonly<KubernetesObject>;
type Condition = NonNullable<Stored<'Namespace'>['status']['conditions']>[number];

interface Finding {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

/** What never goes wrong here. */
const FINE: readonly Finding[] = [
  {
    type: 'NamespaceDeletionDiscoveryFailure',
    status: 'False',
    reason: 'ResourcesDiscovered',
    message: 'All resources successfully discovered',
  },
  {
    type: 'NamespaceDeletionGroupVersionParsingFailure',
    status: 'False',
    reason: 'ParsedGroupVersions',
    message: 'All legacy kube types successfully parsed',
  },
  {
    type: 'NamespaceDeletionContentFailure',
    status: 'False',
    reason: 'ContentDeleted',
    message: 'All content successfully deleted, may be waiting on finalization',
  },
];

/**
 * What a namespace that is being deleted says of what is left in it; the same list where nothing changed. `now` in ms. Models
 * pkg/controller/namespace/deletion/status_condition_utils.go.
 */
export function namespaceConditions(
  before: readonly Condition[] = [],
  left: readonly Found[],
  now: number,
): readonly Condition[] {
  const findings = [...FINE, remaining(left), finalizers(left)];
  const isSame = findings.every(({ type, status, reason, message }) =>
    before.some((one) => {
      const same = one.type === type && one.status === status;
      return same && one.reason === reason && one.message === message;
    }),
  );
  if (isSame) return before;
  return findings.map((finding) => {
    const old = before.find(({ type }) => type === finding.type);
    const since = old?.status === finding.status ? old.lastTransitionTime : undefined;
    return { ...finding, lastTransitionTime: since ?? rfc3339(now) };
  });
}

function remaining(left: readonly Found[]): Finding {
  const type = 'NamespaceContentRemaining';
  const message = 'All content successfully removed';
  if (left.length === 0) return { type, status: 'False', reason: 'ContentRemoved', message };
  const resources = left.map(({ kind, apiVersion }) => {
    const { resource, group } = kindInfo(kind, apiVersion);
    return `${resource}.${group}`;
  });
  const parts = counted(resources).map(
    ([name, count]) => `${name} has ${count} resource instances`,
  );
  const text = `Some resources are remaining: ${parts.join(', ')}`;
  return { type, status: 'True', reason: 'SomeResourcesRemain', message: text };
}

function finalizers(left: readonly Found[]): Finding {
  const type = 'NamespaceFinalizersRemaining';
  const all = counted(left.flatMap(({ metadata }) => metadata.finalizers ?? []));
  if (all.length === 0) {
    const message = 'All content-preserving finalizers finished';
    return { type, status: 'False', reason: 'ContentHasNoFinalizers', message };
  }
  const parts = all.map(([name, count]) => `${name} in ${count} resource instances`);
  const text = `Some content in the namespace has finalizers remaining: ${parts.join(', ')}`;
  return { type, status: 'True', reason: 'SomeFinalizersRemain', message: text };
}

function counted(names: readonly string[]): [name: string, count: number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => compare(a, b));
}
