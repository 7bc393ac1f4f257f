import { describe, expect, test } from 'vitest';
import { type Cluster, createCluster } from '../../../src/index.ts';

const MIB = 2 ** 20;

interface Limits {
  /** Memory limit of each container; undefined: none. */
  readonly limits: Record<string, string | undefined>;
  readonly sizeLimit?: string;
  readonly restartPolicy?: string;
}

/** A Pod whose containers share a volume in memory. */
function start({ limits, sizeLimit, restartPolicy = 'Always' }: Limits): Cluster {
  const cluster = createCluster();
  cluster.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: {
      restartPolicy,
      automountServiceAccountToken: false,
      containers: Object.entries(limits).map(([name, memory]) => ({
        name,
        image: 'busybox',
        ...(memory && { resources: { limits: { memory } } }),
        volumeMounts: [{ name: 'v', mountPath: '/v' }],
      })),
      volumes: [{ name: 'v', emptyDir: { medium: 'Memory', ...(sizeLimit && { sizeLimit }) } }],
    },
  });
  cluster.settle();
  return cluster;
}

function write(cluster: Cluster, container: string, name: string, mebibytes: number): void {
  const { fs } = cluster.pod('p').container(container);
  fs.writeFileSync(`/v/${name}`, Buffer.alloc(mebibytes * MIB));
}

function lastEnd(cluster: Cluster, container: string) {
  const statuses = cluster.pod('p').object.status?.containerStatuses ?? [];
  const status = statuses.find(({ name }) => name === container);
  const { exitCode, reason } = status?.lastState?.terminated ?? status?.state?.terminated ?? {};
  return { exitCode, reason, restarts: status?.restartCount };
}

describe('files in memory count for the container that writes them', () => {
  test('beyond its limit it is killed, and started again; what it wrote is still there', () => {
    const cluster = start({ limits: { a: '10Mi', b: '100Mi' } });
    write(cluster, 'a', 'x', 9);
    expect(() => write(cluster, 'a', 'y', 2)).toThrow(expect.objectContaining({ code: 'ENOMEM' }));
    cluster.settle();
    expect(lastEnd(cluster, 'a')).toEqual({ exitCode: 137, reason: 'OOMKilled', restarts: 1 });
    expect(lastEnd(cluster, 'b').restarts).toBe(0);
    expect(cluster.pod('p').container('b').fs.statSync('/v/x').size).toBe(9 * MIB);
  });

  test('a container alone in its Pod is killed before its tmpfs is full: the process needs memory, too', () => {
    const cluster = start({ limits: { a: '10Mi' }, restartPolicy: 'Never' });
    expect(() => write(cluster, 'a', 'x', 10)).toThrow('ENOMEM');
    cluster.settle();
    expect(lastEnd(cluster, 'a')).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
    expect(cluster.pod('p').phase).toBe('Failed');
  });

  test('with a sizeLimit below, the tmpfs is full first', () => {
    const cluster = start({ limits: { a: '10Mi' }, sizeLimit: '5Mi' });
    expect(() => write(cluster, 'a', 'x', 6)).toThrow('ENOSPC');
    cluster.settle();
    expect(lastEnd(cluster, 'a').restarts).toBe(0);
  });

  test('what others wrote does not count, and removing gives it back', () => {
    const cluster = start({ limits: { a: '10Mi', b: '100Mi' } });
    write(cluster, 'b', 'big', 50);
    const { fs } = cluster.pod('p').container('a');
    fs.readFileSync('/v/big');
    for (let i = 0; i < 5; i++) {
      write(cluster, 'a', 'x', 9);
      fs.unlinkSync('/v/x');
    }
    cluster.settle();
    expect(lastEnd(cluster, 'a').restarts).toBe(0);
  });

  test('what a run before wrote counts for the Pod', () => {
    const cluster = start({ limits: { a: '10Mi' } });
    write(cluster, 'a', 'x', 8);
    cluster.pod('p').container('a').crash();
    cluster.settle();
    expect(() => write(cluster, 'a', 'y', 2)).toThrow('ENOMEM');
    cluster.settle();
    expect(lastEnd(cluster, 'a')).toMatchObject({ reason: 'OOMKilled' });
  });

  test('without a limit there is none but the node', () => {
    const cluster = start({ limits: { a: undefined } });
    write(cluster, 'a', 'x', 64);
    cluster.settle();
    expect(lastEnd(cluster, 'a').restarts).toBe(0);
  });

  test('files on the disk do not count', () => {
    const cluster = start({ limits: { a: '1Mi' } });
    cluster
      .pod('p')
      .container('a')
      .fs.writeFileSync('/tmp/x', Buffer.alloc(5 * MIB));
    cluster.settle();
    expect(lastEnd(cluster, 'a').restarts).toBe(0);
  });

  test('an image that is killed while it writes prints nothing, and ends as killed', () => {
    const cluster = createCluster();
    cluster.images.add('hog', function* (process) {
      for (let i = 0; ; i++) {
        process.fs.writeFileSync(`/v/${i}`, Buffer.alloc(MIB));
        yield* process.sleep('1s');
      }
    });
    cluster.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: {
        restartPolicy: 'Never',
        automountServiceAccountToken: false,
        containers: [
          {
            name: 'a',
            image: 'hog',
            resources: { limits: { memory: '5Mi' } },
            volumeMounts: [{ name: 'v', mountPath: '/v' }],
          },
        ],
        volumes: [{ name: 'v', emptyDir: { medium: 'Memory' } }],
      },
    });
    cluster.settle();
    cluster.advance('30s');
    expect(lastEnd(cluster, 'a')).toMatchObject({ exitCode: 137, reason: 'OOMKilled' });
    expect(cluster.pod('p').container('a').logs()).toBe('');
  });
});
