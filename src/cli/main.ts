#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { runCommand } from './command.ts';

const start = process.hrtime.bigint();

process.exitCode = runCommand(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  read: (path) => readFileSync(path === '-' ? 0 : path, 'utf8'),
  colour: Boolean(process.stdout.isTTY) && process.env['NO_COLOR'] === undefined,
  elapsed: () => Number((process.hrtime.bigint() - start) / 1_000_000n),
  progress: Boolean(process.stderr.isTTY),
});
