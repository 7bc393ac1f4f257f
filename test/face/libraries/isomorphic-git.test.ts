import git from 'isomorphic-git';
import { beforeEach, describe, expect, test } from 'vitest';
import { createKernel, type NodeFs } from '../../../src/face/index.ts';
import { serving } from './git-server.ts';

const author = { name: 'A', email: 'a@example.com', timestamp: 1_700_000_000, timezoneOffset: 0 };
const url = 'https://git.example.com/origin.git';

describe('isomorphic-git', () => {
  const origin = '/srv/origin';
  let fs: NodeFs;

  async function commit(path: string, content: string, message: string): Promise<string> {
    await fs.promises.writeFile(`${origin}/${path}`, content);
    await git.add({ fs, dir: origin, filepath: path });
    return git.commit({ fs, dir: origin, message, author });
  }

  beforeEach(async () => {
    const namespace = createKernel().rootNamespace;
    fs = namespace.fs();
    fs.mkdirSync('/srv');
    namespace.mount({ type: 'tmpfs', source: 'srv', target: '/srv' });
    fs.mkdirSync(`${origin}/docs/deep`, { recursive: true });
    await git.init({ fs, dir: origin, defaultBranch: 'main' });
    await commit('readme.md', 'one\n', 'first');
    await commit('docs/deep/a.txt', 'text\n', 'second');
  });

  test('keeps a history', async () => {
    const log = await git.log({ fs, dir: origin });
    expect(log.map((entry) => entry.commit.message)).toEqual(['second\n', 'first\n']);
    expect(fs.existsSync(`${origin}/.git/index`)).toBe(true);
  });

  test('sees what changed', async () => {
    fs.writeFileSync(`${origin}/readme.md`, 'other text\n');
    fs.unlinkSync(`${origin}/docs/deep/a.txt`);
    fs.writeFileSync(`${origin}/new`, '');
    expect(await git.statusMatrix({ fs, dir: origin })).toEqual([
      ['docs/deep/a.txt', 1, 0, 1],
      ['new', 0, 2, 0],
      ['readme.md', 1, 2, 1],
    ]);
  });

  test('checks out what was', async () => {
    const [, first] = await git.log({ fs, dir: origin });
    await git.checkout({ fs, dir: origin, ref: first?.oid ?? '' });
    expect(fs.existsSync(`${origin}/docs/deep/a.txt`)).toBe(false);
    await git.checkout({ fs, dir: origin, ref: 'main' });
    expect(fs.readFileSync(`${origin}/docs/deep/a.txt`, 'utf8')).toBe('text\n');
  });

  test('clones a repository that lies in another memory', async () => {
    await git.branch({ fs, dir: origin, ref: 'side', checkout: true });
    await commit('side.txt', 'x'.repeat(100_000), 'third');
    await git.checkout({ fs, dir: origin, ref: 'main' });

    const elsewhere = createKernel().rootNamespace.fs();
    await git.clone({ fs: elsewhere, dir: '/clone', url, http: serving(fs, origin) });
    expect(elsewhere.readFileSync('/clone/docs/deep/a.txt', 'utf8')).toBe('text\n');
    expect(await git.listBranches({ fs: elsewhere, dir: '/clone', remote: 'origin' })).toEqual([
      'HEAD',
      'main',
      'side',
    ]);

    await git.checkout({ fs: elsewhere, dir: '/clone', ref: 'side' });
    expect(elsewhere.statSync('/clone/side.txt').size).toBe(100_000);
    expect(await git.resolveRef({ fs: elsewhere, dir: '/clone', ref: 'side' })).toBe(
      await git.resolveRef({ fs, dir: origin, ref: 'side' }),
    );
  });

  test('fails with the error of the kernel where there is no room', async () => {
    await commit('large', Array.from({ length: 5000 }, (_, i) => `${i * i}`).join(' '), 'third');
    const namespace = createKernel().rootNamespace;
    const small = namespace.fs();
    small.mkdirSync('/small');
    namespace.mount({ type: 'tmpfs', source: 's', target: '/small', size: 16_384 });
    const clone = git.clone({ fs: small, dir: '/small/clone', url, http: serving(fs, origin) });
    await expect(clone).rejects.toMatchObject({ code: 'ENOSPC', syscall: 'write' });
  });
});
