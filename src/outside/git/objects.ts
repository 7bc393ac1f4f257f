import { bytesOf, compare, textOf } from '../../base/index.ts';
import type { Directory } from '../../kernel/index.ts';
import type { GitCommit, GitTree } from './repository.ts';

/** A commit as it lies below `.git/objects`: a text of our own, so that a working copy needs nothing but its disk. */
interface StoredCommit {
  readonly subject: string;
  /** Bytes as base64. */
  readonly files: Readonly<Record<string, string | null>>;
}

/** Keeps a commit. `dotGit` is the `.git` directory. */
export function writeCommit(dotGit: Directory, { id, subject, tree }: GitCommit): void {
  const folder = `objects/${id.slice(0, 2)}`;
  dotGit.mkdirAll(folder, 0o777);
  const stored: StoredCommit = { subject, files: Object.fromEntries([...tree].map(encode)) };
  dotGit.writeFile(`${folder}/${id.slice(2)}`, bytesOf(JSON.stringify(stored)), { mode: 0o444 });
}

/** A commit by its full id. Throws the kernel's error when there is none. */
export function readCommit(dotGit: Directory, id: string): GitCommit {
  const bytes = dotGit.readFile(`objects/${id.slice(0, 2)}/${id.slice(2)}`);
  const { subject, files } = JSON.parse(textOf(bytes)) as StoredCommit;
  const tree: GitTree = new Map(Object.entries(files).map(decode));
  return { id, subject, tree };
}

/** The full ids that start with some digits, sorted. */
export function findCommits(dotGit: Directory, prefix: string): string[] {
  const folder = `objects/${prefix.slice(0, 2)}`;
  if (prefix.length < 4 || !dotGit.exists(folder)) return [];
  const ids = dotGit.readdir(folder).map(({ name }) => prefix.slice(0, 2) + name);
  return ids.filter((id) => id.startsWith(prefix)).sort(compare);
}

function encode([path, data]: [string, Uint8Array | null]): [string, string | null] {
  if (data === null) return [path, null];
  let binary = '';
  for (const byte of data) binary += String.fromCharCode(byte);
  return [path, btoa(binary)];
}

function decode([path, text]: [string, string | null]): [string, Uint8Array | null] {
  if (text === null) return [path, null];
  return [path, Uint8Array.from(atob(text), (char) => char.charCodeAt(0))];
}
