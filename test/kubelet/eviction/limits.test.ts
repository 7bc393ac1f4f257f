import { describe, expect, test } from 'vitest';
import { ended, fill, MIB, mounted, pod, start } from './harness.ts';

const limit = (amount: string): object => ({
  resources: { limits: { 'ephemeral-storage': amount } },
});

describe('what counts', () => {
  test('containers that have ended do not', () => {
    const cluster = start();
    cluster.images.add('writer', function* (process) {
      process.fs.writeFileSync('/layer', Buffer.alloc(20 * MIB));
      yield* process.sleep('1s');
    });
    const init = { name: 'init', image: 'writer', ...limit('30Mi') };
    cluster.apply(pod('p', { spec: { initContainers: [init] }, container: limit('10Mi') }));
    cluster.advance('1m');
    expect(ended(cluster, 'p').phase).toBe('Running');
  });

  test('a Pod of which nothing runs is not measured; once it runs again it is', () => {
    const cluster = start();
    const parts = mounted({ sizeLimit: '5Mi' });
    cluster.apply(pod('p', { ...parts, spec: { ...parts.spec, restartPolicy: 'Always' } }));
    cluster.settle();
    const crash = () => cluster.pod('p').container().exit(1);
    for (let i = 0; i < 3; i++) {
      crash();
      cluster.advance('1m');
    }
    fill(cluster, 'p', '/v/x', 6);
    crash();
    cluster.advance('30s');
    expect(ended(cluster, 'p')).toMatchObject({ phase: 'Running', reason: undefined });
    cluster.advance('2m');
    expect(ended(cluster, 'p')).toMatchObject({ phase: 'Failed', reason: 'Evicted' });
  });

  test('of logs the files, not their directory', () => {
    const cluster = start({ imageFilesystem: { size: '1Gi' } });
    cluster.images.add('printer', function* (process) {
      process.stdout.write('x'.repeat(32 * 1024 - 200));
      yield* process.sleep('1m');
      process.stdout.write('x'.repeat(200));
      yield* process.sleep('1h');
    });
    const other = { name: 'other', image: 'busybox', ...limit('1Mi') };
    const printer = { name: 'c', image: 'printer', ...limit('32Ki') };
    cluster.apply(pod('p', { spec: { containers: [printer, other] } }));
    cluster.advance('50s');
    expect(ended(cluster, 'p').phase).toBe('Running');
    cluster.advance('30s');
    expect(ended(cluster, 'p').message).toBe(
      'Container c exceeded its local ephemeral storage limit "32Ki". ',
    );
  });
});

describe('limits', () => {
  test('a limit of nothing is a limit of the Pod', () => {
    const cluster = start();
    cluster.apply(pod('p', { container: limit('0') }));
    cluster.advance('20s');
    expect(ended(cluster, 'p').message).toBe(
      'Pod ephemeral local storage usage exceeds the total limit of containers 0. ',
    );
  });

  test('of a Pod are those of its containers and sidecars together, or that of the largest start', () => {
    const cluster = start();
    const sidecar = { name: 'side', image: 'busybox', restartPolicy: 'Always', ...limit('4Mi') };
    const init = { name: 'init', image: 'true', ...limit('3Mi') };
    const large = { ...init, ...limit('9Mi') };
    const parts = mounted({});
    const told = (name: string, initContainers: object[]): unknown => {
      const container = { ...parts.container, ...limit('6Mi') };
      cluster.apply(pod(name, { spec: { ...parts.spec, initContainers }, container }));
      cluster.settle();
      fill(cluster, name, '/v/x', 20);
      cluster.settle();
      return ended(cluster, name).message;
    };
    cluster.images.add('true', () => {});
    const exceeds = 'Pod ephemeral local storage usage exceeds the total limit of containers';
    expect(told('a', [init, sidecar])).toBe(`${exceeds} 10Mi. `);
    expect(told('b', [sidecar, large])).toBe(`${exceeds} 13Mi. `);
    expect(told('c', [large, sidecar])).toBe(`${exceeds} 10Mi. `);
  });

  test('of a volume may be reached, directory and all', () => {
    const cluster = start();
    cluster.apply(pod('p', mounted({ sizeLimit: `${5 * MIB + 4096}` })));
    cluster.settle();
    fill(cluster, 'p', '/v/x', 5);
    cluster.node().kubelet.restart();
    cluster.advance('1m');
    expect(ended(cluster, 'p').phase).toBe('Running');
    cluster.pod('p').container().fs.writeFileSync('/v/y', 'x');
    cluster.advance('1m');
    expect(ended(cluster, 'p').reason).toBe('Evicted');
  });

  test('until 1.21 nothing but the kubelet kept the limit of a volume in memory', () => {
    const parts = mounted({ medium: 'Memory', sizeLimit: '5Mi' });
    const cluster = start({ kubernetesVersion: '1.21' });
    cluster.apply(pod('p', parts));
    cluster.settle();
    fill(cluster, 'p', '/v/x', 6);
    cluster.settle();
    expect(ended(cluster, 'p').message).toBe(
      'Usage of EmptyDir volume "v" exceeds the limit "5Mi". ',
    );
  });
});
