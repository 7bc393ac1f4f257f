/** How a system writes paths that the kernel has below one `/`. */
export interface PathRules {
  /** The kernel's form of a path; one that has it already is given back, and what is relative stays so. */
  read(path: string): string;
  /** A path of the kernel's as the system writes it. */
  print(path: string): string;
}

/**
 * Paths of Windows over a kernel's tree: `/` is drive C:, `/D:` another drive, `/UNC:` has shares and devices. Slashes lean either
 * way, and a drive's letter is of either case: `C:\x`, `c:/x`, `\x` and `/x` are one path. `C:x` is taken for `C:\x`: no drive has a
 * directory of its own in which a process stands.
 */
export const windowsPaths: PathRules = { read, print };

const DRIVE = /^\/?([A-Za-z]):\/*/;
const SHARES = '/UNC:';

function read(path: string): string {
  const text = path.replaceAll('\\', '/');
  if (path.startsWith('\\\\')) return readShare(text);
  const [start = '', letter = 'C'] = DRIVE.exec(text) ?? [];
  if (start === '') return text;
  const rest = text.slice(start.length);
  if (letter.toUpperCase() === 'C') return `/${rest}`;
  return rest === '' ? `/${letter.toUpperCase()}:` : `/${letter.toUpperCase()}:/${rest}`;
}

/** `\\server\share`, `\\.\pipe\name`, and what `\\?\` stands before: a drive's path, or `UNC\server\share`. */
function readShare(text: string): string {
  const inner = text.replace(/^\/\/[?.]\//, '');
  if (inner !== text && DRIVE.test(inner)) return read(inner);
  return `${SHARES}/${inner.replace(/^(UNC)?\/+/i, '')}`;
}

function print(path: string): string {
  const text = path.replaceAll('/', '\\');
  if (path === SHARES || path.startsWith(`${SHARES}/`)) return `\\${text.slice(SHARES.length)}`;
  if (!path.startsWith('/')) return text;
  return /^\/[A-Z]:(\/|$)/.test(path) ? text.slice(1) : `C:${text}`;
}

/** A path of the kind that no drive has: of a share or a device. Models IsWindowsUNCPath of pkg/volume/util/util.go. */
export function isShare(path: string): boolean {
  return path.startsWith('\\\\');
}

/** Whether a path stands for itself, wherever a process is. Models IsAbs of pkg/util/filesystem/util_windows.go. */
export function isAbsoluteOnWindows(path: string): boolean {
  return /^([A-Za-z]:)?[\\/]/.test(path);
}

/** The path of a container or of the node, made absolute. Models MakeAbsolutePath of pkg/volume/util/util.go. */
export function absoluteOnWindows(path: string): string {
  if (path.includes(':') || isShare(path)) return path;
  return /^[\\/]/.test(path) ? `c:${path}` : `c:\\${path}`;
}
