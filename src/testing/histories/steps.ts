import fc from 'fast-check';
import { podObject, podSpec, staticPod } from './pods.ts';
import type { ActionDocument } from './world.ts';

/** One thing that happens in a history. Numbers are indexes into what exists when its turn comes. */
export type Step =
  | { readonly do: 'pod'; readonly n: number; readonly manifest: object }
  | { readonly do: 'deletePod'; readonly pick: number; readonly how: 'plain' | 'now' | 'force' }
  | { readonly do: 'labelPod'; readonly pick: number; readonly value: number }
  /** Its first container gets another image. */
  | { readonly do: 'image'; readonly pick: number; readonly value: number }
  /** A container more, that sees the volumes. */
  | { readonly do: 'debug'; readonly pick: number }
  /** CPU of its containers is changed in place. */
  | { readonly do: 'resize'; readonly pick: number; readonly value: number }
  /** A claim wants more, and a controller has made its volume larger. */
  | { readonly do: 'grow'; readonly n: number; readonly gi: number }
  /** The manifest of a static Pod is written, or, without one, removed. */
  | {
      readonly do: 'static';
      readonly node?: number;
      readonly n: number;
      readonly manifest?: object | undefined;
    }
  | {
      readonly do: 'configMap';
      readonly n: number;
      readonly value: number;
      readonly immutable: boolean;
    }
  | { readonly do: 'secret'; readonly n: number; readonly value: number }
  | { readonly do: 'claim'; readonly n: number }
  | { readonly do: 'deleteObject'; readonly pick: number }
  | { readonly do: 'end'; readonly pick: number; readonly code: number }
  | { readonly do: 'write'; readonly pick: number; readonly path: number; readonly bytes: number }
  | {
      readonly do: 'fault';
      readonly what: 'fail' | 'delay' | 'crashAt';
      readonly operation: string;
      readonly after: boolean;
      readonly node?: number;
      readonly class: 'final' | 'transient' | 'uncertain';
      /** Of a delay. */
      readonly by?: string;
    }
  | {
      readonly do: 'kubelet';
      readonly node?: number;
      readonly what: 'stopKubelet' | 'startKubelet' | 'restartKubelet';
    }
  /** An action of a Simulation document, whatever comes of it. */
  | { readonly do: 'act'; readonly action: ActionDocument }
  | { readonly do: 'reboot'; readonly node?: number }
  /** Its pods are ended first. */
  | { readonly do: 'shutdown'; readonly node?: number }
  /** Nobody hears of the machine any more, or hears of it again. */
  | {
      readonly do: 'loss';
      readonly node?: number;
      readonly what: 'failNode' | 'recoverNode';
    }
  | { readonly do: 'settle' }
  | { readonly do: 'advance'; readonly by: string };

/** Steps of the kubelet and of plugins that histories break. */
const OPERATIONS = [
  'NewMounter',
  'SetUp',
  'TearDown',
  'mkdir',
  'write',
  'chmod',
  'chown',
  'symlink',
  'rename',
  'unlink',
  'rmdir',
  'remove',
  'mount',
  'remount',
  'unmount',
  'exec',
  'PatchPodStatus',
  'PatchNodeStatus',
  'DeletePod',
  'CreateContainer',
  'StartContainer',
  'StopContainer',
  'RemoveContainer',
  'RunPodSandbox',
  'StopPodSandbox',
  'RemovePodSandbox',
  'MountDevice',
  'UnmountDevice',
  'WaitForAttach',
  'VerifyControllerAttachedVolume',
  'SetUpDevice',
  'TearDownDevice',
  'MapPodDevice',
  'UnmapPodDevice',
  'NodeExpandVolume',
  'PatchPersistentVolumeClaimStatus',
  'ExecSync',
  'ReadManifests',
  'CreateMirrorPod',
  'DeleteMirrorPod',
] as const;

/** Steps of controllers, which die on any node, and come back by themselves. */
export const CONTROLLER_OPERATIONS: readonly string[] = [
  'Attach',
  'Detach',
  'PatchVolumesAttached',
  'Bind',
  'UpdatePodStatus',
  'UpdatePersistentVolume',
  'UpdatePersistentVolumeStatus',
  'UpdatePersistentVolumeClaim',
  'UpdatePersistentVolumeClaimStatus',
  'CreatePersistentVolumeClaim',
  'DeleteDependent',
  'RemoveFinalizer',
  'PatchNodeTaints',
  'UpdateNodeStatus',
];

const index = fc.nat({ max: 7 });
const small = fc.nat({ max: 1 });
const claimNumber = fc.nat({ max: 3 });

function createPod(spec: fc.Arbitrary<object>): fc.Arbitrary<Extract<Step, { do: 'pod' }>> {
  return fc
    .record({ n: fc.nat({ max: 3 }), spec })
    .map((made) => ({ do: 'pod', n: made.n, manifest: podObject(made.n, made.spec) }));
}

