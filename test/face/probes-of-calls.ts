import { Buffer } from 'node:buffer';
import { constants as C } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Probes, statOf as stat, thrownBy } from './probe-kit.ts';

/** Questions about attributes, directories, errors and encodings. */
export const probesOfCalls: Probes = {
  'fd numbers': (f, b) => {
    const a = f.openSync(b, 'r'),
      c = f.openSync(b, 'r');
    return c - a;
  },
  'double close': (f, b) => {
    const a = f.openSync(b, 'r');
    f.closeSync(a);
    f.closeSync(a);
  },
  'chmod does not touch mtime': (f, b) => {
    f.writeFileSync(`${b}/x`, '');
    f.utimesSync(`${b}/x`, 1, 2);
    f.chmodSync(`${b}/x`, 0o600);
    return f.statSync(`${b}/x`).mtimeMs;
  },
  'chown does not touch mtime': (f, b) => {
    f.writeFileSync(`${b}/x`, '');
    f.utimesSync(`${b}/x`, 1, 2);
    f.chownSync(`${b}/x`, 1, 1);
    return f.statSync(`${b}/x`).mtimeMs;
  },
  'chown clears suid': (f, b) => {
    f.writeFileSync(`${b}/x`, '');
    f.chmodSync(`${b}/x`, 0o6755);
    f.chownSync(`${b}/x`, 1, 1);
    return stat(f.statSync(`${b}/x`));
  },
  'chown -1': (f, b) => {
    f.writeFileSync(`${b}/x`, '');
    f.chownSync(`${b}/x`, 5, 6);
    f.chownSync(`${b}/x`, -1, 7);
    const s = f.statSync(`${b}/x`);
    return [s.uid, s.gid];
  },
  'setgid dir inherits': (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.chownSync(`${b}/d`, 0, 77);
    f.chmodSync(`${b}/d`, 0o2775);
    f.mkdirSync(`${b}/d/e`);
    f.writeFileSync(`${b}/d/x`, '');
    return [f.statSync(`${b}/d/e`).gid, stat(f.statSync(`${b}/d/e`)).m, f.statSync(`${b}/d/x`).gid];
  },
  'utimes fraction': (f, b) => {
    f.writeFileSync(`${b}/x`, '');
    f.utimesSync(`${b}/x`, 1.5, 2.25);
    const s = f.statSync(`${b}/x`, { bigint: true });
    return [String(s.atimeNs), String(s.mtimeNs)];
  },
  'utimes negative': (f, b) => {
    f.writeFileSync(`${b}/x`, '');
    f.utimesSync(`${b}/x`, -5, -5);
    return f.statSync(`${b}/x`).mtimeMs;
  },
  lutimes: (f, b) => {
    f.symlinkSync('q', `${b}/l`);
    f.lutimesSync(`${b}/l`, 1, 2);
    return f.lstatSync(`${b}/l`).mtimeMs;
  },
  'bigint stat types': (f, b) => {
    const s = f.statSync(b, { bigint: true });
    return Object.entries(s)
      .map(([k, v]) => `${k}:${typeof v}`)
      .sort()
      .join();
  },
  'Stats own keys': (f, b) => Object.keys(f.statSync(b)).sort().join(),
  'dirent of link': (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.symlinkSync('d', `${b}/l`);
    return f
      .readdirSync(b, { withFileTypes: true })
      .map((e) => [e.name, e.isSymbolicLink(), e.isDirectory(), e.parentPath === b, e.path === b]);
  },
  'readdir recursive': (f, b) => {
    f.mkdirSync(`${b}/d/e`, { recursive: true });
    f.writeFileSync(`${b}/d/e/x`, '');
    f.symlinkSync('d', `${b}/l`);
    return f.readdirSync(b, { recursive: true }).sort();
  },
  'readdir recursive types': (f, b) => {
    f.mkdirSync(`${b}/d/e`, { recursive: true });
    return f
      .readdirSync(b, { recursive: true, withFileTypes: true })
      .map((e) => [e.name, e.parentPath.replace(b, 'B')]);
  },
  'readdir buffer': (f, b) => {
    f.writeFileSync(`${b}/x`, '');
    return f.readdirSync(b, 'buffer').map((x) => Buffer.isBuffer(x));
  },
  'readdir through link, dir removed while open': (f, b) => {
    f.mkdirSync(`${b}/d`);
    const d = f.opendirSync(`${b}/d`);
    f.writeFileSync(`${b}/d/x`, '');
    return d.readSync()?.name;
  },
  'opendir file': (f, b) => {
    f.writeFileSync(`${b}/x`, '');
    f.opendirSync(`${b}/x`);
  },
  'realpath link': (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.symlinkSync('d', `${b}/l`);
    return f.realpathSync(`${b}/l/../l`).replace(b, 'B');
  },
  'realpath missing': (f, b) => f.realpathSync(`${b}/no`),
  'realpath native missing': (f, b) => f.realpathSync.native(`${b}/no`),
  'Buffer path': (f, b) => {
    f.writeFileSync(Buffer.from(`${b}/x`), 'q');
    return f.readFileSync(`${b}/x`, 'utf8');
  },
  'URL path': (f, b) => {
    f.writeFileSync(pathToFileURL(`${b}/a b`), 'q');
    return f.readdirSync(b);
  },
  'latin1 name': (f, b) => {
    f.writeFileSync(Buffer.from(`${b}/\xff`, 'latin1'), 'q');
    return f.readdirSync(b, 'buffer')[0]?.toString('hex');
  },
  'nul in path': (f, b) => f.statSync(`${b}/x\0y`),
  'path number': (f) => f.statSync(12 as never),
  'link to link': (f, b) => {
    f.symlinkSync('q', `${b}/l`);
    f.linkSync(`${b}/l`, `${b}/m`);
    return stat(f.lstatSync(`${b}/m`));
  },
  'link dir': (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.linkSync(`${b}/d`, `${b}/m`);
  },
  'rename dir over nonempty': (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.mkdirSync(`${b}/e/x`, { recursive: true });
    f.renameSync(`${b}/d`, `${b}/e`);
  },
  'rename file over dir': (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.writeFileSync(`${b}/x`, '');
    f.renameSync(`${b}/x`, `${b}/d`);
  },
  'rename dir over file': (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.writeFileSync(`${b}/x`, '');
    f.renameSync(`${b}/d`, `${b}/x`);
  },
  'rename into itself': (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.renameSync(`${b}/d`, `${b}/d/e`);
  },
  'rename hardlinks of one file': (f, b) => {
    f.writeFileSync(`${b}/x`, '');
    f.linkSync(`${b}/x`, `${b}/y`);
    f.renameSync(`${b}/x`, `${b}/y`);
    return f.readdirSync(b);
  },
  'rename over frees': (f, b) => {
    f.writeFileSync(`${b}/x`, '1');
    f.writeFileSync(`${b}/y`, '2');
    f.linkSync(`${b}/y`, `${b}/z`);
    f.renameSync(`${b}/x`, `${b}/y`);
    return stat(f.statSync(`${b}/z`));
  },
  'read after unlink': (f, b) => {
    f.writeFileSync(`${b}/x`, 'q');
    const fd = f.openSync(`${b}/x`, 'r');
    f.unlinkSync(`${b}/x`);
    return [f.readFileSync(fd, 'utf8'), f.fstatSync(fd).nlink];
  },
  'copyFile mode': (f, b) => {
    f.writeFileSync(`${b}/x`, 'q', { mode: 0o755 });
    f.copyFileSync(`${b}/x`, `${b}/y`);
    return stat(f.statSync(`${b}/y`));
  },
  'copyFile to dir': (f, b) => {
    f.writeFileSync(`${b}/x`, 'q');
    f.mkdirSync(`${b}/d`);
    f.copyFileSync(`${b}/x`, `${b}/d`);
  },
  'cp recursive': (f, b) => {
    f.mkdirSync(`${b}/d/e`, { recursive: true });
    f.writeFileSync(`${b}/d/e/x`, 'q');
    f.symlinkSync('e', `${b}/d/l`);
    f.cpSync(`${b}/d`, `${b}/n`, { recursive: true });
    return [
      f.readdirSync(`${b}/n`),
      f.readlinkSync(`${b}/n/l`).replace(b, 'B'),
      f.readFileSync(`${b}/n/e/x`, 'utf8'),
    ];
  },
  'access F_OK dangling': (f, b) => {
    f.symlinkSync('no', `${b}/l`);
    f.accessSync(`${b}/l`);
  },
  'access X_OK root no x': (f, b) => {
    f.writeFileSync(`${b}/x`, '');
    f.accessSync(`${b}/x`, C.X_OK);
  },
  exists: (f, b) => [f.existsSync(b), f.existsSync(`${b}/q`), f.existsSync('')],
  'ENOENT error shape': (f, b) => {
    const e = thrownBy(() => f.openSync(`${b}/q`, 'r'));
    return [
      e.code,
      e.errno,
      e.syscall,
      e.path === `${b}/q`,
      e.message.replace(b, 'B'),
      e.constructor.name,
    ];
  },
  'rename error shape': (f, b) => {
    const e = thrownBy(() => f.renameSync(`${b}/q`, `${b}/r`));
    return [
      e.code,
      e.errno,
      e.syscall,
      e.path === `${b}/q`,
      e.dest === `${b}/r`,
      e.message.replaceAll(b, 'B'),
    ];
  },
  'rmdir ENOTEMPTY errno': (f, b) => {
    f.mkdirSync(`${b}/d/e`, { recursive: true });
    const e = thrownBy(() => f.rmdirSync(`${b}/d`));
    return [e.errno, e.message.replace(b, 'B')];
  },
  'ino changes after recreate': (f, b) => {
    f.writeFileSync(`${b}/x`, '');
    const i = f.statSync(`${b}/x`).ino;
    f.unlinkSync(`${b}/x`);
    f.writeFileSync(`${b}/x`, '');
    return f.statSync(`${b}/x`).ino !== i;
  },
  'nlink of dir': (f, b) => {
    f.mkdirSync(`${b}/d/e`, { recursive: true });
    f.mkdirSync(`${b}/d/f`);
    return f.statSync(`${b}/d`).nlink;
  },
  'dev nonzero': (f, b) => f.statSync(b).dev !== 0,
  'statfs type': (f, b) => {
    const s = f.statfsSync(b);
    return [s.type.toString(16), s.bsize, Object.keys(s).join()];
  },
  'mkdir /': (f) => f.mkdirSync('/'),
  'rmdir .': (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.rmdirSync(`${b}/d/.`);
  },
  'rmdir ..': (f, b) => {
    f.mkdirSync(`${b}/d/e`, { recursive: true });
    f.rmdirSync(`${b}/d/e/..`);
  },
  'write flag wx exists': (f, b) => {
    f.writeFileSync(`${b}/x`, '');
    f.writeFileSync(`${b}/x`, '', { flag: 'wx' });
  },
  'writev/readv': (f, b) => {
    const fd = f.openSync(`${b}/x`, 'w+');
    f.writevSync(fd, [Buffer.from('ab'), Buffer.from('cd')]);
    const r = [Buffer.alloc(3), Buffer.alloc(3)];
    const n = f.readvSync(fd, r, 0);
    return [n, r.map(String)];
  },
  'mode 0 option': (f, b) => {
    f.writeFileSync(`${b}/x`, '', { mode: 0 });
    return stat(f.statSync(`${b}/x`));
  },
  'setuid via mkdir mode': (f, b) => {
    f.mkdirSync(`${b}/d`, { mode: 0o6777 });
    return stat(f.statSync(`${b}/d`));
  },
  'mtime of dir moves on create': (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.utimesSync(`${b}/d`, 1, 1);
    f.writeFileSync(`${b}/d/x`, '');
    return f.statSync(`${b}/d`).mtimeMs > 1000;
  },
  'atime unchanged by stat/readdir child lookup': (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.writeFileSync(`${b}/d/x`, '');
    f.utimesSync(`${b}/d`, 1, 1);
    f.statSync(`${b}/d/x`);
    return f.statSync(`${b}/d`).atimeMs;
  },
};
