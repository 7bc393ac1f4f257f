import { compare, type DeepReadonly, rfc3339 } from '../base/index.ts';
import type { Random } from '../sim/index.ts';
import { ApiError } from './api-error.ts';
import { type Counted, EventCorrelator } from './event-correlator.ts';
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

export interface EventOptions {
  /** The node that it comes from. */
  readonly host?: string;
  /** The part of the object that it is about: `spec.containers{main}`. */
  readonly fieldPath?: string;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/**
 * Records core/v1 Events: the same again is counted, many similar ones are shown as one, and a source that floods an object
 * is cut off. Models client-go's tools/record/event.go.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #names: { lastNano: bigint };
  readonly #sources = new Map<string, EventCorrelator>();

  constructor(options: EventRecorderOptions, names: { lastNano: bigint } = { lastNano: 0n }) {
    this.#options = options;
    this.#names = names;
  }

  /** Of a process that starts: what others have told before it, it tells as new. */
  ofNewProcess(): EventRecorder {
    return new EventRecorder(this.#options, this.#names);
  }

  /** Something happened to an object. `component`: `kubelet`, `default-scheduler`, …; `host`: its node. */
  event(
    component: string,
    involved: DeepReadonly<KubernetesObject>,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
    options: EventOptions = {},
  ): void {
    const { host, fieldPath, annotations } = options;
    const involvedObject = referenceTo(involved, fieldPath);
    const { namespace = '', uid = '' } = involvedObject;
    const { kind, apiVersion, name } = involvedObject;
    const object = `${kind}\u0000${namespace}\u0000${name}\u0000${uid}\u0000${apiVersion}`;
    const counted = this.#source(`${component}\u0000${host ?? ''}`).observe(
      { object, fieldPath: fieldPath ?? '', type, reason, message },
      this.#options.clock.now,
    );
    if (!counted || this.#again(counted)) return;
    const source = host === undefined ? { component } : { component, host };
    this.#first(counted, { source, type, reason, involvedObject }, annotations);
  }

  #source(from: string): EventCorrelator {
    const known = this.#sources.get(from) ?? new EventCorrelator();
    this.#sources.set(from, known);
    return known;
  }

  #first(
    counted: Counted,
    fields: Pick<Event, 'source' | 'type' | 'reason' | 'involvedObject'>,
    annotations: EventOptions['annotations'],
  ): void {
    const namespace = fields.involvedObject.namespace ?? 'default';
    const name = `${fields.involvedObject.name}.${this.#nano().toString(16)}`;
    const { source, type, reason, involvedObject } = fields;
    this.#options.store.createAsGiven({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: annotations
        ? { name, namespace, annotations: { ...annotations } }
        : { name, namespace },
      source,
      type,
      reason,
      involvedObject,
      message: counted.message,
      firstTimestamp: rfc3339(counted.first),
      lastTimestamp: rfc3339(this.#options.clock.now),
      count: counted.count,
      reportingComponent: source?.component,
    });
    counted.event = { namespace, name };
  }

  /** Counts it in the Event that is there; false when there is none, or none any more. */
  #again({ event, count, message }: Counted): boolean {
    const { store, clock } = this.#options;
    const old = event && store.get('Event', event.namespace, event.name);
    if (!old) return false;
    store.update({ ...old, count, message, lastTimestamp: rfc3339(clock.now) });
    return true;
  }

  /** Nanoseconds that no other event has. */
  #nano(): bigint {
    const now = BigInt(Math.floor(this.#options.clock.now * 1000)) * 1000n;
    const { lastNano } = this.#names;
    this.#names.lastNano = now > lastNano ? now : lastNano + 1n;
    return this.#names.lastNano;
  }
}

function referenceTo(
  { apiVersion, kind, metadata }: DeepReadonly<KubernetesObject>,
  fieldPath: string | undefined,
): ObjectReference {
  const { namespace, name, uid } = metadata;
  const reference: ObjectReference =
    namespace === undefined
      ? { kind, name, uid, apiVersion }
      : { kind, namespace, name, uid, apiVersion };
  if (fieldPath !== undefined) reference.fieldPath = fieldPath;
  return reference;
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
