/** A map that forgets what was longest not asked for. Models golang/groupcache's lru, which client-go's event caches are. */
export class Recent<Value> {
  readonly #limit: number;
  readonly #values = new Map<string, Value>();
  /** Stands before the oldest: all that it has passed was forgotten, or asked for since, which puts it last. */
  readonly #ages: Iterator<string> = this.#values.keys();

  /** `limit`: how many it keeps. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): Value | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    this.#values.delete(key);
    this.#values.set(key, value);
    return value;
  }

  set(key: string, value: Value): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size <= this.#limit) return;
    const oldest = this.#ages.next();
    if (!oldest.done) this.#values.delete(oldest.value);
  }
}
