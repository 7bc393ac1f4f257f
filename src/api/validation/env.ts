import type { FieldErrors } from '../field-errors.ts';
import type { EnvFromSource, EnvVar, EnvVarSource, FileKeySelector, PodSpec } from '../types.ts';
import type { VersionRules } from '../versions.ts';
import { isConfigKey, isEnvVarName, isLabel, isSubdomain } from './names.ts';
import { everyContainerWithPath } from './os.ts';
import { noBacksteps } from './paths.ts';
import { ENV_FIELDS, validateFieldRef, validateResourceRef } from './volumes/downward.ts';

/** What the rules of variables look at besides. */
export interface EnvContext {
  readonly errors: FieldErrors;
  readonly rules: VersionRules;
}

/** `env` of a container. Models ValidateEnv. */
export function validateEnv(at: string, variables: readonly EnvVar[], context: EnvContext): void {
  const { errors, rules } = context;
  variables.forEach(({ name = '', value = '', valueFrom }, index) => {
    const field = `${at}[${index}]`;
    if (name === '') errors.required(`${field}.name`);
    else {
      for (const text of isEnvVarName(name, rules.atLeast('1.32'))) {
        errors.invalid(`${field}.name`, name, text);
      }
    }
    if (valueFrom) validateSource(`${field}.valueFrom`, valueFrom, value, context);
  });
}

function validateSource(
  at: string,
  source: EnvVarSource,
  value: string,
  { errors, rules }: EnvContext,
): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source;
  if (fieldRef) validateFieldRef(errors, `${at}.fieldRef`, fieldRef, ENV_FIELDS);
  if (resourceFieldRef) {
    const context = { errors, rules, volume: false };
    validateResourceRef(`${at}.resourceFieldRef`, resourceFieldRef, context);
  }
  if (configMapKeyRef) validateKey(errors, `${at}.configMapKeyRef`, configMapKeyRef);
  if (secretKeyRef) validateKey(errors, `${at}.secretKeyRef`, secretKeyRef);
  if (fileKeyRef) validateFileKey(errors, `${at}.fileKeyRef`, fileKeyRef);
  const all = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef];
  const given = all.filter((one) => one !== undefined).length;
  if (given === 0) {
    const names = rules.atLeast('1.34')
      ? '`configMapKeyRef`, `secretKeyRef` or `fileKeyRef`'
      : '`configMapKeyRef` or `secretKeyRef`';
    errors.invalid(at, '', `must specify one of: \`fieldRef\`, \`resourceFieldRef\`, ${names}`);
  } else if (value !== '') errors.invalid(at, '', 'may not be specified when `value` is not empty');
  else if (given > 1)
    errors.invalid(at, '', 'may not have more than one field specified at a time');
}

function validateKey(
  errors: FieldErrors,
  at: string,
  { name = '', key = '' }: { name?: string; key?: string },
): void {
  for (const text of isSubdomain(name)) errors.invalid(`${at}.name`, name, text);
  if (key === '') errors.required(`${at}.key`);
  else for (const text of isConfigKey(key)) errors.invalid(`${at}.key`, key, text);
}

/** 7.5. */
function validateFileKey(
  errors: FieldErrors,
  at: string,
  { key = '', path = '', volumeName = '' }: FileKeySelector,
): void {
  if (key === '') errors.required(`${at}.key`);
  else for (const text of isEnvVarName(key, true)) errors.invalid(`${at}.key`, key, text);
  const field = `${at}.volumeName`;
  if (volumeName === '') errors.required(field);
  else for (const text of isLabel(volumeName)) errors.invalid(field, volumeName, text);
  if (path === '') errors.required(`${at}.path`);
  noBacksteps(errors, `${at}.path`, path);
}

/** 7.5: the file is of an emptyDir of the Pod. Models validateFileKeyRefVolumes. */
export function validateFileKeyVolumes(errors: FieldErrors, at: string, spec: PodSpec): void {
  const volumes = new Map(spec.volumes?.map((volume) => [volume.name, volume]));
  for (const [path, { env = [] }] of everyContainerWithPath(at, spec)) {
    env.forEach(({ valueFrom }, index) => {
      if (!valueFrom?.fileKeyRef) return;
      const { volumeName = '' } = valueFrom.fileKeyRef;
      const field = `${path}.env[${index}].valueFrom.fileKeyRef.volumeName`;
      const volume = volumes.get(volumeName);
      if (!volume) errors.notFound(field, volumeName);
      else if (!volume.emptyDir) {
        errors.invalid(field, volumeName, 'referenced volume must be of type emptyDir');
      }
    });
  }
}

/** `envFrom` of a container. Models ValidateEnvFrom. */
export function validateEnvFrom(
  at: string,
  sources: readonly EnvFromSource[],
  { errors, rules }: EnvContext,
): void {
  sources.forEach(({ prefix = '', configMapRef, secretRef }, index) => {
    const field = `${at}[${index}]`;
    if (prefix !== '') {
      for (const text of isEnvVarName(prefix, rules.atLeast('1.32'))) {
        errors.invalid(`${field}.prefix`, prefix, text);
      }
    }
    for (const [name, reference] of Object.entries({ configMapRef, secretRef })) {
      if (!reference) continue;
      if (!reference.name) errors.required(`${field}.${name}.name`);
      else validateName(errors, `${field}.${name}.name`, reference.name);
    }
    if (!configMapRef && !secretRef) {
      errors.invalid(at, '', 'must specify one of: `configMapRef` or `secretRef`');
    } else if (configMapRef && secretRef) {
      errors.invalid(at, '', 'may not have more than one field specified at a time');
    }
  });
}

function validateName(errors: FieldErrors, field: string, name: string): void {
  for (const text of isSubdomain(name)) errors.invalid(field, name, text);
}
