import type { VersionRules } from '../../api/index.ts';
import type { Informer } from '../../api/informer.ts';
import { storageNodeAffinityFailure } from '../../api/storage-node-affinity.ts';
import { OperationError, quoted } from '../../base/index.ts';
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
type Volume = Stored<'PersistentVolume'>;

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

/** What the scheduler looks at while it waits. */
interface Watched {
  readonly pods: Informer<'Pod'>;
  readonly volumes: Informer<'PersistentVolume'>;
  readonly claims: Informer<'PersistentVolumeClaim'>;
}

/** Looks every second, but only when something of it has changed. */
function* allBound(context: ControllerContext, pod: Stored<'Pod'>, decision: Decision): Operation {
  const start = context.now;
  const deadline = start + BIND_TIMEOUT;
  const changed = new Signal();
  const wake = (): void => changed.wake();
  const { uid } = pod.metadata;
  const watched: Watched = {
    pods: context.informer('Pod', wake, ({ metadata }) => metadata.uid === uid),
    volumes: context.informer('PersistentVolume', wake),
    claims: context.informer('PersistentVolumeClaim', wake),
  };
  const reason = `volumes of ${pod.metadata.namespace}/${pod.metadata.name} to be bound`;
  try {
    for (;;) {
      const next = start + Math.ceil(Math.max(context.now - start, 1) / POLL) * POLL;
      yield* sleepUntil(next, { class: 'work', reason });
      demandPod(pod, watched);
      if (isDone(decision, watched, context.dependencies.rules)) return;
      const woken = yield* waitFor(changed, { deadline, reason });
      if (!woken) throw new OperationError(timeoutText(context));
    }
  } finally {
    for (const informer of Object.values(watched)) informer.stop();
  }
}

function timeoutText({ dependencies }: ControllerContext): string {
  return dependencies.rules.atLeast('1.29')
    ? 'context deadline exceeded'
    : 'timed out waiting for the condition';
}

function demandPod({ metadata }: Stored<'Pod'>, { pods }: Watched): void {
  const { namespace, name, uid } = metadata;
  if (pods.get(namespace, name)?.metadata.uid === uid) return;
  throw new OperationError(`pod does not exist any more: pod ${quoted(name)} not found`);
}

/** Models checkBindings. */
function isDone(
  { toBind, toProvision, node }: Decision,
  watched: Watched,
  rules: VersionRules,
): boolean {
  const where = { node, rules };
  const bindings = toBind.every(({ claim, volume }) => {
    demandReserved(volume, where, watched);
    return isFullyBound(demandClaim(claim, 'binding', watched));
  });
  if (!bindings) return false;
  return toProvision.every((claim) => {
    const now = demandClaim(claim, 'provisioning pvc', watched);
    demandProvisioned(now, where, watched);
    return isFullyBound(now);
  });
}

function demandClaim({ metadata }: Claim, what: string, { claims }: Watched): Claim {
  const { namespace, name } = metadata;
  const claim = claims.get(namespace, name);
  if (claim) return claim;
  const id = quoted(`${namespace}/${name}`);
  throw new OperationError(
    `failed to check ${what}: could not find v1.PersistentVolumeClaim ${id}`,
  );
}

/** Somebody took the volume away again. */
function demandReserved({ metadata }: Volume, where: OnNode, { volumes }: Watched): void {
  const volume = volumes.get(undefined, metadata.name);
  const name = quoted(metadata.name);
  if (!volume) {
    throw new OperationError(`failed to check binding: could not find v1.PersistentVolume ${name}`);
  }
  demandOnNode(volume, where);
  if (!volume.spec.claimRef?.uid) throw new OperationError(`ClaimRef got reset for pv ${name}`);
}

/** Who could not make the volume took the node away from the claim; one that was made elsewhere is of no use. */
function demandProvisioned(claim: Claim, where: OnNode, { volumes }: Watched): void {
  const { name, annotations } = claim.metadata;
  if (!annotations) {
    throw new OperationError(`selectedNode annotation reset for PVC ${quoted(name)}`);
  }
  if (annotations[SELECTED_NODE] !== where.node.metadata.name) {
    throw new OperationError(`provisioning failed for PVC ${quoted(name)}`);
  }
  const volume = volumes.get(undefined, claim.spec.volumeName ?? '');
  if (volume) demandOnNode(volume, where);
}

interface OnNode {
  readonly node: Decision['node'];
  readonly rules: VersionRules;
}

function demandOnNode(volume: Volume, { node, rules }: OnNode): void {
  const failure = storageNodeAffinityFailure(volume, node, rules);
  if (failure === undefined) return;
  const [name, where] = [quoted(volume.metadata.name), quoted(node.metadata.name)];
  throw new OperationError(`pv ${name} node affinity doesn't match node ${where}: ${failure}`);
}
