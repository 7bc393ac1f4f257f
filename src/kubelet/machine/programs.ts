import { OperationError, textOf } from '../../base/index.ts';
import { type Directory, isKernelError } from '../../kernel/index.ts';
import type { Program } from '../../outside/index.ts';
import { goWords } from '../../plugin/index.ts';

/** Programs by name: `git`, or what stands behind the `#!` of a file's first line (`vendor/driver`). */
export type Programs = ReadonlyMap<string, Program>;

/**
 * Finds what an executable does: by name in $PATH, or by the path of a file whose first line is `#!` and a name.
 *
 * @throws OperationError as Go's os/exec has it: not found, permission denied, exec format error.
 */
export function findProgram(
  program: string,
  where: {
    readonly programs: Programs;
    readonly cwd: Directory;
    readonly has: (name: string) => boolean;
  },
): Program {
  if (program.includes('/')) return fromFile(program, where.programs, where.cwd);
  const found = where.has(program) ? where.programs.get(program) : undefined;
  if (found) return found;
  throw new OperationError(`exec: "${program}": executable file not found in $PATH`, {
    code: 'ENOENT',
  });
}

function fromFile(path: string, programs: Programs, cwd: Directory): Program {
  const refuse = (reason: string, code: string): OperationError =>
    new OperationError(`fork/exec ${path}: ${reason}`, { code });
  let text: string;
  try {
    if ((cwd.stat(path).mode & 0o111) === 0) throw refuse('permission denied', 'EACCES');
    text = textOf(cwd.readFile(path));
  } catch (error) {
    if (isKernelError(error)) throw refuse(goWords(error), error.code);
    throw error;
  }
  const [line = ''] = text.split('\n', 1);
  const found = line.startsWith('#!') ? programs.get(line.slice(2).trim()) : undefined;
  if (!found) throw refuse('exec format error', 'ENOEXEC');
  return found;
}
