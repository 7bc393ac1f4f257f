import type { Dirent } from 'node:fs';
import type { Question } from './kit.ts';

const patterns = [
  '*',
  '**',
  '**/*',
  'd/*',
  'd/**',
  '**/y',
  '{f,l}',
  '[a-f]',
  '[!f]',
  '?',
  '!f',
  './*',
  'd/../f',
  '..',
  '.',
  '',
  'd/',
  'd/*/',
  '*.txt',
  '.*',
  '**/.*',
  'dl/*',
  'dl/**',
  'nope/*',
  '@(f|l)',
  '+(d|l)',
  'f*',
  '**/',
  '*/',
  'f/',
  'dang',
  'loop',
  '{d,e}/**',
  'd/{x,e/y}',
  'a b',
  './**/x',
  'd//x',
];
const lists = [
  ['f', 'd/*'],
  ['f', 'f'],
  ['**/x', '**/y'],
];
const options: Readonly<Record<string, (base: string) => object>> = {
  plain: (cwd) => ({ cwd }),
  types: (cwd) => ({ cwd, withFileTypes: true }),
  'without d': (cwd) => ({ cwd, exclude: ['d'] }),
  'without some': (cwd) => ({ cwd, exclude: ['**/x', 'e*'] }),
  'with a test': (cwd) => ({ cwd, exclude: (name: string) => name === 'e' || name === 'd/e' }),
  'from nowhere': (base) => ({ cwd: `${base}/nope` }),
};
const wrong: Readonly<Record<string, unknown[]>> = {
  'a number': [5],
  'a list with a number': [['f', 5]],
  nothing: [undefined],
  'options that are a number': ['*', 5],
  'a cwd that is a number': ['*', { cwd: 5 }],
  'an exclude that is a number': ['*', { exclude: 5 }],
};

type Glob = (...args: unknown[]) => readonly (string | Dirent)[];

/** Patterns, asked of Node 22: earlier ones have no glob. */
export function globQuestions(): Question[] {
  const questions: Question[] = [];
  for (const pattern of [...patterns, ...lists]) {
    for (const [name, option] of Object.entries(options)) {
      questions.push({
        label: `globSync(${JSON.stringify(pattern)}, ${name})`,
        ask: (fs, base) => {
          fs.writeFileSync(`${base}/.hidden`, '');
          fs.writeFileSync(`${base}/a b`, '');
          fs.writeFileSync(`${base}/r.txt`, '');
          return sorted((fs.globSync as unknown as Glob)(pattern, option(base)), base);
        },
      });
    }
  }
  for (const [name, args] of Object.entries(wrong)) {
    questions.push({
      label: `globSync of ${name}`,
      ask: (fs) => (fs.globSync as unknown as Glob)(...args).length,
    });
  }
  return questions;
}

/** In one order, without the directory itself, whose name is another each time. */
function sorted(matches: readonly (string | Dirent)[], base: string): (string | Dirent)[] {
  const key = (match: string | Dirent): string =>
    typeof match === 'string' ? match : `${match.parentPath}/${match.name}`.replace('//', '/');
  return matches.filter((match) => key(match) !== base).sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
