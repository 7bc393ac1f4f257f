import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../../src/index.ts';
import { configurationOf } from '../../../src/kubelet/configuration.ts';
import { thresholdsOf } from '../../../src/kubelet/eviction/thresholds.ts';
import { rules } from '../../plugin/rules.ts';
import {
  events,
  fill,
  logged,
  type Options,
  pod,
  pulled,
  start,
  stored,
} from '../images/harness.ts';

const NEVER = { imageGCHighThresholdPercent: 100 };
/** A fifth of the disk has to stay free. */
const hard = { 'nodefs.available': '20%' };

const evicted = (cluster: Cluster) =>
  cluster.events({ reason: 'Evicted' }).map(({ involvedObject }) => involvedObject.name);

/** A Pod that runs, and unused images that are old enough. */
function running(options: Options = {}): Cluster {
  const cluster = start(options);
  pulled(cluster, 'a', 'b');
  cluster.apply(pod('p', 'c'));
  cluster.settle();
  cluster.advance('10m');
  return cluster;
}

/** A Pod that is not evicted. */
function critical(name: string, image: string): object {
  const { spec, ...rest } = pod(name, image) as { spec: object };
  return { ...rest, spec: { ...spec, priorityClassName: 'system-node-critical' } };
}

describe('a node that runs short', () => {
  test('deletes unused images before it ends a Pod, all of them', () => {
    const cluster = running({ kubelet: { evictionHard: hard, ...NEVER } });
    fill(cluster, 850);
    cluster.settle();
    expect(stored(cluster)).toEqual(['c']);
    expect(evicted(cluster)).toEqual([]);
    expect(events(cluster, 'EvictionThresholdMet')).toEqual([
      'Attempting to reclaim ephemeral-storage',
    ]);
    expect(logged(cluster)[0]).toBe('Attempting to delete unused images');
  });

  test('ends a Pod when that was not enough, and deletes its image when nobody needs it any more', () => {
    const cluster = running({ kubelet: { evictionHard: hard, ...NEVER } });
    fill(cluster, 980);
    cluster.settle();
    expect(evicted(cluster)).toEqual(['p']);
    expect(stored(cluster)).toEqual([]);
  });

  test('first removes containers that have ended: their images are unused then', () => {
    const cluster = running({ kubelet: { evictionHard: hard, ...NEVER } });
    cluster.apply(pod('q', 'd'));
    cluster.settle();
    cluster.pod('p').container().exit(0);
    cluster.advance('10m');
    fill(cluster, 960);
    cluster.settle();
    expect(stored(cluster)).toEqual(['d']);
    expect(evicted(cluster)).toEqual([]);
  });

  test('deletes images that are too new once they are old enough', () => {
    const cluster = start({ kubelet: { evictionHard: hard, ...NEVER } });
    cluster.advance('7m');
    pulled(cluster, 'a');
    fill(cluster, 800);
    cluster.advance('1m');
    expect(stored(cluster)).toEqual(['a']);
    cluster.advance('3m'); // the kubelet has seen it first at its look for pressure
    expect(stored(cluster)).toEqual([]);
  });

  test('deletes an image that is used no more, when there was nothing to do before', () => {
    const cluster = start({ kubelet: { evictionHard: hard, ...NEVER } });
    cluster.apply([
      {
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name: 'system-node-critical' },
        value: 2_000_001_000,
      },
      critical('p', 'a'),
      critical('q', 'b'),
    ]);
    cluster.settle();
    cluster.advance('10m');
    fill(cluster, 950);
    cluster.advance('10m');
    expect(evicted(cluster)).toEqual([]);
    const { steps } = cluster;
    cluster.advance('24h');
    expect(cluster.steps).toBe(steps);
    cluster.delete('Pod', 'p');
    cluster.settle();
    expect(stored(cluster)).toEqual(['b']);
  });

  test('says what could not be deleted, and goes on to Pods', () => {
    const cluster = running({ kubelet: { evictionHard: hard, ...NEVER } });
    cluster.faults.fail('RemoveImage', { error: 'busy' });
    fill(cluster, 850);
    cluster.settle();
    expect(evicted(cluster)).toEqual(['p']);
    expect(logged(cluster)).toContainEqual(
      expect.stringMatching(
        /^Eviction manager: unexpected error when attempting to reduce resource pressure: wanted to free 9223372036854775807 bytes, but freed 0 bytes space with errors in image deletion: \[rpc error: .*busy, rpc error: .*busy\]$/,
      ),
    );
  });

  test('of room for images, deletes them; of room on the kubelet’s own disk, does not', () => {
    const thresholds = { 'nodefs.available': '20%', 'imagefs.available': '20%' };
    const kubelet = { evictionHard: thresholds, ...NEVER };
    const options = { kubelet, imageFilesystem: { size: '128Mi' } };
    const nodefs = running(options);
    fill(nodefs, 850);
    nodefs.settle();
    expect(stored(nodefs)).toEqual(['a', 'b', 'c']);
    expect(evicted(nodefs)).toEqual(['p']);
    const imagefs = running(options);
    fill(imagefs, 850, '/var/lib/containerd/filler');
    imagefs.settle();
    expect(stored(imagefs)).toEqual(['c']);
    expect(evicted(imagefs)).toEqual([]);
  });

  test('of memory, does not', () => {
    const cluster = running({ kubelet: { evictionHard: { 'memory.available': '8Gi' }, ...NEVER } });
    cluster.node().fs.writeFileSync('/run/x', new Uint8Array(4096));
    cluster.settle();
    expect(evicted(cluster)).toEqual(['p']);
    expect(stored(cluster)).toEqual(['a', 'b', 'c']);
  });

  test('takes no steps once nothing can be done', () => {
    const cluster = start({ kubelet: { evictionHard: hard, ...NEVER } });
    fill(cluster, 900);
    cluster.advance('20m');
    const before = cluster.steps;
    cluster.advance('24h');
    expect(cluster.steps).toBe(before);
  });
});

