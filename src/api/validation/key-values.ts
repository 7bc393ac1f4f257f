import { bytesOf } from '../../base/index.ts';
import type { FieldErrors } from '../field-errors.ts';
import { readJsonObject } from '../go-json.ts';
import type { ConfigMap, Secret } from '../types.ts';
import { isConfigKey } from './names.ts';
import type { KindRules } from './rules.ts';
import { semanticEqual } from './semantic-equal.ts';

const MAX_BYTES = 1024 * 1024;
const IMMUTABLE = 'field is immutable when `immutable` is set';

/** V150–V154. Models ValidateConfigMap and its update of pkg/apis/core/validation/validation.go. */
export const configMapRules: KindRules<ConfigMap> = {
  create: validateConfigMap,
  update: (errors, configMap, old) => {
    if (old.immutable) validateImmutable(errors, configMap, old, ['data', 'binaryData']);
    validateConfigMap(errors, configMap);
  },
};

function validateConfigMap(errors: FieldErrors, { data = {}, binaryData = {} }: ConfigMap): void {
  let size = 0;
  for (const [key, value] of Object.entries(data)) {
    validateKey(errors, 'data', key);
    if (Object.hasOwn(binaryData, key)) {
      errors.invalid(`data[${key}]`, key, 'duplicate of key present in binaryData');
    }
    size += bytesOf(value).length;
  }
  for (const [key, value] of Object.entries(binaryData)) {
    validateKey(errors, 'binaryData', key);
    size += decodedLength(value);
  }
  // The whole object is meant, which is printed so.
  if (size > MAX_BYTES) errors.tooLong('[]', MAX_BYTES);
}

function validateKey(errors: FieldErrors, at: string, key: string): void {
  for (const text of isConfigKey(key)) errors.invalid(`${at}[${key}]`, key, text);
}

/** Bytes of what a base64 text stands for. */
function decodedLength(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return Math.max(0, (base64.length / 4) * 3 - padding);
}

/** V154. */
function validateImmutable<Kind extends { immutable?: boolean }>(
  errors: FieldErrors,
  now: Kind,
  old: Kind,
  fields: readonly (keyof Kind & string)[],
): void {
  if (!now.immutable) errors.forbidden('immutable', IMMUTABLE);
  for (const field of fields) {
    if (!semanticEqual(now[field] ?? {}, old[field] ?? {})) errors.forbidden(field, IMMUTABLE);
  }
}

/** V150, V151, V154, V155. Models ValidateSecret and its update. */
export const secretRules: KindRules<Secret> = {
  create: validateSecret,
  update: (errors, secret, old) => {
    if (secret.type !== old.type) errors.invalid('type', secret.type ?? '', 'field is immutable');
    if (old.immutable) validateImmutable(errors, secret, old, ['data']);
    validateSecret(errors, secret);
  },
};

function validateSecret(errors: FieldErrors, secret: Secret): void {
  let size = 0;
  for (const [key, value] of Object.entries(secret.data ?? {})) {
    validateKey(errors, 'data', key);
    size += decodedLength(value);
  }
  if (size > MAX_BYTES) errors.tooLong('data', MAX_BYTES);
  validateType(errors, secret);
}

const SSH_KEY = 'ssh-privatekey';
const ACCOUNT = 'kubernetes.io/service-account.name';

/** Keys that a type of Secret has to have; any of those in one list is enough. */
const KEYS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'kubernetes.io/dockercfg': [['.dockercfg']],
  'kubernetes.io/dockerconfigjson': [['.dockerconfigjson']],
  'kubernetes.io/basic-auth': [['username', 'password']],
  'kubernetes.io/ssh-auth': [[SSH_KEY]],
  'kubernetes.io/tls': [['tls.crt'], ['tls.key']],
};

function validateType(errors: FieldErrors, { type = '', metadata, data = {} }: Secret): void {
  if (type === 'kubernetes.io/service-account-token' && !metadata.annotations?.[ACCOUNT]) {
    errors.required(`metadata.annotations[${ACCOUNT}]`);
  }
  const wanted = Object.hasOwn(KEYS, type) ? (KEYS[type] ?? []) : [];
  for (const keys of wanted) {
    if (keys.some((key) => data[key] !== undefined)) continue;
    for (const key of keys) errors.required(`data[${key}]`);
  }
  if (type === 'kubernetes.io/ssh-auth' && data[SSH_KEY] === '')
    errors.required(`data[${SSH_KEY}]`);
  for (const key of ['.dockercfg', '.dockerconfigjson']) {
    const value = wanted.some((keys) => keys.includes(key)) ? data[key] : undefined;
    const text = value === undefined ? undefined : jsonError(value);
    if (text !== undefined) errors.invalid(`data[${key}]`, '<secret contents redacted>', text);
  }
}

/** What is wrong with the JSON object that a base64 text stands for. */
function jsonError(base64: string): string | undefined {
  const read = readJsonObject(base64 === '' ? '' : atob(base64), 'map[string]interface {}');
  return 'error' in read ? read.error : undefined;
}
