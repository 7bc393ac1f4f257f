import { bytesOf, OperationError } from '../../base/index.ts';
import { BLOCK_SIZE, type Directory, inodeOf, isKernelError } from '../../kernel/index.ts';
import { goWords } from '../../plugin/index.ts';
import type { RuntimeImage } from '../contracts.ts';

/** Of the content store, below `/var/lib/containerd`. */
const BLOBS = 'io.containerd.content.v1.content/blobs/sha256';

/** What lies on a node's disk of an image. */
export interface StoredImage extends Omit<RuntimeImage, 'used'> {
  /** Of the file that takes its room, below the directory of blobs. */
  readonly blob: string;
}

/**
 * Images on the disk of a node, by their full names: each is one file that takes as much room as the image has. They outlive a
 * reboot. Models containerd's content store.
 */
export class ImageStore {
  readonly #images = new Map<string, StoredImage>();
  readonly #host: Directory;
  readonly #root: string;

  /**
   * @param host `/` of the node
   * @param root of containerd, below it
   */
  constructor(host: Directory, root: string) {
    this.#host = host;
    this.#root = root;
  }

  get(name: string): StoredImage | undefined {
    return this.#images.get(name);
  }

  /** Oldest first. */
  all(): Iterable<StoredImage> {
    return this.#images.values();
  }

  get empty(): boolean {
    return this.#images.size === 0;
  }

  /** Puts an image on the disk. Throws an OperationError when there is no room. */
  add(image: Omit<StoredImage, 'blob'>): StoredImage {
    const blob = image.id.replace(/^sha256:/, '');
    try {
      takeRoom(this.#host.mkdirAll(`${this.#root}/${BLOBS}`, 0o755), blob, image);
    } catch (error) {
      if (!isKernelError(error)) throw error;
      const { code } = error;
      const message = `failed to pull and unpack image "${image.name}": ${goWords(error)}`;
      throw new OperationError(message, { code });
    }
    const stored = { ...image, blob };
    this.#images.set(image.name, stored);
    return stored;
  }

  /** Takes an image off the disk; nothing there is success. Throws an OperationError when that cannot be done. */
  remove(image: StoredImage): void {
    const path = `${this.#root}/${BLOBS}/${image.blob}`;
    try {
      if (this.#host.lexists(path)) this.#host.unlink(path);
    } catch (error) {
      if (!isKernelError(error)) throw error;
      const { code } = error;
      throw new OperationError(`failed to delete image "${image.name}": ${goWords(error)}`, {
        code,
      });
    }
    this.#images.delete(image.name);
  }
}

/** A file that says what it is for, and has the room of the whole image set aside, as fallocate(2) does that keeps the size. */
function takeRoom(directory: Directory, blob: string, { name, size }: RuntimeImageSize): void {
  directory.writeFile(blob, bytesOf(`${JSON.stringify({ name, size })}\n`), { mode: 0o444 });
  const { entry, mount } = directory.walk(blob);
  const inode = inodeOf(entry);
  const wanted = Math.ceil(size / BLOCK_SIZE) - inode.blocks;
  if (wanted <= 0) return;
  const taken = mount.fileSystem.takeBlocks(wanted, directory.caller);
  inode.blocks += taken;
  if (taken === wanted) return;
  directory.unlink(blob);
  throw new OperationError(
    `failed to pull and unpack image "${name}": write ${directory.path()}/${blob}: no space left on device`,
    { code: 'ENOSPC' },
  );
}

type RuntimeImageSize = Pick<RuntimeImage, 'name' | 'size'>;
