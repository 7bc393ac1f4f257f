import type { Event } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import type { Waiting } from '../../sim/index.ts';
import type { ClusterParts } from '../cluster.ts';
import type { WaitingFor } from '../explanation.ts';
import type { WaitingPod } from './index.ts';

/** Names of objects end where another character comes. */
const NAME_CHARACTER = /[a-z0-9.-]/;

/** What waits on behalf of one Pod, and the events about it. Each wait is told once. */
export class PodWaits {
  readonly #pod: WaitingPod;
  readonly #parts: ClusterParts;
  readonly #waits: readonly Waiting[];
  readonly #told = new Set<Waiting>();

  constructor(pod: WaitingPod, parts: ClusterParts) {
    this.#pod = pod;
    this.#parts = parts;
    this.#waits = parts.simulation.waiting();
  }

  /** Takes those that a line tells of already. */
  take(isTold: (wait: Waiting) => boolean): Waiting[] {
    const found = this.#waits.filter((wait) => !this.#told.has(wait) && isTold(wait));
    for (const wait of found) this.#told.add(wait);
    return found;
  }

  /** Takes the next sync of the Pod: then its containers are tried again. */
  takeRetry(): Waiting | undefined {
    return this.take((wait) => this.#isOfPod(wait) && wait.who.includes(': retry of '))[0];
  }

  /** All that is left of this Pod. */
  others(): WaitingFor[] {
    return this.take((wait) => this.#isOfPod(wait)).map(({ who, for: why, since, nextTry }) => ({
      what: who,
      why,
      since,
      ...(nextTry !== undefined && { nextTry }),
    }));
  }

  /** The last event about an object that says so. */
  lastEvent(
    involved: { readonly kind: string; readonly name: string },
    says: (event: DeepReadonly<Event>) => boolean = () => true,
  ): DeepReadonly<Event> | undefined {
    const { namespace = 'default' } = this.#pod.object.metadata;
    return this.#parts.server
      .events({ involved: `${involved.kind}/${involved.name}` })
      .filter(({ involvedObject }) => (involvedObject.namespace ?? 'default') === namespace)
      .filter(says)
      .at(-1);
  }

  /** Whose it is: by uid, by `namespace/name`, or by what the held step is about: its node too, if that is all. */
  #isOfPod({ who, about }: Waiting): boolean {
    const { uid, nodeUid, object } = this.#pod;
    const { name, namespace = 'default' } = object.metadata;
    if (about?.pod === `${namespace}/${name}`) return true;
    const ofNode = about && about.node === object.spec.nodeName;
    if (ofNode && about.pod === undefined && about.volume === undefined) return true;
    if (who.includes(uid) || who.includes(nodeUid)) return true;
    const key = `${namespace}/${name}`;
    const at = who.indexOf(key);
    if (at < 0 || NAME_CHARACTER.test(who.charAt(at - 1))) return false;
    return !NAME_CHARACTER.test(who.charAt(at + key.length));
  }
}

/** When it began, and when it is tried again. */
export function timesOf(wait: Waiting | undefined): Pick<WaitingFor, 'since' | 'nextTry'> {
  if (!wait) return {};
  const { since, nextTry } = wait;
  return { since, ...(nextTry !== undefined && { nextTry }) };
}
