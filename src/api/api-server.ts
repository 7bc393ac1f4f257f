import type { DeepReadonly, Subscription } from '../base/index.ts';
import type { Random } from '../sim/index.ts';
import { admitCreate, admitUpdate } from './admission/index.ts';
import { ApiError } from './api-error.ts';
import { lastApplied, threeWayMerge, withLastApplied } from './apply.ts';
import { Decoder, type FieldValidation } from './decode.ts';
import { applyDefaults } from './defaults/index.ts';
import { documentsOf } from './documents.ts';
import { dropDisabledFields } from './drop-disabled.ts';
import { type EventFilter, eventsOf } from './events.ts';
import { copyOf } from './freeze.ts';
import { demandServed } from './group-versions.ts';
import { jsonPatch } from './json-patch.ts';
import { isKnownKind, kindInfo, resourceName } from './kinds.ts';
import type { Manifest } from './object.ts';
import type { StoredObject } from './objects.ts';
import { demandJson } from './plain-json.ts';
import type { ListOptions } from './selectors.ts';
import type { NewObject, Store, Subresource } from './store.ts';
import type { StoreListener } from './store-events.ts';
import { mergePatch, type Plain, strategicPatch } from './strategic.ts';
import { prepareForCreate, prepareForUpdate } from './strategy.ts';
import { reviewToken } from './tokens.ts';
import type { Event, KindMap, KubernetesObject } from './types.ts';
import { validateCreate, validateUpdate } from './validation/index.ts';
import type { VersionRules } from './versions.ts';
import { warningsFor } from './warnings.ts';

export interface ApiServerOptions {
  readonly store: Store;
  readonly rules: VersionRules;
  /** Virtual time, ms. */
  readonly clock: { readonly now: number };
  readonly random: Random;
  /** What is done about unknown fields. Default `strict`. */
  readonly fieldValidation?: FieldValidation;
  /** Told what kubectl would print as a warning. */
  readonly onWarning?: (message: string) => void;
}

/** Which object, and which part of it. Namespace `default` unless said. */
export interface TargetOptions {
  readonly namespace?: string;
  readonly subresource?: Subresource;
}

/** How kubectl deletes. A grace period of 0 without `force` is 1 second. */
export interface UserDeleteOptions {
  readonly namespace?: string;
  readonly gracePeriodSeconds?: number;
  readonly force?: boolean;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

/**
 * What users (kubectl) talk to: decoding, defaults, admission, validation, and the store. Every call is done in whole or not
 * at all. Refusals are ApiErrors. Models kube-apiserver.
 */
export class ApiServer {
  readonly #options: ApiServerOptions;
  readonly #store: Store;
  readonly #rules: VersionRules;
  readonly #decoder: Decoder;
  readonly #unknownKinds = new Set<string>();

  constructor(options: ApiServerOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#rules = options.rules;
    this.#decoder = new Decoder(options.rules);
    this.#store.admit = (object) => this.#admitted(object);
  }

  /** Creates or updates as kubectl apply does, with the three-way merge. */
  apply(manifest: Manifest): KubernetesObject[] {
    return this.#each(manifest, (document) => this.#applyOne(document));
  }

  /** Creates. AlreadyExists. A TokenReview is answered, not stored. */
  create(manifest: Manifest): KubernetesObject[] {
    return this.#each(manifest, (document) => this.#createOne(this.#decode(document)));
  }

  /** Puts objects into storage as given. */
  restore(manifest: Manifest): KubernetesObject[] {
    return this.#each(manifest, (document) => {
      const object = this.#decoder.decode(document, 'ignore');
      applyDefaults(object, this.#rules);
      return this.#store.restore(object);
    });
  }

