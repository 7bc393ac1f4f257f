import { type ScalarTag, Schema, type Tags } from 'yaml';

const named = (value: boolean | null, ...texts: string[]): [string, boolean | null][] =>
  texts.map((text) => [text, value]);

const NAMED: ReadonlyMap<string, boolean | number | null> = new Map<
  string,
  boolean | number | null
>([
  ...named(true, 'y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'),
  ...named(false, 'n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'),
  ...named(null, '', '~', 'null', 'Null', 'NULL'),
  ...['.nan', '.NaN', '.NAN'].map((text) => [text, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((text) => [text, Infinity] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((text) => [text, -Infinity] as const),
]);

const INTEGER = /^([-+]?)(?:0[xX]([\da-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(\d+))$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/** What a text without quotes is. */
function resolve(text: string): unknown {
  const value = NAMED.get(text);
  if (value !== undefined) return value;
  const plain = text.replaceAll('_', '');
  const [, sign, hex, binary, octal, decimal] = INTEGER.exec(plain) ?? [];
  if (sign !== undefined) {
    const digits = hex ?? binary ?? octal ?? decimal ?? '';
    const radix = hex ? 16 : binary ? 2 : octal ? 8 : 10;
    const whole = Number.parseInt(digits, radix);
    return sign === '-' && whole !== 0 ? -whole : whole;
  }
  const number = FLOAT.test(plain) ? Number(plain) : Number.NaN;
  return Number.isFinite(number) ? number : text;
}

/** Only what begins so can be anything but a text. One test, not one for each type. */
const HINT = /^(?:[-+.\d~yYnNtTfFoO]|$)/;

const plain: ScalarTag = { default: true, tag: 'tag:yaml.org,2002:plain', test: HINT, resolve };

/** Types that are named: `!!int "5"`. */
const byName: readonly ScalarTag[] = ['int', 'float', 'bool', 'null'].map((name) => {
  return { default: false, tag: `tag:yaml.org,2002:${name}`, resolve };
});

function isKept(tag: Tags[number]): boolean {
  return typeof tag !== 'string' && /:(?:map|seq|str|merge)$/.test(tag.tag);
}

/**
 * How Kubernetes' YAML reads what is not quoted: as YAML 1.1 (`0644` is octal, `yes` is true), without times and numbers in base 60, which
 * are texts. Models resolve.go of sigs.k8s.io/yaml's goyaml.v2.
 */
export function kubernetesYaml(): Schema {
  return new Schema({
    schema: 'yaml-1.1',
    merge: true,
    resolveKnownTags: false,
    customTags: (tags) => [...tags.filter(isKept), plain, ...byName],
  });
}
