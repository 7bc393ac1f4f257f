import { fail } from './errno.ts';
import { extraOf } from './extra.ts';
import type { Inode } from './memfs.ts';
import { utf8Length } from './walk.ts';

/** As tmpfs counts the space of attributes: this many bytes are an inode. */
const BYTES_OF_INODE = 1024;

/** What a value replaces: `create` is EEXIST when there is one, `replace` ENODATA when there is none. */
export interface SetAttributeOptions {
  readonly create?: boolean;
  readonly replace?: boolean;
}

/** The value of an attribute. */
export function attributeOf(inode: Inode, name: string): Uint8Array | undefined {
  return inode.extra?.attributes?.get(name);
}

/** Sets an attribute, or takes it away. ENOSPC, EEXIST, ENODATA. Models shmem_xattr_handler_set and ext4_xattr_set. */
export function setAttribute(
  inode: Inode,
  name: string,
  value: Uint8Array | undefined,
  { create = false, replace = false }: SetAttributeOptions = {},
): void {
  const { fileSystem } = inode;
  const before = attributeOf(inode, name);
  const more = value === undefined ? 0 : inodesFor(inode, name, value);
  if (more > fileSystem.freeInodes) fail('ENOSPC');
  if (before !== undefined && create) fail('EEXIST');
  if (before === undefined && replace) fail('ENODATA');
  demandSpace(inode, name, value);
  const less = before === undefined ? 0 : inodesFor(inode, name, before);
  fileSystem.takeInodes(more - less);
  const extra = extraOf(inode);
  extra.attributes ??= new Map();
  if (value === undefined) extra.attributes.delete(name);
  else extra.attributes.set(name, value);
}

/** The inodes, a broken number, that an inode's attributes take. */
export function inodesOfAttributes(inode: Inode): number {
  let sum = 0;
  for (const [name, value] of inode.extra?.attributes ?? []) sum += inodesFor(inode, name, value);
  return sum;
}

/** Models simple_xattr_space. */
function inodesFor({ fileSystem }: Inode, name: string, value: Uint8Array): number {
  if (fileSystem.rules.attributes !== 'counted') return 0;
  return (40 + value.length + utf8Length(name) + 1) / BYTES_OF_INODE;
}

/** Where attributes are in a block of the disk they have to fit there. Models ext4_xattr_block_set. */
function demandSpace(inode: Inode, name: string, value: Uint8Array | undefined): void {
  const { attributes } = inode.fileSystem.rules;
  if (typeof attributes !== 'number' || value === undefined) return;
  let sum = sizeOnDisk(name, value);
  for (const [other, bytes] of inode.extra?.attributes ?? []) {
    if (other !== name) sum += sizeOnDisk(other, bytes);
  }
  if (sum > attributes) fail('ENOSPC');
}

/** The entry and the value, each of whole words; the name's prefix is a number. */
function sizeOnDisk(name: string, value: Uint8Array): number {
  const suffix = utf8Length(name.slice(name.indexOf('.') + 1));
  return 16 + roundUp(suffix) + roundUp(value.length);
}

function roundUp(size: number): number {
  return (size + 3) & ~3;
}
