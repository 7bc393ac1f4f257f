import { describe, expect, test } from 'vitest';
import { type Cluster, createCluster, type NodeFs } from '../../src/index.ts';
import { byId, type Said, say, stage, UID, VOLUME } from './stage.ts';

const START = [say.kubelet('started'), say.ready()];
const PODS = '/var/lib/kubelet/pods';

function podOf(volumes: object[], more: object = {}, container: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', labels: { app: 'a' } },
    spec: {
      automountServiceAccountToken: false,
      containers: [
        {
          name: 'c',
          image: 'busybox',
          volumeMounts: volumes.map((_, i) => ({ name: `v${i}`, mountPath: `/v${i}` })),
          ...container,
        },
      ],
      volumes: volumes.map((source, i) => ({ name: `v${i}`, ...source })),
      ...more,
    },
  };
}

/** A Pod that runs, looked at once by an invariant that finds nothing. */
function watched(id: string, pod: object, before: object[] = []) {
  const cluster = createCluster();
  cluster.settle();
  cluster.apply([...before, pod]);
  cluster.settle();
  const watch = byId(id).watch(cluster);
  const found = (): string[] => watch.check().map((violation) => violation.id);
  expect(found()).toEqual([]);
  const { fs } = cluster.node();
  const path = cluster.pod('p').volumes[0]?.path ?? '';
  return { cluster, found, fs, path };
}

const config = (data: object, more: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'config' },
  data,
  ...more,
});
const CONFIG = [{ configMap: { name: 'config' } }];

function generation(fs: NodeFs, path: string): string {
  return String(fs.readlinkSync(`${path}/..data`));
}

describe('a cluster that somebody disturbs breaks', () => {
  test('K25: the directory of a Pod that is over is removed', () => {
    const pod = podOf([{ emptyDir: {} }], { restartPolicy: 'Never' }, { command: ['true'] });
    const { fs, found } = watched('K25', pod);
    fs.rmSync(PODS, { recursive: true });
    expect(found()).toEqual(['K25']);
  });

  test('K33: a file changes between two runs of a container', () => {
    const { cluster, found, fs, path } = watched('K33', podOf([{ emptyDir: {} }]));
    cluster.pod('p').container().fs.writeFileSync('/v0/x', 'one');
    cluster.on('container', ({ state }) => {
      if (state === 'exited') fs.writeFileSync(`${path}/x`, 'other');
    });
    cluster.pod('p').container().crash();
    cluster.settle();
    expect(found()).toEqual(['K33']);
  });

  test('K34: something else is where the subPath was', () => {
    const mount = { name: 'v0', mountPath: '/sub', subPath: 'a' };
    const container = { volumeMounts: [mount], securityContext: { privileged: true } };
    const { cluster, found } = watched('K34', podOf([{ emptyDir: {} }], {}, container));
    cluster.pod('p').container().mount({ type: 'tmpfs', target: '/sub' });
    expect(found()).toEqual(['K34']);
  });

  test('K41: a file of an emptyDir is lost in a reboot', () => {
    const { cluster, found, fs, path } = watched('K41', podOf([{ emptyDir: {} }]));
    cluster.pod('p').container().fs.writeFileSync('/v0/x', 'one');
    expect(found()).toEqual([]);
    fs.rmSync(`${path}/x`);
    cluster.node().reboot();
    expect(found()).toEqual(['K41']);
  });

  test('K42: `..data` is gone', () => {
    const { found, fs, path } = watched('K42', podOf(CONFIG), [config({ a: '1' })]);
    fs.unlinkSync(`${path}/..data`);
    expect(found()).toEqual(['K42']);
  });

  test('K43: the same content has a new directory', () => {
    const { found, fs, path } = watched('K43', podOf(CONFIG), [config({ a: '1' })]);
    fs.mkdirSync(`${path}/..new`);
    fs.writeFileSync(`${path}/..new/a`, '1');
    fs.unlinkSync(`${path}/..data`);
    fs.symlinkSync('..new', `${path}/..data`);
    expect(found()).toEqual(['K43']);
  });

  test('K44: a second generation is left', () => {
    const { found, fs, path } = watched('K44', podOf(CONFIG), [config({ a: '1' })]);
    fs.mkdirSync(`${path}/..2024_01_01`);
    expect(found()).toEqual(['K44']);
  });

  test('K45: a link leads past `..data`', () => {
    const { found, fs, path } = watched('K45', podOf(CONFIG), [config({ a: '1' })]);
    fs.unlinkSync(`${path}/a`);
    fs.symlinkSync(`${generation(fs, path)}/a`, `${path}/a`);
    expect(found()).toEqual(['K45']);
  });

  test('K47: a file of an immutable ConfigMap changes', () => {
    const { cluster, found, fs, path } = watched('K47', podOf(CONFIG), [
      config({ a: '1' }, { immutable: true }),
    ]);
    cluster.advance('2s');
    cluster.patch('Pod', 'p', { metadata: { labels: { b: 'c' } } });
    cluster.settle();
    expect(found()).toEqual([]);
    fs.writeFileSync(`${path}/a`, 'other');
    expect(found()).toEqual(['K47']);
  });

  test('K59: the directory of a Pod that runs is removed', () => {
    const { found, fs } = watched('K59', podOf([{ emptyDir: {} }]));
    fs.rmSync(PODS, { recursive: true });
    expect(found()).toEqual(['K59']);
  });

  test('K60: a file that was left is swept away', () => {
    const { found, fs } = watched('K60', podOf([{ emptyDir: {} }]));
    const left = `${PODS}/gone/volumes/kubernetes.io~empty-dir/v`;
    fs.mkdirSync(left, { recursive: true });
    fs.writeFileSync(`${left}/x`, '');
    expect(found()).toEqual([]);
    fs.rmSync(`${left}/x`);
    expect(found()).toEqual(['K60']);
  });

  test('K61: something without a number is below volume-subpaths', () => {
    const { found, fs } = watched('K61', podOf([{ emptyDir: {} }]));
    fs.mkdirSync(`${PODS}/u/volume-subpaths/v/c/x`, { recursive: true });
    expect(found()).toEqual(['K61']);
  });

  test('K69: more is in memory than may be', () => {
    const source = { emptyDir: { medium: 'Memory', sizeLimit: '16Ki' } };
    const { cluster, found, fs, path } = watched('K69', podOf([source]));
    cluster.node().unmount(path);
    fs.writeFileSync(`${path}/x`, 'x'.repeat(50_000));
    expect(found()).toEqual(['K69']);
  });
});

