import type { Informer } from '../api/informer.ts';
import { messageOf, OperationError } from '../base/index.ts';
import { claimReference } from '../plugin/references/index.ts';
import type { Operation } from '../sim/index.ts';
import { type ControllerContext, isSimulated, keyOf, type Stored, splitKey } from './context.ts';

/** Who reports the events. */
const COMPONENT = 'ephemeral_volume';

type Pod = Stored<'Pod'>;
type EphemeralVolume = NonNullable<Pod['spec']['volumes']>[number];

/**
 * Makes the claims of Pods' generic ephemeral volumes, each owned by its Pod; the garbage collector takes them away.
 * Models pkg/controller/volume/ephemeral/controller.go.
 */
export function startEphemeralVolumes(context: ControllerContext): void {
  const { rules } = context.dependencies;
  if (!rules.gate('GenericEphemeralVolume')) return;
  const queue = context.queue({
    name: 'ephemeral-volume',
    sync: (key) => syncPod(key, { context, pods, claims }),
  });
  const pods = context.informer(
    'Pod',
    ({ type, object }) => {
      if (type !== 'DELETED') queue.add(keyOf(object));
    },
    isConcerned,
  );
  const claims = context.informer('PersistentVolumeClaim', ({ type, object }) => {
    const owner = type === 'DELETED' ? controllerOf(object) : undefined;
    if (owner?.kind === 'Pod') queue.add(`${object.metadata.namespace}/${owner.name}`);
  });
  for (const pod of pods.list()) if (isConcerned(pod)) queue.add(keyOf(pod));
}

interface Parts {
  readonly context: ControllerContext;
  readonly pods: Informer<'Pod'>;
  readonly claims: Informer<'PersistentVolumeClaim'>;
}

function* syncPod(key: string, parts: Parts): Operation {
  const pod = parts.pods.get(...splitKey(key));
  if (!pod || pod.metadata.deletionTimestamp) return;
  for (const volume of pod.spec.volumes ?? []) {
    if (volume.ephemeral) yield* oneVolume(parts, pod, volume);
  }
}

function* oneVolume(parts: Parts, pod: Pod, volume: EphemeralVolume): Operation {
  try {
    yield* demandClaim(parts, pod, volume);
  } catch (error) {
    if (!isSimulated(error)) throw error;
    const { events } = parts.context.dependencies;
    const message = `ephemeral volume ${volume.name}: ${messageOf(error)}`;
    events.event(COMPONENT, pod, 'Warning', 'FailedBinding', message);
    throw error;
  }
}

function* demandClaim({ context, claims }: Parts, pod: Pod, volume: EphemeralVolume): Operation {
  const { namespace, uid } = pod.metadata;
  const name = claimReference(pod, volume)?.claimName ?? '';
  const claim = claims.get(namespace, name);
  if (claim) {
    if (controllerOf(claim)?.uid === uid) return;
    throw new OperationError(
      `PVC ${namespace}/${name} was not created for pod ${keyOf(pod)} (pod is not owner)`,
    );
  }
  const { metrics, store } = context.dependencies;
  try {
    yield* context.write('CreatePersistentVolumeClaim', pod, () =>
      store.create(claimOf(pod, volume, name)),
    );
    metrics?.ephemeralClaim(false);
  } catch (error) {
    if (!isSimulated(error)) throw error;
    metrics?.ephemeralClaim(true);
    throw new OperationError(`create PVC ${name}: ${messageOf(error)}`);
  }
}

/** Has such volumes, and is to have its claims. */
function isConcerned({ metadata, spec }: Pod): boolean {
  return !metadata.deletionTimestamp && (spec.volumes ?? []).some(({ ephemeral }) => ephemeral);
}

function controllerOf({ metadata }: Stored<'PersistentVolumeClaim'>) {
  return metadata.ownerReferences?.find(({ controller }) => controller);
}

function claimOf({ metadata }: Pod, { ephemeral }: EphemeralVolume, name: string) {
  const template = ephemeral?.volumeClaimTemplate;
  const { labels, annotations } = template?.metadata ?? {};
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim' as const,
    metadata: {
      name,
      namespace: metadata.namespace,
      ...(labels && { labels: { ...labels } }),
      ...(annotations && { annotations: { ...annotations } }),
      ownerReferences: [
        {
          apiVersion: 'v1',
          kind: 'Pod',
          name: metadata.name,
          uid: metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: template?.spec ?? {},
  };
}
