import type { Caller } from './caller.ts';
import { fail } from './errno.ts';
import { attributeBlocks, extraOf } from './extra.ts';
import type { Inode } from './memfs.ts';
import { shortageOf } from './project.ts';
import { utf8Length } from './walk.ts';

/*
 * Extended attributes of ext4: as many as fit are in the inode itself, the others in one block of the disk. Models ext4_xattr_set_handle
 * of fs/ext4/xattr.c, but for blocks that several inodes share because they say the same.
 */

/** Bytes for them in an inode of 256 bytes: what the inode, its extension, a header and an end leave. */
const IN_INODE = 256 - 128 - 32 - 4 - 4;

/** Finds a place for an attribute, or with no value takes its own away; ENOSPC, EDQUOT. Counts the block. */
export function placeAttribute(
  inode: Inode,
  name: string,
  value: Uint8Array | undefined,
  caller: Caller | undefined,
): void {
  const { attributes } = inode.fileSystem.rules;
  if (typeof attributes !== 'number' || !Number.isFinite(attributes)) return;
  const size = value === undefined ? 0 : sizeOnDisk(name, value);
  const inside = value === undefined || spaceTaken(inode, name, false) + size <= IN_INODE;
  if (!inside && spaceTaken(inode, name, true) + size > attributes) fail('ENOSPC');
  const before = inode.extra?.outside;
  if (inside && before === undefined) return;
  const outside = new Set(before);
  outside.delete(name);
  if (!inside) outside.add(name);
  countBlock(inode, outside.size > 0, caller);
  extraOf(inode).outside = outside.size > 0 ? outside : undefined;
}

/** The block of an inode that is gone is free. */
export function giveAttributeBlocks(inode: Inode): void {
  countBlock(inode, false, undefined);
  if (inode.extra !== undefined) inode.extra.outside = undefined;
}

function countBlock(inode: Inode, needed: boolean, caller: Caller | undefined): void {
  const { fileSystem, project } = inode;
  const more = (needed ? 1 : 0) - attributeBlocks(inode);
  if (more > 0) {
    const room = project?.roomFor(1, fileSystem.rules, caller) ?? 1;
    if (room < 1 || fileSystem.takeBlocks(1, caller) < 1) fail(shortageOf(inode, caller));
  }
  if (more < 0) fileSystem.giveBlocks(1);
  if (more !== 0) project?.count(more, 0);
}

/** Bytes of the others, in the inode or in the block. */
function spaceTaken({ extra }: Inode, name: string, outside: boolean): number {
  let sum = 0;
  for (const [other, value] of extra?.attributes ?? []) {
    const there = extra?.outside?.has(other) ?? false;
    if (other !== name && there === outside) sum += sizeOnDisk(other, value);
  }
  return sum;
}

/** The entry and the value, each of whole words; the name's prefix is a number. */
function sizeOnDisk(name: string, value: Uint8Array): number {
  const suffix = utf8Length(name.slice(name.indexOf('.') + 1));
  return 16 + roundUp(suffix) + roundUp(value.length);
}

function roundUp(size: number): number {
  return (size + 3) & ~3;
}
