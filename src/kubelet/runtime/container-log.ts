import { bytesOf, textOf } from '../../base/index.ts';
import {
  BLOCK_SIZE,
  type Directory,
  isKernelError,
  O_APPEND,
  O_CREAT,
  O_WRONLY,
  type OpenFile,
  sys,
} from '../../kernel/index.ts';
import type { Output } from './process.ts';

/** What a log needs of its container. */
export interface ContainerLogParts {
  readonly clock: { readonly now: number };
  /** Told when the file has grown by about so many bytes, not less. */
  readonly usage: (bytes: number) => void;
  /** Told how large the file is now; undefined: it is not at its path any more. */
  readonly grew: (size: number | undefined) => void;
}

/**
 * What a container printed: as text, and as a file on the node's disk that the kubelet counts. The file is held open: renamed or
 * removed, it is still the one that is written to, until the log is reopened. Models containerd's internal/cri/io/logger.go.
 */
export class ContainerLog {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Of the file, below `/` of the node: `var/log/pods/<namespace>_<name>_<uid>/<container>/<attempt>.log`. */
  readonly path: string;
  readonly #chunks: string[] = [];
  readonly #host: Directory;
  readonly #parts: ContainerLogParts;
  #file: OpenFile | undefined;

  /** @param host `/` of the node */
  constructor(host: Directory, path: string, parts: ContainerLogParts) {
    this.#host = host;
    this.path = path;
    this.#parts = parts;
    this.stdout = { write: (text) => this.#write('stdout', text) };
    this.stderr = { write: (text) => this.#write('stderr', text) };
  }

  /** What was printed into the file, in the order it came. */
  get text(): string {
    return this.#chunks.join('');
  }

  /** From now on it goes to the file that is at the path then. Throws the kernel's error. Models ReopenContainerLog. */
  reopen(): void {
    const before = this.#file;
    this.#file = this.#open();
    if (before && before.inode !== this.#file.inode) this.#chunks.length = 0;
    if (before) sys.close(before);
  }

  /** Nothing more is printed. */
  close(): void {
    if (this.#file) sys.close(this.#file);
    this.#file = undefined;
  }

  /** Takes the file away with those put aside, and directories that are empty then. Models Clean of the container log manager. */
  remove(): void {
    this.close();
    const slash = this.path.lastIndexOf('/');
    try {
      const directory = this.#host.open(this.path.slice(0, slash));
      const name = this.path.slice(slash + 1);
      for (const file of directory.names()) if (file.startsWith(name)) directory.unlink(file);
      for (let depth = 0, path = this.path; depth < 2; depth++) {
        path = path.slice(0, path.lastIndexOf('/'));
        this.#host.rmdir(path);
      }
    } catch (error) {
      if (!isKernelError(error)) throw error;
    }
  }

  #write(stream: 'stdout' | 'stderr', content: string | Uint8Array): void {
    const text = typeof content === 'string' ? content : textOf(content);
    if (text === '') return;
    this.#chunks.push(text);
    this.#append(this.#lines(stream, text));
  }

  /** Models the CRI log format: time, stream, F for a full line or P for a part of one, text. */
  #lines(stream: string, text: string): string {
    const at = new Date(this.#parts.clock.now).toISOString().replace('Z', '000000Z');
    const lines = text.split('\n');
    const rest = lines.pop();
    const full = lines.map((line) => `${at} ${stream} F ${line}\n`).join('');
    return rest ? `${full}${at} ${stream} P ${rest}\n` : full;
  }

  /** A full disk loses the log, as it does to containerd; the process does not notice. */
  #append(lines: string): void {
    const { usage, grew } = this.#parts;
    try {
      this.#file ??= this.#open();
      const bytes = bytesOf(lines);
      for (let at = 0; at < bytes.length; )
        at += sys.write(this.#file, bytes, at, bytes.length - at);
      usage(lines.length * 4 + BLOCK_SIZE);
      grew(this.#isInPlace(this.#file) ? this.#file.inode.length : undefined);
    } catch (error) {
      if (!isKernelError(error)) throw error;
    }
  }

  #open(): OpenFile {
    const slash = this.path.lastIndexOf('/');
    const { caller } = this.#host.mkdirAll(this.path.slice(0, slash), 0o755);
    return sys.open(caller, this.path.slice(slash + 1), O_WRONLY | O_CREAT | O_APPEND, 0o640);
  }

  #isInPlace({ entry }: OpenFile): boolean {
    return !entry.dead && entry.name === this.path.slice(this.path.lastIndexOf('/') + 1);
  }
}
