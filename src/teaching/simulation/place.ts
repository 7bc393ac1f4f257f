import type { Cluster } from '../../cluster/index.ts';
import type { NodeFs } from '../../face/index.ts';
import type { Fields } from './checked.ts';

/** Where a file is: in a container of a Pod, or on a node. */
export const WHERE: Fields = {
  'pod?': 'string',
  'container?': 'string',
  'namespace?': 'string',
  'node?': 'string',
  path: 'string',
};

/** The filesystem and the path that the arguments name. Without a Pod: the node's. */
export function placeOf(
  cluster: Cluster,
  args: Record<string, unknown>,
): { fs: NodeFs; path: string } {
  const path = String(args['path']);
  if (args['pod'] === undefined)
    return { fs: cluster.node(args['node'] as string | undefined).fs, path };
  const pod = cluster.pod(String(args['pod']), args['namespace'] as string | undefined);
  return { fs: pod.container(args['container'] as string | undefined).fs, path };
}
