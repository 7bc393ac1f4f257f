import { BLOCK_SIZE, type FileSystem } from '../../kernel/index.ts';
import type { Machine } from '../machine/index.ts';
import { amountOfThreshold, SIGNALS, type SignalName, type Threshold } from './thresholds.ts';

/** How much of something a node has, and has left. */
export interface Observation {
  readonly capacity: number;
  readonly available: number;
}

/** Looks at a signal: costs nothing but a few counters. Models makeSignalObservations. */
export function observe(machine: Machine, signal: SignalName): Observation {
  const { root, images } = machine.disks;
  switch (signal) {
    case 'memory.available':
      return memoryOf(machine);
    case 'nodefs.available':
      return bytesOf(root);
    case 'nodefs.inodesFree':
      return inodesOf(root);
    case 'imagefs.available':
      return bytesOf(images);
    case 'imagefs.inodesFree':
      return inodesOf(images);
  }
}

/** What changes whenever a signal may have, in blocks or inodes. */
function counterOf({ disks, kernel }: Machine, signal: SignalName): () => number {
  switch (signal) {
    case 'memory.available':
      return () => kernel.memoryBlocks;
    case 'nodefs.available':
      return () => disks.root.blocksUsed;
    case 'nodefs.inodesFree':
      return () => disks.root.inodesUsed;
    case 'imagefs.available':
      return () => disks.images.blocksUsed;
    case 'imagefs.inodesFree':
      return () => disks.images.inodesUsed;
  }
}

function bytesOf(fileSystem: FileSystem): Observation {
  const { blocks, bavail } = fileSystem.statfs();
  return { capacity: blocks * BLOCK_SIZE, available: bavail * BLOCK_SIZE };
}

function inodesOf(fileSystem: FileSystem): Observation {
  const { files, ffree } = fileSystem.statfs();
  return { capacity: files, available: ffree };
}

/** Of memory only what files in it take is known here. */
function memoryOf({ kernel, memory }: Machine): Observation {
  return { capacity: memory, available: Math.max(0, memory - kernel.memoryBlocks * BLOCK_SIZE) };
}

/** Too little is left; enough, but less than has to be won back; enough. */
export type Level = 'short' | 'recovering' | 'enough';

/** One threshold on a machine. It is asked at every write: mostly a counter tells that nothing can have changed. */
export class Gauge {
  readonly threshold: Threshold;
  readonly #machine: Machine;
  readonly #taken: () => number;
  /** As it was at the last look. */
  seen: Level = 'enough';
  #level: Level = 'enough';
  /** What was taken at the last measurement, and by how much it may change before the next, blocks or inodes. */
  #measured = 0;
  #slack = 0;

  constructor(machine: Machine, threshold: Threshold) {
    this.#machine = machine;
    this.threshold = threshold;
    this.#taken = counterOf(machine, threshold.signal);
  }

  /** How it stands now. Models thresholdsMet. */
  level(): Level {
    const taken = this.#taken();
    if (Math.abs(taken - this.#measured) >= this.#slack) this.#measure(taken);
    return this.#level;
  }

  /** A filesystem without a limit has always enough. */
  #measure(taken: number): void {
    const { signal, text, minimumReclaim } = this.threshold;
    const { capacity, available } = observe(this.#machine, signal);
    const limit = amountOfThreshold(text, capacity);
    const more = minimumReclaim === undefined ? 0 : amountOfThreshold(minimumReclaim, capacity);
    const short = available < limit ? 'short' : 'recovering';
    this.#level = capacity === 0 || available >= limit + more ? 'enough' : short;
    this.#measured = taken;
    const unit = SIGNALS[signal].resource === 'inodes' ? 1 : BLOCK_SIZE;
    const distances = [limit, limit + more].map((bound) => Math.abs(available - bound));
    this.#slack = capacity === 0 ? Number.POSITIVE_INFINITY : Math.min(...distances) / unit;
  }
}
