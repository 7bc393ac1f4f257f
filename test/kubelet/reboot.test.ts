import { expect, test } from 'vitest';
import { createCluster } from '../../src/index.ts';
import { podWith } from '../objects.ts';

const volumes = [
  { name: 'disk', emptyDir: {} },
  { name: 'memory', emptyDir: { medium: 'Memory' } },
  { name: 'config', configMap: { name: 'config' } },
  { name: 'secret', secret: { secretName: 'secret' } },
];

function running() {
  const cluster = createCluster();
  cluster.apply([
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'config' }, data: { a: '1' } },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'secret' }, stringData: { b: '2' } },
    podWith(volumes),
  ]);
  cluster.settle();
  const { fs } = cluster.pod('p').container();
  fs.writeFileSync('/disk/file', 'stays');
  fs.writeFileSync('/memory/file', 'goes');
  return cluster;
}

test('2.8 after a reboot a Pod goes on under its uid: what lies on the disk is there, what lay in memory is not', () => {
  const cluster = running();
  const { uid } = cluster.pod('p');
  cluster.node().reboot();
  cluster.settle();
  expect(cluster.pod('p').uid).toBe(uid);
  const container = cluster.pod('p').container();
  expect(container.restartCount).toBe(1);
  expect(container.fs.readdirSync('/disk')).toEqual(['file']);
  expect(container.fs.readdirSync('/memory')).toEqual([]);
  expect(container.fs.readFileSync('/config/a', 'utf8')).toBe('1');
  expect(container.fs.readFileSync('/secret/b', 'utf8')).toBe('2');
  const mounts = cluster.node().mounts();
  const secret = mounts.filter(({ mountPoint }) => mountPoint.endsWith('~secret/secret'));
  expect(secret.map(({ type }) => type)).toEqual(['tmpfs']);
});

test('2.8 the Node tells of each start of its machine once, and of none of its kubelet alone', () => {
  const cluster = running();
  const boot = (): unknown => cluster.get('Node', 'node-1')?.status?.nodeInfo?.bootID;
  const told = (): unknown[] =>
    cluster
      .events({ reason: 'Rebooted' })
      .map(({ type, count, message }) => ({ type, count, message }));
  const first = boot();
  cluster.node().kubelet.restart();
  cluster.advance('1m');
  expect(boot()).toBe(first);
  expect(told()).toEqual([]);
  cluster.node().reboot();
  cluster.advance('1m');
  expect(boot()).not.toBe(first);
  const message = `Node node-1 has been rebooted, boot id: ${boot()}`;
  expect(told()).toEqual([{ type: 'Warning', count: 1, message }]);
});

test('2.8 after a reboot the containers wait again until the init containers are done', () => {
  const cluster = createCluster();
  cluster.settle();
  cluster.images.add('slow', function* (process) {
    yield* process.sleep('20s');
    return 0;
  });
  const initContainers = ['first', 'second'].map((name) => ({ name, image: 'slow' }));
  cluster.apply(podWith([], { spec: { initContainers } }));
  cluster.advance('1m');
  const since = cluster.now;
  cluster.node().reboot();
  cluster.advance('2m');
  const started = cluster.trace.records.flatMap((record) =>
    record.type === 'container' && record.state === 'started' && record.at >= since
      ? [[record.container, record.at.getTime()] as const]
      : [],
  );
  expect(started.map(([name]) => name)).toEqual(['first', 'second', 'c']);
  const [first = 0, second = 0, main = 0] = started.map(([, at]) => at);
  expect([second - first >= 20_000, main - second >= 20_000]).toEqual([true, true]);
});
