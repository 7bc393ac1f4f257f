// The Pod of the benchmarks: an emptyDir, a ConfigMap and a Secret of three keys each, one container.
import { createCluster } from 'kubelet-volumes';

export const keys = { a: 'a'.repeat(100), b: 'b'.repeat(100), c: 'c'.repeat(100) };

export const configMap = (data, name = 'config') => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

export const pod = (name, config = 'config') => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    automountServiceAccountToken: false,
    containers: [
      {
        name: 'main',
        image: 'busybox',
        volumeMounts: [
          { name: 'cache', mountPath: '/data' },
          { name: 'config', mountPath: '/etc/config' },
          { name: 'secret', mountPath: '/etc/secret' },
        ],
      },
    ],
    volumes: [
      { name: 'cache', emptyDir: {} },
      { name: 'config', configMap: { name: config } },
      { name: 'secret', secret: { secretName: 'secret' } },
    ],
  },
});

/** A settled cluster with so many of these Pods. */
export function filledCluster(live, { nodes = 1 } = {}) {
  const cluster = createCluster({
    trace: 'off',
    nodes: Array.from({ length: nodes }, (_, i) => ({
      name: `node-${i + 1}`,
      capacity: { pods: '100000', cpu: '100000' },
    })),
  });
  cluster.settle();
  cluster.apply(configMap(keys));
  cluster.apply({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'secret' },
    stringData: keys,
  });
  for (let i = 0; i < live; i++) cluster.apply(pod(`live-${i}`));
  cluster.settle();
  return cluster;
}

/** One Pod's whole life. */
export function live(cluster, name) {
  cluster.apply(pod(name));
  cluster.settle();
  const { phase } = cluster.pod(name);
  if (phase !== 'Running') throw new Error(`${name} is ${phase}`);
  cluster.delete('Pod', name, { gracePeriodSeconds: 0, force: true });
  cluster.settle();
}
