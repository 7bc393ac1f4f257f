import type { Definition } from './invariant.ts';
import { filesBelow, isUnmount, lives, namesIn, PODS, podByUid, volumePlaces } from './looks.ts';

const K59: Definition = {
  id: 'K59',
  sentence: 'The directory of a Pod stays while a volume of it is mounted, or may be.',
  begin: () => ({
    now: function* ({ cluster, picture }) {
      for (const [name, { fs }] of lives(cluster, picture)) {
        const uids = new Set([...picture.node(name).actual.values()].map(({ uid }) => uid));
        for (const uid of uids) {
          const inside = picture
            .node(name)
            .volumesOf(uid)
            .some(({ volume }) => !/host-path|local-volume/.test(volume));
          if (inside && !fs.existsSync(`${PODS}/${uid}`))
            yield `the directory of Pod ${uid} is gone`;
        }
      }
    },
  }),
};

const K60: Definition = {
  id: 'K60',
  sentence: 'Sweeping deletes no file of a volume: only tearing it down does.',
  begin: () => {
    let orphans = new Map<string, string>();
    return {
      on: {
        volume: ({ operation, uid = '' }) => {
          if (operation !== 'TearDown') return;
          for (const [path, owner] of orphans) if (owner === uid) orphans.delete(path);
        },
        operation: ({ operation, uid }) => {
          if (!isUnmount(operation)) return;
          for (const [path, owner] of orphans) if (owner === uid) orphans.delete(path);
        },
        lifecycle: ({ what }) => (what === 'rebooted' ? orphans.clear() : undefined),
      },
      now: function* ({ cluster, picture }) {
        for (const [path, uid] of orphans) {
          const there = [...picture.nodes.keys()].some((name) =>
            cluster.node(name).fs.existsSync(path),
          );
          if (!there) yield `${path} of Pod ${uid} was swept away`;
        }
        orphans = new Map();
        for (const [, { fs }] of lives(cluster, picture)) {
          for (const { uid, path } of volumePlaces(fs)) {
            if (podByUid(cluster, uid)) continue;
            for (const file of filesBelow(fs, path).keys()) orphans.set(file, uid);
          }
        }
      },
    };
  },
};

const K61: Definition = {
  id: 'K61',
  sentence: 'Below volume-subpaths there is volume, container, index, and nothing else.',
  begin: () => ({
    now: function* ({ cluster, picture }) {
      for (const [, { fs }] of lives(cluster, picture)) {
        for (const uid of namesIn(fs, PODS)) {
          const base = `${PODS}/${uid}/volume-subpaths`;
          for (const volume of namesIn(fs, base))
            for (const container of namesIn(fs, `${base}/${volume}`))
              for (const index of namesIn(fs, `${base}/${volume}/${container}`))
                if (!/^\d+$/.test(index)) yield `${base}/${volume}/${container}/${index}`;
        }
      }
    },
  }),
};

const K62: Definition = {
  id: 'K62',
  sentence: 'A subPath is inside its volume when it is bound.',
  begin: (report) => ({
    on: {
      mount: ({ target, source = '', node = '' }, { live, cluster }) => {
        if (!live || !target.includes('/volume-subpaths/')) return;
        const handle = cluster.node(node);
        const mounts = handle.mounts();
        const bound = mounts.findLast(({ mountPoint }) => mountPoint === target);
        const volume = volumePathOf(source);
        if (!bound || volume === undefined) return;
        const around = mounts
          .filter(
            ({ mountPoint }) =>
              volume === mountPoint ||
              volume.startsWith(mountPoint === '/' ? '/' : `${mountPoint}/`),
          )
          .reduce((best, one) => (one.mountPoint.length >= best.mountPoint.length ? one : best));
        const below = volume.slice(around.mountPoint === '/' ? 0 : around.mountPoint.length);
        const root = `${around.root === '/' ? '' : around.root}${below}`;
        if (
          bound.source === around.source &&
          bound.root !== root &&
          !bound.root.startsWith(`${root}/`)
        )
          report(`${target} shows ${bound.root}, outside of ${root}`);
        if (
          bound.source !== around.source &&
          !mounts.some(
            ({ mountPoint, source: from }) =>
              from === bound.source && mountPoint.startsWith(volume),
          )
        )
          report(`${target} shows ${bound.source}, not ${around.source}`);
      },
    },
  }),
};

/** The volume's directory in the path of a subPath of it; undefined for a path of the host. */
function volumePathOf(path: string): string | undefined {
  return /^\/var\/lib\/kubelet\/pods\/[^/]+\/volumes\/[^/]+\/[^/]+/.exec(path)?.[0];
}

/** Two turns of housekeeping, ms. */
const SWEPT = 5000;

/** What the log says of a Pod whose directory cannot go. */
const STUCK = /orphaned pod \\?"([^"\\]+)|UnmountVolume failed for volume "[^"]*" pod "([^"]+)"/i;
const SEVERAL = /numErrs=(?!1$)\d+$|There were a total of (?!1 )\d+ errors/;

const K63: Definition = {
  id: 'K63',
  sentence: 'Of a Pod that is gone nothing stays below pods/.',
  begin: () => {
    const stuck = new Set<string>();
    let untold = Number.NEGATIVE_INFINITY;
    return {
      on: {
        log: ({ message, at }) => {
          const uid = STUCK.exec(message);
          if (uid) stuck.add(uid[1] ?? uid[2] ?? '');
          // Of several errors only the first names its Pod.
          if (SEVERAL.test(message)) untold = at.getTime();
        },
      },
      now: function* ({ cluster, picture }) {
        const now = cluster.now.getTime();
        for (const [name, { fs }] of lives(cluster, picture)) {
          const node = picture.node(name);
          if (node.readyAt === undefined) continue;
          for (const uid of namesIn(fs, PODS)) {
            const pod = picture.pods.get(uid);
            const gone = picture.deleted.get(uid);
            if (gone === undefined || pod?.state !== 'finished' || stuck.has(uid)) continue;
            if (now - untold <= SWEPT) continue;
            const since = Math.max(gone, pod.since, node.readyAt, picture.lastFault);
            if (now - since > SWEPT && node.volumesOf(uid).length === 0)
              yield `${PODS}/${uid} is left of ${pod.key}`;
          }
        }
      },
    };
  },
};

const K64: Definition = {
  id: 'K64',
  sentence: 'Names of plugins hold no ~, so that a directory tells its plugin.',
  begin: (report) => ({
    on: {
      volume: ({ plugin }) => {
        if (plugin.includes('~')) report(plugin);
      },
    },
    now: function* ({ cluster, picture }) {
      for (const [, { fs }] of lives(cluster, picture))
        for (const { plugin, path } of volumePlaces(fs))
          if (plugin.split('~').length > 2 || plugin.includes('/')) yield path;
    },
  }),
};

const K65: Definition = {
  id: 'K65',
  sentence: 'Tearing down what is not there succeeds.',
  begin: (report) => ({
    on: {
      volume: ({ operation, volume, pod, error = '' }) => {
        if (operation === 'TearDown' && /no such file or directory$/.test(error))
          report(`${volume} of ${pod}: ${error}`);
      },
    },
  }),
};

/** Section 7, "Disk". */
export const diskRules: readonly Definition[] = [K59, K60, K61, K62, K63, K64, K65];
