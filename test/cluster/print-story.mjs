// Prints the life story of scenario.ts. Needs the built package. WALL sets another wall clock.
import { createCluster } from 'kubelet-volumes';

if (process.env.WALL) {
  const Real = Date;
  const wall = Real.parse(process.env.WALL);
  globalThis.Date = class extends Real {
    constructor(...args) {
      super(...(args.length > 0 ? args : [wall]));
    }
    static now() {
      return wall;
    }
  };
}

const volumeMounts = ['cache', 'config', 'secret'].map((name) => ({ name, mountPath: `/${name}` }));
const pod = (name) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    containers: [{ name: 'main', image: 'busybox', volumeMounts }],
    volumes: [
      { name: 'cache', emptyDir: {} },
      { name: 'config', configMap: { name: 'config' } },
      { name: 'secret', secret: { secretName: 'secret' } },
    ],
  },
});

const cluster = createCluster({ seed: 7, order: process.argv[2] });
cluster.settle();
cluster.apply([
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' }, data: { a: '1' } },
  pod('a'),
  pod('b'),
]);
cluster.settle();
cluster.apply({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'secret' },
  stringData: { key: 'x' },
});
cluster.advance('30s');
cluster.pod('a').container().crash();
cluster.settle();
cluster.delete('Pod', 'b');
cluster.node().kubelet.restart();
cluster.settle();
const { fs } = cluster.pod('a').container();
const stat = fs.statSync('/config/..data/a');
process.stdout.write(
  `${cluster.trace.text()}\n${JSON.stringify([stat, cluster.list('Pod'), cluster.events(), cluster.node().mounts()])}\n`,
);
