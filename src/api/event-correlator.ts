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
  /** As it was sent last. */
  message: string;
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
  observe(occurrence: Occurrence, now: number): Counted | undefined {
    const { object, fieldPath, type, reason, message } = occurrence;
    const group = `${object}\u0000${type}\u0000${reason}`;
    const many = this.#isMany(group, message, now);
    const key = many ? group : `${group}\u0000${fieldPath}\u0000${message}`;
    const counted = this.#count(key, now);
    counted.message = many ? `(combined from similar events): ${message}` : message;
    return this.#allows(object, now) ? counted : undefined;
  }

  #count(key: string, now: number): Counted {
    const known = this.#counted.get(key);
    if (known) {
      known.count++;
      return known;
    }
    const first = { count: 1, message: '', first: now, event: undefined };
    this.#counted.set(key, first);
    return first;
  }

  /** Whether it is one of many that differ in their messages. */
  #isMany(group: string, message: string, now: number): boolean {
    const similar = this.#similarTo(group, now);
    similar.last = now;
    similar.messages.add(message);
    if (similar.messages.size < MAX_SIMILAR) return false;
    const [oldest] = similar.messages;
    if (oldest !== undefined) similar.messages.delete(oldest);
    return true;
  }

  #similarTo(group: string, now: number): Similar {
    const known = this.#similar.get(group);
    if (known && now - known.last <= SIMILAR_WITHIN) return known;
    const none = { messages: new Set<string>(), last: now };
    this.#similar.set(group, none);
    return none;
  }

  #allows(object: string, now: number): boolean {
    const bucket = this.#bucketOf(object, now);
    bucket.tokens = Math.min(BURST, bucket.tokens + (now - bucket.last) / REFILL);
    bucket.last = now;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  #bucketOf(object: string, now: number): Bucket {
    const known = this.#buckets.get(object);
    if (known) return known;
    const full = { tokens: BURST, last: now };
    this.#buckets.set(object, full);
    return full;
  }
}
