import { rolldown } from 'rolldown';

/** What a TypeScript module exports, on every version of Node: it is bundled in memory. It may import nothing of npm. */
export async function loadTypeScript(file) {
  const bundle = await rolldown({ input: file, platform: 'neutral', logLevel: 'warn' });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
}
