import { OperationError } from '../../base/index.ts';
import {
  Directory,
  type FileSystem,
  inodeOf,
  isDirectory,
  isKernelError,
  type Kernel,
  KernelError,
  type Mount,
  MountNamespace,
  Overlay,
  type Place,
  readPath,
} from '../../kernel/index.ts';
import { goWords } from '../../plugin/index.ts';
import type { ContainerConfig, ContainerDevice, ContainerMount } from '../contracts.ts';
import { ContainerDevices, type HostDevice } from './container-devices.ts';

/** What containers of a node are built from. */
export interface EngineParts {
  readonly kernel: Kernel;
  readonly os: 'linux' | 'windows';
  /** The image that all share. */
  readonly image: FileSystem;
  /** The disk of writable layers. */
  readonly layers: FileSystem;
  readonly proc: FileSystem;
  readonly sys: FileSystem;
  /** `/` of the engine's namespace, as root. */
  readonly engine: Directory;
  /** Block and character devices in the host's /dev. */
  readonly hostDevices: () => readonly HostDevice[];
}

/** A container's mounts: its namespace, and the layer that its root writes to. */
export interface ContainerRoot {
  readonly namespace: MountNamespace;
  readonly layer: Overlay;
}

const PROPAGATION = {
  None: 'private',
  HostToContainer: 'slave',
  Bidirectional: 'shared',
} as const;

/**
 * A mount namespace as runc leaves it after pivot_root: an overlay at `/`, /proc, /dev, /sys (not on Windows), and then the mounts
 * that were asked for, those with fewer names in their path first. Models libcontainer's rootfs_linux.go.
 *
 * @param sources where each mount of the configuration comes from, in the same order
 * @throws OperationError `error mounting … to rootfs at …`
 */
export function buildRoot(
  parts: EngineParts,
  config: ContainerConfig,
  sources: readonly Place[],
): ContainerRoot {
  const { kernel, image, layers } = parts;
  const layer = new Overlay(kernel, image.root, { upper: layers });
  const namespace = new MountNamespace(kernel, kernel.newMount(layer, layer.root));
  const root = new Directory(namespace.caller(), { mount: namespace.root, entry: layer.root });
  try {
    if (parts.os === 'linux') mountSystem(parts, config, namespace);
    const order = config.mounts.map((mount, i) => ({
      mount,
      source: sources[i],
      depth: depth(root, mount),
    }));
    order.sort((a, b) => a.depth - b.depth);
    for (const { mount, source } of order) if (source) bind(root, mount, source);
    for (const device of config.devices) addDevice(parts.engine, root, device);
    if (config.workingDir !== undefined) root.mkdirAll(config.workingDir, 0o755);
    if (config.readOnlyRootFilesystem) namespace.remountReadOnly(root.place);
  } catch (error) {
    namespace.dispose();
    throw error;
  }
  return { namespace, layer };
}

function mountSystem(
  { kernel, proc, sys, hostDevices }: EngineParts,
  { privileged }: ContainerConfig,
  namespace: MountNamespace,
): void {
  const safe = ['nosuid', 'nodev', 'noexec'];
  const devices = new ContainerDevices(kernel, privileged ? hostDevices : undefined);
  namespace.mount({ type: 'proc', target: '/proc', fileSystem: proc, options: safe });
  namespace.mount({
    type: 'tmpfs',
    target: '/dev',
    fileSystem: devices,
    options: ['nosuid', 'strictatime'],
  });
  namespace.mount({
    type: 'sysfs',
    target: '/sys',
    fileSystem: sys,
    options: safe,
    readOnly: !privileged,
  });
}

function depth({ caller }: Directory, { containerPath }: ContainerMount): number {
  return readPath(caller, containerPath)
    .split('/')
    .filter((name) => name !== '').length;
}

function bind(root: Directory, mount: ContainerMount, source: Place): void {
  const { namespace } = root.caller;
  try {
    if (source.entry.dead) throw new KernelError('ENOENT');
    const directory = isDirectory(inodeOf(source.entry).mode);
    const target = mountPoint(root, mount.containerPath, directory);
    const bound = namespace.bindFrom(source, target, { recursive: true });
    const place = placeOf(bound);
    namespace.setPropagation(place, PROPAGATION[mount.propagation], { recursive: true });
    if (mount.bindMountOptions) namespace.remount(place, mount.bindMountOptions);
    if (mount.readOnly) {
      namespace.remountReadOnly(place, true, { recursive: mount.recursiveReadOnly === true });
    }
  } catch (error) {
    if (!isKernelError(error)) throw error;
    throw new OperationError(
      'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ' +
        'unable to start container process: error during container init: ' +
        `error mounting "${mount.hostPath}" to rootfs at "${mount.containerPath}": ${goWords(error)}: unknown`,
      { code: error.code },
    );
  }
}

function placeOf(mount: Mount): Place {
  return { mount, entry: mount.root };
}

/** Where a mount goes: a directory for a directory, an empty file for a file, made when missing. Models createMountpoint. */
function mountPoint(root: Directory, path: string, directory: boolean): Place {
  if (directory) return root.mkdirAll(path, 0o755).place;
  if (!root.exists(path)) {
    makeParent(root, path);
    root.writeFile(path, new Uint8Array(0), { mode: 0o755 });
  }
  return root.walk(path);
}

function makeParent(root: Directory, path: string): void {
  const text = readPath(root.caller, path);
  const slash = text.lastIndexOf('/');
  if (slash > 0) root.mkdirAll(text.slice(0, slash), 0o755);
}

/** The same device under the container's name. Models createDeviceNode. */
function addDevice(engine: Directory, root: Directory, device: ContainerDevice): void {
  const { hostPath, containerPath } = device;
  try {
    const { mode, rdev } = engine.stat(hostPath);
    makeParent(root, containerPath);
    if (root.lexists(containerPath)) root.unlink(containerPath);
    root.mknod(containerPath, mode, rdev);
    root.chmod(containerPath, mode & 0o7777);
  } catch (error) {
    if (!isKernelError(error)) throw error;
    throw new OperationError(
      `error gathering device information while adding custom device "${hostPath}": ${goWords(error)}`,
      { code: error.code },
    );
  }
}
