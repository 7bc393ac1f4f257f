import type { VersionRules } from '../../api/index.ts';
import { quoted } from '../../base/index.ts';
import type { RuntimeImage } from '../contracts.ts';

/** How full a disk is, and how full it may be, in percent; how many bytes are too much. */
export interface Fullness {
  readonly usage: number;
  readonly high: number;
  readonly low: number;
  readonly amount: number;
}

/** Lines of the log and messages of image garbage collection, as each version has them. Models pkg/kubelet/images/image_gc_manager.go. */
export class ImageTexts {
  readonly #rules: VersionRules;

  constructor(rules: VersionRules) {
    this.#rules = rules;
  }

  get deleting(): string {
    return this.#rules.before('1.21')
      ? 'attempting to delete unused images'
      : 'Attempting to delete unused images';
  }

  removing({ id, size }: RuntimeImage): string {
    return this.#rules.before('1.21')
      ? `[imageGCManager]: Removing image ${quoted(id)} to free ${size} bytes`
      : `Removing image to free bytes imageID=${quoted(id)} size=${size}`;
  }

  tooFull({ usage, high, low, amount }: Fullness): string {
    const at = `[imageGCManager]: Disk usage on image filesystem is at ${usage}% which is over the high threshold (${high}%)`;
    if (this.#rules.before('1.13')) return `${at}. Trying to free ${amount} bytes`;
    if (this.#rules.before('1.21')) {
      return `${at}. Trying to free ${amount} bytes down to the low threshold (${low}%).`;
    }
    return (
      'Disk usage on image filesystem is over the high threshold, trying to free bytes down to the low threshold ' +
      `usage=${usage} highThreshold=${high} amountToFree=${amount} lowThreshold=${low}`
    );
  }

  freedTooLittle(amount: number, freed: number): string {
    return this.#rules.before('1.26')
      ? `failed to garbage collect required amount of images. Wanted to free ${amount} bytes, but freed ${freed} bytes`
      : `Failed to garbage collect required amount of images. Attempted to free ${amount} bytes, but only found ${freed} bytes eligible to free.`;
  }
}

/** Models NewAggregate. */
export function aggregate(errors: readonly string[]): string {
  return errors.length === 1 ? (errors[0] ?? '') : `[${errors.join(', ')}]`;
}
