import { type Cluster, type ClusterOptions, createCluster } from '../cluster/index.ts';
import { type Violation, watchInvariants } from './invariants/index.ts';

/** How far to look. */
export interface ExploreOptions {
  /** Schedules to try: seeds from `seed` on. Default 100. */
  readonly runs?: number;
  /** Default 0. */
  readonly seed?: number;
  /** For `createCluster`. */
  readonly cluster?: Omit<ClusterOptions, 'seed' | 'order'>;
}

/** One schedule in which something went wrong: `createCluster({ seed, order: 'random' })` replays it. */
export interface Found {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** What the scenario threw. */
  readonly error?: unknown;
}

/**
 * Plays a scenario under many schedules: whenever several could go on, chance decides who does. Gives the schedules in which the
 * scenario throws, or an invariant does not hold; empty: none was found.
 */
export function explore(
  scenario: (cluster: Cluster) => void,
  options: ExploreOptions = {},
): Found[] {
  const { runs = 100, seed = 0 } = options;
  const found: Found[] = [];
  for (let n = seed; n < seed + runs; n++) {
    const cluster = createCluster({ ...options.cluster, seed: n, order: 'random' });
    const watch = watchInvariants(cluster);
    const error = thrownBy(() => scenario(cluster));
    const violations = watch.check();
    watch.unsubscribe();
    if (error || violations.length > 0) found.push({ seed: n, violations, ...error });
  }
  return found;
}

function thrownBy(action: () => void): { error: unknown } | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return { error };
  }
}
