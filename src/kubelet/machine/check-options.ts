import { SimulationError } from '../../base/index.ts';
import type { NodeOptions } from './node-options.ts';
import { quantity } from './resources.ts';

type Check = (value: unknown) => string | undefined;

const text: Check = (value) => (typeof value === 'string' ? undefined : 'must be text');
const list: Check = (value) => (Array.isArray(value) ? undefined : 'must be a list');
const record: Check = (value) => (isRecord(value) ? undefined : 'must be an object');
const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false');

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function oneOf(...words: readonly string[]): Check {
  return (value) =>
    typeof value === 'string' && words.includes(value)
      ? undefined
      : `${JSON.stringify(value)} is none of ${words.join(', ')}`;
}

function recordOf(type: 'string' | 'boolean'): Check {
  return (value) => {
    if (!isRecord(value)) return 'must be an object';
    const wrong = Object.keys(value).find(
      (key) => value[key] !== undefined && typeof value[key] !== type,
    );
    return wrong === undefined ? undefined : `${wrong}: must be a ${type}`;
  };
}

/** An object of which only these fields may be given. */
function fields(known: Readonly<Record<string, Check>>): Check {
  return (value) => {
    if (!isRecord(value)) return 'must be an object';
    for (const [key, given] of Object.entries(value)) {
      const check = Object.hasOwn(known, key) ? known[key] : undefined;
      if (check === undefined) {
        return `unknown field ${JSON.stringify(key)}; known: ${Object.keys(known).join(', ')}`;
      }
      const wrong = given === undefined ? undefined : check(given);
      if (wrong !== undefined) return `${key}: ${wrong}`;
    }
    return undefined;
  };
}

const OPTIONS: Readonly<Record<keyof NodeOptions, Check>> = {
  name: text,
  labels: recordOf('string'),
  taints: list,
  os: oneOf('linux', 'windows'),
  zone: text,
  cloud: oneOf('gce', 'aws', 'azure', 'vsphere', 'openstack', 'none'),
  capacity: record,
  allocatable: record,
  imageFilesystem: fields({ size: text }),
  kubeletConfiguration: record,
  containerRuntime: fields({
    mountFlags: oneOf('shared', 'slave', 'private'),
    recursiveReadOnlyMounts: flag,
  }),
  defaultMountPropagation: oneOf('None', 'HostToContainer', 'Bidirectional'),
  seLinux: flag,
  binaries: recordOf('boolean'),
  kernelModules: recordOf('boolean'),
  files: record,
};

/** Throws a SimulationError BAD_OPTION that names the first bad field of a node's options. */
export function checkNodeOptions(options: NodeOptions): void {
  const name = isRecord(options) && typeof options.name === 'string' ? options.name : '';
  if (name === '') throw new SimulationError('BAD_OPTION', 'a node needs a name');
  const wrong = fields(OPTIONS)(options);
  if (wrong !== undefined) throw new SimulationError('BAD_OPTION', `node ${name}: ${wrong}`);
  const size = options.imageFilesystem?.size;
  if (size !== undefined) quantity(`node ${name}: imageFilesystem.size`, size);
}
