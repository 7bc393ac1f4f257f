import { placeAttribute } from './attribute-space.ts';
import type { Caller } from './caller.ts';
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

/**
 * Sets an attribute, or takes it away; false when ext4 has it so already and changes nothing. ENOSPC, EDQUOT, EEXIST, ENODATA. Models
 * shmem_xattr_handler_set and ext4_xattr_set.
 */
export function setAttribute(
  inode: Inode,
  name: string,
  value: Uint8Array | undefined,
  { create = false, replace = false }: SetAttributeOptions = {},
  caller?: Caller,
): boolean {
  const { fileSystem } = inode;
  const before = attributeOf(inode, name);
  const more = value === undefined ? 0 : inodesFor(inode, name, value);
  if (more > fileSystem.freeInodes) fail('ENOSPC');
  if (before !== undefined && create) fail('EEXIST');
  if (before === undefined && replace) fail('ENODATA');
  if (before !== undefined && isSame(before, value) && onDisk(inode)) return false;
  placeAttribute(inode, name, value, caller);
  const less = before === undefined ? 0 : inodesFor(inode, name, before);
  fileSystem.takeInodes(more - less);
  const extra = extraOf(inode);
  extra.attributes ??= new Map();
  if (value === undefined) extra.attributes.delete(name);
  else extra.attributes.set(name, value);
  return true;
}

function onDisk({ fileSystem: { rules } }: Inode): boolean {
  return typeof rules.attributes === 'number' && Number.isFinite(rules.attributes);
}

function isSame(before: Uint8Array, value: Uint8Array | undefined): boolean {
  return before.length === value?.length && before.every((byte, i) => byte === value[i]);
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
