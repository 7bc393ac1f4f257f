import type { Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import type { OwnershipProgress } from '../../plugin/index.ts';
import { Cancellation, Cancelled, type Operation, sleepUntil } from '../../sim/index.ts';
import type { KubeletContext } from '../contracts.ts';

/** When a Pod is told that the owner of its volume's files is still being changed. */
export interface ProgressTimes {
  /** ms; default 30 s. */
  readonly first?: number;
  /** ms between two events after that; default 60 s. */
  readonly every?: number;
}

const ADVICE =
  'is taking longer than expected, consider using OnRootMismatch - https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#configure-volume-permission-and-ownership-change-policy-for-pods';

/**
 * Tells a Pod that it has to wait for its fsGroup, when that takes long. Undefined where nobody is told: before 1.33, and
 * of a Pod that is not known. Models the progress monitor of pkg/volume/volume_linux.go.
 *
 * @param path of the volume, on the node
 */
export function ownershipProgress(
  context: Pick<KubeletContext, 'rules' | 'system' | 'owner' | 'event'>,
  pod: DeepReadonly<Pod>,
  path: string,
  { first = 30_000, every = 60_000 }: ProgressTimes = {},
): OwnershipProgress | undefined {
  if (context.rules.before('1.33') || !pod.metadata.name) return undefined;
  const { simulation, name } = context.system;
  const place = path.slice(Math.max(0, path.indexOf(pod.metadata.uid)));
  const tell = (rest: string): void =>
    context.event(
      pod,
      'Warning',
      'VolumePermissionChangeInProgress',
      `Setting volume ownership for ${place}${rest}`,
    );
  const ended = new Cancellation();
  let processed = 0;
  const wait = (ms: number): Operation =>
    sleepUntil(simulation.now + ms, {
      class: 'deadline',
      reason: 'volume ownership takes long',
      cancel: ended,
    });
  const monitor = (): Operation =>
    tellAgain({
      first: () => wait(first),
      next: () => wait(every),
      tell,
      processed: () => processed,
    });
  return {
    begin: () => simulation.spawn(`${name}: ownership of ${place}`, context.owner, monitor()),
    change: () => void processed++,
    end: () => ended.cancel(),
  };
}

/** Until it is cancelled. */
function* tellAgain(parts: {
  readonly first: () => Operation;
  readonly next: () => Operation;
  readonly tell: (rest: string) => void;
  readonly processed: () => number;
}): Operation {
  try {
    yield* parts.first();
    parts.tell(` ${ADVICE}`);
    for (;;) {
      yield* parts.next();
      parts.tell(`, processed ${parts.processed()} files.`);
    }
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
  }
}
