import type { Cluster } from '../../cluster/index.ts';
import type { Definition } from './invariant.ts';
import { bytesOfLimit, emptyDirsWithLimit } from './limits.ts';
import { bytesBelow, podsOf } from './looks.ts';
import { keyOf } from './picture.ts';

const LIMIT = /^Usage of EmptyDir volume "([^"]+)" exceeds the limit/;
const LOCAL =
  /^(Usage of EmptyDir volume|Pod ephemeral local storage usage|Container \S+ exceeded its local ephemeral)/;
const PRESSURE = /^The node was low on resource/;

const K66: Definition = {
  id: 'K66',
  sentence: 'A Pod is not evicted for an emptyDir that was never beyond its limit.',
  begin: (report) => {
    const beyond = new Set<string>();
    return {
      on: {
        event: ({ reason, message, involved }, { live, cluster }) => {
          const volume = LIMIT.exec(message)?.[1];
          if (!live || reason !== 'Evicted' || volume === undefined) return;
          const pod = cluster.pod(involved.slice('Pod/'.length));
          for (const dir of emptyDirsWithLimit(pod)) {
            const over = pod.node && bytesBelow(pod.node.fs, dir.path) > bytesOfLimit(dir.limit);
            if (dir.name === volume && !over && !beyond.has(keyOf(volume, pod.uid)))
              report(`${pod.name} is evicted for ${volume}, which is within ${dir.limit}`);
          }
        },
      },
      now: function* ({ cluster, picture }) {
        for (const [pod] of podsOf(cluster, picture))
          for (const { name, limit, path } of emptyDirsWithLimit(pod))
            if (pod.node && bytesBelow(pod.node.fs, path) > bytesOfLimit(limit))
              beyond.add(keyOf(name, pod.uid));
        yield* [];
      },
    };
  },
};

const K67: Definition = {
  id: 'K67',
  sentence: 'A Pod is evicted for one reason, once.',
  begin: (report) => {
    const said = new Map<string, string>();
    return {
      on: {
        object: ({ kind, name, verb }) => {
          if (kind === 'Pod' && verb !== 'MODIFIED') said.delete(`Pod/${name}`);
        },
        lifecycle: () => said.clear(),
        event: ({ reason, involved, message }) => {
          if (reason !== 'Evicted') return;
          const known = said.get(involved);
          if (known !== undefined)
            report(`${involved} is evicted for "${message}" after "${known}"`);
          said.set(involved, message);
        },
      },
    };
  },
};

/** Of pods that are more important than any user's. */
const CRITICAL = 2_000_000_000;

const K68: Definition = {
  id: 'K68',
  sentence: 'Critical pods are not evicted for what they use.',
  begin: (report) => ({
    on: {
      event: ({ reason, involved, message }, { live, cluster }) => {
        if (!live || reason !== 'Evicted' || !LOCAL.test(message)) return;
        const pod = cluster.list('Pod').find(({ metadata }) => involved === `Pod/${metadata.name}`);
        if ((pod?.spec.priority ?? 0) >= CRITICAL) report(`${involved}: ${message}`);
      },
    },
  }),
};

/** The pages of a tmpfs are whole. */
const PAGE = 4096;

const K69: Definition = {
  id: 'K69',
  sentence: 'An emptyDir in memory never holds more than its limit.',
  begin: () => ({
    now: function* ({ cluster, picture }) {
      for (const [pod] of podsOf(cluster, picture)) {
        for (const { name, limit, path, medium } of emptyDirsWithLimit(pod)) {
          if (medium !== 'Memory' || !pod.node || bytesOfLimit(limit) === 0) continue;
          const bytes = bytesBelow(pod.node.fs, path);
          if (bytes > Math.ceil(bytesOfLimit(limit) / PAGE) * PAGE)
            yield `${name} of ${pod.name} holds ${bytes}`;
        }
      }
    },
  }),
};

const K70: Definition = {
  id: 'K70',
  sentence: 'A Pod that was evicted ends as Failed, with its object kept and no volume mounted.',
  begin: (report) => {
    const evicted = new Set<string>();
    return {
      on: {
        object: ({ kind, name, verb }) => {
          if (kind === 'Pod' && verb !== 'MODIFIED') evicted.delete(`Pod/${name}`);
        },
        lifecycle: () => evicted.clear(),
        event: ({ reason, involved, message }) => {
          if (reason === 'Evicted' && (LOCAL.test(message) || PRESSURE.test(message)))
            evicted.add(involved);
        },
        pod: ({ pod, uid, state }, { live, cluster, picture }) => {
          const [namespace, name = ''] = pod.split('/');
          if (!live || state !== 'finished' || !evicted.has(`Pod/${name}`)) return;
          const object = cluster.get('Pod', name, namespace);
          if (object?.metadata.uid !== uid || object.metadata.deletionTimestamp) return;
          // Nobody could tell the API yet.
          if (picture.lastFault > cluster.now.getTime()) return;
          const { phase, reason } = object.status ?? {};
          if (phase !== 'Failed' || reason !== 'Evicted')
            report(`${pod} was evicted and is ${phase} ${reason}`);
        },
      },
    };
  },
};

const K71: Definition = {
  id: 'K71',
  sentence:
    'A node that runs short evicts one Pod at a time, and none that is over its limits at that time.',
  begin: (report) => {
    const last = new Map<string, { at: number; pressure: boolean }>();
    return {
      on: {
        event: ({ reason, involved, message, at }, { live, cluster }) => {
          if (!live || reason !== 'Evicted') return;
          const pressure = PRESSURE.test(message);
          if (!pressure && !LOCAL.test(message)) return;
          const node = nodeOfPod(cluster, involved);
          const before = last.get(node);
          if (before?.at === at.getTime() && (pressure || before.pressure))
            report(`${involved} is evicted with another Pod of ${node}`);
          last.set(node, { at: at.getTime(), pressure });
        },
      },
    };
  },
};

function nodeOfPod(cluster: Cluster, involved: string): string {
  const pod = cluster.list('Pod').find(({ metadata }) => involved === `Pod/${metadata.name}`);
  return pod?.spec.nodeName ?? '';
}

const K72: Definition = {
  id: 'K72',
  sentence: 'What a Pod has in memory, or of Secrets, does not count as its ephemeral storage.',
  begin: (report) => ({
    on: {
      event: ({ reason, involved, message }, { live, cluster }) => {
        if (!live || reason !== 'Evicted' || LIMIT.test(message) || !LOCAL.test(message)) return;
        const object = cluster
          .list('Pod')
          .find(({ metadata }) => involved === `Pod/${metadata.name}`);
        if (!object) return;
        const { node, volumes, containers } = cluster.pod(
          object.metadata.name,
          object.metadata.namespace,
        );
        const onDisk = volumes.some(
          ({ type }) => !['secret', 'projected', 'downwardAPI', 'hostPath'].includes(type),
        );
        if (
          node &&
          !onDisk &&
          containers.every(({ restartCount, state }) => restartCount === 0 && state === 'waiting')
        )
          report(`${involved} has nothing on the disk: ${message}`);
      },
    },
  }),
};

/** Section 7, "Local storage". */
export const storageRules: readonly Definition[] = [K66, K67, K68, K69, K70, K71, K72];
