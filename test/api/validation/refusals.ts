import type { Container, Pod, PodSpec, Volume, VolumeMount } from '../../../src/api/index.ts';
import { ApiError, ApiServer, createVersionRules, Store } from '../../../src/api/index.ts';
import { validateCreate } from '../../../src/api/validation/index.ts';
import { Random } from '../../../src/sim/index.ts';

/** Under which rules; the newest by default. */
export interface Rules {
  readonly version?: string;
  readonly gates?: Readonly<Record<string, boolean>>;
  readonly onWarning?: (text: string) => void;
}

/** A manifest on purpose wrong: any field may be anything. */
export type Loose<T> = { [K in keyof T]?: unknown };

/** An API server with nothing in it but namespaces. */
export function server({ version, gates, onWarning }: Rules = {}): ApiServer {
  const rules = createVersionRules(version, gates);
  const [clock, random] = [{ now: 0 }, new Random(0)];
  const store = new Store({ clock, random, rules });
  return new ApiServer({ store, rules, clock, random, ...(onWarning && { onWarning }) });
}

/** What the API server says: `field: message`, one per cause; nothing when it agrees. */
export function refusals(action: () => unknown): string[] {
  try {
    action();
    return [];
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== 'Invalid') throw error;
    return error.causes.map(({ field, message }) => `${field}: ${message}`);
  }
}

/** What the API server answers instead of doing it: `reason code: message`. */
export function refusal(action: () => unknown): string {
  try {
    action();
    return 'nothing was refused';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `${error.reason} ${error.code}: ${error.message}`;
  }
}

/** A Pod `p` with a container `c`, and no token. */
export function pod(spec: Loose<PodSpec> = {}, metadata: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', ...metadata },
    spec: { automountServiceAccountToken: false, containers: [container()], ...spec },
  };
}

export function container(fields: Loose<Container> = {}): Loose<Container> {
  return { name: 'c', image: 'busybox:1', ...fields };
}

/** What is said of a Pod with such a spec. */
export function podErrors(spec: Loose<PodSpec>, rules?: Rules): string[] {
  return refusals(() => server(rules).create(pod(spec)));
}

/** What is said of a Pod's only volume, named `v` unless said; fields are told from the volume on. */
export function volumeErrors(volume: Loose<Volume>, rules?: Rules): string[] {
  return shortened(podErrors({ volumes: [{ name: 'v', ...volume }] }, rules), 'spec.volumes[0]');
}

/** What is said of a container's only mount, of an emptyDir `v`. */
export function mountErrors(
  mount: Loose<VolumeMount>,
  fields: Loose<Container> = {},
  rules?: Rules,
): string[] {
  const volumeMounts = [{ name: 'v', mountPath: '/v', ...mount }];
  return containerErrors({ volumeMounts, ...fields }, rules);
}

/** What is said of the only container, beside volumes `v` (emptyDir) and `claim`. */
export function containerErrors(fields: Loose<Container>, rules?: Rules): string[] {
  const volumes = [
    { name: 'v', emptyDir: {} },
    { name: 'claim', persistentVolumeClaim: { claimName: 'd' } },
  ];
  const errors = podErrors({ volumes, containers: [container(fields)] }, rules);
  return shortened(errors, 'spec.containers[0]');
}

function shortened(errors: readonly string[], prefix: string): string[] {
  return errors.map((error) => {
    if (!error.startsWith(prefix)) return error;
    const rest = error.slice(prefix.length);
    return rest.startsWith(': ') ? rest.slice(2) : rest;
  });
}

/** What is said of a Pod's spec that has no defaults, and no account. */
export function undefaulted(spec: Loose<PodSpec>): string[] {
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default' },
    spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
  };
  const store = new Store({ clock: { now: 0 }, random: new Random(0) });
  return refusals(() => validateCreate(object, { rules: createVersionRules(), store }));
}

/** What is said when a Pod, once made, is changed. */
export function updateErrors(
  spec: Loose<PodSpec>,
  change: (pod: Pod) => void,
  { subresource, ...rules }: Rules & { subresource?: 'ephemeralcontainers' | 'status' } = {},
): string[] {
  const api = server(rules);
  api.create(pod(spec));
  return refusals(() => api.edit('Pod', 'p', change, { ...(subresource && { subresource }) }));
}

export const LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
export const SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
export const MODE = 'must be a number between 0 and 0777 (octal), both inclusive';
