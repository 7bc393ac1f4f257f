/** What encoding/json finds in a text that is to be an object: the object, or what is wrong with it. */
export function readJsonObject(
  text: string,
  goType: string,
): { readonly value: Readonly<Record<string, unknown>> | null } | { readonly error: string } {
  if (text.trim() === '') return { error: 'unexpected end of JSON input' };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && !Array.isArray(value)) {
      return { value: value as Record<string, unknown> | null };
    }
    return { error: `json: cannot unmarshal ${kindOf(value)} into Go value of type ${goType}` };
  } catch {
    return {
      error: `invalid character '${text.trim().slice(0, 1)}' looking for beginning of value`,
    };
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
