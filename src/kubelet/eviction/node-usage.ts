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

/** How a threshold stands now. A filesystem without a limit has always enough. Models thresholdsMet. */
export function levelOf(machine: Machine, threshold: Threshold): Level {
  const { signal, text, minimumReclaim } = threshold;
  const { capacity, available } = observe(machine, signal);
  if (capacity === 0) return 'enough';
  const limit = amountOfThreshold(text, capacity, signal);
  if (available < limit) return 'short';
  if (minimumReclaim === undefined) return 'enough';
  return available < limit + amountOfThreshold(minimumReclaim, capacity, signal)
    ? 'recovering'
    : 'enough';
}
