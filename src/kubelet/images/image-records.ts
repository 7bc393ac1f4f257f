import type { ImageChange, RuntimeImage } from '../contracts.ts';

/** What the kubelet knows of an image that is on its node. Times are ms. */
export interface ImageRecord {
  readonly image: RuntimeImage;
  /** When it was seen first. */
  readonly firstDetected: number;
  /** When it was seen in use last; -Infinity: never. */
  readonly lastUsed: number;
}

/** When the real kubelet looks which images there are. */
export interface Detection {
  /** The first time, at the start of the kubelet, ms. */
  readonly start: number;
  /** ms between two times. */
  readonly period: number;
  /** When images were seen first that were there at the start: until 1.28 in an unknown past. */
  readonly before: number;
}

interface Seen {
  firstDetected?: number;
  lastUsed?: number;
  /** Since when it is used without a break, ms. */
  usedFrom?: number | undefined;
}

/**
 * Since when images are known, and when they were used last: as the looks every five minutes would have seen it, which are not
 * taken. Models the imageRecords of pkg/kubelet/images/image_gc_manager.go.
 */
export class ImageRecords {
  readonly #detection: Detection;
  readonly #seen = new Map<string, Seen>();

  constructor(detection: Detection) {
    this.#detection = detection;
  }

  /** Images that are there when the kubelet starts. */
  begin(images: readonly RuntimeImage[]): void {
    const { start, before } = this.#detection;
    for (const { id, used } of images) {
      this.#seen.set(id, { firstDetected: before, ...(used && { usedFrom: start }) });
    }
  }

  /** An image came, went, or its use has changed. */
  changed({ id }: RuntimeImage, what: ImageChange, now: number): void {
    if (what === 'removed') this.#seen.delete(id);
    if (what === 'used') this.#of(id).usedFrom = now;
    if (what === 'unused') this.#unused(this.#of(id), now);
  }

  /** A look at all images, now. Those first that were used longest ago, and of these those that were seen first. */
  detect(images: readonly RuntimeImage[], now: number): ImageRecord[] {
    for (const image of images) {
      const seen = this.#of(image.id);
      seen.firstDetected ??= Math.min(now, this.#firstDetection(image));
      this.#use(seen, now);
      if (image.used) seen.lastUsed = now;
    }
    return this.expect(images).sort(
      (a, b) => order(a.lastUsed, b.lastUsed) || order(a.firstDetected, b.firstDetected),
    );
  }

  /** What is known without a look; of images that were not seen yet, when they will be. */
  expect(images: readonly RuntimeImage[]): ImageRecord[] {
    return images.map((image) => {
      const seen = this.#seen.get(image.id);
      const firstDetected = seen?.firstDetected ?? this.#firstDetection(image);
      return { image, firstDetected, lastUsed: seen?.lastUsed ?? Number.NEGATIVE_INFINITY };
    });
  }

  /** When an image is seen first by one of the regular looks, ms. */
  #firstDetection({ pulledAt }: RuntimeImage): number {
    const { start, period } = this.#detection;
    return start + Math.ceil(Math.max(0, pulledAt - start) / period) * period;
  }

  #unused(seen: Seen, now: number): void {
    this.#use(seen, now);
    seen.usedFrom = undefined;
  }

  /** The last regular look at which it was in use. */
  #use(seen: Seen, now: number): void {
    const { start, period } = this.#detection;
    if (seen.usedFrom === undefined) return;
    const look = start + Math.floor((now - start) / period) * period;
    if (look >= seen.usedFrom) seen.lastUsed = Math.max(look, seen.lastUsed ?? look);
  }

  #of(id: string): Seen {
    const seen = this.#seen.get(id) ?? {};
    this.#seen.set(id, seen);
    return seen;
  }
}

function order(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
