import { messageOf, milliseconds, OperationError } from '../../base/index.ts';
import { BLOCK_SIZE, type FileSystem } from '../../kernel/index.ts';
import { type Operation, sleepUntil } from '../../sim/index.ts';
import type { ImageChange, RuntimeImage } from '../contracts.ts';
import type { Machine } from '../machine/index.ts';
import type { PodContext } from '../pod/context.ts';
import { isFailure } from '../volume-manager/failure.ts';
import { ImageRecords } from './image-records.ts';
import { ImageRemoval } from './image-removal.ts';
import { ImageTexts } from './image-texts.ts';

/** Milliseconds between two looks. */
const PERIOD = 300_000;
/** Bytes that are wanted when all unused images are to go: the largest number of Go. */
const ALL = 9_223_372_036_854_775_807n;

const RECLAIM_FAILED =
  'Eviction manager: unexpected error when attempting to reduce resource pressure';

export interface ImageGCParts {
  readonly context: PodContext;
  readonly machine: Machine;
  /** A warning about the Node. */
  readonly event: (reason: string, message: string) => void;
  /** Images that could not be deleted before may be deleted now. */
  readonly changed: () => void;
}

/**
 * Deletes unused images when the disk that they are on is too full, or the kubelet is told to. The real one looks every five
 * minutes; this one when it would find something, at the tick at which the real one would have found it. What could not be helped
 * is told twice, and then again once something has changed. Models pkg/kubelet/images/image_gc_manager.go and
 * StartGarbageCollection of pkg/kubelet/kubelet.go.
 */
export class ImageGCManager {
  readonly #parts: ImageGCParts;
  readonly #disk: FileSystem;
  readonly #records: ImageRecords;
  readonly #removal: ImageRemoval;
  readonly #texts: ImageTexts;
  readonly #start: number;
  readonly #minAge: number;
  readonly #maxAge: number;
  /** Blocks in use from which on the disk is too full. */
  #limit = Number.POSITIVE_INFINITY;
  /** It was too full when that was looked at last. */
  #over = false;
  /** When it ceased to be, ms. */
  #below = Number.NEGATIVE_INFINITY;
  /** Looks in a row that failed. */
  #failures = 0;
  #planned: number | undefined;
  /** The last tick that was taken, ms. */
  #last = Number.NEGATIVE_INFINITY;

