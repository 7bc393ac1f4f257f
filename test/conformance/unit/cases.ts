import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** One row of a table: what goes in, what comes out. Tables differ; each test knows its own. */
export interface Row {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: each table has a form of its own, which its test reads
  readonly input: any;
  // biome-ignore lint/suspicious/noExplicitAny: the same
  readonly expect: any;
}

const FOLDER = new URL('../', import.meta.url);

/** The rows of a case, and their names for vitest. Throws when there is no such case. */
export function rowsOf(id: string): [name: string, row: Row][] {
  for (const file of readdirSync(FOLDER)) {
    if (!file.endsWith('.yaml')) continue;
    const text = readFileSync(new URL(file, FOLDER), 'utf8');
    if (!text.includes(`- id: ${id}\n`)) continue;
    const { cases } = parse(text) as { cases: { id: string; rows?: Row[] }[] };
    const rows = cases.find((one) => one.id === id)?.rows;
    if (rows) return rows.map((row) => [row.name, row]);
  }
  throw new Error(`no case ${id}`);
}
