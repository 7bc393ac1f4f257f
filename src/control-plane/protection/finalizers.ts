import type { KubernetesObject } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';

type Object = DeepReadonly<KubernetesObject>;

export function hasFinalizer({ metadata }: Object, name: string): boolean {
  return metadata.finalizers?.includes(name) ?? false;
}

/** The object with a finalizer more. */
export function withFinalizer<T extends Object>(object: T, name: string): T {
  const finalizers = [...(object.metadata.finalizers ?? []), name];
  return { ...object, metadata: { ...object.metadata, finalizers } };
}

/** The object with a finalizer less. */
export function withoutFinalizer<T extends Object>(object: T, name: string): T {
  const finalizers = (object.metadata.finalizers ?? []).filter((finalizer) => finalizer !== name);
  return { ...object, metadata: { ...object.metadata, finalizers } };
}
