import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { allPlugins } from '../../plugins/index.ts';
import { createCluster } from '../../src/index.ts';
import { runCase } from './lib/run.mjs';

/* What real Kubernetes does with volumes, from the facts of its own tests: `source` in each case names them. */

interface Case {
  readonly id: string;
  readonly title?: string;
}

const here = new URL('.', import.meta.url);

/** Cases that need what is not there yet, each with the reason. Everything else must pass. */
const waiting: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL('waiting.json', here), 'utf8'),
);

const library = { createCluster, allPlugins };

for (const file of readdirSync(here)
  .filter((name) => name.endsWith('.yaml'))
  .sort()) {
  const { cases } = parse(readFileSync(new URL(file, here), 'utf8')) as { cases: Case[] };
  const ready = cases.filter(({ id }) => !(id in waiting));
  if (ready.length === 0) continue;
  describe(file.replace(/^\d+-|\.yaml$/g, ''), () => {
    test.each(ready.map((one) => [one.id, one] as const))('%s', async (_, one) => {
      const { outcome, step, text, reason } = await runCase(one, library);
      expect({ outcome, at: `${step ?? ''} ${text ?? reason ?? ''}`.trim() }).toEqual({
        outcome: 'passed',
        at: '',
      });
    });
  });
}
