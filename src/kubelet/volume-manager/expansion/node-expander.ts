import type { PersistentVolumeClaim, PersistentVolumeClaimStatus } from '../../../api/index.ts';
import { type DeepReadonly, messageOf, OperationError } from '../../../base/index.ts';
import { amountOf } from '../../../plugin/index.ts';
import { type Operation, step } from '../../../sim/index.ts';
import { type Environment, pluginCall, type VolumeOfPod, volumeContextOf } from '../environment.ts';
import { failureClass, isFailure } from '../failure.ts';
import { markFailed, markFinished, markInfeasible, markInProgress } from './claim-marks.ts';

type Claim = DeepReadonly<PersistentVolumeClaim>;

/** One volume of a Pod that is to grow, from one quantity to another. */
export interface Expansion {
  readonly environment: Environment;
  readonly of: VolumeOfPod;
  claim: Claim;
  readonly from: string;
  readonly to: string;
}

/**
 * Brings what the node has of a volume to its size, as far as the claim lets it. Gives the size that it has then; undefined:
 * it was not done, and is no failure either. Throws an OperationError.
 */
export function expandNode(expansion: Expansion): Operation<string | undefined> {
  const { environment, of, claim } = expansion;
  if (of.spec.readOnly) return refuse(expansion);
  if (!recovers(environment, claim)) return expandAsBefore(expansion);
  const to = claim.status?.allocatedResources?.['storage'] ?? expansion.to;
  return expandWithRecovery({ ...expansion, to });
}

/** Models checkForRecoveryFromExpansion of pkg/volume/util/operationexecutor/operation_generator.go. */
function recovers({ context }: Environment, { status }: Claim): boolean {
  if (!context.rules.gate('RecoverVolumeExpansionFailure')) return false;
  return resizeStatus(status) !== '' || status?.allocatedResources !== undefined;
}

function resizeStatus(status: Claim['status']): string {
  return status?.allocatedResourceStatuses?.['storage'] ?? '';
}

function* refuse({ environment, of, claim, to }: Expansion): Operation<string> {
  const text = `MountVolume.NodeExpandVolume failed for volume "${of.spec.name}" requested read-only file system`;
  environment.context.event(of.pod, 'Warning', 'FileSystemResizeFailed', text);
  environment.claims.event(claim, 'Warning', 'FileSystemResizeFailed', text);
  return to;
}

/** Models legacyCallNodeExpandOnPlugin. */
function* expandAsBefore(expansion: Expansion): Operation<string | undefined> {
  const { of, claim, to } = expansion;
  try {
    yield* callPlugin(expansion);
  } catch (error) {
    if (codeOf(error) === 'NotSupported') return to;
    if (codeOf(error) !== 'FailedPrecondition') throw error;
    of.volume.inUseErrorForExpansion = true;
    return to;
  }
  tellSuccess(expansion);
  if (amountOf(claim.status?.capacity?.['storage']) >= amountOf(to)) return to;
  yield* patch(expansion, markFinished(claim.status, to, false), 'update PVC status failed :');
  return to;
}

/** Models expandOnPlugin of pkg/volume/util/operationexecutor/node_expander.go. */
function* expandWithRecovery(expansion: Expansion): Operation<string | undefined> {
  const { of, claim, to } = expansion;
  const status = resizeStatus(claim.status);
  // Another node has done it for the claim: of a volume that many nodes have.
  const already = status === '' && amountOf(claim.status?.capacity?.['storage']) >= amountOf(to);
  if (!already && status !== 'NodeResizePending' && status !== 'NodeResizeInProgress')
    return undefined;
  const changed = amountOf(claim.spec.resources?.requests?.['storage']) !== amountOf(to);
  const giveUp = changed && of.volume.expansionFailed;
  if (!already) yield* patch(expansion, markInProgress(claim.status));
  try {
    yield* callPlugin(expansion);
  } catch (error) {
    if (!isFailure(error)) throw error;
    yield* tellFailure(expansion, error, giveUp);
    if (codeOf(error) !== 'FailedPrecondition') throw error;
    of.volume.inUseErrorForExpansion = true;
    return undefined;
  }
  tellSuccess(expansion);
  if (already) return to;
  const done = markFinished(expansion.claim.status, to, true);
  yield* patch(expansion, done, 'update pvc status failed:');
  return to;
}

function* callPlugin({ environment, of, from, to }: Expansion): Operation {
  const { plugin } = of.volume;
  const { expander } = plugin;
  const growth = { from: amountOf(from), to: amountOf(to) };
  const volume = volumeContextOf(environment, of);
  yield* pluginCall(environment, 'NodeExpandVolume', { plugin, spec: of.spec, of }, () =>
    expander?.nodeExpand ? expander.nodeExpand(volume, growth) : nothing(),
  );
}

function* nothing(): Operation {}

function tellSuccess({ environment, of, claim }: Expansion): void {
  const { pod, spec } = of;
  const node = pod.spec.nodeName ?? '';
  const text = `MountVolume.NodeExpandVolume succeeded for volume "${spec.name}" ${node}`;
  environment.context.event(pod, 'Normal', 'FileSystemResizeSuccessful', text);
  environment.claims.event(claim, 'Normal', 'FileSystemResizeSuccessful', text);
}

/** Only of what is surely over. What the claim cannot be told is a line of the log. */
function* tellFailure(expansion: Expansion, error: Error, giveUp: boolean): Operation {
  const { environment, of } = expansion;
  const { context } = environment;
  if (failureClass(error) !== 'final') return;
  of.volume.expansionFailed = true;
  const { now } = context.system.simulation;
  const mark = giveUp || codeOf(error) === 'Infeasible' ? markInfeasible : markFailed;
  try {
    // Whatever version it has: it is only said what happened.
    const newest = newestOf(expansion);
    yield* patch({ ...expansion, claim: newest }, mark(newest.status, error.message, now));
  } catch (refused) {
    const text = `MountMount.NodeExpandVolume failed to mark node expansion as failed: ${messageOf(refused)}`;
    context.log('error', text);
  }
}

function newestOf({ environment, claim }: Expansion): Claim {
  const { namespace, name } = claim.metadata;
  const found = environment.context.objects.get('PersistentVolumeClaim', namespace, name);
  return (found as Claim | undefined) ?? claim;
}

/** Models PatchPVCStatus. Throws an OperationError. */
function* patch(
  expansion: Expansion,
  status: PersistentVolumeClaimStatus,
  failed?: string,
): Operation {
  const { environment, of, claim } = expansion;
  const { name } = claim.metadata;
  const subject = { volume: of.outerName, node: environment.context.system.name };
  try {
    yield* step('PatchPersistentVolumeClaimStatus', subject, () => {
      expansion.claim = environment.claims.patchStatus(claim, status);
    });
  } catch (error) {
    const text = `patchPVCStatus failed to patch PVC "${name}": ${messageOf(error)}`;
    const whole = failed === undefined ? text : `mountVolume.NodeExpandVolume ${failed} ${text}`;
    throw new OperationError(whole, { cause: error });
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof OperationError ? error.code : undefined;
}
