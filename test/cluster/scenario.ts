import { type ClusterOptions, createCluster } from '../../src/index.ts';

/** A Pod with an emptyDir, a ConfigMap and a Secret. */
export function threeVolumes(name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      automountServiceAccountToken: false,
      securityContext: { fsGroup: 2000 },
      containers: [
        {
          name: 'main',
          image: 'busybox',
          volumeMounts: ['cache', 'config', 'secret'].map((volume) => ({
            name: volume,
            mountPath: `/${volume}`,
          })),
        },
      ],
      volumes: [
        { name: 'cache', emptyDir: {} },
        { name: 'config', configMap: { name: 'config' } },
        { name: 'secret', secret: { secretName: 'secret' } },
      ],
    },
  };
}

export const config: object = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'config' },
  data: { a: '1', b: '2' },
};
export const secret: object = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'secret' },
  stringData: { key: 'x' },
};

/** Starts, fails, restarts, updates and deletes; returns all that can be seen of it, as text. */
export function lifeStory(options: ClusterOptions): string {
  const cluster = createCluster(options);
  cluster.settle();
  cluster.apply([config, threeVolumes('a'), threeVolumes('b')]);
  cluster.settle();
  cluster.apply(secret);
  cluster.advance('30s');
  cluster.pod('a').container().fs.writeFileSync('/cache/x', 'kept');
  cluster.pod('a').container().crash();
  cluster.settle();
  cluster.apply({ ...config, data: { a: '3' } });
  cluster.advance('3m');
  const seen = cluster.pod('b').container().fs.readFileSync('/config/a', 'utf8');
  cluster.delete('Pod', 'b');
  cluster.node().kubelet.restart();
  cluster.settle();
  const mounts = cluster
    .node()
    .mounts()
    .map(({ mountPoint, type }) => `${mountPoint} ${type}`);
  const objects = [...cluster.list('Pod'), ...cluster.events()].map((object) =>
    JSON.stringify(object),
  );
  return [String(seen), ...mounts, ...objects, cluster.trace.text()].join('\n');
}
