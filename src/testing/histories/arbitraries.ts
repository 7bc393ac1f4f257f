import fc from 'fast-check';
import { pod, podSpec, podSpecOf, type Source, volume } from './pods.ts';
import type { History } from './run.ts';
import { type Step, step, stepWith } from './steps.ts';
import { claim, configMap, secret } from './world.ts';

/** Any object that histories use, ready for `cluster.apply`. */
const manifest: fc.Arbitrary<object> = fc.oneof(
  pod,
  fc
    .record({ n: fc.nat({ max: 1 }), value: fc.nat({ max: 7 }) })
    .map(({ n, value }) => applied(configMap(n, value))),
  fc
    .record({ n: fc.nat({ max: 1 }), value: fc.nat({ max: 7 }) })
    .map(({ n, value }) => applied(secret(n, value))),
  fc.nat({ max: 1 }).chain((n) => fc.constantFrom(...claim(n).map(applied))),
);

function applied(action: Readonly<Record<string, unknown>>): object {
  return action['apply'] as object;
}

/** What histories are made of. */
export interface HistoryArbitraryOptions {
  /** Default 60. */
  readonly steps?: number;
  /** Default: of its own. */
  readonly order?: 'fifo' | 'random';
  /** Entries of `spec.volumes` without their names. Default: of any type. */
  readonly volumes?: fc.Arbitrary<Source>;
  /** What else may happen, about one step in twenty. */
  readonly more?: fc.Arbitrary<Step>;
  /** How many; default one, or two now and then. */
  readonly nodes?: number;
}

/** Histories of so many steps, with a seed of their own. */
function history(options: HistoryArbitraryOptions = {}): fc.Arbitrary<History> {
  const { steps = 60, order, volumes, more, nodes } = options;
  const one = stepWith(volumes ? podSpecOf(volumes) : podSpec, more);
  return fc.record({
    options: fc.record({
      seed: fc.nat({ max: 0x7fffffff }),
      order:
        order === undefined
          ? fc.constantFrom('fifo' as const, 'random' as const)
          : fc.constant(order),
      nodes: nodes === undefined ? fc.constantFrom(1, 1, 1, 2) : fc.constant(nodes),
    }),
    steps: fc.array(one, { minLength: steps, maxLength: steps }),
  });
}

/** What can be made by chance: for fast-check's `fc.property`. */
export const arbitraries: {
  /** A Pod under one of a few names, with one to four volumes. */
  readonly pod: fc.Arbitrary<object>;
  readonly podSpec: fc.Arbitrary<object>;
  /** An entry of `spec.volumes` without its name. */
  readonly volume: fc.Arbitrary<Source>;
  /** A Pod, a ConfigMap, a Secret, a PersistentVolume or a claim. */
  readonly manifest: fc.Arbitrary<object>;
  /** One thing that happens. */
  readonly step: fc.Arbitrary<Step>;
  readonly history: typeof history;
} = { pod, podSpec, volume, manifest, step, history };
