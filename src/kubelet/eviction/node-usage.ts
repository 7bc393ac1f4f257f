import { BLOCK_SIZE, type FileSystem } from '../../kernel/index.ts';
import type { Machine } from '../machine/index.ts';
import { amountOfThreshold, type SignalName, type Threshold } from './thresholds.ts';

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

/** One threshold on a machine. It is asked at every write, so its amounts are read once. */
export class Gauge {
  readonly threshold: Threshold;
  readonly #machine: Machine;
  #capacity = -1;
  #limit = 0;
  #relieved = 0;

  constructor(machine: Machine, threshold: Threshold) {
    this.#machine = machine;
    this.threshold = threshold;
  }

  /** How it stands now. A filesystem without a limit has always enough. Models thresholdsMet. */
  level(): Level {
    const { capacity, available } = observe(this.#machine, this.threshold.signal);
    if (capacity !== this.#capacity) this.#read(capacity);
    if (capacity === 0 || available >= this.#relieved) return 'enough';
    return available < this.#limit ? 'short' : 'recovering';
  }

  #read(capacity: number): void {
    const { signal, text, minimumReclaim } = this.threshold;
    this.#capacity = capacity;
    this.#limit = amountOfThreshold(text, capacity, signal);
    const more =
      minimumReclaim === undefined ? 0 : amountOfThreshold(minimumReclaim, capacity, signal);
    this.#relieved = this.#limit + more;
  }
}
