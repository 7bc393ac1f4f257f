import { Buffer } from 'node:buffer';
import { constants as C } from 'node:fs';
import { type Probes, statOf as stat } from './probe-kit.ts';

/** Questions about names, links, modes and descriptors. */
export const probesOfNames: Probes = {
  'symlink mode and size': (f, b) => {
    f.symlinkSync('abc', `${b}/l`);
    return stat(f.lstatSync(`${b}/l`));
  },
  'umask on file': (f, b) => {
    f.writeFileSync(`${b}/x`, '');
    return stat(f.statSync(`${b}/x`));
  },
  'umask on mkdir': (f, b) => {
    f.mkdirSync(`${b}/x`);
    return stat(f.statSync(`${b}/x`));
  },
  'umask on mkdir recursive': (f, b) => {
    f.mkdirSync(`${b}/x/y`, { recursive: true, mode: 0o777 });
    return stat(f.statSync(`${b}/x/y`));
  },
  'mkdir recursive returns first created': (f, b) => f.mkdirSync(`${b}/x/y/z`, { recursive: true }),
  'mkdir recursive over file': (f, b) => {
    f.writeFileSync(`${b}/x`, '');
    f.mkdirSync(`${b}/x`, { recursive: true });
  },
  'mkdir recursive through file': (f, b) => {
    f.writeFileSync(`${b}/x`, '');
    f.mkdirSync(`${b}/x/y`, { recursive: true });
  },
  'mkdir recursive through dangling link': (f, b) => {
    f.symlinkSync('nope', `${b}/l`);
    f.mkdirSync(`${b}/l/y`, { recursive: true });
  },
  'mkdir recursive through dir link': (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.symlinkSync('d', `${b}/l`);
    return f.mkdirSync(`${b}/l/y`, { recursive: true });
  },
  'mkdir through dir link': (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.symlinkSync('d', `${b}/l`);
    f.mkdirSync(`${b}/l/y`);
  },
  'mkdtemp mode': (f, b) => stat(f.statSync(f.mkdtempSync(`${b}/t-`))),
  'mkdtemp missing parent': (f, b) => f.mkdtempSync(`${b}/no/t-`),
  'rename link': (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.symlinkSync('d', `${b}/l`);
    f.renameSync(`${b}/l`, `${b}/m`);
    return [f.readdirSync(b), stat(f.lstatSync(`${b}/m`))];
  },
  'rm recursive of dir link': (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.writeFileSync(`${b}/d/x`, '');
    f.symlinkSync('d', `${b}/l`);
    f.rmSync(`${b}/l`, { recursive: true });
    return [f.readdirSync(b), f.readdirSync(`${b}/d`)];
  },
  'rm of dangling link': (f, b) => {
    f.symlinkSync('no', `${b}/l`);
    f.rmSync(`${b}/l`);
    return f.readdirSync(b);
  },
  'rm dir without recursive': (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.rmSync(`${b}/d`);
  },
  'rm missing': (f, b) => f.rmSync(`${b}/d`),
  'rm force through file': (f, b) => {
    f.writeFileSync(`${b}/x`, '');
    f.rmSync(`${b}/x/y`, { force: true });
  },
  'rmdir recursive option': (f, b) => {
    f.mkdirSync(`${b}/d/e`, { recursive: true });
    f.rmdirSync(`${b}/d`, { recursive: true });
  },
  'rmdir file': (f, b) => {
    f.writeFileSync(`${b}/x`, '');
    f.rmdirSync(`${b}/x`);
  },
  'unlink dir': (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.unlinkSync(`${b}/d`);
  },
  'O_NOFOLLOW on link': (f, b) => {
    f.writeFileSync(`${b}/x`, '');
    f.symlinkSync('x', `${b}/l`);
    f.openSync(`${b}/l`, C.O_RDONLY | C.O_NOFOLLOW);
  },
  'O_DIRECTORY on file': (f, b) => {
    f.writeFileSync(`${b}/x`, '');
    f.openSync(`${b}/x`, C.O_RDONLY | C.O_DIRECTORY);
  },
  'O_EXCL on dangling link': (f, b) => {
    f.symlinkSync('no', `${b}/l`);
    f.openSync(`${b}/l`, 'wx');
  },
  'O_CREAT through dangling link': (f, b) => {
    f.symlinkSync('no', `${b}/l`);
    f.writeFileSync(`${b}/l`, 'q');
    return f.readdirSync(b);
  },
  'stat file/': (f, b) => {
    f.writeFileSync(`${b}/x`, '');
    f.statSync(`${b}/x/`);
  },
  'lstat dirlink/': (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.symlinkSync('d', `${b}/l`);
    return stat(f.lstatSync(`${b}/l/`));
  },
  'readlink dirlink/': (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.symlinkSync('d', `${b}/l`);
    return f.readlinkSync(`${b}/l/`);
  },
  'stat d/..': (f, b) => {
    f.mkdirSync(`${b}/d/e`, { recursive: true });
    f.symlinkSync('d/e', `${b}/l`);
    f.writeFileSync(`${b}/d/only`, '');
    return stat(f.statSync(`${b}/l/../only`));
  },
  'missing/..': (f, b) => stat(f.statSync(`${b}/no/..`)),
  'file/..': (f, b) => {
    f.writeFileSync(`${b}/x`, '');
    return stat(f.statSync(`${b}/x/..`));
  },
  'write x/': (f, b) => f.writeFileSync(`${b}/x/`, ''),
  'mkdir d/ ok': (f, b) => f.mkdirSync(`${b}/d/`),
  'symlink s/': (f, b) => f.symlinkSync('q', `${b}/s/`),
  loop: (f, b) => {
    f.symlinkSync('l', `${b}/l`);
    f.statSync(`${b}/l`);
  },
  '40 links ok': (f, b) => {
    f.writeFileSync(`${b}/l0`, 'x');
    for (let i = 1; i <= 40; i++) f.symlinkSync(`l${i - 1}`, `${b}/l${i}`);
    return f.readFileSync(`${b}/l40`, 'utf8');
  },
  '41 links': (f, b) => {
    f.writeFileSync(`${b}/l0`, 'x');
    for (let i = 1; i <= 41; i++) f.symlinkSync(`l${i - 1}`, `${b}/l${i}`);
    return f.readFileSync(`${b}/l41`, 'utf8');
  },
  'name 256': (f, b) => f.writeFileSync(`${b}/${'n'.repeat(256)}`, ''),
  'name 255': (f, b) => f.writeFileSync(`${b}/${'n'.repeat(255)}`, ''),
  'name 128 of 2-byte chars': (f, b) => f.writeFileSync(`${b}/${'é'.repeat(128)}`, ''),
  'path 4096': (f, b) => f.statSync(b + '/./'.repeat(1400)),
  'empty path': (f) => f.statSync(''),
  'symlink target 4096': (f, b) => f.symlinkSync('x'.repeat(4096), `${b}/l`),
  'empty symlink target': (f, b) => f.symlinkSync('', `${b}/l`),
  'append flag positions': (f, b) => {
    f.writeFileSync(`${b}/x`, 'abc');
    const fd = f.openSync(`${b}/x`, 'a');
    f.writeSync(fd, 'de', 0);
    f.closeSync(fd);
    return f.readFileSync(`${b}/x`, 'utf8');
  },
  hole: (f, b) => {
    const fd = f.openSync(`${b}/x`, 'w');
    f.writeSync(fd, 'z', 8192);
    const s = f.fstatSync(fd);
    f.closeSync(fd);
    return [s.size, s.blocks];
  },
  'blocks of 5000': (f, b) => {
    f.writeFileSync(`${b}/x`, 'x'.repeat(5000));
    const s = f.statSync(`${b}/x`);
    return [s.blocks, s.blksize];
  },
  'huge truncate': (f, b) => {
    f.writeFileSync(`${b}/x`, 'ab');
    f.truncateSync(`${b}/x`, 20 * 2 ** 30);
    const s = f.statSync(`${b}/x`);
    return [s.size, s.blocks];
  },
  'what was cut off does not come back': (f, b) => {
    f.writeFileSync(`${b}/x`, 'abcdef');
    f.truncateSync(`${b}/x`, 2);
    f.truncateSync(`${b}/x`, 5);
    const longer = f.readFileSync(`${b}/x`, 'latin1');
    f.writeFileSync(`${b}/x`, 'abcdef');
    f.truncateSync(`${b}/x`, 2);
    const fd = f.openSync(`${b}/x`, 'r+');
    f.writeSync(fd, 'z', 4);
    f.closeSync(fd);
    return [longer, f.readFileSync(`${b}/x`, 'latin1')];
  },
  'truncate directory': (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.truncateSync(`${b}/d`);
  },
  'ftruncate read-only fd': (f, b) => {
    f.writeFileSync(`${b}/x`, 'abc');
    const fd = f.openSync(`${b}/x`, 'r');
    f.ftruncateSync(fd, 1);
  },
  'ftruncate negative': (f, b) => {
    f.writeFileSync(`${b}/x`, 'abc');
    const fd = f.openSync(`${b}/x`, 'r+');
    f.ftruncateSync(fd, -5);
    return f.readFileSync(`${b}/x`, 'utf8');
  },
  'write to read-only fd': (f, b) => {
    f.writeFileSync(`${b}/x`, 'abc');
    const fd = f.openSync(`${b}/x`, 'r');
    f.writeSync(fd, 'q');
  },
  'read from write-only fd': (f, b) => {
    f.writeFileSync(`${b}/x`, 'abc');
    const fd = f.openSync(`${b}/x`, 'w');
    f.readSync(fd, Buffer.alloc(2));
  },
  'readFile of wronly flag': (f, b) => {
    f.writeFileSync(`${b}/x`, 'abc');
    return f.readFileSync(`${b}/x`, { encoding: 'utf8', flag: 'a' });
  },
  'read directory fd': (f, b) => {
    const fd = f.openSync(b, 'r');
    f.readSync(fd, Buffer.alloc(2));
  },
  'readFile directory': (f, b) => f.readFileSync(b),
};
