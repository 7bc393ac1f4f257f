/** What a name stands for; undefined: the reference stays as it is written. */
export type Mapping = (name: string) => string | undefined;

/**
 * Replaces `$(NAME)` in a text; `$$` is a `$`, so that `$$(NAME)` stays `$(NAME)`. Models
 * third_party/forked/golang/expansion.
 */
export function expand(text: string, mapping: Mapping): string {
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (reference, name: string | undefined) => {
    if (name === undefined) return '$';
    return mapping(name) ?? reference;
  });
}
