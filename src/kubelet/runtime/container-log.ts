import { bytesOf, textOf } from '../../base/index.ts';
import { BLOCK_SIZE, type Directory, isKernelError } from '../../kernel/index.ts';
import type { Output } from './process.ts';

/** What a container printed: as text, and as a file on the node's disk that the kubelet counts. */
export class ContainerLog {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly #chunks: string[] = [];
  readonly #host: Directory;
  readonly #path: string;
  readonly #clock: { readonly now: number };
  readonly #usage: (bytes: number) => void;

  /**
   * @param host `/` of the node
   * @param path of the file, below it: `var/log/pods/<namespace>_<name>_<uid>/<container>/<attempt>.log`
   */
  constructor(
    host: Directory,
    path: string,
    parts: {
      readonly clock: { readonly now: number };
      /** Told when the file has grown by about so many bytes, not less. */
      readonly usage: (bytes: number) => void;
    },
  ) {
    this.#host = host;
    this.#path = path;
    this.#clock = parts.clock;
    this.#usage = parts.usage;
    this.stdout = { write: (text) => this.#write('stdout', text) };
    this.stderr = { write: (text) => this.#write('stderr', text) };
  }

  /** All that was printed, in the order it came. */
  get text(): string {
    return this.#chunks.join('');
  }

  /** Takes the file away, and the directories that are empty then. Models removeContainerLog and evictPodLogsDirectories. */
  remove(): void {
    try {
      this.#host.unlink(this.#path);
      for (let depth = 0, path = this.#path; depth < 2; depth++) {
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
    const at = new Date(this.#clock.now).toISOString().replace('Z', '000000Z');
    const lines = text.split('\n');
    const rest = lines.pop();
    const full = lines.map((line) => `${at} ${stream} F ${line}\n`).join('');
    return rest ? `${full}${at} ${stream} P ${rest}\n` : full;
  }

  /** A full disk loses the log, as it does to containerd; the process does not notice. */
  #append(lines: string): void {
    try {
      const slash = this.#path.lastIndexOf('/');
      const directory = this.#host.mkdirAll(this.#path.slice(0, slash), 0o755);
      const name = this.#path.slice(slash + 1);
      directory.writeFile(name, bytesOf(lines), { mode: 0o640, append: true });
      this.#usage(lines.length * 4 + BLOCK_SIZE);
    } catch (error) {
      if (!isKernelError(error)) throw error;
    }
  }
}
