/** Linux's number and Node's words for every error that the kernel gives. Models errno(3). */
const TABLE = {
  EPERM: [1, 'operation not permitted'],
  ENOENT: [2, 'no such file or directory'],
  EIO: [5, 'i/o error'],
  ENXIO: [6, 'no such device or address'],
  E2BIG: [7, 'argument list too long'],
  EBADF: [9, 'bad file descriptor'],
  EAGAIN: [11, 'resource temporarily unavailable'],
  ENOMEM: [12, 'not enough memory'],
  EACCES: [13, 'permission denied'],
  ENOTBLK: [15, 'block device required'],
  EBUSY: [16, 'resource busy or locked'],
  EEXIST: [17, 'file already exists'],
  EXDEV: [18, 'cross-device link not permitted'],
  ENODEV: [19, 'no such device'],
  ENOTDIR: [20, 'not a directory'],
  EISDIR: [21, 'illegal operation on a directory'],
  EINVAL: [22, 'invalid argument'],
  ENFILE: [23, 'file table overflow'],
  EMFILE: [24, 'too many open files'],
  ENOTTY: [25, 'inappropriate ioctl for device'],
  ETXTBSY: [26, 'text file is busy'],
  EFBIG: [27, 'file too large'],
  ENOSPC: [28, 'no space left on device'],
  ESPIPE: [29, 'invalid seek'],
  EROFS: [30, 'read-only file system'],
  EMLINK: [31, 'too many links'],
  EPIPE: [32, 'broken pipe'],
  ERANGE: [34, 'result too large'],
  ENAMETOOLONG: [36, 'name too long'],
  ENOSYS: [38, 'function not implemented'],
  ENOTEMPTY: [39, 'directory not empty'],
  ELOOP: [40, 'too many symbolic links encountered'],
  ENODATA: [61, 'no data available'],
  EOPNOTSUPP: [95, 'operation not supported on socket'],
  ETIMEDOUT: [110, 'connection timed out'],
  ECONNREFUSED: [111, 'connection refused'],
  EHOSTDOWN: [112, 'host is down'],
  EHOSTUNREACH: [113, 'host is unreachable'],
  ESTALE: [116, 'stale file handle'],
  EDQUOT: [122, 'disk quota exceeded'],
} as const;

/** The name of an error, as `code` of a Node error has it. */
export type Code = keyof typeof TABLE;

/** Every error's number, positive as in the kernel's headers (Node's `errno` is its negative). */
export const errno: Readonly<Record<Code, number>> = Object.freeze(
  Object.fromEntries(Object.entries(TABLE).map(([code, [number]]) => [code, number])),
) as Readonly<Record<Code, number>>;

/** What Node says for an error: `no such file or directory`. */
export function errorText(code: Code): string {
  return TABLE[code][1];
}

/** Whether a string is the name of an error that the kernel knows. */
export function isCode(code: string): code is Code {
  return Object.hasOwn(TABLE, code);
}

const BareError: new () => Error = bareError();

/** A class that is an Error to `instanceof` and does not take a stack, which costs 20 times a system call. */
function bareError(): new () => Error {
  function Bare(): void {}
  Bare.prototype = Error.prototype;
  return Bare as unknown as new () => Error;
}

/**
 * What a system call throws: the bare error of the kernel, with neither path nor stack (a face or the kubelet adds them).
 * `errno` is negative, as in Node's errors.
 */
export class KernelError extends BareError {
  readonly code: Code;

  constructor(code: Code) {
    super();
    this.code = code;
  }

  override get name(): string {
    return 'KernelError';
  }

  override get message(): string {
    return `${this.code}: ${errorText(this.code)}`;
  }

  get errno(): number {
    return -errno[this.code];
  }
}

/** Throws the error. */
export function fail(code: Code): never {
  throw new KernelError(code);
}

/** Whether something thrown is the kernel's error, of this code if one is given. */
export function isKernelError(error: unknown, code?: Code): error is KernelError {
  return error instanceof KernelError && (code === undefined || error.code === code);
}
