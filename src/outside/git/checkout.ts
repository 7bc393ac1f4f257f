import { bytesOf } from '../../base/index.ts';
import type { Directory } from '../../kernel/index.ts';
import { GitFailure, operands } from './failure.ts';
import { readCommit } from './objects.ts';
import type { GitCommit } from './repository.ts';
import { removeOthers, writeTree } from './work-tree.ts';
import type { WorkingCopy } from './working-copy.ts';
import { findRevision, findWorkingCopy, headCommit, readHead, readRef } from './working-copy.ts';

/** `git checkout <revision>`: a branch, or any commit with a detached HEAD; what it prints. */
export function checkout(cwd: Directory, args: readonly string[]): string {
  const copy = findWorkingCopy(cwd);
  const [revision = 'HEAD'] = operands('checkout', args);
  if (revision === 'HEAD') return '';
  const branch = `refs/heads/${revision}`;
  const local = readRef(copy, branch);
  if (local !== undefined) return switchTo(copy, revision, local);
  const id = findRevision(copy, revision);
  if (id !== undefined) return detach(copy, revision, id);
  const remote = readRef(copy, `refs/remotes/origin/${revision}`);
  if (remote !== undefined) return createBranch(copy, revision, remote);
  throw unknown(revision);
}

function unknown(revision: string): GitFailure {
  if (/^[0-9a-f]{40}$/.test(revision)) {
    return new GitFailure(`fatal: reference is not a tree: ${revision}\n`);
  }
  return new GitFailure(
    `error: pathspec '${revision}' did not match any file(s) known to git\n`,
    1,
  );
}

function switchTo(copy: WorkingCopy, branch: string, id: string): string {
  const upToDate = `Your branch is up to date with 'origin/${branch}'.\n`;
  const followed = readRef(copy, `refs/remotes/origin/${branch}`) === id ? upToDate : '';
  if (readHead(copy) === `refs/heads/${branch}`) return `Already on '${branch}'\n${followed}`;
  move(copy, id, `ref: refs/heads/${branch}`);
  return `Switched to branch '${branch}'\n${followed}`;
}

function createBranch(copy: WorkingCopy, branch: string, id: string): string {
  const { dotGit } = copy;
  const name = `refs/heads/${branch}`;
  dotGit.mkdirAll(name.slice(0, name.lastIndexOf('/')), 0o777);
  dotGit.writeFile(name, bytesOf(`${id}\n`));
  const config = `[branch "${branch}"]\n\tremote = origin\n\tmerge = refs/heads/${branch}\n`;
  dotGit.writeFile('config', bytesOf(config), { append: true });
  move(copy, id, `ref: ${name}`);
  return `Switched to a new branch '${branch}'\nbranch '${branch}' set up to track 'origin/${branch}'.\n`;
}

function detach(copy: WorkingCopy, revision: string, id: string): string {
  const wasDetached = !readHead(copy).startsWith('refs/');
  const commit = move(copy, id, id);
  const now = `HEAD is now at ${id.slice(0, 7)} ${commit.subject}\n`;
  return wasDetached ? now : `Note: switching to '${revision}'.\n\n${ADVICE}\n${now}`;
}

const ADVICE = `You are in 'detached HEAD' state. You can look around, make experimental
changes and commit them, and you can discard any commits you make in this
state without impacting any branches by switching back to a branch.

If you want to create a new branch to retain commits you create, you may
do so (now or later) by using -c with the switch command. Example:

  git switch -c <new-branch-name>

Or undo this operation with:

  git switch -

Turn off this advice by setting config variable advice.detachedHead to false
`;

/** Brings the files to a commit; those that git does not know stay. */
function move(copy: WorkingCopy, id: string, head: string): GitCommit {
  const commit = readCommit(copy.dotGit, id);
  const old = headCommit(copy);
  if (old) removeOthers(copy.work, old.tree, commit.tree);
  if (old?.id !== id) writeTree(copy.work, commit.tree);
  copy.dotGit.writeFile('HEAD', bytesOf(`${head}\n`));
  return commit;
}
