import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './io.ts';

export type OptionSpecs = NonNullable<ParseArgsConfig['options']>;

export interface ParsedArguments {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
}

/** Flags and words of a command line. Throws a UsageError for an unknown flag or a missing value. */
export function parseArguments(argv: readonly string[], options: OptionSpecs): ParsedArguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options,
      allowPositionals: true,
      strict: true,
    });
    return { values: values as ParsedArguments['values'], positionals };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** `A=true,B=false` as upstream's --feature-gates takes it. */
export function parseFeatureGates(text: string): Record<string, boolean> {
  const gates: Record<string, boolean> = {};
  for (const pair of text.split(',').filter(Boolean)) {
    const [name, value, ...more] = pair.split('=');
    if (!name || more.length > 0 || (value !== 'true' && value !== 'false')) {
      throw new UsageError(
        `--feature-gates: ${JSON.stringify(pair)} is not NAME=true or NAME=false`,
      );
    }
    gates[name] = value === 'true';
  }
  return gates;
}

/** A whole number. */
export function parseSeed(text: string): number {
  const seed = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(seed))
    throw new UsageError(`--seed: ${JSON.stringify(text)} is not a whole number`);
  return seed;
}
