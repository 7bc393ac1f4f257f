import { TickLoop } from '../sim/index.ts';
import type { KubeletContext } from './contracts.ts';

/** Milliseconds between two looks at the containers. */
const PERIOD = 1000;

/** What happened to containers is seen at the next second. Models pkg/kubelet/pleg/generic.go. */
export class PodLifecycleEventGenerator {
  readonly #changed = new Set<string>();
  readonly #loop: TickLoop;
  readonly #seen: (uid: string) => void;

  constructor({ system, owner }: KubeletContext, seen: (uid: string) => void) {
    this.#seen = seen;
    this.#loop = new TickLoop(system.simulation, owner, {
      name: `${system.name}: PLEG`,
      period: PERIOD,
      pass: () => this.#relist(),
    });
  }

  /** A container of the Pod is not as it was. */
  changed(uid: string): void {
    this.#changed.add(uid);
    this.#loop.wake();
  }

  #relist(): undefined {
    const uids = [...this.#changed];
    this.#changed.clear();
    for (const uid of uids) this.#seen(uid);
    return undefined;
  }
}
