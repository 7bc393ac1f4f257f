import type { Container, EnvFromSource, EnvVar, EnvVarSource, Pod } from '../../api/index.ts';
import {
  compare,
  type DeepReadonly,
  messageOf,
  OperationError,
  quoted,
  textOf,
} from '../../base/index.ts';
import { Directory, isKernelError } from '../../kernel/index.ts';
import {
  amountOf,
  extractContainerResource,
  extractFieldPath,
  isNotFound,
  milliAmountOf,
} from '../../plugin/index.ts';
import type { KubeletContext, MountedVolume } from '../contracts.ts';
import { valueInFile } from './env-file.ts';
import { expand } from './expansion.ts';

/** What the environment of a container is made from. */
export interface EnvironmentParts {
  readonly context: Pick<KubeletContext, 'objects' | 'system' | 'rules' | 'event' | 'log'>;
  readonly pod: DeepReadonly<Pod>;
  readonly container: DeepReadonly<Container>;
  /** Volumes of the Pod that are mounted, by their names in it. */
  readonly volumes: ReadonlyMap<string, MountedVolume>;
  readonly podIP: string;
  readonly hostIP: string;
}

/**
 * The variables of a container, by name: `envFrom` first, then `env`, which wins. Throws an OperationError that names the
 * object, the key or the volume that is missing. Models pkg/kubelet/kubelet_pods.go makeEnvironmentVariables.
 */
export function makeEnvironment(parts: EnvironmentParts): Map<string, string> {
  const { container } = parts;
  const result = new Map<string, string>();
  for (const source of container.envFrom ?? []) addAll(result, parts, source);
  for (const variable of container.env ?? []) {
    const value = variableValue(variable, parts, result);
    if (value !== undefined) result.set(variable.name, value);
  }
  return result;
}

function addAll(
  result: Map<string, string>,
  parts: EnvironmentParts,
  { prefix = '', configMapRef, secretRef }: DeepReadonly<EnvFromSource>,
): void {
  const { pod, context } = parts;
  const { namespace = 'default' } = pod.metadata;
  const read = (
    kind: string,
    { name, optional }: { name: string; optional?: boolean | undefined },
    data: () => Record<string, string>,
  ): void => {
    const found = Object.entries(unlessMissing(optional, data) ?? {});
    const all = found.map(([key, value]) => [`${prefix}${key}`, value] as const);
    const skipped = skippedNames(parts, all);
    for (const [key, value] of all) if (!skipped.includes(key)) result.set(key, value);
    if (skipped.length > 0) tellSkipped(parts, `${kind} ${namespace}/${name}`, skipped);
  };
  if (configMapRef?.name) {
    const { name, optional } = configMapRef;
    read('configMap', { name, optional }, () => ({
      ...context.objects.configMap(namespace, name).data,
    }));
  }
  if (secretRef?.name) {
    const { name, optional } = secretRef;
    read('secret', { name, optional }, () => decoded(context.objects.secret(namespace, name).data));
  }
}

/** Until 1.29: the keys that are no names of variables, sorted. A key has only letters, digits, `-`, `_` and `.` anyway. */
function skippedNames(
  { context: { rules } }: EnvironmentParts,
  all: readonly (readonly [name: string, value: string])[],
): string[] {
  if (rules.atLeast('1.30')) return [];
  return all
    .map(([name]) => name)
    .filter((name) => /^(?:[0-9]|\.\.)/.test(name))
    .sort(compare);
}

function tellSkipped(
  { context, pod }: EnvironmentParts,
  source: string,
  names: readonly string[],
): void {
  context.event(
    pod,
    'Warning',
    'InvalidEnvironmentVariableNames',
    `Keys [${names.join(', ')}] from the EnvFrom ${source} were skipped since they are considered invalid environment variable names.`,
  );
}

function variableValue(
  { name, value, valueFrom }: DeepReadonly<EnvVar>,
  parts: EnvironmentParts,
  known: ReadonlyMap<string, string>,
): string | undefined {
  if (value) return expand(value, (other) => known.get(other));
  return valueFrom ? valueFromSource(valueFrom, parts) : name === '' ? undefined : '';
}

function valueFromSource(
  {
    fieldRef,
    resourceFieldRef,
    configMapKeyRef,
    secretKeyRef,
    fileKeyRef,
  }: DeepReadonly<EnvVarSource>,
  parts: EnvironmentParts,
): string | undefined {
  if (fieldRef) return fieldValue(parts, fieldRef.fieldPath);
  if (resourceFieldRef) return resourceValue(parts, resourceFieldRef);
  if (configMapKeyRef) return keyValue(parts, 'ConfigMap', configMapKeyRef);
  if (secretKeyRef) return keyValue(parts, 'Secret', secretKeyRef);
  return fileKeyRef && fileValue(parts, fileKeyRef);
}

