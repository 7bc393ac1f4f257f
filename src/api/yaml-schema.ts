import { type ScalarTag, Schema, type Tags } from 'yaml';

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** The package reads `e1` and `.` as numbers that are none. One beyond all numbers is a text. */
const float: ScalarTag = {
  default: true,
  tag: 'tag:yaml.org,2002:float',
  test: FLOAT,
  resolve: (text) => {
    const value = Number(text.replaceAll('_', ''));
    return Number.isFinite(value) ? value : text;
  },
};

/** Go takes this form of octal numbers too. */
const octal: ScalarTag = {
  default: true,
  tag: 'tag:yaml.org,2002:int',
  test: /^[-+]?0o[0-7][0-7_]*$/,
  resolve: (text) => {
    const value = Number.parseInt(text.replace(/^[-+]?0o/, '').replaceAll('_', ''), 8);
    return text.startsWith('-') ? -value : value;
  },
};

const FLOATS = 'tag:yaml.org,2002:float';
const UNUSED = new Set(['timestamp', 'binary', 'omap', 'pairs', 'set']);

function isUsed(tag: Tags[number]): boolean {
  if (typeof tag === 'string') return true;
  const isNumber = tag.tag === FLOATS && !('test' in tag && tag.test?.test('.inf'));
  const name = tag.tag.slice(tag.tag.lastIndexOf(':') + 1);
  return !isNumber && !UNUSED.has(name) && !('format' in tag && tag.format === 'TIME');
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
    customTags: (tags) => [...tags.filter(isUsed), octal, float],
  });
}
