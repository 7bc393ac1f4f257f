import type { Container, Pod } from '../../api/index.ts';
import { type DeepReadonly, OperationError } from '../../base/index.ts';
import type { VolumeSpec } from '../types.ts';

/** `Block` or `Filesystem`: what a volume is given to containers as. Default Filesystem. */
export function volumeModeOf(spec: VolumeSpec): 'Block' | 'Filesystem' {
  return spec.persistentVolume?.spec.volumeMode === 'Block' ? 'Block' : 'Filesystem';
}

/**
 * Throws an OperationError when a container mounts a device, or wants a device of a filesystem.
 * Models createVolumeSpec of pkg/kubelet/volumemanager/populator.
 */
export function checkVolumeMode(pod: DeepReadonly<Pod>, volume: string, spec: VolumeSpec): void {
  const mode = volumeModeOf(spec);
  const wrong = mode === 'Block' ? 'volumeMounts' : 'volumeDevices';
  for (const container of containersOf(pod)) {
    if (!container[wrong]?.some(({ name }: { name: string }) => name === volume)) continue;
    throw new OperationError(
      `volume ${volume} has volumeMode ${mode}, but is specified in ${wrong}`,
    );
  }
}

/** Every container of a Pod: init, regular and ephemeral ones. */
export function containersOf({ spec }: DeepReadonly<Pod>): readonly DeepReadonly<Container>[] {
  const { initContainers = [], containers, ephemeralContainers = [] } = spec;
  if (initContainers.length === 0 && ephemeralContainers.length === 0) return containers;
  return [
    ...initContainers,
    ...containers,
    ...(ephemeralContainers as readonly DeepReadonly<Container>[]),
  ];
}
