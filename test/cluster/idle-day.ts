import { createCluster } from '../../src/index.ts';
import { config, secret, threeVolumes } from './scenario.ts';

/** Steps that a day takes with so many idle Pods on one node. Throws unless they all run. */
export function stepsOfADay(pods: number): number {
  const cluster = createCluster({
    nodes: [{ name: 'node-1', capacity: { pods: '2000', cpu: '2000' } }],
    trace: 'off',
  });
  cluster.settle();
  cluster.apply([
    config,
    secret,
    ...Array.from({ length: pods }, (_, i) => threeVolumes(`p-${i}`)),
  ]);
  cluster.settle();
  const running = cluster.list('Pod').filter(({ status }) => status?.phase === 'Running').length;
  if (running !== pods) throw new Error(`${running} of ${pods} Pods run`);
  const before = cluster.steps;
  cluster.advance('24h');
  return cluster.steps - before;
}
