import { messageOf } from '../../base/index.ts';
import type { Cluster } from '../../cluster/index.ts';
import type { VolumePlugin } from '../../plugin/index.ts';
import type { StepDescription } from '../../sim/index.ts';
import { type Blow, playWithBlow, projectionOf, type Story, stepsOf } from '../crash/index.ts';
import {
  type PluginSample,
  POD,
  remove,
  rest,
  type SampleStories,
  sentenceOf,
  storiesOf,
  use,
  VOLUME,
} from './stories.ts';

/** What a plugin was held against, and how often. */
export interface PluginReport {
  /** Clusters that were played through. */
  readonly runs: number;
  /** Steps that the plugin takes for its samples. */
  readonly steps: number;
}

/** What a plugin does not keep of the contract. */
export class PluginContractError extends Error {
  override readonly name: string = 'PluginContractError';
  readonly problems: readonly string[];

  constructor(plugin: string, problems: readonly string[]) {
    super(`${plugin}: ${problems.length} problems\n${problems.join('\n')}`);
    this.problems = problems;
  }
}

/** The steps of a volume, whoever takes them. */
const ofVolume = ({ volume }: StepDescription): boolean => volume === VOLUME;

/**
 * Holds a plugin against the contract of docs/writing-a-plugin.md, with each sample: a Pod starts and is deleted; SetUp and TearDown
 * may be repeated; the kubelet dies right before each step, or each step fails, and in the end all is as if nothing had happened; what
 * always holds does. Throws a PluginContractError that names what does not.
 */
export function testPlugin(plugin: VolumePlugin, samples: readonly PluginSample[]): PluginReport {
  const trial = new Trial(plugin);
  for (const [i, sample] of samples.entries()) trial.hold(sample, sample.name ?? `sample ${i}`);
  if (trial.problems.length > 0) throw new PluginContractError(plugin.name, trial.problems);
  return { runs: trial.runs, steps: trial.steps };
}

class Trial {
  readonly problems: string[] = [];
  runs = 0;
  steps = 0;
  readonly #plugin: VolumePlugin;

  constructor(plugin: VolumePlugin) {
    this.#plugin = plugin;
  }

  hold(sample: PluginSample, name: string): void {
    const before = this.problems.length;
    const stories = storiesOf(this.#plugin, sample);
    const wanted = this.#plain(stories, name);
    if (wanted === undefined || this.problems.length > before) return;
    this.#repeated(stories, { name, wanted });
    for (const blow of ['crash', 'fail'] as const) {
      this.#blows(stories, { name, wanted, blow, sample });
    }
  }

  /** Nothing goes wrong. Gives what the container sees; undefined: the Pod does not start. */
  #plain(stories: SampleStories, name: string): string | undefined {
    let wanted: string | undefined;
    this.#attempt(name, stories, () => {
      const cluster = stories.up.start();
      stories.up.play(cluster);
      wanted = this.#running(cluster, name);
      if (wanted === undefined) return cluster;
      use(cluster);
      remove(cluster);
      this.#gone(cluster, name);
      return cluster;
    });
    return wanted;
  }

  /** Both may be called when there is nothing left to do. */
  #repeated(stories: SampleStories, { name, wanted }: { name: string; wanted: string }): void {
    for (const operation of ['SetUp', 'TearDown'] as const) {
      const what = `${name}: ${operation} once more`;
      this.#attempt(what, stories, () => {
        const cluster = stories.up.start();
        const options = {
          volume: VOLUME,
          times: 1,
          when: 'after',
          error: { class: 'uncertain', message: 'done, but not reported' },
        } as const;
        cluster.faults.fail(operation, options);
        stories.up.play(cluster);
        this.#same(cluster, { name: what, wanted });
        remove(cluster);
        this.#gone(cluster, what);
        return cluster;
      });
    }
    const what = `${name}: SetUp of what another kubelet left`;
    this.#attempt(what, stories, () => {
      const cluster = stories.up.start();
      stories.up.play(cluster);
      cluster.node().kubelet.restart();
      rest(cluster);
      this.#same(cluster, { name: what, wanted });
      return cluster;
    });
  }

  #blows(
    stories: SampleStories,
    {
      name,
      wanted,
      blow,
      sample,
    }: { name: string; wanted: string; blow: Blow; sample: PluginSample },
  ): void {
    const { up, down } = stories;
    this.#each(up, { stories, name, blow, sample }, (cluster, what) => {
      this.#same(cluster, { name: what, wanted });
      remove(cluster);
      this.#gone(cluster, what);
    });
    this.#each(down, { stories, name, blow, sample }, (cluster, what) => this.#gone(cluster, what));
  }

  #each(
    story: Story,
    {
      stories,
      name,
      blow,
      sample,
    }: { stories: SampleStories; name: string; blow: Blow; sample: PluginSample },
    look: (cluster: Cluster, what: string) => void,
  ): void {
    const steps = stepsOf(story, ofVolume);
    if (blow === 'crash') this.steps += steps.length;
    for (const [n, { operation }] of steps.entries()) {
      if (sample.unmended?.includes(operation)) continue;
      const what = `${name}: ${blow} at step ${n}, ${operation}`;
      this.#attempt(what, stories, () => {
        const cluster = playWithBlow(story, n, { blow, filter: ofVolume });
        look(cluster, what);
        return cluster;
      });
    }
  }

  #attempt(name: string, stories: SampleStories, run: () => Cluster): void {
    this.runs++;
    try {
      const cluster = run();
      for (const { id, message } of stories.watchOf(cluster)?.check() ?? [])
        this.problems.push(`${name}: ${id}, ${sentenceOf(id)} ${message}`);
    } catch (error) {
      this.problems.push(`${name}: ${messageOf(error)}`);
    }
  }

  #running(cluster: Cluster, name: string): string | undefined {
    const pod = cluster.pod(POD);
    if (pod.phase === 'Running') return viewOf(cluster);
    const events = cluster.events({ involved: `Pod/${POD}`, type: 'Warning' });
    this.problems.push(
      `${name}: the Pod is ${pod.phase}: ${events.at(-1)?.message ?? 'nobody says why'}`,
    );
    return undefined;
  }

  #same(cluster: Cluster, { name, wanted }: { name: string; wanted: string }): void {
    const found = this.#running(cluster, name);
    if (found !== undefined && found !== wanted)
      this.problems.push(`${name}: the container sees ${found}, not ${wanted}`);
  }

  #gone(cluster: Cluster, name: string): void {
    const { mounts, left } = projectionOf(cluster);
    if (cluster.get('Pod', POD)) this.problems.push(`${name}: the Pod cannot be deleted`);
    const rests = [...Object.values(mounts).flat(), ...Object.values(left).flat()];
    if (rests.length > 0) this.problems.push(`${name}: left behind: ${rests.join(', ')}`);
  }
}

function viewOf(cluster: Cluster): string {
  return JSON.stringify(projectionOf(cluster).views);
}
