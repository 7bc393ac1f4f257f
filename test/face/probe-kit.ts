import type { BigIntStats, Stats } from 'node:fs';
import type { NodeFs, NodeFsPromises } from '../../src/face/index.ts';

/** What a probe may use: what the types of Node 20 have too. */
export type ProbeFs = Omit<
  NodeFs,
  'F_OK' | 'R_OK' | 'W_OK' | 'X_OK' | 'glob' | 'globSync' | 'promises'
> & {
  readonly promises: Omit<NodeFsPromises, 'glob'>;
};

/** Questions by name: each is asked of an `fs` in an empty directory. */
export type Probes = Record<string, (fs: ProbeFs, base: string) => unknown>;

/** The parts of a stat that do not depend on when and where. */
export function statOf(stat: Stats | BigIntStats): { t: string; m: string; n: number; s: number } {
  const type = stat.isFile() ? 'f' : stat.isDirectory() ? 'd' : stat.isSymbolicLink() ? 'l' : '?';
  const mode = (Number(stat.mode) & 0o7777).toString(8);
  const size = stat.isDirectory() ? 0 : Number(stat.size);
  return { t: type, m: mode, n: Number(stat.nlink), s: size };
}

/** What was thrown, as Node's own errors are typed. */
export function asNodeError(thrown: unknown): NodeJS.ErrnoException & { dest?: string } {
  return thrown as NodeJS.ErrnoException & { dest?: string };
}

/** What an action throws; a question about its error is no question when nothing is thrown. */
export function thrownBy(action: () => unknown): NodeJS.ErrnoException & { dest?: string } {
  try {
    action();
  } catch (thrown) {
    return asNodeError(thrown);
  }
  throw new Error('nothing was thrown');
}

/** The answer to a question as text: its value as JSON, or the code it fails with. */
export async function answer(ask: () => unknown, base: string): Promise<string> {
  try {
    return (JSON.stringify(await ask()) ?? 'undefined').replaceAll(base, 'B');
  } catch (error) {
    return asNodeError(error).code ?? `uncoded ${String(error)}`;
  }
}
