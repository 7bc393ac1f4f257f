import type { Cluster } from '../../cluster/index.ts';
import type { TraceRecord, TraceType } from '../../sim/index.ts';
import { Picture } from './picture.ts';

/** Something that must never be, and was. */
export interface Violation {
  /** Of the invariant: `K1`. */
  readonly id: string;
  readonly message: string;
  /** Virtual time. */
  readonly at: Date;
}

/** An eye on a cluster. It sees every record from now on, and those that the trace still has. */
export interface Watch {
  /** What was found so far, and what can be seen now. */
  check(): Violation[];
  /** Ends it. */
  unsubscribe(): void;
  [Symbol.dispose](): void;
}

/** Something that holds at all times, whatever happens to a cluster. */
export interface Invariant {
  readonly id: string;
  readonly sentence: string;
  watch(cluster: Cluster): Watch;
}

/** What a rule can look at. */
export interface Scene {
  readonly cluster: Cluster;
  /** What the records so far say, without the one that is being looked at. */
  readonly picture: Picture;
  /** The record is of this moment: the cluster can be asked about it, too. */
  readonly live: boolean;
}

/** One rule at work: what it does with records, and what it sees by looking. */
export interface Rule {
  readonly on?: {
    readonly [Type in TraceType]?: (record: TraceRecord<Type>, scene: Scene) => void;
  };
  /** Looks at the cluster as it is now; gives what is wrong. */
  readonly now?: (scene: Scene) => Iterable<string>;
}

/** An invariant before it is watched. `begin` is told how to report. */
export interface Definition {
  readonly id: string;
  readonly sentence: string;
  begin(report: (message: string) => void): Rule;
}

/** Makes the invariant that a definition describes. */
export function invariant(definition: Definition): Invariant {
  const { id, sentence } = definition;
  return { id, sentence, watch: (cluster) => watchTogether(cluster, [definition]) };
}

const TYPES: readonly TraceType[] = [
  'exec',
  'csi',
  'volume',
  'operation',
  'world',
  'wait',
  'mount',
  'unmount',
  'container',
  'pod',
  'decision',
  'object',
  'event',
  'lifecycle',
  'fault',
  'panic',
  'log',
];

/** Watches several at once: they share one picture. */
export function watchTogether(cluster: Cluster, definitions: readonly Definition[]): Watch {
  const found: Violation[] = [];
  const scene = { cluster, picture: new Picture(), live: false };
  let at = cluster.startTime;
  const rules = definitions.map(({ id, begin }) => ({
    id,
    rule: begin((message) => void found.push({ id, message, at })),
  }));
  const see = (record: TraceRecord): void => {
    at = record.at;
    for (const { rule } of rules) tell(rule, record, scene);
    scene.picture.add(record);
  };
  for (const record of cluster.trace.records) see(record);
  scene.live = true;
  const subscriptions = TYPES.map((type) => cluster.on(type, see));
  const unsubscribe = (): void => {
    for (const subscription of subscriptions) subscription.unsubscribe();
  };
  return {
    check: () => {
      at = cluster.now;
      const seen = rules.flatMap(({ id, rule }) =>
        [...(rule.now?.(scene) ?? [])].map((message) => ({ id, message, at })),
      );
      return [...found, ...seen];
    },
    unsubscribe,
    [Symbol.dispose]: unsubscribe,
  };
}

function tell(rule: Rule, record: TraceRecord, scene: Scene): void {
  const handler = rule.on?.[record.type] as
    | ((record: TraceRecord, scene: Scene) => void)
    | undefined;
  handler?.(record, scene);
}
