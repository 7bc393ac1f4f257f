import type { Container, Pod } from '../../api/index.ts';
import { type DeepReadonly, OperationError } from '../../base/index.ts';
import type { ContainerConfig } from '../contracts.ts';
import { formatPod } from './containers.ts';

/**
 * Who the processes of a container are: images run as root unless the container, or else the Pod, says otherwise. Throws an
 * OperationError when root is what it may not be. Models pkg/kubelet/kuberuntime/security_context.go.
 *
 * @param ofVolumes groups that the Pod's volumes ask for
 */
export function containerUser(
  pod: DeepReadonly<Pod>,
  container: DeepReadonly<Container>,
  ofVolumes: readonly number[],
): ContainerConfig['user'] {
  const own = container.securityContext;
  const { securityContext: shared } = pod.spec;
  const asked = own?.runAsUser ?? shared?.runAsUser;
  const uid = asked ?? 0;
  if ((own?.runAsNonRoot ?? shared?.runAsNonRoot) === true && uid === 0) {
    const where = `(pod: "${formatPod(pod)}", container: ${container.name})`;
    const why =
      asked === undefined
        ? 'container has runAsNonRoot and image will run as root'
        : "container's runAsUser breaks non-root policy";
    throw new OperationError(`${why} ${where}`);
  }
  const fsGroup = shared?.fsGroup === undefined ? [] : [shared.fsGroup];
  return {
    uid,
    gid: own?.runAsGroup ?? shared?.runAsGroup ?? 0,
    groups: [...new Set([...fsGroup, ...ofVolumes, ...(shared?.supplementalGroups ?? [])])],
  };
}
