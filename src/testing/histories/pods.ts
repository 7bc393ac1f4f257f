import fc from 'fast-check';
import { BLOCK_CLAIM, REPOSITORY } from './world.ts';

/** A volume of a Pod without its name. */
export type Source = Readonly<Record<string, unknown>>;

const index = fc.nat({ max: 1 });

/** A volume of a Pod: any type that needs nothing outside of the node but git. */
export const volume: fc.Arbitrary<Source> = fc.oneof(
  fc.constant({ emptyDir: {} }),
  fc.constant({ emptyDir: { medium: 'Memory' } }),
  fc.constant({ emptyDir: { sizeLimit: '16Ki' } }),
  fc.constant({ emptyDir: { medium: 'Memory', sizeLimit: '16Ki' } }),
  fc.record({ n: index, optional: fc.boolean() }).map(({ n, optional }) => ({
    configMap: { name: `config-${n}`, ...(optional && { optional }) },
  })),
  fc.record({ n: index, optional: fc.boolean() }).map(({ n, optional }) => ({
    secret: { secretName: `secret-${n}`, ...(optional && { optional }) },
  })),
  fc.constant({
    downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] },
  }),
  fc.record({ a: index, b: index }).map(({ a, b }) => ({
    projected: {
      sources: [
        { configMap: { name: `config-${a}`, optional: true } },
        { secret: { name: `secret-${b}`, items: [{ key: 'key', path: 'deep/key' }] } },
        { serviceAccountToken: { path: 'token', expirationSeconds: 600 } },
      ],
    },
  })),
  fc.constant({ hostPath: { path: '/data', type: 'Directory' } }),
  fc.constant({ hostPath: { path: '/made', type: 'DirectoryOrCreate' } }),
  fc.constant({ gitRepo: { repository: REPOSITORY, directory: '.' } }),
  fc.nat({ max: 2 }).map((n) => ({ persistentVolumeClaim: { claimName: `claim-${n}` } })),
);

/** What a container's process does. */
const command = fc.oneof(
  { weight: 5, arbitrary: fc.constant(['sleep', 'infinity']) },
  { weight: 1, arbitrary: fc.constant(['sleep', '3']) },
  { weight: 1, arbitrary: fc.constant(['false']) },
);

interface Shape {
  readonly volumes: readonly Source[];
  readonly subPath: number;
  readonly unused: boolean;
  readonly command: readonly string[];
  readonly init: boolean;
  readonly sideCar: boolean;
  readonly two: boolean;
  readonly hook: object | undefined;
  /** Requests of CPU, that can be changed in place. */
  readonly cpu: boolean;
  readonly restartPolicy: string;
  readonly terminationGracePeriodSeconds: number;
  readonly activeDeadlineSeconds: number | undefined;
  readonly fsGroup: number | undefined;
}

/** What runs when a container has started, or before it ends; now and then. */
const hook = fc.oneof(
  { weight: 6, arbitrary: fc.constant(undefined) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      { preStop: { exec: { command: ['sleep', '2'] } } },
      { preStop: { sleep: { seconds: 5 } } },
      { postStart: { exec: { command: ['sh', '-c', 'echo hooked > /tmp/hooked'] } } },
      { postStart: { exec: { command: ['false'] } } },
    ),
  },
);

/** Once in `n`. */
function rarely(n: number): fc.Arbitrary<boolean> {
  return fc.nat({ max: n - 1 }).map((one) => one === 0);
}

/** A Pod's spec, with volumes of these. */
export function podSpecOf(volumes: fc.Arbitrary<Source>): fc.Arbitrary<object> {
  const shape: fc.Arbitrary<Shape> = fc.record({
    volumes: fc.array(volumes, { minLength: 1, maxLength: 4 }),
    subPath: fc.nat({ max: 7 }),
    unused: fc.boolean(),
    command,
    init: fc.boolean(),
    sideCar: rarely(4),
    two: fc.boolean(),
    hook,
    cpu: fc.boolean(),
    restartPolicy: fc.constantFrom('Always', 'Always', 'OnFailure', 'Never'),
    terminationGracePeriodSeconds: fc.constantFrom(0, 1, 30),
    activeDeadlineSeconds: rarely(10).map((soon) => (soon ? 20 : undefined)),
    fsGroup: fc.option(fc.constant(2000), { nil: undefined }),
  });
  return shape.map(specOf);
}

