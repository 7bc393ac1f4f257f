import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf, type Source, sources } from './sources.ts';

/** Which room may import which. Every room may import itself. */
const ALL = ['base', 'sim', 'kernel', 'face', 'api', 'outside', 'plugin'];
const MAY: Record<string, readonly string[]> = {
  base: [],
  sim: ['base'],
  kernel: ['base', 'sim'],
  face: ['base', 'kernel'],
  api: ['base', 'sim'],
  outside: ['base', 'sim', 'kernel', 'face'],
  plugin: ALL,
  plugins: ['plugin'],
  kubelet: ALL,
  'control-plane': ALL,
  cluster: [...ALL, 'plugins', 'kubelet', 'control-plane'],
  testing: [...ALL, 'plugins', 'kubelet', 'control-plane', 'cluster', 'teaching'],
  teaching: [...ALL, 'plugins', 'kubelet', 'control-plane', 'cluster', 'testing'],
  cli: [...ALL, 'plugins', 'kubelet', 'control-plane', 'cluster', 'testing', 'teaching'],
  '': [...ALL, 'plugins', 'kubelet', 'control-plane', 'cluster', 'testing', 'teaching', 'cli'],
};

/** Packages by room; others may import none of node's own modules. */
const PACKAGES: Record<string, RegExp> = {
  face: /^(@jsonjoy\.com\/fs-(core|node|node-utils)(\/.*)?|memfs(\/.*)?|node:.*)$/,
  api: /^yaml$/,
  cluster: /^(eventemitter3|pino|memfs)$/,
  kubelet: /^fflate\/browser$/,
  teaching: /^yaml$/,
  testing: /^(fast-check|yaml)$/,
  cli: /^(node:.*|yaml|pino)$/,
};

/** src/kubelet/x.ts is in room kubelet, plugins/x.ts in room plugins, src/index.ts in none. */
function roomOf(path: string): string {
  const [top, room] = path.split('/');
  if (top === 'plugins') return 'plugins';
  return path.split('/').length > 2 ? (room ?? '') : '';
}

function wrongImports({ path, text }: Source): string[] {
  const room = roomOf(path);
  return importsOf(text).filter((from) => {
    if (!from.startsWith('.')) return !(PACKAGES[room]?.test(from) ?? false);
    const target = posix.normalize(posix.join(posix.dirname(path), from));
    const to = roomOf(target);
    if (room === 'plugins' && to === 'plugins') {
      return path !== 'plugins/index.ts' && posix.dirname(path) !== posix.dirname(target);
    }
    return to !== room && !MAY[room]?.includes(to);
  });
}

describe('imports', () => {
  const all = sources('src', 'plugins');

  test.each(all.map((source) => [source.path, source] as const))(
    '%s imports only what its room may',
    (_, source) => {
      expect(wrongImports(source)).toEqual([]);
    },
  );

  test('every room is known', () => {
    expect(all.map(({ path }) => roomOf(path)).filter((room) => !(room in MAY))).toEqual([]);
  });

  test('a wrong import is seen', () => {
    expect(
      wrongImports({ path: 'src/sim/x.ts', text: "import { a } from '../api/index.ts';" }),
    ).toHaveLength(1);
    expect(
      wrongImports({ path: 'plugins/x.ts', text: "export * from './y.ts';\nimport 'node:fs';" }),
    ).toHaveLength(1);
    expect(
      wrongImports({ path: 'src/kernel/x.ts', text: "import { a } from 'memfs';" }),
    ).toHaveLength(1);
  });
});