describe('the disk of writable layers', () => {
  const signals = (cluster: Cluster): unknown[] =>
    ['nodefs', 'imagefs', 'containerfs'].map((disk) =>
      cluster.metrics.value('kubelet_eviction_stats_age_seconds_count', {
        eviction_signal: `${disk}.available`,
      }),
    );

  test('is the kubelet’s, or that of images, since 1.29: with its thresholds', () => {
    const none = undefined;
    const seen = (kubernetesVersion: string, disk: 'nodefs' | 'imagefs'): unknown[] => {
      const evictionHard = { [`${disk}.available`]: '20%' };
      const images = disk === 'imagefs' && { imageFilesystem: { size: '128Mi' } };
      const cluster = running({
        kubernetesVersion,
        kubelet: { evictionHard, ...NEVER },
        ...images,
      });
      const path = disk === 'imagefs' ? '/var/lib/containerd/filler' : '/filler';
      fill(cluster, 970, path);
      cluster.settle();
      expect(evicted(cluster)).toEqual(['p']);
      return signals(cluster);
    };
    expect(seen('1.28', 'nodefs')).toEqual([1, none, none]);
    expect(seen('1.29', 'nodefs')).toEqual([1, none, 1]);
    expect(seen('1.28', 'imagefs')).toEqual([none, 1, none]);
    expect(seen('1.29', 'imagefs')).toEqual([none, 1, 1]);
  });

  test('has none of its own: one that is given is ignored, and told of', () => {
    const evictionHard = { 'containerfs.available': '99%', 'containerfs.inodesFree': '99%' };
    const cluster = running({ kubelet: { evictionHard } });
    expect(logged(cluster, 'error')).toEqual([
      'eviction manager: found conflicting containerfs eviction. Ignoring.: found containerfs.inodesFree for hard eviction. ignoring',
    ]);
    expect(events(cluster, 'EvictionThresholdMet')).toEqual([]);
    const soft = start({
      kubelet: {
        evictionSoft: { 'containerfs.available': '99%' },
        evictionSoftGracePeriod: { 'containerfs.available': '1m' },
      },
    });
    expect(logged(soft, 'error')[0]).toContain('found containerfs.available for soft eviction');
  });

  test('has no name before 1.29', () => {
    const named = (version: string) => () =>
      thresholdsOf(
        configurationOf({ evictionHard: { 'containerfs.available': '5%' } }, rules(version)),
        rules(version),
      );
    expect(named('1.29')()).toEqual([]);
    expect(named('1.28')).toThrow('evictionHard: unknown eviction signal "containerfs.available"');
  });
});
