/** What differs from run to run though nothing else does. Each is found anywhere in a text. */
const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const TIME = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| \+0000 UTC)/g;
/** A directory of the atomic writer. */
const GENERATION = /\.\.\d{4}(?:_\d\d){5}\.\d+/g;
const TOKEN = /\b[\w-]{16,}\.[\w-]{16,}\.[\w-]{16,}\b/g;
const LEFT_OUT: ReadonlySet<string> = new Set(['resourceVersion', 'managedFields']);

/**
 * Takes uids and times out of a state, so that two runs can be compared: a uid becomes the name of its object, or a number by
 * where it is first met.
 */
export class Anonymous {
  readonly #uids = new Map<string, string>();
  readonly #generations = new Map<string, string>();

  /** From now on this uid has this name. */
  name(uid: string, name: string): void {
    this.#uids.set(uid, `<uid of ${name}>`);
  }

  text(text: string): string {
    return text
      .replace(UID, (uid) => labelled(this.#uids, uid, 'uid'))
      .replace(GENERATION, (name) => `..${labelled(this.#generations, name, 'generation')}`)
      .replace(TOKEN, '<token>')
      .replace(TIME, '<time>');
  }

  /** The same for all texts in a plain value, and for names of fields. */
  value(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((one) => this.value(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([field]) => !LEFT_OUT.has(field))
        .map(([field, one]) => [this.text(field), this.value(one)]),
    );
  }
}

function labelled(known: Map<string, string>, text: string, what: string): string {
  const label = known.get(text) ?? `<${what} ${known.size + 1}>`;
  known.set(text, label);
  return label;
}
