import type {
  Condition,
  PersistentVolumeClaim,
  PersistentVolumeClaimStatus,
} from '../../../api/index.ts';
import { type DeepReadonly, rfc3339 } from '../../../base/index.ts';

type Status = PersistentVolumeClaimStatus;
type Marks = DeepReadonly<PersistentVolumeClaim>['status'];

/** Conditions of a claim that are about its size: they go once it has grown. */
const RESIZE_CONDITIONS: ReadonlySet<string> = new Set([
  'FileSystemResizePending',
  'Resizing',
  'ControllerResizeError',
  'NodeResizeError',
]);

/** A node has begun. Models MarkNodeExpansionInProgress of pkg/volume/util/resize_util.go. */
export function markInProgress(status: Marks): Status {
  return withResourceStatus(status, 'NodeResizeInProgress');
}

/** A node failed, and will try again. `now`: ms. Models MarkNodeExpansionFailedCondition. */
export function markFailed(status: Marks, message: string, now: number): Status {
  const condition: Condition = {
    type: 'NodeResizeError',
    status: 'True',
    lastTransitionTime: rfc3339(now),
    message: `failed to expand pvc with ${message}`,
  };
  const before = (status?.conditions ?? []) as Condition[];
  const same = before.some(({ type, status: on }) => type === condition.type && on === 'True');
  const others = before.filter(({ type }) => type !== condition.type);
  return { ...(status as Status), conditions: same ? [...before] : [...others, condition] };
}

/** A node failed, and will not try again: the controller has to. Models MarkNodeExpansionInfeasible. */
export function markInfeasible(status: Marks, message: string, now: number): Status {
  return withResourceStatus(markFailed(status, message, now), 'NodeResizeInfeasible');
}

/** It is that large now. `recovers`: the status tells how far it was. Models MarkFSResizeFinished. */
export function markFinished(status: Marks, size: string, recovers: boolean): Status {
  const { allocatedResourceStatuses, conditions = [], ...rest } = status as Status;
  const { storage: _, ...others } = allocatedResourceStatuses ?? {};
  const left = recovers ? others : (allocatedResourceStatuses ?? {});
  return {
    ...rest,
    capacity: { ...rest.capacity, storage: size },
    conditions: conditions.filter(({ type }) => !RESIZE_CONDITIONS.has(type)),
    ...(Object.keys(left).length > 0 && { allocatedResourceStatuses: left }),
  };
}

function withResourceStatus(status: Marks, storage: string): Status {
  const { allocatedResourceStatuses } = status as Status;
  return {
    ...(status as Status),
    allocatedResourceStatuses: { ...allocatedResourceStatuses, storage },
  };
}
