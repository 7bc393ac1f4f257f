import { stringify } from 'yaml';
import { milliseconds, SimulationError } from '../../base/index.ts';
import type { Cluster } from '../../cluster/index.ts';
import { asObject, checked, type Fields, refuse } from './checked.ts';
import { EXPECT_FIELDS, expectation } from './expectations.ts';
import { placeOf, WHERE } from './place.ts';

type Args = Record<string, unknown>;

/** One thing that happens. `run` throws what the cluster throws, or an ExpectationError. */
export interface Action {
  readonly name: string;
  readonly path: string;
  /** As it was written, on one line: `{ pod: test-pd, path: /cache/x }`. */
  readonly text: string;
  run(cluster: Cluster): void;
}

interface ActionKind {
  readonly fields: Fields;
  run(cluster: Cluster, args: Args, path: string): void;
}

const text = (value: unknown): string => String(value);
const optional = <T>(key: string, value: T | undefined): Record<string, T> =>
  value === undefined ? {} : { [key]: value };

/** What an object of the API is named by. */
const OBJECT: Fields = { kind: 'string', name: 'string', 'namespace?': 'string' };
const CONTAINER: Fields = { pod: 'string', 'container?': 'string', 'namespace?': 'string' };

/** Which step a fault is for. */
const FAULT: Fields = {
  operation: 'string',
  'volume?': 'string',
  'pod?': 'string',
  'node?': 'string',
  'container?': 'string',
  'path?': 'string',
  'object?': 'string',
  'who?': 'string',
  'times?': 'number',
  'when?': 'string',
};

/** Something that may be refused: only misuse of the simulator comes out. */
function attempt(cluster: Cluster, action: object, path: string): void {
  try {
    readAction(path, action).run(cluster);
  } catch (error) {
    if (error instanceof SimulationError && error.code !== 'NOT_RUNNING') throw error;
  }
}

function containerOf(
  cluster: Cluster,
  { pod, container, namespace }: Args,
): ReturnType<ReturnType<Cluster['pod']>['container']> {
  return cluster
    .pod(text(pod), namespace as string | undefined)
    .container(container as string | undefined);
}

