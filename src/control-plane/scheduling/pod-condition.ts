import type { PodCondition } from '../../api/index.ts';
import { type DeepReadonly, rfc3339 } from '../../base/index.ts';
import type { Stored } from '../context.ts';

/** Who reports. */
export const COMPONENT = 'default-scheduler';

export function condition(now: number, fields: PodCondition): PodCondition {
  return { ...fields, lastTransitionTime: rfc3339(now) };
}

/** The Pod's conditions with one of them set; the time stays when the status does. */
export function withCondition(
  { status }: Stored<'Pod'>,
  wanted: PodCondition,
): DeepReadonly<PodCondition>[] {
  const conditions = [...(status?.conditions ?? [])];
  const at = conditions.findIndex(({ type }) => type === wanted.type);
  if (at < 0) return [...conditions, wanted];
  const before = conditions[at];
  const time = before?.status === wanted.status ? before.lastTransitionTime : undefined;
  conditions[at] = { ...wanted, ...(time !== undefined && { lastTransitionTime: time }) };
  return conditions;
}
