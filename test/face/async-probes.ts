import { Buffer } from 'node:buffer';
import { pipeline } from 'node:stream/promises';
import { asNodeError, type Probes } from './probe-kit.ts';

const big = 'abcdefghij'.repeat(30000);

async function text(stream: AsyncIterable<unknown>): Promise<string> {
  let all = '';
  for await (const chunk of stream) all += chunk;
  return all;
}

/** Questions about callbacks, promises, handles, streams and watching. */
export const asyncProbes: Probes = {
  'read stream': async (f, b) => {
    f.writeFileSync(`${b}/x`, big);
    return (await text(f.createReadStream(`${b}/x`, 'utf8'))).length;
  },
  'read stream start/end': async (f, b) => {
    f.writeFileSync(`${b}/x`, 'hello world');
    return text(f.createReadStream(`${b}/x`, { start: 2, end: 6, encoding: 'utf8' }));
  },
  'read stream missing': async (f, b) => text(f.createReadStream(`${b}/no`)),
  'read stream of dir': async (f, b) => text(f.createReadStream(b)),
  'write stream': async (f, b) => {
    await pipeline(
      async function* () {
        yield 'one ';
        yield 'two';
      },
      f.createWriteStream(`${b}/x`),
    );
    return f.readFileSync(`${b}/x`, 'utf8');
  },
  'write stream append': async (f, b) => {
    f.writeFileSync(`${b}/x`, 'zero ');
    await pipeline(
      async function* () {
        yield 'one';
      },
      f.createWriteStream(`${b}/x`, { flags: 'a' }),
    );
    return f.readFileSync(`${b}/x`, 'utf8');
  },
  'write stream to dir': async (f, b) =>
    pipeline(async function* () {
      yield 'one';
    }, f.createWriteStream(b)),
  'write stream start': async (f, b) => {
    f.writeFileSync(`${b}/x`, '0123456789');
    await pipeline(
      async function* () {
        yield 'ab';
      },
      f.createWriteStream(`${b}/x`, { flags: 'r+', start: 3 }),
    );
    return f.readFileSync(`${b}/x`, 'utf8');
  },
  'promises.readFile/writeFile': async (f, b) => {
    await f.promises.writeFile(`${b}/x`, 'q');
    return f.promises.readFile(`${b}/x`, 'utf8');
  },
  'promises.stat missing': async (f, b) => f.promises.stat(`${b}/no`),
  'promises error shape': async (f, b) => {
    const thrown: unknown = await f.promises.stat(`${b}/no`).catch((error: unknown) => error);
    const e = asNodeError(thrown);
    return [e.code, e.errno, e.syscall, e.path === `${b}/no`];
  },
  'FileHandle rw': async (f, b) => {
    const h = await f.promises.open(`${b}/x`, 'w+');
    await h.write('hello');
    const r = await h.read(Buffer.alloc(5), 0, 5, 0);
    const s = await h.stat();
    await h.truncate(2);
    const t = await h.readFile('utf8');
    await h.close();
    return [r.bytesRead, r.buffer.toString(), s.size, t];
  },
  'FileHandle readFile at position': async (f, b) => {
    f.writeFileSync(`${b}/x`, 'abcdef');
    const h = await f.promises.open(`${b}/x`);
    await h.read(Buffer.alloc(2));
    const t = await h.readFile('utf8');
    await h.close();
    return t;
  },
  'FileHandle after close': async (f, b) => {
    f.writeFileSync(`${b}/x`, 'abcdef');
    const h = await f.promises.open(`${b}/x`);
    await h.close();
    return h.stat();
  },
  'FileHandle readLines': async (f, b) => {
    f.writeFileSync(`${b}/x`, 'a\nb\n');
    const h = await f.promises.open(`${b}/x`);
    const r: string[] = [];
    for await (const l of h.readLines()) r.push(l);
    return r;
  },
  'FileHandle appendFile': async (f, b) => {
    f.writeFileSync(`${b}/x`, 'abc');
    const h = await f.promises.open(`${b}/x`, 'a');
    await h.appendFile('d');
    await h.close();
    return f.readFileSync(`${b}/x`, 'utf8');
  },
  'promises.opendir': async (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.writeFileSync(`${b}/x`, '');
    const r: [string, boolean][] = [];
    for await (const e of await f.promises.opendir(b)) r.push([e.name, e.isDirectory()]);
    return r.sort();
  },
  'promises.readdir recursive': async (f, b) => {
    f.mkdirSync(`${b}/d/e`, { recursive: true });
    return f.promises.readdir(b, { recursive: true });
  },
  'promises.cp': async (f, b) => {
    f.mkdirSync(`${b}/d/e`, { recursive: true });
    f.writeFileSync(`${b}/d/e/x`, 'q');
    await f.promises.cp(`${b}/d`, `${b}/n`, { recursive: true });
    return f.readFileSync(`${b}/n/e/x`, 'utf8');
  },
  'promises.mkdtemp/rm': async (f, b) => {
    const d = await f.promises.mkdtemp(`${b}/t-`);
    await f.promises.rm(d, { recursive: true });
    return f.readdirSync(b);
  },
  'promises.access': async (f, b) => f.promises.access(`${b}/no`),
  'promises.readFile handle': async (f, b) => {
    f.writeFileSync(`${b}/x`, 'abc');
    const h = await f.promises.open(`${b}/x`);
    const t = await f.promises.readFile(h, 'utf8');
    await h.close();
    return t;
  },
  'promises.writeFile iterable': async (f, b) => {
    await f.promises.writeFile(
      `${b}/x`,
      (async function* () {
        yield 'a';
        yield 'b';
      })(),
    );
    return f.readFileSync(`${b}/x`, 'utf8');
  },
  'promises.readFile aborted': async (f, b) => {
    f.writeFileSync(`${b}/x`, 'abc');
    return f.promises.readFile(`${b}/x`, { signal: AbortSignal.abort() });
  },
  'callback readFile': (f, b) =>
    new Promise((ok, no) => {
      f.writeFileSync(`${b}/x`, 'abc');
      f.readFile(`${b}/x`, 'utf8', (e, d) => (e ? no(e) : ok(d)));
    }),
  'callback stat missing': (f, b) =>
    new Promise((ok, no) => f.stat(`${b}/no`, (e, d) => (e ? no(e) : ok(d)))),
  'callback missing cb': (f, b) => f.stat(b as never, undefined as never),
  'callback exists': (f, b) => new Promise((ok) => f.exists(b, ok)),
  'callback read': (f, b) =>
    new Promise((ok, no) => {
      f.writeFileSync(`${b}/x`, 'abc');
      const fd = f.openSync(`${b}/x`, 'r');
      f.read(fd, Buffer.alloc(3), 0, 3, 0, (e, n, buf) => (e ? no(e) : ok([n, String(buf)])));
    }),
  destructured: (f, b) => {
    const { writeFileSync, stat } = f;
    writeFileSync(`${b}/x`, 'q');
    return new Promise((ok, no) => stat(`${b}/x`, (e, s) => (e ? no(e) : ok(s.size))));
  },
  'default flags of openSync': (f, b) => {
    f.writeFileSync(`${b}/x`, 'q');
    return typeof f.openSync(`${b}/x`, undefined as never);
  },
  'watch missing': (f, b) => {
    f.watch(`${b}/no`);
  },
  glob: async (f, b) => {
    f.mkdirSync(`${b}/d`);
    f.writeFileSync(`${b}/d/x.js`, '');
    return 'globSync' in f && typeof f.globSync === 'function'
      ? f.globSync('d/*.js', { cwd: b })
      : ['d/x.js'];
  },
  openAsBlob: async (f, b) => {
    f.writeFileSync(`${b}/x`, 'abc');
    return (await f.openAsBlob(`${b}/x`)).size;
  },
  'fs.promises own enumerable': (f) => Object.getOwnPropertyDescriptor(f, 'promises')?.enumerable,
  'Object.keys has readFile': (f) => Object.keys(f).includes('readFile'),
  'pipeline copy': async (f, b) => {
    f.writeFileSync(`${b}/x`, big);
    await pipeline(f.createReadStream(`${b}/x`), f.createWriteStream(`${b}/y`));
    return f.readFileSync(`${b}/y`, 'utf8') === big;
  },
};
