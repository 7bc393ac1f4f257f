import type { Pod } from '../api/index.ts';
import type { DeepReadonly } from '../base/index.ts';
import { doAt } from '../sim/index.ts';
import type { TokenManager } from './managers/tokens.ts';
import type { PeriodicSyncs } from './periodic-syncs.ts';
import type { PodContext } from './pod/context.ts';
import { showsOwnToken } from './pod/pod-changes.ts';
import { isStaticPod } from './static-pods/index.ts';

/** What decides when a Pod has to be looked at again by itself. */
export interface PlannedSyncsParts {
  readonly context: PodContext;
  readonly periodic: PeriodicSyncs;
  readonly tokens: TokenManager;
  /** The Pod is to be synced now. */
  readonly wake: (uid: string) => void;
}

/** Plans, after a sync that went well, those that time alone makes needed: deadlines, tokens, mirrors that are missing. */
export class PlannedSyncs {
  readonly #parts: PlannedSyncsParts;
  readonly #deadlines = new Set<string>();

  constructor(parts: PlannedSyncsParts) {
    this.#parts = parts;
  }

  /** The Pod was synced. */
  synced(pod: DeepReadonly<Pod>): void {
    this.#planDeadline(pod);
    this.#planMirror(pod);
    this.#planToken(pod);
  }

  /** The Pod is gone. */
  forget(uid: string): void {
    this.#deadlines.delete(uid);
  }

  #planToken(pod: DeepReadonly<Pod>): void {
    if (!showsOwnToken(pod)) return;
    const { uid } = pod.metadata;
    const from = this.#parts.tokens.nextRefresh(uid);
    if (from !== undefined && from < Number.POSITIVE_INFINITY) {
      this.#parts.periodic.plan(uid, { from, class: 'process' });
    }
  }

  /** A static Pod that could not be shown is shown by a later sync. Without a Node it waits for that. */
  #planMirror(pod: DeepReadonly<Pod>): void {
    const { context, periodic } = this.#parts;
    if (!isStaticPod(pod) || context.mirrors.apiUid(pod) !== undefined) return;
    if (context.objects.get('Node', undefined, context.system.name))
      periodic.plan(pod.metadata.uid, { class: 'retry' });
  }

  /** At `activeDeadlineSeconds` a Pod is looked at once. */
  #planDeadline({ metadata, spec }: DeepReadonly<Pod>): void {
    const { context, wake } = this.#parts;
    const { uid } = metadata;
    const seconds = spec.activeDeadlineSeconds;
    const start = context.statuses.get(uid)?.startTime;
    if (seconds === undefined || start === undefined || this.#deadlines.has(uid)) return;
    this.#deadlines.add(uid);
    const until = Date.parse(start) + seconds * 1000;
    const options = { class: 'deadline', reason: 'activeDeadlineSeconds' } as const;
    const { system, owner } = context;
    const wait = doAt(until, options, () => wake(uid));
    system.simulation.spawn(`${system.name}: deadline of ${uid}`, owner, wait);
  }
}
