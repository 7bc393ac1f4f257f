import type { FieldErrors } from '../field-errors.ts';
import type { Container, Volume, VolumeMount } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { descending } from './paths.ts';

/** What the rules of one container's mounts look at besides. */
export interface MountContext {
  readonly errors: FieldErrors;
  readonly rules: VersionRules;
  readonly volumes: ReadonlyMap<string, Volume>;
  readonly container: Container;
}

/** V39–V52: `volumeMounts` of a container. Models ValidateVolumeMounts. */
export function validateMounts(at: string, context: MountContext): void {
  const { volumeMounts = [], volumeDevices = [] } = context.container;
  const devices = new Map(volumeDevices.map(({ name, devicePath }) => [name, devicePath]));
  const devicePaths = new Set(devices.values());
  const paths = new Set<string>();
  const { errors } = context;
  volumeMounts.forEach((mount, index) => {
    const field = `${at}[${index}]`;
    validateName(field, mount, context);
    const path = mount.mountPath ?? '';
    validatePath(field, path, context);
    if (paths.has(path)) errors.invalid(`${field}.mountPath`, path, 'must be unique');
    paths.add(path);
    if (devices.has(mount.name)) {
      errors.invalid(`${field}.name`, mount.name ?? '', 'must not already exist in volumeDevices');
    }
    if (devicePaths.has(path)) {
      const detail = 'must not already exist as a path in volumeDevices';
      errors.invalid(`${field}.mountPath`, path, detail);
    }
    validateSubPath(at, field, mount, context);
    validatePropagation(`${at}.mountPropagation`, mount, context);
    validateRecursiveReadOnly(`${at}.recursiveReadOnly`, mount, context);
    mount.bindMountOptions?.forEach((option, i) => {
      errors.oneOf(`${field}.bindMountOptions[${i}]`, option, BIND_MOUNT_OPTIONS);
    });
  });
}

/** Flags of a mount alone; sorted. */
const BIND_MOUNT_OPTIONS: readonly string[] = ['nodev', 'noexec', 'nosuid'];

function validateName(field: string, { name = '' }: VolumeMount, context: MountContext): void {
  const { errors, rules, volumes } = context;
  if (name === '') errors.required(`${field}.name`);
  if (name === '' && rules.before('1.9')) return;
  if (!volumes.has(name)) errors.notFound(`${field}.name`, name);
}

/** V41, and what 1.8 alone asked for. */
function validatePath(field: string, path: string, { errors, rules }: MountContext): void {
  if (path === '') errors.required(`${field}.mountPath`);
  else if (rules.version === '1.8' && !path.startsWith('/') && !/^[A-Za-z]:/.test(path)) {
    errors.invalid(`${field}.mountPath`, path, 'must be an absolute path');
  }
}

function validateSubPath(
  at: string,
  field: string,
  { name, subPath = '', subPathExpr = '' }: VolumeMount,
  { errors, rules, volumes }: MountContext,
): void {
  if (rules.before('1.33') && volumes.get(name)?.image) {
    const detail = 'not allowed in image volume sources';
    if (subPath !== '') errors.invalid(`${field}.subPath`, subPath, detail);
    if (subPathExpr !== '') errors.invalid(`${field}.subPathExpr`, subPathExpr, detail);
  }
  if (subPath !== '') {
    if (rules.atLeast('1.10') && rules.before('1.14') && !rules.gate('VolumeSubpath')) {
      errors.forbidden(`${at}.subPath`, 'subPath is disabled by feature-gate');
    } else descending(errors, `${at}.subPath`, subPath);
  }
  if (subPathExpr === '') return;
  if (subPath !== '') {
    const detail = 'subPathExpr and subPath are mutually exclusive';
    errors.invalid(`${field}.subPathExpr`, subPathExpr, detail);
  }
  descending(errors, `${at}.subPathExpr`, subPathExpr);
}

const PROPAGATIONS = ['Bidirectional', 'HostToContainer', 'None'];

function validatePropagation(
  field: string,
  { mountPropagation }: VolumeMount,
  { errors, rules, container }: MountContext,
): void {
  if (mountPropagation === undefined) return;
  const supported = rules.before('1.11') ? PROPAGATIONS.slice(0, 2) : PROPAGATIONS;
  errors.oneOf(field, mountPropagation, supported);
  if (mountPropagation === 'Bidirectional' && !container.securityContext?.privileged) {
    const detail = 'Bidirectional mount propagation is available only to privileged containers';
    errors.forbidden(field, detail);
  }
}

function validateRecursiveReadOnly(
  field: string,
  { recursiveReadOnly, readOnly, mountPropagation }: VolumeMount,
  { errors }: MountContext,
): void {
  if (recursiveReadOnly === undefined || recursiveReadOnly === 'Disabled') return;
  if (recursiveReadOnly !== 'Enabled' && recursiveReadOnly !== 'IfPossible') {
    const supported = ['Disabled', 'Enabled', 'IfPossible'];
    return errors.notSupported(field, recursiveReadOnly, supported);
  }
  if (!readOnly) errors.forbidden(field, 'may only be specified when readOnly is true');
  if (mountPropagation !== undefined && mountPropagation !== 'None') {
    const detail = 'may only be specified when mountPropagation is None or not specified';
    errors.forbidden(field, detail);
  }
}
