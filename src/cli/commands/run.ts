import { milliseconds } from '../../base/index.ts';
import { type OptionSpecs, parseArguments, parseFeatureGates, parseSeed } from '../arguments.ts';
import { type Command, type CommandIO, UsageError } from '../io.ts';
import { play } from '../play.ts';
import { printReport } from '../report/print.ts';
import { report } from '../report/report.ts';
import { readScene, type Scene } from '../scene.ts';

const OPTIONS: OptionSpecs = {
  json: { type: 'boolean' },
  until: { type: 'string' },
  seed: { type: 'string' },
  'kubernetes-version': { type: 'string' },
  'feature-gates': { type: 'string' },
  validate: { type: 'string' },
};

/** `kubelet-volumes run FILE…` */
export const run: Command = {
  name: 'run',
  summary: 'run manifests on a simulated node, and show what happens to their volumes',
  help: `Usage: kubelet-volumes run [OPTIONS] FILE...

Creates a simulated cluster, applies the manifests in the order given, lets it work until nothing moves any more, and
shows what happened: a line per step with its virtual time, then each Pod with its volumes, its containers' mounts and
the files in them. '-' reads from standard input.

A document of kind Simulation (apiVersion kubelet-volumes/v1) among them sets the scene: nodes and their files, git
remotes, Kubernetes version; and says what happens after the manifests were applied.

Options:
  --until DURATION            let so much virtual time pass after that: 90s, 10m, 24h
  --json                      print one JSON document instead
  --seed NUMBER               names, uids and jitter; default 0
  --kubernetes-version X.Y    the rules of that version; default: the newest, with every volume type
  --feature-gates A=true,...  feature gates that differ from the version's defaults
  --validate strict           what is done about unknown fields: strict (default) refuses, warn says so, ignore does not

Exit status: 0; 1 when a manifest was refused, a Pod did not come up, or an expectation failed; 2 for wrong usage.

Examples:
  kubelet-volumes run examples/empty-dir.yaml
  kubelet-volumes run --json --until 10m pod.yaml configmap.yaml
`,
  run: (argv, io) => {
    const { values, positionals } = parseArguments(argv, OPTIONS);
    if (positionals.length === 0) throw new UsageError('run: no FILE given');
    const until =
      values['until'] === undefined ? undefined : milliseconds(String(values['until']), '--until');
    const scene = readScene(positionals, io, {
      ...(values['seed'] !== undefined && { seed: parseSeed(String(values['seed'])) }),
      ...(values['kubernetes-version'] !== undefined && {
        kubernetesVersion: String(values['kubernetes-version']),
      }),
      ...(values['feature-gates'] !== undefined && {
        featureGates: parseFeatureGates(String(values['feature-gates'])),
      }),
      ...(values['validate'] !== undefined && {
        fieldValidation: String(values['validate']) as 'strict',
      }),
    });
    return show(scene, until, Boolean(values['json']), io);
  },
};

function show(scene: Scene, until: number | undefined, json: boolean, io: CommandIO): number {
  const { cluster, settled, performed, failure } = play(scene, until, io);
  const found = report(cluster, settled, performed);
  if (json) io.out(`${JSON.stringify(found, undefined, 2)}\n`);
  else printReport(found, io);
  const problems = failure === undefined ? (scene.expects ? [] : found.problems) : [failure];
  for (const problem of problems) io.err(`error: ${problem}\n`);
  return problems.length > 0 ? 1 : 0;
}
