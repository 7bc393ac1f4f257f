import { OperationError } from '../base/index.ts';
import type { Directory } from '../kernel/index.ts';
import type { Operation, RandomStream } from '../sim/index.ts';
import { pathError } from './errors.ts';
import type { FileSteps } from './file-steps.ts';
import { parentOf } from './go-path.ts';
import type { FileProjection, Payload } from './payload.ts';
import { cleanPayload, firstElements, obsoletePaths } from './payload-paths.ts';

/** The link to the directory that holds the files now. */
const DATA = '..data';
const NEW_DATA = '..data_tmp';

/** What a payload is written with. */
export interface AtomicWrite {
  /** The volume's own directory. */
  readonly files: FileSteps;
  readonly payload: Payload;
  /** Virtual time (ms) and chance, for the name of the new directory. */
  readonly now: number;
  readonly random: RandomStream;
  /** Sets owners and modes of the volume, before it is seen. Gets the new directory's name. */
  readonly setPermissions?: (directory: string) => Operation;
}

/**
 * Brings a volume's files to a payload, all at once: they are written into a new directory, and then a link is turned. A
 * reader sees all the old ones, or all the new. Nothing is written when no content differs; modes and owners are not
 * compared. A crash leaves what there was at that moment. Models pkg/volume/util/atomic_writer.go Write.
 */
export function* writeAtomically(write: AtomicWrite): Operation {
  const { files } = write;
  const payload = cleanPayload(write.payload);
  const old = readlink(files.directory, DATA);
  const obsolete =
    old === undefined ? new Set<string>() : obsoletePaths(walk(files.directory, old), payload);
  if (old !== undefined && obsolete.size === 0 && isCurrent(files.directory, old, payload)) {
    return yield* createVisibleLinks(files, payload);
  }
  const directory = yield* createTimestamped(write);
  yield* writeFiles(files, directory, payload);
  if (write.setPermissions) yield* write.setPermissions(directory);
  yield* turnLink(files, directory);
  yield* createVisibleLinks(files, payload);
  yield* removeVisible(files, obsolete);
  if (old !== undefined) yield* files.removeAll(old);
}

/** Where a link points; undefined: there is none. */
function readlink(directory: Directory, name: string): string | undefined {
  try {
    return directory.find(name, false) && directory.readlink(name);
  } catch (error) {
    throw pathError('readlink', `${directory.path()}/${name}`, error);
  }
}

/** Every path below a directory, itself left out. */
function* walk(directory: Directory, name: string, below = ''): Generator<string> {
  if (!directory.exists(name)) return;
  for (const { name: child, type } of directory.readdir(name)) {
    yield below + child;
    if (type === 'directory') yield* walk(directory, `${name}/${child}`, `${below}${child}/`);
  }
}

/** Whether each file is there with the same content. */
function isCurrent(directory: Directory, data: string, payload: Payload): boolean {
  for (const [path, file] of payload) {
    const place = `${data}/${path}`;
    if (!directory.exists(place)) return false;
    try {
      if (!sameBytes(directory.readFile(place), file.data)) return false;
    } catch (error) {
      throw pathError('read', `${directory.path()}/${place}`, error);
    }
  }
  return true;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function* createTimestamped({ files, now, random }: AtomicWrite): Operation<string> {
  const stamp = new Date(now).toISOString().slice(0, 19).replaceAll(/[-T:]/g, '_');
  let name: string;
  do name = `..${stamp}.${random.next32()}`;
  while (files.directory.exists(name));
  yield* files.mkdir(name, 0o700);
  yield* files.chmod(name, 0o755);
  return name;
}

function* writeFiles(files: FileSteps, directory: string, payload: Payload): Operation {
  for (const [path, file] of payload) {
    const parent = parentOf(path);
    if (parent !== '') yield* files.mkdirAll(`${directory}/${parent}`, 0o777);
    yield* writeFile(files, `${directory}/${path}`, file);
  }
}

function* writeFile(files: FileSteps, place: string, file: FileProjection): Operation {
  yield* files.write(place, file.data, file.mode);
  yield* files.chmod(place, file.mode);
  if (file.fsUser !== undefined) yield* files.lchown(place, file.fsUser, -1);
}

/** The atomic moment is the rename. What fails before it takes the new directory away again. */
function* turnLink(files: FileSteps, directory: string): Operation {
  try {
    yield* files.symlink(directory, NEW_DATA);
  } catch (error) {
    if (error instanceof OperationError) yield* files.removeAll(directory);
    throw error;
  }
  try {
    if (files.who.node.os === 'windows') yield* replaceLink(files, directory);
    else yield* files.rename(NEW_DATA, DATA);
  } catch (error) {
    if (error instanceof OperationError) {
      yield* files.unlink(NEW_DATA);
      yield* files.removeAll(directory);
    }
    throw error;
  }
}

/** Windows cannot rename a link over another one: there is a moment without. */
function* replaceLink(files: FileSteps, directory: string): Operation {
  if (readlink(files.directory, DATA) !== undefined) yield* files.unlink(DATA);
  yield* files.symlink(directory, DATA);
  yield* files.unlink(NEW_DATA);
}

function* createVisibleLinks(files: FileSteps, payload: Payload): Operation {
  for (const name of firstElements(payload.keys())) {
    if (!lexists(files.directory, name)) yield* files.symlink(`${DATA}/${name}`, name);
  }
}

function lexists(directory: Directory, name: string): boolean {
  try {
    return directory.find(name, false) !== undefined;
  } catch (error) {
    throw pathError('readlink', `${directory.path()}/${name}`, error);
  }
}

/** Only links in the volume's own directory are visible; the rest goes with the old directory. The last error counts. */
function* removeVisible(files: FileSteps, obsolete: ReadonlySet<string>): Operation {
  let failed: unknown;
  for (const path of obsolete) {
    if (path.includes('/')) continue;
    try {
      yield* files.unlink(path);
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      failed = error;
    }
  }
  if (failed !== undefined) throw failed;
}
