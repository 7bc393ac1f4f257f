import { ApiError, type KubernetesObject } from '../api/index.ts';
import { messageOf, SimulationError } from '../base/index.ts';
import type { Cluster } from '../cluster/index.ts';
import type { SettleReport } from '../sim/index.ts';
import type { Action, Performed } from '../teaching/index.ts';
import { type Watch, watchInvariants } from '../testing/invariants/index.ts';
import type { CommandIO } from './io.ts';
import type { Scene } from './scene.ts';

/** How the scene ended. `failure`: why it was given up. */
export interface Played {
  readonly cluster: Cluster;
  readonly settled: SettleReport;
  readonly performed: readonly Performed[];
  readonly failure: string | undefined;
}

/** Steps between two looks at the wall clock. */
const SLICE = 20_000;
/** After so many milliseconds of wall time progress is shown. */
const PATIENCE = 1000;

/** Applies the manifests, settles, and does what the Simulation says. */
export function play(scene: Scene, until: number | undefined, io: CommandIO): Played {
  const { cluster, manifests, simulation } = scene;
  const watch = simulation?.invariants ? watchInvariants(cluster) : undefined;
  settle(cluster, io);
  const applied = manifests.flatMap(({ file, text }) => applyFile(cluster, file, text));
  if (applied.length === 0 && !simulation) throw new Error('no objects passed to apply');
  let settled = settle(cluster, io);
  const performed = perform(cluster, simulation?.actions ?? [], watch);
  const failure = performed.at(-1)?.failure;
  if (until !== undefined && failure === undefined) advance(cluster, until, io);
  if (simulation || until !== undefined)
    settled = { ...cluster.settle({ within: 0 }), idle: settled.idle };
  return { cluster, settled, performed, failure };
}

/** Does one action after the other, up to the first that fails. */
function perform(
  cluster: Cluster,
  actions: readonly Action[],
  watch: Watch | undefined,
): Performed[] {
  const performed: Performed[] = [];
  for (const action of actions) {
    const before = { action, at: cluster.now, position: cluster.trace.records.length };
    const failure = attempt(() => action.run(cluster), action.path) ?? violated(watch, action.path);
    performed.push({ ...before, ...(failure !== undefined && { failure }) });
    if (failure !== undefined) break;
  }
  return performed;
}

function violated(watch: Watch | undefined, path: string): string | undefined {
  const [first] = watch?.check() ?? [];
  return first && `${path}: ${first.id}: ${first.message}`;
}

function applyFile(cluster: Cluster, file: string, text: string): KubernetesObject[] {
  try {
    return cluster.apply(text);
  } catch (error) {
    throw new Error(`${file}: ${messageOf(error)}${placeOf(error)}`, { cause: error });
  }
}

/** The field, where the server's words do not name it. */
function placeOf(error: unknown): string {
  const cause = error instanceof ApiError && error.reason === 'BadRequest' && error.causes[0];
  return cause ? ` (at ${cause.field})` : '';
}

function attempt(action: () => void, path: string): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof SimulationError || !(error instanceof Error)) throw error;
    return error.message.startsWith(path) ? error.message : `${path}: ${error.message}`;
  }
}

/** Settles in slices, so that one that takes long can say so. */
function settle(cluster: Cluster, io: CommandIO): SettleReport {
  let steps = 0;
  const end = cluster.now.getTime() + 600_000;
  for (;;) {
    const report = cluster.settle({
      steps: SLICE,
      within: Math.max(0, end - cluster.now.getTime()),
    });
    steps += report.steps;
    if (report.idle || report.steps < SLICE) return finish({ ...report, steps }, io);
    progress(cluster, steps, io);
  }
}

/** Lets time pass in pieces, for the same reason. */
function advance(cluster: Cluster, until: number, io: CommandIO): void {
  const piece = Math.max(1000, until / 100);
  for (let left = until; left > 0; left -= piece) {
    cluster.advance(Math.min(piece, left));
    progress(cluster, undefined, io);
  }
  clear(io);
}

function progress(cluster: Cluster, steps: number | undefined, io: CommandIO): void {
  if (!io.progress || io.elapsed() < PATIENCE) return;
  const count = steps === undefined ? '' : `, ${steps} steps`;
  io.err(`\r\u001b[Kvirtual time ${cluster.now.toISOString()}${count}`);
}

function finish(report: SettleReport, io: CommandIO): SettleReport {
  clear(io);
  return report;
}

function clear(io: CommandIO): void {
  if (io.progress && io.elapsed() >= PATIENCE) io.err('\r\u001b[K');
}
