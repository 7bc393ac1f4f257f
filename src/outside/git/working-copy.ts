import { textOf } from '../../base/index.ts';
import type { Directory } from '../../kernel/index.ts';
import { GitFailure } from './failure.ts';
import { findCommits, readCommit } from './objects.ts';
import type { GitCommit } from './repository.ts';

/** Where git works: the files, and what it knows about them. */
export interface WorkingCopy {
  readonly work: Directory;
  readonly dotGit: Directory;
}

/** The working copy that a directory is in. */
export function findWorkingCopy(cwd: Directory): WorkingCopy {
  for (let work = cwd; ; work = work.open('..')) {
    if (work.exists('.git')) return { work, dotGit: work.open('.git') };
    if (work.path() === '/') break;
  }
  throw new GitFailure('fatal: not a git repository (or any of the parent directories): .git\n');
}

/** What HEAD says: a branch, or the id of a commit. */
export function readHead({ dotGit }: WorkingCopy): string {
  const text = textOf(dotGit.readFile('HEAD')).trim();
  return text.startsWith('ref: ') ? text.slice('ref: '.length) : text;
}

/** The commit that is checked out; undefined: there is none. */
export function headCommit(copy: WorkingCopy): GitCommit | undefined {
  const head = readHead(copy);
  const id = head.startsWith('refs/') ? readRef(copy, head) : head;
  return id === undefined ? undefined : readCommit(copy.dotGit, id);
}

/** The id that a full name stands for: in a file of its own, or packed. */
export function readRef({ dotGit }: WorkingCopy, name: string): string | undefined {
  if (dotGit.exists(name)) {
    const text = textOf(dotGit.readFile(name)).trim();
    return text.startsWith('ref: ') ? readRef({ dotGit, work: dotGit }, text.slice(5)) : text;
  }
  if (!dotGit.exists('packed-refs')) return undefined;
  for (const line of textOf(dotGit.readFile('packed-refs')).split('\n')) {
    const [id, packed] = line.split(' ');
    if (packed === name && !line.startsWith('#')) return id;
  }
  return undefined;
}

/** The commit of a revision in git's order of names: full, tag, branch, remote branch, and last the digits of an id. */
export function findRevision(copy: WorkingCopy, revision: string): string | undefined {
  const places = ['', 'refs/', 'refs/tags/', 'refs/heads/', 'refs/remotes/'];
  for (const place of places) {
    const name = place + revision;
    const id = name.startsWith('refs/') ? readRef(copy, name) : undefined;
    if (id !== undefined) return id;
  }
  if (!/^[0-9a-f]{4,40}$/.test(revision)) return undefined;
  const ids = findCommits(copy.dotGit, revision);
  return ids.length === 1 ? ids[0] : undefined;
}
