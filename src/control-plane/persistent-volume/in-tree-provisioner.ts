import type { NewObject } from '../../api/index.ts';
import { goSlice, messageOf, OperationError, quoted } from '../../base/index.ts';
import type { NodeSystem, VolumePlugin } from '../../plugin/index.ts';
import { type Operation, sleepUntil, stepOf } from '../../sim/index.ts';
import { apiReason, isSimulated, keyOf, type Stored } from '../context.ts';
import {
  annotated,
  BOUND_BY_CONTROLLER,
  classOf,
  PROVISIONED_BY,
  SELECTED_NODE,
} from './annotations.ts';
import type { Binder } from './binder.ts';
import { claimedBy } from './claimed-by.ts';
import { volumeModeOf } from './claims.ts';
import { countedOperation } from './counted-operation.ts';
import { deleteStorage } from './deletion.ts';
import { withDeletionFinalizer } from './deletion-finalizer.ts';
import { requestOf } from './matching.ts';
import { provisionerAnnotations } from './provisioner-annotations.ts';

type Claim = Stored<'PersistentVolumeClaim'>;
type Volume = Stored<'PersistentVolume'>;
type StorageClass = Stored<'StorageClass'>;

/** How often an object that was not stored is tried again, and how often what was made for it is deleted; and ms between. */
const TRIES = 5;
const INTERVAL = 10_000;

/** Why it failed, as it stands in the event. */
class ProvisioningError extends OperationError {}

/**
 * Makes volumes by a plugin of the controller's own. Models provisionClaimOperation of
 * pkg/controller/volume/persistentvolume/pv_controller.go.
 */
export class InTreeProvisioner {
  readonly #binder: Binder;

  constructor(binder: Binder) {
    this.#binder = binder;
  }

  /** Throws an OperationError when it failed; then the claim has an event. */
  *provision(claim: Claim, storageClass: StorageClass, plugin: VolumePlugin): Operation {
    try {
      yield* this.#provision(claim, storageClass, plugin);
    } catch (error) {
      if (error instanceof ProvisioningError) this.#failed(claim, error.message);
      throw error;
    }
  }

