import type { Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import type { MountedVolume, VolumeManager, VolumeState } from '../contracts.ts';
import type { ActualPod } from './actual-state-of-world.ts';
import type { DesiredPod } from './desired-state-of-world.ts';
import type { Environment } from './environment.ts';
import { isAttachable, isDeviceMountable } from './names.ts';
import type { OperationExecutor } from './operation-executor.ts';

/** What is mounted for a Pod, by its names in the Pod. */
export function mountedVolumesOf(
  { actual }: Environment,
  uid: string,
): ReadonlyMap<string, MountedVolume> {
  const mounted = new Map<string, MountedVolume>();
  for (const entry of actual.ofPod(uid).values()) {
    if (entry.state !== 'mounted') continue;
    for (const name of entry.mount.outerNames) mounted.set(name, mountedVolume(entry, name));
  }
  return mounted;
}

function mountedVolume({ volume, mount, mountedAt }: ActualPod, outerName: string): MountedVolume {
  const { plugin } = volume;
  const { spec, path, devicePath } = mount;
  const readOnly = plugin.attributes?.readOnly ?? spec.readOnly;
  const { seLinuxLabel } = volume;
  return { outerName, plugin, spec, path, devicePath, readOnly, mountedAt, seLinuxLabel };
}

/** How far each volume of a Pod's spec is, and why it is no further. */
export function volumeStatesOf(
  environment: Environment,
  executor: OperationExecutor,
  pod: DeepReadonly<Pod>,
): VolumeState[] {
  const { uid } = pod.metadata;
  const desired = [...environment.desired.ofPod(uid).values()];
  const actual = [...environment.actual.ofPod(uid).values()];
  return (pod.spec.volumes ?? []).map(({ name }) => {
    const wanted = desired.find(({ outerNames }) => outerNames.includes(name));
    const entry = actual.find(
      ({ mount, volume }) =>
        mount.outerNames.includes(name) || volume === wantedVolume(environment, wanted),
    );
    return stateOf({ environment, executor, uid, name, wanted, entry });
  });
}

function wantedVolume({ actual }: Environment, wanted: DesiredPod | undefined) {
  return wanted && actual.volumes.get(wanted.volume.name);
}

interface Found {
  readonly environment: Environment;
  readonly executor: OperationExecutor;
  readonly uid: string;
  readonly name: string;
  readonly wanted: DesiredPod | undefined;
  readonly entry: ActualPod | undefined;
}

function stateOf(found: Found): VolumeState {
  const { name: outerName, wanted, entry } = found;
  const plugin = entry?.volume.plugin ?? wanted?.volume.plugin;
  const reason = reasonOf(found);
  const uniqueName = (entry ?? wanted)?.volume.name;
  const specName = (entry?.mount ?? wanted)?.spec.name;
  const state = { outerName, uniqueName, specName, plugin, reason };
  if (!entry) return { ...state, state: wanted ? 'waiting' : 'unmounted' };
  const { mountedAt, mount } = entry;
  return { ...state, state: entry.state, path: mount.path, mountedAt };
}

/** What it waits for, or what went wrong last. */
function reasonOf({ environment, executor, uid, wanted, entry }: Found): string | undefined {
  const volume = wanted?.volume ?? entry?.volume;
  if (!volume) return undefined;
  const { plugin, name } = volume;
  const shared = isAttachable(plugin) || isDeviceMountable(plugin);
  const error = executor.lastError(name, shared ? '' : uid);
  if (error !== undefined) return error;
  if (!wanted?.volume.attachable || environment.actual.volumes.has(name)) return undefined;
  return wanted.volume.reportedInUse
    ? 'Volume not attached according to node status'
    : "Volume has not been added to the list of VolumesInUse in the node's volume status";
}

/** The desired state of world, as plain data. */
export function desiredView({ desired }: Environment): VolumeManager['desired'] {
  return [...desired.volumes.values()].map(({ name, pods }) => ({
    volume: name,
    pods: [...pods.keys()],
  }));
}

/** The actual state of world, as plain data. */
export function actualView({ actual }: Environment): VolumeManager['actual'] {
  return [...actual.volumes.values()].map(({ name, deviceMountState, pods }) => ({
    volume: name,
    deviceMountState,
    pods: [...pods.values()].map(({ uid, state, remountRequired }) => ({
      uid,
      state,
      remountRequired,
    })),
  }));
}
