import { type Document, parseAllDocuments, type Tags, type YAMLParseError } from 'yaml';
import { ApiError } from './api-error.ts';
import type { Manifest } from './object.ts';

/** As the API server's limit of a request. */
const MAX_BYTES = 3 * 1024 * 1024;
const MAX_ALIASES = 100;

/** What YAML 1.1 reads as a time or in base 60 is a text for Kubernetes' YAML. */
function customTags(tags: Tags): Tags {
  return tags.filter((tag) => {
    if (typeof tag === 'string') return true;
    return tag.tag !== 'tag:yaml.org,2002:timestamp' && tag.format !== 'TIME';
  });
}

/**
 * The objects of a manifest: YAML text (any number of documents), an object, or a list; `List` kinds are taken apart. Throws
 * ApiError BadRequest, with the line, for what is not YAML, and RequestEntityTooLarge beyond 3 MiB. Reads YAML 1.1, as
 * Kubernetes does: `0644` is octal, `yes` is true.
 */
export function documentsOf(manifest: Manifest): unknown[] {
  if (typeof manifest === 'string') return parse(manifest).flatMap(itemsOf);
  if (Array.isArray(manifest)) return manifest.flatMap(itemsOf);
  if (typeof manifest !== 'object' || manifest === null) {
    throw ApiError.badRequest(
      `a manifest is YAML text, an object or a list, not ${typeName(manifest)}`,
    );
  }
  return itemsOf(manifest);
}

function itemsOf(document: unknown): unknown[] {
  if (typeof document !== 'object' || document === null) return [document];
  const { kind, items } = document as { kind?: unknown; items?: unknown };
  const isList = typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
  return isList ? (items as unknown[]).flatMap(itemsOf) : [document];
}

function parse(text: string): unknown[] {
  if (text.length > MAX_BYTES) {
    throw new ApiError(
      'RequestEntityTooLarge',
      `Request entity too large: limit is ${MAX_BYTES} bytes`,
    );
  }
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  try {
    const documents = parseAllDocuments(source, {
      version: '1.1',
      customTags,
      logLevel: 'silent',
      strict: true,
    });
    if (!Array.isArray(documents)) return [];
    return documents
      .map((document) => contentOf(document, source))
      .filter((value) => value !== null && value !== undefined);
  } catch (error) {
    // The reader calls itself for each level.
    if (!(error instanceof RangeError)) throw error;
    throw ApiError.badRequest('error converting YAML to JSON: yaml: exceeded max depth');
  }
}

function contentOf(document: Document.Parsed, source: string): unknown {
  const [error] = document.errors;
  if (error) throw yamlError(error, source);
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    if (!(error instanceof Error) || error instanceof RangeError) throw error;
    throw ApiError.badRequest(`error converting YAML to JSON: yaml: ${error.message}`);
  }
}

function yamlError({ code, message, linePos, pos }: YAMLParseError, source: string): ApiError {
  const [{ line, col }] = linePos ?? [{ line: 1, col: 1 }];
  const start = `error converting YAML to JSON: yaml: `;
  // Where it gave up says how much stack there was, and nothing of the text.
  if (/call stack/.test(message)) return ApiError.badRequest(`${start}exceeded max depth`);
  if (code === 'DUPLICATE_KEY') {
    const key = /^["']?([^:"'\s]*)/.exec(source.slice(pos[0]))?.[1] ?? '';
    const what = `line ${line}: key ${JSON.stringify(key)} already set in map`;
    return ApiError.badRequest(`${start}unmarshal errors:\n  ${what} (column ${col})`);
  }
  const [first = ''] = message.split('\n');
  const text = first.replace(/ at line \d+, column \d+:?$/, '');
  return ApiError.badRequest(`${start}line ${line}: ${text} (column ${col})`);
}

function typeName(value: unknown): string {
  return value === null ? 'null' : typeof value;
}
