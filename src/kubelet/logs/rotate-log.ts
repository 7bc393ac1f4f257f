import { messageOf, OperationError, quoted } from '../../base/index.ts';
import { type Directory, isKernelError, KernelError } from '../../kernel/index.ts';
import { goWords } from '../../plugin/index.ts';
import { type Operation, type StepSubject, step } from '../../sim/index.ts';
import { isFailure } from '../volume-manager/failure.ts';
import { gzip } from './gzip.ts';

const COMPRESSED = '.gz';
const TEMPORARY = '.tmp';

/** What is needed to put a container's log aside. */
export interface RotationParts {
  /** Of the container. */
  readonly subject: StepSubject;
  /** The directory that the log is in, and its absolute path. */
  readonly directory: Directory;
  readonly directoryPath: string;
  /** Of the log, there: `0.log`. */
  readonly name: string;
  /** Of the container. */
  readonly id: string;
  /** How many files there may be, with the one that is written to. */
  readonly maxFiles: number;
  /** Permission bits of compressed logs; undefined: those of the log. */
  readonly mode: number | undefined;
  readonly now: number;
  /** The container prints to a new file. */
  readonly reopen: () => Operation;
  readonly log: (message: string) => void;
}

/**
 * Puts a log aside as `<log>.<time>`, after the surplus of older ones was removed and the rest compressed: the newest stays as it
 * is, for whoever still reads it. Throws an OperationError. Models rotateLog of pkg/kubelet/logs/container_log_manager.go.
 */
export function* rotateLog(parts: RotationParts): Operation {
  const files = new LogFiles(parts);
  const left = yield* failing('failed to cleanup logs', () => cleanUp(files));
  const kept = yield* failing('failed to remove excess logs', () => removeExcess(files, left));
  for (const name of kept) {
    if (name.endsWith(COMPRESSED)) continue;
    const what = `failed to compress log ${quoted(files.path(name))}`;
    yield* failing(what, () => compress(files, name));
  }
  const what = `failed to rotate log ${quoted(files.path(parts.name))}`;
  yield* failing(what, () => rotateLatest(files));
}

/** Takes away what an attempt before this one left behind. Returns what is in use. */
function* cleanUp(files: LogFiles): Operation<string[]> {
  const { inUse, unused } = filterUnused(files.rotated());
  for (const name of unused) {
    const what = `failed to remove unused log ${quoted(files.path(name))}`;
    yield* failing(what, () => files.remove(name));
  }
  return inUse;
}

/** Temporary files, and those that were compressed already, are not in use. */
function filterUnused(names: readonly string[]): { inUse: string[]; unused: string[] } {
  const inUse = names.filter((name) => {
    if (name.endsWith(TEMPORARY)) return false;
    return name.endsWith(COMPRESSED) || !names.includes(name + COMPRESSED);
  });
  return { inUse, unused: names.filter((name) => !inUse.includes(name)) };
}

/** The log that is put aside and the new one take two of the places. */
function* removeExcess(files: LogFiles, names: readonly string[]): Operation<string[]> {
  const sorted = [...names].sort();
  const surplus = Math.max(0, sorted.length - Math.max(0, files.parts.maxFiles - 2));
  for (const name of sorted.slice(0, surplus)) {
    const what = `failed to remove old log ${quoted(files.path(name))}`;
    yield* failing(what, () => files.remove(name));
  }
  return sorted.slice(surplus);
}

function* compress(files: LogFiles, name: string): Operation {
  const [log, temporary, compressed] = [name, name + TEMPORARY, name + COMPRESSED];
  const [from, to] = [quoted(files.path(log)), quoted(files.path(temporary))];
  try {
    yield* failing(`failed to compress ${from} to ${to}`, () => files.pack(log, temporary));
    const what = `failed to rename ${to} to ${quoted(files.path(compressed))}`;
    yield* failing(what, () => files.rename(temporary, compressed));
  } catch (error) {
    if (isFailure(error)) files.removeQuietly(temporary);
    throw error;
  }
  yield* failing(`failed to remove log ${from} after compress`, () => files.remove(log));
}

/** A container that cannot be told of it keeps its log. */
function* rotateLatest(files: LogFiles): Operation {
  const { name, id, now, reopen } = files.parts;
  const rotated = `${name}.${timestamp(now)}`;
  const [from, to] = [quoted(files.path(name)), quoted(files.path(rotated))];
  yield* failing(`failed to rotate log ${from} to ${to}`, () => files.rename(name, rotated));
  try {
    yield* failing(`failed to reopen container log ${quoted(id)}`, reopen);
  } catch (error) {
    if (!isFailure(error)) throw error;
    yield* takeBack(files, rotated);
    throw error;
  }
}

function* takeBack(files: LogFiles, rotated: string): Operation {
  const { name, log } = files.parts;
  try {
    yield* files.rename(rotated, name);
  } catch (error) {
    if (!isFailure(error)) throw error;
    log(`Failed to rename rotated log: ${messageOf(error)}`);
  }
}

/** `20240101-000010`. */
function timestamp(now: number): string {
  const text = new Date(now).toISOString();
  return `${text.slice(0, 10).replaceAll('-', '')}-${text.slice(11, 19).replaceAll(':', '')}`;
}

/** The files of one container's log; what it does with them are steps. */
class LogFiles {
  readonly parts: RotationParts;

  constructor(parts: RotationParts) {
    this.parts = parts;
  }

  path(name: string): string {
    return `${this.parts.directoryPath}/${name}`;
  }

  /** Names of all files that were put aside, and of what is left of attempts to. */
  rotated(): string[] {
    const { directory, name } = this.parts;
    const isOfLog = (other: string): boolean => other.startsWith(`${name}.`);
    return directory.names().filter(isOfLog).sort();
  }

  remove(name: string): Operation {
    return this.#step('unlink', name, () => this.parts.directory.unlink(name));
  }

  rename(from: string, to: string): Operation {
    return this.#step('rename', from, () => this.parts.directory.rename(from, to));
  }

  *pack(from: string, to: string): Operation {
    const { directory } = this.parts;
    const mode = this.parts.mode ?? directory.stat(from).mode & 0o7777;
    yield* this.#step('write', to, () =>
      directory.writeFile(to, gzip(directory.readFile(from)), { mode }),
    );
  }

  /** As well as it can be done. */
  removeQuietly(name: string): void {
    try {
      this.parts.directory.unlink(name);
    } catch (error) {
      if (!isKernelError(error)) throw error;
    }
  }

  #step(operation: string, name: string, action: () => void): Operation {
    return step(operation, { ...this.parts.subject, path: this.path(name) }, action);
  }
}

/** Fails with what it was about. */
function* failing<Result>(what: string, operation: () => Operation<Result>): Operation<Result> {
  try {
    return yield* operation();
  } catch (error) {
    if (!isFailure(error)) throw error;
    const why = error instanceof KernelError ? goWords(error) : messageOf(error);
    throw new OperationError(`${what}: ${why}`, { cause: error });
  }
}
