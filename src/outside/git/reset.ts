import type { Directory } from '../../kernel/index.ts';
import { GitFailure } from './failure.ts';
import { writeTree } from './work-tree.ts';
import { findWorkingCopy, headCommit } from './working-copy.ts';

/** `git reset --hard`: every file that git knows is as it was committed; what it prints. */
export function reset(cwd: Directory, args: readonly string[]): string {
  const copy = findWorkingCopy(cwd);
  if (args.length !== 1 || args[0] !== '--hard') {
    throw new GitFailure(`usage: git reset --hard\n`, 129);
  }
  const commit = headCommit(copy);
  if (!commit) {
    throw new GitFailure("fatal: Failed to resolve 'HEAD' as a valid ref.\n");
  }
  writeTree(copy.work, commit.tree);
  return `HEAD is now at ${commit.id.slice(0, 7)} ${commit.subject}\n`;
}
