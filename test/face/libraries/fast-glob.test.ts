import fastGlob from 'fast-glob';
import { beforeEach, describe, expect, test } from 'vitest';
import { createKernel, type NodeFs } from '../../../src/face/index.ts';

describe('fast-glob', () => {
  let fs: NodeFs;

  beforeEach(() => {
    const namespace = createKernel().rootNamespace;
    fs = namespace.fs();
    fs.mkdirSync('/app/src/deep', { recursive: true });
    fs.mkdirSync('/volume');
    for (const path of ['/app/a.ts', '/app/b.js', '/app/src/c.ts', '/app/src/deep/d.ts']) {
      fs.writeFileSync(path, path);
    }
    fs.writeFileSync('/volume/e.ts', '');
    fs.mkdirSync('/app/mounted');
    namespace.bind('/volume', '/app/mounted');
    fs.symlinkSync('../volume', '/app/link');
  });

  const all = ['a.ts', 'mounted/e.ts', 'src/c.ts', 'src/deep/d.ts'];

  test('finds files of every depth, across mounts, in both forms', async () => {
    const options = { fs, cwd: '/app', followSymbolicLinks: false };
    expect(fastGlob.sync('**/*.ts', options).sort()).toEqual(all);
    expect((await fastGlob('**/*.ts', options)).sort()).toEqual(all);
  });

  test('follows links when told', async () => {
    expect((await fastGlob('**/*.ts', { fs, cwd: '/app' })).sort()).toEqual([
      'a.ts',
      'link/e.ts',
      ...all.slice(1),
    ]);
  });

  test('streams entries with their stats', async () => {
    const found: string[] = [];
    const options = { fs, cwd: '/app', stats: true, absolute: true, ignore: ['**/deep'] };
    for await (const entry of fastGlob.stream('src/**', options)) {
      const { path, stats } = entry as unknown as { path: string; stats: { size: number } };
      found.push(`${path} ${stats.size}`);
    }
    expect(found).toEqual(['/app/src/c.ts 13']);
  });

  test('sees only what the caller may read', async () => {
    const user = createKernel().rootNamespace;
    const root = user.fs();
    root.mkdirSync('/open/shut', { recursive: true });
    root.writeFileSync('/open/shut/x', '');
    root.chmodSync('/open/shut', 0o700);
    const options = { fs: user.fs({ uid: 1000, gid: 1000 }), cwd: '/open' };
    await expect(fastGlob('**', options)).rejects.toThrow('EACCES: permission denied, scandir');
    expect(await fastGlob('**', { ...options, suppressErrors: true })).toEqual([]);
  });
});
