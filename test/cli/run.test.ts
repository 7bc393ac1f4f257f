import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { RunReport } from '../../src/cli/report/report.ts';
import { command, recorder } from './recorder.ts';

const POD = `
apiVersion: v1
kind: Pod
metadata: { name: p }
spec:
  containers: [{ name: c, image: busybox, volumeMounts: [{ name: v, mountPath: /v }] }]
  volumes: [{ name: v, emptyDir: {} }]
`;

/** A file with that Pod, changed, and what a Simulation then does. */
function scene(then: string, pod = POD): string {
  return `${pod}---\napiVersion: kubelet-volumes/v1\nkind: Simulation\nspec:\n  then:\n${then}\n`;
}

function run(text: string, ...options: string[]) {
  return command(['run', ...options, 'pod.yaml'], recorder({ 'pod.yaml': text }));
}

function reported(text: string, ...options: string[]): RunReport {
  return JSON.parse(run(text, '--json', ...options).output) as RunReport;
}

describe('run', () => {
  const examples = readdirSync('examples').filter((name) => name.endsWith('.yaml'));

  test.each(examples)('examples/%s runs as it stands', (name) => {
    const { status, output, errors } = command(['run', `examples/${name}`]);
    expect(errors).toBe('');
    expect(status).toBe(0);
    expect(output).toMatch(/^Timeline\n {2,}\+0s {2}lifecycle {2}kubelet: started\n/);
    expect(output).toMatch(/^Nothing moves any more at 2024-01-01T/m);
  });

  test('shows each step with its virtual time, the mounts, and the files of each container', () => {
    const { output } = run(scene('  - write: { pod: p, path: /v/x, content: four }'));
    const lines = output.split('\n');
    const lineOf = (text: string): number => lines.findIndex((line) => line.includes(text));
    expect(lines).toContain('  +100ms  volume     volume v: SetUp');
    expect(lines).toContain('  +300ms  event      Pod/p: Started: Started container c');
    expect(output).toMatch(/^ +\+1s {2}scene +write: \{ pod: p, path: \/v\/x, content: four \}$/m);
    expect(lineOf('Pod default/p  Running on node-1')).toBeGreaterThan(lineOf('scene'));
    expect(output).toMatch(/^ {6}\/v +ext4 +\/dev\/sda1\[.*~empty-dir\/v\] +rw,relatime$/m);
    expect(output).toMatch(/^ {6}0777 0:0 {2}\/v\/\n {6}0644 0:0 {2}└── x \(4 B\)$/m);
  });

  test('shows what a Pod of Windows has mounted', () => {
    const pod = POD.replace('mountPath: /v ', 'mountPath: "C:\\\\v" ');
    const simulation = 'kind: Simulation\nspec: { nodes: [{ name: win, os: windows }] }\n';
    const { output } = run(`${pod}---\napiVersion: kubelet-volumes/v1\n${simulation}`);
    expect(output).toMatch(/^ {6}\/v +ntfs +C:\[.*~empty-dir\/v\] +rw,relatime$/m);
  });

  test('a volume that is only brought up to date is told from one that is set up', () => {
    const { output } = run(scene('  - crash: { pod: p }'));
    const again = 'volume v: SetUp again, to bring it up to date';
    expect(output.match(/volume kube-api-access-\w+: SetUp$/gm)).toHaveLength(1);
    expect(output).not.toContain(again);
    expect(output).toMatch(/volume kube-api-access-\w+: SetUp again, to bring it up to date$/m);
  });

  test('--json prints one document that holds the same', () => {
    const found = reported(POD);
    expect(found).toMatchObject({ settled: true, now: '2024-01-01T00:00:01.000Z', problems: [] });
    expect(found.pods[0]).toMatchObject({ name: 'p', phase: 'Running', node: 'node-1' });
    expect(found.pods[0]?.volumes[0]).toMatchObject({
      name: 'v',
      type: 'emptyDir',
      plugin: 'kubernetes.io/empty-dir',
      state: 'mounted',
    });
    expect(found.pods[0]?.containers[0]?.files['/v']).toMatchObject({ mode: '0777', entries: [] });
  });

  test('--until lets time pass, --seed changes uids and nothing else moves', () => {
    expect(reported(POD, '--until', '1h').now).toBe('2024-01-01T01:00:01.000Z');
    const [first, again, other] = [[], [], ['--seed', '7']].map((seed) => reported(POD, ...seed));
    expect(again).toEqual(first);
    expect(other?.pods[0]?.uid).not.toBe(first?.pods[0]?.uid);
    expect(other?.now).toBe(first?.now);
  });

  test('--kubernetes-version and --feature-gates decide what there is', () => {
    const git = POD.replace('emptyDir: {}', 'gitRepo: { repository: r }');
    expect(run(git, '--kubernetes-version', '1.35').errors).toContain('git-repo volume plugin');
    const limit = POD.replace('emptyDir: {}', 'emptyDir: { sizeLimit: 1Gi }');
    expect(run(limit, '--kubernetes-version', '1.5').errors).toContain('unknown field');
    const gates = ['--kubernetes-version', '1.35', '--feature-gates', 'GitRepoVolumeDriver=true'];
    expect(run(git, ...gates).errors).not.toContain('git-repo volume plugin');
  });

  test('several files make one cluster; - is standard input', () => {
    const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: m }\ndata: { a: b }\n';
    const files = { 'map.yaml': map, '-': POD.replace('emptyDir: {}', 'configMap: { name: m }') };
    const { status, output } = command(['run', 'map.yaml', '-'], recorder(files));
    expect(status).toBe(0);
    expect(output).toMatch(/a -> \.\.data\/a$/m);
  });

  test('what stands beside a Simulation is read as it is written, and errors have its lines', () => {
    const simulation = 'apiVersion: kubelet-volumes/v1\nkind: Simulation\nspec:\n  then:\n';
    const octal = POD.replace('emptyDir: {}', 'secret: { secretName: s, defaultMode: 0400 }');
    const act = `${simulation}  - settle: {}\n  - expect: { pod: p }\n`;
    const files = { 'pod.yaml': `${act}---\n${octal}---\na: [b\n` };
    const { errors } = command(['run', 'pod.yaml'], recorder(files));
    expect(errors).toMatch(new RegExp(`yaml: line ${files['pod.yaml'].split('\n').length}: `));
    const modes = { 'pod.yaml': `${act}---\n${octal.replace('0400', '01777')}` };
    expect(command(['run', 'pod.yaml'], recorder(modes)).errors).toContain('Invalid value: 1023:');
  });

  test('a Simulation stops at the first that fails, names its place, and shows all that was', () => {
    const { status, output, errors } = run(
      scene(
        '  - expect: { pod: p, phase: Running }\n  - expect: { pod: p, path: /v/x, content: y }\n  - advance: 10s',
      ),
    );
    expect([status, errors]).toEqual([
      1,
      'error: spec.then[1].expect: /v/x: expected "there", found "ENOENT"\n',
    ]);
    expect(output).toMatch(/scene +expect: \{ pod: p, path: \/v\/x, content: y \} failed$/m);
    expect(output).not.toContain('advance');
  });

  test('colour only where it is wanted, progress only on a terminal after a second', () => {
    const files = { 'pod.yaml': POD };
    const codes = '\u001b[';
    const argv = ['run', '--until', '1h', 'pod.yaml'];
    expect(command(argv, recorder(files)).output).not.toContain(codes);
    expect(command(argv, recorder(files, { colour: true })).output).toContain(`${codes}1mTimeline`);
    const terminal = { progress: true, elapsed: () => 1001 };
    expect(command(argv, recorder(files, terminal)).errors).toContain(
      'virtual time 2024-01-01T00:',
    );
    const quick = { progress: true, elapsed: () => 999 };
    expect(command(argv, recorder(files, quick)).errors).toBe('');
  });
});

