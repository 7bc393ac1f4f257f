import type { VersionRules } from '../../api/index.ts';
import { compare } from '../../base/index.ts';
import type { PodRefusal, Rejection } from './rejection.ts';

/** What came of looking for a node: why each was rejected, or why none was looked at. */
export type Diagnosis =
  | { readonly refusal: PodRefusal; readonly nodes: number }
  | { readonly rejections: readonly (readonly Rejection[])[] };

/**
 * Why a Pod has no node, as in its FailedScheduling event. Models FitError of pkg/scheduler/framework/types.go and the
 * status of the DefaultPreemption plugin.
 * @param preemption why no Pods make room for it; empty: some do
 */
export function failureMessage(
  diagnosis: Diagnosis,
  rules: VersionRules,
  preemption: string,
): string {
  const nodes = 'refusal' in diagnosis ? diagnosis.nodes : diagnosis.rejections.length;
  if (nodes === 0) return 'no nodes available to schedule pods';
  if (rules.before('1.9')) return predicateMessage(diagnosis);
  const head = `0/${nodes} nodes are available: ${reasons(diagnosis, rules)}.`;
  if (rules.before('1.24') || preemption === '') return head;
  const gap = rules.before('1.29') && rules.atLeast('1.26') ? '.' : '';
  return `${head} preemption: ${preemption}${gap}`;
}

function reasons(diagnosis: Diagnosis, rules: VersionRules): string {
  if ('refusal' in diagnosis) {
    const { message } = diagnosis.refusal;
    return rules.before('1.24') ? `${diagnosis.nodes} ${message}` : message;
  }
  return countedReasons(diagnosis.rejections.flatMap((node) => node.map(({ reason }) => reason)));
}

/** Reasons with how many nodes have each, sorted as text, numbers included. */
export function countedReasons(texts: readonly string[]): string {
  return [...counts(texts)]
    .map(([text, count]) => `${count} ${text}`)
    .sort(compare)
    .join(', ');
}

function predicateMessage(diagnosis: Diagnosis): string {
  if ('refusal' in diagnosis) return diagnosis.refusal.legacy ?? diagnosis.refusal.message;
  const names = diagnosis.rejections.flatMap((node) => node.map((r) => r.predicate ?? r.reason));
  const list = [...counts(names)].map(([name, count]) => `${name} (${count})`).sort(compare);
  return `No nodes are available that match all of the following predicates:: ${list.join(', ')}.`;
}

function counts(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
