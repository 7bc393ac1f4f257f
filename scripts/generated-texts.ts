import { schemas } from '../src/api/schema/registry.ts';
import { apiDocument } from './api-document.ts';
import { typesText } from './type-text.ts';

/** Files that follow from the schemas, by path. */
export function generatedTexts(): Record<string, string> {
  return { 'src/api/types.ts': typesText(schemas), 'docs/api.md': apiDocument() };
}
