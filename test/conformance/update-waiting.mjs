// Writes waiting.json anew: which cases do not pass yet on the built package, and why. Build first.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createCluster } from 'kubelet-volumes';
import { allPlugins } from 'kubelet-volumes/plugins';
import { parse } from 'yaml';
import { runCase } from './lib/run.mjs';

const here = new URL('.', import.meta.url);
const waiting = {};
for (const file of readdirSync(here)
  .filter((name) => name.endsWith('.yaml'))
  .sort()) {
  for (const one of parse(readFileSync(new URL(file, here), 'utf8')).cases) {
    const { outcome, step, text, reason } = await runCase(one, { createCluster, allPlugins });
    if (outcome !== 'passed')
      waiting[one.id] =
        outcome === 'skipped'
          ? `not a case for the API: ${reason}`
          : `${step}: ${text}`.slice(0, 160);
  }
}
writeFileSync(new URL('waiting.json', here), `${JSON.stringify(waiting, undefined, 2)}\n`);
console.log(`${Object.keys(waiting).length} cases wait`);
