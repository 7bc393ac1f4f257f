import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../../src/index.ts';
import {
  empty,
  events,
  fill,
  logged,
  type Options,
  pod,
  pulled,
  start,
  stored,
  used,
} from './harness.ts';

/** Five unused images of 100 MiB, which are old enough, and so much more that one has to go. */
function full(options: Options = {}): Cluster {
  const cluster = start(options);
  pulled(cluster, 'a', 'b', 'c', 'd', 'e');
  cluster.advance('10m');
  fill(cluster, 855);
  return cluster;
}

describe('unused images, when the disk is too full', () => {
  test('are deleted at the next look, until it is full to the low threshold', () => {
    const cluster = full();
    expect(used(cluster)).toBe(855);
    cluster.advance('5m');
    expect(stored(cluster)).toEqual(['b', 'c', 'd', 'e']);
    expect(used(cluster)).toBe(755);
    expect(events(cluster, 'FreeDiskSpaceFailed')).toEqual([]);
    const [over, removing] = logged(cluster);
    expect(over).toMatch(
      /^Disk usage on image filesystem is over the high threshold, trying to free bytes down to the low threshold usage=89 highThreshold=85 amountToFree=\d+ lowThreshold=80$/,
    );
    expect(removing).toMatch(
      /^Removing image to free bytes imageID="sha256:[0-9a-f]{64}" size=13107200$/,
    );
    expect(
      cluster.metrics.value('kubelet_image_garbage_collected_total', { reason: 'space' }),
    ).toBe(1);
  });

  test('those go first that were used longest ago, and of these the ones that were seen first', () => {
    const cluster = start();
    pulled(cluster, 'a');
    cluster.advance('5m');
    pulled(cluster, 'b');
    cluster.advance('5m');
    cluster.apply(pod('p', 'a'));
    cluster.apply(pod('q', 'c'));
    cluster.settle();
    cluster.advance('10m');
    for (const name of ['p', 'q']) cluster.delete('Pod', name);
    cluster.settle();
    fill(cluster, 855);
    cluster.advance('5m');
    expect(stored(cluster)).toEqual(['a', 'c']);
    fill(cluster, 955, '/more');
    cluster.advance('5m');
    expect(stored(cluster)).toEqual([]);
    const removed = logged(cluster).filter((message) => message.startsWith('Removing'));
    expect(removed).toHaveLength(3);
  });

  test('stay while a container is made from them, or while they are new', () => {
    const cluster = start();
    cluster.apply([pod('p', 'a'), pod('done', 'b')]);
    cluster.settle();
    cluster.pod('done').container().exit(0);
    cluster.advance('10m');
    pulled(cluster, 'c');
    fill(cluster, 900);
    cluster.advance('5m'); // c is seen for the first time
    expect(stored(cluster)).toEqual(['a', 'b', 'c']);
    cluster.advance('5m');
    expect(stored(cluster)).toEqual(['a', 'b']);
    expect(cluster.pod('p').phase).toBe('Running');
  });

  test('that the kubelet finds when it starts are old enough at once until 1.28', () => {
    const left = ['1.28', '1.29'].map((kubernetesVersion) => {
      const cluster = full({ kubernetesVersion });
      cluster.node().kubelet.restart();
      cluster.advance(0);
      return stored(cluster).length;
    });
    expect(left).toEqual([4, 5]);
  });

  test('thresholds are options; at 100 percent nothing is deleted, since 1.11', () => {
    const kubelet = { imageGCHighThresholdPercent: 60, imageGCLowThresholdPercent: 40 };
    const cluster = full({ kubelet });
    cluster.advance('5m');
    expect(stored(cluster)).toEqual([]);
    const off = full({ kubelet: { imageGCHighThresholdPercent: 100 } });
    fill(off, 960, '/more');
    off.advance('10m');
    expect(stored(off)).toHaveLength(5);
  });

  test('imageMinimumGCAge is how old they have to be', () => {
    const cluster = full({ kubelet: { imageMinimumGCAge: '1h' } });
    cluster.advance('20m');
    expect(stored(cluster)).toHaveLength(5);
    cluster.advance('45m');
    expect(stored(cluster)).toHaveLength(4);
  });

  test('lie on the disk of images where there is one, and only that counts', () => {
    const cluster = start({ imageFilesystem: { size: '128Mi' } });
    pulled(cluster, 'a', 'b');
    cluster.advance('10m');
    fill(cluster, 950);
    cluster.advance('20m');
    expect(stored(cluster)).toHaveLength(2);
    fill(cluster, 855, '/var/lib/containerd/filler');
    cluster.advance('5m');
    expect(stored(cluster)).toHaveLength(1);
  });

  test('that go while the kubelet dies are gone, and nothing else', () => {
    for (const when of ['before', 'after'] as const) {
      const cluster = full();
      cluster.faults.crash('RemoveImage', { when, times: 1 });
      cluster.advance('5m');
      expect(cluster.node().kubelet.running).toBe(false);
      expect(stored(cluster)).toHaveLength(when === 'before' ? 5 : 4);
      cluster.node().kubelet.start();
      cluster.advance('10m');
      expect(stored(cluster)).toHaveLength(4);
    }
  });

  test('cost no steps while there is room', () => {
    const cluster = start();
    pulled(cluster, 'a', 'b');
    cluster.advance('1h');
    const before = cluster.steps;
    cluster.advance('24h');
    expect(cluster.steps).toBe(before);
  });
});

