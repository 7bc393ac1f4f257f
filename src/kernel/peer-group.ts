import type { Mount } from './mount.ts';

/** How mounts below a mount propagate. Models mount_namespaces(7). */
export type Propagation = 'shared' | 'slave' | 'private' | 'unbindable';

/** Mounts that pass mounts and unmounts on to each other, and to their slaves. */
export class PeerGroup {
  /** As mountinfo's `shared:` and `master:` have it. */
  readonly id: number;
  readonly members: Set<Mount> = new Set();
  readonly slaves: Set<Mount> = new Set();

  constructor(id: number) {
    this.id = id;
  }
}

/** Makes a mount the slave of a group, or of none. */
export function setMaster(mount: Mount, group: PeerGroup | undefined): void {
  mount.master?.slaves.delete(mount);
  mount.master = group;
  group?.slaves.add(mount);
}

/** Makes a mount a peer. */
export function joinGroup(mount: Mount, group: PeerGroup): void {
  mount.group = group;
  group.members.add(mount);
  mount.unbindable = false;
}

/** Takes a mount out of its group; the slaves of a group that is then empty go to its master. Returns the group if it lives on. */
function leaveGroup(mount: Mount): PeerGroup | undefined {
  const group = mount.group;
  if (group === undefined) return undefined;
  group.members.delete(mount);
  mount.group = undefined;
  if (group.members.size > 0) return group;
  for (const slave of [...group.slaves]) setMaster(slave, mount.master);
  return undefined;
}

/** Changes how a mount propagates. Models change_mnt_propagation of fs/pnode.c. */
export function changePropagation(
  mount: Mount,
  type: Propagation,
  newGroup: () => PeerGroup,
): void {
  if (type === 'shared') {
    if (mount.group === undefined) joinGroup(mount, newGroup());
    mount.unbindable = false;
    return;
  }
  makePrivate(mount, type === 'slave');
  if (type !== 'slave') mount.unbindable = type === 'unbindable';
}

/** Ends sending, and receiving too unless it stays as a slave. */
export function makePrivate(mount: Mount, keepReceiving = false): void {
  const before = mount.master;
  const left = leaveGroup(mount);
  setMaster(mount, keepReceiving ? (left ?? before) : undefined);
}
