#!/usr/bin/env node
/*
 * Bundles what package.json exports, one file per entry and shared chunks, with the code of the libraries that are used: most of an
 * import's time is opening hundreds of small files. The declarations beside them are tsc's. What is bundled is licensed as it says in
 * dist/THIRD-PARTY-LICENSES.txt.
 */
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/** Sources by output name: `./dist/src/index.js` is made from `src/index.ts`. */
function entries() {
  const files = [
    ...Object.values(manifest.exports).map((target) => target.default),
    ...Object.values(manifest.bin),
  ];
  const names = files.flatMap((file) => /^\.\/dist\/(.*)\.js$/.exec(file ?? '')?.[1] ?? []);
  return Object.fromEntries(names.map((name) => [name, `${root}${name}.ts`]));
}

/** The folder of the package that a module belongs to. */
function packageOf(module) {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(module)?.[0];
}

function licence(folder) {
  const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : `\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}`;
  return `${name} ${version} (${license})${text}\n`;
}

const bundle = await rolldown({
  input: entries(),
  platform: 'node',
  // yaml's modules for browsers are ES modules: what nobody calls is left out, and nothing is parsed a second time when it is required.
  resolve: {
    alias: {
      yaml: fileURLToPath(new URL('../node_modules/yaml/browser/index.js', import.meta.url)),
    },
  },
  external: [/^node:/, ...Object.keys(manifest.peerDependencies)],
});
const { output } = await bundle.write({
  dir: `${root}dist`,
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name].js',
  // What comments say to a user is in the declarations. Most of an import's time is reading; names of functions and classes stay, so
  // that a stack says where it was.
  comments: false,
  minify: {
    compress: { keepNames: { function: true, class: true } },
    mangle: { toplevel: false, keepNames: true },
    codegen: { removeWhitespace: true },
  },
});
await bundle.close();
for (const file of Object.values(manifest.bin)) chmodSync(`${root}${file}`, 0o755);

const modules = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
const folders = [...new Set(modules.flatMap((module) => packageOf(module) ?? []))].sort();
writeFileSync(
  `${root}dist/THIRD-PARTY-LICENSES.txt`,
  folders.map(licence).join(`\n${'-'.repeat(80)}\n\n`),
);
