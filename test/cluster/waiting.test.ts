import { describe, expect, test } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../src/index.ts';
import { cloudCluster, podOn } from '../control-plane/attach-detach/cloud.ts';

interface Given {
  readonly container?: object;
  readonly volume?: object;
  readonly spec?: object;
  readonly metadata?: object;
}

function pod({ container = {}, volume, spec = {}, metadata = {} }: Given = {}) {
  const mounts = { volumeMounts: [{ name: 'v', mountPath: '/v' }] };
  const main = { name: 'c', image: 'busybox', ...(volume && mounts), ...container };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', ...metadata },
    spec: {
      automountServiceAccountToken: false,
      containers: [main],
      ...(volume && { volumes: [{ name: 'v', ...volume }] }),
      ...spec,
    },
  };
}

const CLAIM = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'd' },
  spec: {
    storageClassName: '',
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
  },
};
const claimed = { persistentVolumeClaim: { claimName: 'd' } };

function start(options: ClusterOptions = {}): Cluster {
  const cluster = createCluster(options);
  cluster.settle();
  return cluster;
}

/** `what: why` of each line, without those of conditions but PodScheduled. */
function lines(cluster: Cluster, name = 'p'): string[] {
  return cluster
    .pod(name)
    .waiting.filter(({ what }) => !['Initialized', 'Ready'].includes(what))
    .map(({ what, why }) => `${what}: ${why}`);
}

describe('before it has a node', () => {
  test('no node fits', () => {
    const cluster = start();
    cluster.apply(pod({ spec: { nodeSelector: { disk: 'ssd' } } }));
    cluster.settle();
    expect(lines(cluster)).toEqual([
      expect.stringMatching(
        /^PodScheduled: Unschedulable: 0\/1 nodes are available: 1 node\(s\) didn't match/,
      ),
    ]);
  });

  test('scheduling gates; a scheduler that nobody is', () => {
    const cluster = start();
    cluster.apply(pod({ spec: { schedulerName: 'own' } }));
    cluster.apply(
      pod({ metadata: { name: 'q' }, spec: { schedulingGates: [{ name: 'example.com/quota' }] } }),
    );
    cluster.settle();
    expect(lines(cluster)).toEqual(['scheduling: nobody is scheduler own']);
    expect(lines(cluster, 'q')[0]).toContain('gates');
  });

  test('its claim is missing, or not bound: in the words of its controller', () => {
    const cluster = start();
    cluster.apply(pod({ volume: claimed }));
    cluster.settle();
    expect(lines(cluster)[0]).toBe('claim d: there is no such claim');
    cluster.apply(CLAIM);
    cluster.settle();
    expect(lines(cluster)[0]).toBe(
      'claim d: Pending: no persistent volumes available for this claim and no storage class is set',
    );
    expect(lines(cluster)).toHaveLength(2);
  });
});