/** A cluster with a Pod that runs, whose trace is what the test says; later by some seconds. */
function scene(pod: object, options: { seconds?: number; before?: object[]; said?: Said[] } = {}) {
  const { seconds = 0, before = [], said = [] } = options;
  const real = createCluster();
  real.settle();
  real.apply([...before, pod]);
  real.settle();
  const uid = real.pod('p').uid;
  const now = new Date(real.startTime.getTime() + seconds * 1000);
  const staged = stage([...START, ...said], { now }, real);
  return { ...staged, real, uid };
}

function told(
  id: string,
  staged: { cluster: Cluster; tell(...more: Said[]): void },
  ...said: Said[]
): string[] {
  const watch = byId(id).watch(staged.cluster);
  watch.check();
  staged.tell(...said);
  return watch.check().map((violation) => violation.id);
}

const node = (status: object, more: object = {}): object => ({
  get: () => ({ metadata: { name: 'node-1' }, spec: {}, status, ...more }),
});

const later = (seconds: number): { now: Date } => ({
  now: new Date(Date.UTC(2024, 0, 1) + seconds * 1000),
});

const EMPTY = podOf([{ emptyDir: { sizeLimit: '16Ki' } }]);
const LIMIT = 'Usage of EmptyDir volume "v0" exceeds the limit "16Ki". ';
const LOW = 'The node was low on resource: ephemeral-storage. ';

