import type { Cluster, PodHandle } from '../../cluster/index.ts';
import type { Definition, Scene } from './invariant.ts';
import { bytesOfLimit, emptyDirsWithLimit } from './limits.ts';
import { bytesBelow, forgetNode, podsOf } from './looks.ts';
import { keyOf, type NodePicture } from './picture.ts';

/** Milliseconds: a pass of the populator or of the reconciler, from its start. */
const PASS = 100;

const K28: Definition = {
  id: 'K28',
  sentence: 'The desired state of world follows within 100 ms, and the reconciler 100 ms later.',
  begin: () => {
    const idleSince = new Map<string, number>();
    return {
      on: {
        operation: ({ volume, node = '', at, state }) => {
          if (state !== 'started') idleSince.set(`${node} ${volume}`, at.getTime());
          else idleSince.delete(`${node} ${volume}`);
        },
        lifecycle: ({ node = '' }) => {
          forgetNode(idleSince, node);
        },
      },
      now: function* ({ cluster, picture }) {
        const now = cluster.now.getTime();
        for (const [name, node] of picture.nodes) {
          if (!node.up || node.readyAt === undefined) continue;
          const slow = (since: number): boolean =>
            now - Math.max(since, node.readyAt ?? 0) > 2 * PASS;
          for (const { volume, uid, since } of node.desired.values()) {
            if (!volume.includes(uid) || node.actual.has(keyOf(volume, uid))) continue;
            if (
              slow(since) &&
              !node.operations.has(keyOf(volume, uid)) &&
              !idleSince.has(`${name} ${volume}`)
            )
              yield `nobody begins to mount ${volume}`;
          }
          yield* lateRemovals(node, { picture, slow });
        }
      },
    };
  },
};

/** Volumes of pods whose containers have ended are not wanted any more, once they were mounted. */
function* lateRemovals(
  node: NodePicture,
  { picture, slow }: { picture: Scene['picture']; slow: (since: number) => boolean },
): Generator<string> {
  for (const { volume, uid } of node.desired.values()) {
    const pod = picture.pods.get(uid);
    if (pod?.state !== 'terminated' || !node.actual.has(keyOf(volume, uid))) continue;
    if (pod.life === node.life && slow(pod.since)) yield `${volume} of ${pod.key} is still wanted`;
  }
}

const FIRST = 500;
const LONGEST = 122_000;

