import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AnyFs, Question } from './kit.ts';

type Ask = Question['ask'];
type Handle = Awaited<ReturnType<AnyFs['promises']['open']>>;

const file = (base: string) => `${base}/f`;

/** Descriptors that are none. */
const descriptors = {
  closed: 9999,
  text: '3',
  fraction: 1.5,
  undefined: undefined,
  large: 2 ** 31,
  object: {},
};
const onDescriptors: Readonly<Record<string, readonly unknown[]>> = {
  close: [],
  fsync: [],
  fdatasync: [],
  fstat: [],
  ftruncate: [],
  fchmod: [0o600],
  fchown: [1, 1],
  futimes: [1, 1],
  read: [Buffer.alloc(3)],
  write: ['abc'],
  readv: [[Buffer.alloc(2)]],
  writev: [[Buffer.alloc(2)]],
};

/** Callbacks: what is thrown at once, and what is handed on. */
const oneWord = {
  access: [],
  appendFile: ['x'],
  chmod: [0o600],
  chown: [1, 1],
  lchown: [1, 1],
  lstat: [],
  lutimes: [1, 1],
  mkdir: [],
  readdir: [],
  readFile: [],
  readlink: [],
  rm: [],
  rmdir: [],
  stat: [],
  truncate: [],
  unlink: [],
  utimes: [1, 1],
  writeFile: ['x'],
};
const words = {
  undefined: undefined,
  number: 12.5,
  nul: 'a\0b',
  f: 'f',
  d: 'd',
  missing: 'missing',
  empty: 'empty',
};
const pairs = ['rename', 'link', 'symlink', 'copyFile', 'cp'];

const handles: Readonly<Record<string, (handle: Handle, fs: AnyFs, base: string) => unknown>> = {
  'read, write, truncate': async (handle) => {
    await handle.write('HELLO', 0);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(8), 0, 8, 0);
    await handle.truncate(3);
    return [bytesRead, buffer, (await handle.stat()).size];
  },
  'read without arguments': async (handle) => (await handle.read()).bytesRead,
  'read with options': (handle) => handle.read({ buffer: Buffer.alloc(3), position: 2 }),
  'readv and writev': async (handle) => {
    const { bytesWritten } = await handle.writev([Buffer.from('ab'), Buffer.from('cd')], 1);
    const parts = [Buffer.alloc(2), Buffer.alloc(3)];
    return [bytesWritten, (await handle.readv(parts, 0)).bytesRead, parts];
  },
  'readFile twice': async (handle) => [
    await handle.readFile('utf8'),
    await handle.readFile('utf8'),
  ],
  'readFile after a read': async (handle) => {
    await handle.read(Buffer.alloc(2));
    return handle.readFile('utf8');
  },
  'writeFile at the position': async (handle, fs, base) => {
    await handle.read(Buffer.alloc(2));
    await handle.writeFile('XY');
    return fs.readFileSync(file(base), 'utf8');
  },
  'writeFile of an iterable': (handle) => handle.writeFile(['a', 'b'] as never),
  appendFile: (handle) => handle.appendFile('qq'),
  chmod: (handle) => handle.chmod(0o600),
  'chmod, wrong': (handle) => handle.chmod('zz'),
  'chown, wrong': (handle) => handle.chown(1, 'x' as never),
  'utimes, wrong': (handle) => handle.utimes(1, 'x'),
  'truncate, wrong': (handle) => handle.truncate('x' as never),
  'stat in bigints': async (handle) => (await handle.stat({ bigint: true })).size,
  'sync and datasync': async (handle) => [await handle.sync(), await handle.datasync()],
  'closed twice': async (handle) => {
    let closes = 0;
    (handle as unknown as Emitter).on('close', () => closes++);
    await Promise.all([handle.close(), handle.close()]);
    await handle.close();
    return [closes, handle.fd];
  },
  'a stream closes it': async (handle) => [await text(handle.createReadStream()), handle.fd],
  'a stream leaves it open': async (handle) => [
    await text(handle.createReadStream({ start: 2, end: 4, autoClose: false })),
    handle.fd > 0,
  ],
  'a write stream': async (handle, fs, base) => {
    await pipeline(Readable.from(['ab', 'cd']), handle.createWriteStream({ start: 3 }));
    return [handle.fd, fs.readFileSync(file(base), 'utf8')];
  },
  'closed under a stream': async (handle) => {
    const events = eventsOf(handle.createReadStream());
    await handle.close();
    return [handle.fd, await events];
  },
  lines: async (handle, fs, base) => {
    fs.writeFileSync(file(base), 'a\r\nb\n\nc');
    const lines: string[] = [];
    for await (const line of handle.readLines()) lines.push(line);
    return lines;
  },
};

