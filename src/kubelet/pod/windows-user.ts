import type { Container, Pod } from '../../api/index.ts';
import { type DeepReadonly, OperationError } from '../../base/index.ts';
import type { ContainerConfig } from '../contracts.ts';
import { formatPod } from './containers.ts';

const ADMINISTRATOR = 'ContainerAdministrator';

/**
 * Who the processes of a container are on Windows: whoever they are, no number of Linux's says it, so all have root's. Throws an
 * OperationError when an administrator is what it may not be. Models pkg/kubelet/kuberuntime/security_context_windows.go.
 */
export function windowsUser(
  pod: DeepReadonly<Pod>,
  container: DeepReadonly<Container>,
): ContainerConfig['user'] {
  const own = container.securityContext;
  const { securityContext: shared } = pod.spec;
  const nonRoot = own?.runAsNonRoot ?? shared?.runAsNonRoot;
  const name = own?.windowsOptions?.runAsUserName ?? shared?.windowsOptions?.runAsUserName ?? '';
  if (nonRoot === true && name.toLowerCase() === ADMINISTRATOR.toLowerCase()) {
    throw new OperationError(
      `container's runAsUserName (${name}) which will be regarded as root identity and will break non-root policy (pod: "${formatPod(pod)}", container: ${container.name})`,
    );
  }
  return { uid: 0, gid: 0, groups: [] };
}

/** Whether a container of the Pod runs on the node itself. Models HasWindowsHostProcessContainer of pkg/kubelet/container. */
export function isHostProcess({ spec }: DeepReadonly<Pod>): boolean {
  const { initContainers = [], containers, ephemeralContainers = [] } = spec;
  const shared = spec.securityContext?.windowsOptions?.hostProcess;
  return [...initContainers, ...containers, ...ephemeralContainers].some(
    ({ securityContext }) => (securityContext?.windowsOptions?.hostProcess ?? shared) === true,
  );
}
