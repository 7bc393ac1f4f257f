import real from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, describe, expect, test } from 'vitest';
import { createKernel } from '../../src/face/index.ts';
import { asyncProbes } from './async-probes.ts';
import { answer, type Probes } from './probe-kit.ts';
import { probesOfCalls } from './probes-of-calls.ts';
import { probesOfNames } from './probes-of-names.ts';
import { recordedAnswers } from './recorded-answers.ts';

/** A tmpfs where there is one, because the simulated root is one. */
const host = real.mkdtempSync(`${real.existsSync('/dev/shm') ? '/dev/shm' : tmpdir()}/face-`);

afterAll(() => real.rmSync(host, { recursive: true, force: true }));

function ask(probes: Probes): void {
  for (const [index, [name, probe]] of Object.entries(probes).entries()) {
    test(name, async () => {
      const base = `${host}/${Object.keys(probes).length}-${index}`;
      const fs = createKernel({ now: () => 1_700_000_000_000 }).rootNamespace.fs({
        umask: process.umask(),
      });
      fs.mkdirSync(base, { recursive: true });
      const ours = await answer(() => probe(fs, base));
      const recorded = recordedAnswers[name];
      if (recorded !== undefined) {
        expect(ours).toBe(JSON.stringify(recorded));
        return;
      }
      real.mkdirSync(base);
      expect(ours).toBe(await answer(() => probe(real, base)));
    });
  }
}

describe('the same answer as the real node:fs', () => {
  ask(probesOfNames);
  ask(probesOfCalls);
  ask(asyncProbes);
});