const afterClose = [
  'stat',
  'sync',
  'datasync',
  'readFile',
  'truncate',
  'read',
  'write',
  'writeFile',
  'chmod',
  'utimes',
];

async function text(stream: AsyncIterable<unknown>): Promise<string> {
  let all = '';
  for await (const chunk of stream) all += chunk;
  return all;
}

interface Emitter {
  on(event: string, listener: (value: unknown) => void): unknown;
}

/** What a stream emits until it is quiet. */
async function eventsOf(stream: unknown): Promise<string[]> {
  const out: string[] = [];
  for (const event of ['open', 'ready', 'data', 'end', 'finish', 'close', 'error']) {
    (stream as Emitter).on(event, (value) => {
      const { code, name } = Object(value) as { code?: unknown; name?: unknown };
      out.push(event === 'data' ? `data ${value}` : event === 'error' ? `${code ?? name}` : event);
    });
  }
  await new Promise((resolve) => setTimeout(resolve, 25));
  return out;
}

const reading: Readonly<Record<string, unknown>> = {
  none: undefined,
  encoding: 'utf8',
  part: { start: 2, end: 4 },
  'to an end': { end: 3 },
  'behind the end': { start: 20 },
  'negative start': { start: -1 },
  'start is text': { start: 'x' },
  'start behind end': { start: 5, end: 2 },
  'bad flags': { flags: 'zz' },
  'small pieces': { highWaterMark: 4 },
  'left open': { autoClose: false },
  'no close event': { emitClose: false },
  'closed descriptor': { fd: 9999 },
  'descriptor is text': { fd: 'x' },
  'bad mode': { mode: 'zz' },
  'fs without calls': { fs: {} },
  number: 5,
  bogus: 'bogus',
};

interface AnyStream {
  readonly [field: string]: unknown;
}

function stateOf(stream: AnyStream): unknown[] {
  return [
    'pending',
    'bytesRead',
    'bytesWritten',
    'path',
    'flags',
    'mode',
    'start',
    'end',
    'pos',
    'closed',
    'destroyed',
  ].map((field) => stream[field]);
}

function streamQuestions(): Question[] {
  return Object.entries(reading).flatMap(([name, options]) => [
    question(`read stream, ${name}`, async (fs, base) => {
      const stream = fs.createReadStream(file(base), options as never);
      return [await eventsOf(stream), stateOf(stream as unknown as AnyStream)];
    }),
    question(`read stream of what is missing, ${name}`, async (fs, base) =>
      eventsOf(fs.createReadStream(`${base}/missing`, options as never)),
    ),
    question(`write stream, ${name}`, async (fs, base) => {
      const stream = fs.createWriteStream(`${base}/new`, options as never);
      stream.write('ab');
      stream.write(Buffer.from('cd'));
      stream.end('ef');
      return [await eventsOf(stream), stateOf(stream as unknown as AnyStream)];
    }),
  ]);
}

