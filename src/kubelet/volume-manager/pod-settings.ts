import type { Container, Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import { amountOf, type VolumePlugin, type VolumeSpec } from '../../plugin/index.ts';

/**
 * The user that files of a volume are for: set when all containers run as the same. Models
 * pkg/securitycontext and pkg/volume/util FsUserFrom.
 */
export function fsUserOf({ spec }: DeepReadonly<Pod>): number | undefined {
  const ofPod = spec.securityContext?.runAsUser;
  let user: number | undefined;
  for (const { securityContext } of everyContainer(spec)) {
    const own = securityContext?.runAsUser ?? ofPod;
    if (own === undefined || (user !== undefined && user !== own)) return undefined;
    user = own;
  }
  return user;
}

/** How the group of a volume's files is changed; undefined: always the whole tree. */
export function fsGroupChangePolicyOf(
  pod: DeepReadonly<Pod>,
): 'Always' | 'OnRootMismatch' | undefined {
  const policy = pod.spec.securityContext?.fsGroupChangePolicy;
  return policy === 'Always' || policy === 'OnRootMismatch' ? policy : undefined;
}

/**
 * Bytes that a volume on the node's own storage may hold: the lower of the Pod's limit of ephemeral storage and the volume's
 * own. Undefined: no limit, or it lies elsewhere. Models AddPodToVolume of
 * pkg/kubelet/volumemanager/cache/desired_state_of_world.go.
 */
export function desiredSizeLimitOf(
  plugin: VolumePlugin,
  spec: VolumeSpec,
  pod: DeepReadonly<Pod>,
): number | undefined {
  if (!plugin.localEphemeral?.(spec.source)) return undefined;
  const ofPod = ephemeralLimit(pod);
  const own = amountOf(spec.volume?.emptyDir?.sizeLimit);
  const limit = own > 0 && (ofPod === 0 || own < ofPod) ? own : ofPod;
  return limit > 0 ? limit : undefined;
}

/** Containers without a limit add nothing. Models k8s.io/component-helpers resource PodLimits. */
function ephemeralLimit({ spec }: DeepReadonly<Pod>): number {
  let sidecars = 0;
  let peak = 0;
  for (const one of spec.initContainers ?? []) {
    const limit = limitOf(one);
    if (one.restartPolicy === 'Always') sidecars += limit;
    peak = Math.max(peak, one.restartPolicy === 'Always' ? sidecars : sidecars + limit);
  }
  let running = sidecars;
  for (const one of spec.containers) running += limitOf(one);
  return Math.max(running, peak);
}

function limitOf({ resources }: DeepReadonly<Container>): number {
  const limit = resources?.limits?.['ephemeral-storage'];
  return limit === undefined ? 0 : amountOf(limit);
}

function* everyContainer(spec: DeepReadonly<Pod>['spec']): Generator<DeepReadonly<Container>> {
  yield* spec.initContainers ?? [];
  yield* spec.containers;
}
