import { type FieldType, parseField } from '../src/api/schema/field.ts';
import type { TypeSchema } from '../src/api/schema/registry.ts';

/** The text of src/api/types.ts: one readable interface per type of the schemas. */
export function typesText(schemas: Readonly<Record<string, TypeSchema>>): string {
  const kinds = Object.entries(schemas)
    .filter(([name, { apiVersion, kind, metadata }]) => {
      return apiVersion && kind && metadata && name !== 'ClaimTemplate';
    })
    .map(([name]) => name);
  const header = '// Written by `npm run generate` from src/api/schema.\n';
  const interfaces = Object.entries(schemas).map(([name, schema]) =>
    interfaceText(name, schema, kinds.includes(name)),
  );
  const map = kinds.map((kind) => `  ${kind}: ${kind};`).join('\n');
  return `${header}${objectText}\n${interfaces.join('\n')}\n/** The kinds that have a schema. */\nexport interface KindMap {\n${map}\n}\n`;
}

const objectText = `
/** Any object of the API: those of unknown kinds are kept as they are. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}
`;

function interfaceText(name: string, schema: TypeSchema, kind: boolean): string {
  if (name === 'NamespacedObjectMeta') {
    return '/** metadata of an object in a namespace. */\nexport interface NamespacedObjectMeta extends ObjectMeta {\n  namespace: string;\n}\n';
  }
  const fields = Object.entries(schema).map(([field, text]) => {
    const type = parseField(text);
    return kind && field === 'kind'
      ? `  kind: '${name}';`
      : `  ${field}${type.required ? '' : '?'}: ${typeText(type)};`;
  });
  return `/** Models ${name} of the Kubernetes API. */\nexport interface ${name}${kind ? ' extends KubernetesObject' : ''} {\n${fields.join('\n')}\n}\n`;
}

const SCALARS: Record<string, string> = {
  string: 'string',
  bool: 'boolean',
  int32: 'number',
  int64: 'number',
  Quantity: 'string',
  Time: 'string',
  MicroTime: 'string',
  Bytes: 'string',
  IntOrString: 'number | string',
  Object: 'unknown',
};

function typeText({ shape, name, element }: FieldType): string {
  const inner = element ? typeText(element) : 'unknown';
  if (shape === 'list') return `${inner}[]`;
  if (shape === 'map') return `Record<string, ${inner}>`;
  return SCALARS[name] ?? name;
}
