import type { Cluster } from '../../cluster/index.ts';
import type { StepDescription } from '../../sim/index.ts';

/** A story that can be told again and again: it makes a cluster, and then does what it is about. */
export interface Story {
  /** A new cluster, with what the story needs in it. */
  start(): Cluster;
  /** What happens, and the time that passes. */
  play(cluster: Cluster): void;
}

/** Looks at every step of a cluster before it is taken, and changes nothing. Ends with the returned function. */
export function observeSteps(cluster: Cluster, see: (step: StepDescription) => void): () => void {
  const subscriptions = cluster.faults.operations.map((operation) =>
    cluster.faults.delay(operation, {
      by: 0,
      when: (step) => {
        see(step);
        return false;
      },
    }),
  );
  return () => {
    for (const subscription of subscriptions) subscription.unsubscribe();
  };
}

/** The steps that nodes take while a story is played, in order. */
export function stepsOf(
  { start, play }: Story,
  filter: (step: StepDescription) => boolean = () => true,
): StepDescription[] {
  const cluster = start();
  const steps: StepDescription[] = [];
  const stop = observeSteps(cluster, (step) => {
    if (step.node !== undefined && filter(step)) steps.push(step);
  });
  play(cluster);
  stop();
  return steps;
}

/** What is done to one step of a story. */
export type Blow = 'crash' | 'fail';

/**
 * Plays a story in which the kubelet dies right before its nth step (from 0) and is started again at once; or in which that step
 * fails. The cluster as it is afterwards.
 */
export function playWithBlow(
  { start, play }: Story,
  n: number,
  options: { blow?: Blow; filter?: (step: StepDescription) => boolean } = {},
): Cluster {
  const { blow = 'crash', filter = () => true } = options;
  const cluster = start();
  let seen = 0;
  const when = (step: StepDescription): boolean =>
    step.node !== undefined && filter(step) && seen++ === n;
  const error = { class: 'transient', message: 'fault injected' } as const;
  const subscriptions = cluster.faults.operations.map((operation) =>
    blow === 'crash'
      ? cluster.faults.crash(operation, { when })
      : cluster.faults.fail(operation, { when, error }),
  );
  const restart = cluster.on('lifecycle', ({ who, what, node }) => {
    if (who === 'kubelet' && what === 'crashed') cluster.node(node).kubelet.start();
  });
  try {
    play(cluster);
  } finally {
    for (const subscription of [...subscriptions, restart]) subscription.unsubscribe();
  }
  return cluster;
}
