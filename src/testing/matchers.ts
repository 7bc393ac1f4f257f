import { messageOf } from '../base/index.ts';
import type {
  Cluster,
  ContainerHandle,
  NodeHandle,
  PodHandle,
  VolumeHandle,
} from '../cluster/index.ts';
import type { NodeFs } from '../face/index.ts';
import { checkInvariants } from './invariants/index.ts';

/** What a matcher of vitest or jest gives. */
export interface MatcherResult {
  readonly pass: boolean;
  message(): string;
  readonly actual?: unknown;
  readonly expected?: unknown;
}

function result(pass: boolean, what: string, found: string): MatcherResult {
  return { pass, message: () => (pass ? `expected not ${what}` : `expected ${what}; ${found}`) };
}

/** A volume is mounted for its Pod, or every volume of a Pod is. */
function toBeMounted(received: VolumeHandle | PodHandle): MatcherResult {
  const volumes = 'volumes' in received ? received.volumes : [received];
  const wrong = volumes.filter(({ state }) => state !== 'mounted');
  const found = wrong.map(
    ({ name, state, reason }) => `${name} is ${state}${reason === undefined ? '' : `: ${reason}`}`,
  );
  return result(
    wrong.length === 0,
    `${volumes.map(({ name }) => name).join(', ')} to be mounted`,
    found.join('; '),
  );
}

/** There is a file at a path, as a container or a node sees it; with this content, when one is given. */
function toHaveFile(
  received: ContainerHandle | NodeHandle | { fs: NodeFs },
  path: string,
  content?: string,
): MatcherResult {
  const what = `a file ${path}${content === undefined ? '' : ` with ${JSON.stringify(content)}`}`;
  try {
    const found = String(received.fs.readFileSync(path, 'utf8'));
    return result(
      content === undefined || found === content,
      what,
      `it holds ${JSON.stringify(found)}`,
    );
  } catch (error) {
    return result(false, what, messageOf(error));
  }
}

/** There is an Event with a reason about something, `Pod/name`; and a message, when one is given. */
function toHaveEvent(
  received: Cluster,
  involved: string,
  reason: string,
  message?: string | RegExp,
): MatcherResult {
  const events = received.events({ involved });
  const says = (text = ''): boolean =>
    message === undefined ||
    (typeof message === 'string' ? text.includes(message) : message.test(text));
  const pass = events.some((event) => event.reason === reason && says(event.message));
  const found = events.map((event) => `${event.reason}: ${event.message}`).join('; ');
  return result(
    pass,
    `an event ${reason} about ${involved}${message === undefined ? '' : ` with ${message}`}`,
    `there are: ${found}`,
  );
}

/** A Pod is in a phase. */
function toBeInPhase(received: PodHandle, phase: string): MatcherResult {
  return result(
    received.phase === phase,
    `Pod ${received.name} to be ${phase}`,
    `it is ${received.phase}`,
  );
}

/** Everything in `invariants` holds, now and in the whole trace. */
function toHoldInvariants(received: Cluster): MatcherResult {
  const violations = checkInvariants(received);
  const found = violations.map(({ id, message }) => `${id}: ${message}`).join('; ');
  return result(violations.length === 0, 'all invariants to hold', found);
}

/** For `expect.extend(matchers)`. */
export const matchers: {
  readonly toBeMounted: typeof toBeMounted;
  readonly toHaveFile: typeof toHaveFile;
  readonly toHaveEvent: typeof toHaveEvent;
  readonly toBeInPhase: typeof toBeInPhase;
  readonly toHoldInvariants: typeof toHoldInvariants;
} = { toBeMounted, toHaveFile, toHaveEvent, toBeInPhase, toHoldInvariants };

/**
 * Types of the matchers, for `declare module 'vitest' { interface Matchers<T> extends VolumeMatchers<T> {} }`.
 */
export interface VolumeMatchers<Result = unknown> {
  toBeMounted(): Result;
  toHaveFile(path: string, content?: string): Result;
  toHaveEvent(involved: string, reason: string, message?: string | RegExp): Result;
  toBeInPhase(phase: string): Result;
  toHoldInvariants(): Result;
}
