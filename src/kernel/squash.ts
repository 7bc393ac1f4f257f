import { ALL_CAPABILITIES, type Caller } from './caller.ts';
import type { Identify } from './file-system.ts';

/** How a share is exported. Models exports(5). */
export interface ExportOptions {
  /** Root counts as nobody. Default true. */
  readonly rootSquash?: boolean;
  /** Everybody does. Default false. */
  readonly allSquash?: boolean;
  /** Nobody; default 65534. */
  readonly anonymousUid?: number;
  readonly anonymousGid?: number;
}

/** As many groups as a request has room for (AUTH_SYS). */
const GROUPS = 16;

/**
 * Whom an NFS server takes a client's caller for: what the client lets its processes do beyond their user is nothing to the server, and a
 * root that is not squashed may do everything there. For `identify` of a filesystem. Models nfsd_setuser.
 */
export function squash(options: ExportOptions = {}): Identify {
  const { rootSquash = true, allSquash = false } = options;
  const { anonymousUid: nobody = 65_534, anonymousGid: nogroup = 65_534 } = options;
  const uidOf = (uid: number): number => (allSquash || (rootSquash && uid === 0) ? nobody : uid);
  const gidOf = (gid: number): number => (allSquash || (rootSquash && gid === 0) ? nogroup : gid);
  return (caller: Caller): Caller => {
    const uid = uidOf(caller.uid);
    return {
      ...caller,
      uid,
      gid: gidOf(caller.gid),
      groups: allSquash ? [] : caller.groups.slice(0, GROUPS).map(gidOf),
      capabilities: uid === 0 ? ALL_CAPABILITIES : 0,
    };
  };
}
