import {
  Directory,
  type FileSystem,
  type FileSystemOptions,
  isKernelError,
  Kernel,
  type MountNamespace,
} from '../../src/kernel/index.ts';

/** A filesystem mounted at /disk. */
export function makeDisk(options: FileSystemOptions): {
  kernel: Kernel;
  namespace: MountNamespace;
  fileSystem: FileSystem;
} {
  const kernel = new Kernel();
  const namespace = kernel.rootNamespace;
  Directory.at(namespace.caller(), '/').mkdir('disk', 0o755);
  const fileSystem = kernel.createFileSystem({ source: '/dev/sda', ...options });
  namespace.mount({ type: fileSystem.type, target: '/disk', fileSystem });
  return { kernel, namespace, fileSystem };
}

/** The errno that a call fails with; null when it does not. */
export function failure(call: () => unknown): string | null {
  try {
    call();
    return null;
  } catch (error) {
    if (!isKernelError(error)) throw error;
    return error.code;
  }
}
