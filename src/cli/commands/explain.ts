import { explanationOf, type TypeExplanation } from '../../teaching/explanations/index.ts';
import { type OptionSpecs, parseArguments } from '../arguments.ts';
import { type Command, UsageError } from '../io.ts';
import { type Style, style } from '../style.ts';
import { section, table, wrapped } from './layout.ts';
import { type TypeRow, typeRows, versionText } from './types.ts';

const OPTIONS: OptionSpecs = { json: { type: 'boolean' } };

/** `kubelet-volumes explain TYPE` */
export const explain: Command = {
  name: 'explain',
  summary: 'say what a volume type is, where it lies, what survives what',
  help: `Usage: kubelet-volumes explain [--json] TYPE

Says about a volume type what it is, its fields with their defaults, where it lies on a node, what becomes of its data
when a container, Pod, node or kubelet ends, who may write to it, whether it follows its source, the errors that people
meet, and an example to run. 'kubelet-volumes types' lists the types; case does not matter.

Options:
  --json  print one JSON document instead

Examples:
  kubelet-volumes explain emptyDir
  kubelet-volumes explain --json configMap
`,
  run: (argv, io) => {
    const { values, positionals } = parseArguments(argv, OPTIONS);
    const [name, extra] = positionals;
    if (name === undefined) throw new UsageError(`explain: no TYPE given; known: ${known()}`);
    if (extra !== undefined)
      throw new UsageError(`explain: unexpected argument ${JSON.stringify(extra)}`);
    const { row, explanation } = find(name);
    if (values['json']) {
      const { plugin, versions } = row;
      io.out(`${JSON.stringify({ ...explanation, plugin, versions }, null, 2)}\n`);
    } else io.out(`${lines(row, explanation, style(io.colour)).join('\n')}\n`);
    return 0;
  },
};

function find(name: string): { row: TypeRow; explanation: TypeExplanation } {
  const row = typeRows().find(({ type }) => type.toLowerCase() === name.toLowerCase());
  const explanation = row && explanationOf(row.type);
  if (explanation) return { row, explanation };
  throw new UsageError(`explain: unknown volume type ${JSON.stringify(name)}; known: ${known()}`);
}

function known(): string {
  return typeRows()
    .map(({ type }) => type)
    .join(', ');
}

function lines(
  { type, plugin, versions }: TypeRow,
  explanation: TypeExplanation,
  { bold, dim }: Style,
): string[] {
  const { summary, text, fields, onTheNode, survives, writers, refresh, errors } = explanation;
  const origin = plugin === undefined ? 'a reference' : `plugin ${plugin}`;
  return [
    `${bold(type)}: ${summary}`,
    dim(`${origin}, Kubernetes ${versionText(versions)}`),
    '',
    ...wrapped(text),
    ...section(
      bold('Fields'),
      table(fields.map((one) => [one.name, one.type, defaultText(one.default), one.text])),
    ),
    ...section(
      bold('On the node'),
      onTheNode.map((line) => `  ${line}`),
    ),
    ...section(
      bold('What becomes of the data'),
      table([
        ['a container restarts', survives.containerRestart],
        ['the Pod is deleted', survives.podDeletion],
        ['the Pod moves to another node', survives.otherNode],
        ['the node reboots', survives.nodeReboot],
        ['the kubelet restarts', survives.kubeletRestart],
      ]),
    ),
    ...section(bold('Who may write'), wrapped(writers, '  ')),
    ...section(bold('Whether it follows its source'), wrapped(refresh, '  ')),
    ...section(
      bold('Common errors'),
      errors.flatMap(({ message, cause }) => [`  ${message.trim()}`, ...wrapped(cause, '      ')]),
    ),
    ...section(bold('Example'), [`  kubelet-volumes run examples/${explanation.example}`]),
  ];
}

function defaultText(value: string): string {
  return value === '' || value === 'required' ? value : `default ${value}`;
}
