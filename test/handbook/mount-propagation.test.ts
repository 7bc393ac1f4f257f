import { describe, expect, test } from 'vitest';
import { type Cluster, type ClusterOptions, createCluster } from '../../src/index.ts';
import { podWith } from '../objects.ts';

const MODES = ['None', 'HostToContainer', 'Bidirectional'] as const;

interface Wanted {
  readonly mode?: string | undefined;
  readonly privileged?: boolean;
}

/** A Pod with the directory /data of the host at /v. */
function pod(name: string, { mode, privileged = false }: Wanted = {}): object {
  const mount = mode === undefined ? {} : { mountPropagation: mode };
  const container = { securityContext: { privileged } };
  return podWith([{ name: 'v', hostPath: { path: '/data' } }], { name, container, mount });
}

function started(pods: readonly object[], options: ClusterOptions = {}): Cluster {
  const cluster = createCluster(options);
  cluster.apply([...pods]);
  cluster.settle();
  return cluster;
}

/** Mounts a tmpfs below /data on the host, with a file in it. */
function mountOnHost(cluster: Cluster, name = 'disk'): void {
  const node = cluster.node();
  node.fs.mkdirSync(`/data/${name}`);
  node.mount({ type: 'tmpfs', source: name, target: `/data/${name}` });
  node.fs.writeFileSync(`/data/${name}/file`, name);
}

/** The same from inside a privileged container. */
function mountInside(cluster: Cluster, name: string): void {
  const container = cluster.pod(name).container();
  container.fs.mkdirSync(`/v/${name}`);
  container.mount({ type: 'tmpfs', source: name, target: `/v/${name}` });
  container.fs.writeFileSync(`/v/${name}/file`, name);
}

const sees = (cluster: Cluster, name: string, what = 'disk'): boolean =>
  cluster.pod(name).container().fs.existsSync(`/v/${what}/file`);

/** What a volumeMount that does not say it gets: whether it sees what the host mounts. */
function unset(options: ClusterOptions): string {
  const cluster = started([pod('p')], options);
  mountOnHost(cluster);
  return sees(cluster, 'p') ? 'HostToContainer' : 'None';
}

