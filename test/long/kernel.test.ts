import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { playFiles, playMounts, type Step } from '../kernel/play.ts';

const COUNT = 1000;
/** Another seed each time, printed; SEED repeats one. */
const seed = process.env['SEED'] ?? String(Date.now() % 1_000_000);

function ask(name: string, operations: number, value: string): Step[][] {
  const program = new URL(`../oracle/kernel-${name}.py`, import.meta.url).pathname;
  const text = execFileSync('python3', [program, 'make', String(COUNT), seed, String(operations)], {
    maxBuffer: 1 << 30,
    encoding: 'utf8',
  });
  const answers = JSON.parse(text) as { steps: Record<string, unknown>[] }[];
  return answers.map(({ steps }) =>
    steps.map((step) => [step['op'], step['error'], step[value]] as Step),
  );
}

test(`files: ${COUNT} sequences of 30 operations as Linux answers them (SEED=${seed})`, () => {
  const differences = ask('files', 30, 'value').map(playFiles).filter(Boolean);
  expect(differences).toEqual([]);
});

test(`mounts: ${COUNT} sequences of 14 operations as Linux answers them (SEED=${seed})`, () => {
  const differences = ask('mounts', 14, 'mounts').map(playMounts).filter(Boolean);
  expect(differences).toEqual([]);
});
