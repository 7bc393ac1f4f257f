import { OperationError, quoted } from '../../base/index.ts';
import type { VolumePlugin } from '../../plugin/index.ts';
import type { Operation } from '../../sim/index.ts';
import { keyOf, type Stored } from '../context.ts';
import type { Binder } from './binder.ts';
import { InTreeProvisioner } from './in-tree-provisioner.ts';
import type { VolumeOperations } from './operations.ts';
import { provisionerAnnotations } from './provisioner-annotations.ts';
import type { StorageClasses } from './storage-classes.ts';

type Claim = Stored<'PersistentVolumeClaim'>;

/**
 * Has a volume made for a claim that has a class: by a plugin, or by an external provisioner, which is asked by annotation.
 * Models provisionClaim of pkg/controller/volume/persistentvolume/pv_controller.go.
 */
export class Provisioning {
  readonly #binder: Binder;
  readonly #classes: StorageClasses;
  readonly #operations: VolumeOperations;
  readonly #inTree: InTreeProvisioner;

  constructor(binder: Binder, classes: StorageClasses, operations: VolumeOperations) {
    this.#binder = binder;
    this.#classes = classes;
    this.#operations = operations;
    this.#inTree = new InTreeProvisioner(binder);
  }

  *provision(claim: Claim): Operation {
    const name = this.#classes.of(claim);
    const storageClass = this.#classes.storageClass(name);
    if (!storageClass)
      return this.#failed(claim, `storageclass.storage.k8s.io ${quoted(name)} not found`);
    try {
      const plugin = this.#plugin(storageClass.provisioner);
      const made = plugin
        ? () => this.#inTree.provision(claim, storageClass, plugin)
        : () => this.#ask(claim, storageClass.provisioner);
      const by = plugin?.name ?? storageClass.provisioner;
      const counted = (): Operation => this.#counted(claim, by, made);
      if (!plugin) return yield* counted();
      const operation = `provision-${keyOf(claim)}[${claim.metadata.uid}]`;
      // A claim that waits is looked at by every resync anyway.
      this.#operations.run(operation, counted, () => undefined);
    } catch (error) {
      if (!(error instanceof OperationError)) throw error;
      this.#failed(claim, error.message);
    }
  }

  /** From the first attempt until the claim is bound it counts as one provisioning. */
  *#counted(claim: Claim, plugin: string, operation: () => Operation): Operation {
    const { context } = this.#binder;
    const volumes = context.dependencies.metrics?.volumes;
    const key = keyOf(claim);
    volumes?.begin(key, { plugin, operation: 'provision', at: context.now });
    try {
      yield* operation();
    } catch (error) {
      volumes?.failed(key);
      throw error;
    }
  }

  /** The plugin that provisions; undefined when an external provisioner has to. Models findProvisionablePlugin. */
  #plugin(provisioner: string): VolumePlugin | undefined {
    const { plugins } = this.#binder.context.dependencies;
    const external = !provisioner.startsWith('kubernetes.io/');
    if (external && !plugins.find(provisioner)?.provisioner) return undefined;
    const plugin = plugins.byName(provisioner);
    if (plugin.provisioner) return plugin;
    throw new OperationError('no provisionable volume plugin matched');
  }

  *#ask(claim: Claim, provisioner: string): Operation {
    const { rules } = this.#binder.context.dependencies;
    yield* this.#binder.annotateClaim(claim, provisionerAnnotations(provisioner, rules));
    const message = rules.atLeast('1.28')
      ? `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`
      : `waiting for a volume to be created, either by external provisioner ${quoted(provisioner)} or manually created by system administrator`;
    this.#binder.event(claim, 'Normal', 'ExternalProvisioning', message);
  }

  #failed(claim: Claim, message: string): void {
    this.#binder.event(claim, 'Warning', 'ProvisioningFailed', message);
  }
}
