import { goDuration, messageOf, OperationError } from '../../base/index.ts';
import type { Operation } from '../../sim/index.ts';
import type { RuntimeImage } from '../contracts.ts';
import type { PodContext } from '../pod/context.ts';
import { isFailure } from '../volume-manager/failure.ts';
import type { ImageRecord } from './image-records.ts';
import { aggregate, type ImageTexts } from './image-texts.ts';

/** How images are chosen. Times are ms. */
export interface RemovalParts {
  readonly context: PodContext;
  readonly texts: ImageTexts;
  readonly minAge: number;
  /** 0: they may be unused for ever. */
  readonly maxAge: number;
  /** When the kubelet started. */
  readonly start: number;
}

/** Deletes images that are not used. Models freeSpace and freeOldImages of pkg/kubelet/images/image_gc_manager.go. */
export class ImageRemoval {
  readonly #parts: RemovalParts;

  constructor(parts: RemovalParts) {
    this.#parts = parts;
  }

  /** What has been unused for too long goes, since 1.30 not before the kubelet has run as long. Returns the others. */
  *freeOld(images: readonly ImageRecord[]): Operation<readonly ImageRecord[]> {
    const { context, maxAge, start } = this.#parts;
    const { now } = context.system.simulation;
    const ran = now - start > maxAge || context.rules.before('1.30');
    if (maxAge === 0 || !ran) return images;
    const old = images.filter(({ lastUsed }) => now - lastUsed > maxAge);
    const errors: string[] = [];
    for (const { image } of old) yield* this.#free(image, 'age', errors);
    if (errors.length > 0) {
      const age = goDuration(maxAge);
      throw new OperationError(
        `wanted to free images older than ${age}, encountered errors in image deletion: ${aggregate(errors)}`,
      );
    }
    return images.filter((one) => !old.includes(one));
  }

  /** Deletes images until so many bytes are free; returns how many are. */
  *freeSpace(bytes: bigint, images: readonly ImageRecord[]): Operation<number> {
    const { context, minAge } = this.#parts;
    const { now } = context.system.simulation;
    const errors: string[] = [];
    let freed = 0;
    for (const { image, firstDetected } of images) {
      if (image.used || now - firstDetected < minAge) continue;
      if (yield* this.#free(image, 'space', errors)) freed += image.size;
      if (BigInt(freed) >= bytes) break;
    }
    if (errors.length === 0) return freed;
    throw new OperationError(
      `wanted to free ${bytes} bytes, but freed ${freed} bytes space with errors in image deletion: ${aggregate(errors)}`,
    );
  }

  /** False: it could not be deleted. */
  *#free(image: RuntimeImage, reason: 'space' | 'age', errors: string[]): Operation<boolean> {
    const { context, texts } = this.#parts;
    context.log('info', texts.removing(image));
    try {
      if (context.runtime.removeImage) yield* context.runtime.removeImage(image.id);
      context.metrics.imageCollected(reason);
      return true;
    } catch (error) {
      if (!isFailure(error)) throw error;
      errors.push(`rpc error: code = Unknown desc = ${messageOf(error)}`);
      return false;
    }
  }
}
