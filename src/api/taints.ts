import type { DeepReadonly } from '../base/index.ts';
import type { Taint, Toleration } from './types.ts';

/**
 * The first taint of a node that keeps a Pod away, or undefined. PreferNoSchedule keeps nobody away.
 * Models FindMatchingUntoleratedTaint of component-helpers/scheduling/corev1.
 */
export function untoleratedTaint(
  taints: DeepReadonly<Taint[]> | undefined,
  tolerations: DeepReadonly<Toleration[]> | undefined,
): DeepReadonly<Taint> | undefined {
  return taints?.find(
    (taint) =>
      (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') &&
      !tolerations?.some((toleration) => tolerates(toleration, taint)),
  );
}

/** An empty key tolerates every key, an empty effect every effect. Models Toleration.ToleratesTaint. */
export function tolerates(
  toleration: DeepReadonly<Toleration>,
  taint: DeepReadonly<Taint>,
): boolean {
  const { key = '', effect = '', operator = 'Equal', value = '' } = toleration;
  if (effect !== '' && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  if (operator === 'Exists') return true;
  return (operator === '' || operator === 'Equal') && value === (taint.value ?? '');
}
