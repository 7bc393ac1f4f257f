import type { Container, EnvFromSource, EnvVar, EnvVarSource, Pod } from '../../api/index.ts';
import { type DeepReadonly, OperationError, textOf } from '../../base/index.ts';
import type { NodeSystem } from '../../outside/index.ts';
import {
  extractContainerResource,
  extractFieldPath,
  isNotFound,
  type ObjectReader,
} from '../../plugin/index.ts';
import { expand } from './expansion.ts';

/** What the environment of a container is made from. */
export interface EnvironmentParts {
  readonly pod: DeepReadonly<Pod>;
  readonly container: DeepReadonly<Container>;
  readonly objects: ObjectReader;
  readonly node: Pick<NodeSystem, 'allocatable'>;
  readonly podIP: string;
  readonly hostIP: string;
}

/**
 * The variables of a container, by name: `envFrom` first, then `env`, which wins. Throws an OperationError that names the
 * object or the key that is missing. Models pkg/kubelet/kubelet_pods.go makeEnvironmentVariables.
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
  { pod, objects }: EnvironmentParts,
  { prefix = '', configMapRef, secretRef }: DeepReadonly<EnvFromSource>,
): void {
  const { namespace = 'default' } = pod.metadata;
  const read = (optional: boolean | undefined, data: () => Record<string, string>): void => {
    const found = unlessMissing(optional, data);
    for (const [key, value] of Object.entries(found ?? {})) result.set(`${prefix}${key}`, value);
  };
  if (configMapRef?.name) {
    const { name, optional } = configMapRef;
    read(optional, () => ({ ...objects.configMap(namespace, name).data }));
  }
  if (secretRef?.name) {
    const { name, optional } = secretRef;
    read(optional, () => decoded(objects.secret(namespace, name).data));
  }
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
  { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef }: DeepReadonly<EnvVarSource>,
  parts: EnvironmentParts,
): string | undefined {
  if (fieldRef) return fieldValue(parts, fieldRef.fieldPath);
  if (resourceFieldRef) return resourceValue(parts, resourceFieldRef);
  if (configMapKeyRef) return keyValue(parts, 'ConfigMap', configMapKeyRef);
  return secretKeyRef && keyValue(parts, 'Secret', secretKeyRef);
}

type KeySelector = NonNullable<DeepReadonly<EnvVarSource>['configMapKeyRef']>;

function keyValue(
  { pod, objects }: EnvironmentParts,
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
  { pod, container, node }: EnvironmentParts,
  selector: NonNullable<DeepReadonly<EnvVarSource>['resourceFieldRef']>,
): string {
  const { containerName } = selector;
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const found = containerName ? containers.find(({ name }) => name === containerName) : container;
  if (!found) throw new OperationError(`container ${containerName} not found`);
  return extractContainerResource(found, selector, node);
}

function decoded(data: DeepReadonly<Record<string, string>> | undefined): Record<string, string> {
  const bytes = (text: string): Uint8Array => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return Object.fromEntries(
    Object.entries(data ?? {}).map(([key, value]) => [key, textOf(bytes(value))]),
  );
}
