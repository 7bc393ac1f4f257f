const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${QUALIFIED})?`;
const CONFIG_KEY = '[-._a-zA-Z0-9]+';

const ALPHANUMERIC = 'must start and end with an alphanumeric character';

function regexText(what: string, regex: string, ...examples: string[]): string {
  const eg = examples.map((example, at) =>
    at < examples.length - 1 ? `'${example}', ` : `'${example}'`,
  );
  return `${what} (e.g. ${eg.join(' or ')}, regex used for validation is '${regex}')`;
}

/** What is said of what is no label. */
export const LABEL_TEXT: string = regexText(
  `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and ${ALPHANUMERIC}`,
  LABEL,
  'my-name',
  '123-abc',
);
const SUBDOMAIN_TEXT = regexText(
  `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and ${ALPHANUMERIC}`,
  SUBDOMAIN,
  'example.com',
);
const QUALIFIED_TEXT = `must consist of alphanumeric characters, '-', '_' or '.', and ${ALPHANUMERIC}`;
const QUALIFIED_EXAMPLES = ['MyName', 'my.name', '123-abc'];
const KEY_TEXT = regexText(
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  CONFIG_KEY,
  'key.name',
  'KEY_NAME',
  'key-name',
);

/** A function that tells what is wrong with a name; nothing when it is good. Models apimachinery's util/validation. */
export type NameRule = (name: string) => string[];

function whole(regex: string): RegExp {
  return new RegExp(`^(?:${regex})$`);
}

const SHAPES = {
  label: whole(LABEL),
  subdomain: whole(SUBDOMAIN),
  qualified: whole(QUALIFIED),
  labelValue: whole(LABEL_VALUE),
  configKey: whole(CONFIG_KEY),
  rfc1035: whole('[a-z]([-a-z0-9]*[a-z0-9])?'),
} as const;

function matches(shape: keyof typeof SHAPES, text: string): boolean {
  return SHAPES[shape].test(text);
}

/** What is wrong with a text that is longer. */
export function maxLength(text: string, limit: number): string[] {
  return text.length > limit ? [`must be no more than ${limit} characters`] : [];
}

/** RFC 1123 label: up to 63 characters. */
export function isLabel(name: string): string[] {
  const errors = maxLength(name, 63);
  if (matches('label', name)) return errors;
  // A good subdomain that is no label has dots, and that is what one is told.
  return [...errors, matches('subdomain', name) ? 'must not contain dots' : LABEL_TEXT];
}

/** RFC 1123 subdomain: up to 253 characters. */
export function isSubdomain(name: string): string[] {
  return [...maxLength(name, 253), ...(matches('subdomain', name) ? [] : [SUBDOMAIN_TEXT])];
}

/** A label key, an annotation key, a resource: `example.com/MyName`. */
export function isQualifiedName(name: string): string[] {
  if (name.length <= 63 && matches('qualified', name)) return [];
  const parts = name.split('/');
  if (parts.length > 2) {
    const text = regexText(`a qualified name ${QUALIFIED_TEXT}`, QUALIFIED, ...QUALIFIED_EXAMPLES);
    return [`${text} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const errors: string[] = [];
  const own = parts.at(-1) ?? '';
  const [prefix = ''] = parts;
  if (parts.length === 2) {
    if (prefix === '') errors.push('prefix part must be non-empty');
    else errors.push(...isSubdomain(prefix).map((error) => `prefix part ${error}`));
  }
  if (own === '') errors.push('name part must be non-empty');
  else errors.push(...maxLength(own, 63).map((error) => `name part ${error}`));
  if (!matches('qualified', own)) {
    errors.push(`name part ${regexText(QUALIFIED_TEXT, QUALIFIED, ...QUALIFIED_EXAMPLES)}`);
  }
  return errors;
}

/** The value of a label. */
export function isLabelValue(value: string): string[] {
  if (matches('labelValue', value)) return maxLength(value, 63);
  const what = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and ${ALPHANUMERIC}`;
  return [...maxLength(value, 63), regexText(what, LABEL_VALUE, 'MyValue', 'my_value', '12345')];
}

/** A key of a ConfigMap or Secret. */
export function isConfigKey(key: string): string[] {
  const errors = maxLength(key, 253);
  if (!matches('configKey', key)) errors.push(KEY_TEXT);
  if (key === '.') return [...errors, "must not be '.'"];
  if (key === '..') return [...errors, "must not be '..'"];
  return key.startsWith('..') ? [...errors, "must not start with '..'"] : errors;
}

/** RFC 1035 label: a Service's name. */
export function isRfc1035Label(name: string): string[] {
  const regex = '[a-z]([-a-z0-9]*[a-z0-9])?';
  const what =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
  const good = matches('rfc1035', name);
  return [...maxLength(name, 63), ...(good ? [] : [regexText(what, regex, 'my-name', 'abc-123')])];
}

const OLD_DRIVER = '^[a-zA-Z0-9][-a-zA-Z0-9_.]{0,61}[a-zA-Z-0-9]$';

/** A CSI driver's name, until 1.13. */
export function isOldDriverName(name: string): string[] {
  if (new RegExp(OLD_DRIVER).test(name)) return [];
  return [regexText(QUALIFIED_TEXT, OLD_DRIVER, 'csi-hostpath')];
}

const ENV_NAME = '[-._a-zA-Z][-._a-zA-Z0-9]*';

/** The name of an environment variable; `relaxed`: whatever is printed and has no `=`, as from 1.32. */
export function isEnvVarName(name: string, relaxed: boolean): string[] {
  if (relaxed) {
    if (/^[ -<>-~]*$/.test(name)) return [];
    return [
      "a valid environment variable name must consist only of printable ASCII characters other than '='",
    ];
  }
  const what =
    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit";
  const text = regexText(what, ENV_NAME, 'my.env-name', 'MY_ENV.NAME', 'MyEnvName1');
  const errors = whole(ENV_NAME).test(name) ? [] : [text];
  if (name === '.') return [...errors, "must not be '.'"];
  if (name === '..') return [...errors, "must not be '..'"];
  return name.startsWith('..') ? [...errors, "must not start with '..'"] : errors;
}

/** The name of a port. */
export function isPortName(name: string): string[] {
  const errors = maxLength(name, 15);
  if (!/^[-a-z0-9]+$/.test(name)) {
    errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  }
  if (!/[a-z]/.test(name)) errors.push('must contain at least one letter (a-z)');
  if (name.includes('--')) errors.push('must not contain consecutive hyphens');
  if (/^-|-$/.test(name)) errors.push('must not begin or end with a hyphen');
  return errors;
}

/** The number of a port. */
export function isPortNumber(port: number): string[] {
  return port >= 1 && port <= 65535 ? [] : ['must be between 1 and 65535, inclusive'];
}
