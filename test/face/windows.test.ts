import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { createKernel, loadTree, type NodeFs, windowsPaths } from '../../src/face/index.ts';
import { Directory } from '../../src/kernel/index.ts';

function windows(files: Record<string, string | null> = {}): NodeFs {
  const { rootNamespace } = createKernel({ paths: windowsPaths });
  const caller = rootNamespace.namespace.caller();
  loadTree(new Directory(caller, caller.root), files);
  return rootNamespace.fs();
}

/** Code, message and paths of what an action throws. */
function failure(
  action: () => unknown,
): Partial<Record<'code' | 'message' | 'path' | 'dest', string>> {
  try {
    action();
  } catch (error) {
    const { code, message, path, dest } = error as Record<string, string>;
    return { code, message, path, ...(dest !== undefined && { dest }) } as never;
  }
  return {};
}

describe('the node:fs of a kernel that reads paths as Windows does', () => {
  test.each([
    'C:\\scratch\\a',
    'c:/scratch/a',
    '\\scratch\\a',
    '/scratch/a',
    'scratch\\a',
    '\\\\?\\C:\\scratch\\a',
  ])('%s is one file', (path) => {
    const fs = windows({ 'C:\\scratch\\a': 'here' });
    expect(fs.readFileSync(path, 'utf8')).toBe('here');
    expect(fs.statSync(path).isFile()).toBe(true);
    fs.appendFileSync(path, ' again');
    expect(fs.readFileSync('C:/scratch/a', 'utf8')).toBe('here again');
  });

  test('URLs and bytes name files too', async () => {
    const fs = windows({ 'C:/a b': 'c', 'D:\\x': 'd' });
    expect(fs.readFileSync(new URL('file:///C:/a%20b'), 'utf8')).toBe('c');
    expect(await fs.promises.readFile(new URL('file:///D:/x'), 'utf8')).toBe('d');
    expect(fs.readFileSync(Buffer.from('C:\\a b'), 'utf8')).toBe('c');
  });

  test('errors keep the path that was given', () => {
    const fs = windows({ 'C:/f': '' });
    expect(failure(() => fs.readFileSync('C:\\no\\file'))).toEqual({
      code: 'ENOENT',
      message: "ENOENT: no such file or directory, open 'C:\\no\\file'",
      path: 'C:\\no\\file',
    });
    expect(failure(() => fs.renameSync('c:/no', 'C:\\f\\x'))).toMatchObject({
      path: 'c:/no',
      dest: 'C:\\f\\x',
    });
    expect(failure(() => fs.mkdirSync('C:\\f\\x\\y', { recursive: true })).path).toBe(
      'C:\\f\\x\\y',
    );
    expect(failure(() => fs.realpathSync('C:\\f\\..\\no')).message).toBe(
      "ENOENT: no such file or directory, lstat 'C:\\no'",
    );
    expect(failure(() => fs.cpSync('C:\\no', 'C:\\there')).path).toBe('C:/no');
  });

  test('what a call finds is written as Windows writes it', () => {
    const fs = windows();
    expect(fs.mkdirSync('C:\\a\\b\\c', { recursive: true })).toBe('C:\\a');
    expect(fs.mkdirSync('a\\b\\c\\d\\e', { recursive: true })).toBe('a\\b\\c\\d');
    fs.writeFileSync('C:\\a\\b\\f', '');
    fs.symlinkSync('C:\\a\\b', 'C:\\link');
    expect(fs.readlinkSync('\\link')).toBe('C:\\a\\b');
    expect(fs.readFileSync('C:\\link\\f', 'utf8')).toBe('');
    expect(fs.realpathSync('C:\\link\\f')).toBe('C:\\a\\b\\f');
    expect(fs.realpathSync.native('/link/c/..')).toBe('C:\\a\\b');
    expect(fs.realpathSync.native('C:\\link\\f')).toBe('C:\\a\\b\\f');
    expect(fs.readdirSync('C:\\a', { recursive: true })).toEqual([
      'b',
      'b\\c',
      'b\\f',
      'b\\c\\d',
      'b\\c\\d\\e',
    ]);
    expect(fs.globSync('C:\\a\\b\\*')).toEqual(['C:\\a\\b\\c', 'C:\\a\\b\\f']);
    expect(fs.globSync(['b/*'], { cwd: 'C:\\a', exclude: ['b\\c'] })).toEqual(['b\\f']);
    expect(fs.mkdtempSync('C:\\a\\tmp-')).toMatch(/^C:\\a\\tmp-\w{6}$/);
  });

  test('whole trees are copied and removed', () => {
    const fs = windows({ 'C:/from/x/f': 'text', 'C:/from/g': '' });
    fs.symlinkSync('x\\f', 'C:\\from\\relative');
    fs.symlinkSync('C:\\from\\x', 'C:\\from\\absolute');
    fs.cpSync('C:\\from', 'C:\\to\\deep', { recursive: true });
    expect(fs.readFileSync('C:\\to\\deep\\x\\f', 'utf8')).toBe('text');
    expect(fs.readlinkSync('C:\\to\\deep\\absolute')).toBe('C:\\from\\x');
    expect(fs.readFileSync('C:\\to\\deep\\relative', 'utf8')).toBe('text');
    expect(failure(() => fs.cpSync('C:\\from', '\\from\\x\\in', { recursive: true })).code).toBe(
      'ERR_FS_CP_EINVAL',
    );
    fs.rmSync('C:\\to', { recursive: true });
    expect(fs.readdirSync('C:\\')).toEqual(['from']);
  });

  test('changes are told by the last name', async () => {
    const fs = windows({ 'C:/d/f': '', 'C:/d/g': '' });
    const [file, tree] = [fs.watch('C:\\d\\f'), fs.watch('C:\\d', { recursive: true })];
    const heard = Promise.all([once(file, 'change'), once(tree, 'change')]);
    fs.writeFileSync('c:/d/f', 'x');
    expect(await heard).toEqual([
      ['change', 'f'],
      ['change', 'f'],
    ]);
    file.close();
    tree.close();
    const [current] = await new Promise<{ size: number }[]>((resolve) => {
      fs.watchFile('C:\\d\\g', (...stats) => resolve(stats));
      fs.writeFileSync('/d/g', 'four');
    });
    expect(current?.size).toBe(4);
    fs.unwatchFile('c:/d/g');
    let again = 0;
    fs.watchFile('C:\\d\\g', () => again++);
    fs.unwatchFile('/d/g');
    fs.writeFileSync('/d/g', 'longer');
    await new Promise((resolve) => setImmediate(resolve));
    expect(again).toBe(0);
  });
});
