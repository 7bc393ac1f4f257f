import { describe, expect, test } from 'vitest';
import { createCluster } from '../../src/index.ts';

const labelsOf = (cluster: ReturnType<typeof createCluster>) =>
  cluster.get('Node', 'node-1')?.metadata.labels;

describe('labels of a Node', () => {
  test('its system stands there under the old names, and under the new from 1.14 on', () => {
    const cluster = createCluster({ nodes: [{ name: 'node-1', os: 'windows', zone: 'a' }] });
    cluster.settle();
    expect(labelsOf(cluster)).toEqual({
      'beta.kubernetes.io/arch': 'amd64',
      'beta.kubernetes.io/os': 'windows',
      'failure-domain.beta.kubernetes.io/zone': 'a',
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/hostname': 'node-1',
      'kubernetes.io/os': 'windows',
      'topology.kubernetes.io/zone': 'a',
    });
    const old = createCluster({
      kubernetesVersion: '1.13',
      nodes: [{ name: 'node-1', zone: 'a' }],
    });
    old.settle();
    expect(labelsOf(old)).toEqual({
      'beta.kubernetes.io/arch': 'amd64',
      'beta.kubernetes.io/os': 'linux',
      'failure-domain.beta.kubernetes.io/zone': 'a',
      'kubernetes.io/hostname': 'node-1',
    });
  });

  test('the old name follows the new one, whoever writes', () => {
    const cluster = createCluster({ nodes: [{ name: 'node-1' }] });
    cluster.settle();
    const labels = { 'beta.kubernetes.io/os': 'plan9', 'beta.kubernetes.io/arch': null };
    cluster.patch('Node', 'node-1', { metadata: { labels } });
    cluster.settle();
    expect(labelsOf(cluster)).toMatchObject({
      'beta.kubernetes.io/os': 'linux',
      'beta.kubernetes.io/arch': 'amd64',
    });
  });

  test('a kubelet that starts puts those right that it knows, and leaves the others', () => {
    const cluster = createCluster({
      nodes: [{ name: 'node-1', labels: { 'kubernetes.io/hostname': 'mine', disk: 'ssd' } }],
    });
    cluster.settle();
    const labels = { 'kubernetes.io/hostname': 'theirs', disk: 'hdd', more: 'yes' };
    cluster.patch('Node', 'node-1', { metadata: { labels } });
    cluster.settle();
    expect(labelsOf(cluster)).toMatchObject(labels);
    cluster.node('node-1').kubelet.stop();
    cluster.node('node-1').kubelet.start();
    cluster.settle();
    expect(labelsOf(cluster)).toMatchObject({ ...labels, 'kubernetes.io/hostname': 'mine' });
  });
});
