import type { Caller } from './caller.ts';
import { BLOCK_SIZE } from './capacity.ts';
import { fail } from './errno.ts';
import { extraOf } from './extra.ts';
import type { Inode } from './memfs.ts';
import { giveBlocksOf, takeBlocksFor } from './memory-group.ts';
import { shortageOf } from './project.ts';

/*
 * Bytes of regular files. `data` holds the first `blocks` blocks; what lies beyond it in the file reads as zeroes, and its bytes
 * behind the file's length are zero. A write behind a hole turns the file into a map of pages.
 */

/** Copies bytes of a file out; returns how many there were. */
export function readData(inode: Inode, to: Uint8Array, position: number): number {
  const count = Math.min(to.length, inode.length - position);
  if (count <= 0) return 0;
  const pages = inode.extra?.pages;
  if (pages !== undefined) return readPages(pages, to.subarray(0, count), position);
  const held = inode.data.subarray(position, position + count);
  to.set(held);
  if (held.length < count) to.fill(0, held.length, count);
  return count;
}

/** Writes bytes, block by block as long as there is room; ENOSPC or EDQUOT if there is none for the first. Returns how many were written. */
export function writeData(
  inode: Inode,
  from: Uint8Array,
  position: number,
  caller: Caller | undefined,
): number {
  if (from.length === 0) return 0;
  if (position + from.length > Number.MAX_SAFE_INTEGER) fail('EFBIG');
  const first = Math.floor(position / BLOCK_SIZE);
  if (first > inode.blocks && inode.extra?.pages === undefined) toPages(inode);
  const pages = inode.extra?.pages;
  const count =
    pages === undefined
      ? claimDense(inode, position, from.length, caller)
      : claimPages(inode, pages, position, from.length, caller);
  const bytes = count === from.length ? from : from.subarray(0, count);
  if (pages === undefined) putDense(inode, bytes, position);
  else putPages(pages, bytes, position);
  inode.length = Math.max(inode.length, position + count);
  return count;
}

/** Cuts a file, or makes it longer by a hole. */
export function truncateData(inode: Inode, size: number): void {
  const pages = inode.extra?.pages;
  if (size < inode.length) {
    if (pages !== undefined) cutPages(inode, pages, size);
    else cutDense(inode, size);
  }
  inode.length = size;
}

/** All bytes of a file, in an array of its own. */
export function wholeData(inode: Inode): Uint8Array {
  const bytes = new Uint8Array(inode.length);
  readData(inode, bytes, 0);
  return bytes;
}

/** How many of the bytes fit, when `blocks` are held from the start; counts the new blocks. */
function claimDense(
  inode: Inode,
  position: number,
  length: number,
  caller: Caller | undefined,
): number {
  const wanted = Math.ceil((position + length) / BLOCK_SIZE) - inode.blocks;
  if (wanted <= 0) return length;
  inode.blocks += takeBlocksFor(inode, wanted, caller);
  const room = inode.blocks * BLOCK_SIZE - position;
  if (room <= 0) fail(shortageOf(inode, caller));
  return Math.min(room, length);
}

function claimPages(
  inode: Inode,
  pages: Map<number, Uint8Array>,
  position: number,
  length: number,
  caller: Caller | undefined,
): number {
  const last = Math.ceil((position + length) / BLOCK_SIZE);
  const missing: number[] = [];
  for (let page = Math.floor(position / BLOCK_SIZE); page < last; page++) {
    if (!pages.has(page)) missing.push(page);
  }
  const taken = missing.length === 0 ? 0 : takeBlocksFor(inode, missing.length, caller);
  inode.blocks += taken;
  for (const page of missing.slice(0, taken)) pages.set(page, new Uint8Array(BLOCK_SIZE));
  const stop = missing[taken];
  if (stop === undefined) return length;
  if (stop * BLOCK_SIZE <= position) fail(shortageOf(inode, caller));
  return stop * BLOCK_SIZE - position;
}

function putDense(inode: Inode, bytes: Uint8Array, position: number): void {
  const end = position + bytes.length;
  if (end > inode.data.length || inode.shared) {
    const room = inode.data.length === 0 ? end : Math.max(end, inode.data.length * 2);
    const data = new Uint8Array(room);
    data.set(inode.data);
    inode.data = data;
    inode.shared = false;
  }
  inode.data.set(bytes, position);
}

function cutDense(inode: Inode, size: number): void {
  const blocks = Math.min(inode.blocks, Math.ceil(size / BLOCK_SIZE));
  giveBlocksOf(inode, inode.blocks - blocks);
  inode.blocks = blocks;
  if (size < inode.data.length) inode.data = inode.data.slice(0, size);
  inode.shared = false;
}

function toPages(inode: Inode): void {
  const pages = new Map<number, Uint8Array>();
  for (let page = 0; page < inode.blocks; page++) {
    const bytes = new Uint8Array(BLOCK_SIZE);
    bytes.set(inode.data.subarray(page * BLOCK_SIZE, (page + 1) * BLOCK_SIZE));
    pages.set(page, bytes);
  }
  extraOf(inode).pages = pages;
  inode.data = inode.data.subarray(0, 0);
  inode.shared = false;
}

function putPages(pages: Map<number, Uint8Array>, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    const at = position + done;
    const inPage = at % BLOCK_SIZE;
    const part = bytes.subarray(done, done + BLOCK_SIZE - inPage);
    pages.get(Math.floor(at / BLOCK_SIZE))?.set(part, inPage);
    done += part.length;
  }
}

function readPages(pages: Map<number, Uint8Array>, to: Uint8Array, position: number): number {
  for (let done = 0; done < to.length; ) {
    const at = position + done;
    const inPage = at % BLOCK_SIZE;
    const part = Math.min(BLOCK_SIZE - inPage, to.length - done);
    const page = pages.get(Math.floor(at / BLOCK_SIZE));
    if (page === undefined) to.fill(0, done, done + part);
    else to.set(page.subarray(inPage, inPage + part), done);
    done += part;
  }
  return to.length;
}

function cutPages(inode: Inode, pages: Map<number, Uint8Array>, size: number): void {
  const keep = Math.ceil(size / BLOCK_SIZE);
  for (const page of [...pages.keys()]) {
    if (page < keep) continue;
    pages.delete(page);
    inode.blocks--;
    giveBlocksOf(inode, 1);
  }
  pages.get(keep - 1)?.fill(0, size - (keep - 1) * BLOCK_SIZE);
}
