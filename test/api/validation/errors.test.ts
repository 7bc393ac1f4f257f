import { describe, expect, test } from 'vitest';
import { errorStyleOf, FieldErrors } from '../../../src/api/field-errors.ts';
import { createVersionRules } from '../../../src/api/index.ts';

/** What one error says. */
function said(add: (errors: FieldErrors) => void): string {
  const errors = new FieldErrors();
  add(errors);
  return errors.toError('Pod', 'p')?.message.replace('Pod "p" is invalid: ', '') ?? '';
}

describe('errors of fields', () => {
  test.each<[string, (errors: FieldErrors) => void, string]>([
    ['Required', (errors) => errors.required('a.b'), 'a.b: Required value'],
    [
      'Required, with a detail',
      (errors) => errors.required('a', 'one of two'),
      'a: Required value: one of two',
    ],
    [
      'Invalid: strings as Go quotes them',
      (errors) => errors.invalid('a', '<"\n\u0001', 'no'),
      'a: Invalid value: "<\\"\\n\\x01": no',
    ],
    [
      'Invalid: numbers and bools bare',
      (errors) => errors.invalid('a', -1),
      'a: Invalid value: -1',
    ],
    [
      'Invalid: structs as JSON',
      (errors) => errors.invalid('a', { b: '<&>' }, 'no'),
      'a: Invalid value: {"b":"\\u003c\\u0026\\u003e"}: no',
    ],
    [
      'Invalid: nothing',
      (errors) => errors.invalid('a', undefined, 'no'),
      'a: Invalid value: null: no',
    ],
    ['Duplicate', (errors) => errors.duplicate('a[3]', 'x'), 'a[3]: Duplicate value: "x"'],
    [
      'Forbidden shows no value',
      (errors) => errors.forbidden('a[key]', 'no'),
      'a[key]: Forbidden: no',
    ],
    ['Not found', (errors) => errors.notFound('a', 'x'), 'a: Not found: "x"'],
    [
      'Unsupported, in the order given',
      (errors) => errors.notSupported('a', '<', ['b', 'A']),
      'a: Unsupported value: "\\u003c": supported values: "b", "A"',
    ],
    [
      'Too long, of one byte',
      (errors) => errors.tooLong('a', 1),
      'a: Too long: may not be more than 1 byte',
    ],
    ['Too long', (errors) => errors.tooLong('a', 63), 'a: Too long: may not be more than 63 bytes'],
    [
      'Too many',
      (errors) => errors.tooMany('a', 9, 8),
      'a: Too many: 9: must have at most 8 items',
    ],
  ])('%s', (_, add, text) => {
    expect(said(add)).toBe(text);
  });

  test('one is told, several are listed in the order of their discovery, the same once', () => {
    const errors = new FieldErrors();
    expect(errors.toError('Pod', 'p')).toBeUndefined();
    errors.required('b');
    errors.required('a');
    errors.required('b');
    const error = errors.toError('StorageClass', 'x', 'storage.k8s.io');
    expect(error).toMatchObject({ code: 422, reason: 'Invalid' });
    expect(error?.message).toBe(
      'StorageClass.storage.k8s.io "x" is invalid: [b: Required value, a: Required value]',
    );
    expect(error?.causes[0]).toEqual({
      field: 'b',
      reason: 'FieldValueRequired',
      message: 'Required value',
    });
  });

  test('1.8 does not quote values', () => {
    const errors = new FieldErrors(errorStyleOf(createVersionRules('1.8')));
    errors.notSupported('a', 'x', ['b', 'c']);
    errors.tooLong('a', 3);
    expect(errors.causes.map(({ message }) => message)).toEqual([
      'Unsupported value: "x": supported values: b, c',
      'Too long: must have at most 3 characters',
    ]);
  });
});
