#!/usr/bin/env node
/*
 * Lists the volume types of plugins/, and writes what follows from that: plugins/index.ts, and one line per type in the exports of
 * package.json. Writes src/api/types.ts and docs/api.md from the schemas of src/api. With --check nothing is written; status 1 when something is stale.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadTypeScript } from './load-typescript.mjs';

const WIDTH = 100;
const root = fileURLToPath(new URL('..', import.meta.url));

/** Types and where each is: a file `<type>.ts`, or a folder `<type>` with an index. */
function listTypes(folder) {
  const types = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isFile() && entry.name.endsWith('.ts') && entry.name !== 'index.ts') {
      types.push({ type: entry.name.slice(0, -3), path: entry.name });
    } else if (entry.isDirectory() && existsSync(`${folder}/${entry.name}/index.ts`)) {
      types.push({ type: entry.name, path: `${entry.name}/index.ts` });
    }
  }
  return types.sort((a, b) => compare(a.path, b.path));
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A list in brackets, on one line where it fits. */
function list(before, items, [open, close], after) {
  const padding = open === '{' ? ' ' : '';
  const line = `${before}${open}${padding}${items.join(', ')}${padding}${close}${after}`;
  if (line.length <= WIDTH) return line;
  return `${before}${open}\n${items.map((item) => `  ${item},\n`).join('')}${close}${after}`;
}

function indexText(types) {
  const names = types.map(({ type }) => type);
  return [
    '// Written by `npm run generate` from the files of this folder.',
    "import type { VolumePlugin } from '../src/plugin/index.ts';",
    ...types.map(({ type, path }) => `import { ${type} } from './${path}';`),
    '',
    "export { definePlugin } from '../src/plugin/index.ts';",
    "export type * from '../src/plugin/types.ts';",
    list('export ', names, '{}', ';'),
    '',
    '/** Every volume type there is, by the name of its field. */',
    list('export const allPlugins: readonly VolumePlugin[] = ', names, '[]', ';'),
    '',
  ].join('\n');
}

function entry(path) {
  return { types: `./dist/plugins/${path}.d.ts`, default: `./dist/plugins/${path}.js` };
}

function exportsWith(known, types) {
  const kept = Object.entries(known).filter(([name]) => !/^\.\/plugins(\/|$)/.test(name));
  const plugins = types.map(({ type, path }) => [`./plugins/${type}`, entry(path.slice(0, -3))]);
  const last = kept.filter(([name]) => name === './package.json');
  const first = kept.filter(([name]) => name !== './package.json');
  return Object.fromEntries([...first, ['./plugins', entry('index')], ...plugins, ...last]);
}

/** The manifest with other exports, in npm's own form. */
function manifestText(text, types) {
  const manifest = JSON.parse(text);
  manifest.exports = exportsWith(manifest.exports, types);
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

async function main(check) {
  const types = listTypes(`${root}plugins`);
  const read = (name) =>
    existsSync(`${root}${name}`) ? readFileSync(`${root}${name}`, 'utf8') : '';
  const { generatedTexts } = await loadTypeScript(`${root}scripts/generated-texts.ts`);
  const wanted = {
    ...generatedTexts(),
    'plugins/index.ts': indexText(types),
    'package.json': manifestText(read('package.json'), types),
  };
  const stale = Object.entries(wanted).filter(([name, text]) => read(name) !== text);
  for (const [name, text] of stale) {
    if (check) console.error(`${name} is stale: run npm run generate`);
    else writeFileSync(`${root}${name}`, text);
  }
  return check && stale.length > 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.includes('--check'));
