import { describe, expect, test } from 'vitest';
import { SimulationError, textOf } from '../../src/base/index.ts';
import { Directory, Kernel } from '../../src/kernel/index.ts';
import { type NodeSystem, Outside } from '../../src/outside/index.ts';

const URL = 'https://git.example/me/project.git';
const ID = '7f37e1dac13689c24339c748b1d9bcb12f84c4e5';

/** git in a directory; what it prints and its exit code are those of git 2.39 on Linux. */
class Shell {
  readonly outside: Outside = new Outside();
  readonly cwd: Directory = Directory.at(new Kernel().rootNamespace.caller(), '/');

  git(command: string, place = '.'): string {
    const node = {} as NodeSystem;
    const git = this.outside.programs.get('git');
    const run = git?.({ args: command.split(' '), cwd: this.cwd.open(place), node }).next();
    if (!run?.done) throw new Error('git waits');
    return `${run.value.output}${run.value.exitCode}`;
  }

  text(path: string): string {
    return textOf(this.cwd.readFile(path));
  }
}

function cloned(): Shell {
  const shell = new Shell();
  shell.outside.gitRemotes.add(URL, {
    HEAD: { README: 'hi', 'd/x': '#!/bin/sh\n', empty: null },
    dev: { README: 'dev', only: 'here' },
    'v1.0': { README: 'one' },
    [ID]: { README: 'old' },
  });
  shell.git(`clone -- ${URL}`);
  return shell;
}

describe('git clone', () => {
  test('makes a working copy of HEAD', () => {
    const shell = cloned();
    const { cwd } = shell;
    const names = cwd.readdir('project').map(({ name }) => name);
    expect(names.sort()).toEqual(['.git', 'README', 'd', 'empty']);
    expect(shell.text('project/README')).toBe('hi');
    expect(cwd.stat('project/README').mode & 0o777).toBe(0o644);
    expect(cwd.stat('project/d/x').mode & 0o777).toBe(0o755);
    expect(shell.text('project/.git/HEAD')).toBe('ref: refs/heads/main\n');
    expect(shell.text('project/.git/config')).toContain(`\turl = ${URL}\n`);
  });

  test.each([
    ['https://h/a/b.git', 'b'],
    ['https://h/a/b/', 'b'],
    ['https://h/a/b/.git', 'b'],
    ['git@h:b.git', 'b'],
    ['git@h:a/b', 'b'],
    ['/srv/b.git', 'b'],
  ])('of %s goes into %s', (address, name) => {
    const shell = new Shell();
    shell.outside.gitRemotes.add(address, { HEAD: { f: '' } });
    expect(shell.git(`clone -- ${address}`)).toContain(`Cloning into '${name}'...\n`);
    expect(shell.cwd.exists(`${name}/f`)).toBe(true);
  });

  test('refuses a destination that is not empty', () => {
    const shell = cloned();
    const refusal = (name: string): string =>
      `fatal: destination path '${name}' already exists and is not an empty directory.\n128`;
    expect(shell.git(`clone -- ${URL}`)).toBe(refusal('project'));
    expect(shell.git(`clone -- ${URL} .`)).toBe(refusal('.'));
    shell.cwd.mkdir('bare', 0o755);
    expect(shell.git(`clone -- ${URL} bare`)).toBe("Cloning into 'bare'...\n0");
    expect(shell.git(`clone ${URL} a/b`)).toBe("Cloning into 'a/b'...\n0");
  });

  test.each([
    ['./nope', "fatal: repository './nope' does not exist\n128"],
    ['https://h/x.git', "Cloning into 'x'...\nfatal: repository 'https://h/x.git/' not found\n128"],
    [
      'git://h/x',
      "Cloning into 'x'...\nfatal: remote error: access denied or repository not exported: /x\n128",
    ],
    [
      'git@h:me/x.git',
      "Cloning into 'x'...\nERROR: Repository not found.\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.\n128",
    ],
  ])('says that there is no %s', (address, output) => {
    const shell = new Shell();
    expect(shell.git(`clone -- ${address}`)).toBe(output);
    expect(shell.cwd.readdir()).toEqual([]);
  });

  test('takes the default branch, and warns when there is none', () => {
    const shell = new Shell();
    shell.outside.gitRemotes.add('/a', { dev: { f: 'dev' }, master: { f: 'master' } });
    shell.outside.gitRemotes.add('/b', { dev: { f: 'dev' } });
    shell.outside.gitRemotes.add('/c', {});
    expect(shell.git('clone /a')).toBe("Cloning into 'a'...\ndone.\n0");
    expect(shell.text('a/f')).toBe('master');
    expect(shell.git('clone /b')).toContain('warning: remote HEAD refers to nonexistent ref');
    expect(shell.git('clone /c')).toContain('You appear to have cloned an empty repository.');
  });

  test('takes away what it wrote when the disk is full', () => {
    const shell = new Shell();
    shell.outside.gitRemotes.add(URL, { HEAD: { big: 'x'.repeat(100_000) } });
    shell.cwd.mkdir('disk', 0o755);
    shell.cwd.caller.namespace.mount({ type: 'tmpfs', target: '/disk', size: 65536 });
    const output = shell.git(`clone -- ${URL}`, 'disk');
    expect(output).toMatch(/fatal: .*[Nn]o space left on device\n128$/);
    expect(shell.cwd.readdir('disk')).toEqual([]);
  });
});