type FileSelector = NonNullable<DeepReadonly<EnvVarSource>['fileKeyRef']>;

/** Of a file in a volume, whether the container mounts it or not. */
function fileValue(parts: EnvironmentParts, selector: FileSelector): string | undefined {
  const { volumeName = '', path = '', key = '', optional } = selector;
  const volume = parts.volumes.get(volumeName);
  if (!volume || volume.devicePath !== undefined) {
    throw new OperationError(
      `cannot find the volume ${quoted(volumeName)} referenced by FileKeyRef`,
    );
  }
  const value = readVariable(parts, volume, path, key);
  if (value !== '') return value;
  if (optional) return undefined;
  throw new OperationError(
    `environment variable key ${quoted(key)} not found in file ${quoted(`${volume.path}/${path}`)}`,
  );
}

/** What is wrong with the file is in the kubelet's log only. */
function readVariable(
  { context }: EnvironmentParts,
  volume: MountedVolume,
  path: string,
  key: string,
): string {
  try {
    // Links in it lead nowhere else: the volume is the root while it is read.
    const { system, rules } = context;
    const root = system.root.open(volume.path).place;
    const text = textOf(Directory.at(system.namespace.caller({ root }), '/').readFile(path));
    return valueInFile(text, key, rules.atLeast('1.35'));
  } catch (error) {
    if (!(error instanceof OperationError) && !isKernelError(error)) throw error;
    context.log('error', `Failed to parse env file: ${messageOf(error)}`);
    throw new OperationError("couldn't parse env file", { cause: error });
  }
}

type KeySelector = NonNullable<DeepReadonly<EnvVarSource>['configMapKeyRef']>;

function keyValue(
  { pod, context: { objects } }: EnvironmentParts,
  kind: 'ConfigMap' | 'Secret',
  { name = '', key, optional }: KeySelector,
): string | undefined {
  const { namespace = 'default' } = pod.metadata;
  const data = unlessMissing(optional, () =>
    kind === 'Secret'
      ? decoded(objects.secret(namespace, name).data)
      : { ...objects.configMap(namespace, name).data },
  );
  if (data === undefined) return undefined;
  const found = Object.hasOwn(data, key) ? data[key] : undefined;
  if (found !== undefined || optional) return found;
  throw new OperationError(`couldn't find key ${key} in ${kind} ${namespace}/${name}`);
}

/** Undefined when the object is not there and need not be. */
function unlessMissing<Result>(
  optional: boolean | undefined,
  read: () => Result,
): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (optional && isNotFound(error)) return undefined;
    throw error;
  }
}

function fieldValue({ pod, podIP, hostIP }: EnvironmentParts, fieldPath: string): string {
  switch (fieldPath) {
    case 'spec.nodeName':
      return pod.spec.nodeName ?? '';
    case 'spec.serviceAccountName':
      return pod.spec.serviceAccountName ?? '';
    case 'status.hostIP':
    case 'status.hostIPs':
      return hostIP;
    case 'status.podIP':
    case 'status.podIPs':
      return podIP;
    default:
      return extractFieldPath(pod, fieldPath);
  }
}

function resourceValue(
  parts: EnvironmentParts,
  selector: NonNullable<DeepReadonly<EnvVarSource>['resourceFieldRef']>,
): string {
  const { pod, container } = parts;
  const { containerName } = selector;
  const named = ({ name }: { name: string }): boolean => name === containerName;
  const own = containerName ? pod.spec.containers.find(named) : container;
  if (own) {
    const allocatable = (resource: string): number | undefined => limitOf(parts, resource);
    return extractContainerResource(own, selector, { allocatable });
  }
  // The limits of another container that starts the Pod have no default.
  const other = pod.spec.initContainers?.find(named);
  if (!other) throw new OperationError(`container ${containerName} not found`);
  return extractContainerResource(other, selector, { allocatable: () => 0 });
}

/** What a container has that says no limit: since 1.34 what its Pod may use as a whole, else what the node can allocate. */
function limitOf(
  { pod, context: { rules, system } }: EnvironmentParts,
  resource: string,
): number | undefined {
  const { limits } = pod.spec.resources ?? {};
  const isPods = resource === 'cpu' || resource === 'memory';
  if (limits && isPods && rules.gate('PodLevelResources') && rules.atLeast('1.34')) {
    const amount = resource === 'cpu' ? milliAmountOf(limits['cpu']) : amountOf(limits['memory']);
    if (amount > 0) return amount;
  }
  return system.allocatable(resource);
}

function decoded(data: DeepReadonly<Record<string, string>> | undefined): Record<string, string> {
  const bytes = (text: string): Uint8Array => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([key, value]) => [key, textOf(bytes(value))]),
  );
}
