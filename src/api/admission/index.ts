import type { Random } from '../../sim/index.ts';
import { ApiError } from '../api-error.ts';
import { kindInfo, resourceName } from '../kinds.ts';
import type { NewObject, Store } from '../store.ts';
import type { ObjectMeta, PersistentVolumeClaim, Pod } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { admitClaimLimits, admitPodLimits, fillInLimits } from './limit-ranger.ts';
import { admitPriority, admitTolerations } from './pods.ts';
import { admitQuota } from './resource-quota.ts';
import { admitServiceAccount } from './service-account.ts';
import { admitResize, admitStorageClass } from './storage.ts';

/** What admission looks at. */
export interface AdmissionContext {
  readonly store: Store;
  readonly rules: VersionRules;
  readonly random: Random;
}

const PROTECTED: Readonly<Record<string, string>> = {
  PersistentVolume: 'kubernetes.io/pv-protection',
  PersistentVolumeClaim: 'kubernetes.io/pvc-protection',
  VolumeAttributesClass: 'kubernetes.io/vac-protection',
};

/**
 * What is done to an object that is created, in place, after its defaults. Throws ApiError Forbidden or NotFound. Models the
 * admission plugins that kube-apiserver has by default, as far as they change something.
 */
export function admitCreate(object: NewObject, context: AdmissionContext): void {
  requireNamespace(object, context.store);
  const { kind } = object;
  if (kind === 'Pod') {
    const pod = object as unknown as Pod;
    admitServiceAccount(pod, context);
    admitPriority(pod, context);
    admitTolerations(pod, context.rules);
    fillInLimits(pod, context);
  }
  if (kind === 'PersistentVolumeClaim') {
    admitStorageClass(object as unknown as PersistentVolumeClaim, context);
  }
  protect(object, context.rules);
}

/** What a new object has to pass once it is valid. Throws ApiError Forbidden. Models the plugins that only look. */
export function checkCreate(object: NewObject, context: AdmissionContext): void {
  if (object.kind === 'Pod') admitPodLimits(object as unknown as Pod, context);
  if (object.kind === 'PersistentVolumeClaim') {
    admitClaimLimits(object as unknown as PersistentVolumeClaim, context);
  }
  admitQuota(object, undefined, context);
}

/** What an update has to pass. Throws ApiError Forbidden. */
export function admitUpdate(object: NewObject, old: NewObject, context: AdmissionContext): void {
  if (object.kind !== 'PersistentVolumeClaim') return;
  const [claim, before] = [object, old] as unknown as [
    PersistentVolumeClaim,
    PersistentVolumeClaim,
  ];
  admitResize(claim, before, context);
  admitClaimLimits(claim, context);
  admitQuota(object, old, context);
}

/** Namespaces that NamespaceLifecycle keeps. */
const IMMORTAL = ['default', 'kube-system', 'kube-public'];

/** What a deletion has to pass. Throws ApiError Forbidden. */
export function admitDelete(kind: string, name: string): void {
  if (kind !== 'Namespace' || !IMMORTAL.includes(name)) return;
  throw ApiError.forbidden('namespaces', name, 'this namespace may not be deleted');
}

function requireNamespace({ kind, apiVersion, metadata }: NewObject, store: Store): void {
  if (!kindInfo(kind, apiVersion).namespaced) return;
  const name = metadata.namespace ?? 'default';
  const namespace = store.get('Namespace', undefined, name);
  if (!namespace) throw ApiError.notFound('namespaces', name);
  if (namespace.status?.phase !== 'Terminating' && !namespace.metadata.deletionTimestamp) return;
  const why = `unable to create new content in namespace ${name} because it is being terminated`;
  throw ApiError.forbidden(resourceName(kind, apiVersion), metadata.name ?? '', why);
}

/** StorageObjectInUseProtection. */
function protect(object: NewObject, rules: VersionRules): void {
  const finalizer = Object.hasOwn(PROTECTED, object.kind) ? PROTECTED[object.kind] : undefined;
  if (!finalizer || !rules.gate('StorageObjectInUseProtection')) return;
  if (object.kind === 'VolumeAttributesClass' && !isProtected(rules)) return;
  const metadata = object.metadata as ObjectMeta;
  if (metadata.finalizers?.includes(finalizer)) return;
  metadata.finalizers = [...(metadata.finalizers ?? []), finalizer];
}

/** Classes of attributes, since something takes their finalizer away again. */
function isProtected(rules: VersionRules): boolean {
  return rules.atLeast('1.32') && rules.gate('VolumeAttributesClass');
}
