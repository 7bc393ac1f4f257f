import { Recent } from './recent.ts';

/** What one source tells of one object. Fields that make it the same event again. */
export interface Occurrence {
  /** Whom it is about, without the part of it. */
  readonly object: string;
  readonly fieldPath: string;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

/** Where the core/v1 Event is that counts it, and since when it is counted. */
export interface Counted {
  count: number;
  readonly first: number;
  event: { readonly namespace: string; readonly name: string } | undefined;
}

interface Similar {
  readonly messages: Set<string>;
  last: number;
}

interface Bucket {
  tokens: number;
  last: number;
}

const CACHE = 4096;
/** So many different messages within that time are shown as one. */
const MAX_SIMILAR = 10;
const SIMILAR_WITHIN = 600_000;
/** A source has a burst of events about one object, and then one every five minutes. */
const BURST = 25;
const REFILL = 300_000;

/**
 * What a source (a component on a host) does with its events before it sends them: the same again is counted, many similar ones are one,
 * and what is too much about an object is counted, but not sent. Models EventCorrelator of client-go's tools/record/events_cache.go.
 */
export class EventCorrelator {
  readonly #counted = new Recent<Counted>(CACHE);
  readonly #similar = new Recent<Similar>(CACHE);
  readonly #buckets = new Recent<Bucket>(CACHE);

  /** The message as it is to be sent, and how often there was one; undefined when it is not sent. Times in ms. */
  observe(occurrence: Occurrence, now: number): (Counted & { message: string }) | undefined {
    const { object, fieldPath, type, reason, message } = occurrence;
    const group = [object, type, reason].join('\u0000');
    const many = this.#isMany(group, message, now);
    const key = many ? group : [object, fieldPath, type, reason, message].join('\u0000');
    const counted = this.#counted.get(key) ?? { count: 0, first: now, event: undefined };
    counted.count++;
    this.#counted.set(key, counted);
    if (!this.#allows(object, now)) return undefined;
    return Object.assign(counted, {
      message: many ? `(combined from similar events): ${message}` : message,
    });
  }

  /** Whether it is one of many that differ in their messages. */
  #isMany(group: string, message: string, now: number): boolean {
    const known = this.#similar.get(group);
    const similar =
      known && now - known.last <= SIMILAR_WITHIN
        ? known
        : { messages: new Set<string>(), last: now };
    similar.last = now;
    similar.messages.add(message);
    this.#similar.set(group, similar);
    if (similar.messages.size < MAX_SIMILAR) return false;
    const [oldest] = similar.messages;
    if (oldest !== undefined) similar.messages.delete(oldest);
    return true;
  }

  #allows(object: string, now: number): boolean {
    const bucket = this.#buckets.get(object) ?? { tokens: BURST, last: now };
    bucket.tokens = Math.min(BURST, bucket.tokens + (now - bucket.last) / REFILL);
    bucket.last = now;
    this.#buckets.set(object, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
