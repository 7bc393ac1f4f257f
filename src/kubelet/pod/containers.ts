import type { Container, Pod, PodSpec } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import type { RuntimeContainerStatus } from '../contracts.ts';

/** Init, regular and ephemeral containers, in this order. */
export function containersOf(spec: DeepReadonly<PodSpec>): DeepReadonly<Container>[] {
  const { initContainers = [], containers, ephemeralContainers = [] } = spec;
  return [...initContainers, ...containers, ...ephemeralContainers];
}

/** A side-car: an init container that runs beside the others. Models podutil.IsRestartableInitContainer. */
export function isSidecar(container: DeepReadonly<Container>): boolean {
  return container.restartPolicy === 'Always';
}

/** The Pod's restart policy; default `Always`. */
export function restartPolicyOf({ spec }: DeepReadonly<Pod>): string {
  return spec.restartPolicy ?? 'Always';
}

/** The newest run of a container. */
export function latestRun(
  runs: readonly RuntimeContainerStatus[],
  name: string,
): RuntimeContainerStatus | undefined {
  return runs.findLast((run) => run.name === name);
}

/**
 * Whether a container that does not run is to be started again: as the restart policy says, and never in a Pod that is
 * being deleted. Models pkg/kubelet/container/helpers.go ShouldContainerBeRestarted.
 */
export function shouldBeRestarted(
  pod: DeepReadonly<Pod>,
  run: RuntimeContainerStatus | undefined,
): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false;
  if (run === undefined || run.state === 'created') return true;
  if (run.state === 'running') return false;
  const policy = restartPolicyOf(pod);
  if (policy === 'Never') return false;
  return policy === 'OnFailure' ? run.exitCode !== 0 : true;
}

/** `name_namespace(uid)`, as the kubelet's messages name a Pod. Models pkg/kubelet/util/format Pod. */
export function formatPod({ metadata }: DeepReadonly<Pod>): string {
  return `${metadata.name}_${metadata.namespace}(${metadata.uid})`;
}

/** `namespace/name`, as steps and faults name a Pod. */
export function podKey({ metadata }: DeepReadonly<Pod>): string {
  return `${metadata.namespace}/${metadata.name}`;
}