const streams: Readonly<Record<string, Ask>> = {
  'a stream destroyed early': async (fs, base) => {
    const stream = fs.createReadStream(file(base));
    stream.destroy();
    return eventsOf(stream);
  },
  'close of a read stream calls back': (fs, base) =>
    new Promise((resolve) => fs.createReadStream(file(base)).close(resolve)),
  'close of a write stream calls back': async (fs, base) => {
    const stream = fs.createWriteStream(`${base}/new`);
    stream.write('x');
    await new Promise((resolve) => stream.close(resolve));
    return fs.readFileSync(`${base}/new`, 'utf8');
  },
  'a stream aborted': async (fs, base) => {
    const controller = new AbortController();
    const stream = fs.createReadStream(file(base), { signal: controller.signal } as never);
    controller.abort();
    return eventsOf(stream);
  },
  'a write stream that flushes': async (fs, base) => {
    const stream = fs.createWriteStream(`${base}/new`, { flush: true } as never);
    stream.end('x');
    return eventsOf(stream);
  },
  'corked writes': async (fs, base) => {
    const stream = fs.createWriteStream(`${base}/new`);
    stream.cork();
    stream.write('a');
    stream.write('b');
    stream.uncork();
    stream.end();
    return [await eventsOf(stream), stream.bytesWritten];
  },
  'a stream made without new': async (fs, base) => {
    const make = fs.ReadStream as unknown as (path: string) => Readable;
    const stream = make(file(base));
    return [await text(stream), stream instanceof fs.ReadStream];
  },
  'a class of a library, with an open of its own': async (fs, base) => {
    function Own(this: unknown, path: string): void {
      (fs.ReadStream as unknown as (this: unknown, path: string) => void).call(this, path);
    }
    Own.prototype = Object.create(fs.ReadStream.prototype);
    Own.prototype.open = function open(
      this: AnyStream & { fd: unknown; emit(...event: unknown[]): void },
    ) {
      fs.open(this['path'] as string, 'r', (_error, fd) => {
        this.fd = fd;
        this.emit('open', fd);
      });
    };
    return eventsOf(new (Own as unknown as new (path: string) => unknown)(file(base)));
  },
  'pieces of a large file': async (fs, base) => {
    fs.writeFileSync(file(base), 'x'.repeat(200_000));
    const sizes: number[] = [];
    for await (const chunk of fs.createReadStream(file(base))) sizes.push((chunk as Buffer).length);
    return sizes;
  },
  'opendir, closed twice': (fs, base) => {
    const directory = fs.opendirSync(`${base}/d`);
    directory.closeSync();
    directory.closeSync();
  },
  'opendir, read when closed': async (fs, base) => {
    const directory = await fs.promises.opendir(`${base}/d`);
    await directory.close();
    return directory.read();
  },
  'opendir, removed while open': async (fs, base) => {
    const directory = fs.opendirSync(`${base}/d`);
    fs.rmSync(`${base}/d`, { recursive: true });
    const entry = directory.readSync();
    directory.closeSync();
    return entry;
  },
  'writeFile, aborted meanwhile': (fs, base) => {
    const controller = new AbortController();
    async function* pieces(): AsyncGenerator<string> {
      yield 'a';
      controller.abort();
      yield 'b';
    }
    return fs.promises.writeFile(file(base), pieces(), { signal: controller.signal });
  },
  'cp keeps times': (fs, base) => {
    fs.utimesSync(file(base), 100, 200);
    fs.cpSync(file(base), `${base}/copy`, { preserveTimestamps: true });
    return fs.statSync(`${base}/copy`).mtimeMs;
  },
};

function question(label: string, ask: Ask): Question {
  return { label, ask };
}

function called(fs: AnyFs, name: string, args: readonly unknown[]): Promise<unknown> {
  return new Promise((resolve) => fs[name]?.(...args, (...given: unknown[]) => resolve(given)));
}

/** Descriptors, callbacks, promises, handles, streams and directories. */
export function handleQuestions(): Question[] {
  const questions = [...streamQuestions()];
  for (const [label, ask] of Object.entries(streams)) questions.push({ label, ask });
  for (const [name, rest] of Object.entries(onDescriptors)) {
    for (const [kind, fd] of Object.entries(descriptors)) {
      questions.push(question(`${name}Sync of ${kind}`, (fs) => fs[`${name}Sync`]?.(fd, ...rest)));
      questions.push(question(`${name} of ${kind}`, (fs) => called(fs, name, [fd, ...rest])));
    }
  }
  for (const [name, rest] of Object.entries(oneWord)) {
    for (const [kind, word] of Object.entries(words)) {
      const at = (base: string) =>
        ['f', 'd', 'missing', 'empty'].includes(kind) ? `${base}/${word}` : word;
      questions.push(
        question(`${name} of ${kind}, back`, (fs, base) => called(fs, name, [at(base), ...rest])),
      );
      questions.push(
        question(`promises.${name} of ${kind}`, (fs, base) =>
          (fs.promises as unknown as AnyFs)[name]?.(at(base), ...rest),
        ),
      );
    }
  }
  for (const name of pairs) {
    for (const [kind, word] of Object.entries(words).slice(0, 3)) {
      questions.push(
        question(`${name} of ${kind}, back`, (fs, base) => called(fs, name, [word, `${base}/n`])),
      );
      questions.push(
        question(`${name} to ${kind}, back`, (fs, base) => called(fs, name, [file(base), word])),
      );
    }
  }
  for (const [name, ask] of Object.entries(handles)) {
    questions.push(
      question(`handle: ${name}`, async (fs, base) => {
        const handle = await fs.promises.open(file(base), 'r+');
        return Promise.resolve(ask(handle, fs, base)).finally(() => handle.close());
      }),
    );
  }
  for (const name of afterClose) {
    questions.push(
      question(`handle: ${name} after close`, async (fs, base) => {
        const handle = await fs.promises.open(file(base), 'r+');
        await handle.close();
        return (handle as unknown as AnyFs)[name]?.();
      }),
    );
  }
  return questions;
}
