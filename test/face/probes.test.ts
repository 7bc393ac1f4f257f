import real, { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createKernel } from '../../src/face/index.ts';
import { asyncProbes } from './async-probes.ts';
import { answer, type Probes } from './probe-kit.ts';
import { probesOfCalls } from './probes-of-calls.ts';
import { probesOfNames } from './probes-of-names.ts';

/*
 * Questions one by one, whose answers by the real node:fs are in recorded/probes.json. To ask anew, as root on Linux with
 * Node 20: RECORD=1 npx vitest run test/face/probes.test.ts
 */
const recording = process.env['RECORD'] !== undefined;
const path = new URL('./recorded/probes.json', import.meta.url);

/** Answers that differ, as docs/differences.md says. */
const differences: Readonly<Record<string, string>> = {
  // Node takes a negative time for "now" and reads the wall clock; here it is a time before 1970.
  'utimes negative': '-5000',
};

const probes: Probes = { ...probesOfNames, ...probesOfCalls, ...asyncProbes };

function ours(name: string): Promise<string> {
  const fs = createKernel({ now: () => 1_700_000_000_000 }).rootNamespace.fs();
  fs.mkdirSync('/base');
  return answer(() => probes[name]?.(fs, '/base'), '/base');
}

/** Asks in a tmpfs, because the simulated root is one. */
async function askTheReal(): Promise<Record<string, string>> {
  process.umask(0o022);
  const host = real.mkdtempSync('/dev/shm/probes-');
  const answers: Record<string, string> = {};
  for (const [index, [name, probe]] of Object.entries(probes).entries()) {
    const base = `${host}/${index}`;
    real.mkdirSync(base);
    answers[name] = await answer(() => probe(real, base), base);
  }
  real.rmSync(host, { recursive: true });
  return answers;
}

describe('the same answer as the real node:fs', () => {
  if (recording) {
    test('recorded', async () => {
      writeFileSync(path, `${JSON.stringify(await askTheReal(), null, 1)}\n`);
    });
  }

  test.each(Object.keys(probes))('%s', async (name) => {
    const recorded = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
    expect(await ours(name)).toBe(differences[name] ?? recorded[name]);
  });
});
