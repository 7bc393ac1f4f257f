import { type Cluster, type ClusterOptions, createCluster } from '../../../src/index.ts';
import { podWith } from '../../objects.ts';

export const MIB: number = 1024 * 1024;

export interface Options extends ClusterOptions {
  readonly hard?: Record<string, string>;
  readonly soft?: Record<string, string>;
  readonly grace?: Record<string, string>;
  /** More options of the kubelet. */
  readonly kubelet?: object;
  readonly imageFilesystem?: { size: string };
  /** Of the node. */
  readonly memory?: string;
}

export function start(options: Options = {}): Cluster {
  const { hard, soft, grace, kubelet, imageFilesystem, memory = '8Gi', ...rest } = options;
  return createCluster({
    nodes: [
      {
        name: 'node-1',
        capacity: { ephemeralStorage: '1Gi', memory },
        ...(imageFilesystem && { imageFilesystem }),
        kubeletConfiguration: {
          evictionHard: hard ?? {},
          ...(soft && { evictionSoft: soft }),
          ...(grace && { evictionSoftGracePeriod: grace }),
          ...kubelet,
        },
      },
    ],
    ...rest,
  });
}

export interface Parts {
  readonly spec?: object;
  readonly container?: object;
}

export function pod(name: string, { spec = {}, container = {} }: Parts = {}): object {
  return podWith([], { name, container, spec: { restartPolicy: 'Never', ...spec } });
}

export const mounted = (emptyDir: object, container: object = {}): Required<Parts> => ({
  spec: { volumes: [{ name: 'v', emptyDir }] },
  container: { volumeMounts: [{ name: 'v', mountPath: '/v' }], ...container },
});

export function fill(cluster: Cluster, name: string, path: string, mebibytes: number): void {
  cluster
    .pod(name)
    .container()
    .fs.writeFileSync(path, Buffer.alloc(mebibytes * MIB));
}

export function ended(
  cluster: Cluster,
  name: string,
): { phase: unknown; reason: unknown; message: unknown } {
  const { status } = cluster.pod(name).object;
  return { phase: status?.phase, reason: status?.reason, message: status?.message };
}

export const limited: object = { resources: { limits: { 'ephemeral-storage': '10Mi' } } };
