import { goNames } from './go-names.ts';

interface Shape {
  readonly shape: 'scalar' | 'list' | 'map' | 'struct';
  readonly name: string;
  readonly element?: Shape;
}

const SCALARS: Readonly<Record<string, string>> = {
  string: 'string',
  bool: 'bool',
  int32: 'int32',
  int64: 'int64',
  Quantity: 'resource.Quantity',
  Time: 'string',
  MicroTime: 'string',
  Bytes: '[]uint8',
  IntOrString: 'intstr.IntOrString',
  Object: 'interface {}',
};

/** The type of a field of a struct as Go's JSON decoder names it in errors: `[]v1.Container`. */
export function goType(shape: Shape, struct = '', field = ''): string {
  const names = Object.hasOwn(goNames, struct) ? goNames[struct] : undefined;
  return typeName(shape, names && Object.hasOwn(names, field) ? names[field] : undefined);
}

function typeName({ shape, name, element }: Shape, text: string | undefined): string {
  if (shape === 'list' && element) return `[]${typeName(element, text)}`;
  if (shape === 'map' && element) {
    return element.name === 'Quantity'
      ? 'v1.ResourceList'
      : `map[string]${typeName(element, text)}`;
  }
  if (name === 'string' && text !== undefined) return text;
  if (shape === 'scalar') return SCALARS[name] ?? name;
  const shown = name === 'NamespacedObjectMeta' || name === 'TemplateMeta' ? 'ObjectMeta' : name;
  return `v1.${shown}`;
}

/** A value as Go's JSON decoder names it in errors. */
export function describe(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'number' : `number ${value}`;
  if (typeof value === 'boolean') return 'bool';
  if (value === null || value === undefined) return 'null';
  return typeof value === 'string' ? 'string' : 'object';
}