  constructor(parts: ImageGCParts) {
    this.#parts = parts;
    const { configuration, rules, system } = parts.context;
    this.#disk = parts.machine.disks.images;
    this.#minAge = milliseconds(configuration.imageMinimumGCAge, 'imageMinimumGCAge');
    this.#maxAge = milliseconds(configuration.imageMaximumGCAge, 'imageMaximumGCAge');
    this.#start = system.simulation.now;
    const before = rules.before('1.29') ? Number.NEGATIVE_INFINITY : this.#start;
    this.#records = new ImageRecords({ start: this.#start, period: PERIOD, before });
    this.#texts = new ImageTexts(rules);
    this.#removal = new ImageRemoval({
      context: parts.context,
      texts: this.#texts,
      minAge: this.#minAge,
      maxAge: this.#maxAge,
      start: this.#start,
    });
  }

  start(): void {
    const { runtime } = this.#parts.context;
    this.#records.begin(this.#images);
    runtime.onImage = this.#onImage;
    if (this.#disabled) return;
    this.#limit = this.#blocksTooMany();
    this.nodeUsed();
    this.#planForAge();
  }

  readonly #onImage = (image: RuntimeImage, what: ImageChange): void =>
    this.#imageChanged(image, what);

  stop(): void {
    this.#parts.context.runtime.onImage = undefined;
  }

  /** Something was written, or freed. Called in the middle of it, so only a counter is looked at. */
  nodeUsed(): void {
    const over = this.#disk.blocksUsed >= this.#limit;
    if (over === this.#over) return;
    this.#over = over;
    if (!over) this.#below = this.#now;
    else {
      // A look in between would have gone well.
      if (this.#tickBefore(this.#now) >= this.#below) this.#failures = 0;
      this.#plan(this.#now);
    }
  }

  /** Deletes all unused images, whatever room there is. Models DeleteUnusedImages. */
  *deleteUnused(): Operation {
    const images = this.#images;
    if (images.length === 0) return;
    this.#log(this.#texts.deleting);
    try {
      yield* this.#removal.freeSpace(ALL, this.#records.detect(images, this.#now));
    } catch (error) {
      if (!isFailure(error)) throw error;
      this.#log(`${RECLAIM_FAILED}: ${messageOf(error)}`);
    }
  }

  /** When an unused image can be deleted, ms: it is old enough, or will be then; undefined: there is none. */
  nextEligible(): number | undefined {
    const times = this.#records
      .expect(this.#images)
      .filter(({ image }) => !image.used)
      .map(({ firstDetected }) => Math.max(this.#now, firstDetected + this.#minAge));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  get #now(): number {
    return this.#parts.context.system.simulation.now;
  }

  get #images(): RuntimeImage[] {
    return this.#parts.context.runtime.listImages?.() ?? [];
  }

  /** Until 1.10 it looked even when there was no threshold. */
  get #disabled(): boolean {
    const { configuration, rules } = this.#parts.context;
    if (configuration.imageGCHighThresholdPercent < 100 || rules.before('1.11')) return false;
    return rules.before('1.30') || this.#maxAge === 0;
  }

  #imageChanged(image: RuntimeImage, what: ImageChange): void {
    this.#records.changed(image, what, this.#now);
    if (what !== 'unused' && what !== 'pulled') return;
    this.#parts.changed();
    if (this.#disabled) return;
    if (this.#over) this.#plan(this.#now);
    this.#planForAge();
  }

  /** The first tick at or after a time that was not taken yet, unless an earlier one is planned. */
  #plan(from: number): void {
    const soonest = Math.max(from, this.#last + PERIOD, this.#start);
    const at = this.#start + Math.ceil((soonest - this.#start) / PERIOD) * PERIOD;
    if (this.#planned !== undefined && this.#planned <= at) return;
    this.#planned = at;
    const { owner, system } = this.#parts.context;
    system.simulation.spawn(`${system.name}: image GC`, owner, this.#run(at));
  }

  *#run(at: number): Operation {
    yield* sleepUntil(at, { class: 'deadline', reason: 'next look for images to delete' });
    if (this.#planned !== at) return;
    this.#planned = undefined;
    this.#last = at;
    yield* this.#look();
    this.#planNext();
  }

  #tickBefore(now: number): number {
    return this.#start + Math.floor((now - this.#start) / PERIOD) * PERIOD;
  }

  *#look(): Operation {
    try {
      yield* this.#garbageCollect();
      this.#failures = 0;
    } catch (error) {
      if (!isFailure(error)) throw error;
      this.#failed(messageOf(error));
    }
  }

  /** An event is for failures that repeat. */
  #failed(why: string): void {
    const { context, event } = this.#parts;
    this.#failures++;
    if (this.#failures > 1) {
      context.log('error', `Image garbage collection failed multiple times in a row: ${why}`);
      event('ImageGCFailed', why);
      return;
    }
    context.log(
      'error',
      `Image garbage collection failed once. Stats initialization may not have completed yet: ${why}`,
    );
  }

  /** The look after this one, if there is a reason for it. */
  #planNext(): void {
    this.#planForAge();
    this.#limit = this.#blocksTooMany();
    this.#over = this.#disk.blocksUsed >= this.#limit;
    if (!this.#over) return;
    const again = this.#failures < 2 ? this.#now : this.nextEligible();
    if (again !== undefined) this.#plan(again);
  }

  /** When an image has been unused for too long. */
  #planForAge(): void {
    if (this.#maxAge === 0) return;
    const from = this.#parts.context.rules.before('1.30')
      ? this.#now
      : this.#start + this.#maxAge + 1;
    for (const { image, lastUsed } of this.#records.expect(this.#images)) {
      if (!image.used) this.#plan(Math.max(from, lastUsed + this.#maxAge + 1));
    }
  }

  *#garbageCollect(): Operation {
    const now = this.#now;
    const all = this.#records.detect(this.#images, now);
    const images = yield* this.#removal.freeOld(all.filter(({ image }) => !image.used));
    const { capacity, available } = this.#usage();
    const { imageGCHighThresholdPercent: high, imageGCLowThresholdPercent: low } =
      this.#parts.context.configuration;
    const usage = 100 - Math.trunc((available * 100) / capacity);
    if (capacity === 0 || usage < high) return;
    const amount = Math.trunc((capacity * (100 - low)) / 100) - available;
    this.#log(this.#texts.tooFull({ usage, high, low, amount }));
    const freed = yield* this.#removal.freeSpace(BigInt(amount), images);
    if (freed >= amount) return;
    const message = this.#texts.freedTooLittle(amount, freed);
    this.#parts.event('FreeDiskSpaceFailed', message);
    throw new OperationError(message);
  }

  #usage(): { readonly capacity: number; readonly available: number } {
    const { blocks, bavail } = this.#disk.statfs();
    return { capacity: blocks * BLOCK_SIZE, available: bavail * BLOCK_SIZE };
  }

  /** Blocks in use at which the disk is as full as it may not be. */
  #blocksTooMany(): number {
    const { capacity, available } = this.#usage();
    const { imageGCHighThresholdPercent: high } = this.#parts.context.configuration;
    if (capacity === 0) return Number.POSITIVE_INFINITY;
    // Whole percents are counted as available, so that the disk may be fuller by almost one.
    const enough = ((101 - high) * capacity) / 100;
    const blocks = Math.floor((available - enough) / BLOCK_SIZE) + 1;
    return this.#disk.blocksUsed + blocks;
  }

  #log(message: string): void {
    this.#parts.context.log('info', message);
  }
}
