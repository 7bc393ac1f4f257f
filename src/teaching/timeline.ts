import { goDuration } from '../base/index.ts';
import type { Cluster } from '../cluster/index.ts';
import type { TraceRecord } from '../sim/index.ts';

/** One thing that happened, in words. */
export interface TimelineEntry {
  /** Milliseconds since the cluster's start. */
  readonly after: number;
  readonly at: Date;
  readonly node?: string;
  /** `event`, `mount`, `volume`, …; `scene`: what a Simulation document did. */
  readonly type: TraceRecord['type'] | 'scene';
  /** What it is about: `Pod/test-pd`, `volume cache`, a path. */
  readonly what: string;
  readonly text: string;
}

/** Something that a Simulation document did, and how many records the trace had before. */
export interface Performed {
  readonly action: { readonly name: string; readonly text: string };
  readonly at: Date;
  readonly position: number;
  /** Why it failed. */
  readonly failure?: string;
}

/** What happened in a cluster, oldest first: events, mounts, volume operations, programs, containers, faults; and what the scene did. */
export function timeline(cluster: Cluster, performed: readonly Performed[] = []): TimelineEntry[] {
  const { records } = cluster.trace;
  const start = cluster.startTime;
  const entries: TimelineEntry[] = [];
  const mounted = new Set<string>();
  let done = 0;
  for (const one of performed) {
    const before = timelineOf(records.slice(done, one.position), start, mounted);
    entries.push(...before, sceneEntry(one, start));
    done = one.position;
  }
  return [...entries, ...timelineOf(records.slice(done), start, mounted)];
}

function sceneEntry({ action, at, failure }: Performed, start: Date): TimelineEntry {
  const outcome = failure === undefined ? '' : ' failed';
  return {
    after: at.getTime() - start.getTime(),
    at,
    type: 'scene',
    what: action.name,
    text: `${shortened(action.text)}${outcome}`,
  };
}

/** A manifest that is applied can be long. */
function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

/**
 * The same for some records of a trace.
 *
 * @param mounted volumes of Pods that were set up before these, and after them
 */
function timelineOf(
  records: readonly TraceRecord[],
  start: Date,
  mounted: Set<string>,
): TimelineEntry[] {
  return records.flatMap((record) => {
    const words = wordsOf(record, mounted);
    if (!words) return [];
    const after = record.at.getTime() - start.getTime();
    const node = record.node === undefined ? {} : { node: record.node };
    return [{ after, at: record.at, ...node, type: record.type, ...words }];
  });
}

/** A line per entry: `+0.300s  mount    tmpfs on /var/lib/kubelet/…`. */
export function timelineLines(entries: readonly TimelineEntry[]): string[] {
  const times = entries.map(({ after }) => `+${goDuration(after)}`);
  const width = Math.max(0, ...times.map(({ length }) => length));
  const kinds = Math.max(0, ...entries.map(({ type }) => type.length));
  return entries.map(
    ({ type, what, text }, i) =>
      `${(times[i] ?? '').padStart(width)}  ${type.padEnd(kinds)}  ${what}: ${text}`,
  );
}

function wordsOf(
  record: TraceRecord,
  mounted: Set<string>,
): { what: string; text: string } | undefined {
  switch (record.type) {
    case 'event':
      return {
        what: record.involved,
        text: `${record.reason}: ${record.message}${record.count > 1 ? ` (x${record.count})` : ''}`,
      };
    case 'mount':
      return { what: record.target, text: mountText(record) };
    case 'unmount':
      return { what: record.target, text: 'unmounted' };
    case 'volume':
      return {
        what: `volume ${record.volume}`,
        text: volumeText(record, mounted),
      };
    case 'exec':
      return {
        what: record.cwd,
        text: `${[record.program, ...record.args].join(' ')} (exit ${record.exitCode})`,
      };
    case 'csi':
      return { what: record.driver, text: `${record.method}: ${record.code}` };
    case 'container':
      return { what: `${record.pod}/${record.container}`, text: containerText(record) };
    case 'pod':
      return {
        what: `Pod/${record.pod}`,
        text: `${record.state}${record.message === undefined ? '' : `: ${record.message}`}`,
      };
    case 'lifecycle':
      // Whoever starts again sets up what it has to set up, or finds it as it is.
      mounted.clear();
      return { what: record.who, text: record.what };
    case 'fault':
      return {
        what: record.operation,
        text: `fault: ${record.what}${record.error === undefined ? '' : ` (${record.error})`}`,
      };
    case 'panic':
      return { what: record.who, text: `panic: ${record.error}` };
    case 'log':
      return record.level === 'info' ? undefined : { what: record.who, text: record.message };
    default:
      return undefined;
  }
}

/** A volume that is set up already is brought up to date: that looks the same, and need not change anything. */
function volumeText(record: TraceRecord<'volume'>, mounted: Set<string>): string {
  const { operation, error } = record;
  if (error !== undefined) return `${operation} failed: ${error}`;
  const key = [record.node, record.uid, record.volume].join(' ');
  if (operation === 'TearDown') mounted.delete(key);
  if (operation !== 'SetUp') return operation;
  if (mounted.has(key)) return 'SetUp again, to bring it up to date';
  mounted.add(key);
  return operation;
}

function mountText({ fstype, source, options }: TraceRecord<'mount'>): string {
  const list = options?.length ? ` (${options.join(',')})` : '';
  return fstype === 'bind' ? `bound from ${source}${list}` : `${fstype} ${source} mounted${list}`;
}

function containerText({ state, exitCode, reason }: TraceRecord<'container'>): string {
  if (state !== 'exited') return state;
  return `exited with ${exitCode}${reason === undefined ? '' : ` (${reason})`}`;
}
