import { type Operation, step } from '../../sim/index.ts';
import type { ContainerRuntime, ImageChange, RuntimeImage } from '../contracts.ts';
import type { Machine } from '../machine/index.ts';
import { CONTAINERD_ON_WINDOWS } from '../machine/windows-tree.ts';
import { ImageStore, type StoredImage } from './image-store.ts';
import { fullName, type Images } from './images.ts';

/**
 * Images that a node has pulled. Only those of which it was said how large they are take room; the others are there from the
 * start. Models containerd's internal/cri/server/image_*.go.
 */
export class NodeImages {
  onChange: ContainerRuntime['onImage'];
  readonly #machine: Machine;
  readonly #images: Images;
  /** The images of all containers, as they were written. */
  readonly #ofContainers: () => Iterable<string>;
  readonly #store: ImageStore;

  constructor(machine: Machine, images: Images, ofContainers: () => Iterable<string>) {
    this.#machine = machine;
    this.#images = images;
    this.#ofContainers = ofContainers;
    const root = machine.os === 'windows' ? CONTAINERD_ON_WINDOWS : 'var/lib/containerd';
    this.#store = new ImageStore(machine.root, root);
  }

  status(image: string): { readonly present: boolean } | undefined {
    if (this.#images.sizeOf(image) === 0) return undefined;
    return { present: this.#store.get(fullName(image)) !== undefined };
  }

  pull(
    image: string,
    by: { readonly pod: string; readonly container: string },
  ): Operation<{ readonly size: number }> {
    const name = fullName(image);
    const subject = { node: this.#machine.name, ...by, object: `Image/${name}` };
    return step('PullImage', subject, () => this.#add(name, image));
  }

  *remove(id: string): Operation {
    const stored = [...this.#store.all()].find((one) => one.id === id);
    if (!stored) return;
    const subject = { node: this.#machine.name, object: `Image/${stored.name}` };
    yield* step('RemoveImage', subject, () => {
      this.#store.remove(stored);
      this.#told(stored, 'removed');
    });
  }

  /** Oldest first. */
  all(): RuntimeImage[] {
    if (this.#store.empty) return [];
    const names = this.#namesInUse();
    return [...this.#store.all()].map((stored) => shown(stored, (names.get(stored.name) ?? 0) > 0));
  }

  /** A container was made from an image. */
  taken(image: string): void {
    this.#useChanged(image, 1, 'used');
  }

  /** A container that was made from an image is gone. */
  left(image: string): void {
    this.#useChanged(image, 0, 'unused');
  }

  #useChanged(image: string, containers: number, what: ImageChange): void {
    const stored = this.#store.empty ? undefined : this.#store.get(fullName(image));
    if (!stored || this.#namesInUse().get(stored.name) !== (containers || undefined)) return;
    this.#told(stored, what);
  }

  #add(name: string, image: string): { readonly size: number } {
    const { simulation } = this.#machine;
    const size = this.#images.sizeOf(image);
    const id = `sha256:${simulation.random.fresh('image', name).hex(64)}`;
    const there = this.#store.get(name) !== undefined;
    if (!there) this.#told(this.#store.add({ id, name, size, pulledAt: simulation.now }), 'pulled');
    return { size };
  }

  #told(stored: StoredImage, what: ImageChange): void {
    this.onChange?.(shown(stored, what === 'used'), what);
  }

  #namesInUse(): Map<string, number> {
    const names = new Map<string, number>();
    for (const image of this.#ofContainers()) {
      const name = fullName(image);
      names.set(name, (names.get(name) ?? 0) + 1);
    }
    return names;
  }
}

function shown({ id, name, size, pulledAt }: StoredImage, used: boolean): RuntimeImage {
  return { id, name, size, pulledAt, used };
}
