/** A map that forgets what was longest not asked for. Models golang/groupcache's lru, which client-go's event caches are. */
export class Recent<Value> {
  readonly #limit: number;
  readonly #values = new Map<string, Value>();

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
    const [oldest] = this.#values.keys();
    if (oldest !== undefined) this.#values.delete(oldest);
  }
}
