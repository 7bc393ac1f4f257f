import type { PodHandle, VolumeHandle } from '../../cluster/index.ts';
import type { NodeFs } from '../../face/index.ts';
import type { Definition, Scene } from './invariant.ts';
import { namesIn, podByUid, podsOf, uidOnNode } from './looks.ts';
import { failsBecauseMissing, optionalSource } from './sources.ts';

const FILES = ['secret', 'configMap', 'downwardAPI', 'projected'];

interface FilesVolume {
  readonly pod: PodHandle;
  readonly volume: VolumeHandle;
  readonly path: string;
  readonly fs: NodeFs;
  /** Nothing was cut short on this node: the directory is as an update leaves it. */
  readonly quiet: boolean;
}

/** Volumes of files from the API that are mounted. */
function* filesVolumes({ cluster, picture }: Scene): Generator<FilesVolume> {
  const disturbed = Math.max(picture.lastFault, picture.lastUpheaval);
  for (const [pod, node] of podsOf(cluster, picture)) {
    const { fs } = pod.node ?? {};
    const busy = new Set([...node.operations.values()].map(({ uid }) => uid));
    for (const volume of pod.volumes) {
      const { type, state, path } = volume;
      if (!fs || path === undefined || state !== 'mounted' || !FILES.includes(type)) continue;
      const calm = disturbed <= cluster.startTime.getTime();
      yield { pod, volume, path, fs, quiet: calm && !busy.has(pod.uid) };
    }
  }
}

function linkOf(fs: NodeFs, path: string): string | undefined {
  try {
    return String(fs.readlinkSync(`${path}/..data`));
  } catch {
    return undefined;
  }
}

const K42: Definition = {
  id: 'K42',
  sentence:
    '`..data` leads to one whole generation, from one SetUp that went well to one that failed.',
  begin: () => {
    // The plugin takes away what it cannot finish, as upstream.
    const failed = new Set<string>();
    return {
      on: {
        volume: ({ operation, uid, volume, error }) => {
          if (operation !== 'SetUp') return;
          if (error === undefined) failed.delete(`${uid} ${volume}`);
          else failed.add(`${uid} ${volume}`);
        },
      },
      now: function* (scene) {
        for (const { pod, volume, path, fs } of filesVolumes(scene)) {
          const link = linkOf(fs, path);
          if (failed.has(`${pod.uid} ${volume.name}`)) continue;
          if (link === undefined || !fs.existsSync(`${path}/${link}`))
            yield `..data of ${volume.name} of ${pod.name} leads to ${link ?? 'nothing'}`;
        }
      },
    };
  },
};

/** What is in a generation, as one text. */
function contentOf(fs: NodeFs, path: string): string {
  return namesIn(fs, path)
    .map((name) => {
      const full = `${path}/${name}`;
      const stat = fs.statSync(full);
      const mode = (stat.mode & 0o7777).toString(8);
      return stat.isDirectory()
        ? `${name}/{${contentOf(fs, full)}}`
        : `${name} ${mode} ${String(fs.readFileSync(full, 'base64'))}`;
    })
    .join('\n');
}

const K43: Definition = {
  id: 'K43',
  sentence: 'The same payload keeps its directory.',
  begin: () => {
    let known = new Map<string, { link: string; content: string }>();
    return {
      on: {
        object: ({ kind }) => {
          if (kind !== 'Node' && kind !== 'Lease') known = new Map();
        },
        fault: () => known.clear(),
        lifecycle: () => known.clear(),
      },
      now: function* (scene) {
        const seen: typeof known = new Map();
        for (const { pod, volume, path, fs } of filesVolumes(scene)) {
          const link = linkOf(fs, path);
          if (link === undefined || !fs.existsSync(`${path}/${link}`)) continue;
          const content = contentOf(fs, `${path}/${link}`);
          const before = known.get(path);
          if (before?.content === content && before.link !== link)
            yield `${volume.name} of ${pod.name} has a new directory for what it had`;
          seen.set(path, { link, content });
        }
        known = seen;
      },
    };
  },
};

const K44: Definition = {
  id: 'K44',
  sentence: 'After an update there is one generation, and no link that was in the making.',
  begin: () => ({
    now: function* (scene) {
      for (const { pod, volume, path, fs, quiet } of filesVolumes(scene)) {
        if (!quiet) continue;
        const hidden = namesIn(fs, path).filter(
          (name) => name.startsWith('..') && name !== '..data',
        );
        if (hidden.length !== 1 || hidden[0] === '..data_tmp')
          yield `${volume.name} of ${pod.name} holds ${hidden.join(', ')}`;
      }
    },
  }),
};

const K45: Definition = {
  id: 'K45',
  sentence: 'What a reader sees are links into `..data`, one for each first name of the payload.',
  begin: () => ({
    now: function* (scene) {
      for (const { pod, volume, path, fs, quiet } of filesVolumes(scene)) {
        const link = linkOf(fs, path);
        if (!quiet || link === undefined) continue;
        // A subPath that was missing is a directory of the kubelet's.
        const names = namesIn(fs, path).filter(
          (name) => !name.startsWith('..') && fs.lstatSync(`${path}/${name}`).isSymbolicLink(),
        );
        const wrong = names.filter(
          (name) => String(fs.readlinkSync(`${path}/${name}`)) !== `..data/${name}`,
        );
        const payload = namesIn(fs, `${path}/${link}`).filter(
          (name) => !isDirectory(fs, `${path}/${name}`),
        );
        if (wrong.length > 0 || payload.join(' ') !== names.join(' '))
          yield `${volume.name} of ${pod.name} shows ${names.join(', ')} of ${payload.join(', ')}`;
      }
    },
  }),
};

