import type { Condition, PersistentVolumeClaim } from '../../api/index.ts';
import { rfc3339 } from '../../base/index.ts';
import type { Stored } from '../context.ts';

type Status = NonNullable<PersistentVolumeClaim['status']>;
type Claim = Stored<'PersistentVolumeClaim'>;

const PENDING =
  'Waiting for user to (re-)start a pod to finish file system resize of volume on node.';

/** Conditions of a claim that are about its size: one at a time. */
const RESIZE_CONDITIONS: ReadonlySet<string> = new Set([
  'FileSystemResizePending',
  'Resizing',
  'ControllerResizeError',
  'NodeResizeError',
]);

/** How claims are marked: with how far it is, where a version can recover from failures. */
export interface Marking {
  readonly recovers: boolean;
  /** Milliseconds. */
  readonly now: number;
}

/** The controller has begun. Models MarkControllerReisizeInProgress of pkg/volume/util/resize_util.go. */
export function markInProgress({ status }: Claim, storage: string, marking: Marking): Status {
  const marked = withCondition(status, 'Resizing', marking);
  if (!marking.recovers) return marked;
  return {
    ...withProgress(marked, 'ControllerResizeInProgress'),
    allocatedResources: { ...marked.allocatedResources, storage },
  };
}

/** A node has to do the rest. Models MarkForFSResize. */
export function markForNode({ status }: Claim, marking: Marking): Status {
  const marked = withCondition(status, 'FileSystemResizePending', marking, PENDING);
  return marking.recovers ? withProgress(marked, 'NodeResizePending') : marked;
}

/** It is that large now. Models MarkResizeFinished. */
export function markFinished({ status }: Claim, storage: string): Status {
  const { allocatedResourceStatuses, ...rest } = (status ?? {}) as Status;
  const { storage: _, ...others } = allocatedResourceStatuses ?? {};
  return {
    ...rest,
    capacity: { ...rest.capacity, storage },
    conditions: otherConditions(rest),
    ...(Object.keys(others).length > 0 && { allocatedResourceStatuses: others }),
  };
}

/** It failed, and may be tried again. Models MarkControllerExpansionFailedCondition. */
export function markFailed({ status }: Claim, why: string, marking: Marking): Status {
  return withCondition(
    status,
    'ControllerResizeError',
    marking,
    `failed to expand pvc with ${why}`,
  );
}

/** It failed, and will not work with this size. Models MarkControllerExpansionInfeasible. */
export function markInfeasible(claim: Claim, why: string, marking: Marking): Status {
  return withProgress(markFailed(claim, why, marking), 'ControllerResizeInfeasible');
}

function otherConditions({ conditions = [] }: Pick<Status, 'conditions'>): Condition[] {
  return (conditions as Condition[]).filter(({ type }) => !RESIZE_CONDITIONS.has(type));
}

function withCondition(
  status: Claim['status'],
  type: string,
  { now }: Marking,
  message?: string,
): Status {
  const before = (status ?? {}) as Status;
  const condition = { type, status: 'True', lastTransitionTime: rfc3339(now) } as const;
  const marked: Condition = { ...condition, ...(message !== undefined && { message }) };
  return { ...before, conditions: [...otherConditions(before), marked] };
}

function withProgress(status: Status, storage: string): Status {
  const allocatedResourceStatuses = { ...status.allocatedResourceStatuses, storage };
  return { ...status, allocatedResourceStatuses };
}
