import { compareQuantities } from '../../../base/index.ts';
import type { FieldErrors } from '../../field-errors.ts';
import type {
  ConfigMapVolumeSource,
  EmptyDirVolumeSource,
  GitRepoVolumeSource,
  HostPathVolumeSource,
  ImageVolumeSource,
  KeyToPath,
  SecretVolumeSource,
} from '../../types.ts';
import { descending, fileMode, inRange, noBacksteps, nonReserved, userId } from '../paths.ts';
import type { SourceContext, SourceRule } from './context.ts';

/** V10. The medium is not looked at; the node does. */
export const emptyDir: SourceRule<EmptyDirVolumeSource> = (source, at, { errors, rules }) => {
  const { sizeLimit = '0', medium = '', mode } = source;
  if (rules.before('1.8') && !rules.gate('LocalStorageCapacityIsolation')) {
    const detail = 'SizeLimit field disabled by feature-gate for EmptyDir volumes';
    if (compareQuantities(sizeLimit, '0') !== 0) errors.forbidden(`${at}.sizeLimit`, detail);
  } else if (compareQuantities(sizeLimit, '0') < 0) {
    errors.forbidden(`${at}.sizeLimit`, 'SizeLimit field must be a valid resource quantity');
  }
  if (
    rules.atLeast('1.8') &&
    rules.before('1.14') &&
    !rules.gate('HugePages') &&
    medium === 'HugePages'
  ) {
    const detail = 'HugePages medium is disabled by feature-gate for EmptyDir volumes';
    errors.forbidden(`${at}.medium`, detail);
  }
  inRange(errors, `${at}.mode`, mode, [0, 0o1777]);
};

const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

/** V11. */
export const hostPath: SourceRule<HostPathVolumeSource> = ({ path, type }, at, context) => {
  const { errors, rules } = context;
  if (!path) return errors.required(`${at}.path`);
  if (rules.before('1.8')) return;
  noBacksteps(errors, `${at}.path`, path);
  errors.oneOf(`${at}.type`, type, HOST_PATH_TYPES);
};

/** V12. */
export const gitRepo: SourceRule<GitRepoVolumeSource> = (source, at, { errors }) => {
  if (!source.repository) errors.required(`${at}.repository`);
  descending(errors, `${at}.directory`, source.directory ?? '');
};

/** V15. */
export const secret: SourceRule<SecretVolumeSource> = (source, at, context) => {
  if (!source.secretName) context.errors.required(`${at}.secretName`);
  fileMode(context.errors, `${at}.defaultMode`, source.defaultMode);
  userId(context.errors, `${at}.defaultUser`, source.defaultUser);
  keysToPaths(context.errors, at, source.items);
};

/** V16. */
export const configMap: SourceRule<ConfigMapVolumeSource> = (source, at, context) => {
  if (!source.name) context.errors.required(`${at}.name`);
  fileMode(context.errors, `${at}.defaultMode`, source.defaultMode);
  userId(context.errors, `${at}.defaultUser`, source.defaultUser);
  keysToPaths(context.errors, at, source.items);
};

/** KP: what of a Secret or ConfigMap becomes which file. */
export function keysToPaths(errors: FieldErrors, at: string, items: KeyToPath[] = []): void {
  items.forEach(({ key, path, mode, user }, index) => {
    const item = `${at}.items[${index}]`;
    if (!key) errors.required(`${item}.key`);
    if (!path) errors.required(`${item}.path`);
    nonReserved(errors, `${item}.path`, path ?? '');
    fileMode(errors, `${item}.mode`, mode);
    userId(errors, `${item}.user`, user);
  });
}

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never'];

/** V35. */
export const image: SourceRule<ImageVolumeSource> = (source, at, context: SourceContext) => {
  const { errors, owner } = context;
  if (!source.reference && owner === 'Pod') errors.required(`${at}.reference`);
  if (!source.pullPolicy) errors.required(`${at}.pullPolicy`);
  else errors.oneOf(`${at}.pullPolicy`, source.pullPolicy, PULL_POLICIES);
};