  #failed(claim: Claim, message: string, reason = 'ProvisioningFailed'): void {
    this.#binder.event(claim, 'Warning', reason, message);
  }

  *#provision(found: Claim, storageClass: StorageClass, plugin: VolumePlugin): Operation {
    const { store, rules } = this.#binder.context.dependencies;
    if (found.spec.dataSource) {
      throw new ProvisioningError(
        `plugin ${quoted(plugin.name)} is not a CSI plugin. Only CSI plugin can provision a claim with a datasource`,
      );
    }
    const annotations = provisionerAnnotations(storageClass.provisioner, rules);
    const claim = yield* this.#binder.annotateClaim(found, annotations);
    const name = `pvc-${claim.metadata.uid}`;
    if (store.get('PersistentVolume', undefined, name)) return;
    const node = this.#checked(claim, storageClass, plugin);
    const source = yield* this.#make(claim, storageClass, plugin, { name, node });
    yield* this.#store(claim, plugin, this.#volume(claim, storageClass, plugin, { name, source }));
  }

  /** What it checks before it makes anything; and where it makes it. */
  #checked(
    claim: Claim,
    { metadata, mountOptions }: StorageClass,
    plugin: VolumePlugin,
  ): NodeSystem {
    const { host, store, enableHostPathProvisioner } = this.#binder.context.dependencies;
    if (mountOptions?.length && !plugin.supports?.mountOptions) {
      throw new ProvisioningError(
        `Mount options are not supported by the provisioner but StorageClass ${quoted(metadata.name)} has mount options ${goSlice(mountOptions)}`,
      );
    }
    const node = host?.();
    const off = plugin.provisioner?.optional === 'enableHostPathProvisioner';
    if (!node || (off && !enableHostPathProvisioner)) {
      const why = `provisioning in volume plugin ${quoted(plugin.name)} is disabled`;
      throw new ProvisioningError(`Failed to create provisioner: ${why}`);
    }
    const selected = claim.metadata.annotations?.[SELECTED_NODE];
    if (selected !== undefined && !store.get('Node', undefined, selected)) {
      throw new ProvisioningError(`Failed to get target node: node ${quoted(selected)} not found`);
    }
    return node;
  }

  *#make(
    claim: Claim,
    storageClass: StorageClass,
    plugin: VolumePlugin,
    { name, node }: { name: string; node: NodeSystem },
  ): Operation<unknown> {
    const { provisioner } = plugin;
    const request = {
      name,
      id: this.#binder.context.dependencies.random.stream('provisioned', name).uuid(),
      capacity: requestOf(claim),
      accessModes: claim.spec.accessModes ?? [],
      parameters: storageClass.parameters ?? {},
      node,
    };
    try {
      if (volumeModeOf(claim) === 'Block' && !plugin.supports?.block) {
        throw new OperationError(`${plugin.name} does not support block volume provisioning`);
      }
      if (!provisioner) throw new OperationError('no provisionable volume plugin matched');
      return yield* countedOperation(this.#binder.context, 'volume_provision', plugin.name, () =>
        stepOf('Provision', { volume: name }, () => provisioner.provision(request)),
      );
    } catch (error) {
      if (!isSimulated(error)) throw error;
      yield* this.#binder.reschedule(claim);
      const of = quoted(storageClass.metadata.name);
      throw new ProvisioningError(
        `Failed to provision volume with StorageClass ${of}: ${messageOf(error)}`,
      );
    }
  }

  #volume(
    claim: Claim,
    { reclaimPolicy, mountOptions }: StorageClass,
    plugin: VolumePlugin,
    { name, source }: { name: string; source: unknown },
  ): Volume {
    const createdBy = plugin.provisioner?.createdBy;
    const bare = {
      apiVersion: 'v1',
      kind: 'PersistentVolume' as const,
      metadata: {
        name,
        annotations: {
          ...(createdBy !== undefined && { 'kubernetes.io/createdby': createdBy }),
          [PROVISIONED_BY]: plugin.name,
        },
      },
      spec: {
        capacity: { storage: claim.spec.resources?.requests?.['storage'] ?? '0' },
        accessModes: claim.spec.accessModes ?? [],
        persistentVolumeReclaimPolicy: reclaimPolicy ?? 'Delete',
        storageClassName: classOf(claim),
        volumeMode: volumeModeOf(claim),
        ...(mountOptions?.length && { mountOptions }),
        [plugin.source]: source,
      },
    } as unknown as Volume;
    const bound = annotated(claimedBy(bare, claim), BOUND_BY_CONTROLLER, 'yes');
    return withDeletionFinalizer(bound, this.#binder.context.dependencies.rules);
  }

  /** What cannot be stored must not be left behind. */
  *#store(claim: Claim, plugin: VolumePlugin, volume: Volume): Operation {
    const { name } = volume.metadata;
    const error = yield* this.#tried(`store ${name}`, () => this.#create(volume));
    if (error === undefined) {
      const message = `Successfully provisioned volume ${name} using ${plugin.name}`;
      this.#binder.event(claim, 'Normal', 'ProvisioningSucceeded', message);
      return;
    }
    const of = keyOf(claim);
    const why = `Error creating provisioned PV object for claim ${of}: ${error}. Deleting the volume.`;
    this.#failed(claim, why);
    const left = yield* this.#tried(`delete ${name}`, () => deleteStorage(this.#binder, volume));
    if (left === undefined) return;
    const message = `Error cleaning provisioned volume for claim ${of}: ${left}. Please delete manually.`;
    this.#failed(claim, message, 'ProvisioningCleanupFailed');
  }

  *#create(volume: Volume): Operation {
    const { context } = this.#binder;
    try {
      yield* context.write('CreatePersistentVolume', volume, () =>
        context.dependencies.store.create(volume as NewObject),
      );
    } catch (error) {
      if (apiReason(error) !== 'AlreadyExists') throw error;
    }
  }

  /** Tries a few times; gives the last error's text. */
  *#tried(what: string, action: () => Operation<unknown>): Operation<string | undefined> {
    const { context } = this.#binder;
    for (let tries = 1; ; tries++) {
      try {
        yield* action();
        return undefined;
      } catch (error) {
        if (!isSimulated(error)) throw error;
        if (tries === TRIES) return messageOf(error);
      }
      yield* sleepUntil(context.now + INTERVAL, { class: 'retry', reason: what });
    }
  }
}
