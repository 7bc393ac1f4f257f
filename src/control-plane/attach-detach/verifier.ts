import { type NodeSystem, operationOf, type VolumePlugin } from '../../plugin/index.ts';
import { type Operation, TickLoop } from '../../sim/index.ts';
import type { AttachedVolume } from './actual-state-of-world.ts';
import { type Parts, systemOf } from './parts.ts';

/** Milliseconds between two looks at what is really attached. */
const PERIOD = 60_000;

/**
 * Asks plugins whether what was attached still is, and forgets what is not: what is wanted is attached again. It looks when a
 * plugin says that somebody else changed something, at the next minute. Models syncStates of
 * pkg/controller/volume/attachdetach/reconciler and GenerateVolumesAreAttachedFunc.
 */
export class Verifier {
  readonly #parts: Parts;
  readonly #loop: TickLoop;
  readonly #watched = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
    const { context } = parts;
    this.#loop = new TickLoop(context.dependencies.simulation, context.owner, {
      name: 'attachdetach: verify volumes are attached',
      period: PERIOD,
      pass: () => this.#pass(),
    });
  }

  /** A volume was attached: from now on its plugin is listened to. */
  attached({ plugin }: Pick<AttachedVolume, 'plugin'>, node: string): void {
    const { watch } = plugin?.attacher ?? {};
    const system = systemOf(this.#parts, node);
    const key = `${plugin?.name} ${node}`;
    if (!watch || !system || this.#watched.has(key)) return;
    this.#watched.add(key);
    watch(system, () => {
      if (this.#parts.context.owner.alive) this.#loop.wake();
    });
  }

  *#pass(): Operation {
    for (const volume of [...this.#parts.actual.all()]) {
      const { plugin, spec } = volume;
      if (!plugin?.attacher || !spec) continue;
      for (const [node, { state }] of [...volume.nodes]) {
        const system = systemOf(this.#parts, node);
        if (state !== 'attached' || !system) continue;
        if (yield* this.#isAttached(plugin, volume, system)) continue;
        this.#parts.actual.remove(volume.name, node);
        this.#parts.mark(volume.name);
      }
    }
  }

  /** Nothing said: it is believed. */
  *#isAttached(
    { name, attacher }: VolumePlugin,
    { spec }: AttachedVolume,
    system: NodeSystem,
  ): Operation<boolean> {
    if (!attacher || !spec) return true;
    const answer = yield* operationOf(attacher.verify([spec], system), `${name}.attacher.verify`);
    return answer[0] ?? true;
  }
}
