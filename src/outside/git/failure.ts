/** The end of git before its work was done. It never leaves the program. */
export class GitFailure extends Error {
  override readonly name: string = 'GitFailure';
  /** Everything that it printed. */
  readonly output: string;
  readonly exitCode: number;

  constructor(output: string, exitCode = 128) {
    super(output);
    this.output = output;
    this.exitCode = exitCode;
  }
}

/** Operands and nothing else; `--` ends options, `-q` is taken. Fails as git's option parser does. */
export function operands(command: string, args: readonly string[]): string[] {
  const end = args.indexOf('--');
  const options = (end < 0 ? args : args.slice(0, end)).filter((one) => one.startsWith('-'));
  const unknown = options.find((one) => one !== '-q' && one !== '--quiet');
  if (unknown !== undefined) {
    const which = unknown.startsWith('--')
      ? `option \`${unknown.slice(2).split('=', 1)[0]}'`
      : `switch \`${unknown.slice(1, 2)}'`;
    throw new GitFailure(`error: unknown ${which}\nusage: git ${command} [<options>]\n`, 129);
  }
  return args.filter((one, i) => (end >= 0 && i > end) || !one.startsWith('-'));
}
