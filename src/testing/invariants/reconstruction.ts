import type { Definition } from './invariant.ts';
import {
  filesBelow,
  forgetNode,
  isUnmount,
  lives,
  namesIn,
  nodeOf,
  vanished,
  volumePlaces,
} from './looks.ts';
import { keyOf } from './picture.ts';

const K36: Definition = {
  id: 'K36',
  sentence: 'After a restart what is on the disk is uncertain, until it was set up.',
  begin: (report) => {
    const setUp = new Map<string, number>();
    return {
      on: {
        lifecycle: (record, { live, cluster }) => {
          if (record.who !== 'kubelet' || record.what !== 'started') return;
          forgetNode(setUp, record.node ?? '');
          if (!live || record.node === undefined) return;
          const { fs, kubelet } = cluster.node(record.node);
          const { actual } = kubelet.volumeManager;
          for (const { uid, plugin, name } of volumePlaces(fs)) {
            const found = actual.some(({ pods }) => pods.some((pod) => pod.uid === uid));
            if (!found && plugin.startsWith('kubernetes.io~'))
              report(`nobody knows of ${name} of Pod ${uid}`);
          }
        },
        volume: ({ operation, uid = '', error, node = '' }) => {
          const key = `${node} ${uid}`;
          if ((operation === 'SetUp' || operation === 'MapPodDevice') && error === undefined)
            setUp.set(key, (setUp.get(key) ?? 0) + 1);
        },
        world: (record, { picture }) => {
          const { uid, volume, state, world } = record;
          if (world !== 'actual' || uid === undefined || state !== 'mounted') return;
          const others = nodeOf(picture, record).volumesOf(uid);
          const mounted = others.filter((one) => one.state === 'mounted' && one.volume !== volume);
          if (
            (setUp.get(`${record.node} ${uid}`) ?? 0) <= mounted.length &&
            !others.some((one) => one.volume === volume && one.state === 'mounted')
          )
            report(`${volume} counts as mounted for Pod ${uid}, and was not set up`);
        },
      },
    };
  },
};

const K37: Definition = {
  id: 'K37',
  sentence: 'A volume that a Pod wants is never torn down.',
  begin: (report) => ({
    on: {
      operation: (record, { picture }) => {
        if (record.state !== 'started' || !isUnmount(record.operation)) return;
        if (nodeOf(picture, record).desired.has(keyOf(record.volume, record.uid)))
          report(`${record.volume} is unmounted while Pod ${record.uid} wants it`);
      },
    },
  }),
};

/** Two passes of the reconciler, ms. */
const SOON = 200;

const K38: Definition = {
  id: 'K38',
  sentence: 'What is mounted and not wanted is unmounted in the end, its device too.',
  begin: () => {
    const tried = new Set<string>();
    const unwanted = new Map<string, number>();
    return {
      on: {
        operation: ({ volume, uid, node = '' }) => void tried.add(`${node} ${keyOf(volume, uid)}`),
        lifecycle: ({ who, node = '' }) => {
          if (who === 'kubelet') for (const set of [tried, unwanted]) forgetNode(set, node);
        },
        world: ({ world, state, volume, uid = '', node = '', at }) => {
          if (world !== 'desired') return;
          const key = `${node} ${keyOf(volume, uid)}`;
          if (state === 'unwanted') {
            unwanted.set(key, at.getTime());
            tried.delete(key);
          } else unwanted.delete(key);
        },
      },
      now: function* ({ cluster, picture }) {
        const now = cluster.now.getTime();
        for (const [name, node] of picture.nodes) {
          const { readyAt } = node;
          if (!node.up || readyAt === undefined) continue;
          for (const [key, { volume, uid, since }] of node.actual) {
            const from = Math.max(readyAt, since, unwanted.get(`${name} ${key}`) ?? 0);
            // An operation on a shared device keeps all its pods waiting.
            const shared = node.operations.has(keyOf(volume, ''));
            const busy = shared || node.operations.has(key) || tried.has(`${name} ${key}`);
            if (busy || node.desired.has(key)) continue;
            if (now - from > SOON) yield `nobody unmounts ${volume} of Pod ${uid}`;
          }
        }
      },
    };
  },
};

const K39: Definition = {
  id: 'K39',
  sentence: 'Containers outlive volumes only of pods that vanished while the kubelet was down.',
  begin: (report) => ({
    on: {
      volume: (record, { picture }) => {
        const { uid = '', operation, error } = record;
        if (operation !== 'TearDown' || error !== undefined) return;
        const node = nodeOf(picture, record);
        if (node.isRunning(uid) && !vanished(picture, uid, node))
          report(`${record.volume} of ${record.pod ?? uid} went before its containers`);
      },
    },
  }),
};

const K40: Definition = {
  id: 'K40',
  sentence:
    'What could not be understood after a restart is cleaned once, and only if nobody wants it.',
  begin: (report) => {
    const cleaned = new Set<string>();
    return {
      on: {
        lifecycle: ({ node = '' }) => forgetNode(cleaned, node),
        volume: (record, { picture }) => {
          const { operation, volume, uid = '' } = record;
          if (operation !== 'TearDown') return;
          const node = nodeOf(picture, record);
          if (
            [...node.operations.values()].some((one) => one.uid === uid && isUnmount(one.operation))
          )
            return;
          const key = `${record.node} ${uid} ${volume}`;
          if (cleaned.has(key)) report(`${volume} of Pod ${uid} is cleaned once more`);
          if (node.wantedBy(uid).some((one) => one.volume.endsWith(`-${volume}`)))
            report(`${volume} of Pod ${uid} is cleaned, and wanted`);
          cleaned.add(key);
        },
      },
    };
  },
};

const K41: Definition = {
  id: 'K41',
  sentence: 'A reboot keeps emptyDirs on disk as they were, and empties those in memory.',
  begin: (report) => {
    const before = new Map<string, Map<string, string>>();
    /** `node path` */
    const memory = new Set<string>();
    const forget = (): void => before.clear();
    return {
      on: {
        volume: forget,
        operation: forget,
        object: forget,
        mount: ({ target, fstype, node = '' }) => {
          if (fstype === 'tmpfs' && target.includes('kubernetes.io~empty-dir'))
            memory.add(`${node} ${target}`);
        },
        lifecycle: ({ what, node }, { live, cluster }) => {
          if (what !== 'rebooted' || node === undefined) return;
          const { fs } = cluster.node(node);
          for (const key of live ? memory : []) {
            const [where, target = ''] = key.split(' ');
            if (where === node && namesIn(fs, target).length > 0)
              report(`${target} is not empty after the reboot`);
          }
          const after = live ? filesBelow(fs, '/var/lib/kubelet/pods') : new Map<string, string>();
          for (const path of before.get(node)?.keys() ?? [])
            if (live && !after.has(path)) report(`${path} is gone after the reboot`);
          forgetNode(memory, node);
          before.delete(node);
        },
      },
      now: function* ({ cluster, picture }) {
        for (const [name, handle] of lives(cluster, picture)) {
          const files = new Map<string, string>();
          for (const { plugin, path } of volumePlaces(handle.fs))
            if (plugin === 'kubernetes.io~empty-dir' && !memory.has(`${name} ${path}`))
              filesBelow(handle.fs, path, files);
          before.set(name, files);
        }
        yield* [];
      },
    };
  },
};

/** Section 7, "Reconstruction". */
export const reconstructionRules: readonly Definition[] = [K36, K37, K38, K39, K40, K41];
