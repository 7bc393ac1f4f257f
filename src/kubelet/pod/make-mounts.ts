import type { Container, Pod, VolumeMount } from '../../api/index.ts';
import { compare, type DeepReadonly, OperationError, quoted } from '../../base/index.ts';
import { hasBackstepsOn } from '../../plugin/index.ts';
import { type Operation, step } from '../../sim/index.ts';
import type {
  ContainerDevice,
  ContainerMount,
  KubeletContext,
  MountedVolume,
} from '../contracts.ts';
import { makeDirectoryInside, prepareSubPath } from '../subpath/index.ts';
import { containerPath, isAbsolute, pathForRuntime } from './container-paths.ts';
import { podKey } from './containers.ts';
import { expand } from './expansion.ts';
import { defaultPropagation, propagationOf } from './propagation.ts';
import { isRecursivelyReadOnly } from './recursive-read-only.ts';

/** What the mounts of a container are made from. */
export interface MountParts {
  readonly context: Pick<
    KubeletContext,
    'system' | 'layout' | 'rules' | 'defaultMountPropagation' | 'recursiveReadOnlyMounts'
  >;
  readonly pod: DeepReadonly<Pod>;
  readonly container: DeepReadonly<Container>;
  /** Volumes of the Pod that are mounted, by their names in it. */
  readonly volumes: ReadonlyMap<string, MountedVolume>;
  readonly environment: ReadonlyMap<string, string>;
}

/**
 * The mounts of a container, one per volumeMount in their order. subPaths are made and bound on the way. Throws an
 * OperationError in upstream's words. Models pkg/kubelet/kubelet_pods.go makeMounts.
 */
export function* makeMounts(parts: MountParts): Operation<ContainerMount[]> {
  const mounts: ContainerMount[] = [];
  for (const [index, mount] of (parts.container.volumeMounts ?? []).entries()) {
    mounts.push(yield* makeMount(parts, mount, index));
  }
  return mounts;
}

function* makeMount(
  parts: MountParts,
  mount: DeepReadonly<VolumeMount>,
  index: number,
): Operation<ContainerMount> {
  const { container, context, volumes } = parts;
  const { os } = context.system;
  const volume = volumes.get(mount.name);
  if (!volume || volume.devicePath !== undefined) {
    throw new OperationError(
      `cannot find volume ${quoted(mount.name)} to mount into container ${quoted(container.name)}`,
    );
  }
  const subPath = subPathOf(parts, mount);
  const hostPath = subPath
    ? yield* subPathOnNode(parts, { mount, volume, index, subPath })
    : volume.path;
  // What Windows gives to a container is its own: no mount passes.
  const readOnly = mount.readOnly === true || volume.readOnly;
  const fallback = context.defaultMountPropagation ?? defaultPropagation(context.rules);
  const wanted = mount.mountPropagation ?? fallback;
  return {
    hostPath: pathForRuntime(os, hostPath),
    containerPath: containerPath(os, mount.mountPath),
    readOnly,
    propagation: os === 'windows' ? 'None' : propagationOf(wanted),
    ...(isRecursivelyReadOnly(context, mount) && { recursiveReadOnly: true }),
    ...(os !== 'windows' && optionsOf(mount)),
    ...(isRelabelled(volume) && { seLinuxRelabel: true }),
    volume: mount.name,
  };
}

function optionsOf({
  bindMountOptions = [],
}: DeepReadonly<VolumeMount>): Pick<ContainerMount, 'bindMountOptions'> {
  return bindMountOptions.length > 0 ? { bindMountOptions } : {};
}

/** Not what is mounted with a label. */
function isRelabelled({ plugin: { attributes }, seLinuxLabel }: MountedVolume): boolean {
  return attributes?.managed === true && attributes.seLinuxRelabel === true && !seLinuxLabel;
}

/** Models ExpandContainerVolumeMounts of pkg/kubelet/container/helpers.go. */
function subPathOf(
  { environment }: MountParts,
  { subPath, subPathExpr }: DeepReadonly<VolumeMount>,
): string {
  if (!subPathExpr) return subPath ?? '';
  const missing = new Set<string>();
  const expanded = expand(subPathExpr, (name) => {
    const value = environment.get(name);
    // Nothing would stand for the whole volume.
    if (!value) missing.add(name);
    return value;
  });
  if (missing.size === 0) return expanded;
  throw new OperationError(`missing value for ${[...missing].sort(compare).join(', ')}`);
}

interface SubPathMount {
  readonly mount: DeepReadonly<VolumeMount>;
  readonly volume: MountedVolume;
  readonly index: number;
  readonly subPath: string;
}

function* subPathOnNode(
  { context, pod, container }: MountParts,
  { mount, volume, index, subPath }: SubPathMount,
): Operation<string> {
  const { os } = context.system;
  if (isAbsolute(os, subPath)) {
    throw new OperationError(`error SubPath \`${subPath}\` must not be an absolute path`);
  }
  if (hasBackstepsOn(context.system, subPath)) {
    throw new OperationError(`unable to provision SubPath \`${subPath}\`: must not contain '..'`);
  }
  const who = `subPath directory for volumeMount ${quoted(mount.name)} of container ${quoted(container.name)}`;
  const { root, name: node } = context.system;
  const path = `${volume.path}/${subPath}`;
  const subject = { node, pod: podKey(pod), volume: mount.name, path };
  if (!root.exists(path)) {
    yield* hidingDetails(`failed to create ${who}`, () =>
      step('mkdir', subject, () => {
        const directory = root.open(volume.path);
        makeDirectoryInside(directory, subPath, directory.stat().mode & 0o3777);
      }),
    );
  }
  const parts = { system: context.system, layout: context.layout, pod: podKey(pod) };
  return yield* hidingDetails(
    `failed to prepare subPath for volumeMount ${quoted(mount.name)} of container ${quoted(container.name)}`,
    () =>
      prepareSubPath(parts, {
        podUid: pod.metadata.uid ?? '',
        volumePath: volume.path,
        subPath,
        innerName: volume.spec.name,
        container: container.name,
        index,
      }),
  );
}

/** What went wrong could tell a user about files of the host. */
function* hidingDetails<Result>(
  message: string,
  operation: () => Operation<Result>,
): Operation<Result> {
  try {
    return yield* operation();
  } catch (error) {
    if (!(error instanceof Error) || !isOfTheNode(error)) throw error;
    throw new OperationError(message, { cause: error });
  }
}

function isOfTheNode(error: Error): boolean {
  return error instanceof OperationError || error.name === 'KernelError' || 'errno' in error;
}

/** The devices of a container, one per volumeDevice. Models pkg/kubelet/kubelet_pods.go makeBlockVolumes. */
export function makeDevices({ context, container, volumes }: MountParts): ContainerDevice[] {
  return (container.volumeDevices ?? []).map(({ name, devicePath }) => {
    const volume = volumes.get(name);
    if (volume?.devicePath === undefined) {
      throw new OperationError(
        `cannot find volume ${quoted(name)} to pass into container ${quoted(container.name)}`,
      );
    }
    if (!isAbsolute(context.system.os, devicePath)) {
      throw new OperationError(`error DevicePath \`${devicePath}\` must be an absolute path`);
    }
    const permissions = volume.spec.readOnly ? 'r' : 'mrw';
    return { hostPath: volume.path, containerPath: devicePath, permissions };
  });
}
