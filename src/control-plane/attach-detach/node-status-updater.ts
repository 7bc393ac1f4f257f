import { OperationError } from '../../base/index.ts';
import type { Operation } from '../../sim/index.ts';
import { apiReason, type Stored } from '../context.ts';
import type { Parts } from './parts.ts';

/** Milliseconds until a write that failed is tried again: the next pass. */
const AGAIN = 100;

type Shown = readonly { readonly name: string; readonly devicePath: string }[];

/**
 * Tells nodes what is attached to them. Models
 * pkg/controller/volume/attachdetach/statusupdater/node_status_updater.go.
 */
export class NodeStatusUpdater {
  readonly #parts: Parts;
  readonly #wake: () => void;

  /** @param wake asks for another pass */
  constructor(parts: Parts, wake: () => void) {
    this.#parts = parts;
    this.#wake = wake;
  }

  /** Every node for which something changed. */
  *updateAll(): Operation {
    for (const node of this.#parts.actual.takeDirty()) {
      if (!(yield* this.update(node))) this.#parts.actual.markDirty(node);
    }
  }

  /** False: it could not be written. A node that is gone needs nothing. */
  *update(name: string): Operation<boolean> {
    const { context, actual } = this.#parts;
    const { store } = context.dependencies;
    const node = store.get('Node', undefined, name) as Stored<'Node'> | undefined;
    if (!node) return true;
    if (same(actual.shownOn(name), node.status?.volumesAttached ?? [])) return true;
    try {
      yield* context.write('PatchVolumesAttached', node, () => this.#write(name));
      return true;
    } catch (error) {
      if (!(error instanceof OperationError) && apiReason(error) === undefined) throw error;
      context.wakeAt(context.now + AGAIN, `volumesAttached of ${name}`, 'retry', this.#wake);
      return false;
    }
  }

  #write(name: string): void {
    const { context, actual } = this.#parts;
    const { store } = context.dependencies;
    const node = store.get('Node', undefined, name) as Stored<'Node'> | undefined;
    if (!node) return;
    const volumesAttached = actual.shownOn(name);
    const { volumesAttached: _, ...rest } = node.status ?? {};
    const status = volumesAttached.length > 0 ? { ...rest, volumesAttached } : rest;
    store.update({ ...node, status } as never, { subresource: 'status' });
  }
}

function same(a: Shown, b: Shown): boolean {
  return (
    a.length === b.length &&
    a.every((one, i) => one.name === b[i]?.name && one.devicePath === b[i]?.devicePath)
  );
}
