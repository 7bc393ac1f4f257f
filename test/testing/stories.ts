import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type Cluster, createCluster } from '../../src/index.ts';
import { playWithBlow, projectionOf, type Story, stepsOf } from '../../src/testing/index.ts';
import { grow, growingCluster, podWithData } from '../kubelet/volume-manager/growing.ts';

/** A manifest of the handbook's page on volumes, as it stands there. */
function handbook(name: string): string {
  return readFileSync(new URL(`../fixtures/handbook/${name}.yaml`, import.meta.url), 'utf8');
}

const REVISION = '22f1d8406d464b0c0874075539c1f2e96c253775';

const claim = (name: string): object[] => [
  {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'site' },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: '',
      hostPath: { path: '/srv/site', type: 'DirectoryOrCreate' },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: '',
      resources: { requests: { storage: '1Gi' } },
    },
  },
];

const config = (value: string): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'myconfigmap' },
  data: { config: value },
});

const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'mysecret' },
  stringData: { username: 'me' },
};

/** A manifest that runs: what it needs, the Pod's name, and what else is updated beside its labels and images. */
interface Runs {
  readonly file: string;
  readonly pod: string;
  readonly needs?: readonly object[];
  readonly files?: Readonly<Record<string, null>>;
  /** Of the node that it runs on; Linux where nothing is said. */
  readonly os?: 'linux' | 'windows';
  readonly update?: (cluster: Cluster) => void;
}

export const manifests: readonly Runs[] = [
  { file: '01-empty-dir', pod: 'test-pd' },
  { file: '02-host-path', pod: 'test-pd', files: { '/data': null } },
  { file: '06-git-repo', pod: 'git-volume-pod' },
  { file: '07-sub-path', pod: 'my-lamp-site', needs: claim('my-lamp-site-data') },
  {
    file: '09-projected',
    pod: 'volume-test',
    needs: [config('one'), secret],
    update: (cluster) => cluster.apply(config('two')),
  },
  { file: '10-overlay-request', pod: 'ls1' },
  { file: '11-empty-dir-size-limit', pod: 'ls1' },
  {
    file: '12-windows-host-path',
    pod: 'hostpath-pod',
    files: { 'C:/AzureData': null },
    os: 'windows',
  },
  { file: '13-windows-empty-dir', pod: 'empty-dir-pod', os: 'windows' },
];

/** Time for retries, housekeeping and a periodic sync. */
function rest(cluster: Cluster): void {
  cluster.settle();
  cluster.advance('4m');
  cluster.settle();
}

/** What happens to a manifest's Pod: it starts, what it shows is changed, it is resized, a container dies, it is deleted. */
export const kinds = ['start', 'update', 'resize', 'restart', 'delete'] as const;
export type Kind = (typeof kinds)[number];

/** The story of a manifest. */
export function storyOf(
  { file, pod, needs = [], files = {}, os = 'linux', update }: Runs,
  kind: Kind,
): Story {
  const start = (): Cluster => {
    const node = { name: 'node-1', os, files: { ...files } as never };
    const cluster = createCluster({ nodes: [node] });
    cluster.outside.gitRemotes.add('git@somewhere:me/my-git-repository.git', {
      [REVISION]: { README: 'hi' },
    });
    cluster.settle();
    for (const object of needs) cluster.apply(object);
    if (kind === 'start') return cluster;
    cluster.apply(manifestOf(file, kind));
    rest(cluster);
    return cluster;
  };
  const acts: Record<Kind, (cluster: Cluster) => void> = {
    start: (cluster) => void cluster.apply(manifestOf(file, kind)),
    update: (cluster) => {
      update?.(cluster);
      relabel(cluster, pod);
    },
    resize: (cluster) => resize(cluster, pod),
    restart: (cluster) => cluster.pod(pod).containers[0]?.crash(),
    delete: (cluster) => cluster.delete('Pod', pod),
  };
  const play = (cluster: Cluster): void => {
    acts[kind](cluster);
    rest(cluster);
  };
  return { start, play };
}

