import type { PersistentVolumeSpec } from '../../types.ts';
import { validateAccessModes } from '../claim-spec.ts';
import type { SpecContext } from './persistent-volume.ts';
import { validateVolumeSource } from './volume-source.ts';

const INLINE = 'in the context of inline volumes';

/** V140: a volume that a VolumeAttachment carries itself. Models ValidatePersistentVolumeSpec for one that is inline. */
export function validateInlineVolume(
  at: string,
  spec: Partial<PersistentVolumeSpec>,
  context: SpecContext,
): void {
  const { errors, rules } = context;
  const { accessModes = [], persistentVolumeReclaimPolicy: policy = '', volumeMode } = spec;
  const forbid = (field: keyof PersistentVolumeSpec, present: boolean): void => {
    if (present) errors.forbidden(`${at}.${field}`, `may not be specified ${INLINE}`);
  };
  forbid('claimRef', spec.claimRef !== undefined);
  forbid('capacity', Object.keys(spec.capacity ?? {}).length > 0);
  if (!spec.csi) errors.required(`${at}.csi`, `has to be specified ${INLINE}`);
  if (accessModes.length === 0) errors.required(`${at}.accessModes`);
  validateAccessModes(errors, `${at}.accessModes`, accessModes, rules);
  if (policy !== '' && policy !== 'Retain') {
    errors.forbidden(`${at}.persistentVolumeReclaimPolicy`, `may only be Retain ${INLINE}`);
  }
  forbid('nodeAffinity', spec.nodeAffinity !== undefined);
  validateVolumeSource(at, spec, context);
  forbid('storageClassName', (spec.storageClassName ?? '') !== '');
  if (volumeMode !== undefined && volumeMode !== 'Filesystem') {
    const detail = `may not specify volumeMode other than Filesystem ${INLINE}`;
    errors.forbidden(`${at}.volumeMode`, detail);
  }
}
