import type { InformerEvent } from '../../api/informer.ts';
import { OperationError, quoted } from '../../base/index.ts';
import { persistentSpec, type VolumePlugin } from '../../plugin/index.ts';
import type { Operation } from '../../sim/index.ts';
import { type ControllerContext, keyOf, type Stored, splitKey } from '../context.ts';
import { MIGRATED_TO, PRE_RESIZE_CAPACITY } from '../persistent-volume/annotations.ts';
import { capacityOf, requestOf } from '../persistent-volume/matching.ts';
import { Expansion, statusSizeOf } from './expand.ts';

type Claim = Stored<'PersistentVolumeClaim'>;
type Volume = Stored<'PersistentVolume'>;

/**
 * Makes the volumes of claims larger that ask for more than they have: where a plugin of the controller can. For all others it
 * says that somebody else has to. Models pkg/controller/volume/expand.
 */
export function startExpander(context: ControllerContext): void {
  const { rules } = context.dependencies;
  if (!rules.gate('ExpandPersistentVolumes')) return;
  const queue = context.queue({ name: 'volume_expand', sync: (key) => sync(key) });
  const claims = context.informer('PersistentVolumeClaim', (event) => {
    if (isDue(event)) queue.add(keyOf(event.object));
  });
  for (const claim of claims.list()) if (isBound(claim) && grows(claim)) queue.add(keyOf(claim));

  function sync(key: string): Operation | undefined {
    const claim = claims.get(...splitKey(key));
    if (!claim) return undefined;
    const volume = demandVolume(context, claim);
    const marked = volume.metadata.annotations?.[PRE_RESIZE_CAPACITY] !== undefined;
    if (!grows(claim) && !marked) return undefined;
    return expand(context, claim, volume);
  }
}

function isBound({ status }: Claim): boolean {
  return status?.phase === 'Bound';
}

function grows(claim: Claim): boolean {
  return requestOf(claim) > statusSizeOf(claim);
}

/** It asks for more, or has more. */
function isDue({ type, object, old }: InformerEvent<Claim>): boolean {
  if (type === 'DELETED' || !isBound(object)) return false;
  if (!old) return grows(object);
  return requestOf(object) > requestOf(old) || statusSizeOf(object) > statusSizeOf(old);
}

function demandVolume({ dependencies }: ControllerContext, claim: Claim): Volume {
  const { volumeName = '' } = claim.spec;
  const volume = dependencies.store.get('PersistentVolume', undefined, volumeName) as
    | Volume
    | undefined;
  if (!volume) {
    const name = quoted(volumeName);
    throw new OperationError(`failed to get PV ${name}: persistentvolumes ${name} not found`);
  }
  if (volume.spec.claimRef?.uid === claim.metadata.uid) return volume;
  throw new OperationError(`persistent Volume is not bound to PVC being updated : ${keyOf(claim)}`);
}

function* expand(context: ControllerContext, claim: Claim, volume: Volume): Operation {
  const plugin = expandablePlugin(context, volume);
  if (!plugin) return sayExternal(context, claim);
  const expansion = new Expansion(context, { claim, volume, plugin });
  const marked = volume.metadata.annotations?.[PRE_RESIZE_CAPACITY] !== undefined;
  const size = statusSizeOf(claim);
  const complete = size >= requestOf(claim) && size >= capacityOf(volume);
  if (complete && marked) yield* expansion.forgetOldCapacity();
  else if (!complete) yield* expansion.run();
}

/** Models FindExpandablePluginBySpec, with the plugins that can expand. */
function expandablePlugin(
  { dependencies: { plugins } }: ControllerContext,
  volume: Volume,
): VolumePlugin | undefined {
  if (volume.metadata.annotations?.[MIGRATED_TO] !== undefined) return undefined;
  try {
    const plugin = plugins.bySpec(persistentSpec(volume, false, plugins));
    return plugin.expander?.expandVolumeDevice && plugin;
  } catch {
    return undefined;
  }
}

function sayExternal({ dependencies: { events, rules } }: ControllerContext, claim: Claim): void {
  const message = rules.atLeast('1.27')
    ? 'waiting for an external controller to expand this PVC'
    : "Ignoring the PVC: didn't find a plugin capable of expanding the volume; waiting for an external controller to process this PVC.";
  events.event('volume_expand', claim, 'Warning', 'ExternalExpanding', message);
}