/** Keys `node volume uid` of the same volume, of which one stands for all pods, or both for the same. */
function conflicts(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

const K29: Definition = {
  id: 'K29',
  sentence:
    'An operation that fails is tried again after 0.5 s, 1 s, 2 s and so on up to 2 min 2 s.',
  begin: (report) => {
    const failed = new Map<string, { operation: string; at: number; wait: number }>();
    return {
      on: {
        lifecycle: ({ node = '', who }) => {
          if (who === 'kubelet') forgetNode(failed, node);
        },
        operation: ({ operation, volume, uid, state, at, node = '' }) => {
          const key = `${node} ${keyOf(volume, uid)}`;
          const last = failed.get(key);
          const same = last?.operation === operation ? last : undefined;
          // Of one Pod or of all: whoever does something else to the volume begins anew.
          for (const [other, { operation: before }] of failed)
            if (before !== operation && conflicts(other, key)) failed.delete(other);
          const now = at.getTime();
          if (state === 'done') failed.delete(key);
          if (state === 'started' && same && now < same.at + same.wait)
            report(
              `${operation} of ${volume} is tried ${now - same.at} ms after it failed, not ${same.wait}`,
            );
          if (state !== 'failed') return;
          const wait = same ? Math.min(2 * same.wait, LONGEST) : FIRST;
          failed.set(key, { operation, at: now, wait });
        },
      },
    };
  },
};

/** 2 min 3 s, and a look. */
const WAIT = 123_000 + 300;

const K30: Definition = {
  id: 'K30',
  sentence: 'One wait for volumes lasts at most 2 min 3 s.',
  begin: (report) => {
    const began = new Map<string, number>();
    const over = (since: number, now: number): boolean => now - since > WAIT;
    return {
      on: {
        lifecycle: () => began.clear(),
        wait: ({ uid, state, at, node = '' }) => {
          const key = `${node} ${uid}`;
          const since = began.get(key);
          if (state === 'started') return void began.set(key, at.getTime());
          began.delete(key);
          if (since !== undefined && over(since, at.getTime()))
            report(`Pod ${uid} waited too long`);
        },
      },
      now: function* ({ cluster }) {
        for (const [key, since] of began)
          if (over(since, cluster.now.getTime())) yield `Pod ${key.split(' ')[1]} still waits`;
      },
    };
  },
};

/** The longest until a change is seen: 90 s between two syncs, and time for the work. */
const REFRESH = 95_000;

const K31: Definition = {
  id: 'K31',
  sentence: 'A change of a ConfigMap or Secret is set up within 90 s.',
  begin: () => {
    const changed = new Map<string, number>();
    const setUp = new Map<string, number>();
    return {
      on: {
        object: ({ kind, namespace = '', name, verb, at }) => {
          if (kind !== 'ConfigMap' && kind !== 'Secret') return;
          const key = `${kind} ${namespace} ${name}`;
          if (verb === 'MODIFIED') changed.set(key, at.getTime());
          else changed.delete(key);
        },
        volume: ({ operation, uid = '', volume, error, at }) => {
          if (operation === 'SetUp' && error === undefined)
            setUp.set(keyOf(volume, uid), at.getTime());
        },
      },
      now: function* (scene) {
        const { cluster, picture } = scene;
        const now = cluster.now.getTime();
        for (const [pod, node] of podsOf(cluster, picture)) {
          if (pod.phase !== 'Running' || pod.object.metadata.deletionTimestamp) continue;
          if (!hasItsClaims(cluster, pod)) continue;
          for (const volume of pod.object.spec.volumes ?? []) {
            const { configMap, secret } = volume;
            const key = configMap
              ? `ConfigMap ${pod.namespace} ${configMap.name}`
              : `Secret ${pod.namespace} ${secret?.secretName}`;
            const change = changed.get(key) ?? 0;
            const since = Math.max(change, node.startedAt, picture.lastFault, picture.lastUpheaval);
            const done = setUp.get(keyOf(volume.name, pod.uid));
            if (done !== undefined && done < change && now - since > REFRESH)
              yield `${volume.name} of ${pod.name} does not follow ${key}`;
          }
        }
      },
    };
  },
};

/** Upstream brings nothing of a Pod up to date while one of its claims is gone, or is to go. */
function hasItsClaims(cluster: Cluster, { object, namespace }: PodHandle): boolean {
  return (object.spec.volumes ?? []).every(({ persistentVolumeClaim: reference }) => {
    if (!reference) return true;
    const claim = cluster.get('PersistentVolumeClaim', reference.claimName, namespace);
    return claim?.status?.phase === 'Bound' && !claim.metadata.deletionTimestamp;
  });
}

/** Stats are up to a minute old; they are looked at each 10 s. */
const EVICTION = 75_000;

const K32: Definition = {
  id: 'K32',
  sentence: 'A Pod whose emptyDir is beyond its sizeLimit is evicted soon.',
  begin: () => {
    const since = new Map<string, number>();
    return {
      on: { lifecycle: () => since.clear(), fault: () => since.clear() },
      now: function* ({ cluster, picture }) {
        const now = cluster.now.getTime();
        for (const [pod] of podsOf(cluster, picture)) {
          for (const { name, limit, path } of emptyDirsWithLimit(pod)) {
            const key = keyOf(name, pod.uid);
            const over =
              pod.containers.some(({ state }) => state === 'running') &&
              pod.node &&
              bytesBelow(pod.node.fs, path) > bytesOfLimit(limit);
            if (!over || pod.object.metadata.deletionTimestamp) since.delete(key);
            else if (now - (since.get(key) ?? now) > EVICTION)
              yield `${name} of ${pod.name} is beyond ${limit}`;
            if (over && !since.has(key)) since.set(key, now);
          }
        }
      },
    };
  },
};

/** Section 7, "Time". */
export const timeRules: readonly Definition[] = [K28, K29, K30, K31, K32];
