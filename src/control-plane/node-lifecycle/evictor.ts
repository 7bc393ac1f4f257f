import type { Operation } from '../../sim/index.ts';
import { type ControllerContext, isSimulated, type Stored } from '../context.ts';
import { Deadlines } from '../deadlines.ts';
import { RateLimiter } from './rate-limiter.ts';
import { rateOf, type Zone, zoneOf } from './zones.ts';

const FIRST_RATE = 0.1;

interface Line {
  readonly limiter: RateLimiter;
  readonly nodes: string[];
}

/** Ends the Pods of a node, in its own way. */
export type Evict = (node: Stored<'Node'>) => Operation;

/** The nodes whose Pods are to be ended: one after the other, zone by zone. Models RateLimitedTimedQueue. */
export class Evictor {
  readonly #context: ControllerContext;
  readonly #evict: Evict;
  readonly #lines = new Map<string, Line>();
  readonly #turns: Deadlines;

  constructor(context: ControllerContext, evict: Evict) {
    this.#context = context;
    this.#evict = evict;
    this.#turns = new Deadlines(context, 'nodes to be emptied');
  }

  /** A node waits for its turn; once. */
  add(node: Stored<'Node'>): void {
    const zone = zoneOf(node);
    const { nodes } = this.#line(zone);
    if (nodes.includes(node.metadata.name)) return;
    nodes.push(node.metadata.name);
    this.#plan(zone);
  }

  /** A node is well again. */
  remove(node: Stored<'Node'>): void {
    const { nodes } = this.#line(zoneOf(node));
    const at = nodes.indexOf(node.metadata.name);
    if (at >= 0) nodes.splice(at, 1);
  }

  /** How fast a zone goes; undefined: not at all. */
  setZone(key: string, zone: Zone | undefined): void {
    this.#line(key).limiter.swap(zone ? rateOf(zone) : 0, this.#context.now);
    this.#plan(key);
  }

  #line(zone: string): Line {
    const known = this.#lines.get(zone);
    if (known) return known;
    const line = { limiter: new RateLimiter(FIRST_RATE, this.#context.now), nodes: [] };
    this.#lines.set(zone, line);
    return line;
  }

  #plan(zone: string): void {
    const { limiter, nodes } = this.#line(zone);
    const at = Math.max(limiter.next, this.#context.now);
    if (nodes.length === 0 || at === Number.POSITIVE_INFINITY) {
      this.#turns.cancel(zone);
      return;
    }
    this.#turns.set(zone, { at, class: 'work', reason: 'turn of a lost node' }, () => {
      this.#context.spawn(`turn of ${zone}`, this.#turn(zone));
    });
  }

  *#turn(zone: string): Operation {
    const { limiter, nodes } = this.#line(zone);
    const name = nodes[0];
    if (name === undefined || limiter.next > this.#context.now) return this.#plan(zone);
    limiter.take(this.#context.now);
    const node = this.#context.dependencies.store.get('Node', undefined, name);
    try {
      if (node) yield* this.#evict(node as Stored<'Node'>);
      if (nodes[0] === name) nodes.shift();
    } catch (error) {
      if (!isSimulated(error)) throw error;
      this.#context.logError('node-controller', name, error);
    }
    this.#plan(zone);
  }
}
