import { SimulationError } from '../../base/index.ts';

/** What a field of a Simulation document may be. */
export type FieldType = 'string' | 'number' | 'boolean' | 'object' | 'list' | 'duration' | 'any';

/** Fields by name; a trailing `?` makes one optional. What is an object may have fields of its own. */
export interface Fields {
  readonly [name: string]: FieldType | Fields;
}

/** Refuses a Simulation document, naming the field. */
export function refuse(path: string, message: string): never {
  throw new SimulationError('BAD_OPTION', `Simulation: ${path}: ${message}`);
}

/** The value as an object with only these fields, each of its type. Throws a SimulationError that names a wrong one. */
export function checked(path: string, value: unknown, fields: Fields): Record<string, unknown> {
  const object = asObject(path, value);
  const known = new Map(
    Object.entries(fields).map(([name, type]) => [name.replace(/\?$/, ''), type]),
  );
  for (const [name, field] of Object.entries(object)) {
    const type = known.get(name);
    if (!type) refuse(`${path}.${name}`, `unknown field; known: ${[...known.keys()].join(', ')}`);
    if (typeof type === 'object') checked(`${path}.${name}`, field, type);
    else if (!is(type, field))
      refuse(`${path}.${name}`, `must be a ${type}, not ${JSON.stringify(field)}`);
  }
  for (const name of Object.keys(fields)) {
    if (!name.endsWith('?') && object[name] === undefined)
      refuse(`${path}.${name}`, 'Required value');
  }
  return object;
}

export function asObject(path: string, value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refuse(path, `must be an object, not ${JSON.stringify(value)}`);
  }
  return value as Record<string, unknown>;
}

export function asList(path: string, value: unknown): unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) refuse(path, `must be a list, not ${JSON.stringify(value)}`);
  return value;
}

function is(type: FieldType, value: unknown): boolean {
  switch (type) {
    case 'any':
      return true;
    case 'list':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'duration':
      return typeof value === 'string' || typeof value === 'number';
    default:
      return typeof value === type;
  }
}
