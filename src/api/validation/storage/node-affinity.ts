import { messageOf } from '../../../base/index.ts';
import { annotatedNodeAffinity, NODE_AFFINITY_ANNOTATION } from '../../storage-node-affinity.ts';
import type { NodeAffinity, PersistentVolumeSpec } from '../../types.ts';
import { validateNodeSelector } from '../selectors.ts';
import type { SpecContext } from './persistent-volume.ts';
import type { VolumeContext } from './volume-source.ts';

/** V80, V81. */
export function validateNodeAffinity(
  at: string,
  { nodeAffinity }: PersistentVolumeSpec,
  { errors, rules, annotatedAffinity }: Omit<VolumeContext, 'name'>,
): void {
  if (!nodeAffinity) return;
  if (rules.before('1.14') && !rules.gate('VolumeScheduling') && rules.atLeast('1.10')) {
    errors.forbidden(at, 'Volume node affinity is disabled by feature-gate');
  }
  if (!nodeAffinity.required) {
    errors.required(`${at}.required`, 'must specify required node constraints');
  } else validateNodeSelector(errors, `${at}.required`, nodeAffinity.required, rules);
  if (annotatedAffinity) {
    const detail = 'may not specify both alpha nodeAffinity annotation and nodeAffinity field';
    errors.forbidden(at, detail);
  }
}

/** Whether the annotation says on which nodes the volume is. Models validateStorageNodeAffinityAnnotation. */
export function validateAnnotatedAffinity({ errors, rules, annotations }: SpecContext): boolean {
  const at = 'metadata.annotations';
  let affinity: NodeAffinity | undefined;
  try {
    affinity = annotatedNodeAffinity(annotations, rules);
  } catch (error) {
    errors.invalid(at, NODE_AFFINITY_ANNOTATION, messageOf(error));
  }
  if (!affinity) return false;
  if (!rules.gate('PersistentLocalVolumes')) {
    errors.forbidden(at, 'Storage node affinity is disabled by feature-gate');
  }
  const required = affinity.requiredDuringSchedulingIgnoredDuringExecution;
  const name = 'DuringSchedulingIgnoredDuringExecution';
  if (required) validateNodeSelector(errors, `${at}.required${name}`, required, rules);
  if ((affinity.preferredDuringSchedulingIgnoredDuringExecution ?? []).length > 0) {
    // The field's name is misspelt upstream.
    const field = `${at}.preferredDuringSchedulingIgnoredDuringExection`;
    errors.forbidden(field, `Storage node affinity does not support preferred${name}`);
  }
  return required !== undefined;
}
