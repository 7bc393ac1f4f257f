import fc from 'fast-check';
import { server } from '../validation/refusals.ts';
import { mutate, mutation, objects, value } from './manifests.ts';
import { doneOrRefused, takenOrRefused } from './outcome.ts';

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** Objects of fixtures that are taken as they are. */
const good = objects.filter(isNamed).filter((object) => takenOrRefused(object) === 'taken');

function isNamed(object: unknown): object is Named {
  const { kind, metadata } = object as Partial<Named>;
  return kind !== undefined && !kind.endsWith('List') && metadata?.name !== undefined;
}

interface Change {
  readonly object: object;
  readonly changed: unknown;
}

/** One of those, and the same with a few things changed. */
export const change: fc.Arbitrary<Change> = fc
  .tuple(fc.nat(), fc.array(mutation, { minLength: 1, maxLength: 3 }))
  .map(([which, mutations]) => {
    const object = good[which % good.length] ?? {};
    const changed = structuredClone(object);
    for (const one of mutations) mutate(changed, one);
    return { object, changed };
  });

/** A manifest, where another of that name may be. */
export function changedOrRefused({ object, changed }: Change): 'taken' | 'refused' {
  const api = server();
  api.apply(object);
  return doneOrRefused(api, () => api.apply(changed as object));
}

const key = fc.oneof(
  fc.constantFrom('metadata', 'spec', 'labels', 'containers', 'volumes', 'name', '$patch'),
  fc.constantFrom('$retainKeys', '$setElementOrder/volumes', '$deleteFromPrimitiveList/finalizers'),
  fc.constantFrom('finalizers', 'status', 'data', 'kind', '__proto__', 'template'),
);
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium' },
    value,
    fc.constantFrom('delete', 'replace', 'merge'),
    fc.dictionary(key, tie('tree'), { maxKeys: 3 }),
    fc.array(tie('tree'), { maxLength: 2 }),
  ),
}));
const operation = fc.record({
  op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test', 'x'),
  path: fc.array(fc.oneof(key, fc.constantFrom('0', '1', '-', '~1', ''))).map(pointer),
  from: fc.array(key, { maxLength: 3 }).map(pointer),
  value: tree,
});

function pointer(parts: readonly string[]): string {
  return parts.map((part) => `/${part}`).join('');
}

interface Patch {
  readonly which: number;
  readonly type: 'merge' | 'json' | 'strategic';
  readonly patch: unknown;
}

export const patch: fc.Arbitrary<Patch> = fc.oneof(
  fc.record({
    which: fc.nat(),
    type: fc.constantFrom('merge' as const, 'strategic' as const),
    patch: tree,
  }),
  fc.record({
    which: fc.nat(),
    type: fc.constant('json' as const),
    patch: fc.array(operation, { maxLength: 3 }),
  }),
);

/** A patch of an object that is there. */
export function patchedOrRefused({ which, type, patch: given }: Patch): 'taken' | 'refused' {
  const api = server();
  const object = good[which % good.length];
  if (!object) throw new Error('no fixture is good');
  const { kind, metadata } = object;
  api.apply(object);
  const options = { namespace: metadata.namespace ?? 'default', type };
  return doneOrRefused(api, () => api.patch(kind, metadata.name, given as object, options));
}

export const selector: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom('app', 'in', 'notin', '(', ')', ',', '=', '==', '!=', '!', '>', '<', ' '),
      fc.constantFrom('metadata.name', 'spec.nodeName', '\\', '1', 'a/b', '"'),
      fc.string(),
    ),
  )
  .map((parts) => parts.join(''));

/** A selector of labels, and of fields. */
export function selectedOrRefused(text: string): 'taken' | 'refused' {
  const api = server();
  const by = (option: string) =>
    doneOrRefused(api, () => api.list('Namespace', { [option]: text }));
  const both = [by('labelSelector'), by('fieldSelector')];
  return both.includes('taken') ? 'taken' : 'refused';
}
