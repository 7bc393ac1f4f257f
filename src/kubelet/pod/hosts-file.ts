import type { Pod } from '../../api/index.ts';
import { bytesOf, type DeepReadonly, textOf } from '../../base/index.ts';
import { isKernelError } from '../../kernel/index.ts';
import { asPathError } from '../../plugin/index.ts';
import { type Operation, step } from '../../sim/index.ts';
import type { ContainerMount, KubeletContext } from '../contracts.ts';
import { hostsPath, pathForRuntime } from './container-paths.ts';
import { podKey } from './containers.ts';

const HOST_NETWORK_HEADER = '# Kubernetes-managed hosts file (host network).\n';
const HEADER = `# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
`;

/**
 * Writes the Pod's `etc-hosts` anew, in place, and returns the mount of it. Models pkg/kubelet/kubelet_pods.go makeHostsMount.
 */
export function* makeHostsMount(
  { layout, system }: Pick<KubeletContext, 'layout' | 'system'>,
  pod: DeepReadonly<Pod>,
  podIP: string,
): Operation<ContainerMount> {
  const { uid = '' } = pod.metadata;
  const hostPath = `${layout.podPath(uid)}/etc-hosts`;
  const content = bytesOf(hostsFile(pod, { podIP, nodeHosts: () => nodeHosts(system) }));
  yield* step('write', { node: system.name, pod: podKey(pod), path: hostPath }, () =>
    asPathError(
      'open',
      () => hostPath,
      () => layout.pod(uid).writeFile('etc-hosts', content, { mode: 0o644 }),
    ),
  );
  return {
    hostPath: pathForRuntime(system.os, hostPath),
    containerPath: hostsPath(system.os),
    readOnly: false,
    propagation: 'None',
  };
}

/** What stands in it: for a Pod in the node's network, what stands in the node's own. */
export function hostsFile(
  { metadata, spec }: DeepReadonly<Pod>,
  { podIP, nodeHosts }: { readonly podIP: string; readonly nodeHosts: () => string },
): string {
  const aliases = (spec.hostAliases ?? []).map(
    ({ ip, hostnames = [] }) => `${ip}\t${hostnames.join('\t')}\n`,
  );
  const added = aliases.length > 0 ? `\n# Entries added by HostAliases.\n${aliases.join('')}` : '';
  if (spec.hostNetwork) return `${HOST_NETWORK_HEADER}${nodeHosts()}${added}`;
  const hostname = spec.hostname ?? metadata.name;
  const domain = spec.subdomain && `${spec.subdomain}.${metadata.namespace}.svc.cluster.local`;
  const names = domain ? `${hostname}.${domain}\t${hostname}` : hostname;
  return `${HEADER}${podIP}\t${names}\n${added}`;
}

function nodeHosts({ root, os }: KubeletContext['system']): string {
  try {
    return textOf(root.readFile(hostsPath(os)));
  } catch (error) {
    if (isKernelError(error)) return '';
    throw error;
  }
}
