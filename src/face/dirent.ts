import type { Buffer } from 'node:buffer';
import { fileType, isType } from './file-type.ts';

/**
 * A directory entry as `readdir({ withFileTypes: true })` and `opendir` give it; it never follows links.
 *
 * Models Dirent in Node's lib/internal/fs/utils.js.
 */
export class Dirent {
  /** The name alone, in the encoding asked for. */
  readonly name: string | Buffer;
  /** The path of the directory, as the caller gave it. */
  readonly parentPath: string;
  /** The same as `parentPath`, by Node's older name. */
  readonly path: string;
  readonly #mode: number;

  constructor(name: string | Buffer, parentPath: string, mode: number) {
    this.name = name;
    this.parentPath = parentPath;
    this.path = parentPath;
    this.#mode = mode;
  }

  isDirectory(): boolean {
    return isType(this.#mode, fileType.directory);
  }
  isFile(): boolean {
    return isType(this.#mode, fileType.regular);
  }
  isSymbolicLink(): boolean {
    return isType(this.#mode, fileType.symlink);
  }
  isBlockDevice(): boolean {
    return isType(this.#mode, fileType.block);
  }
  isCharacterDevice(): boolean {
    return isType(this.#mode, fileType.character);
  }
  isFIFO(): boolean {
    return isType(this.#mode, fileType.fifo);
  }
  isSocket(): boolean {
    return isType(this.#mode, fileType.socket);
  }
}
