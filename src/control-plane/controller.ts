import type { Owner, Simulation } from '../sim/index.ts';
import { type Operation, sleepUntil } from '../sim/index.ts';
import { ControllerContext } from './context.ts';
import type { ControllerDependencies } from './dependencies.ts';

/** Subscribes to what the controller watches, and puts what is there already into its queues. */
export type ControllerStart = (context: ControllerContext) => void;

/** Back-off of a controller that died: at once, then 10 s × 2 … 5 min, as for any container. */
const RESTART_BASE = 10_000;
const RESTART_MAX = 300_000;

/**
 * One controller of the control plane. It does nothing until something that it watches changes. When a fault kills it, all
 * that it knew is gone and it starts again, as its static Pod would.
 */
export class Controller {
  readonly name: string;
  readonly #dependencies: ControllerDependencies;
  readonly #begin: ControllerStart;
  #context: ControllerContext | undefined;
  #supervisor: Owner | undefined;
  #crashes = 0;

  /** @param name upstream's name, as in kube-controller-manager's `--controllers` */
  constructor(name: string, dependencies: ControllerDependencies, begin: ControllerStart) {
    this.name = name;
    this.#dependencies = dependencies;
    this.#begin = begin;
  }

  get running(): boolean {
    return this.#context !== undefined;
  }

  /** Starts watching. Starting twice does nothing. */
  start(): void {
    if (this.#context) return;
    const owner = this.#simulation.owner(this.name);
    owner.whenCrashed(() => this.#crashed());
    const events = this.#dependencies.events.ofNewProcess();
    this.#context = new ControllerContext({ ...this.#dependencies, events }, owner);
    this.#begin(this.#context);
  }

  /** Stops at once, and stays stopped until it is started. */
  stop(): void {
    this.#supervisor?.crash();
    this.#supervisor = undefined;
    this.#end();
  }

  get #simulation(): Simulation {
    return this.#dependencies.simulation;
  }

  #end(): void {
    const context = this.#context;
    if (!context) return;
    this.#context = undefined;
    context.stop();
    context.owner.whenCrashed(undefined);
    context.owner.crash();
  }

  #crashed(): void {
    this.#simulation.trace.add('lifecycle', { who: this.name, what: 'crashed' });
    this.#end();
    this.#supervisor ??= this.#simulation.owner(`${this.name}: supervisor`);
    this.#simulation.spawn(`${this.name}: restart`, this.#supervisor, this.#restart());
  }

  *#restart(): Operation {
    const crashes = this.#crashes++;
    const delay = crashes === 0 ? 0 : Math.min(RESTART_BASE * 2 ** (crashes - 1), RESTART_MAX);
    const until = this.#simulation.now + delay;
    const reason = `back-off of ${this.name}`;
    if (delay > 0) yield* sleepUntil(until, { class: 'retry', reason });
    this.#simulation.trace.add('lifecycle', { who: this.name, what: 'started' });
    this.start();
  }
}