describe('a record that does not fit the cluster breaks', () => {
  test.each<[string, () => string[]]>([
    [
      'K3',
      () => {
        const pod = podOf(
          [{ emptyDir: {} }, { emptyDir: {} }],
          {},
          { volumeMounts: [{ name: 'v0', mountPath: '/v0' }] },
        );
        const staged = scene(pod);
        const { uid } = staged;
        expect(told('K3', staged, say.volume('SetUp', { uid, volume: 'v0' }))).toEqual([]);
        return told('K3', staged, say.volume('SetUp', { uid, volume: 'v1' }));
      },
    ],
    [
      'K10',
      () => {
        const managed = {
          kubelet: { volumeManager: { desired: [{ volume: VOLUME, pods: [] }], actual: [] } },
        };
        return told('K10', stage([...START, say.desired('wanted')], { node: () => managed }));
      },
    ],
    [
      'K12',
      () => {
        const pods = [{ uid: UID, state: 'mounted', remountRequired: true }];
        const managed = {
          kubelet: { volumeManager: { desired: [], actual: [{ volume: VOLUME, pods }] } },
        };
        return told('K12', stage(START, { node: () => managed }));
      },
    ],
    [
      'K13',
      () =>
        told(
          'K13',
          stage(START, node({ volumesInUse: [VOLUME], volumesAttached: [] })),
          say.operation('verify_controller_attached_volume', 'started'),
        ),
    ],
    [
      'K14',
      () =>
        told(
          'K14',
          stage(START, node({ volumesInUse: [] })),
          say.operation('verify_controller_attached_volume', 'done'),
          { type: 'object', kind: 'Node', name: 'node-1', verb: 'MODIFIED' },
        ),
    ],
    [
      'K15',
      () =>
        told(
          'K15',
          stage(START, {
            list: () => [{ metadata: { name: 'n' }, status: { volumesInUse: ['b/b', 'a/a'] } }],
          }),
        ),
    ],
    [
      'K16',
      () => {
        const status = { volumesInUse: ['x/v'], conditions: [{ type: 'Ready', status: 'True' }] };
        expect(
          told('K16', stage(START, node({ ...status, volumesInUse: [] })), say.volume('Detach')),
        ).toEqual([]);
        return told('K16', stage(START, node(status)), say.volume('Detach'));
      },
    ],
    [
      'K17',
      () =>
        told(
          'K17',
          stage(START, { get: () => ({ spec: { accessModes: ['ReadWriteOnce'] } }) }),
          say.volume('Attach'),
          say.volume('Attach', { node: 'node-2' }),
        ),
    ],
    ['K27', () => told('K27', stage([say.kubelet('started'), say.desired('wanted')], later(1)))],
    [
      'K28',
      () => {
        expect(told('K28', stage([...START, say.desired('wanted')], later(0.2)))).toEqual([]);
        return told('K28', stage([...START, say.desired('wanted')], later(0.3)));
      },
    ],
    [
      'K31',
      () => {
        const said = [
          say.volume('SetUp', { volume: 'v0' }),
          {
            type: 'object',
            kind: 'ConfigMap',
            namespace: 'default',
            name: 'config',
            verb: 'MODIFIED',
            t: 1000,
          },
        ];
        const one = { seconds: 100, before: [config({ a: '1' })] };
        const { uid } = scene(podOf(CONFIG), one);
        return told(
          'K31',
          scene(podOf(CONFIG), { ...one, said: said.map((record) => ({ ...record, uid })) }),
        );
      },
    ],
    [
      'K32',
      () => {
        const { cluster, real } = scene(EMPTY);
        real.pod('p').container().fs.writeFileSync('/v0/x', 'x'.repeat(20_000));
        const watch = byId('K32').watch(
          new Proxy(cluster, {
            get: (target, name) =>
              name === 'now'
                ? new Date(Date.UTC(2024, 0, 1) + seconds * 1000)
                : Reflect.get(target, name),
          }),
        );
        let seconds = 0;
        expect(watch.check()).toEqual([]);
        seconds = 76;
        return watch.check().map((violation) => violation.id);
      },
    ],
    [
      'K35',
      () => {
        const staged = scene(podOf([{ emptyDir: {} }]));
        const { uid } = staged;
        const watch = byId('K35').watch(staged.cluster);
        staged.tell(say.container('started', { uid }));
        expect(watch.check()).toEqual([]);
        staged.tell(
          say.container('exited', { uid }),
          say.container('started', { uid, restartCount: 1 }),
        );
        return watch.check().map((violation) => violation.id);
      },
    ],
    ['K38', () => told('K38', stage([...START, say.actual('mounted')], later(1)))],
    [
      'K46',
      () => {
        const { cluster, tell, real, uid } = scene(podOf(CONFIG), { before: [config({ a: '1' })] });
        const watch = byId('K46').watch(cluster);
        tell(say.volume('SetUp', { uid, volume: 'v0' }));
        const { fs } = real.node();
        const path = real.pod('p').volume('v0').path ?? '';
        fs.unlinkSync(`${path}/..data`);
        fs.symlinkSync('..other', `${path}/..data`);
        tell(say.volume('SetUp', { uid, volume: 'v0', error: 'configmap "config" not found' }));
        return watch.check().map((violation) => violation.id);
      },
    ],
    [
      'K48',
      () => {
        const staged = scene(EMPTY);
        const { uid } = staged;
        return told(
          'K48',
          staged,
          say.container('started', { uid }),
          say.pod('terminating', { uid }),
        );
      },
    ],
    [
      'K49',
      () => {
        const staged = scene(podOf([{ configMap: { name: 'config', optional: true } }]));
        return told(
          'K49',
          staged,
          say.volume('SetUp', {
            uid: staged.uid,
            volume: 'v0',
            error: 'configmap "config" not found',
          }),
        );
      },
    ],
    [
      'K57',
      () => {
        const volume = 'example.com/disk/pv';
        const list = (): object[] => [
          { metadata: { name: 'pv' }, spec: { accessModes: ['ReadWriteOncePod'] } },
        ];
        return told(
          'K57',
          stage(
            [
              ...START,
              say.actual('mounted', { volume }),
              say.actual('uncertain', { volume, uid: 'b' }),
            ],
            { list },
          ),
        );
      },
    ],
    [
      'K62',
      () => {
        const staged = scene(podOf([{ emptyDir: {} }]));
        const target = `${PODS}/${staged.uid}/volume-subpaths/v0/c/0`;
        const { real } = staged;
        real.node().fs.mkdirSync(target, { recursive: true });
        real.node().mount({ type: 'bind', source: '/etc', target, options: ['bind'] } as never);
        return told('K62', staged, {
          type: 'mount',
          target,
          source: `${real.pod('p').volume('v0').path}/a`,
        });
      },
    ],
    [
      'K63',
      () => {
        const { cluster, real } = stage(
          [
            ...START,
            say.pod('finished'),
            { type: 'object', kind: 'Pod', name: 'p', verb: 'DELETED', uid: UID },
          ],
          later(6),
        ) as ReturnType<typeof stage> & { real?: Cluster };
        (real ?? cluster).node().fs.mkdirSync(`${PODS}/${UID}`, { recursive: true });
        return told('K63', { cluster, tell: () => {} });
      },
    ],
    ['K66', () => told('K66', scene(EMPTY), say.event('Evicted', LIMIT))],
    [
      'K68',
      () => {
        const list = (): object[] => [
          { metadata: { name: 'p' }, spec: { priority: 2_000_001_000 } },
        ];
        return told('K68', stage(START, { list }), say.event('Evicted', LIMIT));
      },
    ],
    [
      'K70',
      () => {
        const staged = scene(EMPTY);
        return told(
          'K70',
          staged,
          say.event('Evicted', LIMIT),
          say.pod('finished', { uid: staged.uid }),
        );
      },
    ],
    [
      'K71',
      () =>
        told(
          'K71',
          stage(START),
          say.event('Evicted', LOW),
          say.event('Evicted', LOW, { involved: 'Pod/q' }),
        ),
    ],
    [
      'K72',
      () => {
        const list = (): object[] => [{ metadata: { name: 'p' }, spec: {} }];
        const handle = {
          node: {},
          volumes: [{ type: 'secret' }],
          containers: [{ restartCount: 0, state: 'waiting' }],
        };
        return told(
          'K72',
          stage(START, { list, pod: () => handle }),
          say.event(
            'Evicted',
            'Pod ephemeral local storage usage exceeds the total limit of containers 1Ki. ',
          ),
        );
      },
    ],
  ])('%s', (id, run) => {
    expect(run()).toContain(id);
  });
});
