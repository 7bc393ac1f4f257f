import { type Document, parseAllDocuments } from 'yaml';
import { ApiError } from './api-error.ts';
import type { FieldValidation } from './decode.ts';
import { describe } from './go-types.ts';
import type { Manifest } from './object.ts';
import { aliasError, pathAt, syntaxError, TOO_DEEP, twiceError } from './yaml-errors.ts';
import { kubernetesYaml } from './yaml-schema.ts';

/** What the API server takes as one request. */
const MAX_BYTES = 3 * 1024 * 1024;
/** Of a whole text: more than anybody writes. */
const MAX_TEXT = 64 * 1024 * 1024;
const MAX_ALIASES = 100;

/** One object of a manifest, as it is given. */
export interface GivenDocument {
  readonly content: unknown;
  /** What a strict reader finds in its text: fields that are there twice. The last one counts. */
  readonly strict: readonly string[];
}

/**
 * The objects of a manifest: YAML text (any number of documents), an object, or a list; `List` kinds are taken apart. Fields that are
 * there twice are an error if `strict`, as kubectl has it; in JSON, where the API server finds them, they come with the document.
 * Throws ApiError BadRequest, with line and column, for what is not YAML, and RequestEntityTooLarge beyond 3 MiB a document.
 */
export function documentsOf(
  manifest: Manifest,
  validation: FieldValidation = 'strict',
): GivenDocument[] {
  if (typeof manifest === 'string') return parse(manifest, validation).flatMap(itemsOf);
  if (Array.isArray(manifest)) return manifest.flatMap((one) => itemsOf(given(one)));
  if (typeof manifest !== 'object' || manifest === null) {
    throw ApiError.badRequest(
      `a manifest is YAML text, an object or a list, not ${typeName(manifest)}`,
    );
  }
  return itemsOf(given(manifest));
}

function given(content: unknown): GivenDocument {
  return { content, strict: [] };
}

/** A `List`, or the list of one kind, whose entries need not say of which. */
function itemsOf(document: GivenDocument): GivenDocument[] {
  const { content, strict } = document;
  if (typeof content !== 'object' || content === null) return [document];
  const { apiVersion, kind, items } = content as { [field: string]: unknown };
  if (typeof kind !== 'string' || !kind.endsWith('List')) return [document];
  if (kind === 'List' && (items === undefined || items === null)) return [];
  if (kind === 'List' && !Array.isArray(items)) {
    throw ApiError.badRequest(
      `json: cannot unmarshal ${describe(items)} into Go struct field List.items of type []runtime.RawExtension`,
    );
  }
  if (!Array.isArray(items)) return [document];
  const one = kind === 'List' ? {} : { apiVersion, kind: kind.slice(0, -'List'.length) };
  return items.flatMap((item: unknown) => {
    const isObject = typeof item === 'object' && item !== null && !Array.isArray(item);
    return itemsOf({ content: isObject ? { ...one, ...item } : item, strict });
  });
}

function parse(text: string, validation: FieldValidation): GivenDocument[] {
  if (text.length > MAX_TEXT) throw tooLarge(MAX_TEXT);
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  try {
    const documents = parseAllDocuments(source, {
      version: '1.1',
      schema: kubernetesYaml() as never,
      logLevel: 'silent',
      strict: true,
      // Places are looked for where something is wrong.
      prettyErrors: false,
    });
    if (!Array.isArray(documents)) return [];
    return documents
      .map((document) => contentOf(document, source, validation))
      .filter(({ content }) => content !== null && content !== undefined);
  } catch (error) {
    // The reader calls itself for each level.
    if (!(error instanceof RangeError)) throw error;
    throw ApiError.badRequest(TOO_DEEP);
  }
}

function tooLarge(limit: number): ApiError {
  return new ApiError('RequestEntityTooLarge', `Request entity too large: limit is ${limit}`);
}

function contentOf(
  document: Document.Parsed,
  source: string,
  validation: FieldValidation,
): GivenDocument {
  const [from, , to] = document.range;
  if (to - from > MAX_BYTES) throw tooLarge(MAX_BYTES);
  const twice = document.errors.filter(({ code }) => code === 'DUPLICATE_KEY');
  const [wrong] = document.errors.filter(({ code }) => code !== 'DUPLICATE_KEY');
  if (wrong) throw ApiError.badRequest(syntaxError(wrong, source));
  const isJson = source.slice(from, to).trimStart().startsWith('{');
  const [first] = twice;
  if (first && !isJson && validation === 'strict') {
    throw ApiError.badRequest(twiceError(twice, source));
  }
  const strict = twice.map((one) => `duplicate field "${pathAt(document, one.pos[0])}"`);
  try {
    return { content: document.toJS({ maxAliasCount: MAX_ALIASES }), strict };
  } catch (error) {
    if (!(error instanceof Error) || error instanceof RangeError) throw error;
    throw ApiError.badRequest(aliasError(error.message, document, source));
  }
}

function typeName(value: unknown): string {
  return value === null ? 'null' : typeof value;
}
