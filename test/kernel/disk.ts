import {
  Directory,
  type FileSystem,
  type FileSystemOptions,
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
