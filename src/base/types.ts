/** T and everything in it, not to be written to. */
export type DeepReadonly<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends readonly (infer Item)[]
    ? readonly DeepReadonly<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
      : T;

/** Something to stop: a watch, a listener, a fault. Stopping twice does nothing. */
export interface Subscription {
  unsubscribe(): void;
  [Symbol.dispose](): void;
}

/** A subscription that runs `stop` once. */
export function subscription(stop: () => void): Subscription {
  let active = true;
  const unsubscribe = (): void => {
    if (!active) return;
    active = false;
    stop();
  };
  return { unsubscribe, [Symbol.dispose]: unsubscribe };
}
