import { quoted } from '../../base/index.ts';
import type { Operation } from '../../sim/index.ts';
import type { Stored } from '../context.ts';
import type { Binder } from './binder.ts';
import type { StorageClasses } from './storage-classes.ts';

const STORAGE_PROVISIONER = 'volume.kubernetes.io/storage-provisioner';
const BETA_STORAGE_PROVISIONER = 'volume.beta.kubernetes.io/storage-provisioner';
const IN_TREE = 'kubernetes.io/';

/**
 * Has a volume made for a claim that has a class: asks the external provisioner, by annotation.
 * Models provisionClaim of pkg/controller/volume/persistentvolume/pv_controller.go.
 */
export class Provisioning {
  readonly #binder: Binder;
  readonly #classes: StorageClasses;

  constructor(binder: Binder, classes: StorageClasses) {
    this.#binder = binder;
    this.#classes = classes;
  }

  *provision(claim: Stored<'PersistentVolumeClaim'>): Operation {
    const name = this.#classes.of(claim);
    const storageClass = this.#classes.storageClass(name);
    if (!storageClass)
      return this.#failed(claim, `storageclass.storage.k8s.io ${quoted(name)} not found`);
    const { provisioner } = storageClass;
    if (provisioner.startsWith(IN_TREE)) {
      return this.#failed(claim, `no volume plugin matched name: ${provisioner}`);
    }
    yield* this.#ask(claim, provisioner);
  }

  *#ask(claim: Stored<'PersistentVolumeClaim'>, provisioner: string): Operation {
    const { rules } = this.#binder.context.dependencies;
    yield* this.#binder.annotateClaim(claim, {
      ...(rules.atLeast('1.23') && { [STORAGE_PROVISIONER]: provisioner }),
      [BETA_STORAGE_PROVISIONER]: provisioner,
    });
    const message = rules.atLeast('1.28')
      ? `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`
      : `waiting for a volume to be created, either by external provisioner ${quoted(provisioner)} or manually created by system administrator`;
    this.#binder.event(claim, 'Normal', 'ExternalProvisioning', message);
  }

  #failed(claim: Stored<'PersistentVolumeClaim'>, message: string): void {
    this.#binder.event(claim, 'Warning', 'ProvisioningFailed', message);
  }
}
