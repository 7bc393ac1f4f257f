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

/** Whether there is less than a threshold. A filesystem without a limit has always enough. */
export function isMet(machine: Machine, { signal, text }: Threshold): boolean {
  const { capacity, available } = observe(machine, signal);
  return capacity > 0 && available < amountOfThreshold(text, capacity, signal);
}
