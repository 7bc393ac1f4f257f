import { quoted } from '../base/index.ts';
import { ApiError } from './api-error.ts';
import { isKnownKind, kindInfo } from './kinds.ts';
import type { StoredObject } from './objects.ts';

/** Fields of kinds that a selector may name, beside name and namespace. After a colon: where it is, if it is elsewhere. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Pod: [
    'spec.nodeName',
    'spec.host:spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs:',
    'status.nominatedNodeName',
  ],
  Node: ['spec.unschedulable'],
  Namespace: ['status.phase'],
  Secret: ['type'],
  Service: ['spec.clusterIP', 'spec.type'],
  ReplicationController: ['status.replicas'],
  Job: ['status.successful:status.succeeded'],
  CertificateSigningRequest: ['spec.signerName'],
  Event: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source:source.component',
    'type',
  ],
};

/** What such a field is when nobody set it; others are empty. */
const ABSENT: Readonly<Record<string, string>> = {
  'spec.hostNetwork': 'false',
  'spec.unschedulable': 'false',
  'status.replicas': '0',
  'status.succeeded': '0',
};

/**
 * Reads a field selector in its text form: `metadata.name=a,spec.nodeName!=n`. Throws ApiError BadRequest in the API server's words: each
 * kind has a few fields that may be named. Models apimachinery's pkg/fields/selector.go and the kinds' conversion.go and strategy.go.
 */
export function parseFieldSelector(kind: string, text: string): (object: StoredObject) => boolean {
  const terms = splitTerms(text).filter((term) => term !== '');
  const tests = terms.sort().map((term) => {
    const match = /^(.*?)(!=|==|=)(.*)$/s.exec(term);
    if (!match) {
      throw ApiError.badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    }
    const [, label = '', operator, value = ''] = match;
    const wanted = unescaped(value);
    const path = pathOf(kind, label);
    return (object: StoredObject) => (fieldAt(object, path) === wanted) === (operator !== '!=');
  });
  return (object) => tests.every((test) => test(object));
}

/** At commas that have no backslash before them. */
function splitTerms(text: string): string[] {
  return text.match(/(?:\\.|[^,\\]|\\$)+/gs) ?? [];
}

function unescaped(value: string): string {
  const others = value.replace(/\\[\\,=]/g, '');
  const [wrong] = /\\.?/s.exec(others) ?? [];
  if (wrong !== undefined) {
    throw ApiError.badRequest(`invalid field selector: invalid escape sequence: ${wrong}`);
  }
  const bare = /[,=]/.exec(others);
  if (bare) {
    throw ApiError.badRequest(
      `invalid field selector: unescaped character in value: ${bare[0].charCodeAt(0)}`,
    );
  }
  return value.replace(/\\([\\,=])/g, '$1');
}

function pathOf(kind: string, label: string): string {
  const { namespaced } = kindInfo(kind);
  const fields = Object.hasOwn(FIELDS, kind) ? FIELDS[kind] : undefined;
  if (label === 'metadata.name') return label;
  if (label === 'metadata.namespace' && (namespaced || !fields)) return label;
  const found = fields?.find((field) => field === label || field.startsWith(`${label}:`));
  if (found !== undefined) return found.slice(found.indexOf(':') + 1);
  throw ApiError.badRequest(unsupported(kind, label, fields !== undefined));
}

function unsupported(kind: string, label: string, hasFields: boolean): string {
  if (kind === 'Job') return `field label ${quoted(label)} not supported for Job`;
  const isCustom = !isKnownKind(kind) || kindInfo(kind).group === 'snapshot.storage.k8s.io';
  if (hasFields || isCustom) return `field label not supported: ${label}`;
  return `${quoted(label)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

function fieldAt(object: StoredObject, path: string): string {
  if (path === '') return '';
  let value: unknown = object;
  for (const name of path.split('.')) {
    const there = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    value = there ? (value as Record<string, unknown>)[name] : undefined;
  }
  return value === undefined || value === null ? (ABSENT[path] ?? '') : String(value);
}
