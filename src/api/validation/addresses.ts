import type { FieldErrors } from '../field-errors.ts';

const IP_TEXT = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';

/** An IP address of either family. */
export function validateAddress(errors: FieldErrors, field: string, address: string): void {
  if (!isAddress(address)) errors.invalid(field, address, IP_TEXT);
}

function isAddress(text: string): boolean {
  if (/^\d+(\.\d+){3}$/.test(text)) return text.split('.').every((part) => Number(part) <= 255);
  const halves = text.split('::');
  const groups = text.split(':').filter((group) => group !== '');
  if (halves.length > 2 || !groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  if (halves.length === 2) return groups.length <= 7;
  return groups.length === 8 && text.split(':').length === 8;
}

const SPECIAL: readonly (readonly [shape: RegExp, detail: string])[] = [
  [/^(127\..*|::1)$/, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  [
    /^(169\.254\..*|fe[89ab][0-9a-f]:.*)$/i,
    'may not be in the link-local range (169.254.0.0/16, fe80::/10)',
  ],
  [
    /^(224\.0\.0\..*|ff[0-9a-f]2:.*)$/i,
    'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)',
  ],
];

/** An address that something else can reach. Models ValidateNonSpecialIP. */
export function validateReachableAddress(
  errors: FieldErrors,
  field: string,
  address: string,
): void {
  if (!isAddress(address)) return errors.invalid(field, address, 'must be a valid IP address');
  if (/^(0\.0\.0\.0|[0:]+)$/.test(address)) {
    errors.invalid(field, address, `may not be unspecified (${address})`);
  }
  for (const [shape, detail] of SPECIAL) {
    if (shape.test(address)) errors.invalid(field, address, detail);
  }
}
