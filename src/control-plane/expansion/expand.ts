import type { PersistentVolumeClaim } from '../../api/index.ts';
import { formatQuantity, messageOf, OperationError, quoted } from '../../base/index.ts';
import { amountOf, operationOf, persistentSpec, type VolumePlugin } from '../../plugin/index.ts';
import { type Operation, stepOf } from '../../sim/index.ts';
import { type ControllerContext, isSimulated, keyOf, type Stored } from '../context.ts';
import { annotated, PRE_RESIZE_CAPACITY } from '../persistent-volume/annotations.ts';
import { volumeModeOf } from '../persistent-volume/claims.ts';
import { capacityOf } from '../persistent-volume/matching.ts';
import {
  type Marking,
  markFailed,
  markFinished,
  markForNode,
  markInfeasible,
  markInProgress,
} from './marks.ts';

const STORAGE_RESIZER = 'volume.kubernetes.io/storage-resizer';

type Claim = Stored<'PersistentVolumeClaim'>;
type Volume = Stored<'PersistentVolume'>;
type Status = NonNullable<PersistentVolumeClaim['status']>;

/** What is there to be used. */
export function statusSizeOf({ status }: Claim): number {
  return amountOf(status?.capacity?.['storage']);
}

/**
 * One attempt to make a volume larger, by a plugin of the controller; a node does the rest where it has a part in it. Throws an
 * OperationError, and says why. Models GenerateExpandVolumeFunc, and since 1.32 GenerateExpandAndRecoverVolumeFunc, of
 * pkg/volume/util/operationexecutor.
 */
export class Expansion {
  readonly #context: ControllerContext;
  readonly #plugin: VolumePlugin;
  readonly #marking: Marking;
  #claim: Claim;
  #volume: Volume;

  constructor(
    context: ControllerContext,
    of: { readonly claim: Claim; readonly volume: Volume; readonly plugin: VolumePlugin },
  ) {
    this.#context = context;
    this.#plugin = of.plugin;
    this.#claim = of.claim;
    this.#volume = of.volume;
    const recovers = context.dependencies.rules.gate('RecoverVolumeExpansionFailure');
    this.#marking = { recovers, now: context.now };
  }

  *run(): Operation {
    const target = this.#target();
    if (target === undefined) return;
    const done = capacityOf(this.#volume) >= amountOf(target) && this.#isAtNode('Infeasible');
    if (!done) {
      yield* this.#mark(markInProgress(this.#claim, target, this.#marking), this.#plugin.name);
      const size = yield* this.#larger(target);
      yield* this.#enlargeVolume(size);
    }
    if (this.#needsNode) return yield* this.#mark(markForNode(this.#claim, this.#marking));
    const { storage = target } = this.#volume.spec.capacity ?? {};
    yield* this.#mark(markFinished(this.#claim, storage));
    this.#say('Normal', 'VolumeResizeSuccessful', `ExpandVolume succeeded for volume ${this.#key}`);
  }

  /** The node has done its part. */
  *forgetOldCapacity(): Operation {
    yield* this.#writeVolume(annotated(this.#volume, PRE_RESIZE_CAPACITY, undefined));
  }

  get #key(): string {
    return keyOf(this.#claim);
  }

  get #needsNode(): boolean {
    if (volumeModeOf(this.#volume) !== 'Filesystem') return false;
    return this.#plugin.expander?.nodeExpand !== undefined;
  }

  #isAtNode(...states: readonly string[]): boolean {
    const status = this.#claim.status?.allocatedResourceStatuses?.['storage'];
    return states.some((state) => status === `NodeResize${state}`);
  }

  /** What it is to have; undefined while a node has its part to do. What was begun is finished first. */
  #target(): string | undefined {
    const { spec, status } = this.#claim;
    const wish = spec.resources?.requests?.['storage'] ?? '0';
    if (!this.#marking.recovers) return wish;
    const begun = status?.allocatedResources?.['storage'];
    const atNode = this.#isAtNode('Pending', 'InProgress');
    if (capacityOf(this.#volume) >= amountOf(wish)) return atNode ? undefined : (begun ?? wish);
    const goesOn =
      atNode || status?.allocatedResourceStatuses?.['storage'] === 'ControllerResizeInProgress';
    return goesOn ? (begun ?? wish) : wish;
  }

  *#larger(target: string): Operation<string> {
    const { expander, name } = this.#plugin;
    const spec = persistentSpec(this.#volume, false, this.#context.dependencies.plugins);
    const growth = { from: statusSizeOf(this.#claim), to: amountOf(target) };
    if (capacityOf(this.#volume) >= growth.to) return target;
    try {
      const bytes = yield* stepOf('ExpandVolume', { volume: spec.name }, () =>
        operationOf(
          expander?.expandVolumeDevice?.(spec, growth) ?? growth.to,
          `${name}.expander.expandVolumeDevice`,
        ),
      );
      return bytes === growth.to ? target : bytesText(bytes);
    } catch (error) {
      if (!isSimulated(error)) throw error;
      yield* this.#failed(error);
      throw error;
    }
  }

  /** Only what is surely over is marked: the user may then ask for less. */
  *#failed(error: unknown): Operation {
    const why = messageOf(error);
    const of = this.#marking.recovers
      ? `error expanding pvc ${this.#key}: ${why}`
      : `error expanding volume ${quoted(this.#key)} of plugin ${quoted(this.#plugin.name)}: ${why}`;
    this.#say('Warning', 'VolumeResizeFailed', of);
    if (!this.#marking.recovers || !(error instanceof OperationError)) return;
    if (error.class !== 'final') return;
    const mark = error.code === 'Infeasible' ? markInfeasible : markFailed;
    yield* this.#mark(mark(this.#claim, why, this.#marking));
  }

  *#enlargeVolume(storage: string): Operation {
    const old = this.#volume.spec.capacity?.['storage'];
    if (capacityOf(this.#volume) >= amountOf(storage)) return;
    const { spec } = this.#volume;
    const larger = { ...this.#volume, spec: { ...spec, capacity: { ...spec.capacity, storage } } };
    yield* this.#writeVolume(
      this.#needsNode && old !== undefined ? annotated(larger, PRE_RESIZE_CAPACITY, old) : larger,
    );
  }

  *#writeVolume(volume: Volume): Operation {
    const { store } = this.#context.dependencies;
    const write = () => store.update(volume) as unknown as Volume;
    this.#volume = yield* this.#context.write('UpdatePersistentVolume', volume, write);
  }

  /** Writes the claim's status, and who makes it larger. */
  *#mark(status: Status, resizer?: string): Operation {
    const { store } = this.#context.dependencies;
    const marked = { ...this.#claim, status };
    const write = () => store.update(marked, { subresource: 'status' }) as unknown as Claim;
    this.#claim = yield* this.#context.write('UpdatePersistentVolumeClaimStatus', marked, write);
    if (resizer === undefined) return;
    if (this.#claim.metadata.annotations?.[STORAGE_RESIZER] === resizer) return;
    const named = annotated(this.#claim, STORAGE_RESIZER, resizer);
    this.#claim = yield* this.#context.write(
      'UpdatePersistentVolumeClaim',
      named,
      () => store.update(named) as unknown as Claim,
    );
  }

  #say(type: 'Normal' | 'Warning', reason: string, message: string): void {
    const { events } = this.#context.dependencies;
    events.event('volume_expand', this.#claim, type, reason, message);
  }
}

function bytesText(bytes: number): string {
  return formatQuantity({ nanos: BigInt(bytes) * 1_000_000_000n, format: 'BinarySI' });
}
