import { describe, expect, test } from 'vitest';
import type { ContainerStatus } from '../../src/api/index.ts';
import { type Cluster, type ClusterOptions, createCluster } from '../../src/index.ts';

interface Fields {
  [field: string]: unknown;
}

/** A Pod with a volume that all its containers have at /data. */
function podOf(containers: Fields[], more: Fields = {}): Fields {
  const whole = (one: Fields): Fields => ({
    image: 'busybox',
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
    ...one,
  });
  const { initContainers = [], ...rest } = more;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: {
      automountServiceAccountToken: false,
      containers: containers.map(whole),
      initContainers: (initContainers as Fields[]).map(whole),
      volumes: [{ name: 'data', emptyDir: {} }],
      ...rest,
    },
  };
}

function clusterWith(pod: Fields, options: ClusterOptions = {}): Cluster {
  const cluster = createCluster(options);
  // Needs as long as it is given.
  cluster.images.add('stubborn', function* (process) {
    process.on('SIGTERM', () => undefined);
    yield* process.sleep('10h');
    return 0;
  });
  cluster.settle();
  cluster.apply(pod);
  cluster.settle();
  return cluster;
}

const sh = (script: string): Fields => ({ exec: { command: ['/bin/sh', '-c', script] } });

function read(cluster: Cluster, path: string, container = 'c'): string {
  return String(cluster.pod('p').container(container).fs.readFileSync(path, 'utf8'));
}

function told(cluster: Cluster, reason: string): (string | undefined)[] {
  return cluster.events({ involved: 'Pod/p', reason }).map(({ message }) => message);
}

/** `name` of containers in the order in which this happened to them, with seconds since then. */
function order(cluster: Cluster, state: string, since = cluster.startTime): string[] {
  return cluster.trace.records.flatMap((record) => {
    if (record.type !== 'container' || record.state !== state || record.at < since) return [];
    const seconds = Math.round((record.at.getTime() - since.getTime()) / 1000);
    return [`${record.container} ${seconds}`];
  });
}

describe('2.1 hooks', () => {
  test('postStart runs in the container, with its volumes', () => {
    const hook = sh('echo hello > /data/message; pwd >> /data/message');
    const cluster = clusterWith(
      podOf([{ name: 'c', workingDir: '/tmp', lifecycle: { postStart: hook } }]),
    );
    expect(cluster.pod('p').phase).toBe('Running');
    expect(read(cluster, '/data/message')).toBe('hello\n/tmp\n');
  });

  test('a postStart hook that fails ends its container, which starts again', () => {
    const hook = sh('echo sorry; cat /data/missing');
    const cluster = clusterWith(podOf([{ name: 'c' }]));
    const said: (string | undefined)[] = [];
    cluster.watch('Pod', ({ object }) => {
      const { status } = object as { status?: { containerStatuses?: ContainerStatus[] } };
      const waiting = status?.containerStatuses?.[0]?.state?.waiting;
      if (waiting?.reason === 'PostStartHookError') said.push(waiting.message);
    });
    const pod = podOf([{ name: 'c', lifecycle: { postStart: hook } }]);
    cluster.apply({ ...pod, metadata: { name: 'q' } });
    cluster.settle();
    const events = (reason: string): (string | undefined)[] =>
      cluster.events({ involved: 'Pod/q', reason }).map(({ message }) => message);
    expect(events('FailedPostStartHook')).toEqual(['PostStartHook failed']);
    expect(events('Killing')).toEqual(['FailedPostStartHook']);
    expect(said[0]).toMatch(
      /^Exec lifecycle hook \(\[\/bin\/sh -c echo sorry; cat \/data\/missing\]\) for Container "c" in Pod "q_default\([-0-9a-f]+\)" failed - error: command '\/bin\/sh -c echo sorry; cat \/data\/missing' exited with 1: cat: .*, message: "sorry\\ncat: /s,
    );
    cluster.advance('30s');
    expect(cluster.pod('q').container().restartCount).toBeGreaterThan(0);
  });

  test('nothing else of the Pod starts while a postStart hook runs', () => {
    const cluster = clusterWith(
      podOf([{ name: 'c', lifecycle: { postStart: sh('sleep 20') } }, { name: 'd' }]),
    );
    cluster.advance('10s');
    expect(cluster.pod('p').phase).toBe('Pending');
    expect(order(cluster, 'started').map((one) => one.split(' ')[0])).toEqual(['c']);
    cluster.advance('15s');
    expect(cluster.pod('p').phase).toBe('Running');
  });

  test('2.4 preStop runs before SIGTERM, with the volumes still there, and takes of the grace period', () => {
    const preStop = sh('echo bye > /data/message; sleep 10; cat /data/message > /data/copy');
    const cluster = clusterWith(
      podOf([{ name: 'c', image: 'stubborn', lifecycle: { preStop } }, { name: 'd' }]),
    );
    const start = cluster.now;
    const { fs } = cluster.node();
    const path = cluster.pod('p').volume('data').path ?? '';
    let copied = '';
    cluster.on('container', ({ container, state }) => {
      if (container === 'c' && state === 'exited')
        copied = String(fs.readFileSync(`${path}/copy`, 'utf8'));
    });
    cluster.delete('Pod', 'p');
    cluster.settle();
    expect(copied).toBe('bye\n');
    expect(order(cluster, 'exited', start)).toEqual(['d 0', 'c 30']);
    expect(fs.existsSync(path)).toBe(false);
  });

  test('2.4 a preStop hook that takes too long is left behind: two seconds remain', () => {
    const lifecycle = { preStop: sh('sleep 1000') };
    const pod = podOf([{ name: 'c', image: 'stubborn', lifecycle }], {
      terminationGracePeriodSeconds: 5,
    });
    const seen = ['1.28', '1.29'].map((kubernetesVersion) => {
      const cluster = clusterWith(pod, { kubernetesVersion });
      const start = cluster.now;
      cluster.delete('Pod', 'p');
      cluster.settle();
      expect(cluster.get('Pod', 'p')).toBe(undefined);
      return order(cluster, 'exited', start);
    });
    expect(seen).toEqual([['c 10'], ['c 7']]);
  });

  test('2.4 a preStop hook that fails is told, and the container stops all the same', () => {
    const cluster = clusterWith(podOf([{ name: 'c', lifecycle: { preStop: sh('false') } }]));
    cluster.delete('Pod', 'p');
    cluster.settle();
    expect(told(cluster, 'FailedPreStopHook')).toEqual(['PreStopHook failed']);
    expect(cluster.get('Pod', 'p')).toBe(undefined);
  });

  test('hooks by HTTP succeed, and a hook that sleeps takes its time', () => {
    const lifecycle = {
      postStart: { httpGet: { port: 80 } },
      preStop: { sleep: { seconds: 7 } },
    };
    const cluster = clusterWith(podOf([{ name: 'c', lifecycle }]));
    expect(cluster.pod('p').phase).toBe('Running');
    const start = cluster.now;
    cluster.delete('Pod', 'p');
    cluster.settle();
    expect(order(cluster, 'exited', start)).toEqual(['c 7']);
  });
});