/** Every action, by name. */
const ACTIONS: Readonly<Record<string, ActionKind>> = {
  settle: {
    fields: { 'within?': 'duration' },
    run: (cluster, { within }) =>
      void cluster.settle(optional('within', within as string | undefined)),
  },
  advance: { fields: { by: 'duration' }, run: (cluster, { by }) => cluster.advance(by as string) },
  apply: {
    fields: { manifest: 'any' },
    run: (cluster, { manifest }) => void cluster.apply(manifest as object),
  },
  patch: {
    fields: { ...OBJECT, patch: 'object', 'subresource?': 'string' },
    run: (cluster, { kind, name, namespace, patch, subresource }) =>
      void cluster.patch(text(kind), text(name), patch as object, {
        ...optional('namespace', namespace as string | undefined),
        ...optional('subresource', subresource as 'status' | undefined),
      }),
  },
  delete: {
    fields: { ...OBJECT, 'gracePeriodSeconds?': 'number', 'force?': 'boolean' },
    run: (cluster, { kind, name, ...options }) => cluster.delete(text(kind), text(name), options),
  },
  write: {
    fields: { ...WHERE, content: 'string', 'mode?': 'string', 'append?': 'boolean' },
    run: (cluster, args) => {
      const { fs, path } = placeOf(cluster, args);
      fs.writeFileSync(path, text(args['content']), { flag: args['append'] ? 'a' : 'w' });
      if (args['mode'] !== undefined) fs.chmodSync(path, Number.parseInt(text(args['mode']), 8));
    },
  },
  mkdir: {
    fields: { ...WHERE },
    run: (cluster, args) => {
      const { fs, path } = placeOf(cluster, args);
      fs.mkdirSync(path, { recursive: true });
    },
  },
  remove: {
    fields: { ...WHERE },
    run: (cluster, args) => {
      const { fs, path } = placeOf(cluster, args);
      fs.rmSync(path, { recursive: true });
    },
  },
  crash: {
    fields: { ...CONTAINER, 'reason?': 'string' },
    run: (cluster, args) =>
      containerOf(cluster, args).crash(args['reason'] as 'SIGKILL' | undefined),
  },
  exit: {
    fields: { ...CONTAINER, 'code?': 'number' },
    run: (cluster, args) => containerOf(cluster, args).exit(args['code'] as number | undefined),
  },
  mount: {
    fields: {
      'node?': 'string',
      type: 'string',
      'source?': 'string',
      target: 'string',
      'options?': 'list',
    },
    run: (cluster, { node, ...request }) =>
      cluster.node(node as string | undefined).mount(request as never),
  },
  unmount: {
    fields: { 'node?': 'string', target: 'string' },
    run: (cluster, { node, target }) =>
      cluster.node(node as string | undefined).unmount(text(target)),
  },
  restartKubelet: {
    fields: { 'node?': 'string' },
    run: (cluster, { node }) => cluster.node(node as string | undefined).kubelet.restart(),
  },
  stopKubelet: {
    fields: { 'node?': 'string' },
    run: (cluster, { node }) => cluster.node(node as string | undefined).kubelet.stop(),
  },
  startKubelet: {
    fields: { 'node?': 'string' },
    run: (cluster, { node }) => cluster.node(node as string | undefined).kubelet.start(),
  },
  reboot: {
    fields: { 'node?': 'string' },
    run: (cluster, { node }) => cluster.node(node as string | undefined).reboot(),
  },
  failNode: {
    fields: { 'node?': 'string' },
    run: (cluster, { node }) => cluster.node(node as string | undefined).fail(),
  },
  recoverNode: {
    fields: { 'node?': 'string' },
    run: (cluster, { node }) => cluster.node(node as string | undefined).recover(),
  },
  shutdown: {
    fields: { 'node?': 'string' },
    run: (cluster, { node }) => cluster.node(node as string | undefined).shutdown(),
  },
  fail: {
    fields: { ...FAULT, 'error?': 'any' },
    run: (cluster, { operation, ...options }) => void cluster.faults.fail(text(operation), options),
  },
  hold: {
    fields: FAULT,
    run: (cluster, { operation, ...options }) => void cluster.faults.hold(text(operation), options),
  },
  delay: {
    fields: { ...FAULT, by: 'duration' },
    run: (cluster, { operation, ...options }) =>
      void cluster.faults.delay(text(operation), options as { by: string }),
  },
  crashAt: {
    fields: FAULT,
    run: (cluster, { operation, ...options }) =>
      void cluster.faults.crash(text(operation), options),
  },
  attempt: {
    fields: { action: 'object' },
    run: (cluster, { action }, path) => attempt(cluster, action as object, path),
  },
  expect: { fields: EXPECT_FIELDS, run: (cluster, args, path) => expectation(cluster, args, path) },
};

/** Names of all actions, for help. */
export const actionNames: readonly string[] = Object.keys(ACTIONS);

/** Reads one entry of `spec.then`: an object with one key. `advance: 10s` is short for `advance: { by: 10s }`. */
export function readAction(path: string, value: unknown): Action {
  const entries = Object.entries(asObject(path, value));
  const [entry] = entries;
  if (!entry || entries.length > 1)
    refuse(path, `must hold one action; known: ${actionNames.join(', ')}`);
  const [name, given] = entry;
  const kind = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (!kind) refuse(`${path}.${name}`, `unknown action; known: ${actionNames.join(', ')}`);
  const whole =
    name === 'advance' && typeof given !== 'object'
      ? { by: given }
      : name === 'apply'
        ? { manifest: given }
        : name === 'attempt'
          ? { action: given }
          : (given ?? {});
  const args = checked(`${path}.${name}`, whole, kind.fields);
  if (args['by'] !== undefined) milliseconds(args['by'] as string, `Simulation: ${path}.${name}`);
  return {
    name,
    path: `${path}.${name}`,
    text: onOneLine(given),
    run: (cluster) => kind.run(cluster, args, `${path}.${name}`),
  };
}

function onOneLine(given: unknown): string {
  const text = stringify(given ?? {}, { collectionStyle: 'flow', lineWidth: 0 });
  return text.trimEnd().replaceAll(/\s*\n\s*/g, ' ');
}
