import type { FieldErrors } from '../../field-errors.ts';
import type { VolumeSnapshot, VolumeSnapshotClass, VolumeSnapshotContent } from '../../types.ts';
import type { KindRules } from '../rules.ts';

/** What an expression of a CRD says of an object that breaks it. */
function broken(errors: FieldErrors, field: string, message: string): void {
  errors.invalid(field, 'object', message);
}

/** A field of a source that stays as it is once it was set. */
function validateOnceSet<Source extends object>(
  errors: FieldErrors,
  at: string,
  field: keyof Source & string,
  [now, before]: readonly [Source, Source],
): void {
  if (before[field] === undefined) return;
  if (now[field] === undefined) broken(errors, at, `${field} is required once set`);
  else if (now[field] !== before[field]) {
    errors.invalid(`${at}.${field}`, 'string', `${field} is immutable`);
  }
}

/** V160–V163. Models the rules in the CRD of snapshot.storage.k8s.io/v1 VolumeSnapshot. */
export const volumeSnapshotRules: KindRules<VolumeSnapshot> = {
  create: validateSnapshot,
  update: (errors, snapshot, old) => {
    validateSnapshot(errors, snapshot);
    const sources = [snapshot.spec.source ?? {}, old.spec.source ?? {}] as const;
    validateOnceSet(errors, 'spec.source', 'persistentVolumeClaimName', sources);
    validateOnceSet(errors, 'spec.source', 'volumeSnapshotContentName', sources);
  },
};

function validateSnapshot(errors: FieldErrors, { spec }: VolumeSnapshot): void {
  const { persistentVolumeClaimName: claim, volumeSnapshotContentName: content } =
    spec.source ?? {};
  if ((claim === undefined) === (content === undefined)) {
    const one = 'volumeSnapshotContentName and persistentVolumeClaimName';
    broken(errors, 'spec.source', `exactly one of ${one} must be set`);
  }
  if (spec.volumeSnapshotClassName === '') {
    const message = 'volumeSnapshotClassName must not be the empty string when set';
    errors.invalid('spec.volumeSnapshotClassName', 'string', message);
  }
}

/** V164–V168. */
export const volumeSnapshotContentRules: KindRules<VolumeSnapshotContent> = {
  create: validateContent,
  update: (errors, content, old) => {
    validateContent(errors, content);
    const sources = [content.spec.source ?? {}, old.spec.source ?? {}] as const;
    validateOnceSet(errors, 'spec.source', 'volumeHandle', sources);
    validateOnceSet(errors, 'spec.source', 'snapshotHandle', sources);
    validateOnceSet(errors, 'spec', 'sourceVolumeMode', [content.spec, old.spec]);
  },
  updateStatus: (errors, { status }) => {
    const size = status?.restoreSize;
    if (size === undefined || size >= 0) return;
    errors.invalid('status.restoreSize', size, 'should be greater than or equal to 0');
  },
};

function validateContent(errors: FieldErrors, { spec }: VolumeSnapshotContent): void {
  const { volumeHandle, snapshotHandle } = spec.source ?? {};
  if ((volumeHandle === undefined) === (snapshotHandle === undefined)) {
    const message = 'exactly one of volumeHandle and snapshotHandle must be set';
    broken(errors, 'spec.source', message);
  }
  const { name, namespace } = spec.volumeSnapshotRef ?? {};
  if (!name || !namespace) {
    const both = 'spec.volumeSnapshotRef.name and spec.volumeSnapshotRef.namespace';
    broken(errors, 'spec.volumeSnapshotRef', `both ${both} must be set`);
  }
  validateDeletionPolicy(errors, 'spec.deletionPolicy', spec.deletionPolicy);
}

/** V167. */
export const volumeSnapshotClassRules: KindRules<VolumeSnapshotClass> = {
  create: (errors, object) => {
    validateDeletionPolicy(errors, 'deletionPolicy', object.deletionPolicy);
  },
  update: (errors, object) => {
    validateDeletionPolicy(errors, 'deletionPolicy', object.deletionPolicy);
  },
};

function validateDeletionPolicy(errors: FieldErrors, field: string, policy: string | undefined) {
  if (!policy) errors.required(field);
  else errors.oneOf(field, policy, ['Delete', 'Retain']);
}
