import { allPlugins } from '../../plugins/index.ts';
import { type Cluster, createCluster, type Subscription } from '../../src/index.ts';
import { type Violation, watchInvariants } from '../../src/testing/index.ts';
import { Cloud, cloudDisk } from '../control-plane/attach-detach/cloud.ts';

/** What is done to a step: it fails, for long or not, is done and reported failed, comes late, or who does it dies there. */
export const MISHAPS = ['fail', 'fail for long', 'fail after', 'delay', 'crash'] as const;
export type Mishap = (typeof MISHAPS)[number];

const CLAIMS = ['disk', 'scrubbed', 'made', 'late'];
const request = (storage: string) => ({ resources: { requests: { storage } } });

function volume(name: string, source: object, more: object): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: name,
      ...source,
      ...more,
    },
  };
}

function storageClass(name: string, more: object): object {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner: 'kubernetes.io/host-path',
    ...more,
  };
}

const claim = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], storageClassName: name, ...request('1Gi') },
});

const config = (value: string, namespace = 'default'): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'config', namespace },
  data: { value },
});

const own = {
  accessModes: ['ReadWriteOnce'],
  storageClassName: 'made',
  ...request('1Gi'),
};

const volumes = [
  ...CLAIMS.map((name) => ({ name, persistentVolumeClaim: { claimName: name } })),
  { name: 'own', ephemeral: { volumeClaimTemplate: { spec: own } } },
  { name: 'config', configMap: { name: 'config' } },
  { name: 'memory', emptyDir: { medium: 'Memory' } },
];

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'all' },
  spec: {
    terminationGracePeriodSeconds: 1,
    containers: [
      {
        name: 'main',
        image: 'busybox',
        lifecycle: { preStop: { exec: { command: ['true'] } } },
        volumeMounts: volumes.map(({ name }) => ({
          name,
          mountPath: `/${name}`,
          ...(name === 'memory' && { subPath: 'below' }),
        })),
      },
    ],
    volumes,
  },
};

const tooLarge = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'too-large' },
  spec: {
    containers: [{ name: 'main', image: 'busybox', resources: { requests: { cpu: '100' } } }],
  },
};

const world: readonly object[] = [
  storageClass('made', { allowVolumeExpansion: true }),
  storageClass('late', { volumeBindingMode: 'WaitForFirstConsumer' }),
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } },
  {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'quota' },
    spec: { hard: { persistentvolumeclaims: '20', pods: '20' } },
  },
  volume('disk', { awsElasticBlockStore: { volumeID: 'vol-1' } }, {}),
  volume(
    'scrubbed',
    { hostPath: { path: '/tmp/scrubbed' } },
    { persistentVolumeReclaimPolicy: 'Recycle' },
  ),
  ...CLAIMS.map(claim),
  config('one'),
  config('one', 'other'),
  pod,
  tooLarge,
];

/** What comes of a step that goes wrong, in a story in which nearly everything happens once. */
export interface Outcome {
  /** The step was taken. */
  readonly happened: boolean;
  readonly violations: readonly Violation[];
  readonly panics: readonly string[];
  readonly cluster: Cluster;
}

/** Plays the story. Throws what the simulator throws and should not. */
export function playFullStory(operation: string, mishap: Mishap): Outcome {
  const cluster = createCluster({
    nodes: ['a', 'b'],
    plugins: [...allPlugins, cloudDisk(new Cloud())],
    enableHostPathProvisioner: true,
  });
  const watch = watchInvariants(cluster);
  const fault = arrange(cluster, operation, mishap);
  for (const act of acts) {
    if (act === acts.at(-1)) fault.unsubscribe();
    act(cluster);
    rest(cluster);
  }
  const { records } = cluster.trace;
  return {
    happened: records.some(({ type }) => type === 'fault'),
    violations: watch.check(),
    panics: records.flatMap((record) => (record.type === 'panic' ? [record.error] : [])),
    cluster,
  };
}

function arrange({ faults }: Cluster, operation: string, mishap: Mishap): Subscription {
  const error = { message: 'it broke', class: 'transient' } as const;
  const calls: Record<Mishap, () => Subscription> = {
    fail: () => faults.fail(operation, { times: 3, error }),
    'fail for long': () => faults.fail(operation, { error }),
    'fail after': () => faults.fail(operation, { times: 3, when: 'after', error }),
    delay: () => faults.delay(operation, { times: 3, by: '7s' }),
    crash: () => faults.crash(operation, { times: 2 }),
  };
  return calls[mishap]();
}

const acts: readonly ((cluster: Cluster) => void)[] = [
  () => {},
  (cluster) => void cluster.apply(world as object[]),
  (cluster) => {
    attempt(() => cluster.patch('PersistentVolumeClaim', 'made', { spec: request('2Gi') }));
    const labels = { 'beta.kubernetes.io/os': 'plan9' };
    attempt(() => cluster.patch('Node', 'a', { metadata: { labels } }));
    cluster.apply(config('two'));
  },
  (cluster) => attempt(() => cluster.pod('all').container().crash()),
  (cluster) => {
    attempt(() => cluster.delete('Namespace', 'other'));
    attempt(() => cluster.delete('Pod', 'all'));
  },
  (cluster) => {
    for (const name of CLAIMS) attempt(() => cluster.delete('PersistentVolumeClaim', name));
  },
  (cluster) => cluster.node('a').fail(),
  (cluster) => {
    cluster.node('b').fail();
    cluster.advance('8m');
    for (const name of ['a', 'b']) cluster.node(name).recover();
  },
  (cluster) => cluster.node('a').reboot(),
];

/** What has died comes back, and what is tried again has time for it. */
function rest(cluster: Cluster): void {
  cluster.settle();
  for (const name of ['a', 'b']) {
    const { kubelet } = cluster.node(name);
    if (!kubelet.running) kubelet.start();
  }
  cluster.advance('3m');
}

/** What is refused because of what went wrong before is no matter. */
function attempt(act: () => void): void {
  try {
    act();
  } catch (error) {
    const refused = ['ApiError', 'ContainerNotRunningError'];
    if (!(error instanceof Error) || !refused.includes(error.name)) throw error;
  }
}
