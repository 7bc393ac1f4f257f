import { messageOf, OperationError } from '../../base/index.ts';
import { claimReference, persistentSpec, type RecyclerLimits } from '../../plugin/index.ts';
import { type Operation, Signal, step, stepOf, waitFor } from '../../sim/index.ts';
import { apiReason, isSimulated, type Stored } from '../context.ts';
import type { Binder } from './binder.ts';
import { recyclerName, recyclerPod } from './recycler-pod.ts';
import { isReleased } from './released.ts';

type Volume = Stored<'PersistentVolume'>;

/** How a Pod that scrubs has ended: what it is to be blamed for, if anything. */
type Outcome = { readonly failure: string | undefined };

interface Watched {
  readonly volume: Volume;
  readonly changed: Signal;
  outcome: Outcome | undefined;
}

/**
 * Scrubs released volumes by a Pod, so that they are free again. What fails is an event and the phase Failed, never an error:
 * the resync tries again. Models recycleVolumeOperation of pkg/controller/volume/persistentvolume/pv_controller.go and
 * pkg/volume/util/recyclerclient.
 */
export class Recycling {
  readonly #binder: Binder;
  readonly #watched = new Map<string, Watched>();

  constructor(binder: Binder) {
    this.#binder = binder;
    const { context } = binder;
    context.informer(
      'Pod',
      ({ type, object }) => this.#podChanged(type, object),
      ({ metadata }) => this.#watched.has(metadata.name),
    );
    context.informer(
      'Event',
      ({ type, object }) => {
        if (type === 'ADDED') this.#told(object);
      },
      ({ involvedObject }) => this.#watched.has(involvedObject.name ?? ''),
    );
  }

  /** One attempt. Whether the volume is free. */
  *recycle(name: string): Operation<boolean> {
    const binder = this.#binder;
    const { store, plugins } = binder.context.dependencies;
    const volume = store.get('PersistentVolume', undefined, name);
    if (!volume || !isReleased(binder, volume)) return true;
    const pods = this.#podsUsing(volume);
    if (pods.length > 0) {
      const message = `Volume is used by pods: ${pods.join(',')}`;
      binder.event(volume, 'Normal', 'VolumeFailedRecycle', message);
      return false;
    }
    const limits = this.#limits(volume);
    if (!limits) {
      const message = 'No recycler plugin found for the volume!';
      yield* binder.failVolume(volume, 'VolumeFailedRecycle', message);
      return false;
    }
    const { source } = persistentSpec(volume, false, plugins);
    const field = plugins.sourceField(volume.spec) ?? '';
    const pod = recyclerPod(volume, { [field]: source }, limits);
    try {
      yield* stepOf('Recycle', { volume: name }, () => this.#scrub(volume, pod));
    } catch (error) {
      if (!isSimulated(error)) throw error;
      yield* binder.failVolume(
        volume,
        'VolumeFailedRecycle',
        `Recycle failed: ${messageOf(error)}`,
      );
      return false;
    }
    binder.event(volume, 'Normal', 'VolumeRecycled', 'Volume recycled');
    const now = store.get('PersistentVolume', undefined, name);
    if (now && isReleased(binder, now)) yield* binder.unbind(now);
    return true;
  }

  #limits(volume: Volume): RecyclerLimits | undefined {
    const { plugins } = this.#binder.context.dependencies;
    try {
      return plugins.bySpec(persistentSpec(volume, false, plugins)).recycler;
    } catch {
      return undefined;
    }
  }

  /** Pods that still have the volume; those of a new claim of that name are not held against it. */
  #podsUsing({ spec }: Volume): string[] {
    const { namespace = '', name = '' } = spec.claimRef ?? {};
    if (this.#binder.claims.get(namespace, name)) return [];
    const { store } = this.#binder.context.dependencies;
    return store
      .list('Pod', { namespace })
      .filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed')
      .filter((pod) =>
        pod.spec.volumes?.some((volume) => claimReference(pod, volume)?.claimName === name),
      )
      .map(({ metadata }) => `${namespace}/${metadata.name}`);
  }

  *#scrub(volume: Volume, pod: ReturnType<typeof recyclerPod>): Operation {
    const { store } = this.#binder.context.dependencies;
    const name = recyclerName(volume.metadata.name);
    const watched: Watched = { volume, changed: new Signal(), outcome: undefined };
    this.#watched.set(name, watched);
    try {
      yield* this.#create(name, () => store.create(pod));
      while (!watched.outcome) {
        yield* waitFor(watched.changed, { reason: `the end of pod default/${name}` });
      }
      yield* this.#delete(name);
    } finally {
      this.#watched.delete(name);
    }
    const { failure } = watched.outcome;
    if (failure !== undefined) throw new OperationError(`failed to recycle volume: ${failure}`);
  }

  *#create(name: string, create: () => unknown): Operation {
    try {
      yield* step('CreatePod', { pod: `default/${name}` }, create);
    } catch (error) {
      if (!isSimulated(error)) throw error;
      if (apiReason(error) !== 'AlreadyExists') {
        throw new OperationError(`unexpected error creating recycler pod:  ${messageOf(error)}`);
      }
      yield* this.#delete(name);
      throw new OperationError('old recycler pod found, will retry later');
    }
  }

  *#delete(name: string): Operation {
    const { store } = this.#binder.context.dependencies;
    try {
      yield* step('DeletePod', { pod: `default/${name}` }, () =>
        store.delete('Pod', 'default', name),
      );
    } catch (error) {
      if (apiReason(error) !== 'NotFound') throw error;
    }
  }

  #podChanged(type: string, { metadata, status }: Stored<'Pod'>): void {
    const watched = this.#watched.get(metadata.name);
    if (!watched || metadata.namespace !== 'default') return;
    const { phase, message } = status ?? {};
    if (phase === 'Succeeded') watched.outcome ??= { failure: undefined };
    if (phase === 'Failed') {
      watched.outcome ??= { failure: message || 'pod failed, pod.Status.Message unknown' };
    }
    if (type === 'DELETED') watched.outcome ??= { failure: 'recycler pod was deleted' };
    if (watched.outcome) watched.changed.wake();
  }

  /** What is told of the Pod is told of the volume, too. */
  #told({ involvedObject, type, message = '' }: Stored<'Event'>): void {
    const watched = this.#watched.get(involvedObject.name ?? '');
    if (!watched || involvedObject.kind !== 'Pod') return;
    const kind = type === 'Warning' ? 'Warning' : 'Normal';
    this.#binder.event(watched.volume, kind, 'RecyclerPod', `Recycler pod: ${message}`);
  }
}
