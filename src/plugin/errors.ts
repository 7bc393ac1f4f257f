import { OperationError } from '../base/index.ts';
import { errno, KernelError } from '../kernel/index.ts';

/** What Go prints for an errno, where Node says it in other words. */
const GO_WORDS: Readonly<Record<string, string>> = {
  EBUSY: 'device or resource busy',
  EEXIST: 'file exists',
  EXDEV: 'invalid cross-device link',
  EISDIR: 'is a directory',
  ENFILE: 'too many open files in system',
  EIO: 'input/output error',
  ENOMEM: 'cannot allocate memory',
  ENOTTY: 'inappropriate ioctl for device',
  ETXTBSY: 'text file busy',
  ESPIPE: 'illegal seek',
  ERANGE: 'numerical result out of range',
  ENAMETOOLONG: 'file name too long',
  ELOOP: 'too many levels of symbolic links',
  EOPNOTSUPP: 'operation not supported',
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route to host',
  ESTALE: 'stale NFS file handle',
};

/** What Go prints for an error of the kernel. Models syscall.Errno.Error. */
export function goWords(error: KernelError): string {
  const words = GO_WORDS[error.code];
  if (words !== undefined) return words;
  const { message } = error;
  return message.slice(message.indexOf(': ') + 2);
}

/**
 * An error of a file call as Go's os package gives it: `mkdir /a: file exists`. Anything but the kernel's error is given back
 * as it is. Models os.PathError.
 */
export function pathError(call: string, path: string, error: unknown): unknown {
  if (!(error instanceof KernelError)) return error;
  return new OperationError(`${call} ${path}: ${goWords(error)}`, {
    code: error.code,
    cause: error,
  });
}

/** Calls, and gives the kernel's errors as Go's syscall package does: the words alone. */
export function asSystemError<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    throw new OperationError(goWords(error), { code: error.code, cause: error });
  }
}

/** Calls, and gives the kernel's errors Go's form. `path` is asked for only when it failed. */
export function asPathError<Result>(
  call: string,
  path: () => string,
  action: () => Result,
): Result {
  try {
    return action();
  } catch (error) {
    throw pathError(call, path(), error);
  }
}

/**
 * What mount(8) and Kubernetes' mount-utils make of a failed mount.
 * Models k8s.io/mount-utils mount_linux.go doMount.
 */
export function mountError(command: readonly string[], target: string, error: unknown): unknown {
  if (!(error instanceof KernelError)) return error;
  const [program = 'mount', ...args] = command;
  const message = [
    'mount failed: exit status 32',
    `Mounting command: ${program}`,
    `Mounting arguments: ${args.join(' ')}`,
    `Output: mount: ${target}: ${mountWords(error)}.\n`,
  ].join('\n');
  return new OperationError(message, { code: error.code, cause: error });
}

function mountWords(error: KernelError): string {
  if (error.code === 'ENOENT') return 'special device or mount point does not exist';
  if (error.code === 'EBUSY') return 'already mounted or mount point busy';
  if (error.code === 'ENODEV') return 'unknown filesystem type';
  return `mount(2) system call failed: ${capital(goWords(error))}`;
}

/** What umount(8) and mount-utils make of a failed unmount. */
export function unmountError(target: string, error: unknown): unknown {
  if (!(error instanceof KernelError)) return error;
  const why =
    error.code === 'EBUSY'
      ? 'target is busy'
      : error.code === 'EINVAL'
        ? 'not mounted'
        : goWords(error);
  const message = [
    'unmount failed: exit status 32',
    `Unmounting arguments: ${target}`,
    `Output: umount: ${target}: ${why}.\n`,
  ].join('\n');
  return new OperationError(message, { code: error.code, cause: error });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Whether something thrown says that an object of the API does not exist. */
export function isNotFound(error: unknown): boolean {
  if (error instanceof OperationError) return error.code === 'NotFound';
  return error instanceof Error && 'reason' in error && error.reason === 'NotFound';
}

/** Several errors as one, each text once. Models apimachinery's util/errors.NewAggregate. */
export function aggregate(errors: readonly unknown[]): OperationError {
  const [first] = errors;
  if (errors.length === 1 && first instanceof OperationError) return first;
  const texts = [...new Set(errors.map((e) => (e instanceof Error ? e.message : String(e))))];
  return new OperationError(texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`);
}

/** Whether a text is the name of an errno of the kernel. */
export function isErrno(code: string | undefined): boolean {
  return code !== undefined && Object.hasOwn(errno, code);
}
