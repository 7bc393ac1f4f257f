import { SimulationError } from '../base/index.ts';
import { type Directory, isKernelError, readPath } from '../kernel/index.ts';
import { fileType } from './file-type.ts';

/** Files by path, as memfs has them: text or bytes of a file, null for an empty directory. */
export interface DirectoryJSON {
  readonly [path: string]: string | Uint8Array | null;
}

/** What is asked of a memfs `Volume`, or of any `fs` whose whole tree is to be taken. */
export interface TreeSource {
  readdirSync(path: string): unknown;
  lstatSync(path: string): { readonly mode: number | bigint };
  readFileSync(path: string): unknown;
  readlinkSync(path: string): unknown;
}

/**
 * Writes files into a directory. Of a `Volume` links and permission bits are kept; owners are not, because memfs gives
 * every file to the user of the host.
 *
 * @param directory Where the files go; the files belong to its caller.
 * @param files Paths relative to it (a leading `/` or `./` changes nothing), or a memfs `Volume`, from its root.
 * @throws SimulationError BAD_OPTION that names the path that leaves the directory, or cannot be made.
 */
export function loadTree(directory: Directory, files: DirectoryJSON | TreeSource): void {
  if (isTreeSource(files)) loadVolume(directory, files, '');
  else loadFiles(directory, files);
}

/**
 * The files below a directory by path, each path with a leading `/`: text where the bytes are UTF-8, else bytes; null for
 * an empty directory. A link to a file stands for the file; other links are left out, as memfs does.
 */
export function toJSON(directory: Directory): DirectoryJSON {
  const out: Record<string, string | Uint8Array | null> = {};
  collect(directory, '', out);
  return out;
}

function loadFiles(directory: Directory, files: DirectoryJSON): void {
  for (const [path, content] of Object.entries(files)) {
    naming(path, () =>
      loadFile(
        directory,
        relative(directory, path),
        content === null ? null : asBytes(content, path),
      ),
    );
  }
}

/** Whatever the kernel says is about this path. */
function naming(path: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!isKernelError(error)) throw error;
    throw new SimulationError('BAD_OPTION', `"${path}" cannot be made: ${error.message}`);
  }
}

function loadFile(directory: Directory, path: string, content: Uint8Array | null): void {
  if (content === null) {
    if (path !== '') directory.mkdirAll(path, 0o777);
    return;
  }
  const slash = path.lastIndexOf('/');
  if (slash > 0) directory.mkdirAll(path.slice(0, slash), 0o777);
  directory.writeFile(path, content);
}

function relative({ caller }: Directory, path: string): string {
  const names = readPath(caller, path)
    .split('/')
    .filter((name) => name !== '' && name !== '.');
  if (!names.includes('..')) return names.join('/');
  throw new SimulationError('BAD_OPTION', `the path "${path}" leaves the directory`);
}

function asBytes(content: unknown, path: string): Uint8Array {
  if (content instanceof Uint8Array) return content;
  if (typeof content === 'string') return new TextEncoder().encode(content);
  throw new SimulationError('BAD_OPTION', `the content of "${path}" is neither text nor bytes`);
}

function isTreeSource(files: DirectoryJSON | TreeSource): files is TreeSource {
  return typeof (files as Partial<TreeSource>).readdirSync === 'function';
}

function loadVolume(directory: Directory, volume: TreeSource, at: string): void {
  for (const name of volume.readdirSync(at || '/') as Iterable<unknown>) {
    const from = `${at}/${String(name)}`;
    const mode = Number(volume.lstatSync(from).mode);
    naming(from, () => loadEntry(directory, volume, from, mode));
    if ((mode & fileType.mask) === fileType.directory) loadVolume(directory, volume, from);
  }
}

/** A directory that is there already stays as it is. */
function loadEntry(directory: Directory, volume: TreeSource, from: string, mode: number): void {
  const to = from.slice(1);
  const type = mode & fileType.mask;
  if (type === fileType.symlink) {
    directory.symlink(String(volume.readlinkSync(from)), to);
    return;
  }
  if (type === fileType.directory) {
    if (directory.exists(to)) return;
    directory.mkdir(to, 0o777);
  } else {
    directory.writeFile(to, asBytes(volume.readFileSync(from), from));
  }
  directory.chmod(to, mode & 0o7777);
}

function collect(
  directory: Directory,
  at: string,
  out: Record<string, string | Uint8Array | null>,
): void {
  const entries = [...directory.readdir(at === '' ? '.' : at.slice(1))];
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  if (entries.length === 0 && at !== '') out[at] = null;
  for (const { name, type } of entries) {
    const path = `${at}/${name}`;
    const inside = path.slice(1);
    if (type === 'directory') collect(directory, path, out);
    else if (type === 'file' || isLinkToFile(directory, inside, type)) {
      out[path] = asText(directory.readFile(inside));
    }
  }
}

function isLinkToFile(directory: Directory, path: string, type: string): boolean {
  if (type !== 'symlink' || !directory.exists(path)) return false;
  return (directory.stat(path).mode & fileType.mask) === fileType.regular;
}

function asText(bytes: Uint8Array): string | Uint8Array {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes;
  }
}
