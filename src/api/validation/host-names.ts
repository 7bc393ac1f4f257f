import type { FieldErrors } from '../field-errors.ts';
import { GoValue, STRINGS } from '../go-syntax.ts';
import type { HostAlias, PodSpec } from '../types.ts';
import { validateAddress } from './addresses.ts';
import { isSubdomain } from './names.ts';

/** Models validatePodDNSConfig. */
export function validateDNSConfig(
  errors: FieldErrors,
  at: string,
  { dnsPolicy, dnsConfig }: PodSpec,
): void {
  const nameservers = dnsConfig?.nameservers ?? [];
  if (dnsPolicy === 'None' && !dnsConfig) {
    return errors.required(at, 'must provide `dnsConfig` when `dnsPolicy` is None');
  }
  if (dnsPolicy === 'None' && nameservers.length === 0) {
    const detail = 'must provide at least one DNS nameserver when `dnsPolicy` is None';
    return errors.required(`${at}.nameservers`, detail);
  }
  if (nameservers.length > 3) {
    errors.invalid(
      `${at}.nameservers`,
      new GoValue(nameservers, STRINGS),
      'must not have more than 3 nameservers',
    );
  }
  nameservers.forEach((address, index) => {
    validateAddress(errors, `${at}.nameservers[${index}]`, address);
  });
  validateSearches(errors, `${at}.searches`, dnsConfig?.searches ?? []);
  dnsConfig?.options?.forEach(({ name }, index) => {
    if (!name) errors.required(`${at}.options[${index}]`, 'must not be empty');
  });
}

function validateSearches(errors: FieldErrors, at: string, searches: readonly string[]): void {
  if (searches.length > 32)
    errors.invalid(at, new GoValue(searches, STRINGS), 'must not have more than 32 search paths');
  if (searches.join(' ').length > 2048) {
    const detail = 'must not have more than 2048 characters (including spaces) in the search list';
    errors.invalid(at, new GoValue(searches, STRINGS), detail);
  }
  searches.forEach((search, index) => {
    if (search === '.') return;
    const name = search.replace(/\.$/, '');
    // Underscores are fine in what is only looked up.
    for (const text of isSubdomain(name.replaceAll('_', 'a'))) {
      errors.invalid(`${at}[${index}]`, name, text);
    }
  });
}

/** Models ValidateHostAliases. */
export function validateHostAliases(
  errors: FieldErrors,
  at: string,
  aliases: readonly HostAlias[],
): void {
  aliases.forEach(({ ip = '', hostnames = [] }, index) => {
    validateAddress(errors, `${at}[${index}].ip`, ip);
    hostnames.forEach((name, at2) => {
      for (const text of isSubdomain(name)) {
        errors.invalid(`${at}[${index}].hostnames[${at2}]`, name, text);
      }
    });
  });
}
