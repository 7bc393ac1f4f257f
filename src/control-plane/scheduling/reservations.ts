import { keyOf, type Stored } from '../context.ts';
import { annotated, SELECTED_NODE } from '../persistent-volume/annotations.ts';
import { claimedBy } from '../persistent-volume/claimed-by.ts';
import type { Decision } from './binding.ts';

/**
 * Volumes and claims as they will be when what was decided is written: no second Pod is promised the same volume.
 * Models AssumePodVolumes of pkg/scheduler/framework/plugins/volumebinding/binder.go.
 */
export class Reservations {
  readonly volumes: Map<string, Stored<'PersistentVolume'>> = new Map();
  readonly claims: Map<string, Stored<'PersistentVolumeClaim'>> = new Map();

  add({ toBind, toProvision, node }: Decision): void {
    for (const { claim, volume } of toBind) {
      this.volumes.set(volume.metadata.name, claimedBy(volume, claim));
    }
    for (const claim of toProvision) {
      this.claims.set(keyOf(claim), annotated(claim, SELECTED_NODE, node.metadata.name));
    }
  }

  remove({ toBind, toProvision }: Decision): void {
    for (const { volume } of toBind) this.volumes.delete(volume.metadata.name);
    for (const claim of toProvision) this.claims.delete(keyOf(claim));
  }
}
