import { bytesOf, SimulationError } from '../../base/index.ts';
import type { DirectoryJSON } from '../../face/index.ts';
import type { GitTree } from './repository.ts';

/** What a user gave as revisions, copied. Throws a SimulationError BAD_OPTION that names what is wrong. */
export function readRevisions(
  repository: string,
  revisions: Readonly<Record<string, DirectoryJSON>>,
): Map<string, GitTree> {
  if (typeof repository !== 'string' || repository === '') bad('repository: Required value');
  if (!isRecord(revisions)) bad('revisions: must be an object of revisions and their files');
  const read = new Map<string, GitTree>();
  for (const [name, files] of Object.entries(revisions)) {
    if (name === '' || /[\s~^:?*[\\]|\.\.|^-/.test(name)) bad(`${show(name)} is not a revision`);
    if (!isRecord(files)) bad(`revisions[${show(name)}]: must be an object of paths and contents`);
    read.set(name, readTree(name, files));
  }
  return read;
}

function readTree(revision: string, files: DirectoryJSON): GitTree {
  const tree = new Map<string, Uint8Array | null>();
  for (const [path, content] of Object.entries(files)) {
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    const where = `revisions[${show(revision)}][${show(path)}]`;
    if (parts.includes('..')) bad(`${where}: leaves the repository`);
    if (parts[0] === '.git') bad(`${where}: .git is git's own`);
    if (parts.length === 0) {
      if (content !== null) bad(`${where}: is not the name of a file`);
      continue;
    }
    tree.set(parts.join('/'), readContent(where, content));
  }
  return tree;
}

function readContent(where: string, content: unknown): Uint8Array | null {
  if (content === null) return null;
  if (typeof content === 'string') return bytesOf(content);
  if (content instanceof Uint8Array) return content.slice();
  return bad(`${where}: is neither text nor bytes nor null`);
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(text: string): string {
  return JSON.stringify(text);
}

function bad(message: string): never {
  throw new SimulationError('BAD_OPTION', `gitRemotes.add: ${message}`);
}
