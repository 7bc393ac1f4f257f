import { compare, type DeepReadonly, rfc3339 } from '../base/index.ts';
import type { Random } from '../sim/index.ts';
import { ApiError } from './api-error.ts';
import type { Store } from './store.ts';
import type { Event, KubernetesObject, ObjectReference } from './types.ts';

/** Which Events. */
export interface EventFilter {
  /** `Pod/name`. */
  readonly involved?: string | undefined;
  readonly reason?: string | undefined;
  readonly type?: 'Normal' | 'Warning' | undefined;
}

export interface EventRecorderOptions {
  readonly store: Store;
  /** Virtual time, ms. */
  readonly clock: { readonly now: number };
  readonly random?: Random;
}

interface Similar {
  readonly messages: Set<string>;
  last: number;
}

interface Bucket {
  tokens: number;
  last: number;
}

/** So many different messages within that time are shown as one. */
const MAX_SIMILAR = 10;
const SIMILAR_WITHIN = 600_000;
/** A source has a burst of events about one object, and then one every five minutes. */
const BURST = 25;
const REFILL = 300_000;

/**
 * Records core/v1 Events: the same again is counted, many similar ones are shown as one, and a source that floods an object
 * is cut off. Models client-go's tools/record/events_cache.go.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #names = new Map<string, { namespace: string; name: string }>();
  readonly #similar = new Map<string, Similar>();
  readonly #buckets = new Map<string, Bucket>();
  #lastNano = 0n;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  /** Something happened to an object. `component`: `kubelet`, `default-scheduler`, …; `host`: its node. */
  event(
    component: string,
    involved: DeepReadonly<KubernetesObject>,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    options: {
      host?: string;
      fieldPath?: string;
      annotations?: Readonly<Record<string, string>> | undefined;
    } = {},
  ): void {
    const source = { component, ...(options.host !== undefined && { host: options.host }) };
    const reference = referenceTo(involved, options.fieldPath);
    const object = Object.values(reference).join('\u0000');
    const from = `${component}\u0000${options.host ?? ''}`;
    if (!this.#allows(`${from}\u0000${object}`)) return;
    const group = `${from}\u0000${object}\u0000${type}\u0000${reason}`;
    const many = this.#isMany(group, message);
    const text = many ? `(combined from similar events): ${message}` : message;
    const key = many ? group : `${group}\u0000${message}`;
    if (this.#again(key, text)) return;
    const { annotations } = options;
    const fields = { source, type, reason, message: text, involvedObject: reference };
    this.#first(key, fields, annotations);
  }

  #first(
    key: string,
    fields: Pick<Event, 'source' | 'type' | 'reason' | 'message' | 'involvedObject'> & object,
    annotations: Readonly<Record<string, string>> | undefined,
  ): void {
    const now = rfc3339(this.#options.clock.now);
    const namespace = fields.involvedObject.namespace ?? 'default';
    const name = `${fields.involvedObject.name}.${this.#nano().toString(16)}`;
    this.#options.store.createAsGiven({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace, ...(annotations && { annotations: { ...annotations } }) },
      ...fields,
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      reportingComponent: fields.source?.component,
    });
    this.#names.set(key, { namespace, name });
  }

  #again(key: string, message: string): boolean {
    const { store, clock } = this.#options;
    const known = this.#names.get(key);
    const old = known && store.get('Event', known.namespace, known.name);
    if (!old) return false;
    const count = (old.count ?? 1) + 1;
    store.update({ ...old, count, message, lastTimestamp: rfc3339(clock.now) });
    return true;
  }

  #isMany(group: string, message: string): boolean {
    const { now } = this.#options.clock;
    let similar = this.#similar.get(group);
    if (!similar || now - similar.last > SIMILAR_WITHIN) {
      similar = { messages: new Set(), last: now };
      this.#similar.set(group, similar);
    }
    similar.last = now;
    similar.messages.add(message);
    if (similar.messages.size < MAX_SIMILAR) return false;
    const [oldest] = similar.messages;
    if (similar.messages.size > MAX_SIMILAR && oldest !== undefined) {
      similar.messages.delete(oldest);
    }
    return true;
  }

  #allows(key: string): boolean {
    const { now } = this.#options.clock;
    const bucket = this.#buckets.get(key) ?? { tokens: BURST, last: now };
    bucket.tokens = Math.min(BURST, bucket.tokens + (now - bucket.last) / REFILL);
    bucket.last = now;
    this.#buckets.set(key, bucket);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** Nanoseconds that no other event has. */
  #nano(): bigint {
    const now = BigInt(Math.floor(this.#options.clock.now * 1000)) * 1000n;
    this.#lastNano = now > this.#lastNano ? now : this.#lastNano + 1n;
    return this.#lastNano;
  }
}

function referenceTo(
  { apiVersion, kind, metadata }: DeepReadonly<KubernetesObject>,
  fieldPath: string | undefined,
): ObjectReference {
  const { namespace, name, uid } = metadata;
  return {
    kind,
    ...(namespace !== undefined && { namespace }),
    name,
    uid,
    apiVersion,
    ...(fieldPath !== undefined && { fieldPath }),
  };
}

/** Events that fit, oldest first. Throws ApiError BadRequest for an `involved` that is not `Kind/name`. */
export function eventsOf(store: Store, filter: EventFilter = {}): DeepReadonly<Event>[] {
  const { involved, reason, type } = filter;
  if (involved !== undefined && !/^[^/]+\/[^/]+$/.test(involved)) {
    throw ApiError.badRequest(`involved: ${JSON.stringify(involved)} is not Kind/name`);
  }
  const found = store.list('Event').filter((event) => {
    const { kind, name } = event.involvedObject;
    if (involved !== undefined && `${kind}/${name}` !== involved) return false;
    return (
      (reason === undefined || event.reason === reason) &&
      (type === undefined || event.type === type)
    );
  });
  return found.sort((a, b) => compare(orderOf(a), orderOf(b)));
}

function orderOf({ firstTimestamp = '', metadata }: DeepReadonly<Event>): string {
  const suffix = metadata.name.slice(metadata.name.lastIndexOf('.') + 1);
  return `${firstTimestamp}/${suffix.padStart(20, '0')}`;
}
