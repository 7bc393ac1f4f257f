import type { Informer, InformerEvent } from '../../api/informer.ts';
import { compare } from '../../base/index.ts';
import type { ControllerContext, Stored } from '../context.ts';
import { classOf } from './annotations.ts';

const DEFAULT_MARKS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

/** The classes that there are. Models pkg/volume/util/storageclass.go. */
export class StorageClasses {
  readonly #informer: Informer<'StorageClass'>;
  readonly #retroactive: boolean;

  constructor(
    context: ControllerContext,
    onEvent: (event: InformerEvent<Stored<'StorageClass'>>) => void,
  ) {
    this.#retroactive = context.dependencies.rules.atLeast('1.26');
    this.#informer = context.informer('StorageClass', onEvent);
  }

  /** The name of an object's class, `''` for none. */
  of(claim: Stored<'PersistentVolumeClaim'>): string {
    return classOf(claim);
  }

  storageClass(name: string): Stored<'StorageClass'> | undefined {
    return name === '' ? undefined : this.#informer.get(undefined, name);
  }

  /** The class that a claim without one gets later on: the newest default one, then the first by name. Since 1.26. */
  retroactiveDefault(): Stored<'StorageClass'> | undefined {
    if (!this.#retroactive) return undefined;
    const marked = this.#informer.list().filter(isDefault);
    marked.sort(
      ({ metadata: a }, { metadata: b }) =>
        compare(b.creationTimestamp, a.creationTimestamp) || compare(a.name, b.name),
    );
    return marked[0];
  }
}

/** Marked as the default class. */
export function isDefault({ metadata }: Stored<'StorageClass'>): boolean {
  return DEFAULT_MARKS.some((mark) => metadata.annotations?.[mark] === 'true');
}
