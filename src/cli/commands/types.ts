import { allPlugins } from '../../../plugins/index.ts';
import { compare } from '../../base/index.ts';
import type { VersionRange } from '../../plugin/index.ts';
import { explanationOf } from '../../teaching/explanations/index.ts';
import { type OptionSpecs, parseArguments } from '../arguments.ts';
import { type Command, type CommandIO, UsageError } from '../io.ts';
import { columns, style } from '../style.ts';

/** A volume type, as `types` lists it. */
export interface TypeRow {
  /** The field of `spec.volumes[]`, or of a PersistentVolume's spec. */
  readonly type: string;
  /** Upstream's name; undefined for a reference, which is mounted as something else. */
  readonly plugin?: string;
  /** The Kubernetes versions that have it. */
  readonly versions: VersionRange;
  readonly summary: string;
}

const OPTIONS: OptionSpecs = { json: { type: 'boolean' } };

/** What a Pod may name that no plugin serves, as it stands for another volume; and the versions that have it. */
const REFERENCES: readonly (readonly [string, VersionRange])[] = [
  ['ephemeral', { from: '1.19' }],
  ['persistentVolumeClaim', {}],
];

/** `kubelet-volumes types` */
export const types: Command = {
  name: 'types',
  summary: 'list the volume types',
  help: `Usage: kubelet-volumes types [--json]

Lists the volume types: the field that a manifest writes, the name of the plugin (which names its directory on a node),
the Kubernetes versions that have it, and what it is. 'kubelet-volumes explain TYPE' says more about one.

Options:
  --json  print one JSON document instead

Examples:
  kubelet-volumes types
  kubelet-volumes types --json
`,
  run: (argv, io) => {
    const { values, positionals } = parseArguments(argv, OPTIONS);
    const [extra] = positionals;
    if (extra !== undefined)
      throw new UsageError(
        `types: unexpected argument ${JSON.stringify(extra)}; see 'kubelet-volumes explain TYPE' for one type`,
      );
    const rows = typeRows();
    if (values['json']) io.out(`${JSON.stringify({ types: rows }, null, 2)}\n`);
    else print(rows, io);
    return 0;
  },
};

/** Every volume type, by name: the plugins, and the references. */
export function typeRows(): TypeRow[] {
  const served = allPlugins.map(({ source, name, in: versions = {} }) => ({
    type: source,
    plugin: name,
    versions,
    summary: summaryOf(source),
  }));
  const references = REFERENCES.map(([type, versions]) => {
    return { type, versions, summary: summaryOf(type) };
  });
  return [...served, ...references].sort((a, b) => compare(a.type, b.type));
}

/** `all`, `1.6 and later`, `up to 1.30`, `1.6 to 1.30`. */
export function versionText({ from, until }: VersionRange): string {
  if (from === undefined) return until === undefined ? 'all' : `up to ${until}`;
  return until === undefined ? `${from} and later` : `${from} to ${until}`;
}

function summaryOf(type: string): string {
  return explanationOf(type)?.summary ?? '';
}

function print(rows: readonly TypeRow[], io: CommandIO): void {
  const { bold } = style(io.colour);
  const cells = rows.map(({ type, plugin = '(a reference)', versions, summary }) => [
    type,
    plugin,
    versionText(versions),
    summary,
  ]);
  const [head = '', ...lines] = columns([['TYPE', 'PLUGIN', 'KUBERNETES', 'WHAT IT IS'], ...cells]);
  io.out(`${[bold(head), ...lines].join('\n')}\n`);
}
