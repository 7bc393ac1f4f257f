import { SimulationError } from '../../base/index.ts';
import type { ImageBehaviour } from './process.ts';

/** Images by name: what their main process does. One for a whole cluster, as a registry is. */
export class Images {
  readonly #behaviours = new Map<string, ImageBehaviour>();

  /**
   * Says what containers of an image do. A name without a tag stands for every tag; the default registry may be left out.
   * A plain function's process ends when it returns; a generator may wait.
   * @example images.add('writer', function* (process) { yield* process.sleep('5s'); return 0; })
   */
  add(name: string, run: ImageBehaviour): void {
    if (typeof name !== 'string' || name === '') {
      throw new SimulationError('BAD_OPTION', 'images.add: an image needs a name');
    }
    if (typeof run !== 'function') {
      throw new SimulationError('BAD_OPTION', `images.add: ${name}: a function is needed`);
    }
    this.#behaviours.set(normalized(name), run);
  }

  /** What containers of an image do; undefined for one that was not added. */
  find(image: string): ImageBehaviour | undefined {
    if (this.#behaviours.size === 0) return undefined;
    const full = normalized(image);
    return this.#behaviours.get(full) ?? this.#behaviours.get(untagged(full));
  }
}

/** The name as written, less the default registry and the default tag. Models distribution's reference.FamiliarString. */
function normalized(image: string): string {
  return image
    .replace(/^(index\.)?docker\.io\//, '')
    .replace(/^library\//, '')
    .replace(/:latest$/, '');
}

function untagged(image: string): string {
  return image.replace(/@sha256:[0-9a-f]+$/, '').replace(/:[^/:]*$/, '');
}
