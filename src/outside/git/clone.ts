import { bytesOf } from '../../base/index.ts';
import { type Directory, errorText, isKernelError } from '../../kernel/index.ts';
import type { GitRemotes } from '../git-remotes.ts';
import { GitFailure, operands } from './failure.ts';
import { writeCommit } from './objects.ts';
import type { GitRepository } from './repository.ts';
import { writeTree } from './work-tree.ts';

/** `git clone [--] <repository> [<directory>]`; what it prints. */
export function clone(remotes: GitRemotes, cwd: Directory, args: readonly string[]): string {
  const [address, directory, ...more] = operands('clone', args);
  if (address === undefined) {
    throw new GitFailure('fatal: You must specify a repository to clone.\n', 129);
  }
  if (more.length > 0) throw new GitFailure('fatal: Too many arguments.\n', 129);
  const repository = remotes.find(address);
  const kind = kindOf(address);
  if (!repository && kind === 'path') {
    throw new GitFailure(`fatal: repository '${address}' does not exist\n`);
  }
  const name = directory?.replace(/(?<=.)\/+$/, '') ?? guessDirectory(address);
  demandEmpty(cwd, name);
  const start = `Cloning into '${name}'...\n`;
  if (!repository) throw new GitFailure(start + notFound(address, kind));
  const warning = fill(cwd, { name, address, repository, start });
  return start + (kind === 'path' ? 'done.\n' : '') + warning;
}

type Kind = 'https' | 'ssh' | 'git' | 'path';

function kindOf(address: string): Kind {
  if (/^https?:\/\//.test(address)) return 'https';
  if (address.startsWith('git://')) return 'git';
  if (address.startsWith('ssh://') || /^[^/:]+:/.test(address)) {
    return address.startsWith('file:') ? 'path' : 'ssh';
  }
  return 'path';
}

/** What the host of a repository says when it has none of that name. */
function notFound(address: string, kind: Kind): string {
  if (kind === 'https') {
    return `fatal: repository '${address.replace(/\/*$/, '/')}' not found\n`;
  }
  if (kind === 'git') {
    const path = address.replace(/^git:\/\/[^/]*/, '');
    return `fatal: remote error: access denied or repository not exported: ${path}\n`;
  }
  return [
    'ERROR: Repository not found.',
    'fatal: Could not read from remote repository.',
    '',
    'Please make sure you have the correct access rights',
    'and the repository exists.',
    '',
  ].join('\n');
}

/** The last part of an address. Models git's dir.c git_url_basename. */
export function guessDirectory(address: string): string {
  const path = address.replace(/^[a-z+]+:\/\//, '').replace(/[/\s]+$/, '');
  const bare = path.replace(/\/\.git$/, '').replace(/\/+$/, '');
  const last = bare.split(/[/:]/).at(-1) ?? '';
  const name = last.replace(/\.git$/, '');
  if (name !== '') return name;
  throw new GitFailure(
    `fatal: No directory name could be guessed.\nPlease specify a directory on the command line\n`,
  );
}

function demandEmpty(cwd: Directory, name: string): void {
  if (!cwd.lexists(name)) return;
  const isEmpty = isDirectoryAt(cwd, name) && cwd.readdir(name).length === 0;
  if (isEmpty) return;
  throw new GitFailure(
    `fatal: destination path '${name}' already exists and is not an empty directory.\n`,
  );
}

function isDirectoryAt(cwd: Directory, name: string): boolean {
  try {
    cwd.open(name);
    return true;
  } catch (error) {
    if (isKernelError(error)) return false;
    throw error;
  }
}

interface Clone {
  readonly name: string;
  readonly address: string;
  readonly repository: GitRepository;
  readonly start: string;
}

/** Makes the working copy, and takes it away again when the disk is full. */
function fill(cwd: Directory, { name, address, repository, start }: Clone): string {
  const isNew = !cwd.exists(name);
  try {
    const work = cwd.mkdirAll(name, 0o777);
    const dotGit = work.mkdirAll('.git', 0o777);
    writeMetadata(dotGit, address, repository);
    for (const commit of repository.commits.values()) writeCommit(dotGit, commit);
    return checkOutHead(work, repository);
  } catch (error) {
    if (!isKernelError(error)) throw error;
    removeJunk(cwd, name, isNew);
    throw new GitFailure(`${start}fatal: cannot write '${name}': ${errorText(error.code)}\n`);
  }
}

function removeJunk(cwd: Directory, name: string, isNew: boolean): void {
  if (isNew) return cwd.removeAll(name);
  for (const entry of cwd.readdir(name)) cwd.removeAll(`${name}/${entry.name}`);
}

function checkOutHead(work: Directory, { head, refs, commits }: GitRepository): string {
  const commit = head === undefined ? undefined : commits.get(refs.get(`refs/heads/${head}`) ?? '');
  if (commit) {
    writeTree(work, commit.tree);
    return '';
  }
  if (commits.size === 0) return 'warning: You appear to have cloned an empty repository.\n';
  return 'warning: remote HEAD refers to nonexistent ref, unable to checkout\n';
}

function writeMetadata(dotGit: Directory, address: string, repository: GitRepository): void {
  const { refs } = repository;
  const head = repository.head ?? 'master';
  const write = (path: string, text: string): void => dotGit.writeFile(path, bytesOf(text));
  for (const path of ['branches', 'hooks', 'info', 'objects', 'refs/heads', 'refs/tags']) {
    dotGit.mkdirAll(path, 0o777);
  }
  write('HEAD', `ref: refs/heads/${head}\n`);
  write('config', configOf(address, head));
  write(
    'description',
    "Unnamed repository; edit this file 'description' to name the repository.\n",
  );
  write('packed-refs', packedRefs(refs));
  const id = refs.get(`refs/heads/${head}`);
  if (id === undefined) return;
  makeParent(dotGit, `refs/heads/${head}`);
  write(`refs/heads/${head}`, `${id}\n`);
  dotGit.mkdirAll('refs/remotes/origin', 0o777);
  write('refs/remotes/origin/HEAD', `ref: refs/remotes/origin/${head}\n`);
}

function makeParent(dotGit: Directory, path: string): void {
  dotGit.mkdirAll(path.slice(0, path.lastIndexOf('/')), 0o777);
}

function packedRefs(refs: ReadonlyMap<string, string>): string {
  const lines = ['# pack-refs with: peeled fully-peeled sorted '];
  for (const [name, id] of refs) {
    lines.push(`${id} ${name.replace(/^refs\/heads\//, 'refs/remotes/origin/')}`);
  }
  return `${lines.join('\n')}\n`;
}

function configOf(address: string, head: string): string {
  return [
    '[core]',
    '\trepositoryformatversion = 0',
    '\tfilemode = true',
    '\tbare = false',
    '\tlogallrefupdates = true',
    '[remote "origin"]',
    `\turl = ${address}`,
    '\tfetch = +refs/heads/*:refs/remotes/origin/*',
    `[branch "${head}"]`,
    '\tremote = origin',
    `\tmerge = refs/heads/${head}`,
    '',
  ].join('\n');
}
