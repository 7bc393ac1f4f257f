import type { Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import type { Directory } from '../../kernel/index.ts';
import {
  unescapePluginName,
  VolumeDirectory,
  type VolumePlugin,
  type VolumeSpec,
} from '../../plugin/index.ts';
import type { Operation } from '../../sim/index.ts';
import { KUBELET_ROOT } from '../layout.ts';
import type { ActualVolume } from './actual-state-of-world.ts';
import {
  deviceMountPathOf,
  type Environment,
  pluginCall,
  volumeContextOf,
  volumePathOf,
} from './environment.ts';
import { isFailure } from './failure.ts';
import { isDeviceMountable, uniqueVolumeName } from './names.ts';

/** A volume's directory that a restarted kubelet found below a Pod's. */
export interface FoundDirectory {
  readonly podUid: string;
  /** The Pod's directory. */
  readonly directory: Directory;
  readonly pluginName: string;
  readonly name: string;
  readonly block: boolean;
}

const PLACES = [
  { folder: 'volumes', block: false },
  { folder: 'volumeDevices', block: true },
] as const;

/** Every volume's directory below `pods/`. Models pkg/kubelet/volumemanager/reconciler getVolumesFromPodDir. */
export function* foundDirectories({ context }: Environment): Generator<FoundDirectory> {
  const { host } = context.layout;
  const pods = `${KUBELET_ROOT.slice(1)}/pods`;
  if (!host.exists(pods)) return;
  for (const podUid of directories(host, pods)) {
    const directory = host.open(`${pods}/${podUid}`);
    for (const { folder, block } of PLACES) {
      for (const escaped of directories(directory, folder)) {
        const pluginName = unescapePluginName(escaped);
        for (const { name } of directory.readdir(`${folder}/${escaped}`)) {
          yield { podUid, directory, pluginName, name, block };
        }
      }
    }
  }
}

/** None where no directory is. */
function directories(parent: Directory, path: string): string[] {
  if (!parent.exists(path) || (parent.stat(path).mode & 0o170000) !== 0o040000) return [];
  const entries = parent.readdir(path);
  return entries.filter(({ type }) => type === 'directory').map(({ name }) => name);
}

/**
 * Puts what is on the disk into the actual state of world, as uncertain; what cannot be understood is given back. Models
 * pkg/kubelet/volumemanager/reconciler/reconstruct.go.
 */
export function reconstructVolumes(environment: Environment): FoundDirectory[] {
  const failed: FoundDirectory[] = [];
  const { total, errors } = environment.metrics.reconstructions;
  for (const found of foundDirectories(environment)) {
    total.add();
    try {
      if (!reconstruct(environment, found)) failed.push(found);
    } catch (error) {
      if (!isFailure(error)) throw error;
      failed.push(found);
    }
  }
  errors.add({}, failed.length);
  return failed;
}

/** False: no such plugin, or it cannot tell. */
function reconstruct(environment: Environment, found: FoundDirectory): boolean {
  const { plugins, actual, context } = environment;
  const plugin = plugins.find(found.pluginName);
  const spec = plugin && specOf(environment, plugin, found);
  if (!spec) return false;
  const { podUid, block } = found;
  const name = uniqueVolumeName(plugin, spec, podUid);
  const volume = actual.volumes.get(name) ?? addVolume(environment, { name, plugin, spec, block });
  const path = block
    ? `${context.layout.podPath(podUid)}/${placeOf(found)}`
    : volumePathOf(context, plugin, spec, podUid);
  const mount = { pod: podOf(podUid), spec, outerNames: [spec.name], path, block };
  const { now } = context.system.simulation;
  actual.markUncertain(volume, podUid, mount, { now, reconstructed: true });
  return true;
}

function addVolume(
  { actual, context }: Environment,
  found: { name: string; plugin: VolumePlugin; spec: VolumeSpec; block: boolean },
): ActualVolume {
  const { name, plugin, spec, block } = found;
  const volume = actual.markAttached(name, plugin, spec);
  volume.block = block;
  if (block || isDeviceMountable(plugin)) {
    const path = block
      ? `${context.layout.pluginPath(plugin.name)}/volumeDevices/${spec.name}`
      : deviceMountPathOf(context, plugin, spec);
    volume.deviceReconstructed = true;
    actual.markDevice(volume, 'DeviceMountUncertain', path);
  }
  return volume;
}

function specOf(
  { context }: Environment,
  plugin: VolumePlugin,
  found: FoundDirectory,
): VolumeSpec | undefined {
  const { name, podUid } = found;
  if (!plugin.reconstruct) return emptySpec(name);
  const who = { node: context.system, volume: name };
  const dir = new VolumeDirectory(found.directory, placeOf(found), who);
  return plugin.reconstruct({ name, podUid, dir, node: context.system });
}

function emptySpec(name: string): VolumeSpec {
  return { name, source: {}, volume: { name }, readOnly: false, mountOptions: [] };
}

/** Below the Pod's directory. */
function placeOf({ pluginName, name, block }: FoundDirectory): string {
  const folder = block ? 'volumeDevices' : 'volumes';
  return `${folder}/${pluginName.replaceAll('/', '~')}/${name}`;
}

/** All that is known of the Pod is its uid. */
function podOf(uid: string): DeepReadonly<Pod> {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: '', namespace: '', uid, resourceVersion: '', creationTimestamp: '' },
    spec: { containers: [] },
    status: { phase: 'Pending' },
  };
}

/**
 * Tears down, once, a directory that could not be understood and that no Pod wants. Models cleanOrphanVolumes of
 * pkg/kubelet/volumemanager/reconciler/reconstruct.go.
 */
export function* cleanOrphan(environment: Environment, found: FoundDirectory): Operation {
  const { plugins, context } = environment;
  const { total, errors } = environment.metrics.forcedCleanUps;
  const { podUid, name } = found;
  const spec = emptySpec(name);
  total.add();
  try {
    const plugin = plugins.byName(found.pluginName);
    const volume: ActualVolume = {
      name: `${plugin.name}/${name}`,
      plugin,
      spec,
      devicePath: '',
      deviceMountPath: undefined,
      deviceMountState: 'DeviceNotMounted',
      deviceReconstructed: false,
      block: false,
      size: undefined,
      seLinuxLabel: undefined,
      inUseErrorForExpansion: false,
      expansionFailed: false,
      pods: new Map(),
    };
    const of = { volume, spec, pod: podOf(podUid), outerName: name };
    yield* environment.cleanSubPaths(podUid, name);
    const plain = volumeContextOf(environment, of);
    yield* pluginCall(environment, 'TearDown', { plugin, spec, of }, () => plugin.tearDown(plain));
  } catch (error) {
    if (!isFailure(error)) throw error;
    errors.add();
    context.log(
      'error',
      `UnmountVolume failed for volume "${name}" pod "${podUid}": ${error.message}`,
    );
  }
}
