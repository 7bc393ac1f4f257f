import type { KubernetesObject } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';

/** The claim's binding is done, for ever. */
export const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
/** The controller, not the user, chose this direction of the binding. */
export const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';
/** Who provisioned the volume. */
export const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
/** The node that the scheduler chose for a claim that waited for it. */
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
/** The CSI driver that stands in for an in-tree volume type. */
export const MIGRATED_TO = 'pv.kubernetes.io/migrated-to';
/** The capacity that a claim had before the volume was expanded. */
export const PRE_RESIZE_CAPACITY = 'volume.alpha.kubernetes.io/pre-resize-capacity';
const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';

type Object = DeepReadonly<KubernetesObject>;

export function hasAnnotation({ metadata }: Object, name: string): boolean {
  return metadata.annotations !== undefined && Object.hasOwn(metadata.annotations, name);
}

/** The object with an annotation more, or less (`undefined`). */
export function annotated<T extends Object>(object: T, name: string, value: string | undefined): T {
  const { [name]: _, ...others } = object.metadata.annotations ?? {};
  const annotations = value === undefined ? others : { ...others, [name]: value };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

interface Classy extends Object {
  readonly spec: { readonly storageClassName?: string };
}

/** The class of a claim or volume; the beta annotation goes before the field. */
export function classOf(object: Classy): string {
  return object.metadata.annotations?.[BETA_CLASS] ?? object.spec.storageClassName ?? '';
}

/** Whether it names a class: `''` is one, too. */
export function hasClass(object: Classy): boolean {
  return hasAnnotation(object, BETA_CLASS) || object.spec.storageClassName !== undefined;
}
