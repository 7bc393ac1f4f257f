import { OperationError, quoted } from '../base/index.ts';
import { type Directory, fileType, isKernelError } from '../kernel/index.ts';
import type { NodeSystem } from '../outside/index.ts';

/** A path as cmd gets it. Models NormalizeWindowsPath of k8s.io/mount-utils/mount_helper_windows.go. */
function normalized(path: string): string {
  const text = path.replaceAll('/', '\\');
  return text.startsWith('\\') ? `c:${text}` : text;
}

/**
 * Whether Windows mounts a filesystem: it has network shares (`cifs`) alone, and for a tmpfs it makes the directory and no more.
 * Throws an OperationError that says so for others. Models MountSensitive of k8s.io/mount-utils/mount_windows.go.
 */
export function isShareForWindows(
  mount: { readonly type: string; readonly source: string; readonly options: readonly string[] },
  target: string,
): boolean {
  const { type, source, options } = mount;
  if (source === 'tmpfs') return false;
  const given = quoted(options.join(','));
  const [from, to] = [quoted(source), quoted(normalized(target))];
  if (options.length < 2) {
    throw new OperationError(
      `mount options(${given}) should have at least 2 options, current number:${options.length}, source:${from}, target:${to}`,
    );
  }
  if (type.toLowerCase() === 'cifs') return true;
  throw new OperationError(
    `only cifs mount is supported now, fstype: ${quoted(type)}, mounting source (${from}), target (${to}), with options (${given})`,
  );
}

/** Binds as Windows does: a link in the place of the directory. Throws as mklink fails where something is there. */
export function linkDirectory(base: Directory, name: string, source: string): void {
  const slash = name.lastIndexOf('/');
  if (slash > 0) base.mkdirAll(name.slice(0, slash), 0o755);
  const target = normalized(source);
  inShell(() => base.symlink(target.endsWith('\\') ? target : `${target}\\`, name));
}

/** Takes away a link to a directory, as `rmdir` does. */
export function unlinkDirectory(base: Directory, name: string): void {
  inShell(() => base.unlink(name));
}

/** Whether a link stands for a volume there. Models IsLikelyNotMountPoint of k8s.io/mount-utils/mount_windows.go. */
export function isDirectoryLink(
  node: Pick<NodeSystem, 'os'>,
  base: Directory,
  name: string,
): boolean {
  if (node.os !== 'windows' || !base.lexists(name)) return false;
  return fileType(base.lstat(name).mode) === 'symlink';
}

/** Of a command of cmd that failed, mount-utils tells only that it did. */
function inShell(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!isKernelError(error)) throw error;
    throw new OperationError('exit status 1', { code: error.code, cause: error });
  }
}
