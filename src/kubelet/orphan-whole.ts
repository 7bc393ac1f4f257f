import { messageOf, OperationError, quoted } from '../base/index.ts';
import type { Operation } from '../sim/index.ts';
import { type Orphan, tryTo } from './orphan.ts';
import { removeOneFilesystem } from './remove-one-filesystem.ts';
import { volumePaths } from './volumes-on-disk.ts';

/** Up to 1.20 the directory went in one piece, and any directory of a volume kept it. */
export function* removeWhole(orphan: Orphan): Operation {
  const { base, uid, layout, log } = orphan;
  const stays = presentOnDisk(orphan);
  if (stays !== undefined) {
    orphan.failed = true;
    log.add('volumes', new OperationError(stays));
    return;
  }
  const remove = (): void => removeOneFilesystem(layout.pods, uid, base, 'all');
  const error = yield* tryTo(orphan, 'remove', base, remove);
  if (!error) return;
  orphan.failed = true;
  log.line('error', `Failed to remove orphaned pod ${quoted(uid)} dir; err: ${messageOf(error)}`);
  log.add('rest', error);
}

/** Why the directory stays, in the words of the version. */
function presentOnDisk({ pod, base, uid, rules }: Orphan): string | undefined {
  const found = `${rules.before('1.16') ? 'Orphaned' : 'orphaned'} pod ${quoted(uid)} found, but`;
  if (volumePaths(pod, base).length > 0) {
    if (rules.before('1.6'))
      return `${found} error <nil> occured during reading volume dir from disk`;
    return `${found} volume paths are still present on disk${rules.before('1.9') ? '.' : ''}`;
  }
  if (rules.before('1.9') || !pod.exists('volume-subpaths')) return undefined;
  return `${found} volume subpaths are still present on disk`;
}
