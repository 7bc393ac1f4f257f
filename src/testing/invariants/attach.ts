import type { Cluster } from '../../cluster/index.ts';
import type { Definition } from './invariant.ts';
import { forgetNode, isMount, nodeOf } from './looks.ts';

/** The kubelet's operation that needs the controller to have attached the volume. */
const VERIFY = 'verify_controller_attached_volume';

function inUse(cluster: Cluster, node: string): readonly string[] {
  return cluster.get('Node', node)?.status?.volumesInUse ?? [];
}

function attached(cluster: Cluster, node: string): readonly string[] {
  return (cluster.get('Node', node)?.status?.volumesAttached ?? []).map(({ name }) => name);
}

const K13: Definition = {
  id: 'K13',
  sentence:
    'An attachable volume is mounted only after the node reported it in use and the controller attached it.',
  begin: (report) => {
    const verified = new Set<string>();
    return {
      on: {
        lifecycle: ({ who, what, node = '' }) => {
          if (who !== 'kubelet' || what !== 'started') return;
          forgetNode(verified, node);
        },
        operation: ({ operation, state, volume, node = '' }, { live, cluster }) => {
          const key = `${node} ${volume}`;
          if (operation === VERIFY && state === 'started' && live) {
            if (!inUse(cluster, node).includes(volume)) report(`${volume} is not reported in use`);
            if (!attached(cluster, node).includes(volume)) report(`${volume} is not attached`);
          }
          if (operation === VERIFY && state === 'done') verified.add(key);
          if (
            isMount(operation) &&
            state === 'started' &&
            live &&
            attached(cluster, node).includes(volume)
          ) {
            if (!inUse(cluster, node).includes(volume) && !verified.has(key))
              report(`${volume} is mounted before it was reported in use`);
          }
        },
      },
    };
  },
};

const K14: Definition = {
  id: 'K14',
  sentence: 'What the kubelet has verified and still knows stands in volumesInUse.',
  begin: (report) => {
    const known = new Set<string>();
    return {
      on: {
        lifecycle: ({ who, node = '' }) => {
          if (who !== 'kubelet') return;
          forgetNode(known, node);
        },
        operation: ({ operation, state, volume, node = '' }) => {
          if (operation === VERIFY && state === 'done') known.add(`${node} ${volume}`);
        },
        world: ({ world, state, volume, node = '' }) => {
          if (world === 'actual' && state === 'gone') known.delete(`${node} ${volume}`);
        },
        object: ({ kind, name, verb }, { live, cluster }) => {
          if (!live || kind !== 'Node' || verb !== 'MODIFIED') return;
          const used = inUse(cluster, name);
          for (const key of known) {
            const [node = '', volume = ''] = key.split(' ');
            if (node === name && !used.includes(volume))
              report(`${volume} is no longer in volumesInUse`);
          }
        },
      },
    };
  },
};

const K15: Definition = {
  id: 'K15',
  sentence: 'volumesInUse is sorted, names nothing twice, and nothing that cannot be attached.',
  begin: () => ({
    now: function* ({ cluster }) {
      for (const { metadata, status } of cluster.list('Node')) {
        const names = status?.volumesInUse ?? [];
        const sorted = [...new Set(names)].sort();
        if (names.join(' ') !== sorted.join(' ')) yield `${metadata.name}: ${names.join(' ')}`;
        for (const name of names)
          if (
            /empty-dir|secret|configmap|projected|host-path|git-repo/.test(name.split('/')[1] ?? '')
          )
            yield `${metadata.name}: ${name} cannot be attached`;
      }
    },
  }),
};

const K16: Definition = {
  id: 'K16',
  sentence: 'The controller never detaches what a healthy node has in use.',
  begin: (report) => ({
    on: {
      volume: ({ operation, uniqueName = '', error, node = '' }, { live, cluster }) => {
        if (!live || operation !== 'Detach' || error !== undefined) return;
        const object = cluster.get('Node', node);
        const ready = object?.status?.conditions?.some(
          ({ type, status }) => type === 'Ready' && status === 'True',
        );
        const out = object?.spec?.taints?.some(
          ({ key }) => key === 'node.kubernetes.io/out-of-service',
        );
        if (!ready || out) return;
        if (inUse(cluster, node).includes(uniqueName))
          report(`${uniqueName} is detached from ${node}, which uses it`);
      },
    },
  }),
};

const CONTROLLER = 'attachdetach';

const K17: Definition = {
  id: 'K17',
  sentence:
    'A volume for one node is not attached to a second while the controller knows that it is attached to the first.',
  begin: (report) => {
    const where = new Map<string, string>();
    return {
      on: {
        volume: (record, { live, cluster }) => {
          const { operation, volume, uniqueName = '', error, node = '' } = record;
          // What could not be detached is uncertain, and keeps no other node from it.
          if (operation === 'Detach' && where.get(uniqueName) === node) where.delete(uniqueName);
          if (operation !== 'Attach' || error !== undefined) return;
          const other = where.get(uniqueName);
          if (live && other !== undefined && other !== node && forOneNode(cluster, volume))
            report(`${volume} is attached to ${node} while it is attached to ${other}`);
          where.set(uniqueName, node);
        },
        // One that starts again knows what Nodes say.
        lifecycle: ({ who, what }, { cluster }) => {
          if (who !== CONTROLLER || what !== 'crashed') return;
          for (const [name, node] of where)
            if (!attached(cluster, node).includes(name)) where.delete(name);
        },
      },
    };
  },
};

function forOneNode(cluster: Cluster, volume: string): boolean {
  const modes = cluster.get('PersistentVolume', volume)?.spec.accessModes ?? [];
  return (
    modes.length > 0 &&
    modes.every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod')
  );
}

const K18: Definition = {
  id: 'K18',
  sentence: 'Multi-Attach is reported once while a Pod waits for one volume.',
  begin: (report) => {
    const said = new Set<string>();
    return {
      on: {
        lifecycle: ({ who, what }) =>
          who === CONTROLLER && what === 'crashed' ? said.clear() : undefined,
        object: ({ kind, name, verb }) => {
          if (kind !== 'Pod' || verb !== 'DELETED') return;
          for (const key of said) if (key.startsWith(`Pod/${name} `)) said.delete(key);
        },
        volume: ({ operation, volume, error }) => {
          if (operation !== 'Attach' || error !== undefined) return;
          for (const key of said) if (key.includes(`"${volume}"`)) said.delete(key);
        },
        event: ({ involved, message, count }) => {
          if (!message.startsWith('Multi-Attach error')) return;
          const key = `${involved} ${/"([^"]+)"/.exec(message)?.[0] ?? ''}`;
          if (said.has(key) || count > 1) report(`${involved}: ${message} (once more)`);
          said.add(key);
        },
      },
    };
  },
};

const K19: Definition = {
  id: 'K19',
  sentence:
    'Waiting for the controller costs no back-off: what has not been attached is not tried.',
  begin: (report) => ({
    on: {
      operation: (record, { picture }) => {
        if (record.operation !== VERIFY || record.state !== 'failed') return;
        if (/not (yet )?(reported|attached|been added)/.test(record.error ?? ''))
          report(
            `${record.volume} on ${record.node}: ${record.error}, ${nodeOf(picture, record).operations.size}`,
          );
      },
    },
  }),
};

/** Section 7, "Attach handshake". */
export const attachRules: readonly Definition[] = [K13, K14, K15, K16, K17, K18, K19];
