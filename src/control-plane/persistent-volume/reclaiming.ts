import type { Operation } from '../../sim/index.ts';
import type { Stored } from '../context.ts';
import { hasAnnotation, MIGRATED_TO } from './annotations.ts';
import type { Binder } from './binder.ts';
import { deleterName, deleteVolume } from './deletion.ts';
import type { VolumeOperations } from './operations.ts';
import { Recycling } from './recycling.ts';

/** What becomes of released volumes, by their policy. Models reclaimVolume of pv_controller.go. */
export class Reclaiming {
  readonly #binder: Binder;
  readonly #operations: VolumeOperations;
  readonly #recycling: Recycling;
  readonly #again: (name: string) => void;

  /** @param again told of a volume that the next resync has to look at */
  constructor(binder: Binder, operations: VolumeOperations, again: (name: string) => void) {
    this.#binder = binder;
    this.#operations = operations;
    this.#recycling = new Recycling(binder);
    this.#again = again;
  }

  /** Starts what its policy says, beside the queue. */
  *reclaim(volume: Stored<'PersistentVolume'>): Operation {
    if (hasAnnotation(volume, MIGRATED_TO)) return;
    const { persistentVolumeReclaimPolicy: policy = 'Retain' } = volume.spec;
    if (policy === 'Retain') return;
    if (policy === 'Delete') return this.#startDeletion(volume);
    if (policy === 'Recycle') return this.#run(volume, 'recycle', (name) => this.#recycle(name));
    const message = 'Volume has unrecognized PersistentVolumeReclaimPolicy';
    yield* this.#binder.failVolume(volume, 'VolumeUnknownReclaimPolicy', message);
  }

  #run(
    { metadata }: Stored<'PersistentVolume'>,
    verb: string,
    operation: (name: string) => Operation,
  ): void {
    const { name, uid } = metadata;
    const again = (): void => this.#again(name);
    const started = this.#operations.run(`${verb}-${name}[${uid}]`, () => operation(name), again);
    if (!started) again();
  }

  /** It counts as one deletion until the object is gone. */
  #startDeletion(volume: Stored<'PersistentVolume'>): void {
    const { dependencies, now } = this.#binder.context;
    const plugin = deleterName(this.#binder, volume);
    const { name } = volume.metadata;
    dependencies.metrics?.volumes.begin(name, { plugin, operation: 'delete', at: now });
    this.#run(volume, 'delete', () => this.#delete(name));
  }

  *#delete(name: string): Operation {
    try {
      yield* deleteVolume(this.#binder, name);
    } catch (error) {
      this.#binder.context.dependencies.metrics?.volumes.failed(name);
      throw error;
    }
  }

  *#recycle(name: string): Operation {
    if (!(yield* this.#recycling.recycle(name))) this.#again(name);
  }
}
