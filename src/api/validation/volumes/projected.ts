import { FieldErrors } from '../../field-errors.ts';
import type {
  KeyToPath,
  PodSpec,
  ProjectedVolumeSource,
  ServiceAccountTokenProjection,
  VolumeProjection,
} from '../../types.ts';
import { fileMode, nonReserved, userId } from '../paths.ts';
import { validateBundle, validateCertificate } from './certificates.ts';
import type { SourceContext, SourceRule } from './context.ts';
import { downwardAPI } from './downward.ts';
import { keysToPaths } from './files.ts';
import { UniquePaths } from './unique-paths.ts';

/** V37. */
export const projected: SourceRule<ProjectedVolumeSource> = (source, at, context) => {
  const { errors } = context;
  fileMode(errors, `${at}.defaultMode`, source.defaultMode);
  userId(errors, `${at}.defaultUser`, source.defaultUser);
  const paths = new UniquePaths(errors, at);
  source.sources?.forEach((one, index) => {
    validateSource(one, at, `${at}.sources[${index}]`, paths, context);
  });
};

function validateSource(
  source: VolumeProjection,
  volume: string,
  at: string,
  paths: UniquePaths,
  context: SourceContext,
): void {
  const { errors, rules } = context;
  for (const field of ['secret', 'configMap'] as const) {
    const files = source[field];
    if (files) validateFiles(errors, `${at}.${field}`, files, paths);
  }
  if (source.downwardAPI) {
    downwardAPI(source.downwardAPI, `${at}.downwardAPI`, context);
    for (const { path } of source.downwardAPI.items ?? []) if (path) paths.add(path, path);
  }
  if (source.serviceAccountToken) {
    validateToken(source.serviceAccountToken, volume, `${at}.serviceAccountToken`, context);
  }
  if (source.clusterTrustBundle) {
    validateBundle(errors, `${at}.clusterTrustBundle`, source.clusterTrustBundle, paths);
  }
  if (source.podCertificate) {
    validateCertificate(errors, `${at}.podCertificate`, source.podCertificate, paths);
  }
  const where = rules.atLeast('1.31') ? ' per source' : '';
  if (Object.values(source).filter((one) => one !== undefined).length > 1) {
    errors.forbidden(at, `may not specify more than 1 volume type${where}`);
  }
}

function validateFiles(
  errors: FieldErrors,
  at: string,
  { name = '', items }: { name?: string; items?: KeyToPath[] },
  paths: UniquePaths,
): void {
  if (name === '') errors.required(`${at}.name`);
  keysToPaths(errors, at, items);
  for (const { path } of items ?? []) if (path) paths.add(path, name);
}

function validateToken(
  { path = '', expirationSeconds, user }: ServiceAccountTokenProjection,
  volume: string,
  at: string,
  { errors, rules, old }: SourceContext,
): void {
  if (rules.before('1.14') && !rules.gate('TokenRequestProjection')) {
    errors.forbidden(at, 'TokenRequestProjection feature is not enabled');
  }
  if (expirationSeconds !== undefined && expirationSeconds < 600) {
    const detail = 'may not specify a duration less than 10 minutes';
    errors.invalid(`${at}.expirationSeconds`, expirationSeconds, detail);
  }
  if (expirationSeconds !== undefined && expirationSeconds > 2 ** 32) {
    const detail = 'may not specify a duration larger than 2^32 seconds';
    errors.invalid(`${at}.expirationSeconds`, expirationSeconds, detail);
  }
  userId(errors, `${at}.user`, user);
  if (path === '') errors.required(`${volume}.path`);
  else if (!hasOddTokenPath(old)) nonReserved(errors, `${volume}.path`, path);
}

/** A Pod from before the rule may keep its path. */
function hasOddTokenPath(old: PodSpec | undefined): boolean {
  const errors = new FieldErrors();
  for (const { projected: volume } of old?.volumes ?? []) {
    for (const { serviceAccountToken } of volume?.sources ?? []) {
      nonReserved(errors, 'path', serviceAccountToken?.path ?? '');
    }
  }
  return errors.count > 0;
}
