import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { playFiles, playMounts, type Step } from '../kernel/play.ts';
import { playCalls } from '../kernel/play-calls.ts';

const COUNT = 1000;
/** Another seed each time, printed; SEED repeats one. */
const seed = process.env['SEED'] ?? String(Date.now() % 1_000_000);

function ask(program: string, operations: number, value: string, ...more: string[]): Step[][] {
  const path = new URL(`../oracle/kernel-${program}.py`, import.meta.url).pathname;
  const asked = ['make', String(COUNT), seed, String(operations), ...more];
  const text = execFileSync('python3', [path, ...asked], { maxBuffer: 1 << 30, encoding: 'utf8' });
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

test(`roots: the same with pivot_root and recursive read-only (SEED=${seed})`, () => {
  const differences = ask('mounts', 14, 'mounts', 'roots').map(playMounts).filter(Boolean);
  expect(differences).toEqual([]);
});

test(`calls: ${COUNT} sequences of 30 on descriptors, attributes, times, limits, overlays (SEED=${seed})`, () => {
  const differences = ask('calls', 30, 'value').map(playCalls).filter(Boolean);
  expect(differences).toEqual([]);
});
