import { SimulationError } from '../../base/index.ts';
import {
  type Caller,
  inodeOf,
  type Kernel,
  makeDevice,
  S_IFBLK,
  S_IFCHR,
  S_IFIFO,
  S_IFSOCK,
  sys,
  walk,
} from '../../kernel/index.ts';
import { MemoryDevice } from './memory-device.ts';
import { quantity } from './resources.ts';

/** A special file to be made. */
export interface DeviceRequest {
  type: 'block' | 'char' | 'fifo' | 'socket';
  /** Default 259 for a block device (blkext), 1 for a character device. */
  major?: number;
  /** Default: the next that is free, 3 (null) for a character device. */
  minor?: number;
  /** Permission bits, not less a umask. Default 0660 for devices, 0644 for others. */
  mode?: number;
  /** Of a block device, as a quantity. Default 1Gi. */
  size?: string;
}

const TYPES = { block: S_IFBLK, char: S_IFCHR, fifo: S_IFIFO, socket: S_IFSOCK } as const;

/** Major number of block devices that are given numbers as they come. Models BLOCK_EXT_MAJOR. */
export const BLOCK_EXT_MAJOR = 259;

/**
 * mknod(1). A block device that is new gets zeroes behind it.
 *
 * @throws SimulationError BAD_OPTION for a bad request, the kernel's error where it cannot be made.
 */
export function makeDeviceFile(
  kernel: Kernel,
  caller: Caller,
  path: string,
  request: DeviceRequest,
): void {
  const { type } = request;
  if (!Object.hasOwn(TYPES, type)) {
    const known = Object.keys(TYPES).join(', ');
    throw new SimulationError(
      'BAD_OPTION',
      `mknod: type: ${JSON.stringify(type)} is none of ${known}`,
    );
  }
  const block = type === 'block';
  const bytes = block ? quantity('mknod: size', request.size ?? '1Gi') : 0;
  const device = block || type === 'char' ? numberOf(kernel, request) : 0;
  const mode = request.mode ?? (block || type === 'char' ? 0o660 : 0o644);
  sys.mknod(caller, path, TYPES[type] | mode, device);
  sys.chmod(caller, path, mode);
  if (block && kernel.device(inodeOf(walk(caller, path).entry)) === undefined) {
    kernel.setDevice(device, new MemoryDevice(bytes));
  }
}

function numberOf(kernel: Kernel, { type, major, minor }: DeviceRequest): number {
  for (const [name, value] of [
    ['major', major],
    ['minor', minor],
  ] as const) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 0 && value < 2 ** 20)) {
      throw new SimulationError(
        'BAD_OPTION',
        `mknod: ${name}: ${String(value)} is not a device number`,
      );
    }
  }
  if (type === 'char') return makeDevice(major ?? 1, minor ?? 3);
  return makeDevice(major ?? BLOCK_EXT_MAJOR, minor ?? kernel.newName());
}