describe('side-cars', () => {
  const sidecar = (name: string, more: Fields = {}): Fields => ({
    name,
    restartPolicy: 'Always',
    ...more,
  });

  test('2.1 start one after the other, before the init containers behind them', () => {
    const cluster = clusterWith(
      podOf([{ name: 'c' }], {
        initContainers: [
          sidecar('a'),
          { name: 'init', command: ['sh', '-c', 'echo x > /data/init'] },
          sidecar('b', { lifecycle: { postStart: sh('cat /data/init > /data/b') } }),
        ],
      }),
    );
    expect(order(cluster, 'started').map((one) => one.split(' ')[0])).toEqual([
      'a',
      'init',
      'b',
      'c',
    ]);
    expect(read(cluster, '/data/b')).toBe('x\n');
  });

  test('2.1 what is behind one that cannot start has to wait', () => {
    const missing = { configMapKeyRef: { name: 'none', key: 'x' } };
    const cluster = clusterWith(
      podOf([{ name: 'c' }], {
        initContainers: [sidecar('a', { env: [{ name: 'X', valueFrom: missing }] }), sidecar('b')],
      }),
    );
    cluster.advance('1m');
    expect(order(cluster, 'started')).toEqual([]);
    expect(cluster.pod('p').phase).toBe('Pending');
  });

  test('2.2 are started again whatever the Pod’s policy; its volumes stay', () => {
    const cluster = clusterWith(
      podOf([{ name: 'c' }], { restartPolicy: 'Never', initContainers: [sidecar('a')] }),
    );
    cluster.pod('p').container('a').fs.writeFileSync('/data/x', 'kept');
    cluster.pod('p').container('a').exit(0);
    cluster.settle();
    expect(cluster.pod('p').container('a').restartCount).toBe(1);
    expect(cluster.pod('p').container('c').restartCount).toBe(0);
    expect(read(cluster, '/data/x', 'a')).toBe('kept');
  });

  test('2.4 stop after all others, the last first', () => {
    const cluster = clusterWith(
      podOf([{ name: 'c' }], { initContainers: [sidecar('a'), sidecar('b')] }),
    );
    cluster.delete('Pod', 'p');
    cluster.settle();
    expect(order(cluster, 'exited').map((one) => one.split(' ')[0])).toEqual(['c', 'b', 'a']);
  });

  test('2.4 wait for the others as long as there is time; their hooks run at once', () => {
    const preStop = sh('echo a >> /data/hooks');
    const cluster = clusterWith(
      podOf([{ name: 'c', image: 'stubborn' }], {
        terminationGracePeriodSeconds: 10,
        initContainers: [
          sidecar('a', { lifecycle: { preStop } }),
          sidecar('b', { image: 'stubborn' }),
          sidecar('d'),
        ],
      }),
    );
    const start = cluster.now;
    const path = `${cluster.pod('p').volume('data').path}/hooks`;
    cluster.delete('Pod', 'p');
    cluster.advance('1s');
    expect(cluster.node().fs.readFileSync(path, 'utf8')).toBe('a\n');
    cluster.settle();
    expect(order(cluster, 'exited', start)).toEqual(['c 10', 'd 10', 'a 10', 'b 12']);
  });
});

