import type { Pod } from '../../api/index.ts';
import { bytesOf, type DeepReadonly } from '../../base/index.ts';
import { asPathError } from '../../plugin/index.ts';
import { type Operation, step } from '../../sim/index.ts';
import type { ContainerMount, KubeletContext } from '../contracts.ts';
import { podKey } from './containers.ts';

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
  const content = bytesOf(hostsFile(pod, podIP));
  yield* step('write', { node: system.name, pod: podKey(pod), path: hostPath }, () =>
    asPathError(
      'open',
      () => hostPath,
      () => layout.pod(uid).writeFile('etc-hosts', content, { mode: 0o644 }),
    ),
  );
  return { hostPath, containerPath: '/etc/hosts', readOnly: false, propagation: 'None' };
}

/** What stands in it. */
export function hostsFile({ metadata, spec }: DeepReadonly<Pod>, podIP: string): string {
  const hostname = spec.hostname ?? metadata.name;
  const domain = spec.subdomain && `${spec.subdomain}.${metadata.namespace}.svc.cluster.local`;
  const names = domain ? `${hostname}.${domain}\t${hostname}` : hostname;
  const aliases = (spec.hostAliases ?? []).map(
    ({ ip, hostnames = [] }) => `${ip}\t${hostnames.join('\t')}\n`,
  );
  const added = aliases.length > 0 ? `\n# Entries added by HostAliases.\n${aliases.join('')}` : '';
  return `${HEADER}${podIP}\t${names}\n${added}`;
}
