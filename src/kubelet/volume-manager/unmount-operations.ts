import type { Operation } from '../../sim/index.ts';
import type { ActualPod, ActualVolume } from './actual-state-of-world.ts';
import { demandNoPods, removeGlobalMap } from './block-devices.ts';
import { detailed } from './detailed.ts';
import { demandNoReferences } from './device-references.ts';
import {
  deviceContextOf,
  type Environment,
  pluginCall,
  type VolumeOfPod,
  volumeContextOf,
} from './environment.ts';
import { isFailure, wrapped } from './failure.ts';

/**
 * Unmounts a volume from a Pod: the binds of its subPaths, then TearDown. Failures leave no event, only a line of the log.
 * Models GenerateUnmountVolumeFunc of pkg/volume/util/operationexecutor/operation_generator.go.
 */
export function* unmountVolume(environment: Environment, entry: ActualPod): Operation {
  const { volume, uid, mount } = entry;
  const { spec, pod } = mount;
  const { plugin } = volume;
  const of = { volume, spec, pod, outerName: mount.outerNames[0] ?? spec.name };
  try {
    yield* environment.cleanSubPaths(uid, spec.name);
  } catch (error) {
    throw failed('error cleaning subPath mounts', of, error);
  }
  try {
    const context = volumeContextOf(environment, of);
    yield* pluginCall(environment, 'TearDown', { plugin, spec, of }, () =>
      plugin.tearDown(context),
    );
  } catch (error) {
    const { now } = environment.context.system.simulation;
    environment.actual.markUncertain(volume, uid, mount, { now });
    throw failed('UnmountVolume.TearDown failed', of, error);
  }
  environment.actual.markUnmounted(volume, uid);
}

/**
 * Unmounts a device from the node. Models GenerateUnmountDeviceFunc of
 * pkg/volume/util/operationexecutor/operation_generator.go.
 */
export function* unmountDevice(environment: Environment, volume: ActualVolume): Operation {
  const { plugin, spec, block } = volume;
  const { deviceMounter } = plugin;
  if (block) yield* unmapDevice(environment, volume);
  else if (deviceMounter) {
    // Nothing is done yet: where this fails the device is as sure as it was.
    yield* part(environment, volume, 'GetDeviceMountRefs check failed', () =>
      atOnce(() => demandNoReferences(environment, volume)),
    );
    const device = deviceContextOf(environment, volume, spec);
    const unmount = (): Operation => deviceMounter.unmountDevice(device);
    try {
      yield* part(environment, volume, 'UnmountDevice failed', () =>
        pluginCall(environment, 'UnmountDevice', { plugin, spec }, unmount),
      );
    } catch (error) {
      environment.actual.markDevice(volume, 'DeviceMountUncertain');
      throw error;
    }
  }
  environment.actual.markDevice(volume, 'DeviceNotMounted');
}

/** Models GenerateUnmapDeviceFunc. */
function* unmapDevice(environment: Environment, volume: ActualVolume): Operation {
  const { plugin, spec } = volume;
  const { blockMapper } = plugin;
  yield* part(environment, volume, 'UnmapDevice failed', () =>
    atOnce(() => demandNoPods(environment, volume)),
  );
  environment.actual.markDevice(volume, 'DeviceMountUncertain');
  if (blockMapper?.tearDownDevice) {
    const device = deviceContextOf(environment, volume, spec);
    const tearDown = (): Operation => blockMapper.tearDownDevice?.(device) ?? nothing();
    yield* part(environment, volume, 'UnmapDevice.TearDownDevice failed', () =>
      pluginCall(environment, 'TearDownDevice', { plugin, spec }, tearDown),
    );
  }
  yield* part(environment, volume, 'UnmapDevice.RemoveMapPath failed', () =>
    removeGlobalMap(environment, volume),
  );
}

/** One part of what is done to a device; `what` failed, says its error. */
function* part(
  { context }: Environment,
  { name, spec }: ActualVolume,
  what: string,
  body: () => Operation,
): Operation {
  try {
    yield* body();
  } catch (error) {
    if (!isFailure(error)) throw error;
    throw wrapped(
      `${what} for volume "${spec.name}" (UniqueName: "${name}") on node "${context.system.name}" : ${error.message}`,
      error,
    );
  }
}

function* nothing(): Operation {}

function* atOnce(action: () => void): Operation {
  action();
}

function failed(what: string, of: VolumeOfPod, error: unknown): unknown {
  return isFailure(error) ? detailed(what, of, of.outerName, error) : error;
}
