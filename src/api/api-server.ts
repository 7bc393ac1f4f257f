import type { DeepReadonly, Subscription } from '../base/index.ts';
import type { Random } from '../sim/index.ts';
import {
  type AdmissionContext,
  admitCreate,
  admitDelete,
  admitUpdate,
  checkCreate,
} from './admission/index.ts';
import { ApiError } from './api-error.ts';
import {
  LAST_APPLIED,
  lastApplied,
  modifiedConfiguration,
  threeWayMerge,
  withLastApplied,
} from './apply.ts';
import { Decoder, type FieldValidation } from './decode.ts';
import { applyDefaults } from './defaults/index.ts';
import { documentsOf, type GivenDocument } from './documents.ts';
import { dropDisabledFields } from './drop-disabled.ts';
import { type EventFilter, eventsOf } from './events.ts';
import { copyOf } from './freeze.ts';
import { demandServed, deprecationWarning } from './group-versions.ts';
import { isKnownKind, kindInfo, resourceName } from './kinds.ts';
import type { Manifest } from './object.ts';
import type { StoredObject } from './objects.ts';
import { demandPlace, objectName, type PatchType, patchedObject } from './patch.ts';
import {
  deletionOptions,
  demandFunction,
  demandOptionalText,
  demandOptions,
  demandText,
  type UserDeleteOptions,
} from './requests.ts';
import type { ListOptions } from './selectors.ts';
import type { NewObject, Store, Subresource } from './store.ts';
import type { StoreListener } from './store-events.ts';
import type { Plain } from './strategic.ts';
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
    this.#store.admit = this.#admit;
  }

  readonly #admit = (object: NewObject): NewObject => this.#checked(this.#admitted(object));

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
    return this.#each(manifest, ({ content }) => {
      const object = this.#decoder.decode(content, { validation: 'ignore' });
      applyDefaults(object, this.#rules);
      return this.#store.restore(object);
    });
  }

  /** Replaces an object, or one part of it. Conflict when its resourceVersion is not the stored one; NotFound. */
  replace(object: KubernetesObject, options: TargetOptions = {}): KubernetesObject {
    demandOptions(options);
    return this.#store.transaction(() => {
      const decoded = this.#decode({ content: object, strict: [] });
      const { namespace, name } = decoded.metadata;
      const old = this.#demand(decoded.kind, name ?? '', options.namespace ?? namespace);
      demandPlace(old, decoded.metadata as Plain);
      return given(this.#update(decoded, old, options.subresource));
    });
  }

  /** Changes an object by a patch: `merge` (default), `json` or `strategic`. NotFound. */
  patch(
    kind: string,
    name: string,
    patch: object,
    options: TargetOptions & { type?: PatchType } = {},
  ): KubernetesObject {
    demandOptions(options);
    return this.#store.transaction(() => {
      const old = this.#demand(kind, name, options.namespace);
      const content = patchedObject(old, patch, options.type ?? 'merge');
      return given(this.#update(this.#decode({ content, strict: [] }), old, options.subresource));
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
    demandOptions(options);
    demandFunction(change, 'change');
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
    demandText(kind, 'kind');
    return this.#store.get(kind, namespace, name);
  }

  /** Objects in the order of namespace and name; of all namespaces unless one is given. */
  list<K extends keyof KindMap>(kind: K, options?: ListOptions): DeepReadonly<KindMap[K]>[];
  list(kind: string, options?: ListOptions): StoredObject[];
  list(kind: string, options: ListOptions = {}): StoredObject[] {
    demandText(kind, 'kind');
    demandOptions(options);
    for (const name of ['namespace', 'labelSelector', 'fieldSelector'] as const) {
      demandOptionalText(options[name], name);
    }
    return this.#store.list(kind, options);
  }

  /** Deletes as kubectl does. NotFound; Invalid for options that are none. */
  delete(kind: string, name: string, options: UserDeleteOptions = {}): void {
    demandOptions(options);
    demandText(kind, 'kind');
    demandText(name, 'name');
    const { namespace = 'default' } = options;
    const deletion = deletionOptions(options);
    this.#store.transaction(() => {
      admitDelete(kind, name);
      this.#store.delete(kind, namespace, name, deletion);
    });
  }

  /** Told of each change of a kind, in order. */
  watch(kind: string, listener: StoreListener): Subscription {
    demandText(kind, 'kind');
    demandFunction(listener, 'listener');
    return this.#store.watch(kind, listener);
  }

  /** core/v1 Events, oldest first. */
  events(filter: EventFilter = {}): DeepReadonly<Event>[] {
    demandOptions(filter);
    demandOptionalText(filter.involved, 'involved');
    return eventsOf(this.#store, filter);
  }

  #each(manifest: Manifest, action: (document: GivenDocument) => StoredObject): KubernetesObject[] {
    this.#unknownKinds.clear();
    return this.#store.transaction(() =>
      documentsOf(manifest, this.#options.fieldValidation).map((one) => given(action(one))),
    );
  }

  #decode({ content, strict }: GivenDocument): NewObject {
    const { fieldValidation: validation, onWarning } = this.#options;
    const object = this.#decoder.decode(content, { validation, warn: onWarning, strict });
    const { apiVersion, kind } = object;
    demandServed(apiVersion, kind, this.#rules);
    const deprecation = deprecationWarning(apiVersion, kind, this.#rules);
    if (deprecation !== undefined) onWarning?.(deprecation);
    if (!isKnownKind(kind) && !this.#unknownKinds.has(kind)) {
      this.#unknownKinds.add(kind);
      onWarning?.(`${kind} (${apiVersion}) has no schema here: stored as it is`);
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
    this.#checked(admitted);
    this.#warn(admitted);
    return this.#store.createAsGiven(admitted);
  }

  /** Defaults and admission, in place; also for what controllers create. */
  #admitted(object: NewObject): NewObject {
    applyDefaults(object, this.#rules);
    admitCreate(object, this.#admission());
    dropDisabledFields(object, undefined, this.#rules);
    return object;
  }

  #checked(object: NewObject): NewObject {
    checkCreate(object, this.#admission());
    return object;
  }

  #admission(): AdmissionContext {
    return { store: this.#store, rules: this.#rules, random: this.#options.random };
  }

  #applyOne(document: GivenDocument): StoredObject {
    const wanted = this.#decode(document);
    const { kind, apiVersion, metadata } = wanted;
    if (!metadata.name) throw unnamed(metadata.generateName);
    const { namespaced } = kindInfo(kind, apiVersion);
    const namespace = namespaced ? metadata.namespace || 'default' : undefined;
    const modified = modifiedConfiguration(document.content as Plain, namespace);
    const old = this.#store.get(kind, namespace, metadata.name);
    if (!old) return this.#createOne(withLastApplied(wanted, modified));
    this.#warnOfApply(old);
    const merged = threeWayMerge(old as Plain, lastApplied(old as Plain), modified, kind);
    return this.#update(this.#decoder.decode(merged, { validation: 'ignore' }), old);
  }

  /** What kubectl says of an object that it did not make, and of one that goes. */
  #warnOfApply(old: StoredObject): void {
    const { annotations = {}, deletionTimestamp } = old.metadata;
    const name = objectName(old);
    if (annotations[LAST_APPLIED] === undefined) {
      this.#options.onWarning?.(
        `resource ${name} is missing the ${LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.`,
      );
    }
    if (deletionTimestamp !== undefined) {
      const text = `Detected changes to resource ${name} which is currently being deleted.`;
      this.#options.onWarning?.(text);
    }
  }

  #update(object: NewObject, old: StoredObject, subresource?: Subresource): StoredObject {
    const prepared = copyOf(prepareForUpdate(object, old, subresource, this.#rules));
    applyDefaults(prepared, this.#rules);
    dropDisabledFields(prepared, old as unknown as NewObject, this.#rules);
    const context = this.#admission();
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
    demandText(kind, 'kind');
    demandText(name, 'name');
    const object = this.#store.get(kind, namespace, name);
    if (!object) throw ApiError.notFound(resourceName(kind), name);
    return object;
  }
}

/** In kubectl's words. */
function unnamed(generateName = ''): ApiError {
  return ApiError.badRequest(
    generateName === ''
      ? 'resource name may not be empty'
      : `from ${generateName}: cannot use generate name with apply`,
  );
}

/** Frozen all the same: the public type says so where it matters. */
function given(object: StoredObject): KubernetesObject {
  return object as unknown as KubernetesObject;
}
