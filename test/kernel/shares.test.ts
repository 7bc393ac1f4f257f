import { describe, expect, test } from 'vitest';
import {
  type CallerOptions,
  Directory,
  type ExportOptions,
  explainPath,
  S_IFCHR,
  S_IFIFO,
  squash,
  sys,
} from '../../src/kernel/index.ts';
import { failure, makeDisk } from './disk.ts';

const NOBODY = 65_534;
const text = new TextEncoder().encode('text');

/** A share; `/disk/home` is user 1000's, `/disk/open` everybody's. Its server made them. */
function share(options?: ExportOptions, sticky = 0) {
  const { namespace, fileSystem } = makeDisk({ type: 'nfs' });
  const server = Directory.at(namespace.caller(), '/disk');
  for (const [name, mode, uid] of [
    ['home', 0o750, 1000],
    ['open', 0o777 | sticky, 0],
  ] as const) {
    server.mkdir(name, 0o777);
    server.chmod(name, mode);
    server.chown(name, uid, uid);
  }
  server.writeFile('home/file', text);
  server.chown('home/file', 1000, 1000);
  if (options !== undefined) fileSystem.identify = squash(options);
  const by = (who: CallerOptions = {}) => Directory.at(namespace.caller(who), '/disk');
  return { by, namespace };
}

const owners = (directory: Directory, path: string): number[] => {
  const { uid, gid } = directory.lstat(path);
  return [uid, gid];
};

describe('a share with root_squash', () => {
  test('takes root for nobody, whatever root may do at home', () => {
    const { by, namespace } = share({});
    const root = by();
    expect(failure(() => root.readFile('home/file'))).toBe('EACCES');
    expect(failure(() => root.readdir('home'))).toBe('EACCES');
    expect(failure(() => sys.access(root.caller, 'home', 1))).toBe('EACCES');
    root.writeFile('open/mine', text);
    root.mkdir('open/d', 0o755);
    root.symlink('x', 'open/l');
    for (const name of ['mine', 'd', 'l'])
      expect(owners(root, `open/${name}`)).toEqual([NOBODY, NOBODY]);
    expect(failure(() => root.chown('open/mine', 1000, 1000))).toBe('EPERM');
    root.chmod('open/mine', 0o600);
    expect(failure(() => root.chmod('home', 0o777))).toBe('EPERM');
    expect(explainPath(root.caller, '/disk/home/file').read).toMatchObject({
      allowed: false,
      error: 'EACCES',
      because: expect.stringContaining(`the server takes it for user ${NOBODY}`),
    });
    expect(namespace.mounts()[1]).toMatchObject({ type: 'nfs', readOnly: false });
  });

  test('knows everybody else by number, but not what capabilities they have', () => {
    const { by } = share({});
    const user = by({ uid: 1000, gid: 1000 });
    user.writeFile('home/file', text);
    expect(user.readFile('home/file')).toEqual(text);
    expect(failure(() => by({ uid: 1001 }).readFile('home/file'))).toBe('EACCES');
    const mighty = by({ uid: 1001, capabilities: ['CAP_DAC_OVERRIDE', 'CAP_CHOWN', 'CAP_FOWNER'] });
    expect(failure(() => mighty.readFile('home/file'))).toBe('EACCES');
    mighty.writeFile('open/f', text);
    expect(failure(() => mighty.chown('open/f', 7, 7))).toBe('EPERM');
    expect(failure(() => mighty.chmod('home', 0o777))).toBe('EPERM');
  });

  test('hears of sixteen groups', () => {
    const { by } = share({});
    const groups = (last: number) => [...Array.from({ length: 15 }, (_, i) => 2000 + i), last];
    expect(failure(() => by({ uid: 5, gid: 5, groups: groups(1000) }).readFile('home/file'))).toBe(
      null,
    );
    const late = by({ uid: 5, gid: 5, groups: [0, ...groups(1000)] });
    expect(failure(() => late.readFile('home/file'))).toBe('EACCES');
  });

  test("takes root's group for nobody's, of other users too", () => {
    const { by } = share({});
    const user = by({ uid: 1000, gid: 0, groups: [0] });
    user.writeFile('open/f', text);
    expect(owners(user, 'open/f')).toEqual([1000, NOBODY]);
    expect(failure(() => user.chown('open/f', -1, 0))).toBe('EPERM');
  });

  test('lets no device be made, and fifos by anybody', () => {
    const root = share({}).by();
    expect(failure(() => root.mknod('open/c', S_IFCHR | 0o666, 259))).toBe('EPERM');
    root.mknod('open/p', S_IFIFO | 0o666);
    const trusted = share({ rootSquash: false });
    trusted.by().mknod('open/c', S_IFCHR | 0o666, 259);
    const container = trusted.by({ capabilities: ['CAP_CHOWN'] });
    expect(failure(() => container.mknod('open/d', S_IFCHR | 0o666, 259))).toBe('EPERM');
  });

  test('keeps root from removing what others have in a sticky directory', () => {
    const { by } = share({}, 0o1000);
    by({ uid: 1000 }).writeFile('open/f', text);
    expect(failure(() => by().unlink('open/f'))).toBe('EPERM');
    expect(failure(() => by({ uid: 1001 }).unlink('open/f'))).toBe('EPERM');
    by({ uid: 1000 }).unlink('open/f');
  });

  test('asks its client alone whether a file may be linked', () => {
    const { by } = share({});
    by({ uid: 1000 }).writeFile('open/f', text);
    expect(failure(() => by({ uid: 1001 }).link('open/f', 'open/g'))).toBe('EPERM');
    by().link('open/f', 'open/g');
    expect(by().stat('open/f').nlink).toBe(2);
  });

  test('clears set-user-ID when root writes', () => {
    const { by } = share({});
    const user = by({ uid: 1000, gid: 1000 });
    user.writeFile('open/f', text);
    user.chmod('open/f', 0o4777);
    by().writeFile('open/f', text);
    expect(user.stat('open/f').mode & 0o7777).toBe(0o777);
  });
});

test('no_root_squash: root is root, even of a container with few capabilities', () => {
  const { by } = share({ rootSquash: false });
  const container = by({ capabilities: [] });
  expect(container.readFile('home/file')).toEqual(text);
  container.chown('home/file', 7, 7);
  expect(owners(container, 'home/file')).toEqual([7, 7]);
  expect(failure(() => by({ uid: 1001 }).readFile('home/file'))).toBe('EACCES');
});

test('all_squash: everybody is the one user that the export names', () => {
  const { by } = share({ allSquash: true, anonymousUid: 1000, anonymousGid: 1000 });
  for (const uid of [0, 1000, 1001]) {
    const user = by({ uid, gid: uid, groups: [0, 5] });
    expect(user.readFile('home/file')).toEqual(text);
    user.writeFile(`open/${uid}`, text);
    expect(owners(user, `open/${uid}`)).toEqual([1000, 1000]);
  }
});

test('a filesystem that is no share knows callers as they are', () => {
  const { by } = share();
  expect(by().readFile('home/file')).toEqual(text);
});
