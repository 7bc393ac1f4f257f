/** One minified script that gives what `entry` exports as the global `lib`, and which of Node's modules it still asks for. */
export declare function bundle(
  entry: string,
  options?: { readonly shimmed?: boolean },
): Promise<{ readonly code: string; readonly external: readonly string[] }>;

/** Bytes of a script as it is sent. */
export declare function gzipped(code: string): number;
