// Asks the real kernel again (root, Linux) and writes test/kernel/recorded/*.json: node test/oracle/record.mjs [SEED [NAME...]]
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const [seed = '2026', ...names] = process.argv.slice(2);
const here = (path) => new URL(path, import.meta.url);

for (const [name, program, value, count, ...rest] of [
  ['files', 'kernel-files', 'value', 60, 30],
  ['mounts', 'kernel-mounts', 'mounts', 60, 10],
  ['roots', 'kernel-mounts', 'mounts', 40, 12, 'roots'],
  ['calls', 'kernel-calls', 'value', 160, 30],
]) {
  if (names.length > 0 && !names.includes(name)) continue;
  const path = here(`./${program}.py`).pathname;
  const options = { maxBuffer: 1 << 28, encoding: 'utf8' };
  const asked = ['make', String(count), seed, ...rest.map(String)];
  const answers = JSON.parse(execFileSync('python3', [path, ...asked], options));
  const lines = answers.map(({ steps }) =>
    JSON.stringify(steps.map((step) => [step.op, step.error, step[value]])),
  );
  writeFileSync(here(`../kernel/recorded/${name}.json`), `[${lines.join(',\n')}]\n`);
}

if (names.length === 0 || names.includes('situations')) {
  const input = execFileSync('node', [here('./situations.mjs').pathname]);
  const path = here('./kernel-calls.py').pathname;
  const text = execFileSync('python3', [path, 'run', '-'], { input, encoding: 'utf8' });
  const lines = JSON.parse(text).map(({ id, steps }) =>
    JSON.stringify([id, steps.map((step) => [step.op, step.error, step.value])]),
  );
  writeFileSync(here('../kernel/recorded/situations.json'), `[${lines.join(',\n')}]\n`);
}

if (names.length === 0 || names.includes('disks')) {
  const text = execFileSync('python3', [here('./disks.py').pathname], { encoding: 'utf8' });
  writeFileSync(here('../kernel/recorded/disks.json'), text);
}
