// Bundles for a browser, in memory.
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const require = createRequire(import.meta.url);

/** What stands for Node's modules in a browser. */
const shims = {
  buffer: require.resolve('buffer/index.js'),
  events: require.resolve('events/events.js'),
  path: require.resolve('path-browserify'),
  stream: require.resolve('readable-stream/lib/ours/browser.js'),
  url: new URL('./url.mjs', import.meta.url).pathname,
};

const aliases = Object.entries(shims).map(([name, replacement]) => ({
  find: new RegExp(`^(node:)?${name}$`),
  replacement,
}));

/**
 * One minified script that gives what `entry` exports as the global `lib`.
 *
 * @param entry A file.
 * @param options `shimmed`: with stand-ins for Node's modules; without, an import of one is left as it is.
 */
export async function bundle(entry, { shimmed = false } = {}) {
  const external = [];
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    resolve: { alias: shimmed ? aliases : [] },
    plugins: [
      {
        name: 'nodes-own-modules',
        enforce: 'pre',
        resolveId(id) {
          if (shimmed || !/^(node:.*|process|buffer|events|path|stream|url|util)$/.test(id))
            return null;
          external.push(id);
          return { id, external: true };
        },
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      lib: { entry, formats: ['iife'], name: 'lib', fileName: 'lib' },
    },
  });
  const { output } = Array.isArray(result) ? result[0] : result;
  return { code: output[0].code, external: [...new Set(external)] };
}

/** Bytes of a script as it is sent. */
export function gzipped(code) {
  return gzipSync(code, { level: 9 }).length;
}
