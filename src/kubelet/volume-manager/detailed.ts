import { podKey } from '../../plugin/index.ts';
import type { VolumeOfPod } from './environment.ts';
import { wrapped } from './failure.ts';

/**
 * What the log says of a failure with a volume of a Pod; events have a shorter text. `name`: that of the volume as it is mounted, or
 * as the Pod has it. Models GenerateErrorDetailed of pkg/volume/util/operationexecutor/operation_executor.go.
 */
export function detailed(
  what: string,
  { volume, pod }: VolumeOfPod,
  name: string,
  error: Error,
): Error {
  const podName = podKey(pod)?.split('/')[1] ?? '';
  const text = `${what} for volume "${name}" (UniqueName: "${volume.name}") pod "${podName}" (UID: "${pod.metadata.uid}") : ${error.message}`;
  return wrapped(text, error);
}
