import { readFileSync } from 'node:fs';

/** The blocks of a language in a Markdown file, in order. */
export function blocksOf(file: string, language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms');
  return [...readFileSync(file, 'utf8').matchAll(fence)].map(([, code = '']) => code);
}

type Exports = Record<string, { default: string } | string>;

/** A module that a reader imports: one of ours from its source, as package.json exports it, or one of Node's or npm's. */
function load(specifier: string): Promise<Record<string, unknown>> {
  const { name, exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    name: string;
    exports: Exports;
  };
  if (specifier !== name && !specifier.startsWith(`${name}/`)) return import(specifier);
  const target = exports[`.${specifier.slice(name.length)}`];
  if (typeof target !== 'object') throw new Error(`${specifier} is not exported`);
  const source = target.default.replace(/^\.\/dist\//, '../../').replace(/\.js$/, '.ts');
  return import(/* @vite-ignore */ source);
}

/** Static imports, and the module's own URL, as what a function body can do. */
function asBody(code: string): string {
  return code
    .replaceAll('import.meta.url', 'here')
    .replaceAll(
      /^import \* as (\w+) from ('[^']+');$/gm,
      (_, name, from) => `const ${name} = await load(${from});`,
    )
    .replaceAll(
      /^import (\{[^}]*\}) from ('[^']+');$/gm,
      (_, names: string, from) => `const ${names.replaceAll(/ as /g, ': ')} = await load(${from});`,
    )
    .replaceAll(
      /^import (\w+) from ('[^']+');$/gm,
      (_, name, from) => `const { default: ${name} } = await load(${from});`,
    );
}

/** Runs code as the module of a reader; returns what it printed, a line each. `given`: names that the text around it explains. */
export async function runCode(
  code: string,
  given: Readonly<Record<string, unknown>> = {},
): Promise<string[]> {
  const lines: string[] = [];
  const console = { log: (...values: unknown[]) => void lines.push(values.map(String).join(' ')) };
  const AsyncFunction = (async () => {}).constructor as new (
    ...source: string[]
  ) => (...values: unknown[]) => Promise<void>;
  const names = ['load', 'console', ...Object.keys(given)];
  const run = new AsyncFunction(...names, asBody(code));
  await run(load, console, ...Object.values(given));
  return lines;
}

/** What `console.log(…); // this` says that it prints. */
export function promised(code: string): string[] {
  return [...code.matchAll(/console\.log\(.*\);? \/\/ (.*)$/gm)].map(([, text = '']) => text);
}
