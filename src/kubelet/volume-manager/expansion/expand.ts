import { OperationError } from '../../../base/index.ts';
import { amountOf } from '../../../plugin/index.ts';
import type { Operation } from '../../../sim/index.ts';
import type { ActualVolume } from '../actual-state-of-world.ts';
import type { DesiredPod } from '../desired-state-of-world.ts';
import { detailed } from '../detailed.ts';
import type { Environment, VolumeOfPod } from '../environment.ts';
import { failedText, isFailure } from '../failure.ts';
import { expandNode } from './node-expander.ts';
import { claimOf, growsOnNode } from './sizes.ts';

/**
 * A volume was just set up for a Pod: it is brought to its size, when the claim says that it has not got it. Throws an
 * OperationError. Models expandVolumeDuringMount of pkg/volume/util/operationexecutor/operation_generator.go.
 */
export function* expandDuringMount(environment: Environment, of: VolumeOfPod): Operation {
  const { volume, spec } = of;
  if (!growsOnNode(volume, spec)) return;
  if (!environment.context.rules.gate('ExpandPersistentVolumes')) return;
  const claim = claimOf(environment, spec);
  const from = claim.status?.capacity?.['storage'];
  const to = spec.persistentVolume?.spec.capacity?.['storage'];
  if (from === undefined || to === undefined || amountOf(from) >= amountOf(to)) return;
  const size = yield* expandNode({ environment, of, claim, from, to });
  if (size !== undefined) volume.size = size;
}

/**
 * A volume grows under containers that use it: they are not disturbed, whatever comes of it. Throws an OperationError, after
 * an event of the Pod. Models GenerateExpandInUseVolumeFunc.
 */
export function* expandInUse(
  environment: Environment,
  volume: ActualVolume,
  wanted: DesiredPod,
  to: string,
): Operation {
  const { spec, pod, outerNames } = wanted;
  const of = { volume, spec, pod, outerName: outerNames[0] ?? spec.name };
  let how = '';
  try {
    const from = volume.size ?? '0';
    const claim = claimOf(environment, spec);
    const size = yield* expandNode({ environment, of, claim, from, to });
    if (size === undefined) {
      how = ' to resize volume';
      throw new OperationError('volume resizing failed for unknown reason');
    }
    volume.size = size;
    volume.expansionFailed = false;
  } catch (error) {
    if (!isFailure(error)) throw error;
    const text = failedText('NodeExpandVolume.NodeExpandVolume', spec.name, error, how);
    environment.context.event(pod, 'Warning', 'VolumeResizeFailed', text);
    throw detailed(`NodeExpandVolume.NodeExpandVolume failed${how}`, of, spec.name, error);
  }
}
