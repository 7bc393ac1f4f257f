import type { NodeFs } from '../../../src/face/index.ts';
import type { Question } from './kit.ts';

const sources = ['f', 'd', 'l', 'dl', 'dang', 'loop', 'missing', 'deep', 'd/', '.'];
const targets = ['new', 'f', 'd', 'empty', 'l', 'dl', 'dang', 'd/sub', 'new/a/b', 'other', 'f/x'];
const options: Readonly<Record<string, object | null | undefined>> = {
  none: undefined,
  recursive: { recursive: true },
  verbatim: { recursive: true, verbatimSymlinks: true },
  keep: { recursive: true, force: false },
  times: { recursive: true, preserveTimestamps: true },
  filter: { recursive: true, filter: (src: string) => !src.endsWith('/e') },
  nothing: { recursive: true, filter: () => false },
  exclusive: { force: false, errorOnExist: true },
  followed: { dereference: true },
  'bad recursive': { recursive: 1 },
  'bad filter': { filter: 5 },
  'bad mode': { mode: 9 },
  'two ways with links': { dereference: true, verbatimSymlinks: true },
  null: null,
};
const forms = ['cpSync', 'promises.cp'];

/** Trees copied onto trees, by both forms of `cp`. */
export function copyQuestions(): Question[] {
  return forms.flatMap((form) =>
    sources.flatMap((source) =>
      targets.flatMap((target) =>
        Object.entries(options).map(([name, option]) => ({
          label: `${form}(${source}, ${target}, ${name})`,
          ask: (fs: NodeFs, base: string) => {
            layMore(fs, base);
            const given = option === undefined ? [] : [option as never];
            const ends = [`${base}/${source}`, `${base}/${target}`] as const;
            if (form === 'cpSync') return fs.cpSync(...ends, ...given);
            return fs.promises.cp(...ends, ...given);
          },
        })),
      ),
    ),
  );
}

function layMore(fs: NodeFs, base: string): void {
  fs.mkdirSync(`${base}/deep/a/b`, { recursive: true });
  fs.writeFileSync(`${base}/deep/a/b/c`, 'c', { mode: 0o751 });
  fs.symlinkSync('../a/b/c', `${base}/deep/a/rel`);
  fs.symlinkSync(`${base}/f`, `${base}/deep/abs`);
  fs.symlinkSync('a', `${base}/deep/la`);
  fs.chmodSync(`${base}/deep/a`, 0o700);
  fs.mkdirSync(`${base}/other/e`, { recursive: true });
  fs.writeFileSync(`${base}/other/e/y`, 'old');
}
