import { goSlice, OperationError } from '../../base/index.ts';
import { mountsOfSame } from '../../plugin/index.ts';
import type { ActualVolume } from './actual-state-of-world.ts';
import { deviceContextOf, type Environment } from './environment.ts';

/** Mounts below the plugins' directory are the kubelet's own, wherever the node has that directory. */
const PLUGINS = '/plugins/kubernetes.io/';

/**
 * Throws an OperationError while what a device is mounted on is mounted elsewhere on the node: by hand, or by another volume
 * that has the same directory. Models GetDeviceMountRefs and HasMountRefs of pkg/volume/util.
 */
export function demandNoReferences(environment: Environment, volume: ActualVolume): void {
  const { system } = environment.context;
  const { path } = deviceContextOf(environment, volume, volume.spec).dir;
  if (system.os === 'windows' || !system.root.exists(path)) return;
  const references = mountsOfSame(system, path);
  if (!hasReferences(path, references)) return;
  throw new OperationError(
    `the device mount path "${path}" is still mounted by other references ${goSlice(references)}`,
  );
}

/** Whether one of them is not the device's own place. Models HasMountRefs. */
export function hasReferences(path: string, references: readonly string[]): boolean {
  const own = path.slice(Math.max(path.indexOf(PLUGINS), 0));
  return references.some((reference) => !reference.includes(own));
}