describe('on its node', () => {
  test('a node that is not there, and one whose kubelet is not', () => {
    const cluster = start();
    cluster.apply(pod({ spec: { nodeName: 'node-9' } }));
    cluster.apply(pod({ metadata: { name: 'q' } }));
    cluster.node().kubelet.stop();
    cluster.settle();
    expect(lines(cluster)).toEqual(['node node-9: there is no such node']);
    expect(lines(cluster, 'q')).toEqual(['node node-1: its kubelet does not run']);
  });

  test('a volume that fails: once, since when, and when it is tried again', () => {
    const cluster = start();
    cluster.apply(pod({ volume: { secret: { secretName: 's' } } }));
    cluster.advance('10s');
    const [first, ...rest] = cluster.pod('p').waiting;
    expect(first?.what).toBe('volume v');
    expect(first?.why).toMatch(
      /^MountVolume.SetUp failed for volume "v" .* : secret "s" not found$/,
    );
    expect(first?.since && first.since < cluster.now).toBe(true);
    expect(first?.nextTry && first.nextTry > cluster.now).toBe(true);
    expect(rest.map(({ what }) => what)).toEqual(['Ready', 'node-1: pod worker default/p']);
  });

  test('a volume of which it cannot be found out what it is', () => {
    const cluster = start();
    cluster.apply(CLAIM);
    cluster.apply(pod({ volume: claimed, spec: { nodeName: 'node-1' } }));
    cluster.apply(pod({ metadata: { name: 'q' }, container: { command: ['sleep', '1h'] } }));
    cluster.advance('5s');
    const line = cluster.pod('p').waiting.find(({ what }) => what === 'volume v');
    expect(line?.why).toMatch(/error processing PVC default\/d: PVC is not bound$/);
    expect(line?.nextTry).toBeUndefined();
  });

  test('a step that hangs', () => {
    const cluster = start();
    cluster.faults.hold('mount');
    cluster.apply(pod({ volume: { emptyDir: { medium: 'Memory' } } }));
    cluster.settle();
    cluster.faults.hold('PatchNodeStatus');
    cluster.node().kubelet.restart();
    cluster.edit('Node', 'node-1', ({ status }) => void (status && (status.conditions = [])), {
      subresource: 'status',
    });
    cluster.settle();
    expect(lines(cluster)).toContain('node-1: node status: fault: PatchNodeStatus held');
    expect(lines(cluster)[0]).toMatch(
      /^volume v: fault: mount held for .*, volume v, Pod default\/p$/,
    );
  });

  test('Pods whose names begin alike are not taken for each other', () => {
    const cluster = start();
    cluster.apply(pod({ metadata: { name: 'p2' }, volume: { secret: { secretName: 's' } } }));
    cluster.apply(pod({ metadata: { name: 'p' } }));
    cluster.settle();
    expect(cluster.pod('p').waiting).toEqual([]);
  });

  test('a disk that cannot be attached, and one that another node has', () => {
    const { cluster } = cloudCluster();
    const bad = { awsElasticBlockStore: { volumeID: 'nothing' } };
    cluster.apply(pod({ volume: bad, spec: { nodeName: 'a' } }));
    cluster.apply(podOn('a', 'first'));
    cluster.settle();
    cluster.apply(podOn('b', 'second'));
    cluster.advance('3s');
    const [line] = cluster.pod('p').waiting;
    expect(line?.why).toBe(
      'Volume not attached according to node status: AttachVolume.Attach failed for volume "v" : no such disk',
    );
    expect(line?.nextTry && line.nextTry > cluster.now).toBe(true);
    expect(lines(cluster, 'second')[0]).toBe(
      'volume v: Volume not attached according to node status: Multi-Attach error for volume "pv-1" Volume is already used by pod(s) first',
    );
  });

  test.each([
    [
      'env of a Secret that is missing',
      'CreateContainerConfigError: secret "s" not found',
      {
        env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
      },
    ],
    [
      'a user that must not be root',
      /^CreateContainerConfigError: container has runAsNonRoot/,
      {
        securityContext: { runAsNonRoot: true },
      },
    ],
    [
      'crashes',
      /^CrashLoopBackOff: back-off 10s restarting failed container=c/,
      {
        command: ['false'],
      },
    ],
    [
      'subPath of what is no directory',
      /^CreateContainerConfigError: failed to create subPath/,
      {
        volumeMounts: [{ name: 'v', mountPath: '/v', subPath: 'a/b' }],
      },
    ],
  ])('its container: %s', (_, why, container) => {
    const cluster = start();
    cluster.apply(pod({ container, volume: { hostPath: { path: '/etc/hostname' } } }));
    cluster.advance('5s');
    const line = cluster.pod('p').waiting.find(({ what }) => what === 'container c');
    expect(line?.why).toMatch(why);
    expect(line?.nextTry && line.nextTry > cluster.now).toBe(true);
  });

  test('an init container that runs, and one that crashes', () => {
    const cluster = start();
    const init = (command: string[]) => ({
      spec: { initContainers: [{ name: 'i', image: 'busybox', command }] },
    });
    cluster.apply(pod(init(['sleep', '1h'])));
    cluster.apply(pod({ ...init(['false']), metadata: { name: 'q' } }));
    cluster.advance('5s');
    expect(lines(cluster)[0]).toBe('init container i: it runs, and has to end first');
    expect(lines(cluster, 'q')[0]).toMatch(/^container i: CrashLoopBackOff: back-off 10s/);
  });

  test('a container that cannot be started is started again with back-off', () => {
    const cluster = start();
    cluster.faults.fail('StartContainer', { error: 'no such program' });
    cluster.apply(pod());
    expect(cluster.settle().idle).toBe(true);
    cluster.advance('5s');
    expect(lines(cluster)[0]).toMatch(/^container c: CrashLoopBackOff: back-off 10s/);
    const [status] = cluster.pod('p').object.status?.containerStatuses ?? [];
    expect(status?.lastState?.terminated).toMatchObject({ reason: 'StartError', exitCode: 128 });
  });

  test('a sandbox that cannot be made', () => {
    const cluster = start();
    cluster.faults.fail('RunPodSandbox', { error: 'no network' });
    cluster.apply(pod());
    cluster.settle();
    expect(lines(cluster)[0]).toBe(
      'sandbox: Failed to create pod sandbox: rpc error: code = Unknown desc = no network',
    );
  });
});

describe('at its end', () => {
  test('it waits for nothing: why it ended; once it is gone, that', () => {
    const cluster = start();
    cluster.apply(pod({ volume: { emptyDir: { sizeLimit: '1Mi' } } }));
    cluster.settle();
    const handle = cluster.pod('p');
    handle.container().fs.writeFileSync('/v/x', Buffer.alloc(2 << 20));
    cluster.settle();
    expect(lines(cluster)).toEqual([
      'end of the Pod: Failed: Evicted: Usage of EmptyDir volume "v" exceeds the limit "1Mi".',
    ]);
    cluster.delete('Pod', 'p');
    cluster.settle();
    expect(handle.waiting).toEqual([{ what: 'Pod default/p', why: 'it is gone' }]);
  });

  test('finalizers, and a volume that cannot be torn down', () => {
    const cluster = start();
    cluster.apply(pod({ volume: { emptyDir: {} }, metadata: { finalizers: ['example.com/x'] } }));
    cluster.settle();
    cluster.faults.fail('TearDown', { error: 'busy' });
    cluster.delete('Pod', 'p');
    cluster.settle();
    const said = lines(cluster);
    expect(said).toContain(
      'deletion: its containers have ended, its finalizers keep it: example.com/x',
    );
    expect(said.find((line) => line.startsWith('volume v: '))).toMatch(/: busy$/);
  });

  test('volumes of containers that have time to end are no reason', () => {
    const cluster = start();
    const preStop = { exec: { command: ['sleep', '20'] } };
    const container = { lifecycle: { preStop } };
    cluster.apply(pod({ container, volume: { emptyDir: {} } }));
    cluster.settle();
    cluster.delete('Pod', 'p');
    cluster.advance('2s');
    const said = lines(cluster);
    expect(said[0]).toBe('deletion: its containers have 30 s to end');
    expect(said.filter((line) => line.startsWith('volume'))).toEqual([]);
  });

  test('of a container that has ended, explain tells both: its files, and what it waits for', () => {
    const cluster = start();
    cluster.apply(pod({ container: { command: ['false'] } }));
    cluster.advance('5s');
    const { steps, waiting } = cluster.pod('p').container().explain('/tmp');
    expect(steps.at(-1)?.type).toBe('directory');
    expect(waiting[0]?.why).toContain('CrashLoopBackOff');
  });
});
