import { OperationError } from '../../base/index.ts';
import { type Operation, Signal, sleepUntil, waitFor } from '../../sim/index.ts';
import type { ControllerContext, Stored } from '../context.ts';
import { annotated, SELECTED_NODE } from '../persistent-volume/annotations.ts';
import { claimedBy } from '../persistent-volume/claimed-by.ts';
import { isFullyBound } from '../persistent-volume/claims.ts';
import type { Decision } from './binding.ts';

/** How long the scheduler waits for claims to be bound, and how often it looks. */
const BIND_TIMEOUT = 600_000;
const POLL = 1000;

type Claim = Stored<'PersistentVolumeClaim'>;

/**
 * Has the claims of a Pod bound that waited for its node: reserves volumes, names the node on claims that need one made, and
 * waits for the PV controller. Nothing to do when all were bound. Throws an OperationError with upstream's text; what was
 * written stays. Models BindPodVolumes of pkg/scheduler/framework/plugins/volumebinding/binder.go.
 */
export function* bindVolumes(
  context: ControllerContext,
  pod: Stored<'Pod'>,
  decision: Decision,
): Operation {
  const { toBind, toProvision, node } = decision;
  if (toBind.length + toProvision.length === 0) return;
  const { store } = context.dependencies;
  try {
    for (const { claim, volume } of toBind) {
      const reserved = claimedBy(volume, claim);
      if (reserved === volume) continue;
      yield* context.write('UpdatePersistentVolume', volume, () => store.update(reserved));
    }
    for (const claim of toProvision) {
      const marked = annotated(claim, SELECTED_NODE, node.metadata.name);
      yield* context.write('UpdatePersistentVolumeClaim', claim, () => store.update(marked));
    }
    yield* allBound(context, pod, decision);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const message = `running PreBind plugin "VolumeBinding": binding volumes: ${error.message}`;
    throw new OperationError(message, { cause: error });
  }
}

/** Looks every second, but only when a claim has changed. */
function* allBound(context: ControllerContext, pod: Stored<'Pod'>, decision: Decision): Operation {
  const start = context.now;
  const deadline = start + BIND_TIMEOUT;
  const changed = new Signal();
  const watched = context.informer('PersistentVolumeClaim', () => changed.wake());
  const reason = `volumes of ${pod.metadata.namespace}/${pod.metadata.name} to be bound`;
  try {
    for (;;) {
      const next = start + Math.ceil(Math.max(context.now - start, 1) / POLL) * POLL;
      yield* sleepUntil(next, { class: 'work', reason });
      if (isDone(decision, (claim) => watched.get(claim.metadata.namespace, claim.metadata.name))) {
        return;
      }
      const woken = yield* waitFor(changed, { deadline, reason });
      if (!woken) throw new OperationError(timeoutText(context));
    }
  } finally {
    watched.stop();
  }
}

function timeoutText({ dependencies }: ControllerContext): string {
  return dependencies.rules.atLeast('1.29')
    ? 'context deadline exceeded'
    : 'timed out waiting for the condition';
}

function isDone(
  { toBind, toProvision, node }: Decision,
  current: (claim: Claim) => Claim | undefined,
): boolean {
  const claims = [...toBind.map(({ claim }) => claim), ...toProvision];
  for (const claim of toProvision) {
    const selected = current(claim)?.metadata.annotations?.[SELECTED_NODE];
    if (selected === node.metadata.name) continue;
    const { namespace, name } = claim.metadata;
    throw new OperationError(`provisioning failed for PVC "${namespace}/${name}"`);
  }
  return claims.every((claim) => {
    const now = current(claim);
    return now !== undefined && isFullyBound(now);
  });
}