describe('mount propagation', () => {
  test('H40 by default mounts are private; from 1.8 on it can be set, by a gate that 1.10 turns on', () => {
    expect(unset({})).toBe('None');
    expect(unset({ kubernetesVersion: '1.7' })).toBe('None');
    const field = (kubernetesVersion: string, on?: boolean): string | undefined => {
      const featureGates = on === undefined ? {} : { MountPropagation: on };
      const wanted = pod('p', { mode: 'HostToContainer' });
      const cluster = started([wanted], { kubernetesVersion, featureGates });
      return cluster.pod('p').object.spec.containers[0]?.volumeMounts?.[0]?.mountPropagation;
    };
    expect(() => field('1.7')).toThrow('unknown field "spec.containers[0].volumeMounts[0].mountPr');
    expect([field('1.8'), field('1.8', true)]).toEqual([undefined, 'HostToContainer']);
    expect([field('1.9'), field('1.9', true)]).toEqual([undefined, 'HostToContainer']);
    expect([field('1.10'), field('1.10', false)]).toEqual(['HostToContainer', undefined]);
  });

  test('H41 None: neither; HostToContainer: the container sees the host; Bidirectional: both see each other', () => {
    const cluster = started(MODES.map((mode) => pod(nameOf(mode), { mode, privileged: true })));
    mountOnHost(cluster);
    expect(MODES.map((mode) => sees(cluster, nameOf(mode)))).toEqual([false, true, true]);
    for (const mode of MODES) mountInside(cluster, nameOf(mode));
    const host = cluster.node().fs;
    const seen = MODES.map((mode) => host.existsSync(`/data/${nameOf(mode)}/file`));
    expect(seen).toEqual([false, false, true]);
  });

  test('H42 Bidirectional only in privileged containers', () => {
    expect(() => started([pod('p', { mode: 'Bidirectional' })])).toThrow(
      'spec.containers[0].volumeMounts.mountPropagation: Forbidden: ' +
        'Bidirectional mount propagation is available only to privileged containers',
    );
    started([pod('p', { mode: 'Bidirectional', privileged: true })]);
  });

  test.each([
    ['1.8', {}, 'None'],
    ['1.8', { MountPropagation: true }, 'HostToContainer'],
    ['1.9', {}, 'None'],
    ['1.9', { MountPropagation: true }, 'None'],
    ['1.10', {}, 'None'],
    ['1.11', {}, 'HostToContainer'],
    ['1.12', {}, 'None'],
  ])('H43 when it is not set, %s with %j: %s', (kubernetesVersion, featureGates, expected) => {
    expect(unset({ kubernetesVersion, featureGates })).toBe(expected);
  });

  test('H43 a node can have another default', () => {
    const node = { name: 'n', defaultMountPropagation: 'HostToContainer' } as const;
    expect(unset({ kubernetesVersion: '1.10', nodes: [node] })).toBe('HostToContainer');
    const wrong = { name: 'n', defaultMountPropagation: 'Both' };
    expect(() => createCluster({ nodes: [wrong as never] })).toThrow(
      'node n: defaultMountPropagation: "Both" is none of None',
    );
  });

  test.each([
    ['shared', [undefined, undefined, undefined]],
    ['slave', [undefined, undefined, 'it is not a shared mount']],
    ['private', [undefined, 'it is not a shared or slave mount', 'it is not a shared mount']],
  ] as const)('H44 an engine with MountFlags=%s', (mountFlags, expected) => {
    const nodes = [{ name: 'n', containerRuntime: { mountFlags } }];
    const pods = MODES.map((mode) => pod(nameOf(mode), { mode, privileged: true }));
    const cluster = started(pods, { nodes });
    const messages = MODES.map((mode) => {
      const { state } = cluster.pod(nameOf(mode)).object.status?.containerStatuses?.[0] ?? {};
      return state?.waiting?.message?.replace(/.* but /, '');
    });
    expect(messages).toEqual(expected);
    const failed = new Set(
      cluster.events({ reason: 'Failed' }).map(({ involvedObject }) => involvedObject.name),
    );
    const names = MODES.filter((_, i) => expected[i] !== undefined).map(nameOf);
    expect([...failed].sort()).toEqual(names.sort());
  });

  test('H45 passes between containers of a Pod, and between Pods', () => {
    const of = (mode: string, privileged: boolean) => (pod('x', { mode, privileged }) as Pod).spec;
    const sender = of('Bidirectional', true).containers.map((c) => ({ ...c, name: 'sender' }));
    const receiver = of('HostToContainer', false).containers.map((c) => ({
      ...c,
      name: 'receiver',
    }));
    const both = pod('both') as Pod;
    const pair = { ...both, spec: { ...both.spec, containers: [...sender, ...receiver] } };
    const cluster = started([pair, pod('other', { mode: 'HostToContainer' }), pod('none')]);
    const from = cluster.pod('both').container('sender');
    from.fs.mkdirSync('/v/disk');
    from.mount({ type: 'tmpfs', source: 'x', target: '/v/disk' });
    from.fs.writeFileSync('/v/disk/file', 'here');
    const inside = cluster.pod('both').container('receiver').fs;
    expect(inside.readFileSync('/v/disk/file', 'utf8')).toBe('here');
    expect([sees(cluster, 'other'), sees(cluster, 'none')]).toEqual([true, false]);
    from.unmount('/v/disk');
    expect(inside.readdirSync('/v/disk')).toEqual([]);
    expect(sees(cluster, 'other')).toBe(false);
  });
});

type Pod = { spec: { containers: object[] } };

const nameOf = (mode: string): string => mode.toLowerCase();
