import { messageOf, OperationError, quoted } from '../base/index.ts';
import { asPathError, asSystemError } from '../plugin/index.ts';
import type { Operation } from '../sim/index.ts';
import { failed, type Orphan, type OrphanParts, sayUnread, tryTo } from './orphan.ts';
import { removeVolumes } from './orphan-volumes.ts';
import { removeWhole } from './orphan-whole.ts';
import { removeOneFilesystem } from './remove-one-filesystem.ts';
import { hasMountedVolumes } from './volumes-on-disk.ts';

/** What came of it. `mounted`: nothing was tried, for a volume may still be mounted. */
export type Swept = 'removed' | 'failed' | 'mounted';

/**
 * Removes what a Pod left below `pods/`: nothing while a volume may be mounted, and never a file below `volumes/`. Models
 * pkg/kubelet/kubelet_volumes.go cleanupOrphanedPodDirs.
 */
export function* removePodDirectory(parts: OrphanParts, uid: string): Operation<Swept> {
  const { layout, rules } = parts;
  if (volumesExist(parts, uid)) return 'mounted';
  if (!layout.pods.exists(uid)) return 'removed';
  const pod = layout.pods.open(uid);
  const orphan: Orphan = { ...parts, uid, pod, base: layout.podPath(uid), failed: false };
  if (rules.before('1.21')) yield* removeWhole(orphan);
  else {
    yield* removeVolumes(orphan);
    if (!orphan.failed) yield* removeRest(orphan);
  }
  if (orphan.failed) return 'failed';
  layout.forget(uid);
  return 'removed';
}

/** What cannot be looked at counts as mounted. */
function volumesExist(parts: OrphanParts, uid: string): boolean {
  if (!mayBeMounted(parts, uid)) return false;
  const why = 'found, but volumes are not cleaned up';
  const before = `Orphaned pod ${quoted(uid)} ${why}`;
  parts.log.say('info', `Orphaned pod ${why}`, { podUID: uid }, before);
  return true;
}

/** Models podVolumesExist. */
function mayBeMounted(parts: OrphanParts, uid: string): boolean {
  const { possiblyMounted, log } = parts;
  if (possiblyMounted(uid)) return true;
  try {
    return hasMountedVolumes(parts.layout, uid, (path, error) => sayUnread(log, path, error));
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    const err = messageOf(error);
    const when = 'occurred during checking mounted volumes from disk';
    const before = `pod ${quoted(uid)} found, but error ${err} ${when}`;
    log.say('error', `Pod found, but error ${when}`, { err, podUID: uid }, before);
    return true;
  }
}

/** The directory of volumes is gone: between its removal and this nothing else happens. */
function* removeRest(orphan: Orphan): Operation {
  const { pod, base, uid: podUID, layout, log } = orphan;
  const names = children(orphan);
  if (!names) return;
  for (const name of names) {
    const path = `${base}/${name}`;
    const remove = (): void => removeOneFilesystem(pod, name, path, 'all');
    const error = yield* tryTo(orphan, 'remove', path, remove);
    if (!error) continue;
    const fields = { err: messageOf(error), podUID, path };
    log.say('error', 'Failed to remove orphaned pod subdir', fields);
    failed(orphan, 'rest', `error occurred when trying to remove subdir ${quoted(path)}`, error);
  }
  const remove = (): void => asSystemError(() => layout.pods.rmdir(podUID));
  const error = yield* tryTo(orphan, 'rmdir', base, remove);
  if (!error) return;
  log.say('error', 'Failed to remove orphaned pod dir', { err: messageOf(error), podUID });
  failed(orphan, 'rest', 'error occurred when trying to remove the pod directory', error);
}

/** Undefined: they cannot be read, and that is an error like others. */
function children(orphan: Orphan): string[] | undefined {
  const { layout, uid, base, log } = orphan;
  try {
    const read = () => layout.pods.readdir(uid);
    return asPathError('open', () => base, read).map(({ name }) => name);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    sayUnread(log, base, error);
    failed(orphan, 'rest', 'error occurred during reading the pod dir from disk', error);
    return undefined;
  }
}
