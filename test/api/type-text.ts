import { type FieldType, parseField } from '../../src/api/schema/field.ts';
import type { TypeSchema } from '../../src/api/schema/registry.ts';

/** The text of src/api/types.ts: one readable interface per type of the schemas. */
export function typesText(schemas: Readonly<Record<string, TypeSchema>>): string {
  const kinds = Object.keys(schemas).filter(
    (name) =>
      schemas[name]!['apiVersion'] &&
      schemas[name]!['kind'] &&
      schemas[name]!['metadata'] &&
      name !== 'ClaimTemplate',
  );
  const header =
    '// Generated from src/api/schema by test/api/types.test.ts; run it with -u after a change there.\n';
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

function typeText(type: FieldType): string {
  if (type.shape === 'list') return `${typeText(type.element!)}[]`;
  if (type.shape === 'map') return `Record<string, ${typeText(type.element!)}>`;
  return SCALARS[type.name] ?? type.name;
}
