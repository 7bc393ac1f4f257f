import type { VolumeDevice } from '../types.ts';
import type { MountContext } from './mounts.ts';

/** V55–V61: `volumeDevices` of a container. Models ValidateVolumeDevices. */
export function validateDevices(at: string, context: MountContext): void {
  const { volumeDevices = [], volumeMounts = [] } = context.container;
  const seen = { names: new Set<string>(), paths: new Set<string>() };
  const mounts = new Map(volumeMounts.map(({ name, mountPath }) => [name ?? '', mountPath ?? '']));
  volumeDevices.forEach((device, index) => {
    validateDevice(`${at}[${index}]`, device, seen, context);
    validateOverlap(`${at}[${index}]`, device, mounts, context);
  });
}

interface Seen {
  readonly names: Set<string>;
  readonly paths: Set<string>;
}

function validateDevice(
  field: string,
  { name = '', devicePath: path = '' }: VolumeDevice,
  { names, paths }: Seen,
  context: MountContext,
): void {
  const { errors } = context;
  if (name === '') errors.required(`${field}.name`);
  if (names.has(name)) errors.invalid(`${field}.name`, name, 'must be unique');
  validateSource(`${field}.name`, name, context);
  if (path === '') errors.required(`${field}.devicePath`);
  if (paths.has(path)) errors.invalid(`${field}.devicePath`, path, 'must be unique');
  if (path.split('/').includes('..')) {
    errors.invalid(`${field}.devicePath`, path, "can not contain backsteps ('..')");
  } else paths.add(path);
  if (name !== '') names.add(name);
}

function validateSource(field: string, name: string, context: MountContext): void {
  const { errors, rules, volumes } = context;
  const volume = volumes.get(name);
  if (!volume) return errors.notFound(field, name);
  if (volume.persistentVolumeClaim || volume.ephemeral) return;
  const or = rules.atLeast('1.23') ? ' or Ephemeral' : '';
  const detail = `can only use volume source type of PersistentVolumeClaim${or} for block mode`;
  errors.invalid(field, name, detail);
}

/** A volume is mounted or is a device, and so is a path. */
function validateOverlap(
  field: string,
  { name = '', devicePath: path = '' }: VolumeDevice,
  mounts: ReadonlyMap<string, string>,
  { errors }: MountContext,
): void {
  if (mounts.has(name)) {
    errors.invalid(`${field}.name`, name, 'must not already exist in volumeMounts');
  }
  if ([...mounts.values()].includes(path)) {
    const detail = 'must not already exist as a path in volumeMounts';
    errors.invalid(`${field}.devicePath`, path, detail);
  }
}
