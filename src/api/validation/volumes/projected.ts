import { FieldErrors } from '../../field-errors.ts';
import type {
  ClusterTrustBundleProjection,
  KeyToPath,
  PodCertificateProjection,
  PodSpec,
  ProjectedVolumeSource,
  ServiceAccountTokenProjection,
  VolumeProjection,
} from '../../types.ts';
import { isSubdomain } from '../names.ts';
import { fileMode, nonReserved } from '../paths.ts';
import { validateLabelSelector } from '../selectors.ts';
import type { SourceContext, SourceRule } from './context.ts';
import { downwardAPI } from './downward.ts';
import { keysToPaths } from './files.ts';

/** The paths of the whole volume: no two may be the same text. */
class Paths {
  readonly #errors: FieldErrors;
  readonly #at: string;
  readonly #seen = new Set<string>();

  constructor(errors: FieldErrors, at: string) {
    this.#errors = errors;
    this.#at = at;
  }

  /** `shown`: the value in the error. */
  add(path: string | undefined, shown: string): void {
    if (!path) return;
    if (this.#seen.has(path)) this.#errors.invalid(this.#at, shown, 'conflicting duplicate paths');
    else this.#seen.add(path);
  }
}

/** V37. */
export const projected: SourceRule<ProjectedVolumeSource> = (source, at, context) => {
  const { errors } = context;
  fileMode(errors, `${at}.defaultMode`, source.defaultMode);
  const paths = new Paths(errors, at);
  source.sources?.forEach((one, index) => {
    validateSource(one, at, `${at}.sources[${index}]`, paths, context);
  });
};

function validateSource(
  source: VolumeProjection,
  volume: string,
  at: string,
  paths: Paths,
  context: SourceContext,
): void {
  const { errors, rules } = context;
  let kinds = 0;
  const another = (): void => {
    const where = rules.atLeast('1.29') ? ' per source' : '';
    if (kinds++ > 0) errors.forbidden(at, `may not specify more than 1 volume type${where}`);
  };
  for (const field of ['secret', 'configMap'] as const) {
    const files = source[field];
    if (!files) continue;
    another();
    validateFiles(errors, `${at}.${field}`, files, paths);
  }
  if (source.downwardAPI) {
    another();
    downwardAPI(source.downwardAPI, `${at}.downwardAPI`, context);
    for (const { path = '' } of source.downwardAPI.items ?? []) paths.add(path, path);
  }
  if (source.serviceAccountToken) {
    another();
    validateToken(source.serviceAccountToken, volume, `${at}.serviceAccountToken`, context);
  }
  if (source.clusterTrustBundle) {
    another();
    validateBundle(errors, `${at}.clusterTrustBundle`, source.clusterTrustBundle, paths);
  }
  if (source.podCertificate) {
    another();
    validateCertificate(errors, `${at}.podCertificate`, source.podCertificate, paths);
  }
}

function validateFiles(
  errors: FieldErrors,
  at: string,
  { name = '', items }: { name?: string; items?: KeyToPath[] },
  paths: Paths,
): void {
  if (name === '') errors.required(`${at}.name`);
  keysToPaths(errors, at, items);
  for (const { path } of items ?? []) paths.add(path, name);
}

function validateToken(
  { path = '', expirationSeconds }: ServiceAccountTokenProjection,
  volume: string,
  at: string,
  { errors, rules, old }: SourceContext,
): void {
  if (rules.before('1.13') && !rules.gate('TokenRequestProjection')) {
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

function validateBundle(
  errors: FieldErrors,
  at: string,
  bundle: ClusterTrustBundleProjection,
  paths: Paths,
): void {
  const { name, signerName, labelSelector, path = '' } = bundle;
  if (name !== undefined && signerName !== undefined) {
    errors.invalid(at, bundle, 'only one of name and signerName may be used');
  } else if (name !== undefined) {
    if (name === '') errors.required(`${at}.name`, 'must be a valid object name');
    else {
      for (const text of isSubdomain(name.replaceAll(':', '.'))) {
        errors.invalid(`${at}.name`, name, `not a valid clustertrustbundlename: ${text}`);
      }
    }
    if (labelSelector) {
      const detail = 'labelSelector must be unset if name is specified';
      errors.invalid(`${at}.labelSelector`, labelSelector, detail);
    }
  } else if (signerName !== undefined) {
    if (signerName === '') errors.required(`${at}.signerName`, 'must be a valid signer name');
    validateLabelSelector(errors, `${at}.labelSelector`, labelSelector);
  } else errors.required(at, 'either name or signerName must be specified');
  if (path === '') errors.required(`${at}.path`);
  else nonReserved(errors, `${at}.path`, path);
  paths.add(path, path);
}

const KEY_TYPES = ['RSA3072', 'RSA4096', 'ECDSAP256', 'ECDSAP384', 'ECDSAP521', 'ED25519'];
const HOUR = 3600;
const MAX_CERTIFICATE_SECONDS = 91 * 24 * HOUR;

function validateCertificate(
  errors: FieldErrors,
  at: string,
  certificate: PodCertificateProjection,
  paths: Paths,
): void {
  const { signerName, keyType = '', maxExpirationSeconds: seconds } = certificate;
  if (!signerName) errors.required(`${at}.signerName`, 'must be a valid signer name');
  if (!KEY_TYPES.includes(keyType)) errors.notSupported(`${at}.keyType`, keyType, KEY_TYPES);
  const field = `${at}.maxExpirationSeconds`;
  if (seconds !== undefined && seconds < HOUR) {
    const detail = `if provided, maxExpirationSeconds must be >= ${HOUR}`;
    errors.invalid(field, seconds, detail);
  } else if (seconds !== undefined && seconds > MAX_CERTIFICATE_SECONDS) {
    const detail = `if provided, maxExpirationSeconds must be <= ${MAX_CERTIFICATE_SECONDS}`;
    errors.invalid(field, seconds, detail);
  }
  const fields = ['credentialBundlePath', 'keyPath', 'certificateChainPath'] as const;
  if (!fields.some((name) => certificate[name])) {
    const detail =
      'specify at least one of credentialBundlePath, keyPath, and certificateChainPath';
    errors.required(at, detail);
  }
  for (const name of fields) {
    const path = certificate[name];
    if (!path) continue;
    nonReserved(errors, `${at}.${name}`, path);
    paths.add(path, path);
  }
}
