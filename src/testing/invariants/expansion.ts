import type { Definition, Scene } from './invariant.ts';
import { forgetNode, isMount, nodeOf } from './looks.ts';
import { keyOf, type NodePicture, type PicturedOperation } from './picture.ts';

/** The operation that makes a volume larger while containers use it. */
const IN_USE = 'volume_fs_resize';

/** What is being done to volumes of a Pod: those of all its pods are also its own. */
function operationsOf(node: NodePicture, pod: string): PicturedOperation[] {
  return [...node.operations.values()].filter(
    ({ uid, volume }) => uid === pod || (uid === '' && has(node, volume, pod)),
  );
}

function has(node: NodePicture, volume: string, uid: string): boolean {
  const key = keyOf(volume, uid);
  return node.desired.has(key) || node.actual.has(key);
}

/** Its name, where only one volume of the Pod can be meant. */
function volumeOf(operations: readonly PicturedOperation[]): string | undefined {
  return operations.length === 1 ? operations[0]?.volume : undefined;
}

/** A node has told some claim that it will not try again: its volume is mounted as it is. */
function givenUp({ cluster, live }: Scene): boolean {
  const claims = live ? cluster.list('PersistentVolumeClaim') : [];
  return claims.some(
    ({ status }) => status?.allocatedResourceStatuses?.['storage'] === 'NodeResizeInfeasible',
  );
}

export const K55: Definition = {
  id: 'K55',
  sentence:
    'A volume that cannot grow when it is mounted keeps containers from starting; one that cannot grow in use stays mounted.',
  begin: (report) => {
    /** Volumes of pods that have not got their size: `node volume uid`. */
    const small = new Set<string>();
    return {
      on: {
        volume: (record, { picture }) => {
          const { operation, uid = '', error, code, node = '' } = record;
          if (operation !== 'NodeExpandVolume') return;
          const running = operationsOf(nodeOf(picture, record), uid).filter(
            (one) => isMount(one.operation) && one.volume.startsWith(`${record.plugin}/`),
          );
          const keys = running.map(({ volume }) => `${node} ${volume} ${uid}`);
          // Upstream mounts it all the same when it cannot grow in use, or there is nothing to do.
          const blocks =
            error !== undefined && !/^(FailedPrecondition|NotSupported)$/.test(code ?? '');
          // Of several it is not said which one it was.
          if (!blocks) for (const key of keys) small.delete(key);
          else if (keys.length === 1) small.add(keys[0] ?? '');
        },
        world: (record, scene) => {
          const { world, uid, volume, state, node = '' } = record;
          const { picture } = scene;
          if (world !== 'actual' || uid === undefined) return;
          if (state === 'mounted' && small.has(`${node} ${volume} ${uid}`) && !givenUp(scene))
            report(`${volume} of Pod ${uid} is mounted, but has not got its size`);
          if (state === 'unmounted') small.delete(`${node} ${volume} ${uid}`);
          const inUse = nodeOf(picture, record).operations.get(keyOf(volume, ''));
          if (inUse?.operation === IN_USE && state !== 'mounted')
            report(`${volume} of Pod ${uid} is ${state} because it was to grow`);
        },
        lifecycle: ({ who, node = '' }) => {
          if (who !== 'kubelet') return;
          forgetNode(small, node);
        },
      },
    };
  },
};

export const K56: Definition = {
  id: 'K56',
  sentence: 'What cannot grow in use is not asked to again while the node has it.',
  begin: (report) => {
    const refused = new Set<string>();
    return {
      on: {
        volume: (record, { picture }) => {
          const { operation, uid = '', code, node = '' } = record;
          if (operation !== 'NodeExpandVolume') return;
          const running = operationsOf(nodeOf(picture, record), uid);
          const volume = volumeOf(running);
          if (volume === undefined) return;
          const key = `${node} ${volume}`;
          if (refused.has(key) && running[0]?.operation === IN_USE)
            report(`${volume} is to grow again, in use`);
          if (code === 'FailedPrecondition') refused.add(key);
        },
        world: ({ world, uid, volume, state, node = '' }) => {
          if (world === 'actual' && uid === undefined && state === 'gone')
            refused.delete(`${node} ${volume}`);
        },
        lifecycle: ({ who, node = '' }) => {
          if (who !== 'kubelet') return;
          forgetNode(refused, node);
        },
      },
    };
  },
};
