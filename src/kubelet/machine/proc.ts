import { bytesOf } from '../../base/index.ts';
import {
  Entry,
  FileSystem,
  type Inode,
  inodeOf,
  type Kernel,
  type MountInfo,
  type OpenFile,
  S_IFDIR,
  S_IFLNK,
  S_IFREG,
} from '../../kernel/index.ts';
import { addChild } from '../../kernel/memfs.ts';
import { mountInfoText, mountsText } from './mount-text.ts';

/** A file's text when somebody reads it. */
type Content = (mounts: readonly MountInfo[]) => string;

/**
 * /proc as far as it tells about mounts: `self/mountinfo`, `self/mounts`, `mounts`, `filesystems`. What is read is the
 * reader's own, so that one serves a whole machine. Models proc(5).
 */
export class ProcFileSystem extends FileSystem {
  readonly #contents = new Map<Inode, Content>();

  constructor(kernel: Kernel) {
    super(kernel, { type: 'proc', source: 'proc' });
    const self = this.#add(this.root, 'self', S_IFDIR | 0o555);
    this.#file(self, 'mountinfo', mountInfoText);
    this.#file(self, 'mounts', mountsText);
    this.#file(this.root, 'filesystems', () => FILE_SYSTEMS);
    inodeOf(this.#add(this.root, 'mounts', S_IFLNK | 0o777)).symlink = 'self/mounts';
  }

  override content(file: OpenFile): Uint8Array | undefined {
    const content = this.#contents.get(file.inode);
    return content && bytesOf(content(file.caller.namespace.mounts()));
  }

  #file(directory: Entry, name: string, content: Content): void {
    this.#contents.set(inodeOf(this.#add(directory, name, S_IFREG | 0o444)), content);
  }

  #add(directory: Entry, name: string, mode: number): Entry {
    const entry = new Entry(directory, name, this.newInode(mode, this.kernel.now()));
    addChild(directory, entry);
    return entry;
  }
}

const FILE_SYSTEMS = ['sysfs', 'tmpfs', 'proc', 'devtmpfs', 'hugetlbfs', 'overlay']
  .map((type) => `nodev\t${type}\n`)
  .concat('\text4\n', '\txfs\n')
  .join('');
