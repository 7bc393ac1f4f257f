import { type Directory, isKernelError } from '../../kernel/index.ts';
import type { GitTree } from './repository.ts';

const DIRECTORY_MODE = 0o777;
const FILE_MODE = 0o666;
const EXECUTABLE_MODE = 0o777;

/** Writes the files of a tree, less the umask: a script is executable. What is in the way of a file goes. */
export function writeTree(work: Directory, tree: GitTree): void {
  for (const [path, data] of tree) {
    const slash = path.lastIndexOf('/');
    if (slash > 0) work.mkdirAll(path.slice(0, slash), DIRECTORY_MODE);
    if (data === null) {
      work.mkdirAll(path, DIRECTORY_MODE);
      continue;
    }
    work.removeAll(path);
    work.writeFile(path, data, { mode: isScript(data) ? EXECUTABLE_MODE : FILE_MODE });
  }
}

/** Removes the files of one tree that another one has not, and directories that are empty then. */
export function removeOthers(work: Directory, old: GitTree, kept: GitTree): void {
  for (const path of old.keys()) {
    if (kept.has(path) || [...kept.keys()].some((one) => one.startsWith(`${path}/`))) continue;
    work.removeAll(path);
    removeEmptyParents(work, path);
  }
}

function removeEmptyParents(work: Directory, path: string): void {
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    try {
      work.rmdir(path.slice(0, slash));
    } catch (error) {
      if (isKernelError(error)) return;
      throw error;
    }
  }
}

/** A file that starts with `#!`. */
function isScript(data: Uint8Array): boolean {
  return data[0] === 0x23 && data[1] === 0x21;
}
