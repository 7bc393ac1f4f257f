import { errorText, isKernelError } from '../../kernel/index.ts';
import type { GitRemotes } from '../git-remotes.ts';
import type { ExecResult, Program } from '../node-system.ts';
import { checkout } from './checkout.ts';
import { clone } from './clone.ts';
import { GitFailure } from './failure.ts';
import { reset } from './reset.ts';

/**
 * git(1), as far as a kubelet calls it: `clone [--] <repository> [<directory>]`, `checkout <revision>`, `reset --hard`. What it
 * prints and its exit codes are those of git 2.39.
 */
export function gitProgram(remotes: GitRemotes): Program {
  return (call) => git(remotes, call);
}

function* git(remotes: GitRemotes, { args, cwd }: Parameters<Program>[0]): ReturnType<Program> {
  const [command = '', ...rest] = args;
  return result(() => {
    switch (command) {
      case 'clone':
        return clone(remotes, cwd, rest);
      case 'checkout':
        return checkout(cwd, rest);
      case 'reset':
        return reset(cwd, rest);
      case '--version':
        return 'git version 2.39.5\n';
      default:
        throw new GitFailure(`git: '${command}' is not a git command. See 'git --help'.\n`, 1);
    }
  });
}

function result(run: () => string): ExecResult {
  try {
    return { output: run(), exitCode: 0 };
  } catch (error) {
    if (error instanceof GitFailure) return { output: error.output, exitCode: error.exitCode };
    if (!isKernelError(error)) throw error;
    return { output: `fatal: ${errorText(error.code)}\n`, exitCode: 128 };
  }
}
