import { expect, test } from 'vitest';
import { codeOf, sources } from './sources.ts';

/** What would let the host, its clock or its chance into a result. */
const FORBIDDEN =
  /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\)|\bMath\.random\b|\bset(?:Timeout|Interval|Immediate)\b|\bperformance\b|\bprocess\.(?!sleep)|\blocaleCompare\b|\btoLocale\w*|\bIntl\b|\bcrypto\b/;

/** The command talks to a real terminal: it alone may ask the process for its arguments and streams. */
const PROCESS_ALLOWED = /^src\/cli\//;

function offences(path: string, text: string): string[] {
  const code = codeOf(text);
  return code
    .split('\n')
    .filter((line) =>
      FORBIDDEN.test(PROCESS_ALLOWED.test(path) ? line.replace(/\bprocess\.\w+/g, '') : line),
    );
}

test.each(sources('src', 'plugins').map(({ path, text }) => [path, text] as const))(
  '%s depends on nothing but its input',
  (path, text) => {
    expect(offences(path, text)).toEqual([]);
  },
);

test('an offence is seen, a word in a comment or a string is not', () => {
  expect(offences('src/x.ts', 'const now = Date.now();')).toHaveLength(1);
  expect(offences('src/x.ts', 'a.sort((x, y) => x.localeCompare(y));')).toHaveLength(1);
  expect(
    offences('src/x.ts', "// Date.now() is not used\nthrow new Error('no Math.random');"),
  ).toEqual([]);
});
