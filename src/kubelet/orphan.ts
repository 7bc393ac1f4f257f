import type { VersionRules } from '../api/index.ts';
import { messageOf, OperationError, quoted } from '../base/index.ts';
import type { Directory } from '../kernel/index.ts';
import type { NodeSystem } from '../outside/index.ts';
import { type Operation, step } from '../sim/index.ts';
import type { Layout } from './layout.ts';
import type { SweepLog, SweptPart } from './sweep-log.ts';

/** What is left of a Pod that nobody knows any more. */
export interface OrphanParts {
  readonly system: NodeSystem;
  readonly rules: VersionRules;
  readonly layout: Layout;
  /** A volume of it may still be mounted. */
  readonly possiblyMounted: (podUid: string) => boolean;
  /** What cannot be removed is told there. */
  readonly log: SweepLog;
}

/** The Pod, its directory, and whether something could not be removed so far. */
export interface Orphan extends OrphanParts {
  readonly uid: string;
  readonly pod: Directory;
  /** Of the directory; absolute. */
  readonly base: string;
  failed: boolean;
}

/** One thing that is removed: a failure is given, and does not keep the rest from being tried. */
export function* tryTo(
  { system }: Orphan,
  name: string,
  path: string,
  action: () => void,
): Operation<OperationError | undefined> {
  try {
    yield* step(name, { node: system.name, path }, action);
    return undefined;
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return error;
  }
}

/** Something could not be removed: it gets upstream's words. */
export function failed(orphan: Orphan, part: SweptPart, why: string, error: Error): void {
  const message = `orphaned pod ${quoted(orphan.uid)} found, but ${why}: ${messageOf(error)}`;
  orphan.failed = true;
  orphan.log.add(part, new OperationError(message, { cause: error }));
}

/** A directory of a Pod that could not be read has a line of its own. */
export function sayUnread(log: SweepLog, path: string, error: Error): void {
  const err = messageOf(error);
  const text = 'Could not read directory';
  log.say('error', text, { err, path }, `${text} ${path}: ${err}`);
}
