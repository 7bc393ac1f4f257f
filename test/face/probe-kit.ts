import type { NodeFs, NodeFsPromises } from '../../src/face/index.ts';

/** What a probe may use: what Node 20 has too. */
export type ProbeFs = Omit<NodeFs, 'glob' | 'globSync' | 'promises'> & {
  readonly promises: Omit<NodeFsPromises, 'glob'>;
};

/** Questions by name: each is asked of an `fs` in an empty directory. */
export type Probes = Record<string, (fs: ProbeFs, base: string) => unknown>;

/** The parts of a stat that do not depend on when and where. */
export function statOf(stat: import('node:fs').Stats | import('node:fs').BigIntStats): object {
  const type = stat.isFile() ? 'f' : stat.isDirectory() ? 'd' : stat.isSymbolicLink() ? 'l' : '?';
  const mode = (Number(stat.mode) & 0o7777).toString(8);
  const size = stat.isDirectory() ? 0 : Number(stat.size);
  return { t: type, m: mode, n: Number(stat.nlink), s: size };
}

/** What was thrown, as Node's own errors are typed. */
export function asNodeError(thrown: unknown): NodeJS.ErrnoException & { dest?: string } {
  return thrown as NodeJS.ErrnoException & { dest?: string };
}

/** The answer to a question as text: its value as JSON, or the code it fails with. */
export async function answer(ask: () => unknown): Promise<string> {
  try {
    return JSON.stringify(await ask()) ?? 'undefined';
  } catch (error) {
    return asNodeError(error).code ?? `uncoded ${String(error)}`;
  }
}
