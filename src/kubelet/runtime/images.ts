import { SimulationError } from '../../base/index.ts';
import { quantity } from '../machine/resources.ts';
import type { ImageBehaviour } from './process.ts';

/** More of an image. */
export interface ImageOptions {
  /** Room that it takes on the disk of a node that has pulled it: `200Mi`, or bytes. Default none: it is on every node. */
  size?: string | number;
}

/** What there is of an image. */
interface Image {
  readonly run: ImageBehaviour;
  /** Bytes. */
  readonly size: number;
}

/** Images by name: what their main process does. One for a whole cluster, as a registry is. */
export class Images {
  readonly #images = new Map<string, Image>();

  /**
   * Says what containers of an image do. A name without a tag stands for every tag; the default registry may be left out.
   * A plain function's process ends when it returns; a generator may wait. What nodes have pulled stays as it is.
   * @example images.add('writer', function* (process) { yield* process.sleep('5s'); return 0; }, { size: '200Mi' })
   */
  add(name: string, run: ImageBehaviour, options: ImageOptions = {}): void {
    if (typeof name !== 'string' || name === '') {
      throw new SimulationError('BAD_OPTION', 'images.add: an image needs a name');
    }
    if (typeof run !== 'function') {
      throw new SimulationError('BAD_OPTION', `images.add: ${name}: a function is needed`);
    }
    const size = sizeOf(`images.add: ${name}`, options);
    this.#images.set(normalized(name), { run, size });
  }

  /** What containers of an image do; undefined for one that was not added. */
  find(image: string): ImageBehaviour | undefined {
    return this.#get(image)?.run;
  }

  /** Bytes that an image takes on a disk; 0 for one of which that was not said. */
  sizeOf(image: string): number {
    return this.#get(image)?.size ?? 0;
  }

  #get(image: string): Image | undefined {
    if (this.#images.size === 0) return undefined;
    const full = normalized(image);
    return this.#images.get(full) ?? this.#images.get(untagged(full));
  }
}

function sizeOf(where: string, options: ImageOptions): number {
  const known = typeof options === 'object' && options !== null;
  const other = known ? Object.keys(options).find((key) => key !== 'size') : 'options';
  if (other !== undefined) {
    throw new SimulationError('BAD_OPTION', `${where}: unknown option "${other}"; known: size`);
  }
  return options.size === undefined ? 0 : quantity(`${where}: size`, options.size);
}

/** An image as a registry knows it: `docker.io/library/writer:latest`. Models distribution's reference.ParseNormalizedNamed. */
export function fullName(image: string): string {
  const short = normalized(image);
  const [first = ''] = short.split('/');
  const hasRegistry = short.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  const path = hasRegistry ? short : `docker.io/${short.includes('/') ? '' : 'library/'}${short}`;
  return untagged(path) === path && !path.includes('@') ? `${path}:latest` : path;
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
