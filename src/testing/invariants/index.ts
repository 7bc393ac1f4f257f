import type { Cluster } from '../../cluster/index.ts';
import { attachRules } from './attach.ts';
import { diskRules } from './disk.ts';
import { errorRules } from './errors.ts';
import {
  type Definition,
  type Invariant,
  invariant,
  type Violation,
  type Watch,
  watchTogether,
} from './invariant.ts';
import { orderRules } from './order.ts';
import { reconstructionRules } from './reconstruction.ts';
import { refreshRules } from './refresh.ts';
import { restartRules } from './restart.ts';
import { stateRules } from './state.ts';
import { storageRules } from './storage.ts';
import { timeRules } from './time.ts';

export type { Invariant, Violation, Watch } from './invariant.ts';

const definitions: readonly Definition[] = [
  ...stateRules,
  ...attachRules,
  ...orderRules,
  ...timeRules,
  ...restartRules,
  ...reconstructionRules,
  ...refreshRules,
  ...errorRules,
  ...diskRules,
  ...storageRules,
];

/** What holds at all times, whatever happens to a cluster: by the numbers of docs/testing.md. */
export const invariants: readonly Invariant[] = definitions.map(invariant);

/** Watches all invariants from now on; cheaper than one by one. */
export function watchInvariants(cluster: Cluster): Watch {
  return watchTogether(cluster, definitions);
}

/** Looks at what a cluster's trace still has and at what it is now. Empty: all is well. */
export function checkInvariants(cluster: Cluster): Violation[] {
  const watch = watchInvariants(cluster);
  try {
    return watch.check();
  } finally {
    watch.unsubscribe();
  }
}
