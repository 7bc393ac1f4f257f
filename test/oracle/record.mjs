// Asks the real kernel again (root, Linux) and writes test/kernel/recorded/*.json: node test/oracle/record.mjs [SEED]
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const seed = process.argv[2] ?? '2026';
const here = (path) => new URL(path, import.meta.url);

for (const [name, count, operations, value] of [
  ['files', 60, 30, 'value'],
  ['mounts', 60, 10, 'mounts'],
]) {
  const program = here(`./kernel-${name}.py`).pathname;
  const options = { maxBuffer: 1 << 28, encoding: 'utf8' };
  const answers = JSON.parse(
    execFileSync('python3', [program, 'make', String(count), seed, String(operations)], options),
  );
  const lines = answers.map(({ steps }) =>
    JSON.stringify(steps.map((step) => [step.op, step.error, step[value]])),
  );
  writeFileSync(here(`../kernel/recorded/${name}.json`), `[${lines.join(',\n')}]\n`);
}
