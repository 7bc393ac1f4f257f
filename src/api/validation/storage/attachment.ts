import { bytesOf } from '../../../base/index.ts';
import type { FieldErrors } from '../../field-errors.ts';
import type { VolumeAttachment, VolumeAttachmentSource } from '../../types.ts';
import type { VersionRules } from '../../versions.ts';
import { type InternalType, internalValue } from '../internal-value.ts';
import { isSubdomain } from '../names.ts';
import type { KindRules } from '../rules.ts';
import { semanticEqual } from '../semantic-equal.ts';
import { validateDriverName } from '../volumes/references.ts';
import { validateInlineVolume } from './inline-volume.ts';

const MAX_METADATA = 256 * 1024;
const MAX_MESSAGE = 1024;

const SPEC: InternalType = {
  Attacher: '',
  Source: { PersistentVolumeName: null, InlineVolumeSpec: null },
  NodeName: '',
};

/** V137–V142. Models ValidateVolumeAttachment of pkg/apis/storage/validation/validation.go. */
export const volumeAttachmentRules: KindRules<VolumeAttachment> = {
  create: (errors, attachment, { rules }) => {
    validateAttachment(errors, attachment, rules);
    validateNames(errors, attachment, rules);
  },
  update: (errors, attachment, old, { rules }) => {
    validateAttachment(errors, attachment, rules);
    if (semanticEqual(attachment.spec, old.spec)) return;
    errors.invalid('spec', internalValue(attachment.spec, SPEC), 'field is immutable');
  },
  updateStatus: (errors, attachment, _, { rules }) => validateAttachment(errors, attachment, rules),
};

function validateAttachment(
  errors: FieldErrors,
  attachment: VolumeAttachment,
  rules: VersionRules,
): void {
  const { attacher, source, nodeName = '' } = attachment.spec;
  if (!attacher) errors.required('spec.attacher');
  validateSource(errors, source ?? {}, rules);
  for (const text of isSubdomain(nodeName)) errors.invalid('spec.nodeName', nodeName, text);
  validateStatus(errors, attachment);
}

/** What is asked of new ones only, and not of those of a beta. Models ValidateVolumeAttachmentV1. */
function validateNames(
  errors: FieldErrors,
  { apiVersion, spec }: VolumeAttachment,
  rules: VersionRules,
): void {
  if (apiVersion !== 'storage.k8s.io/v1') return;
  validateDriverName(errors, 'spec.attacher', spec.attacher, rules);
  const name = spec.source?.persistentVolumeName;
  if (name === undefined) return;
  for (const text of isSubdomain(name)) {
    errors.invalid('spec.source.persistentVolumeName', name, text);
  }
}

/** V138. */
function validateSource(
  errors: FieldErrors,
  { persistentVolumeName: name, inlineVolumeSpec: inline }: VolumeAttachmentSource,
  rules: VersionRules,
): void {
  const at = 'spec.source';
  if (rules.before('1.14')) {
    if (!name) errors.required(at);
    return;
  }
  const detail = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';
  const only = 'must specify persistentVolumeName when CSIMigration feature is disabled';
  if (name === undefined && !inline) {
    errors.required(at, rules.gate('CSIMigration') ? detail : only);
  } else if (name !== undefined && inline) errors.forbidden(at, detail);
  else if (name === '') {
    const empty = 'must specify non empty persistentVolumeName';
    errors.required(`${at}.persistentVolumeName`, empty);
  } else if (inline) {
    validateInlineVolume(`${at}.inlineVolumeSpec`, inline, { errors, rules, name: '' });
  }
}

/** V141. A message that is too long is told the limit of metadata, as upstream has it. */
function validateStatus(errors: FieldErrors, { status }: VolumeAttachment): void {
  if (sizeOf(status?.attachmentMetadata) > MAX_METADATA) {
    errors.tooLong('status.attachmentMetadata', MAX_METADATA);
  }
  for (const field of ['attachError', 'detachError'] as const) {
    const { message = '', errorCode: code = 0 } = status?.[field] ?? {};
    if (bytesOf(message).length > MAX_MESSAGE) {
      errors.tooLong(`status.${field}.message`, MAX_METADATA);
    }
    if (code < 0) {
      const detail = 'must be between 0 and 2147483647, inclusive';
      errors.invalid(`status.${field}.errorCode`, code, detail);
    }
  }
}

function sizeOf(map: Readonly<Record<string, string>> = {}): number {
  const sizes = Object.entries(map).map(
    ([key, value]) => bytesOf(key).length + bytesOf(value).length,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
