import type { Container, Pod, Volume } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import { containersOf } from '../pod/containers.ts';

/** Kinds of objects that the kubelet keeps for its pods. */
export type ReferencedKind = 'Secret' | 'ConfigMap';

/** An object of a Pod's namespace that the Pod uses. */
export interface ObjectReference {
  readonly kind: ReferencedKind;
  readonly name: string;
  /** A volume shows its content, so that it has to be refreshed when the object changes. */
  readonly mounted: boolean;
}

/**
 * Every Secret and ConfigMap that a Pod names, in the order in which it names them; one that is named twice comes twice.
 * Models pkg/api/v1/pod/util.go VisitPodSecretNames and VisitPodConfigmapNames.
 */
export function objectReferences({ spec }: DeepReadonly<Pod>): ObjectReference[] {
  const found: ObjectReference[] = [];
  const add = (kind: ReferencedKind, name: string | undefined, mounted: boolean): void => {
    if (name) found.push({ kind, name, mounted });
  };
  for (const { name } of spec.imagePullSecrets ?? []) add('Secret', name, false);
  for (const container of containersOf(spec)) ofEnvironment(container, add);
  for (const volume of spec.volumes ?? []) ofVolume(volume, add);
  return found;
}

type Add = (kind: ReferencedKind, name: string | undefined, mounted: boolean) => void;

function ofEnvironment({ env, envFrom }: DeepReadonly<Container>, add: Add): void {
  for (const { configMapRef, secretRef } of envFrom ?? []) {
    add('ConfigMap', configMapRef?.name, false);
    add('Secret', secretRef?.name, false);
  }
  for (const { valueFrom } of env ?? []) {
    add('ConfigMap', valueFrom?.configMapKeyRef?.name, false);
    add('Secret', valueFrom?.secretKeyRef?.name, false);
  }
}

function ofVolume(volume: DeepReadonly<Volume>, add: Add): void {
  add('ConfigMap', volume.configMap?.name, true);
  add('Secret', volume.secret?.secretName, true);
  for (const { configMap, secret } of volume.projected?.sources ?? []) {
    add('ConfigMap', configMap?.name, true);
    add('Secret', secret?.name, true);
  }
  for (const name of secretsOfSources(volume)) add('Secret', name, false);
}

/** Secrets that plugins read while they mount: `secretRef`, `secretName` and CSI's `nodePublishSecretRef`. */
function secretsOfSources(volume: DeepReadonly<Volume>): string[] {
  const names: string[] = [];
  for (const [field, source] of Object.entries(volume)) {
    if (field === 'secret' || field === 'projected' || typeof source !== 'object') continue;
    const { secretRef, secretName, nodePublishSecretRef } = source as Readonly<
      Record<string, unknown>
    >;
    for (const reference of [secretRef, nodePublishSecretRef]) {
      if (hasName(reference)) names.push(reference.name);
    }
    if (typeof secretName === 'string') names.push(secretName);
  }
  return names;
}

function hasName(value: unknown): value is { readonly name: string } {
  return typeof value === 'object' && value !== null && 'name' in value && !!value.name;
}
