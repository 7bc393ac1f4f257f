import { ApiError } from './api-error.ts';

type Labels = Readonly<Record<string, string>>;

/** Whether labels match a selector: `a=b,c!=d,e in (f,g),h notin (i),j,!k`. BadRequest for one that cannot be read. */
export function matchesLabels(selector: string, labels: Labels): boolean {
  return splitTerms(selector).every((term) => matchesTerm(term.trim(), labels));
}

function splitTerms(selector: string): string[] {
  return selector.split(/,(?![^(]*\))/).filter((term) => term.trim() !== '');
}

function matchesTerm(term: string, labels: Labels): boolean {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(term);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    const value = labels[key];
    return operator === 'in' ? value !== undefined && values.includes(value) : value === undefined || !values.includes(value);
  }
  const equal = /^([^!=\s]+)\s*(==|=|!=)\s*([^!=\s]*)$/.exec(term);
  if (equal) {
    const [, key = '', operator, value] = equal;
    return operator === '!=' ? labels[key] !== value : labels[key] === value;
  }
  const exists = /^(!?)([^!=\s()]+)$/.exec(term);
  if (!exists) throw new ApiError('BadRequest', `unable to parse requirement: ${term}`);
  return (labels[exists[2] ?? ''] === undefined) === (exists[1] === '!');
}

/** Whether an object matches `metadata.name=x,status.phase!=Running`. */
export function matchesFields(selector: string, object: object): boolean {
  return selector.split(',').filter(Boolean).every((term) => {
    const match = /^([\w.]+)(==|=|!=)(.*)$/.exec(term.trim());
    if (!match) throw new ApiError('BadRequest', `invalid field selector: ${term}`);
    const [, path = '', operator, wanted] = match;
    const found = path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], object) ?? '';
    return (String(found) === wanted) === (operator !== '!=');
  });
}

/** metav1.LabelSelector. An absent one matches nothing, an empty one everything. */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}

/** Whether labels match a metav1.LabelSelector. */
export function matchesLabelSelector(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
  if (selector === undefined) return false;
  const equal = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return equal && (selector.matchExpressions ?? []).every(({ key, operator, values = [] }) => {
    const value = labels[key];
    if (operator === 'Exists') return value !== undefined;
    if (operator === 'DoesNotExist') return value === undefined;
    const inside = value !== undefined && values.includes(value);
    return operator === 'In' ? inside : !inside;
  });
}
