import { bytesOf } from '../../../base/index.ts';
import type { FieldErrors } from '../../field-errors.ts';
import type { VolumeAttachment, VolumeAttachmentSource } from '../../types.ts';
import type { VersionRules } from '../../versions.ts';
import type { KindRules } from '../rules.ts';
import { semanticEqual } from '../semantic-equal.ts';
import { validateDriverName } from '../volumes/references.ts';
import { validateInlineVolume } from './persistent-volume.ts';

const MAX_MESSAGE = 1024;

/** V137–V142. Models ValidateVolumeAttachment of pkg/apis/storage/validation/validation.go. */
export const volumeAttachmentRules: KindRules<VolumeAttachment> = {
  create: (errors, attachment, { rules }) => validateAttachment(errors, attachment, rules),
  update: (errors, attachment, old, { rules }) => {
    validateAttachment(errors, attachment, rules);
    if (!semanticEqual(attachment.spec, old.spec)) {
      errors.invalid('spec', attachment.spec, 'field is immutable');
    }
  },
  updateStatus: (errors, attachment) => validateStatus(errors, attachment),
};

function validateAttachment(
  errors: FieldErrors,
  attachment: VolumeAttachment,
  rules: VersionRules,
): void {
  const { attacher, source, nodeName } = attachment.spec;
  validateDriverName(errors, 'spec.attacher', attacher);
  validateSource(errors, source ?? {}, rules);
  if (!nodeName) errors.required('spec.nodeName');
  validateStatus(errors, attachment);
}

/** V138. */
function validateSource(
  errors: FieldErrors,
  { persistentVolumeName: name, inlineVolumeSpec: inline }: VolumeAttachmentSource,
  rules: VersionRules,
): void {
  const at = 'spec.source';
  const detail = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';
  if (name === undefined && !inline) errors.required(at, detail);
  else if (name !== undefined && inline) errors.forbidden(at, detail);
  else if (name === '') {
    const empty = 'must specify non empty persistentVolumeName';
    errors.required(`${at}.persistentVolumeName`, empty);
  } else if (inline) {
    validateInlineVolume(`${at}.inlineVolumeSpec`, inline, { errors, rules, name: '' });
  }
}

/** V141. */
function validateStatus(errors: FieldErrors, { status }: VolumeAttachment): void {
  for (const field of ['attachError', 'detachError'] as const) {
    const message = status?.[field]?.message ?? '';
    if (bytesOf(message).length > MAX_MESSAGE) {
      errors.tooLong(`status.${field}.message`, MAX_MESSAGE);
    }
  }
}
