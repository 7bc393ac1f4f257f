import { columns } from '../style.ts';

/** Columns of a terminal that help and explanations are laid out for. */
const WIDTH = 100;
/** A last column narrower than this is no help to anybody. */
const NARROWEST = 30;

/** Text in lines that fit, broken at blanks only. */
export function wrapped(text: string, indent = '', width: number = WIDTH): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, indent + line];
}

/** A heading with what is below it, after an empty line. */
export function section(heading: string, lines: readonly string[]): string[] {
  return ['', heading, ...lines];
}

/** Aligned columns, indented by two; the last one is wrapped below itself. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const before = rows.map((row) => ['', ...row.slice(0, -1)]);
  const widths = columns(before.map((row) => [...row, '|']));
  const start = (widths[0]?.length ?? 1) - 1;
  const room = Math.max(NARROWEST, WIDTH - start);
  return rows.flatMap((row, i) => {
    const cells = wrapped(row.at(-1) ?? '', '', room);
    const head = (widths[i] ?? '').slice(0, -1);
    return cells.map((cell, j) => (j === 0 ? head : ' '.repeat(start)) + cell);
  });
}
