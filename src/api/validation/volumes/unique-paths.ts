import type { FieldErrors } from '../../field-errors.ts';

/** V37f: the paths of a whole volume; no two may be the same text. */
export class UniquePaths {
  readonly #errors: FieldErrors;
  readonly #at: string;
  readonly #seen = new Set<string>();

  constructor(errors: FieldErrors, at: string) {
    this.#errors = errors;
    this.#at = at;
  }

  /** `shown`: the value in the error. */
  add(path: string, shown: string): void {
    if (this.#seen.has(path)) this.#errors.invalid(this.#at, shown, 'conflicting duplicate paths');
    else this.#seen.add(path);
  }
}
