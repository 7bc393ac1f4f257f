import { stringify } from 'yaml';
import { type Cluster, createCluster } from '../../cluster/index.ts';
import { readAction, readSimulation, SIMULATION_VERSION } from '../../teaching/index.ts';
import { type Violation, type Watch, watchInvariants } from '../invariants/index.ts';
import { resolve } from './resolve.ts';
import type { Step } from './steps.ts';
import { type ActionDocument, type HistoryOptions, type HistoryParts, sceneryOf } from './world.ts';

/** A history: where it starts, and what happens. */
export interface History {
  readonly options: HistoryOptions;
  readonly steps: readonly Step[];
}

/** What came of a history. */
export interface HistoryResult {
  /** Empty: everything held at all times. */
  readonly violations: readonly Violation[];
  /** What the simulator threw and should not have. */
  readonly error?: unknown;
  /** A document of kind Simulation that does the same again: for `kubelet-volumes run`. */
  readonly document: string;
  readonly cluster: Cluster;
}

/** Plays a history on a new cluster, up to the first thing that should not be. */
export function runHistory({ options, steps }: History, parts: HistoryParts = {}): HistoryResult {
  const { cluster, watch, spec } = beginHistory(options, parts);
  const done: ActionDocument[] = [];
  let violations: Violation[] = [];
  let error: { error?: unknown } = {};
  try {
    cluster.settle();
    cluster.settle();
    for (const step of steps) {
      violations = playStep(step, { cluster, watch, done, parts });
      if (violations.length > 0) break;
    }
  } catch (thrown) {
    error = { error: thrown };
  }
  watch.unsubscribe();
  return { violations, ...error, document: documentOf(spec, done), cluster };
}

/** A cluster for a history, before its first step. */
export function beginHistory(
  options: HistoryOptions,
  parts: HistoryParts = {},
): {
  cluster: Cluster;
  watch: Watch;
  spec: object;
} {
  const spec = { ...sceneryOf(options), invariants: true };
  const read = readSimulation({ apiVersion: SIMULATION_VERSION, kind: 'Simulation', spec });
  const plugins = typeof parts.plugins === 'function' ? parts.plugins() : parts.plugins;
  const cluster = createCluster({ ...read.options, ...(plugins && { plugins: [...plugins] }) });
  for (const { repository, revisions } of read.gitRemotes)
    cluster.outside.gitRemotes.add(repository, revisions);
  return { cluster, watch: watchInvariants(cluster), spec };
}

interface Play {
  readonly cluster: Cluster;
  readonly watch: Watch;
  readonly done: ActionDocument[];
  readonly parts?: HistoryParts;
}

/** Does one step; what was done is added to `done`. Gives what does not hold afterwards. */
export function playStep(step: Step, { cluster, watch, done, parts }: Play): Violation[] {
  for (const document of resolve(step, cluster, parts)) {
    if (!act(document, cluster, done)) continue;
    const violations = watch.check();
    if (violations.length > 0) return violations;
  }
  return [];
}

/** False: it was refused, and changed nothing. */
function act(document: ActionDocument, cluster: Cluster, done: ActionDocument[]): boolean {
  const action = readAction(`spec.then[${done.length}]`, document);
  try {
    done.push(document);
    action.run(cluster);
    return true;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ApiError') throw error;
    done.pop();
    return false;
  }
}

/** The Simulation document of a history. */
function documentOf(spec: object, then: readonly ActionDocument[]): string {
  return stringify(
    { apiVersion: SIMULATION_VERSION, kind: 'Simulation', spec: { ...spec, then } },
    { lineWidth: 120 },
  );
}
