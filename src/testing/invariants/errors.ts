import { K55, K56 } from './expansion.ts';
import type { Definition } from './invariant.ts';
import { isMount, isUnmount, nodeOf } from './looks.ts';
import { keyOf, type NodePicture } from './picture.ts';

function operationOn(node: NodePicture, volume: string, uid: string): string {
  return (
    (node.operations.get(keyOf(volume, uid)) ?? node.operations.get(keyOf(volume, '')))
      ?.operation ?? ''
  );
}

const K50: Definition = {
  id: 'K50',
  sentence: 'What is uncertain is not given up for an error that may pass.',
  begin: (report) => {
    const lastClass = new Map<string, string>();
    return {
      on: {
        volume: ({ uid = '', operation, class: kind = '' }) => {
          if (operation === 'SetUp' || operation === 'MapPodDevice') lastClass.set(uid, kind);
        },
        world: (record, { picture }) => {
          const { world, uid, volume, state } = record;
          if (world !== 'actual' || uid === undefined || state !== 'unmounted') return;
          const node = nodeOf(picture, record);
          const kind = lastClass.get(uid);
          if (isMount(operationOn(node, volume, uid)) && kind !== 'final')
            report(`${volume} of Pod ${uid} is given up after a ${kind} error`);
        },
      },
    };
  },
};

const K51: Definition = {
  id: 'K51',
  sentence: 'What is mounted stays mounted when it cannot be brought up to date.',
  begin: (report) => {
    /** Pods of which a SetUp went well, in the operation that runs: what fails after that is that the volume grows. */
    const setUp = new Set<string>();
    return {
      on: {
        operation: ({ operation, state, uid }) => {
          if (state !== 'started' || !isMount(operation)) return;
          if (uid === '') setUp.clear();
          else setUp.delete(uid);
        },
        volume: ({ operation, uid = '', error }) => {
          if (operation === 'SetUp' && error === undefined) setUp.add(uid);
        },
        world: (record, { picture }) => {
          const { world, uid, volume, state } = record;
          if (world !== 'actual' || uid === undefined || state === 'mounted') return;
          const node = nodeOf(picture, record);
          const before = node.actual.get(keyOf(volume, uid))?.state;
          if (state === 'uncertain' && setUp.has(uid)) return;
          if (before === 'mounted' && isMount(operationOn(node, volume, uid)))
            report(`${volume} of Pod ${uid} is ${state} after a mount that failed`);
        },
      },
    };
  },
};

const K52: Definition = {
  id: 'K52',
  sentence: 'What cannot be torn down is uncertain from then on.',
  begin: (report) => {
    const failed = new Set<string>();
    return {
      on: {
        volume: ({ operation, uid = '', error }) => {
          if (operation !== 'TearDown') return;
          if (error === undefined) failed.delete(uid);
          else failed.add(uid);
        },
        operation: (record, { picture }) => {
          const { state, operation, volume, uid } = record;
          if (state !== 'failed' || !isUnmount(operation) || !failed.delete(uid)) return;
          const now = nodeOf(picture, record).actual.get(keyOf(volume, uid))?.state;
          if (now !== 'uncertain')
            report(
              `${volume} of Pod ${uid} is ${now ?? 'unmounted'} after it could not be torn down`,
            );
        },
      },
    };
  },
};

const K53: Definition = {
  id: 'K53',
  sentence: 'Nobody is told by an event that an unmount failed.',
  begin: (report) => ({
    on: {
      event: ({ reason, message, involved }) => {
        if (
          /^Failed(Un[mM]ount|DetachVolume|UnmountDevice)/.test(reason) ||
          /^(Unmount|Unmap|Detach)\w*\.?\w* failed/.test(message)
        )
          report(`${involved}: ${reason}: ${message}`);
      },
    },
  }),
};

/** Up to here no event is folded into another, and none is dropped for being one of too many. */
const SINGLE = 10;
const MANY = 20;

interface Told {
  failed: number;
  told: number;
  /** Events of the kubelet about the Pod, of all kinds. */
  all: number;
}

const K54: Definition = {
  id: 'K54',
  sentence: 'Each mount that fails is an event of its Pod, and nothing else is.',
  begin: (report) => {
    const counts = new Map<string, Told>();
    const countOf = (pod: string): Told => {
      const known = counts.get(pod) ?? { failed: 0, told: 0, all: 0 };
      counts.set(pod, known);
      return known;
    };
    return {
      on: {
        volume: ({ operation, error, pod }) => {
          if (operation !== 'SetUp' || error === undefined || pod === undefined) return;
          countOf(pod.split('/')[1] ?? '').failed++;
        },
        event: ({ reason, message, involved, component }) => {
          if (component !== 'kubelet') return;
          const count = countOf(involved.split('/')[1] ?? '');
          count.all++;
          if (reason !== 'FailedMount' || !/^MountVolume\.SetUp failed/.test(message)) return;
          // That is said before anything is done.
          if (message.includes('uses the ReadWriteOncePod access mode')) return;
          count.told++;
          if (count.told > count.failed)
            report(`${involved}: ${count.told} events of ${count.failed} failures`);
        },
      },
      now: function* () {
        for (const [pod, { failed, told, all }] of counts)
          if (failed < SINGLE && all < MANY && told < failed)
            yield `${pod}: ${told} events of ${failed} failed mounts`;
      },
    };
  },
};

const K57: Definition = {
  id: 'K57',
  sentence: 'A ReadWriteOncePod volume is with one Pod of a node at most.',
  begin: () => ({
    now: function* ({ cluster, picture }) {
      for (const { metadata, spec } of cluster.list('PersistentVolume')) {
        const { accessModes = [] } = spec;
        if (accessModes.length !== 1 || accessModes[0] !== 'ReadWriteOncePod') continue;
        for (const [name, node] of picture.nodes) {
          // The kubelet tells pods apart only where they share the volume's name: not for hostPath, as upstream.
          const uids = new Set(
            [...node.actual.values()].flatMap(({ volume, uid }) =>
              volume.endsWith(`/${metadata.name}`) ? [uid] : [],
            ),
          );
          if (uids.size > 1) yield `${metadata.name} is with ${uids.size} Pods of ${name}`;
        }
      }
    },
  }),
};

const K58: Definition = {
  id: 'K58',
  sentence: 'A bug in a plugin counts as an error of its operation, and is seen.',
  begin: (report) => {
    const panicked = new Set<string>();
    return {
      on: {
        panic: ({ who, error }) => {
          panicked.add(who);
          report(`${who}: ${error}`);
        },
        operation: ({ operation, volume, state }) => {
          const who = `${operation} ${volume}`;
          if (state === 'done' && panicked.has(who))
            report(`${who} is done after its plugin broke`);
          panicked.delete(who);
        },
      },
    };
  },
};

/** Section 7, "Errors". */
export const errorRules: readonly Definition[] = [K50, K51, K52, K53, K54, K55, K56, K57, K58];
