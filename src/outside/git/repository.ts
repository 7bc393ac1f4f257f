import { compare } from '../../base/index.ts';
import { contentHash } from './content-hash.ts';

/** Files by their paths in the repository; null is a directory without files (real git has none, a simulated one may). */
export type GitTree = ReadonlyMap<string, Uint8Array | null>;

/** A state of all files. */
export interface GitCommit {
  /** 40 hexadecimal digits. */
  readonly id: string;
  readonly subject: string;
  readonly tree: GitTree;
}

/** A repository as `git clone` takes it: names of commits, and commits. */
export interface GitRepository {
  /** The branch that is checked out by a clone; undefined: there is none. */
  readonly head: string | undefined;
  /** Branches and tags by full name (`refs/heads/main`), with the ids of their commits; sorted. */
  readonly refs: ReadonlyMap<string, string>;
  readonly commits: ReadonlyMap<string, GitCommit>;
}

const DEFAULT_BRANCHES = ['main', 'master', 'trunk'];
const COMMIT_ID = /^[0-9a-f]{7,40}$/;
const VERSION = /^v?\d+(\.\d+)*([-.+].*)?$/;

/**
 * A repository from its revisions. `HEAD` is what a clone checks out, by default `main` or `master`; names of hexadecimal digits are
 * commits, `v1.2` and `refs/tags/…` tags, all others branches.
 */
export function makeRepository(revisions: ReadonlyMap<string, GitTree>): GitRepository {
  const commits = new Map<string, GitCommit>();
  const idOf = commitIds(revisions, commits);
  const refs = new Map<string, string>();
  for (const [name, tree] of revisions) {
    if (name === 'HEAD' || COMMIT_ID.test(name)) continue;
    refs.set(fullName(name), idOf(tree));
  }
  const head = headBranch(revisions.get('HEAD'), refs, idOf);
  return { head, refs: new Map([...refs].sort(([a], [b]) => compare(a, b))), commits };
}

function fullName(name: string): string {
  if (name.startsWith('refs/')) return name;
  return VERSION.test(name) ? `refs/tags/${name}` : `refs/heads/${name}`;
}

/** Adds the commits, and gives the id of a tree: one that was named, where the same files have a name. */
function commitIds(
  revisions: ReadonlyMap<string, GitTree>,
  commits: Map<string, GitCommit>,
): (tree: GitTree) => string {
  const named = new Map<string, string>();
  const made = new Map<string, string>();
  for (const [name, tree] of revisions) {
    const hash = contentHash(tree);
    made.set(hash, made.get(hash) ?? name);
    if (!COMMIT_ID.test(name)) continue;
    const id = name + hash.slice(name.length);
    named.set(hash, id);
    commits.set(id, { id, subject: `Files of ${name}`, tree });
  }
  for (const tree of revisions.values()) {
    const hash = contentHash(tree);
    if (named.has(hash)) continue;
    commits.set(hash, { id: hash, subject: `Files of ${made.get(hash)}`, tree });
  }
  return (tree) => {
    const hash = contentHash(tree);
    return named.get(hash) ?? hash;
  };
}

/** The branch of HEAD; it is made when no branch has the same files. */
function headBranch(
  tree: GitTree | undefined,
  refs: Map<string, string>,
  idOf: (tree: GitTree) => string,
): string | undefined {
  if (tree === undefined) return DEFAULT_BRANCHES.find((name) => refs.has(`refs/heads/${name}`));
  const id = idOf(tree);
  const branches = [...refs.keys()].filter((name) => name.startsWith('refs/heads/'));
  const others = branches.map((name) => name.slice('refs/heads/'.length)).sort(compare);
  const same = [...DEFAULT_BRANCHES, ...others].find((one) => refs.get(`refs/heads/${one}`) === id);
  if (same !== undefined) return same;
  const free = DEFAULT_BRANCHES.find((name) => !refs.has(`refs/heads/${name}`)) ?? 'head';
  refs.set(`refs/heads/${free}`, id);
  return free;
}
