import type { RandomStream } from './random.ts';

/** What could go on now. */
export interface Candidate {
  readonly task: string;
  readonly step: string;
}

/** Decides who goes first when several could. Returns an index; one out of range is taken modulo the number. */
export interface Chooser {
  choose(candidates: readonly Candidate[]): number;
}

/** A schedule by chance, from a stream of its own: the only sequential one. */
export function randomChooser(stream: RandomStream): Chooser {
  return { choose: (candidates) => stream.integer(candidates.length) };
}
