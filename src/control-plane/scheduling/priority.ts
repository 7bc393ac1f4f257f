import { compare } from '../../base/index.ts';
import { keyOf, type Stored } from '../context.ts';

type Pod = Stored<'Pod'>;

/** 0 unless admission gave it one. */
export function priorityOf({ spec }: Pod): number {
  return spec.priority ?? 0;
}

/** When it began to run; a Pod that has not is younger than all that have. */
export function startOf({ status }: Pod): number {
  return status?.startTime === undefined ? Number.POSITIVE_INFINITY : Date.parse(status.startTime);
}

/** The more important first: by priority, then the older. Models MoreImportantPod of pkg/scheduler/util. */
export function byImportance(a: Pod, b: Pod): number {
  if (priorityOf(a) !== priorityOf(b)) return priorityOf(b) - priorityOf(a);
  if (startOf(a) !== startOf(b)) return startOf(a) < startOf(b) ? -1 : 1;
  return compare(keyOf(a), keyOf(b));
}
