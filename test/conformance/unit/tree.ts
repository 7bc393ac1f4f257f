import { expect } from 'vitest';
import { OperationError } from '../../../src/base/index.ts';
import { type Directory, isKernelError } from '../../../src/kernel/index.ts';
import type { Bench } from '../../plugin/harness.ts';

/** Makes what a table says: `mkdir:<p>`, `file:<p>`, `sock:<p>`, `mount:<p>`, `link:<p> -> <target>`. */
export function makeTree(bench: Bench, base: Directory, tree: readonly string[]): void {
  for (const line of tree) {
    const [, kind = '', path = '', rest = ''] = /^(\w+):(\S*)(?: (?:-> )?(.*))?$/.exec(line) ?? [];
    const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
    if (parent !== '') base.mkdirAll(parent, 0o755);
    if (kind === 'mkdir') base.mkdirAll(path, 0o755);
    else if (kind === 'file') base.writeFile(path, new Uint8Array());
    else if (kind === 'sock') base.mknod(path, 0o140755, 0);
    else if (kind === 'link') base.symlink(rest.replace('{base}', base.path()), path);
    else if (kind === 'mount') mountAt(bench, base, path, rest);
    else throw new Error(`what is ${line}?`);
  }
}

/** A file is bound on a file; anything else is a directory with something in it. */
function mountAt(bench: Bench, base: Directory, path: string, what: string): void {
  const { namespace } = bench.node;
  const target = `${base.path()}/${path}`;
  const source = `/source/${path.replaceAll('/', '_')}`;
  if (what === '(file)') {
    bench.root.mkdirAll('source', 0o755);
    bench.root.writeFile(source, new Uint8Array());
    base.writeFile(path, new Uint8Array());
  } else {
    bench.root.mkdirAll(`${source.slice(1)}/${/containing (\S+)\)/.exec(what)?.[1] ?? ''}`, 0o755);
    base.mkdirAll(path, 0o755);
  }
  namespace.bind(source, target, {});
}

/** Whether it fails as something of the simulated world does. Anything else comes out. */
export function fails(action: () => void): boolean {
  try {
    action();
    return false;
  } catch (error) {
    if (error instanceof OperationError || isKernelError(error)) return true;
    throw error;
  }
}

/** Paths that must, and that must not, exist. */
export function expectPaths(
  base: Directory,
  left: readonly string[] = [],
  gone: readonly string[] = [],
): void {
  expect(left.filter((path) => !base.lexists(path))).toEqual([]);
  expect(gone.filter((path) => base.lexists(path))).toEqual([]);
}
