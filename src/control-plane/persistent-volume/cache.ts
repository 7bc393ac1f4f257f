import type { Informer, InformerEvent } from '../../api/informer.ts';
import { type ControllerContext, keyOf, type Stored } from '../context.ts';

type Kind = 'PersistentVolume' | 'PersistentVolumeClaim';

/**
 * A cache that already has the controller's own writes, before the watch tells of them: what the watch has only counts when
 * it is not older. Models the stores of pkg/controller/volume/persistentvolume/pv_controller_base.go.
 */
export class OwnCache<K extends Kind> {
  readonly #informer: Informer<K>;
  readonly #written = new Map<string, Stored<K>>();

  constructor(
    context: ControllerContext,
    kind: K,
    onEvent: (event: InformerEvent<Stored<K>>) => void,
  ) {
    this.#informer = context.informer(kind, (event) => {
      const key = keyOf(event.object);
      const own = this.#written.get(key);
      if (own && (event.type === 'DELETED' || !isOlder(event.object, own)))
        this.#written.delete(key);
      onEvent(event);
    });
  }

  get(namespace: string | undefined, name: string): Stored<K> | undefined {
    const seen = this.#informer.get(namespace, name);
    return seen && this.#newest(seen);
  }

  /** All, by key. */
  list(): Stored<K>[] {
    const all = this.#informer.list();
    return this.#written.size === 0 ? all : all.map((seen) => this.#newest(seen));
  }

  /** Keeps what a write gave back. */
  keep(written: Stored<K>): Stored<K> {
    const { namespace, name } = written.metadata;
    const seen = this.#informer.get(namespace, name);
    if (seen && isOlder(seen, written)) this.#written.set(keyOf(written), written);
    return written;
  }

  #newest(seen: Stored<K>): Stored<K> {
    const own = this.#written.get(keyOf(seen));
    return own && isOlder(seen, own) ? own : seen;
  }
}

function isOlder(a: Stored<Kind>, b: Stored<Kind>): boolean {
  return Number(a.metadata.resourceVersion) < Number(b.metadata.resourceVersion);
}
