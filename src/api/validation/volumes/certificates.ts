import type { FieldErrors } from '../../field-errors.ts';
import type { ClusterTrustBundleProjection, PodCertificateProjection } from '../../types.ts';
import { isLabel, isSubdomain } from '../names.ts';
import { nonReserved, userId } from '../paths.ts';
import { validateLabelSelector } from '../selectors.ts';
import type { UniquePaths } from './unique-paths.ts';

/** V37k–V37n: certificates that are trusted. */
export function validateBundle(
  errors: FieldErrors,
  at: string,
  bundle: ClusterTrustBundleProjection,
  paths: UniquePaths,
): void {
  const { name, signerName, labelSelector, path = '', user } = bundle;
  if (name !== undefined && signerName !== undefined) {
    errors.invalid(at, bundle, 'only one of name and signerName may be used');
  } else if (name !== undefined) {
    if (name === '') errors.required(`${at}.name`, 'must be a valid object name');
    // Before the last colon is the signer that it belongs to.
    for (const text of isSubdomain(name.slice(name.lastIndexOf(':') + 1))) {
      errors.invalid(`${at}.name`, name, `not a valid clustertrustbundlename: ${text}`);
    }
    if (labelSelector) {
      const detail = 'labelSelector must be unset if name is specified';
      errors.invalid(`${at}.labelSelector`, labelSelector, detail);
    }
  } else if (signerName !== undefined) {
    if (signerName === '') errors.required(`${at}.signerName`, 'must be a valid signer name');
    validateSignerName(errors, `${at}.signerName`, signerName);
    validateLabelSelector(errors, `${at}.labelSelector`, labelSelector);
  } else errors.required(at, 'either name or signerName must be specified');
  if (path === '') errors.required(`${at}.path`);
  else nonReserved(errors, `${at}.path`, path);
  userId(errors, `${at}.user`, user);
  paths.add(path, path);
}

const KEY_TYPES = ['RSA3072', 'RSA4096', 'ECDSAP256', 'ECDSAP384', 'ECDSAP521', 'ED25519'];
const HOUR = 3600;
const MAX_CERTIFICATE_SECONDS = 91 * 24 * HOUR;

/** V37o–V37q: a certificate of the Pod. */
export function validateCertificate(
  errors: FieldErrors,
  at: string,
  certificate: PodCertificateProjection,
  paths: UniquePaths,
): void {
  const { signerName = '', keyType = '' } = certificate;
  validateSignerName(errors, `${at}.signerName`, signerName);
  if (!KEY_TYPES.includes(keyType)) errors.notSupported(`${at}.keyType`, keyType, KEY_TYPES);
  validateSeconds(errors, `${at}.maxExpirationSeconds`, certificate);
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

function validateSeconds(
  errors: FieldErrors,
  field: string,
  { signerName = '', maxExpirationSeconds: seconds }: PodCertificateProjection,
): void {
  if (seconds === undefined) return;
  const [domain = ''] = signerName.split('/');
  // Kubernetes' own signers give less.
  const own = domain === 'kubernetes.io' || domain.endsWith('.kubernetes.io');
  const most = own ? 24 * HOUR : MAX_CERTIFICATE_SECONDS;
  if (seconds < HOUR) {
    errors.invalid(field, seconds, `if provided, maxExpirationSeconds must be >= ${HOUR}`);
  } else if (seconds > most) {
    errors.invalid(field, seconds, `if provided, maxExpirationSeconds must be <= ${most}`);
  }
}

const LONGEST_SIGNER = 253 + 1 + 253 + 63 + 1;

/** `example.com/signer-name`. Models ValidateSignerName of pkg/apis/certificates. */
function validateSignerName(errors: FieldErrors, field: string, name: string): void {
  if (name === '') errors.required(field);
  const [domain = '', path = '', ...more] = name.split('/');
  if (!name.includes('/') || more.length > 0) {
    const form = "'example.com/signer-name'";
    const detail = `must be a fully qualified domain and path of the form ${form}`;
    return errors.invalid(field, name, detail);
  }
  if (domain.length > 253) errors.tooLong(field, 253);
  const labels = domain.split('.');
  validateParts(errors, field, domain, labels, isLabel);
  if (labels.length < 2) {
    const detail = 'should be a domain with at least two segments separated by dots';
    errors.invalid(field, domain, detail);
  }
  validateParts(errors, field, path, path.split('.'), isSubdomain);
  if (name.length > LONGEST_SIGNER) errors.tooLong(field, LONGEST_SIGNER);
}

/** The first that is wrong is told. */
function validateParts(
  errors: FieldErrors,
  field: string,
  whole: string,
  parts: readonly string[],
  rule: (part: string) => string[],
): void {
  const wrong = parts.find((part) => rule(part).length > 0);
  if (wrong === undefined) return;
  for (const text of rule(wrong)) {
    errors.invalid(field, whole, `validating label ${JSON.stringify(wrong)}: ${text}`);
  }
}
