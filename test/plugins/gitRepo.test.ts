import { describe, expect, test } from 'vitest';
import { gitRepo } from '../../plugins/gitRepo.ts';
import { Bench, volumePath } from '../plugin/harness.ts';

const URL = 'https://github.com/me/project.git';
const ID = '2a30ce65c5ab586b98916d83385c5983edd353a1';
const PATH = volumePath('kubernetes.io~git-repo');

function world(): Bench {
  const bench = new Bench();
  bench.outside.gitRemotes.add(URL, {
    HEAD: { README: 'new' },
    [ID]: { README: 'old', 'bin/run': '#!/bin/sh\n' },
  });
  return bench;
}

describe('gitRepo', () => {
  test('clones into a directory named by the address, whose group is inherited only', () => {
    const bench = world();
    bench.setUp(gitRepo, bench.volume(gitRepo, { repository: URL }, { fsGroup: 2000 }));
    expect(bench.commands).toEqual([`git clone -- ${URL}`]);
    expect(bench.names(PATH)).toEqual(['project']);
    expect(bench.text(`${PATH}/project/README`)).toBe('new');
    expect(bench.mode(`${PATH}/project/README`)).toBe('644 0:2000');
  });

  test.each([
    ['project', {}],
    ['here', { directory: 'here' }],
    ['.', { directory: '.' }],
  ])('checks a revision out in %s', (place, fields) => {
    const bench = world();
    const source = { repository: URL, revision: ID.slice(0, 8), ...fields };
    bench.setUp(gitRepo, bench.volume(gitRepo, source, { fsGroup: 2000 }));
    expect(bench.commands.slice(1)).toEqual(['git checkout 2a30ce65', 'git reset --hard']);
    expect(bench.text(`${PATH}/${place}/README`)).toBe('old');
    expect(bench.mode(`${PATH}/${place}/bin/run`)).toBe('775 0:2000');
  });

  test('is never cloned again', () => {
    const bench = world();
    bench.setUp(gitRepo, bench.volume(gitRepo, { repository: URL }));
    bench.outside.gitRemotes.add(URL, { HEAD: { README: 'newer' } });
    bench.setUp(gitRepo, bench.volume(gitRepo, { repository: URL }));
    expect(bench.commands).toHaveLength(1);
    expect(bench.text(`${PATH}/project/README`)).toBe('new');
  });

  test('goes with its files', () => {
    const bench = world();
    const volume = bench.volume(gitRepo, { repository: URL });
    bench.setUp(gitRepo, volume);
    bench.run(gitRepo.tearDown(volume));
    expect(bench.root.exists(PATH)).toBe(false);
  });

  test('is stuck after a clone whose checkout failed', () => {
    const bench = world();
    const volume = bench.volume(gitRepo, { repository: URL, revision: 'none' });
    expect(bench.failure(gitRepo, volume)).toBe(
      "failed to exec 'git checkout none': error: pathspec 'none' did not match any file(s) known to git\n: exit status 1",
    );
    expect(bench.failure(gitRepo, volume)).toBe(
      `failed to exec 'git clone -- ${URL}': fatal: destination path 'project' already exists and is not an empty directory.\n: exit status 128`,
    );
  });

  test('says what git says of a repository that there is not', () => {
    const bench = new Bench();
    const address = 'git@nowhere:me/repo.git';
    const message = bench.failure(gitRepo, bench.volume(gitRepo, { repository: address }));
    expect(message).toContain(`failed to exec 'git clone -- ${address}': Cloning into 'repo'...\n`);
    expect(message).toMatch(
      /Please make sure you have the correct access rights[\s\S]*: exit status 128$/,
    );
  });

  test('needs git', () => {
    const bench = world();
    bench.git = false;
    expect(bench.failure(gitRepo, bench.volume(gitRepo, { repository: URL }))).toBe(
      `failed to exec 'git clone -- ${URL}': : exec: "git": executable file not found in $PATH`,
    );
  });

  test.each([
    [{ repository: '--x' }, '"--x" is an invalid value for repository'],
    [{ repository: URL, revision: '-x' }, '"-x" is an invalid value for revision'],
    [{ repository: URL, directory: '-x' }, '"-x" is an invalid value for directory'],
    [
      { repository: URL, revision: 'main', directory: 'a/b' },
      '"a/b" is not a valid directory, it must not contain a directory separator',
    ],
  ])('refuses %j before anything is done', (source, message) => {
    const bench = world();
    expect(bench.failure(gitRepo, bench.volume(gitRepo, source))).toBe(message);
    expect(bench.commands).toEqual([]);
  });

  test('is off without its gate', () => {
    const bench = world();
    bench.gates.delete('GitRepoVolumeDriver');
    expect(bench.failure(gitRepo, bench.volume(gitRepo, { repository: URL }))).toBe(
      'git-repo volume plugin has been disabled; if necessary, it may be re-enabled by enabling the feature-gate `GitRepoVolumeDriver`',
    );
    expect(bench.commands).toEqual([]);
  });

  test('does not guess which of several entries is the working copy', () => {
    const bench = world();
    bench.outside.programs.set('git', function* ({ cwd }) {
      cwd.mkdirAll('b', 0o755);
      cwd.writeFile('a', new Uint8Array(0));
      return { output: '', exitCode: 0 };
    });
    const volume = bench.volume(gitRepo, { repository: URL, revision: 'main' });
    expect(bench.failure(gitRepo, volume)).toBe('unexpected directory contents: [- a d b/]');
  });
});
