import fc from 'fast-check';
import { allPlugins, type VolumePlugin } from '../../plugins/index.ts';
import {
  arbitraries,
  type History,
  type HistoryParts,
  type Step,
} from '../../src/testing/index.ts';
import { Cloud, cloudDisk } from '../control-plane/attach-detach/cloud.ts';

/** Disks of a cloud that also grow: each claim of a history is one. */
function growingDisk(): VolumePlugin {
  const disk = cloudDisk(new Cloud());
  return {
    ...disk,
    attacher: {
      ...(disk.attacher as NonNullable<VolumePlugin['attacher']>),
      *waitForAttach(_, devicePath, { root }) {
        root.mkdirAll('/dev/disk', 0o755);
        if (!root.exists(devicePath)) root.mknod(devicePath, 0o060600, 0x700);
        return devicePath;
      },
    },
    accessModes: ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany'],
    // Upstream looks up in the mount table which device it was.
    reconstruct: ({ name }) => ({
      name,
      source: { volumeID: name.replace('claim', 'vol') },
      readOnly: false,
      mountOptions: [],
    }),
    expander: {
      *nodeExpand({ dir, spec }) {
        const block = spec.persistentVolume?.spec.volumeMode === 'Block';
        if (!block && !dir.exists()) throw new Error('a volume grows that is not set up');
      },
    },
  };
}

/** What histories with attachable volumes need. */
export const parts: HistoryParts = {
  plugins: () => [...allPlugins, growingDisk()],
  claimSource: (n) => ({ awsElasticBlockStore: { volumeID: `vol-${n}` } }),
};

const volumes = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .nat({ max: 3 })
      .map((n) => ({ persistentVolumeClaim: { claimName: `claim-${n}` } })),
  },
  { weight: 1, arbitrary: arbitraries.volume },
);

const node = fc.constantFrom('node-1', 'node-2');
const act = (action: Readonly<Record<string, unknown>>): Step => ({ do: 'act', action });
const OUT = { key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' };

/** A node is taken out of service and back, nobody hears of one, or a volume says that it is in use. */
const more: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ name: node, out: fc.boolean() }).map(({ name, out }) => {
    const patch = { spec: { taints: out ? [OUT] : [] } };
    return act({ patch: { kind: 'Node', name, patch } });
  }),
  fc.constant<Step>({ do: 'advance', by: '7m' }),
  fc.constantFrom('FailedPrecondition', 'Infeasible', 'NotSupported').map((code) => {
    const error = { message: `it is ${code}`, class: 'final', code };
    return act({ fail: { operation: 'NodeExpandVolume', times: 1, error } });
  }),
  fc.constant(act({ fail: { operation: 'MapPodDevice', times: 1 } })),
);

const CLAIMS: readonly Step[] = [0, 1, 2, 3].map((n) => ({ do: 'claim', n }));

/** Two nodes that have disks of a cloud in turns. */
export function attachableHistory(
  options: { steps?: number; order?: 'fifo' | 'random' } = {},
): fc.Arbitrary<History> {
  return arbitraries
    .history({ ...options, volumes, more, nodes: 2 })
    .map((history) => ({ ...history, steps: [...CLAIMS, ...history.steps] }));
}
