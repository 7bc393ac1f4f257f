import { describe, expect, test } from 'vitest';
import { type Cluster, createCluster } from '../../src/index.ts';
import { watchInvariants } from '../../src/testing/index.ts';

function start(kubernetesVersion = 'all'): Cluster {
  const taints = [{ key: 'gone', value: 'x', effect: 'NoExecute' }];
  const cluster = createCluster({
    nodes: ['n', { name: 'tainted', taints }],
    kubernetesVersion,
    // Nobody else is to end what the kubelet refuses.
    controllers: false,
  });
  cluster.settle();
  return cluster;
}

function pod(name: string, spec: object): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      nodeName: 'n',
      automountServiceAccountToken: false,
      containers: [{ name: 'c', image: 'i' }],
      ...spec,
    },
  };
}

const port = (hostPort: number, protocol = 'TCP') => ({
  containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80, hostPort, protocol }] }],
});

const required = (operator: string) => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'disk', operator }] }],
      },
    },
  },
});

function statusOf(cluster: Cluster, name = 'p') {
  cluster.settle();
  const { phase, reason, message } = cluster.pod(name).object.status ?? {};
  return { phase, reason, message };
}

const AFFINITY = "node(s) didn't match Pod's node affinity/selector";

describe('2.5 a Pod that is not for this node is Failed at once', () => {
  test.each<[string, object, string, string]>([
    ['nodeSelector', { nodeSelector: { disk: 'ssd' } }, 'NodeAffinity', AFFINITY],
    ['affinity', required('Exists'), 'NodeAffinity', AFFINITY],
    [
      'taint',
      { nodeName: 'tainted' },
      'TaintToleration',
      "node(s) had taints that the pod didn't tolerate",
    ],
  ])('%s', (_, spec, reason, why) => {
    const cluster = start();
    cluster.apply(pod('p', spec));
    expect(statusOf(cluster)).toEqual({
      phase: 'Failed',
      reason,
      message: `Pod was rejected: Predicate ${reason} failed: ${why}`,
    });
    expect(cluster.events({ involved: 'Pod/p', type: 'Warning' })).toMatchObject([
      { reason, message: `Predicate ${reason} failed: ${why}` },
    ]);
  });

  test('another operating system', () => {
    const cluster = start();
    cluster.apply(pod('p', { nodeSelector: { 'kubernetes.io/os': 'windows' } }));
    expect(statusOf(cluster).reason).toBe('PodOSSelectorNodeLabelDoesNotMatch');
    cluster.apply(pod('q', { os: { name: 'windows' } }));
    expect(statusOf(cluster, 'q').reason).toBe('PodOSNotSupported');
  });

  test('what fits is taken', () => {
    const cluster = start();
    cluster.apply([
      pod('p', required('DoesNotExist')),
      pod('q', { nodeName: 'tainted', tolerations: [{ key: 'gone', operator: 'Exists' }] }),
      pod('r', { os: { name: 'linux' }, nodeSelector: { 'kubernetes.io/os': 'linux' } }),
    ]);
    for (const name of ['p', 'q', 'r']) expect(statusOf(cluster, name).phase).toBe('Running');
  });

  test('a port of the node that another Pod has; until that has ended', () => {
    const cluster = start();
    cluster.apply([pod('a', port(8080)), pod('udp', port(8080, 'UDP')), pod('p', port(8080))]);
    expect(statusOf(cluster, 'udp').phase).toBe('Running');
    expect(statusOf(cluster)).toEqual({
      phase: 'Failed',
      reason: 'NodePorts',
      message:
        "Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
    });
    cluster.delete('Pod', 'a');
    cluster.settle();
    cluster.apply(pod('q', port(8080)));
    expect(statusOf(cluster, 'q').phase).toBe('Running');
  });

  test('one that has no port takes nothing of what it asked for', () => {
    const cluster = start();
    const asking = (spec: { containers: object[] }, cpu: string) => ({
      containers: spec.containers.map((one) => ({ ...one, resources: { requests: { cpu } } })),
    });
    cluster.apply([pod('a', port(8080)), pod('p', asking(port(8080), '3'))]);
    expect(statusOf(cluster).reason).toBe('NodePorts');
    cluster.apply(pod('q', asking(port(8081), '3')));
    expect(statusOf(cluster, 'q').phase).toBe('Running');
  });

  test('is forgotten with its object: one of the same uid may come', () => {
    const cluster = start();
    const object = { ...pod('p', { nodeSelector: { disk: 'ssd' } }), status: { phase: 'Pending' } };
    const again = { ...object, metadata: { name: 'p', uid: 'uid-p' } };
    cluster.restore(again);
    expect(statusOf(cluster).reason).toBe('NodeAffinity');
    cluster.delete('Pod', 'p', { force: true });
    cluster.settle();
    cluster.patch('Node', 'n', { metadata: { labels: { disk: 'ssd' } } });
    cluster.restore(again);
    expect(statusOf(cluster).phase).toBe('Running');
  });

  test('in the words of old versions', () => {
    const cluster = start('1.14');
    cluster.apply(pod('p', { nodeSelector: { disk: 'ssd' } }));
    expect(statusOf(cluster)).toEqual({
      phase: 'Failed',
      reason: 'MatchNodeSelector',
      message: 'Pod Predicate MatchNodeSelector failed',
    });
  });
});

describe('2.8 a kubelet that starts again and does not let in what runs', () => {
  function refused(): Cluster {
    const cluster = start();
    cluster.patch('Node', 'n', { metadata: { labels: { disk: 'ssd' } } });
    const spec = { nodeSelector: { disk: 'ssd' }, volumes: [{ name: 'v', emptyDir: {} }] };
    const mounted = { name: 'c', image: 'i', volumeMounts: [{ name: 'v', mountPath: '/v' }] };
    cluster.apply(pod('p', { ...spec, containers: [mounted] }));
    cluster.settle();
    cluster.node('n').kubelet.stop();
    cluster.patch('Node', 'n', { metadata: { labels: { disk: 'hdd' } } });
    cluster.node('n').kubelet.start();
    return cluster;
  }

  test('ends it, and its volumes wait for that (K39)', () => {
    const cluster = refused();
    const watch = watchInvariants(cluster);
    expect(statusOf(cluster)).toEqual({
      phase: 'Failed',
      reason: 'NodeAffinity',
      message: `Pod was rejected: Predicate NodeAffinity failed: ${AFFINITY}`,
    });
    expect(cluster.pod('p').containers.map(({ state }) => state)).toEqual(['terminated']);
    expect(cluster.pod('p').volumes.map(({ state }) => state)).toEqual(['unmounted']);
    expect(watch.check()).toEqual([]);
  });

  test('leaves nothing when it is deleted', () => {
    const cluster = refused();
    cluster.settle();
    cluster.delete('Pod', 'p');
    cluster.settle();
    expect(cluster.get('Pod', 'p')).toBe(undefined);
    expect(cluster.node('n').fs.readdirSync('/var/lib/kubelet/pods')).toEqual([]);
  });
});
