import type { NewObject } from './store.ts';
import type { PodSpec } from './types.ts';

/** Where kinds have the spec of a Pod or of the Pods that are made from them. */
const PATHS: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  PodTemplate: ['template', 'spec'],
  ReplicationController: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  Deployment: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

/** The spec of Pods in an object, and its field; undefined for kinds without, and where it is missing. */
export function podSpecOf(object: NewObject): { spec: PodSpec; at: string } | undefined {
  const path = Object.hasOwn(PATHS, object.kind) ? PATHS[object.kind] : undefined;
  if (!path) return undefined;
  let value: unknown = object;
  for (const field of path) value = (value as Record<string, unknown> | undefined)?.[field];
  return value === undefined ? undefined : { spec: value as PodSpec, at: path.join('.') };
}
