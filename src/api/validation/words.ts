import type { VersionRules } from '../versions.ts';
import { LABEL_TEXT } from './names.ts';

const REGEX =
  /(?:a (?:DNS-\d+|valid)|must consist) [^(]*\(e\.g\. (.*?), regex used for validation is '(.*?)'\)/s;

/**
 * The rules speak as the newest version does; this gives what an older one said of names. Undefined where that is the same. Models the
 * history of apimachinery's util/validation.
 */
export function wordsOf(rules: VersionRules): ((text: string) => string) | undefined {
  if (rules.atLeast('1.27')) return undefined;
  return (text) => {
    const before127 = text.replace('must not contain dots', () => LABEL_TEXT);
    if (rules.atLeast('1.20')) return before127;
    const before120 = before127.replace('a lowercase RFC 1123 ', 'a DNS-1123 ');
    return rules.atLeast('1.6') ? before120 : before120.replace(REGEX, asOf15);
  };
}

function asOf15(_: string, examples: string, regex: string): string {
  return `must match the regex ${regex} (e.g. ${examples.replaceAll("',  or '", "' or '")})`;
}
