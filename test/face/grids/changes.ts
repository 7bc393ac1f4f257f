import type { AnyFs, Question } from './kit.ts';
import { createRandom } from './random.ts';

type Change = (fs: AnyFs, at: (name: string) => string) => unknown;

/** What can happen to files, each as one piece of code. */
const changes: Readonly<Record<string, Change>> = {
  write: (fs, at) => fs.writeFileSync(at('d/x'), 'abc'),
  'write twice': (fs, at) => {
    fs.writeFileSync(at('d/x'), '1');
    fs.writeFileSync(at('d/x'), '2');
  },
  append: (fs, at) => fs.appendFileSync(at('d/x'), 'q'),
  create: (fs, at) => fs.writeFileSync(at('d/new'), 'abc'),
  'create empty': (fs, at) => fs.writeFileSync(at('d/none'), ''),
  unlink: (fs, at) => fs.unlinkSync(at('d/x')),
  recreate: (fs, at) => {
    fs.unlinkSync(at('d/x'));
    fs.writeFileSync(at('d/x'), 'again');
  },
  mkdir: (fs, at) => fs.mkdirSync(at('d/made'), { recursive: true }),
  'mkdir -p': (fs, at) => fs.mkdirSync(at('d/p/q/r'), { recursive: true }),
  rmdir: (fs, at) => {
    fs.mkdirSync(at('d/brief'));
    fs.rmdirSync(at('d/brief'));
  },
  rename: (fs, at) => fs.renameSync(at('d/x'), at('d/z')),
  'rename out': (fs, at) => fs.renameSync(at('d/x'), at('z')),
  'rename in': (fs, at) => fs.renameSync(at('f'), at('d/f')),
  'rename over': (fs, at) => fs.renameSync(at('f'), at('d/x')),
  'rename a directory': (fs, at) => fs.renameSync(at('d/e'), at('d/ee')),
  'rename the directory': (fs, at) => fs.renameSync(at('d'), at('dd')),
  chmod: (fs, at) => fs.chmodSync(at('d/x'), 0o600),
  'chmod the directory': (fs, at) => fs.chmodSync(at('d'), 0o700),
  chown: (fs, at) => fs.chownSync(at('d/x'), 5, 5),
  'chown to nobody else': (fs, at) => fs.chownSync(at('d/x'), -1, -1),
  utimes: (fs, at) => fs.utimesSync(at('d/x'), 1, 1),
  link: (fs, at) => fs.linkSync(at('d/x'), at('d/hard')),
  symlink: (fs, at) => fs.symlinkSync('x', at('d/soft')),
  'swap of a link': (fs, at) => {
    fs.symlinkSync('e', at('d/..data_tmp'));
    fs.renameSync(at('d/..data_tmp'), at('d/..data'));
  },
  'swap of a file': (fs, at) => {
    fs.writeFileSync(at('d/tmp'), 'new');
    fs.renameSync(at('d/tmp'), at('d/x'));
  },
  truncate: (fs, at) => fs.truncateSync(at('d/x'), 1),
  read: (fs, at) => fs.readFileSync(at('d/x')),
  'rm -r': (fs, at) => fs.rmSync(at('d'), { recursive: true }),
  'rm -r below': (fs, at) => fs.rmSync(at('d/e'), { recursive: true }),
  'write below': (fs, at) => fs.writeFileSync(at('d/e/y'), 'k'),
  'create below': (fs, at) => fs.writeFileSync(at('d/e/new'), 'k'),
  copy: (fs, at) => fs.copyFileSync(at('f'), at('d/copied')),
  cp: (fs, at) => fs.cpSync(at('d/e'), at('d/e2'), { recursive: true }),
  'a descriptor outlives its name': (fs, at) => {
    const fd = fs.openSync(at('d/x'), 'r+');
    fs.writeSync(fd, '1');
    fs.fchmodSync(fd, 0o600);
    fs.ftruncateSync(fd, 0);
    fs.unlinkSync(at('d/x'));
    fs.writeSync(fd, '3');
    fs.closeSync(fd);
  },
};

