/** A field's type, read from its schema text. */
export interface FieldType {
  readonly shape: 'scalar' | 'list' | 'map' | 'struct';
  /** A scalar's name (`string`, `int32`, `Quantity`, …) or a type's name; of a list or map: as Go writes it. */
  readonly name: string;
  /** What a list or a map holds. */
  readonly element?: FieldType;
  /** Every stored object has it. */
  readonly required: boolean;
  /** The list is merged by this field of its entries; '' for a set of values. */
  readonly mergeKey?: string;
  /** A patch of an entry clears what it does not name. */
  readonly retainKeys: boolean;
}

const SCALARS: ReadonlySet<string> = new Set([
  'string',
  'bool',
  'int32',
  'int64',
  'Quantity',
  'Time',
  'MicroTime',
  'Bytes',
  'IntOrString',
  'Object',
]);

/** Reads a field's text; see meta.ts for the form. */
export function parseField(text: string): FieldType {
  const [type = '', ...marks] = text.split(' ');
  const bare = type.endsWith('!') ? type.slice(0, -1) : type;
  const key = marks.find((mark) => mark.startsWith('@'))?.slice(1);
  return {
    ...parseType(bare),
    required: type.endsWith('!'),
    retainKeys: marks.includes('retainKeys'),
    ...(key === undefined ? {} : { mergeKey: key }),
  };
}

function parseType(name: string): FieldType {
  const plain = { name, required: false, retainKeys: false };
  if (name.startsWith('[]')) {
    return { ...plain, shape: 'list', element: parseType(name.slice(2)) };
  }
  if (name.startsWith('map[string]')) {
    return { ...plain, shape: 'map', element: parseType(name.slice('map[string]'.length)) };
  }
  return { ...plain, shape: SCALARS.has(name) ? 'scalar' : 'struct' };
}