describe('2.2 a Pod that is changed while it runs', () => {
  const changed = (cluster: Cluster, name: string, image: string): void =>
    void cluster.edit('Pod', 'p', (draft) => {
      const all = [...draft.spec.containers, ...(draft.spec.initContainers ?? [])];
      for (const one of all) if (one.name === name) one.image = image;
    });

  test('another image is another container, at once, and with the same volumes', () => {
    const cluster = clusterWith(podOf([{ name: 'c' }, { name: 'd' }], { restartPolicy: 'Never' }));
    cluster.pod('p').container('c').fs.writeFileSync('/data/x', 'kept');
    cluster.pod('p').container('c').fs.writeFileSync('/own', 'lost');
    changed(cluster, 'c', 'busybox:2');
    cluster.settle();
    expect(told(cluster, 'Killing')).toEqual(['Container c definition changed, will be restarted']);
    const container = cluster.pod('p').container('c');
    expect(container.restartCount).toBe(1);
    expect(container.fs.existsSync('/own')).toBe(false);
    expect(read(cluster, '/data/x')).toBe('kept');
    expect(cluster.pod('p').container('d').restartCount).toBe(0);
    const setUps = cluster.trace.records.filter((one) => one.type === 'volume');
    expect(setUps.map((one) => one.type === 'volume' && one.operation)).toEqual(['SetUp']);
    const status = cluster.pod('p').object.status?.containerStatuses?.[0];
    expect(status?.image).toBe('busybox:2');
  });

  test('one that waits for its back-off starts at once with another image', () => {
    const cluster = clusterWith(podOf([{ name: 'c', command: ['false'] }]));
    cluster.advance('2m');
    const before = cluster.pod('p').container().restartCount;
    changed(cluster, 'c', 'busybox:2');
    cluster.settle();
    expect(cluster.pod('p').container().restartCount).toBe(before + 1);
  });

  test('an ephemeral container joins, sees the volumes, and is not started again', () => {
    const cluster = clusterWith(podOf([{ name: 'c' }]));
    cluster.pod('p').container('c').fs.writeFileSync('/data/x', 'there');
    cluster.edit(
      'Pod',
      'p',
      (draft) => {
        draft.spec.ephemeralContainers = [
          {
            name: 'debug',
            image: 'busybox',
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          },
        ];
      },
      { subresource: 'ephemeralcontainers' },
    );
    cluster.settle();
    expect(read(cluster, '/data/x', 'debug')).toBe('there');
    cluster.pod('p').container('debug').exit(1);
    cluster.advance('5m');
    expect(cluster.pod('p').phase).toBe('Running');
    const [status] = cluster.pod('p').object.status?.ephemeralContainerStatuses ?? [];
    expect(status?.state?.terminated?.exitCode).toBe(1);
    expect(status?.restartCount).toBe(0);
  });

  test('1.2 a volume that only an ephemeral container uses is mounted when it comes', () => {
    const pod = podOf([{ name: 'c', volumeMounts: [] }]);
    const cluster = clusterWith(pod);
    expect(cluster.pod('p').volume('data').state).toBe('unmounted');
    cluster.edit(
      'Pod',
      'p',
      (draft) => {
        const volumeMounts = [{ name: 'data', mountPath: '/data' }];
        draft.spec.ephemeralContainers = [{ name: 'debug', image: 'busybox', volumeMounts }];
      },
      { subresource: 'ephemeralcontainers' },
    );
    cluster.settle();
    expect(cluster.pod('p').volume('data').state).toBe('mounted');
    cluster.pod('p').container('debug').fs.writeFileSync('/data/x', 'there');
  });
});
