import type { Definition } from './invariant.ts';
import { forgetNode, isMount, isUnmount, nodeOf, PODS, type podByUid, podsOf } from './looks.ts';

function rankOf(operation: string): number {
  if (isUnmount(operation)) return 0;
  return operation === 'unmount_device' || operation === 'volume_detach' ? 2 : 1;
}

const K20: Definition = {
  id: 'K20',
  sentence:
    'One pass of the reconciler starts unmounts, then mounts, then what is done to devices.',
  begin: (report) => {
    const last = new Map<string, { at: number; rank: number }>();
    return {
      on: {
        lifecycle: ({ node = '' }) => void last.delete(node),
        operation: ({ operation, state, volume, at, node = '' }) => {
          if (state !== 'started') return;
          const before = last.get(node);
          const rank = rankOf(operation);
          if (before?.at === at.getTime() && rank < before.rank)
            report(`${operation} of ${volume} starts after what comes later`);
          last.set(node, { at: at.getTime(), rank });
        },
      },
    };
  },
};

const K21: Definition = {
  id: 'K21',
  sentence: 'Binds of subPaths go before the volume is torn down.',
  begin: (report) => ({
    on: {
      volume: (record, { picture }) => {
        if (record.operation !== 'TearDown' || record.error !== undefined) return;
        const below = `${PODS}/${record.uid}/volume-subpaths/${record.volume}/`;
        for (const target of nodeOf(picture, record).mounts)
          if (target.startsWith(below))
            report(`${record.volume} is torn down while ${target} is mounted`);
      },
    },
  }),
};

const K22: Definition = {
  id: 'K22',
  sentence: 'A Pod is finished only when nothing of its volumes is mounted, or may be.',
  begin: (report) => ({
    on: {
      pod: (record, { picture, cluster, live }) => {
        if (record.state !== 'finished') return;
        const node = nodeOf(picture, record);
        for (const { volume, state } of node.volumesOf(record.uid))
          report(`${record.pod} is finished while ${volume} is ${state}`);
        if (!live || record.node === undefined) return;
        for (const { mountPoint } of cluster.node(record.node).mounts())
          if (mountPoint.startsWith(`${PODS}/${record.uid}/volumes/`))
            report(`${record.pod} is finished while ${mountPoint} is a mount point`);
      },
    },
  }),
};

const K23: Definition = {
  id: 'K23',
  sentence: 'The kubelet deletes the object of a Pod only after the Pod is finished.',
  begin: (report) => ({
    on: {
      pod: (record, { picture }) => {
        if (record.state !== 'deleted') return;
        const state = picture.pods.get(record.uid)?.state;
        const node = nodeOf(picture, record);
        const here = node.isRunning(record.uid) || node.volumesOf(record.uid).length > 0;
        // One that was refused never began.
        if (state !== 'finished' && (state !== undefined || here))
          report(`${record.pod} is deleted by the kubelet before it is finished`);
      },
    },
  }),
};

const K24: Definition = {
  id: 'K24',
  sentence: 'Secrets and ConfigMaps that a Pod has can be read until it is finished.',
  begin: (report) => {
    const registered = new Set<string>();
    return {
      on: {
        lifecycle: ({ who, node = '' }) => {
          if (who === 'kubelet') forgetNode(registered, node);
        },
        wait: ({ uid, for: what, node = '' }) => {
          if (what === 'volumes to be mounted') registered.add(`${node} ${uid}`);
        },
        volume: ({ volume, pod, uid = '', error, node = '' }, { picture }) => {
          if (error === undefined || !/object "[^"]*"\/"[^"]*" not registered/.test(error)) return;
          if (registered.has(`${node} ${uid}`) && picture.pods.get(uid)?.state !== 'finished')
            report(`${volume} of ${pod}: ${error}`);
        },
      },
    };
  },
};

const K25: Definition = {
  id: 'K25',
  sentence:
    'A Pod that is over has no volume mounted, and keeps its directory as long as its object.',
  begin: () => {
    const mounted = new Set<string>();
    return {
      on: {
        world: ({ uid = '', state }) => void (state === 'mounted' && mounted.add(uid)),
      },
      now: function* ({ cluster, picture }) {
        for (const [pod, node] of podsOf(cluster, picture)) {
          const worker = picture.pods.get(pod.uid);
          if (worker?.state !== 'finished' || worker.life !== node.life) continue;
          for (const { volume } of node.volumesOf(pod.uid))
            yield `${pod.name} is over and has ${volume}`;
          if (mounted.has(pod.uid) && !pod.node?.fs.existsSync(`${PODS}/${pod.uid}`))
            yield `the directory of ${pod.name} is gone before its object`;
        }
      },
    };
  },
};

const K26: Definition = {
  id: 'K26',
  sentence: 'Nothing is unmounted before all pods are known and the disk was understood.',
  begin: (report) => ({
    on: {
      operation: (record, { picture }) => {
        if (record.state !== 'started' || rankOf(record.operation) === 1) return;
        if (nodeOf(picture, record).readyAt === undefined)
          report(`${record.operation} of ${record.volume} starts too early`);
      },
      volume: (record, { picture }) => {
        if (record.operation === 'TearDown' && nodeOf(picture, record).readyAt === undefined)
          report(`${record.volume} is torn down too early`);
      },
    },
  }),
};

/** A mount starts this long after the Pod began to want it, at most, ms. */
const SOON = 200;

const K27: Definition = {
  id: 'K27',
  sentence: 'Mounts do not wait until unmounts may begin.',
  begin: () => ({
    now: function* ({ cluster, picture }) {
      const now = cluster.now.getTime();
      for (const [name, node] of picture.nodes) {
        if (!node.up || node.readyAt !== undefined) continue;
        const begun = new Set([...node.operations.values()].map(({ volume }) => volume));
        for (const { volume, uid, since } of node.desired.values()) {
          const idle = !node.actual.has(`${volume} ${uid}`) && !begun.has(volume);
          if (
            idle &&
            now - since > SOON &&
            !failedSince(cluster, volume, since) &&
            isOwn(volume, uid)
          )
            yield `${volume} on ${name} waits, though it could be mounted`;
        }
      }
    },
  }),
};

function isOwn(volume: string, uid: string): boolean {
  return volume.includes(uid);
}

function failedSince(
  cluster: Parameters<typeof podByUid>[0],
  volume: string,
  since: number,
): boolean {
  return cluster.trace.records.some(
    (record) =>
      record.type === 'operation' &&
      record.volume === volume &&
      isMount(record.operation) &&
      record.at.getTime() >= since,
  );
}

/** Section 7, "Order". */
export const orderRules: readonly Definition[] = [K20, K21, K22, K23, K24, K25, K26, K27];
