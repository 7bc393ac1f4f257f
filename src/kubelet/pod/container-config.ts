import type { Container, Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import { amountOf, fileLabel } from '../../plugin/index.ts';
import type { Operation } from '../../sim/index.ts';
import type { ContainerConfig, KubeletContext, MountedVolume } from '../contracts.ts';
import { getsFile, hostsPath } from './container-paths.ts';
import { makeEnvironment } from './environment.ts';
import { expand } from './expansion.ts';
import { makeHostsMount } from './hosts-file.ts';
import { makeDevices, makeMounts } from './make-mounts.ts';
import { hostAddress } from './network.ts';
import { makeTerminationLog } from './termination-log.ts';
import { containerUser } from './user.ts';
import { volumeGroups } from './volume-groups.ts';
import { isHostProcess, windowsUser } from './windows-user.ts';

/** What the next run of a container is made from. */
export interface ContainerConfigParts {
  readonly context: KubeletContext;
  readonly pod: DeepReadonly<Pod>;
  readonly container: DeepReadonly<Container>;
  readonly volumes: ReadonlyMap<string, MountedVolume>;
  readonly attempt: number;
  readonly podIP: string;
}

/**
 * What the runtime is asked for. Throws an OperationError: the container waits with `CreateContainerConfigError`. Models
 * kuberuntime's generateContainerConfig and the kubelet's GenerateRunContainerOptions.
 */
export function* containerConfig(parts: ContainerConfigParts): Operation<ContainerConfig> {
  const { context, pod, container, volumes, attempt, podIP } = parts;
  const { system } = context;
  const addresses = { podIP, hostIP: hostAddress(system) };
  const environment = makeEnvironment({ context, pod, container, volumes, ...addresses });
  const mountParts = { context, pod, container, volumes, environment };
  const devices = makeDevices(mountParts);
  const mounts = yield* makeMounts(mountParts);
  if (podIP !== '' && wantsHosts(parts)) mounts.push(yield* makeHostsMount(context, pod, podIP));
  const windows = system.os === 'windows';
  const user = windows
    ? windowsUser(pod, container)
    : containerUser(pod, container, volumeGroups(pod, volumes.values()));
  const terminationLog = yield* makeTerminationLog(context, pod, container, attempt);
  if (terminationLog) mounts.push(terminationLog);
  const expanded = (texts: readonly string[] = []): string[] =>
    texts.map((text) => expand(text, (name) => environment.get(name)));
  const memory = amountOf(container.resources?.limits?.['memory']);
  return {
    name: container.name,
    attempt,
    image: container.image ?? '',
    command: expanded(container.command),
    args: expanded(container.args),
    env: [...environment].map(([name, value]) => ({ name, value })),
    workingDir: container.workingDir,
    user,
    privileged: !windows && container.securityContext?.privileged === true,
    readOnlyRootFilesystem: !windows && container.securityContext?.readOnlyRootFilesystem === true,
    mounts,
    devices,
    seLinuxFileLabel: labelOf(context, pod, container),
    memoryLimit: memory > 0 ? memory : undefined,
  };
}

/** Unless a volume is there, or the container is a process of a Windows node itself. Models shouldMountHostsFile. */
function wantsHosts({ context, pod, container }: ContainerConfigParts): boolean {
  const { os } = context.system;
  if (!getsFile(os, context.rules, 'hosts') || (os === 'windows' && isHostProcess(pod)))
    return false;
  return !container.volumeMounts?.some(({ mountPath }) => mountPath === hostsPath(os));
}

function labelOf(
  { seLinux }: KubeletContext,
  { spec }: DeepReadonly<Pod>,
  { securityContext }: DeepReadonly<Container>,
): string | undefined {
  if (!seLinux) return undefined;
  return fileLabel(securityContext?.seLinuxOptions ?? spec.securityContext?.seLinuxOptions);
}
