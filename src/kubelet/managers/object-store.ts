import { OperationError, quoted } from '../../base/index.ts';
import type { ReferencedKind } from './references.ts';

/** Where objects are read. */
export interface ObjectSource {
  /** As the API server has it, or the cache that the kubelet keeps of the kind. */
  get(kind: string, namespace: string | undefined, name: string): unknown;
  /** From the API server itself. Default: the same. */
  read?(kind: string, namespace: string | undefined, name: string): unknown;
  /** Whether the first list of a watch has come back. Default: at once. */
  synced?(kind: string, namespace: string, name: string): boolean;
}

/** One object that pods use. */
export interface ObjectKey {
  readonly kind: ReferencedKind;
  readonly namespace: string;
  readonly name: string;
}

/** How a kubelet gets at the objects that its pods use. Models Store of pkg/kubelet/util/manager/manager.go. */
export interface ObjectStore {
  /** A Pod uses it, once more. */
  add(key: ObjectKey, podUid: string): void;
  /** And once less. */
  delete(key: ObjectKey, podUid: string): void;
  /** Throws an OperationError: not found (code `NotFound`), not registered, not there in time. */
  get(key: ObjectKey): unknown;
}

/** One text for one object. */
export function textOfKey({ kind, namespace, name }: ObjectKey): string {
  return `${kind}/${namespace}/${name}`;
}

export function notRegistered({ namespace, name }: ObjectKey): OperationError {
  return new OperationError(`object ${quoted(namespace)}/${quoted(name)} not registered`);
}

/** As the API server says it: of the resource, in the plural. */
export function notFoundByApi({ kind, name }: ObjectKey): OperationError {
  return notFound(`${kind.toLowerCase()}s`, name);
}

/** As the kubelet says it that looked in its cache. */
export function notFoundInCache({ kind, name }: ObjectKey): OperationError {
  return notFound(kind.toLowerCase(), name);
}

function notFound(what: string, name: string): OperationError {
  return new OperationError(`${what} ${quoted(name)} not found`, { code: 'NotFound' });
}
