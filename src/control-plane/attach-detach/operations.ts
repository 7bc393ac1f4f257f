import {
  DanglingAttachError,
  type ErrorClass,
  messageOf,
  OperationError,
} from '../../base/index.ts';
import {
  type NodeSystem,
  operationOf,
  qualifiedPluginName,
  type VolumePlugin,
  type VolumeSpec,
} from '../../plugin/index.ts';
import { type Operation, stepOf } from '../../sim/index.ts';
import type { AttachedVolume } from './actual-state-of-world.ts';
import type { WantedVolume } from './desired-state-of-world.ts';
import { nodeNamed, type Parts, systemOf } from './parts.ts';

/** As it stands in the events of this controller. */
export const COMPONENT = 'attachdetach-controller';

/**
 * Attaches a volume to a node, and tells its Pods. What failed leaves it uncertain. Models GenerateAttachVolumeFunc of
 * pkg/volume/util/operationexecutor/operation_generator.go.
 */
export function* attach(parts: Parts, wanted: WantedVolume): Operation {
  const { name, node, plugin, spec } = wanted;
  const { actual } = parts;
  try {
    const devicePath = yield* callAttach(parts, wanted);
    actual.mark(name, node, { state: 'attached', plugin, spec, devicePath });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // A disk that hangs on another node is to be taken off that one.
    const hangsOn = error instanceof DanglingAttachError ? error.currentNode : node;
    actual.mark(name, hangsOn, { state: 'uncertain', plugin, spec });
    const failure = failed('AttachVolume.Attach', spec.name, error);
    if (error instanceof OperationError) {
      tell(parts, wanted, { type: 'Warning', reason: 'FailedAttachVolume', failure });
    }
    throw error instanceof OperationError ? failure : error;
  }
  tell(parts, wanted, { type: 'Normal', reason: 'SuccessfulAttachVolume' });
}

function* callAttach(parts: Parts, { name, node, plugin, spec }: WantedVolume): Operation<string> {
  const { attacher } = plugin;
  const system = systemOf(parts, node);
  if (!system) throw new OperationError(`node "${node}" not found`, { code: 'NotFound' });
  const called = { name, plugin, spec, node: system };
  return yield* attacherCall(
    parts,
    'Attach',
    called,
    () => attacher?.attach(spec, system) ?? none(),
  );
}

function* none(): Operation<string> {
  return '';
}

function tell(
  { context }: Parts,
  { pods, spec }: WantedVolume,
  told: {
    readonly type: 'Normal' | 'Warning';
    readonly reason: string;
    readonly failure?: OperationError;
  },
): void {
  const done = `AttachVolume.Attach succeeded for volume "${spec.name}" `;
  const message = told.failure ? told.failure.message : done;
  for (const pod of pods.values()) {
    context.dependencies.events.event(COMPONENT, pod, told.type, told.reason, message);
  }
}

/**
 * Detaches a volume from a node. Nobody is told when it fails; it is uncertain then. Models GenerateDetachVolumeFunc.
 *
 * @param safely the node is read once more: it may have begun to use the volume
 */
export function* detach(
  parts: Parts,
  volume: AttachedVolume,
  node: string,
  safely: boolean,
): Operation {
  const { actual, context } = parts;
  const spec = volume.spec ?? unknownSpec(volume);
  try {
    if (safely) demandUnused(parts, volume.name, node);
    yield* callDetach(parts, volume, spec, node);
    actual.remove(volume.name, node);
  } catch (error) {
    const certain = context.dependencies.rules.before('1.29');
    if (certain) actual.hide(volume.name, node, false);
    actual.mark(volume.name, node, { state: certain ? 'attached' : 'uncertain' });
    if (!(error instanceof OperationError)) throw error;
    throw failed('DetachVolume.Detach', spec.name, error);
  }
}

function* callDetach(
  parts: Parts,
  { name, plugin }: AttachedVolume,
  spec: VolumeSpec,
  node: string,
): Operation {
  const { attacher } = plugin ?? {};
  const system = systemOf(parts, node);
  if (!plugin || !attacher || !system) return;
  const called = { name, plugin, spec, node: system };
  yield* attacherCall(parts, 'Detach', called, () => attacher.detach(spec, system));
}

/** Models verifyVolumeIsSafeToDetach. */
function demandUnused(parts: Parts, volume: string, node: string): void {
  if (!nodeNamed(parts, node)?.inUse.includes(volume)) return;
  throw new OperationError('volume is still in use by node, according to Node status');
}

/** What is known of a volume of which only the name was found: the name of its device. */
function unknownSpec({ name, plugin }: AttachedVolume): VolumeSpec {
  const device = plugin ? name.slice(plugin.name.length + 1) : name.split('/').slice(2).join('/');
  return { name: device, source: {}, readOnly: false, mountOptions: [] };
}

/** One call of a plugin by the controller: a step of that name, and a record of how it ended. */
function* attacherCall<Result>(
  { context }: Parts,
  operation: 'Attach' | 'Detach',
  of: {
    readonly name: string;
    readonly plugin: VolumePlugin;
    readonly spec: VolumeSpec;
    readonly node: NodeSystem;
  },
  body: () => Operation<Result>,
): Operation<Result> {
  const { name, plugin, spec, node } = of;
  const { simulation, metrics } = context.dependencies;
  const { trace } = simulation;
  const fields = { operation, volume: spec.name, uniqueName: name, plugin: plugin.name };
  const start = context.now;
  const ended = (failed: boolean): void =>
    metrics?.operations.ended({
      plugin: qualifiedPluginName(plugin, spec),
      operation: operation === 'Attach' ? 'volume_attach' : 'volume_detach',
      seconds: (context.now - start) / 1000,
      failed,
    });
  try {
    const method = `${plugin.name}.attacher.${operation.toLowerCase()}`;
    const result = yield* stepOf(operation, { volume: spec.name, node: node.name }, () =>
      operationOf(body(), method),
    );
    trace.add('volume', fields, node.name);
    ended(false);
    return result;
  } catch (error) {
    ended(true);
    trace.add('volume', { ...fields, error: messageOf(error) }, node.name);
    throw error;
  }
}

/** The same failure in upstream's words. */
function failed(what: string, volume: string, error: unknown): OperationError {
  const kind: ErrorClass = error instanceof OperationError ? error.class : 'final';
  return new OperationError(`${what} failed for volume "${volume}" : ${messageOf(error)}`, {
    class: kind,
    cause: error,
  });
}
