import type { Pod } from '../../api/index.ts';
import type { DeepReadonly } from '../../base/index.ts';
import type { Cluster } from '../../cluster/index.ts';
import type { Definition, Scene } from './invariant.ts';
import { isUnmount, lives, nodeOf, pluginOf, podByUid, uidOnNode, vanished } from './looks.ts';
import { keyOf } from './picture.ts';

const K1: Definition = {
  id: 'K1',
  sentence: 'No volume is unmounted from a Pod while containers of it may run.',
  begin: (report) => ({
    on: {
      operation: (record, { picture }) => {
        if (record.state !== 'started' || !isUnmount(record.operation) || !record.uid) return;
        const node = nodeOf(picture, record);
        if (!node.isRunning(record.uid) || vanished(picture, record.uid, node)) return;
        report(`${record.volume} is unmounted while Pod ${record.uid} has containers that run`);
      },
    },
  }),
};

const K2: Definition = {
  id: 'K2',
  sentence:
    'A container starts only when every volume that the Pod uses is mounted, and not perhaps.',
  begin: (report) => ({
    on: {
      container: (record, { picture }) => {
        if (record.state !== 'created') return;
        const node = nodeOf(picture, record);
        for (const { volume, uid } of node.wantedBy(record.uid)) {
          const state = node.actual.get(keyOf(volume, uid))?.state ?? 'not mounted';
          if (state !== 'mounted')
            report(
              `container ${record.container} of ${record.pod} is made while ${volume} is ${state}`,
            );
        }
      },
    },
  }),
};

const K3: Definition = {
  id: 'K3',
  sentence: 'A volume that no container uses is never set up.',
  begin: (report) => ({
    on: {
      volume: ({ operation, uid, volume }, { live, cluster }) => {
        if (!live || operation !== 'SetUp' || uid === undefined) return;
        const pod = podByUid(cluster, uid);
        if (pod && isUnused(pod, volume))
          report(`${volume} of ${pod.metadata.name} is set up, unused`);
      },
    },
  }),
};

function isUnused({ spec }: DeepReadonly<Pod>, volume: string): boolean {
  if (!spec.volumes?.some(({ name }) => name === volume)) return false;
  const all = [
    ...(spec.initContainers ?? []),
    ...spec.containers,
    ...(spec.ephemeralContainers ?? []),
  ];
  const used = all.flatMap(({ volumeMounts = [], volumeDevices = [] }) => [
    ...volumeMounts,
    ...volumeDevices,
  ]);
  return !used.some(({ name }) => name === volume);
}

const K4: Definition = {
  id: 'K4',
  sentence: 'A device is mounted before any Pod gets the volume, and once.',
  begin: (report) => {
    const mountable = new Set<string>();
    return {
      on: {
        world: (record, { picture }) => {
          const { volume, uid, state } = record;
          const node = nodeOf(picture, record);
          if (record.world !== 'actual') return;
          if (state === 'DeviceGloballyMounted') mountable.add(volume);
          if (uid === undefined || state !== 'mounted' || !mountable.has(volume)) return;
          if (node.devices.get(volume) !== 'DeviceGloballyMounted')
            report(`${volume} is set up for Pod ${uid} without its device`);
        },
        volume: (record, { picture }) => {
          if (record.operation !== 'MountDevice' || record.error !== undefined) return;
          const node = nodeOf(picture, record);
          for (const [volume, state] of node.devices) {
            if (volume.endsWith(`/${record.volume}`) && state === 'DeviceGloballyMounted')
              report(`the device of ${volume} is mounted, and is mounted once more`);
          }
        },
      },
    };
  },
};

const K5: Definition = {
  id: 'K5',
  sentence: 'A device is unmounted only when no Pod has, may have or wants the volume.',
  begin: (report) => ({
    on: {
      operation: (record, { picture }) => {
        if (record.state !== 'started' || record.operation !== 'unmount_device') return;
        const node = nodeOf(picture, record);
        const wanted = [...node.desired.values()].filter(({ volume }) => volume === record.volume);
        for (const { uid } of [...node.podsWith(record.volume), ...wanted])
          report(`the device of ${record.volume} is unmounted while Pod ${uid} has or wants it`);
      },
    },
  }),
};

const K6: Definition = {
  id: 'K6',
  sentence: 'A volume is forgotten only once its device is not mounted and no Pod has it.',
  begin: (report) => ({
    on: {
      world: (record, { picture }) => {
        if (record.world !== 'actual' || record.state !== 'gone') return;
        const node = nodeOf(picture, record);
        const device = node.devices.get(record.volume);
        if (device !== undefined)
          report(`${record.volume} is forgotten while its device is ${device}`);
        for (const { uid } of node.podsWith(record.volume))
          report(`${record.volume} is forgotten while Pod ${uid} has it`);
      },
    },
  }),
};

