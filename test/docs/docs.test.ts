import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createCluster } from '../../src/index.ts';
import { blocksOf, promised, runCode } from './blocks.ts';

const documents = readdirSync('docs').map((name) => `docs/${name}`);
const manifest = readFileSync('examples/empty-dir.yaml', 'utf8').split('\n---\n')[0] ?? '';

describe('what a reader copies runs', () => {
  const withCode = documents.filter((file) => blocksOf(file, 'js').length > 0);

  test.each(withCode)('%s, from top to bottom', async (file) => {
    const code = blocksOf(file, 'js').join('\n');
    expect(await runCode(code)).toEqual(promised(code));
  });

  test.each(blocksOf('README.md', 'js').map((code, i) => [i + 1, code] as const))(
    'README.md, block %i',
    async (_, code) => {
      expect(await runCode(code, { manifest })).toEqual(promised(code));
    },
  );

  test('examples/ten-lines.mjs', async () => {
    const code = readFileSync('examples/ten-lines.mjs', 'utf8');
    const here = new URL('../../examples/ten-lines.mjs', import.meta.url);
    const [line] = await runCode(code, { here });
    expect(line).toMatch(
      /^\/cache\/x was kept, \/tmp\/y was lost, and \/var\/lib\/kubelet\/pods\/.* is gone\.$/,
    );
  });
});

describe('links', () => {
  test.each(['README.md', ...documents])('%s links to what is there', (file) => {
    const folder = file.includes('/') ? 'docs/' : '';
    const links = [...readFileSync(file, 'utf8').matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)];
    for (const [, target = ''] of links) {
      expect(() => readdirOrRead(`${folder}${target}`)).not.toThrow();
    }
  });
});

function readdirOrRead(path: string): unknown {
  try {
    return readFileSync(path);
  } catch {
    return readdirSync(path);
  }
}

test('docs/faults.md lists every step there is', () => {
  const rows = [...readFileSync('docs/faults.md', 'utf8').matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)];
  const listed = rows.flatMap(([, names = '']) => [...names.matchAll(/`(\w+)`/g)]);
  const options = 'volume pod container node path object who times when'.split(' ');
  const steps = listed.map(([, name = '']) => name).filter((name) => !options.includes(name));
  expect(steps.sort()).toEqual(createCluster().faults.operations);
});