/** Another label, and another image: another container, with the same volumes. */
function relabel(cluster: Cluster, pod: string): void {
  const containers = cluster
    .pod(pod)
    .object.spec.containers.slice(0, 1)
    .map(({ name }) => ({ name, image: 'another:1' }));
  const patch = { metadata: { labels: { changed: 'yes' } }, spec: { containers } };
  cluster.patch('Pod', pod, patch, { type: 'strategic' });
}

/** A claim's volume that a controller has made larger, while a container uses it, or before. */
export const growth: Readonly<Record<'in use' | 'when it is mounted', Story>> = {
  'in use': growthStory((cluster) => {
    cluster.apply(podWithData());
    rest(cluster);
  }),
  'when it is mounted': growthStory(
    () => {},
    (cluster) => cluster.apply(podWithData()),
  ),
};

function growthStory(
  before: (cluster: Cluster) => void,
  after: (cluster: Cluster) => void = () => {},
): Story {
  return {
    start: () => {
      const { cluster } = growingCluster();
      before(cluster);
      return cluster;
    },
    play: (cluster) => {
      grow(cluster, '2Gi');
      after(cluster);
      rest(cluster);
    },
  };
}

/** More of the CPU, and less. */
function resize(cluster: Cluster, pod: string): void {
  const containers = cluster.pod(pod).object.spec.containers.map(({ name }) => ({
    name,
    resources: { requests: { cpu: '50m' }, limits: { cpu: '300m' } },
  }));
  const options = { type: 'strategic', subresource: 'resize' } as const;
  cluster.patch('Pod', pod, { spec: { containers } }, options);
}

/** A handbook's Pod as it stands, or with CPU that can be resized. */
function manifestOf(file: string, kind: Kind): object {
  const pod = parse(handbook(file)) as { spec: { containers: object[] } };
  if (kind !== 'resize') return pod;
  const resources = { requests: { cpu: '100m' }, limits: { cpu: '200m' } };
  const containers = pod.spec.containers.map((container) => ({ ...container, resources }));
  return { ...pod, spec: { ...pod.spec, containers } };
}

/** One run of a story: what it is compared by, and whether upstream has it so. */
export interface Comparison {
  readonly step: string;
  readonly same: boolean;
  /** A generation of files that nobody needs is left. */
  readonly stale: boolean;
}

const LINK_LEFT = {
  why: 'Windows makes ..data anew and removes ..data_tmp last; nobody comes back to it once ..data leads to what is wanted',
  steps: /^unlink$/,
};

/** What upstream does not mend after a crash, either: by manifest and kind, the steps that it may follow. */
export const exceptions: Readonly<
  Record<string, { readonly why: string; readonly steps: RegExp }>
> = {
  '06-git-repo start': {
    why: 'git does not clone into a directory that is not empty, and nothing says that it was cloned',
    steps: /./,
  },
  '07-sub-path delete': {
    why: 'a hostPath leaves no directory to be found, so nobody takes away the binds of its subPaths',
    steps: /./,
  },
  '09-projected update': {
    why: '..data_tmp cannot be made again; the plugin gives the volume up, and the container keeps the old one',
    steps: /^rename$/,
  },
  // The volume of the token.
  '12-windows-host-path start': LINK_LEFT,
  '13-windows-empty-dir start': LINK_LEFT,
};

/** Plays a story with the kubelet killed at every nth of its steps, and compares how each run ends with the run without. */
export function compareRuns(story: Story, every = 1): Comparison[] {
  const undisturbed = story.start();
  story.play(undisturbed);
  const { stale: _stale, ...wanted } = projectionOf(undisturbed);
  return stepsOf(story).flatMap(({ operation }, n) => {
    if (n % every !== 0) return [];
    const { stale, ...found } = projectionOf(playWithBlow(story, n));
    const same = JSON.stringify(found) === JSON.stringify(wanted);
    return [{ step: operation, same, stale: Object.values(stale).some((left) => left.length > 0) }];
  });
}