const K7: Definition = {
  id: 'K7',
  sentence:
    'One operation at a time on a volume and a Pod; one on the device keeps all others out.',
  begin: (report) => ({
    on: {
      operation: (record, { picture }) => {
        if (record.state !== 'started') return;
        for (const { operation, volume, uid } of nodeOf(picture, record).operations.values()) {
          if (volume !== record.volume) continue;
          if (uid === '' || record.uid === '' || uid === record.uid)
            report(`${record.operation} of ${volume} begins during ${operation}`);
        }
      },
    },
  }),
};

const K8: Definition = {
  id: 'K8',
  sentence:
    'Mounts of a volume that pods share never overlap; its unmounts for different pods may.',
  begin: (report) => ({
    on: {
      operation: (record, { picture }) => {
        if (record.state !== 'started' || record.operation !== 'volume_mount') return;
        for (const { operation, volume } of nodeOf(picture, record).operations.values()) {
          if (volume === record.volume && operation === 'volume_mount')
            report(`two mounts of ${volume} at once`);
        }
      },
    },
  }),
};

const K9: Definition = {
  id: 'K9',
  sentence: 'The unique name of a volume that is no shared device holds the uid of its Pod.',
  begin: (report) => ({
    on: {
      operation: ({ state, operation, volume, uid }) => {
        if (state !== 'started' || operation !== 'volume_mount' || uid === '') return;
        if (!volume.includes(uid)) report(`${volume} does not name Pod ${uid}`);
      },
    },
  }),
};

const K10: Definition = {
  id: 'K10',
  sentence: 'A volume is in the desired state of world exactly while some Pod wants it.',
  begin: () => ({
    now: function* ({ cluster, picture }) {
      for (const [name, handle] of lives(cluster, picture)) {
        const wanted = new Set(
          [...picture.node(name).desired.values()].map(({ volume }) => volume),
        );
        for (const { volume, pods } of handle.kubelet.volumeManager.desired) {
          if (pods.length === 0) yield `${volume} is wanted by nobody`;
          if (!wanted.delete(volume)) yield `${volume} was never told to be wanted`;
        }
        for (const volume of wanted) yield `${volume} has pods and no entry`;
      }
    },
  }),
};

const K11: Definition = {
  id: 'K11',
  sentence: 'Pods of the same name, one after the other, share no directory, bind or marker.',
  begin: (report) => ({
    on: {
      mount: ({ target, source = '' }) => {
        const [of, from] = [podOfPath(target), podOfPath(source)];
        if (of !== undefined && from !== undefined && of !== from)
          report(`${target} is bound from ${source}, of another Pod`);
      },
    },
    now: function* ({ cluster }) {
      for (const { metadata } of cluster.list('Pod')) yield* foreignPaths(cluster, metadata);
    },
  }),
};

function* foreignPaths(
  cluster: Cluster,
  { name, namespace }: { readonly name: string; readonly namespace?: string | undefined },
): Generator<string> {
  const pod = cluster.pod(name, namespace);
  for (const volume of pod.volumes) {
    const uid = podOfPath(volume.path ?? '');
    if (uid !== undefined && uid !== uidOnNode(pod.object))
      yield `volume ${volume.name} of ${name} is in ${volume.path}`;
  }
}

function podOfPath(path: string): string | undefined {
  return /^\/var\/lib\/kubelet\/pods\/([^/]+)\//.exec(path)?.[1];
}

const REFRESHED = ['secret', 'configmap', 'downward-api', 'projected', 'csi'];

const K12: Definition = {
  id: 'K12',
  sentence: 'Only volumes that follow API objects, or are republished, have to be mounted again.',
  begin: () => ({ now: remounts }),
};

function* remounts({ cluster, picture }: Scene): Generator<string> {
  for (const [, { kubelet }] of lives(cluster, picture)) {
    for (const { volume, pods } of kubelet.volumeManager.actual) {
      const plugin = pluginOf(volume);
      const refreshed =
        !plugin.startsWith('kubernetes.io/') || REFRESHED.includes(plugin.slice(14));
      if (!refreshed && pods.some(({ remountRequired }) => remountRequired))
        yield `${volume} has to be mounted again, though nothing in it can change`;
    }
  }
}

/** Section 7, "State". */
export const stateRules: readonly Definition[] = [
  K1,
  K2,
  K3,
  K4,
  K5,
  K6,
  K7,
  K8,
  K9,
  K10,
  K11,
  K12,
];