/** A step that may happen, by kind. */
export const stepsByKind: {
  readonly [Kind in Exclude<Step['do'], 'act'>]: fc.Arbitrary<Extract<Step, { do: Kind }>>;
} = {
  pod: createPod(podSpec),
  deletePod: fc.record({
    do: fc.constant('deletePod' as const),
    pick: index,
    how: fc.constantFrom('plain' as const, 'plain' as const, 'now' as const, 'force' as const),
  }),
  labelPod: fc.record({ do: fc.constant('labelPod' as const), pick: index, value: index }),
  image: fc.record({ do: fc.constant('image' as const), pick: index, value: small }),
  debug: fc.record({ do: fc.constant('debug' as const), pick: index }),
  resize: fc.record({ do: fc.constant('resize' as const), pick: index, value: small }),
  grow: fc.record({
    do: fc.constant('grow' as const),
    n: claimNumber,
    gi: fc.integer({ min: 2, max: 9 }),
  }),
  static: fc.record({
    do: fc.constant('static' as const),
    node: small,
    n: small,
    manifest: fc.option(staticPod, { nil: undefined }),
  }),
  configMap: fc.record({
    do: fc.constant('configMap' as const),
    n: small,
    value: index,
    immutable: fc.nat({ max: 9 }).map((n) => n === 0),
  }),
  secret: fc.record({ do: fc.constant('secret' as const), n: small, value: index }),
  claim: fc.record({ do: fc.constant('claim' as const), n: claimNumber }),
  deleteObject: fc.record({ do: fc.constant('deleteObject' as const), pick: index }),
  end: fc.record({
    do: fc.constant('end' as const),
    pick: index,
    code: fc.constantFrom(0, 1, 137),
  }),
  write: fc.record({
    do: fc.constant('write' as const),
    pick: index,
    path: index,
    bytes: fc.constantFrom(1, 5000, 20_000),
  }),
  fault: fc.record({
    do: fc.constant('fault' as const),
    what: fc.constantFrom('fail' as const, 'fail' as const, 'delay' as const, 'crashAt' as const),
    operation: fc.constantFrom(...OPERATIONS, ...CONTROLLER_OPERATIONS),
    node: small,
    after: fc.boolean(),
    class: fc.constantFrom('final' as const, 'transient' as const, 'uncertain' as const),
    // Longer than anybody waits for volumes, now and then.
    by: fc.constantFrom('3s', '3s', '3s', '3m'),
  }),
  kubelet: fc.record({
    do: fc.constant('kubelet' as const),
    node: small,
    what: fc.constantFrom(
      'stopKubelet' as const,
      'startKubelet' as const,
      'startKubelet' as const,
      'restartKubelet' as const,
    ),
  }),
  reboot: fc.record({ do: fc.constant('reboot' as const), node: small }),
  shutdown: fc.record({ do: fc.constant('shutdown' as const), node: small }),
  loss: fc.record({
    do: fc.constant('loss' as const),
    node: small,
    // Nothing happens on a node that is lost.
    what: fc
      .nat({ max: 4 })
      .map((n) => (n === 0 ? ('failNode' as const) : ('recoverNode' as const))),
  }),
  settle: fc.constant({ do: 'settle' as const }),
  advance: fc.record({
    do: fc.constant('advance' as const),
    by: fc.constantFrom('100ms', '300ms', '1s', '2s', '10s', '1m', '3m'),
  }),
};

/** Any step, the usual ones more often. */
export const step: fc.Arbitrary<Step> = stepWith(podSpec);

/** Any step; new Pods are like these. `more`: what else may happen. */
export function stepWith(
  spec: fc.Arbitrary<object>,
  more?: fc.Arbitrary<Step>,
): fc.Arbitrary<Step> {
  return fc.oneof(
    ...(more ? [{ weight: 4, arbitrary: more }] : []),
    { weight: 10, arbitrary: createPod(spec) },
    { weight: 5, arbitrary: stepsByKind.deletePod },
    { weight: 2, arbitrary: stepsByKind.labelPod },
    { weight: 1, arbitrary: stepsByKind.image },
    { weight: 1, arbitrary: stepsByKind.debug },
    { weight: 1, arbitrary: stepsByKind.resize },
    { weight: 1, arbitrary: stepsByKind.grow },
    { weight: 2, arbitrary: stepsByKind.static },
    { weight: 4, arbitrary: stepsByKind.configMap },
    { weight: 4, arbitrary: stepsByKind.secret },
    { weight: 2, arbitrary: stepsByKind.claim },
    { weight: 2, arbitrary: stepsByKind.deleteObject },
    { weight: 4, arbitrary: stepsByKind.end },
    { weight: 5, arbitrary: stepsByKind.write },
    { weight: 6, arbitrary: stepsByKind.fault },
    { weight: 5, arbitrary: stepsByKind.kubelet },
    { weight: 1, arbitrary: stepsByKind.reboot },
    { weight: 1, arbitrary: stepsByKind.shutdown },
    { weight: 2, arbitrary: stepsByKind.loss },
    { weight: 6, arbitrary: stepsByKind.settle },
    { weight: 12, arbitrary: stepsByKind.advance },
  );
}
