/** Fields of one of Kubernetes' internal types, in their order, with what they are when not set. */
export interface InternalType {
  readonly [field: string]: '' | 0 | false | null | InternalType | readonly [InternalType];
}

type Plain = Readonly<Record<string, unknown>>;

/**
 * A piece of an object as errors show it. Rules see internal types, which have no JSON names, so that Go prints their own:
 * `{"Key":"a","Effect":"NoSchedule","TimeAdded":null}`.
 */
export function internalValue(value: unknown, type: InternalType): unknown {
  if (value === undefined || value === null) return null;
  const fields = Object.entries(type).map(([name, inner]) => {
    return [name, fieldValue(fieldOf(value, name), inner)] as const;
  });
  return Object.fromEntries(fields);
}

function fieldValue(value: unknown, type: InternalType[string]): unknown {
  if (isList(type)) {
    return Array.isArray(value) ? value.map((one) => internalValue(one, type[0])) : null;
  }
  if (typeof type === 'object' && type !== null) return internalValue(value, type);
  return value ?? type ?? null;
}

function isList(type: InternalType[string] | undefined): type is readonly [InternalType] {
  return Array.isArray(type);
}

/** A field by its name in Go. */
export function fieldOf(value: unknown, name: string): unknown {
  return (value as Plain)[jsonName(name)];
}

/** `NodeID` is `nodeID`, `CSI` is `csi`. */
function jsonName(name: string): string {
  if (name === name.toUpperCase()) return name.toLowerCase();
  return `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`;
}
