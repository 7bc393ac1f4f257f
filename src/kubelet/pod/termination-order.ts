import type { Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import { type Operation, Signal, type Simulation } from '../../sim/index.ts';
import { isSidecar } from './containers.ts';
import { upTo } from './up-to.ts';

/**
 * The order in which the containers of a Pod are stopped: side-cars after all others, and the last of them first. Models
 * pkg/kubelet/kuberuntime/kuberuntime_termination_order.go.
 */
export class TerminationOrder {
  readonly #simulation: Simulation;
  /** Who has to be gone before a side-car, by its name. */
  readonly #before = new Map<string, readonly string[]>();
  readonly #running: Set<string>;
  readonly #changed = new Signal();

  /** @param running the names of the containers that run */
  constructor(simulation: Simulation, pod: DeepReadonly<Pod>, running: Iterable<string>) {
    this.#simulation = simulation;
    this.#running = new Set(running);
    const earlier = pod.spec.containers.map(({ name }) => name);
    for (const container of [...(pod.spec.initContainers ?? [])].reverse()) {
      if (!isSidecar(container)) continue;
      this.#before.set(container.name, [...earlier]);
      earlier.push(container.name);
    }
  }

  /** Until it is a container's turn, or `seconds` have passed. Gives the seconds that it took. */
  *waitForTurn(name: string, seconds: number): Operation<number> {
    const start = this.#simulation.now;
    const until = start + seconds * 1000;
    while (this.#isEarly(name) && this.#simulation.now < until) {
      const left = until - this.#simulation.now;
      yield* upTo(this.#simulation, this.#changed, left, 'other containers to end first');
    }
    return Math.floor((this.#simulation.now - start) / 1000);
  }

  /** It has stopped. */
  ended(name: string): void {
    this.#running.delete(name);
    this.#changed.wake();
  }

  #isEarly(name: string): boolean {
    return this.#before.get(name)?.some((other) => this.#running.has(other)) ?? false;
  }
}
