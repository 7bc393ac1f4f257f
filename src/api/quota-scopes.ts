import type { DeepReadonly } from '../base/index.ts';
import { qosClass } from './defaults/qos.ts';
import type { StoredObject } from './objects.ts';
import type {
  PersistentVolumeClaim,
  Pod,
  PodAffinityTerm,
  ResourceQuota,
  ScopedResourceSelectorRequirement,
} from './types.ts';
import type { VersionRules } from './versions.ts';

type Scope = DeepReadonly<ScopedResourceSelectorRequirement>;

/** Whether a quota counts an object: one that is in all of its scopes. Models Matches of pkg/quota/v1/evaluator. */
export function countsIn(
  { spec }: DeepReadonly<ResourceQuota>,
  object: DeepReadonly<StoredObject>,
  rules: VersionRules,
): boolean {
  const scopes: Scope[] = [
    ...(spec?.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' })),
    ...(spec?.scopeSelector?.matchExpressions ?? []),
  ];
  if (object.kind === 'Pod') {
    return scopes.every((scope) => isPodIn(scope, object as unknown as DeepReadonly<Pod>));
  }
  const modifiable = object.kind === 'PersistentVolumeClaim' && rules.gate('VolumeAttributesClass');
  if (!modifiable) return scopes.length === 0;
  const claim = object as unknown as DeepReadonly<PersistentVolumeClaim>;
  return scopes.every((scope) => isClaimIn(scope, claim));
}

function isPodIn(scope: Scope, { spec }: DeepReadonly<Pod>): boolean {
  const ends = spec.activeDeadlineSeconds !== undefined && spec.activeDeadlineSeconds >= 0;
  switch (scope.scopeName) {
    case 'Terminating':
      return ends;
    case 'NotTerminating':
      return !ends;
    case 'BestEffort':
      return qosClass(spec) === 'BestEffort';
    case 'NotBestEffort':
      return qosClass(spec) !== 'BestEffort';
    case 'PriorityClass':
      return selects(scope, spec.priorityClassName || undefined);
    case 'CrossNamespacePodAffinity':
      return termsOf(spec).some(
        ({ namespaces = [], namespaceSelector }) =>
          namespaces.length > 0 || namespaceSelector !== undefined,
      );
    default:
      return false;
  }
}

/** A claim is in the class that it has, in the one that it wants, and in the one that it is on the way to. */
function isClaimIn(scope: Scope, { spec, status }: DeepReadonly<PersistentVolumeClaim>): boolean {
  if (scope.scopeName !== 'VolumeAttributesClass') return false;
  const names = [
    spec.volumeAttributesClassName,
    status?.currentVolumeAttributesClassName,
    status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
  ].filter((name) => name !== undefined && name !== '');
  if (names.length === 0) return selects(scope, undefined);
  return names.some((name) => selects(scope, name));
}

function selects({ operator, values = [] }: Scope, name: string | undefined): boolean {
  switch (operator) {
    case 'Exists':
      return name !== undefined;
    case 'DoesNotExist':
      return name === undefined;
    case 'In':
      return name !== undefined && values.includes(name);
    default:
      return name === undefined || !values.includes(name);
  }
}

function termsOf({ affinity = {} }: DeepReadonly<Pod['spec']>): DeepReadonly<PodAffinityTerm>[] {
  return [affinity.podAffinity, affinity.podAntiAffinity].flatMap((one) => [
    ...(one?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(one?.preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(
      ({ podAffinityTerm }) => (podAffinityTerm ? [podAffinityTerm] : []),
    ),
  ]);
}
