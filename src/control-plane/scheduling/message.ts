import type { VersionRules } from '../../api/index.ts';
import { compare } from '../../base/index.ts';
import type { PodRefusal, Rejection } from './rejection.ts';

/** What came of looking for a node: why each was rejected, or why none was looked at. */
export type Diagnosis =
  | { readonly refusal: PodRefusal; readonly nodes: number }
  | { readonly rejections: readonly (readonly Rejection[])[] };

const UNHELPFUL = 'Preemption is not helpful for scheduling.';
const NO_VICTIMS = 'No preemption victims found for incoming pod.';

/**
 * Why a Pod has no node, as in its FailedScheduling event. Models FitError of pkg/scheduler/framework/types.go and the
 * status of the DefaultPreemption plugin.
 * @param preempts false: the Pod's preemptionPolicy is Never
 */
export function failureMessage(diagnosis: Diagnosis, rules: VersionRules, preempts = true): string {
  const nodes = 'refusal' in diagnosis ? diagnosis.nodes : diagnosis.rejections.length;
  if (nodes === 0) return 'no nodes available to schedule pods';
  if (rules.before('1.9')) return predicateMessage(diagnosis);
  const head = `0/${nodes} nodes are available: ${reasons(diagnosis, rules)}.`;
  if (rules.before('1.24')) return head;
  const gap = rules.before('1.29') && rules.atLeast('1.26') ? '.' : '';
  return `${head} preemption: ${preempts ? preemption(diagnosis, nodes) : 'not eligible due to preemptionPolicy=Never.'}${gap}`;
}

function reasons(diagnosis: Diagnosis, rules: VersionRules): string {
  if ('refusal' in diagnosis) {
    const { message } = diagnosis.refusal;
    return rules.before('1.24') ? `${diagnosis.nodes} ${message}` : message;
  }
  return counted(diagnosis.rejections.flatMap((node) => node.map(({ reason }) => reason)));
}

/** Sorted as text, numbers included. */
function counted(texts: readonly string[]): string {
  return [...counts(texts)]
    .map(([text, count]) => `${count} ${text}`)
    .sort(compare)
    .join(', ');
}

function preemption(diagnosis: Diagnosis, nodes: number): string {
  const could = 'refusal' in diagnosis ? 0 : diagnosis.rejections.filter(isPreemptible).length;
  const texts = [
    ...(could > 0 ? [`${could} ${NO_VICTIMS}`] : []),
    ...(could < nodes ? [`${nodes - could} ${UNHELPFUL}`] : []),
  ];
  const joined = texts
    .map((text) => text.replace(/\.$/, ''))
    .sort(compare)
    .join(', ');
  return `0/${nodes} nodes are available: ${joined}.`;
}

function isPreemptible(node: readonly Rejection[]): boolean {
  return node.every(({ preemptible }) => preemptible);
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
