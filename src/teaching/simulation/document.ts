import type { ClusterOptions } from '../../cluster/index.ts';
import type { DirectoryJSON } from '../../face/index.ts';
import { type Action, readAction } from './actions.ts';
import { asList, asObject, checked, type Fields, refuse } from './checked.ts';

/** The apiVersion of Simulation documents. */
export const SIMULATION_VERSION = 'kubelet-volumes/v1';

/** A document that sets the scene and says what happens. */
export interface SimulationDocument {
  /** For `createCluster`. */
  readonly options: ClusterOptions;
  /** The invariants of `kubelet-volumes/testing` are watched; one that does not hold ends the run. */
  readonly invariants: boolean;
  readonly gitRemotes: readonly { repository: string; revisions: Record<string, DirectoryJSON> }[];
  /** What happens after the other documents were applied, in order. */
  readonly actions: readonly Action[];
}

const SPEC: Fields = {
  'kubernetesVersion?': 'any',
  'featureGates?': 'object',
  'fieldValidation?': 'string',
  'seed?': 'number',
  'order?': 'string',
  'startTime?': 'string',
  'nodes?': 'list',
  'controllers?': 'any',
  'enableHostPathProvisioner?': 'boolean',
  'disableForceDetachOnTimeout?': 'boolean',
  'invariants?': 'boolean',
  'outside?': 'object',
  'then?': 'list',
};

/** Whether a document of a file is a Simulation. */
export function isSimulation(document: unknown): boolean {
  const object = document as { kind?: unknown; apiVersion?: unknown } | null;
  return (
    typeof object === 'object' &&
    object?.kind === 'Simulation' &&
    String(object.apiVersion).startsWith('kubelet-volumes/')
  );
}

/** Reads a Simulation document. Throws a SimulationError that names the field that is wrong. */
export function readSimulation(document: unknown): SimulationDocument {
  const { apiVersion, spec } = checked('document', document, {
    apiVersion: 'string',
    kind: 'string',
    'metadata?': 'object',
    spec: 'object',
  });
  if (apiVersion !== SIMULATION_VERSION)
    refuse('apiVersion', `must be ${SIMULATION_VERSION}, not ${JSON.stringify(apiVersion)}`);
  const { outside, then, kubernetesVersion, invariants, ...options } = checked('spec', spec, SPEC);
  return {
    options: {
      ...(options as ClusterOptions),
      ...(kubernetesVersion !== undefined && { kubernetesVersion: String(kubernetesVersion) }),
    },
    invariants: invariants === true,
    gitRemotes: readRemotes(outside),
    actions: asList('spec.then', then).map((action, i) => readAction(`spec.then[${i}]`, action)),
  };
}

function readRemotes(outside: unknown): SimulationDocument['gitRemotes'] {
  if (outside === undefined) return [];
  const { gitRemotes } = checked('spec.outside', outside, { 'gitRemotes?': 'list' });
  return asList('spec.outside.gitRemotes', gitRemotes).map((remote, i) => {
    const path = `spec.outside.gitRemotes[${i}]`;
    const { repository, revisions } = checked(path, remote, {
      repository: 'string',
      revisions: 'object',
    });
    for (const [name, files] of Object.entries(asObject(`${path}.revisions`, revisions))) {
      asObject(`${path}.revisions.${name}`, files);
    }
    return {
      repository: String(repository),
      revisions: revisions as Record<string, DirectoryJSON>,
    };
  });
}