/** Every change, heard by a watcher of the directory, of the file, and of what leads there; and some in a row. */
export function changeQuestions(): Question[] {
  const questions: Question[] = [];
  for (const target of ['d', 'd/x', 'd/', 'd/e', 'dl']) {
    for (const name of Object.keys(changes)) {
      for (const recursive of [false, true]) {
        const label = `${recursive ? 'tree ' : ''}${target}: ${name}`;
        questions.push(heard(label, [name], [[target, { recursive }]]));
      }
    }
  }
  return [
    ...questions,
    ...rows(120),
    ...Object.entries(others).map(([label, ask]) => ({ label, ask })),
  ];
}

/** Rows of changes, with one watcher or several. */
function rows(count: number): Question[] {
  const random = createRandom(2026);
  const names = Object.keys(changes);
  return Array.from({ length: count }, (_, row) => {
    const some = Array.from({ length: 4 }, () => names[random(names.length)] ?? '');
    const watched: Watched[] =
      random(3) === 0
        ? [['d', { recursive: true }]]
        : [
            ['d', {}],
            ['d/x', {}],
            ['d', 'buffer'],
            ['.', {}],
          ];
    return heard(`row ${row}: ${some.join(', ')}`, some, watched);
  });
}

type Watched = readonly [path: string, options: object | string];

function heard(label: string, names: readonly string[], watched: readonly Watched[]): Question {
  return {
    label,
    ask: async (fs, base, pause) => {
      const at = (name: string) => `${base}/${name}`;
      const out: string[] = [];
      const watchers = watched.map(([path, options], index) => {
        const watcher = fs.watch(at(path), options as never, (event: string, name: unknown) =>
          out.push(`${index} ${event} ${String(name)}`),
        );
        watcher.on('error', (error) => out.push(`${index} ${(error as { code?: string }).code}`));
        watcher.on('close', () => out.push(`${index} closed`));
        return watcher;
      });
      for (const name of names) {
        attempt(out, () => changes[name]?.(fs, at));
        await pause();
      }
      attempt(out, () => fs.writeFileSync(at('d/late'), 'x'));
      await pause();
      for (const watcher of watchers) watcher.close();
      await pause();
      return out;
    },
  };
}

function attempt(out: string[], call: () => unknown): void {
  try {
    call();
  } catch (error) {
    out.push(String((error as { code?: string }).code));
  }
}

const others: Readonly<Record<string, Question['ask']>> = {
  'watch what is missing': (fs, base) => fs.watch(`${base}/missing`),
  'watch below a file': (fs, base) => fs.watch(`${base}/f/x`),
  'watch a tree that is missing': (fs, base) => fs.watch(`${base}/missing`, { recursive: true }),
  'watch with an unknown encoding': (fs, base) => fs.watch(base, 'bogus' as never),
  'watch with a number for options': (fs, base) => fs.watch(base, 5 as never),
  'watch with a bad recursive': (fs, base) => fs.watch(base, { recursive: 1 as never }),
  'promises.watch of what is missing': (fs, base) => first(fs.promises.watch(`${base}/missing`)),
  'promises.watch with a bad persistent': (fs, base) =>
    first(fs.promises.watch(base, { persistent: 'x' as never })),
  'promises.watch, aborted': async (fs, base, pause) => {
    const { signal } = AbortSignal.abort().aborted ? { signal: AbortSignal.abort() } : {};
    await pause();
    return first(fs.promises.watch(base, { signal } as never));
  },
  'promises.watch, one change': async (fs, base, pause) => {
    const next = first(fs.promises.watch(`${base}/d`));
    await pause();
    fs.writeFileSync(`${base}/d/n`, '');
    return { ...(await next) };
  },
  'promises.watch of a tree': async (fs, base, pause) => {
    const next = first(fs.promises.watch(`${base}/d`, { recursive: true }));
    await pause();
    fs.writeFileSync(`${base}/d/e/n`, '');
    return { ...(await next) };
  },
  'a closed watcher hears nothing': async (fs, base, pause) => {
    let count = 0;
    const watcher = fs.watch(`${base}/d`, () => {
      count++;
      watcher.close();
    });
    fs.writeFileSync(`${base}/d/a`, '1');
    fs.writeFileSync(`${base}/d/b`, '2');
    await pause();
    return count;
  },
};

async function first<Event>(events: AsyncIterable<Event>): Promise<Event | undefined> {
  for await (const event of events) return event;
  return undefined;
}
