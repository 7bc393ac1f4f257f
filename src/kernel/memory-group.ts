import type { Caller } from './caller.ts';
import { fail } from './errno.ts';
import { extraOf } from './extra.ts';
import type { FileSystem } from './file-system.ts';
import type { Inode } from './memfs.ts';

/** Pages that whoever wrote them first is charged for. */
export type Charges = Map<MemoryGroup, number>;

/**
 * Processes whose memory is limited together, and what they use: pages of files in memory stay charged to the group that wrote
 * them, even when its processes have ended. Counts in pages. Models the memory controller of cgroups(7).
 */
export class MemoryGroup {
  /** Pages of this group and those below. */
  used = 0;
  /** Pages; Infinity for no limit. */
  limit: number;
  readonly parent: MemoryGroup | undefined;
  /** Its processes are to be killed: there is no page left for them. */
  onOutOfMemory: (() => void) | undefined;

  constructor(limit: number = Number.POSITIVE_INFINITY, parent?: MemoryGroup) {
    this.limit = limit;
    this.parent = parent;
  }

  /** Charges as many pages as the limits of it and of those above let; returns how many. */
  charge(wanted: number): number {
    let pages = wanted;
    for (let group: MemoryGroup | undefined = this; group; group = group.parent) {
      pages = Math.min(pages, group.limit - group.used);
    }
    pages = Math.max(0, pages);
    this.uncharge(-pages);
    return pages;
  }

  uncharge(pages: number): void {
    for (let group: MemoryGroup | undefined = this; group; group = group.parent) {
      group.used -= pages;
    }
  }
}

/** Counts blocks of an inode as taken, as many as there are for the caller; returns how many. ENOMEM when the caller is killed for it. */
export function takeBlocksFor(inode: Inode, asked: number, caller: Caller | undefined): number {
  const { fileSystem, project } = inode;
  const wanted = project?.roomFor(asked, fileSystem.rules, caller) ?? asked;
  const group = fileSystem.type === 'tmpfs' ? caller?.memory : undefined;
  if (group === undefined) return fileSystem.takeBlocks(wanted, caller);
  const room = fileSystem.roomFor(wanted, caller);
  const charged = group.charge(room);
  if (charged === 0 && room > 0) {
    group.onOutOfMemory?.();
    fail('ENOMEM');
  }
  if (charged > 0) {
    add((extraOf(inode).charges ??= new Map()), group, charged);
    add((fileSystem.charges ??= new Map()), group, charged);
  }
  return fileSystem.takeBlocks(charged, caller);
}

function add(charges: Charges, group: MemoryGroup, pages: number): void {
  charges.set(group, (charges.get(group) ?? 0) + pages);
}

/** Counts blocks of an inode as free: those that were taken last. */
export function giveBlocksOf(inode: Inode, count: number): void {
  inode.fileSystem.giveBlocks(count);
  const charges = inode.extra?.charges;
  if (charges === undefined) return;
  let left = count;
  for (const [group, pages] of [...charges].reverse()) {
    const given = Math.min(pages, left);
    left -= given;
    group.uncharge(given);
    add(charges, group, -given);
    add(inode.fileSystem.charges ?? charges, group, -given);
    if (given === pages) charges.delete(group);
  }
}

/** A filesystem is gone with all its pages. */
export function dropCharges(fileSystem: FileSystem): void {
  for (const [group, pages] of fileSystem.charges ?? []) group.uncharge(pages);
  fileSystem.charges = undefined;
}
