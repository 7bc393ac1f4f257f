import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { allPlugins } from '../../plugins/index.ts';
import { runCommand } from '../../src/cli/command.ts';
import { explain } from '../../src/cli/commands/explain.ts';
import { types, versionText } from '../../src/cli/commands/types.ts';
import { UsageError } from '../../src/cli/io.ts';
import { explanations } from '../../src/teaching/explanations/index.ts';
import { recorder } from './recorder.ts';

function outputOf(command: typeof types, ...argv: string[]): string {
  const io = recorder();
  expect(command.run(argv, io)).toBe(0);
  expect(io.errors).toBe('');
  return io.output;
}

const references = ['ephemeral', 'persistentVolumeClaim'];
const known = [...allPlugins.map(({ source }) => source), ...references].sort();

describe('types', () => {
  test('lists every plugin, and claims, by name', () => {
    const { types: rows } = JSON.parse(outputOf(types, '--json')) as { types: { type: string }[] };
    expect(rows.map(({ type }) => type)).toEqual(known);
  });

  test('a row is field, plugin, versions and what it is', () => {
    expect(outputOf(types)).toMatch(
      /^projected +kubernetes\.io\/projected +1\.6 and later +several of secret/m,
    );
    expect(outputOf(types)).toMatch(/^persistentVolumeClaim +\(a reference\) +all +a reference:/m);
  });

  test.each([
    [{}, 'all'],
    [{ from: '1.6' }, '1.6 and later'],
    [{ until: '1.30' }, 'up to 1.30'],
    [{ from: '1.6', until: '1.30' }, '1.6 to 1.30'],
  ])('versions %o are %s', (range, text) => {
    expect(versionText(range)).toBe(text);
  });

  test('takes no argument', () => {
    expect(() => types.run(['emptyDir'], recorder())).toThrow(UsageError);
  });
});

describe('explain', () => {
  test('every type is explained, once', () => {
    expect(explanations.map(({ type }) => type)).toEqual(known);
  });

  test.each(explanations.map((one) => [one.type, one] as const))('%s', (type, explanation) => {
    const text = outputOf(explain, type);
    for (const heading of ['Fields', 'On the node', 'What becomes of the data', 'Common errors']) {
      expect(text).toMatch(new RegExp(`^${heading}$`, 'm'));
    }
    for (const { name } of explanation.fields) expect(text).toContain(`  ${name} `);
    for (const { message } of explanation.errors) expect(text).toContain(message.trim());
    expect(text).not.toMatch(/undefined|[ \t]$/m);
    expect(existsSync(`examples/${explanation.example}`)).toBe(true);
  });

  test('case does not matter, and --json gives all there is', () => {
    const found = JSON.parse(outputOf(explain, '--json', 'emptydir')) as Record<string, unknown>;
    expect(found).toMatchObject({
      type: 'emptyDir',
      plugin: 'kubernetes.io/empty-dir',
      example: 'empty-dir.yaml',
    });
  });

  test.each([
    [['nothing'], `error: explain: unknown volume type "nothing"; known: ${known.join(', ')}`],
    [[], `error: explain: no TYPE given; known: ${known.join(', ')}`],
    [['secret', 'configMap'], 'error: explain: unexpected argument "configMap"'],
  ])('wrong usage %j: status 2', (argv, message) => {
    const io = recorder();
    expect(runCommand(['explain', ...argv], io)).toBe(2);
    expect(io.errors.split('\n')[0]).toBe(message);
    expect(io.output).toBe('');
  });
});