describe('git checkout', () => {
  test('of a branch makes it, and tracks the remote one', () => {
    const shell = cloned();
    expect(shell.git('checkout dev', 'project')).toBe(
      "Switched to a new branch 'dev'\nbranch 'dev' set up to track 'origin/dev'.\n0",
    );
    expect(shell.text('project/README')).toBe('dev');
    expect(shell.cwd.exists('project/d')).toBe(false);
    expect(shell.text('project/.git/HEAD')).toBe('ref: refs/heads/dev\n');
    expect(shell.git('checkout main', 'project')).toBe(
      "Switched to branch 'main'\nYour branch is up to date with 'origin/main'.\n0",
    );
    expect(shell.cwd.exists('project/only')).toBe(false);
    expect(shell.cwd.exists('project/d/x')).toBe(true);
  });

  test.each(['v1.0', 'refs/tags/v1.0', 'origin/dev', ID, '7f37e1d', '7f37'])(
    'of %s detaches HEAD',
    (revision) => {
      const shell = cloned();
      const output = shell.git(`checkout ${revision}`, 'project');
      expect(output).toContain(
        `Note: switching to '${revision}'.\n\nYou are in 'detached HEAD' state.`,
      );
      const head = shell.text('project/.git/HEAD').trim();
      expect(head).toMatch(/^[0-9a-f]{40}$/);
      expect(output).toContain(`\nHEAD is now at ${head.slice(0, 7)} `);
      if (revision.startsWith('7f')) expect(head).toBe(ID);
    },
  );

  test('keeps files that git does not know', () => {
    const shell = cloned();
    shell.cwd.writeFile('project/mine', new Uint8Array(1));
    shell.git('checkout dev', 'project');
    expect(shell.cwd.exists('project/mine')).toBe(true);
  });

  test('works on what was cloned, whatever became of the remote', () => {
    const shell = cloned();
    shell.outside.gitRemotes.add(URL, { HEAD: { README: 'pushed' }, dev: { README: 'pushed' } });
    shell.git('checkout dev', 'project');
    expect(shell.text('project/README')).toBe('dev');
  });

  test.each([
    ['nope', "error: pathspec 'nope' did not match any file(s) known to git\n1"],
    ['0'.repeat(40), `fatal: reference is not a tree: ${'0'.repeat(40)}\n128`],
  ])('says that there is no %s', (revision, output) => {
    expect(cloned().git(`checkout ${revision}`, 'project')).toBe(output);
  });

  test('needs a repository', () => {
    expect(cloned().git('checkout dev')).toBe(
      'fatal: not a git repository (or any of the parent directories): .git\n128',
    );
    expect(cloned().git('checkout dev', 'project/d')).toContain('Switched to a new branch');
  });
});

test('git reset --hard takes changes back', () => {
  const shell = cloned();
  shell.cwd.writeFile('project/README', new Uint8Array(9));
  expect(shell.git('reset --hard', 'project')).toMatch(/^HEAD is now at [0-9a-f]{7} .*\n0$/);
  expect(shell.text('project/README')).toBe('hi');
});

test.each([
  [{ HEAD: { '../x': '' } }, 'leaves the repository'],
  [{ HEAD: { '.git/HEAD': '' } }, ".git is git's own"],
  [{ HEAD: { x: 1 as unknown as string } }, 'is neither text nor bytes nor null'],
  [{ 'a b': {} }, 'is not a revision'],
  [{ HEAD: 'x' as never }, 'must be an object of paths and contents'],
])('gitRemotes.add refuses %j', (revisions, message) => {
  const { gitRemotes } = new Outside();
  expect(() => gitRemotes.add(URL, revisions as never)).toThrow(SimulationError);
  expect(() => gitRemotes.add(URL, revisions as never)).toThrow(message);
  expect(gitRemotes.find(URL)).toBeUndefined();
});

test('the same files have the same commit, on every machine', () => {
  const shell = cloned();
  const refs = shell.text('project/.git/packed-refs').split('\n').slice(1, -1);
  expect(refs).toMatchInlineSnapshot(`
    [
      "3dfdeb656bcf6f6d95aecf85bdbd38f7802ffbae refs/remotes/origin/dev",
      "0a669f7c27eaca29a448c4f2978c99903036542e refs/remotes/origin/main",
      "813e831876b478f152d204e827f3d38b69bee851 refs/tags/v1.0",
    ]
  `);
});