describe('a disk that stays too full', () => {
  const errors = [
    /^Image garbage collection failed once\. Stats initialization may not have completed yet: Failed to garbage collect required amount of images\. Attempted to free \d+ bytes, but only found 0 bytes eligible to free\.$/,
    /^Image garbage collection failed multiple times in a row: Failed to garbage collect/,
  ];

  test('is told of twice, and then again when something has changed', () => {
    const cluster = start();
    cluster.apply(pod('p', 'a'));
    cluster.settle();
    fill(cluster, 900);
    cluster.settle();
    expect(events(cluster, 'FreeDiskSpaceFailed')).toEqual([]); // nobody looks yet
    cluster.advance('5m');
    expect(events(cluster, 'FreeDiskSpaceFailed')).toEqual([
      expect.stringMatching(
        /^Failed to garbage collect required amount of images\. Attempted to free \d+ bytes, but only found 0 bytes eligible to free\.$/,
      ),
    ]);
    expect(events(cluster, 'ImageGCFailed')).toEqual([]);
    cluster.advance('5m');
    expect(events(cluster, 'ImageGCFailed')).toEqual(
      events(cluster, 'FreeDiskSpaceFailed').slice(-1),
    );
    expect(logged(cluster, 'error')).toEqual(errors.map((error) => expect.stringMatching(error)));
    cluster.apply(pod('again', 'a', { imagePullPolicy: 'Always' })); // no new image
    cluster.settle();
    const { steps } = cluster;
    cluster.advance('24h');
    expect(cluster.steps).toBe(steps);
    for (const name of ['p', 'again']) cluster.delete('Pod', name);
    cluster.advance('5m');
    expect(stored(cluster)).toEqual([]);
    const [{ involvedObject, type } = {}] = cluster.events({ reason: 'FreeDiskSpaceFailed' });
    expect({ involvedObject, type }).toMatchObject({
      type: 'Warning',
      involvedObject: { kind: 'Node', name: 'node-1', uid: 'node-1' },
    });
  });

  test('and had room in between is told of as the first time', () => {
    const cluster = start();
    fill(cluster, 900);
    cluster.advance('21m');
    expect(logged(cluster, 'error')).toHaveLength(2);
    empty(cluster);
    cluster.advance('10m');
    fill(cluster, 900);
    cluster.advance('5m');
    expect(logged(cluster, 'error').at(-1)).toMatch(errors[0] as RegExp);
  });

  test('says it in the words of each version', () => {
    const told = ['1.10', '1.20', '1.25', '1.26'].map((kubernetesVersion) => {
      const cluster = full({ kubernetesVersion });
      cluster.advance('5m');
      const numbers = (message = ''): string =>
        message.replace(/sha256:\w+/, 'ID').replace(/\d+/g, 'N');
      const [over, removing] = logged(cluster);
      return [over, removing].map(numbers);
    });
    const at =
      '[imageGCManager]: Disk usage on image filesystem is at N% which is over the high threshold (N%). Trying to free N bytes';
    const now =
      'Disk usage on image filesystem is over the high threshold, trying to free bytes down to the low threshold usage=N highThreshold=N amountToFree=N lowThreshold=N';
    expect(told).toEqual([
      [at, '[imageGCManager]: Removing image "ID" to free N bytes'],
      [
        `${at} down to the low threshold (N%).`,
        '[imageGCManager]: Removing image "ID" to free N bytes',
      ],
      [now, 'Removing image to free bytes imageID="ID" size=N'],
      [now, 'Removing image to free bytes imageID="ID" size=N'],
    ]);
    const failed = ['1.25', '1.26'].map((kubernetesVersion) => {
      const cluster = start({ kubernetesVersion });
      fill(cluster, 900);
      cluster.advance('5m');
      return events(cluster, 'FreeDiskSpaceFailed')[0]?.replace(/\d+/g, 'N');
    });
    expect(failed).toEqual([
      'failed to garbage collect required amount of images. Wanted to free N bytes, but freed N bytes',
      'Failed to garbage collect required amount of images. Attempted to free N bytes, but only found N bytes eligible to free.',
    ]);
  });

  test('an image that cannot be deleted is tried again', () => {
    const cluster = full();
    const fault = cluster.faults.fail('RemoveImage', { error: 'busy' });
    cluster.advance('15m');
    expect(stored(cluster)).toHaveLength(5);
    expect(events(cluster, 'ImageGCFailed').at(-1)).toMatch(
      /^wanted to free \d+ bytes, but freed 0 bytes space with errors in image deletion: \[rpc error: code = Unknown desc = busy, (rpc.*busy(, )?){4}\]$/,
    );
    fault.unsubscribe();
    cluster.advance('5m');
    expect(stored(cluster)).toHaveLength(4);
  });
});

