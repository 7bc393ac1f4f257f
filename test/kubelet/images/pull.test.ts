import { describe, expect, test } from 'vitest';
import { empty, events, fill, pod, pulled, start, stored, UNIT, used } from './harness.ts';

/** Pods and their containers have directories of their own. */
const roughly = (units: number): number => Math.round(units / 10) * 10;

describe('an image of which it was said how large it is', () => {
  test('takes room on the disk from the first container that needs it on, once', () => {
    const cluster = start();
    const before = used(cluster);
    cluster.apply([pod('p', 'a'), pod('q', 'docker.io/library/a:latest')]);
    cluster.settle();
    expect(stored(cluster)).toEqual(['a']);
    expect(roughly(used(cluster) - before)).toBe(100);
    expect(events(cluster, 'Pulling')).toEqual(['Pulling image "a"']);
    expect(events(cluster, 'Pulled')).toEqual([
      `Successfully pulled image "a" in 0s (0s including waiting). Image size: ${100 * UNIT} bytes.`,
      'Container image "docker.io/library/a:latest" already present on machine',
    ]);
    cluster.apply(pod('r', 'a:2'));
    cluster.settle();
    expect(stored(cluster)).toEqual(['a', 'a:2']);
    expect(roughly(used(cluster) - before)).toBe(200);
  });

  test('takes it of the disk of images where there is one', () => {
    const cluster = start({ imageFilesystem: { size: '128Mi' } });
    const before = [used(cluster), used(cluster, '/var/lib/containerd')];
    pulled(cluster, 'a');
    const after = [used(cluster), used(cluster, '/var/lib/containerd')];
    expect(after.map((one, i) => one - (before[i] ?? 0))).toEqual([0, 100]);
  });

  test('others are on every node, and take none', () => {
    const cluster = start();
    cluster.images.add('small', () => 0);
    const before = used(cluster);
    for (const imagePullPolicy of ['Always', 'IfNotPresent', 'Never'])
      cluster.apply(pod(imagePullPolicy.toLowerCase(), 'small', { imagePullPolicy }));
    cluster.settle();
    expect(roughly(used(cluster) - before)).toBe(0);
    expect(events(cluster, 'Pulling')).toEqual([]);
    expect(events(cluster, 'Pulled')).toEqual(
      Array.from({ length: 3 }, () => 'Container image "small" already present on machine'),
    );
  });

  test('is told of as each version does it', () => {
    const told = ['1.13', '1.14', '1.19', '1.25', '1.30'].map((kubernetesVersion) => {
      const cluster = start({ kubernetesVersion });
      pulled(cluster, 'a');
      return [...events(cluster, 'Pulling'), ...events(cluster, 'Pulled')];
    });
    expect(told).toEqual([
      ['pulling image "a"', 'Successfully pulled image "a"'],
      ['Pulling image "a"', 'Successfully pulled image "a"'],
      ['Pulling image "a"', 'Successfully pulled image "a" in 0s'],
      ['Pulling image "a"', 'Successfully pulled image "a" in 0s (0s including waiting)'],
      [
        'Pulling image "a"',
        'Successfully pulled image "a" in 0s (0s including waiting). Image size: 13107200 bytes.',
      ],
    ]);
  });

  test('is asked for each time with the policy Always, and never with Never', () => {
    const cluster = start();
    cluster.apply(pod('never', 'a', { imagePullPolicy: 'Never' }));
    cluster.settle();
    const [{ state } = { state: {} }] = cluster.pod('never').object.status?.containerStatuses ?? [];
    const message = 'Container image "a" is not present with pull policy of Never';
    expect(state).toEqual({ waiting: { reason: 'ErrImageNeverPull', message } });
    expect(events(cluster, 'ErrImageNeverPull')).toEqual([message]);
    expect(events(cluster, 'Failed')).toEqual(['Error: ErrImageNeverPull']);
    for (const name of ['p', 'q']) {
      cluster.apply(pod(name, 'a', { imagePullPolicy: 'Always' }));
      cluster.settle();
    }
    expect(events(cluster, 'Pulling')).toHaveLength(2);
    cluster.advance('15s');
    expect(cluster.pod('never').phase).toBe('Running');
  });

  test('that finds no room keeps its container waiting, ever longer', () => {
    const cluster = start();
    fill(cluster, 950);
    cluster.apply(pod('p', 'a'));
    cluster.settle();
    const waiting = () => cluster.pod('p').object.status?.containerStatuses?.[0]?.state?.waiting;
    expect(events(cluster, 'Failed').slice(0, 2)).toEqual([
      expect.stringMatching(
        /^Failed to pull image "a": rpc error: code = Unknown desc = failed to pull and unpack image "docker\.io\/library\/a:latest": .*no space left on device$/,
      ),
      'Error: ErrImagePull',
    ]);
    expect(stored(cluster)).toEqual([]);
    expect(used(cluster)).toBeLessThan(970);
    const pulls: number[] = [];
    const begun = cluster.now.getTime();
    cluster.on('event', ({ reason }) => {
      if (reason === 'Pulling') pulls.push((cluster.now.getTime() - begun) / 1000);
    });
    cluster.advance('2m');
    expect(pulls.length).toBeGreaterThanOrEqual(3);
    const gaps = pulls.map((at, i) => at - (pulls[i - 1] ?? 0));
    expect(gaps[1]).toBeGreaterThanOrEqual(20);
    expect(gaps[2]).toBeGreaterThanOrEqual(40);
    expect(waiting()).toEqual({
      reason: 'ImagePullBackOff',
      message: 'Back-off pulling image "a"',
    });
    expect(events(cluster, 'Failed')).toContain('Error: ImagePullBackOff');
    expect(events(cluster, 'BackOff')[0]).toBe('Back-off pulling image "a"');
    empty(cluster);
    cluster.advance('5m');
    expect(cluster.pod('p').phase).toBe('Running');
  });

  test.each(['before', 'after'] as const)(
    'is there once, when the kubelet dies %s it is pulled',
    (when) => {
      const cluster = start();
      cluster.faults.crash('PullImage', {
        when,
        times: 1,
        object: 'Image/docker.io/library/a:latest',
      });
      cluster.apply(pod('p', 'a'));
      cluster.settle();
      expect(stored(cluster)).toEqual(when === 'before' ? [] : ['a']);
      cluster.node().kubelet.start();
      cluster.settle();
      expect(cluster.pod('p').phase).toBe('Running');
      expect(stored(cluster)).toEqual(['a']);
    },
  );

  test('outlives the kubelet and a reboot', () => {
    const cluster = start();
    cluster.apply(pod('p', 'a'));
    cluster.settle();
    const before = used(cluster);
    cluster.node().kubelet.restart();
    cluster.node().reboot();
    cluster.settle();
    expect(stored(cluster)).toEqual(['a']);
    expect(used(cluster)).toBe(before);
    cluster.apply(pod('q', 'a'));
    cluster.settle();
    expect(events(cluster, 'Pulling')).toHaveLength(1);
  });

  test('on Windows lies where containerd has its things', () => {
    const cluster = start({
      nodes: [{ name: 'w', os: 'windows', capacity: { ephemeralStorage: '128Mi' } }],
    });
    const before = used(cluster, 'C:\\');
    cluster.apply(pod('p', 'a'));
    cluster.settle();
    expect(cluster.pod('p').phase).toBe('Running');
    expect(used(cluster, 'C:\\') - before).toBe(100);
  });

  test('has a size that can be read', () => {
    const { images } = start();
    const add = (options: unknown) => () => images.add('x', () => 0, options as object);
    expect(add({ size: 'much' })).toThrow('images.add: x: size: "much" is not a quantity');
    expect(add({ size: -1 })).toThrow('is not a quantity');
    expect(add({ sise: '1Mi' })).toThrow('images.add: x: unknown option "sise"; known: size');
    expect(add(null)).toThrow('unknown option');
  });
});