  /** Replaces an object, or one part of it. Conflict when its resourceVersion is not the stored one; NotFound. */
  replace(object: KubernetesObject, options: TargetOptions = {}): KubernetesObject {
    return this.#store.transaction(() => {
      const decoded = this.#decode(object);
      const { namespace, name = '' } = decoded.metadata;
      const old = this.#demand(decoded.kind, name, options.namespace ?? namespace);
      return given(this.#update(decoded, old, options.subresource));
    });
  }

  /** Changes an object by a patch: `merge` (default), `json` or `strategic`. NotFound. */
  patch(
    kind: string,
    name: string,
    patch: object,
    options: TargetOptions & { type?: 'merge' | 'json' | 'strategic' } = {},
  ): KubernetesObject {
    return this.#store.transaction(() => {
      const old = this.#demand(kind, name, options.namespace);
      const changed = patched(old as unknown as Plain, patch, options.type ?? 'merge', kind);
      return given(this.#update(this.#decode(changed), old, options.subresource));
    });
  }

  /** Changes a copy of an object, and replaces it by that. NotFound. */
  edit<K extends keyof KindMap>(
    kind: K,
    name: string,
    change: (draft: KindMap[K]) => void,
    options?: TargetOptions,
  ): KubernetesObject;
  edit(
    kind: string,
    name: string,
    change: (draft: KubernetesObject) => void,
    options?: TargetOptions,
  ): KubernetesObject;
  edit(
    kind: string,
    name: string,
    change: (draft: never) => void,
    options: TargetOptions = {},
  ): KubernetesObject {
    const old = this.#demand(kind, name, options.namespace);
    const draft = copyOf(old) as unknown as KubernetesObject;
    change(draft as never);
    return this.replace(draft, options);
  }

  /** An object, frozen; undefined when there is none. */
  get<K extends keyof KindMap>(
    kind: K,
    name: string,
    namespace?: string,
  ): DeepReadonly<KindMap[K]> | undefined;
  get(kind: string, name: string, namespace?: string): StoredObject | undefined;
  get(kind: string, name: string, namespace = 'default'): StoredObject | undefined {
    return this.#store.get(kind, namespace, name);
  }

  /** Objects in the order of namespace and name; of all namespaces unless one is given. */
  list<K extends keyof KindMap>(kind: K, options?: ListOptions): DeepReadonly<KindMap[K]>[];
  list(kind: string, options?: ListOptions): StoredObject[];
  list(kind: string, options?: ListOptions): StoredObject[] {
    return this.#store.list(kind, options);
  }

  /** Deletes as kubectl does. NotFound. */
  delete(kind: string, name: string, options: UserDeleteOptions = {}): void {
    const { namespace = 'default', gracePeriodSeconds, force, propagationPolicy } = options;
    if (gracePeriodSeconds !== undefined && !Number.isInteger(gracePeriodSeconds)) {
      throw ApiError.badRequest(`gracePeriodSeconds: ${gracePeriodSeconds} is not a whole number`);
    }
    const seconds = force ? 0 : gracePeriodSeconds === 0 ? 1 : gracePeriodSeconds;
    this.#store.transaction(() =>
      this.#store.delete(kind, namespace, name, { gracePeriodSeconds: seconds, propagationPolicy }),
    );
  }

  /** Told of each change of a kind, in order. */
  watch(kind: string, listener: StoreListener): Subscription {
    return this.#store.watch(kind, listener);
  }

  /** core/v1 Events, oldest first. */
  events(filter: EventFilter = {}): DeepReadonly<Event>[] {
    return eventsOf(this.#store, filter);
  }

  #each(manifest: Manifest, action: (document: unknown) => StoredObject): KubernetesObject[] {
    return this.#store.transaction(() =>
      documentsOf(manifest).map((document) => given(action(document))),
    );
  }

  #decode(document: unknown): NewObject {
    const { fieldValidation, onWarning } = this.#options;
    const object = this.#decoder.decode(document, fieldValidation, onWarning);
    const { kind } = object;
    demandServed(object.apiVersion, kind, this.#rules);
    if (!isKnownKind(kind) && !this.#unknownKinds.has(kind)) {
      this.#unknownKinds.add(kind);
      onWarning?.(`${kind} (${object.apiVersion}) has no schema here: stored as it is`);
    }
    return object;
  }

  #createOne(object: NewObject): StoredObject {
    prepareForCreate(object);
    if (object.kind === 'TokenReview') {
      return reviewToken(object, this.#store, this.#options.clock.now);
    }
    const admitted = this.#admitted(object);
    validateCreate(admitted, { rules: this.#rules, store: this.#store });
    this.#warn(admitted);
    return this.#store.createAsGiven(admitted);
  }

  /** Defaults and admission, in place; also for what controllers create. */
  #admitted(object: NewObject): NewObject {
    applyDefaults(object, this.#rules);
    const { random } = this.#options;
    admitCreate(object, { store: this.#store, rules: this.#rules, random });
    dropDisabledFields(object, undefined, this.#rules);
    return object;
  }

  #applyOne(document: unknown): StoredObject {
    const wanted = this.#decode(document);
    const { namespace, name } = wanted.metadata;
    if (!name) {
      throw ApiError.badRequest('error: from : cannot use generate name with apply');
    }
    const applied = withLastApplied(copyOf(wanted) as unknown as Plain);
    const old = this.#store.get(wanted.kind, namespace, name);
    if (!old) return this.#createOne(applied as unknown as NewObject);
    const current = old as unknown as Plain;
    const merged = threeWayMerge(current, lastApplied(current), applied, wanted.kind);
    return this.#update(copyOf(merged) as unknown as NewObject, old);
  }

  #update(object: NewObject, old: StoredObject, subresource?: Subresource): StoredObject {
    const prepared = copyOf(prepareForUpdate(object, old, subresource));
    applyDefaults(prepared, this.#rules);
    dropDisabledFields(prepared, old as unknown as NewObject, this.#rules);
    const { random } = this.#options;
    const context = { store: this.#store, rules: this.#rules, random };
    validateUpdate(prepared, old as unknown as NewObject, context, subresource);
    if (subresource === undefined) admitUpdate(prepared, old as unknown as NewObject, context);
    this.#warn(prepared);
    return this.#store.update(prepared);
  }

  #warn(object: NewObject): void {
    const { onWarning } = this.#options;
    if (onWarning) for (const text of warningsFor(object, this.#rules)) onWarning(text);
  }

  #demand(kind: string, name: string, namespace = 'default'): StoredObject {
    const object = this.#store.get(kind, namespace, name);
    if (!object) throw ApiError.notFound(resourceName(kind), name);
    return object;
  }
}

/** Frozen all the same: the public type says so where it matters. */
function given(object: StoredObject): KubernetesObject {
  return object as unknown as KubernetesObject;
}

function patched(old: Plain, patch: object, type: string, kind: string): unknown {
  if (typeof patch !== 'object' || patch === null) {
    throw ApiError.badRequest('error decoding patch: it must be an object');
  }
  demandJson(patch);
  if (type === 'json') return jsonPatch(old, patch);
  if (Array.isArray(patch)) {
    throw ApiError.badRequest(
      'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
    );
  }
  if (type === 'merge') return mergePatch(old, patch);
  if (type === 'strategic') return strategicPatch(old, patch as Plain, kindInfo(kind).kind);
  throw ApiError.badRequest(`patch type ${JSON.stringify(type)} is not known`);
}