describe('bad input', () => {
  const refused: [string, string, string][] = [
    ['not YAML', 'a: [b\n', 'error converting YAML to JSON: yaml: line 2: '],
    ['no object', '# nothing\n', 'no objects passed to apply'],
    ['no kind', 'foo: bar\n', `Object 'Kind' is missing in '{"foo":"bar"}'`],
    [
      'an unknown field',
      POD.replace('emptyDir', 'emptydir'),
      'strict decoding error: unknown field "spec.volumes[0].emptydir"',
    ],
    [
      'a wrong type',
      POD.replace('emptyDir: {}', 'emptyDir: x'),
      'json: cannot unmarshal string into Go struct field',
    ],
    [
      'a duplicate name',
      POD.replace('volumes: [', 'volumes: [{ name: v, emptyDir: {} }, '),
      'Pod "p" is invalid: spec.volumes[1].name: Duplicate value: "v"',
    ],
    [
      'a mount of a volume that does not exist',
      POD.replace('name: v, mountPath', 'name: w, mountPath'),
      'Pod "p" is invalid: spec.containers[0].volumeMounts[0].name: Not found: "w"',
    ],
  ];

  test.each(refused)('%s is refused, and nothing is shown', (_, text, message) => {
    const { status, output, errors } = run(text);
    expect(errors).toContain(message);
    expect(errors).toMatch(/^error: .*\n$/);
    expect([status, output]).toEqual([1, '']);
  });

  const waiting: [string, string, string][] = [
    [
      'a missing Secret',
      POD.replace('emptyDir: {}', 'secret: { secretName: s }'),
      'MountVolume.SetUp failed for volume "v" : secret "s" not found',
    ],
    [
      'a missing directory of the node',
      POD.replace('emptyDir: {}', 'hostPath: { path: /no, type: Directory }'),
      'hostPath type check failed: /no is not a directory',
    ],
    [
      'a type without a plugin',
      POD.replace('emptyDir: {}', 'nfs: { server: s, path: / }'),
      'pod default/p: spec.volumes[0].nfs: no plugin for this volume type; there are configMap, ',
    ],
  ];

  test.each(waiting)('%s leaves the Pod waiting, and says why', (_, text, message) => {
    const { status, output, errors } = run(text);
    expect(errors).toContain(message);
    expect(output).toContain('Pod default/p  Pending on node-1');
    expect(status).toBe(1);
  });

  const usage: [string[], string][] = [
    [['run'], 'run: no FILE given'],
    [['dance'], 'unknown command "dance"'],
    [['run', '--bogus', 'pod.yaml'], "Unknown option '--bogus'"],
    [['run', '--seed', '1.5', 'pod.yaml'], '--seed: "1.5" is not a whole number'],
    [['run', '--until', 'soon', 'pod.yaml'], '--until: "soon" is not a duration'],
    [['run', '--kubernetes-version', '0.1', 'pod.yaml'], 'kubernetesVersion: "0.1" is not known'],
    [['run', '--feature-gates', 'A=maybe', 'pod.yaml'], '"A=maybe" is not NAME=true or NAME=false'],
    [['run', '--feature-gates', 'Nope=true', 'pod.yaml'], 'featureGates: "Nope" is not known'],
  ];

  test.each(usage)('wrong usage %j: status 2, and nothing on stdout', (argv, message) => {
    const { status, output, errors } = command(argv, recorder({ 'pod.yaml': POD }));
    expect(errors).toContain(
      `error: ${message}`.replace('error: "A', 'error: --feature-gates: "A'),
    );
    expect([status, output]).toEqual([2, '']);
  });

  test.each([
    ['dance: {}', 'spec.then[0].dance: unknown action; known: settle, advance, '],
    ['write: { pod: p, path: /x }', 'spec.then[0].write.content: Required value'],
    ['crash: { pod: 1 }', 'spec.then[0].crash.pod: must be a string, not 1'],
    ['advance: soon', 'spec.then[0].advance: "soon" is not a duration'],
  ])('a Simulation with %s: status 2, before anything runs', (action, message) => {
    const { status, output, errors } = run(scene(`  - ${action}`));
    expect(errors).toContain(`error: Simulation: ${message}`);
    expect([status, output]).toEqual([2, '']);
  });

  test.each([
    ['nowhere.yaml', 'open nowhere.yaml: no such file or directory'],
    ['examples', 'open examples: is a directory'],
  ])('a file that cannot be read: %s', (file, message) => {
    expect(command(['run', file])).toEqual({
      status: 1,
      output: '',
      errors: `error: ${message}\n`,
    });
  });
});
