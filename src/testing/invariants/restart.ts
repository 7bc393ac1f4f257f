import type { ContainerHandle, PodHandle } from '../../cluster/index.ts';
import type { Definition, Scene } from './invariant.ts';
import { filesBelow, nodeOf, podByUid, podsOf } from './looks.ts';

const K33: Definition = {
  id: 'K33',
  sentence:
    'When a container restarts, nothing is torn down and files of emptyDirs stay as they are.',
  begin: (report) => {
    const kept = new Map<string, ReadonlyMap<string, string>>();
    return {
      on: {
        container: (record, { live, cluster, picture }) => {
          const { uid, container, state, restartCount = 0 } = record;
          const pod = live ? podByUid(cluster, uid) : undefined;
          const alone = !nodeOf(picture, record).isRunning(uid);
          const key = `${uid} ${container}`;
          if (!pod || !(state === 'exited' || state === 'created')) return;
          const handle = cluster.pod(pod.metadata.name, pod.metadata.namespace);
          if (state === 'exited') return void kept.set(key, emptyDirFiles(handle));
          const before = kept.get(key);
          kept.clear();
          if (!before || restartCount === 0 || !alone) return;
          for (const path of changedFiles(before, emptyDirFiles(handle)))
            report(`${path} is not as it was when ${container} of ${record.pod} ended`);
        },
        lifecycle: () => kept.clear(),
        volume: ({ operation, uid }) => {
          if (operation !== 'TearDown') return;
          for (const key of kept.keys()) if (key.startsWith(`${uid} `)) kept.delete(key);
        },
      },
    };
  },
};

function emptyDirFiles(pod: PodHandle): Map<string, string> {
  const files = new Map<string, string>();
  const { fs } = pod.node ?? {};
  for (const { type, path } of pod.volumes)
    if (fs && type === 'emptyDir' && path !== undefined) filesBelow(fs, path, files);
  return files;
}

function changedFiles(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  return [...before].flatMap(([path, tag]) => (after.get(path) === tag ? [] : [path]));
}

/** Containers that run, of pods that a kubelet looks after, each with the name of its instance: `main#1`. */
function* running({ cluster, picture }: Scene): Generator<[PodHandle, ContainerHandle, string]> {
  for (const [pod, node] of podsOf(cluster, picture)) {
    for (const instance of node.running.get(pod.uid) ?? []) {
      const container = pod.container(instance.split('#')[0]);
      if (container.state === 'running') yield [pod, container, instance];
    }
  }
}

const K34: Definition = {
  id: 'K34',
  sentence: 'The subPath of a container that runs stays the same inode.',
  begin: () => {
    const inodes = new Map<string, string>();
    return {
      on: { lifecycle: ({ what }) => (what === 'rebooted' ? inodes.clear() : undefined) },
      now: function* (scene) {
        for (const [pod, container, instance] of running(scene)) {
          for (const path of subPathTargets(pod, container.name)) {
            const inode = String(container.fsAs({ uid: 0 }).statSync(path).ino);
            const key = `${pod.uid} ${instance} ${path}`;
            const known = inodes.get(key);
            if (known !== undefined && known !== inode)
              yield `${path} of ${pod.name} is another inode`;
            inodes.set(key, inode);
          }
        }
      },
    };
  },
};

function subPathTargets({ object }: PodHandle, name: string): string[] {
  const container = object.spec.containers.find((one) => one.name === name);
  return (container?.volumeMounts ?? []).flatMap(({ subPath, mountPath }) =>
    subPath ? [mountPath] : [],
  );
}

const K35: Definition = {
  id: 'K35',
  sentence: 'Each run of a container has a termination log of its own.',
  begin: () => {
    const owners = new Map<string, string>();
    return {
      now: function* (scene) {
        for (const [pod, container, instance] of running(scene)) {
          const spec = pod.object.spec.containers.find(({ name }) => name === container.name);
          const path = spec?.terminationMessagePath ?? '/dev/termination-log';
          const mount = container.mounts().find(({ mountPoint }) => mountPoint === path);
          if (!mount?.root.includes(pod.uid)) continue;
          const known = owners.get(mount.root) ?? instance;
          if (known !== instance)
            yield `${instance} of ${pod.name} writes to the termination log of ${known}`;
          owners.set(mount.root, instance);
        }
      },
    };
  },
};

/** Section 7, "Container restart". */
export const restartRules: readonly Definition[] = [K33, K34, K35];