function isDirectory(fs: NodeFs, path: string): boolean {
  return fs.existsSync(path) && fs.lstatSync(path).isDirectory();
}

const K46: Definition = {
  id: 'K46',
  sentence: 'An object that cannot be read leaves the files as they are.',
  begin: (report) => {
    const links = new Map<string, string>();
    const look = (scene: Scene): void => {
      for (const { path, fs } of filesVolumes(scene)) links.set(path, linkOf(fs, path) ?? '');
    };
    return {
      on: {
        lifecycle: () => links.clear(),
        volume: (record, scene) => {
          const { operation, uid, error } = record;
          if (!scene.live || operation !== 'SetUp') return;
          const before = new Map(links);
          links.clear();
          look(scene);
          if (error === undefined || !failsBecauseMissing(error)) return;
          for (const [path, link] of links)
            if (
              path.includes(`/${uid}/`) &&
              path.endsWith(`/${record.volume}`) &&
              (before.get(path) ?? link) !== link
            )
              report(`${path} changed, though ${error}`);
        },
      },
    };
  },
};

/** Until the kubelet has heard of a change, ms. */
const HEARD = 1000;

const K47: Definition = {
  id: 'K47',
  sentence: 'Files of an immutable object never change in the life of a Pod.',
  begin: () => {
    const fixed = new Map<string, string>();
    const written = new Map<string, number>();
    const setUp = new Map<string, number>();
    return {
      on: {
        lifecycle: () => fixed.clear(),
        object: ({ kind, name, at }) => void written.set(`${kind} ${name}`, at.getTime()),
        volume: ({ operation, uid, volume, error, at }) => {
          if (operation === 'SetUp' && error === undefined)
            setUp.set(`${uid} ${volume}`, at.getTime());
        },
      },
      now: function* (scene) {
        for (const { pod, volume, path, fs } of filesVolumes(scene)) {
          const source = pod.object.spec.volumes?.find(({ name }) => name === volume.name);
          const [kind, name] = source?.configMap
            ? (['ConfigMap', source.configMap.name ?? ''] as const)
            : (['Secret', source?.secret?.secretName ?? ''] as const);
          const immutable = scene.cluster.get(kind, name, pod.namespace)?.immutable;
          const since = (written.get(`${kind} ${name}`) ?? 0) + HEARD;
          const read = immutable && (setUp.get(`${pod.uid} ${volume.name}`) ?? 0) > since;
          if (!read && !fixed.has(path)) continue;
          const content = contentOf(fs, `${path}/..data`);
          const known = fixed.get(path) ?? content;
          if (known !== content) yield `${volume.name} of ${pod.name} changed, and is immutable`;
          fixed.set(path, known);
        }
      },
    };
  },
};

/** Reasons of events that a Pod was evicted, or not let in again after a restart of its kubelet. */
const ENDINGS =
  /^(Evicted|OutOf.*|NodeAffinity|MatchNodeSelector|TaintToleration|PodToleratesNodeTaints|NodePorts|PodFitsHostPorts)$/;

const K48: Definition = {
  id: 'K48',
  sentence:
    'A Pod that runs goes on without its Secrets and ConfigMaps: it ends when it is deleted, evicted or done, or its node goes down.',
  begin: (report) => ({
    on: {
      pod: ({ uid, state, message, node = '', pod }, { live, cluster, picture }) => {
        // With a message its kubelet says why; the Event of it may be one too many.
        if (!live || state !== 'terminating' || message !== undefined) return;
        const object = podByUid(cluster, uid);
        if (!object || object.metadata.deletionTimestamp) return;
        // What only helps does not keep a Pod going.
        const running = picture.node(node).running.get(uid) ?? new Set();
        const names = object.spec.containers.map(({ name }) => name);
        if (![...running].some((run) => names.includes(run.split('#')[0] ?? ''))) return;
        if (cluster.events({ involved: `Node/${node}`, reason: 'NodeShutdown' }).length > 0) return;
        // A static Pod ends with its manifest.
        if (uidOnNode(object) !== object.metadata.uid) return;
        const reason = object.status?.reason;
        const events = cluster.events({ involved: `Pod/${object.metadata.name}` });
        const ended = events.some((event) => ENDINGS.test(event.reason ?? ''));
        if (reason === undefined && !ended && !object.spec.activeDeadlineSeconds)
          report(`${pod} is stopped for no reason`);
      },
    },
  }),
};

const K49: Definition = {
  id: 'K49',
  sentence: 'An optional object that is missing keeps no Pod from starting.',
  begin: (report) => ({
    on: {
      volume: ({ operation, uid = '', volume, error }, { live, cluster }) => {
        if (!live || operation !== 'SetUp' || error === undefined) return;
        const source = podByUid(cluster, uid)?.spec.volumes?.find(({ name }) => name === volume);
        if (source && optionalSource(source) && / not found$/.test(error))
          report(`${volume}: ${error}`);
      },
    },
  }),
};

/** Section 7, "Refresh". */
export const refreshRules: readonly Definition[] = [K42, K43, K44, K45, K46, K47, K48, K49];