/** A Pod's spec. */
export const podSpec: fc.Arbitrary<object> = podSpecOf(volume);

/** What needs nothing of the API: a static Pod may have it. */
const plainVolume: fc.Arbitrary<Source> = fc.constantFrom(
  { emptyDir: {} },
  { emptyDir: { medium: 'Memory' } },
  { hostPath: { path: '/data', type: 'Directory' } },
);

/** A manifest of a static Pod. */
export const staticPod: fc.Arbitrary<object> = fc
  .record({ n: index, spec: podSpecOf(plainVolume) })
  .map(({ n, spec }) => {
    const { metadata, ...pod } = podObject(n, spec) as { metadata: object };
    return { ...pod, metadata: { ...metadata, name: `static-${n}`, namespace: 'default' } };
  });

/** A Pod under one of a few names. */
export const pod: fc.Arbitrary<object> = fc
  .record({ n: fc.nat({ max: 3 }), spec: podSpec })
  .map(({ n, spec }) => podObject(n, spec));

export function podObject(n: number, spec: object): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `pod-${n}`, labels: { app: 'history' } },
    spec,
  };
}

/** The volumes are `v0`, `v1`, …, at /v0, /v1; one may be unused, one may be mounted once more by a subPath. */
function specOf(shape: Shape): object {
  const { volumes, fsGroup, restartPolicy, activeDeadlineSeconds } = shape;
  return {
    restartPolicy,
    terminationGracePeriodSeconds: shape.terminationGracePeriodSeconds,
    ...(activeDeadlineSeconds !== undefined && { activeDeadlineSeconds }),
    ...(fsGroup !== undefined && { securityContext: { fsGroup } }),
    ...containersOf(shape),
    volumes: volumes.map((source, i) => ({ name: `v${i}`, ...source })),
  };
}

function containersOf(shape: Shape): object {
  const { command, hook: lifecycle, cpu, init, sideCar, two } = shape;
  const resources = { requests: { cpu: '100m' }, limits: { cpu: '200m' } };
  const base = { image: 'busybox', ...mountsOf(shape), ...(cpu && { resources }) };
  const main = { ...base, command, ...(lifecycle && { lifecycle }) };
  const first = [
    ...(sideCar ? [{ ...base, name: 'helper', restartPolicy: 'Always' }] : []),
    ...(init ? [{ ...base, name: 'init', command: ['true'] }] : []),
  ];
  return {
    ...(first.length > 0 && { initContainers: first }),
    containers: [{ ...main, name: 'main' }, ...(two ? [{ ...main, name: 'side' }] : [])],
  };
}

function mountsOf({ volumes, unused, subPath }: Shape): object {
  const names = volumes.map((_, i) => `v${i}`);
  const used = unused && names.length > 1 ? names.slice(1) : names;
  const isDevice = (name: string): boolean => isBlock(volumes[Number(name.slice(1))]);
  const directories = used.filter((name) => !isDevice(name));
  const volumeMounts: object[] = directories.map((name) => ({ name, mountPath: `/${name}` }));
  const sub = directories[subPath];
  if (sub) volumeMounts.push({ name: sub, mountPath: '/sub', subPath: subPathOf(volumes, sub) });
  const volumeDevices = used.filter(isDevice).map((name) => ({ name, devicePath: `/dev/${name}` }));
  return { volumeMounts, ...(volumeDevices.length > 0 && { volumeDevices }) };
}

function isBlock(source: Source = {}): boolean {
  const claim = source['persistentVolumeClaim'] as { claimName: string } | undefined;
  return claim?.claimName === BLOCK_CLAIM;
}

/** A file that is likely there, or a directory to be made. */
function subPathOf(volumes: readonly Source[], name: string): string {
  const source = volumes[Number(name.slice(1))] ?? {};
  if ('configMap' in source) return 'a';
  return 'secret' in source ? 'key' : 'below/it';
}