describe('images that were unused for too long', () => {
  const kubelet = { imageMaximumGCAge: '1h' };

  test('are deleted, whatever room there is, but not before the kubelet has run as long', () => {
    const cluster = start({ kubelet });
    cluster.apply([pod('p', 'a'), pod('q', 'b'), pod('r', 'c')]);
    cluster.settle();
    cluster.advance('30m');
    cluster.delete('Pod', 'q');
    cluster.settle();
    cluster.advance('55m');
    expect(stored(cluster)).toEqual(['a', 'b', 'c']);
    cluster.advance('15m');
    expect(stored(cluster)).toEqual(['a', 'c']);
    expect(cluster.metrics.value('kubelet_image_garbage_collected_total', { reason: 'age' })).toBe(
      1,
    );
    cluster.node().kubelet.restart(); // which knows nothing of when they were used
    cluster.delete('Pod', 'r');
    cluster.settle();
    cluster.advance('55m');
    expect(stored(cluster)).toEqual(['a', 'c']);
    cluster.advance('15m');
    expect(stored(cluster)).toEqual(['a']);
    const { steps } = cluster;
    cluster.advance('24h');
    expect(cluster.steps).toBe(steps);
  });

  test('are not deleted by a look for room either, before the kubelet has run as long', () => {
    const cluster = full({ kubelet });
    cluster.node().kubelet.restart();
    cluster.advance('5m');
    expect(stored(cluster)).toHaveLength(4);
  });

  test('in 1.29 with a gate, and without that delay', () => {
    const featureGates = { ImageMaximumGCAge: true };
    const cluster = start({ kubernetesVersion: '1.29', featureGates, kubelet });
    pulled(cluster, 'a');
    cluster.advance('5m');
    expect(stored(cluster)).toEqual([]);
    expect(() => start({ kubernetesVersion: '1.29', kubelet })).toThrow(
      'invalid configuration: ImageMaximumGCAge feature gate is required for Kubelet configuration option imageMaximumGCAge',
    );
  });

  test('also where the threshold is 100 percent', () => {
    const cluster = start({ kubelet: { ...kubelet, imageGCHighThresholdPercent: 100 } });
    pulled(cluster, 'a');
    cluster.advance('70m');
    expect(stored(cluster)).toEqual([]);
  });
});

describe('options of images', () => {
  test.each([
    [
      { imageGCHighThresholdPercent: 101 },
      'invalid configuration: imageGCHighThresholdPercent (--image-gc-high-threshold) 101 must be between 0 and 100, inclusive',
    ],
    [
      { imageGCLowThresholdPercent: -1 },
      'invalid configuration: imageGCLowThresholdPercent (--image-gc-low-threshold) -1 must be between 0 and 100, inclusive',
    ],
    [
      { imageGCHighThresholdPercent: 80 },
      'invalid configuration: imageGCLowThresholdPercent (--image-gc-low-threshold) 80 must be less than imageGCHighThresholdPercent (--image-gc-high-threshold) 80',
    ],
    [
      { imageMaximumGCAge: '2m' },
      'invalid configuration: imageMaximumGCAge 2m0s must be greater than imageMinimumGCAge 2m0s',
    ],
    [{ imageMinimumGCAge: 'soon' }, 'imageMinimumGCAge: "soon" is not a duration'],
  ])('%j: %s', (kubelet, message) => {
    expect(() => start({ kubelet })).toThrow(message);
  });
});
