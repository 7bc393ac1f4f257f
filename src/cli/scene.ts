import { parseAllDocuments } from 'yaml';
import { type Cluster, type ClusterOptions, createCluster } from '../cluster/index.ts';
import { isSimulation, readSimulation, type SimulationDocument } from '../teaching/index.ts';
import { type CommandIO, UsageError } from './io.ts';

/** What is to be run: a fresh cluster, the manifests and what happens after them. */
export interface Scene {
  readonly cluster: Cluster;
  readonly manifests: readonly { file: string; text: string }[];
  readonly simulation: SimulationDocument | undefined;
  /** The scene says itself what is to be seen, so a Pod that does not come up is no failure of its own. */
  readonly expects: boolean;
}

/** A file's documents, split into the Simulation and the rest. */
interface FileContent {
  readonly file: string;
  readonly text: string;
  readonly simulation: unknown;
}

/** Reads the files. Throws a plain error for a file that is missing, a SimulationError for a wrong Simulation. */
export function readScene(files: readonly string[], io: CommandIO, options: ClusterOptions): Scene {
  const contents = files.map((file) => split(file, readFile(file, io)));
  const simulations = contents.flatMap(({ simulation }) =>
    simulation === undefined ? [] : [simulation],
  );
  if (simulations.length > 1)
    throw new UsageError('run: more than one document of kind Simulation');
  const simulation = simulations[0] === undefined ? undefined : readSimulation(simulations[0]);
  const cluster = createCluster({ ...simulation?.options, ...options });
  for (const { repository, revisions } of simulation?.gitRemotes ?? []) {
    cluster.outside.gitRemotes.add(repository, revisions);
  }
  const manifests = contents.filter(({ text }) => text.trim() !== '');
  const expects = simulation?.actions.some(({ name }) => name === 'expect') ?? false;
  return { cluster, manifests, simulation, expects };
}

function readFile(file: string, io: CommandIO): string {
  try {
    return io.read(file);
  } catch (error) {
    const { code } = error as { code?: string };
    const why =
      code === 'ENOENT'
        ? 'no such file or directory'
        : code === 'EISDIR'
          ? 'is a directory'
          : String(error);
    throw new Error(`open ${file}: ${why}`);
  }
}

/** The text without its Simulation document, so that what is wrong with the rest is said by the API server's decoder. */
function split(file: string, text: string): FileContent {
  if (!/^kind:\s*['"]?Simulation\b/m.test(text)) return { file, text, simulation: undefined };
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return { file, text, simulation: undefined };
  const found = documents.filter(
    (document) => document.errors.length === 0 && isSimulation(document.toJS()),
  );
  if (found.length > 1) throw new UsageError(`${file}: more than one document of kind Simulation`);
  const [simulation] = found;
  if (!simulation) return { file, text, simulation: undefined };
  const [from, , to] = simulation.range;
  return {
    file,
    // Its lines stay, empty, so that what is said of the others has the right numbers.
    text: `${text.slice(0, from)}${text.slice(from, to).replace(/[^\n]/g, ' ')}${text.slice(to)}`,
    simulation: simulation.toJS(),
  };
}
