/** Most paths: no name is empty or begins with a dot. */
const CLEAN = /^\/?[^/.][^/]*(?:\/[^/.][^/]*)*$/;

/** A path without `.`, `..` inside it and doubled slashes; `.` for nothing. Models Go's path.Clean. */
export function cleanPath(path: string): string {
  if (CLEAN.test(path)) return path;
  const absolute = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!absolute) parts.push('..');
  }
  const cleaned = parts.join('/');
  if (absolute) return `/${cleaned}`;
  return cleaned === '' ? '.' : cleaned;
}

/** Everything before the last slash; empty when there is none. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** Everything after the last slash. */
export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Whether a path has an element `..`. Models pkg/apis/core/validation ValidatePathNoBacksteps. */
export function hasBacksteps(path: string): boolean {
  return path.split('/').includes('..');
}
