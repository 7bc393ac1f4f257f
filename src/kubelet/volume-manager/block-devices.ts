import { goSlice, OperationError } from '../../base/index.ts';
import { type Directory, sys } from '../../kernel/index.ts';
import { asPathError, FileSteps, fileType, podKey, VolumeDirectory } from '../../plugin/index.ts';
import type { Operation } from '../../sim/index.ts';
import type { ActualVolume } from './actual-state-of-world.ts';
import type { Environment, VolumeOfPod } from './environment.ts';

/** Where a block volume is on the node. */
export interface BlockDevices {
  /** The directory of the device, with one entry per Pod. Absolute. */
  readonly global: string;
  /** The link in the Pod's directory. Absolute. */
  readonly link: string;
}

/** Models GetGlobalMapPath and GetPodDeviceMapPath of the plugins. */
export function devicesOf({ context }: Environment, of: VolumeOfPod): BlockDevices {
  const { layout } = context;
  const { plugin } = of.volume;
  return {
    global: `${layout.pluginPath(plugin.name)}/volumeDevices/${of.spec.name}`,
    link: `${layout.podPath(of.pod.metadata.uid)}/${linkOf(of)}`,
  };
}

/** Below the Pod's directory. */
function linkOf({ volume, spec }: VolumeOfPod): string {
  return `volumeDevices/${volume.plugin.name.replaceAll('/', '~')}/${spec.name}`;
}

/** Where a path to a device leads, such as one of `/dev/disk/by-id`. Models EvalHostSymlinks of pkg/volume/util/hostutil. */
export function realDevice({ context }: Environment, path: string): string {
  const { root } = context.system;
  return asPathError(
    'lstat',
    () => missingPart(root, path, 40),
    () => sys.realpath(root.caller, path),
  );
}

/** Where a path breaks off: Go tells that. `hops`: so many links more are followed. */
function missingPart(root: Directory, path: string, hops: number): string {
  const names = path.split('/').filter((name) => name !== '');
  const at = names.findIndex((_, i) => !root.exists(`/${names.slice(0, i + 1).join('/')}`));
  const parent = sys.realpath(root.caller, `/${names.slice(0, at).join('/')}`);
  const part = `${parent === '/' ? '' : parent}/${names[at]}`;
  if (at < 0 || hops === 0 || !root.lexists(part)) return part;
  const target = root.readlink(part);
  return missingPart(root, target.startsWith('/') ? target : `${parent}/${target}`, hops - 1);
}

/** The device is bound on a file that bears the Pod's uid. Models pkg/volume/util/volumepathhandler MapDevice. */
export function* bindDevice(environment: Environment, of: VolumeOfPod, device: string): Operation {
  const { entry, files } = globalOf(environment, of);
  yield* files.mkdirAll(parentOf(entry.name), 0o750);
  if (!entry.base.exists(entry.name)) yield* files.write(entry.name, new Uint8Array(0), 0o640);
  if (!entry.isMountPoint()) yield* entry.bind(device);
}

/** Models UnmapDevice. */
export function* unbindDevice(environment: Environment, of: VolumeOfPod): Operation {
  const { entry, files } = globalOf(environment, of);
  if (!entry.exists()) return;
  if (entry.isMountPoint()) yield* entry.unmount();
  yield* files.unlink(entry.name);
}

/** The link in the Pod's directory; another one that is there is replaced. */
export function* linkDevice(environment: Environment, of: VolumeOfPod, device: string): Operation {
  const files = podFilesOf(environment, of);
  const name = linkOf(of);
  yield* files.mkdirAll(parentOf(name), 0o750);
  if (files.directory.lexists(name)) yield* files.unlink(name);
  yield* files.symlink(device, name);
}

export function* unlinkDevice(environment: Environment, of: VolumeOfPod): Operation {
  const files = podFilesOf(environment, of);
  const name = linkOf(of);
  if (files.directory.lexists(name)) yield* files.unlink(name);
}

const DEVICES: ReadonlySet<string> = new Set(['block-device', 'character-device']);

/** Throws an OperationError while pods have the device. Models GetDeviceBindMountRefs in GenerateUnmapDeviceFunc. */
export function demandNoPods({ context }: Environment, volume: ActualVolume): void {
  const { root } = context.system;
  const global = volume.deviceMountPath ?? '';
  const name = global.slice(1);
  if (name === '' || !root.exists(name)) return;
  // What a kubelet that died had not bound yet is a file, and no device.
  const left = root
    .readdir(name)
    .map((entry) => `${global}/${entry.name}`)
    .filter((path) => DEVICES.has(fileType(root.stat(path).mode)));
  if (left.length === 0) return;
  throw new OperationError(
    `the device "${global}" is still referenced from other Pods ${goSlice(left)}`,
  );
}

/** The directory of a device that no Pod has any more. Models RemoveMapPath. */
export function* removeGlobalMap({ context }: Environment, volume: ActualVolume): Operation {
  const { system } = context;
  const files = new FileSteps(system.root, { node: system, volume: volume.spec.name });
  const name = (volume.deviceMountPath ?? '').slice(1);
  if (name !== '' && system.root.exists(name)) yield* files.removeAll(name);
}

function globalOf(
  environment: Environment,
  of: VolumeOfPod,
): { entry: VolumeDirectory; files: FileSteps } {
  const { system } = environment.context;
  const who = { node: system, volume: of.outerName, pod: podKey(of.pod) };
  const name = `${devicesOf(environment, of).global.slice(1)}/${of.pod.metadata.uid}`;
  const files = new FileSteps(system.root, who);
  return { entry: new VolumeDirectory(system.root, name, who), files };
}

function podFilesOf({ context }: Environment, { pod, outerName }: VolumeOfPod): FileSteps {
  const who = { node: context.system, volume: outerName, pod: podKey(pod) };
  return new FileSteps(context.layout.pod(pod.metadata.uid), who);
}

function parentOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/'));
}
