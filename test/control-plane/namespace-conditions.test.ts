import { expect, test } from 'vitest';
import { namespaceConditions } from '../../src/control-plane/namespace-conditions.ts';

const pods = (count: number, finalizers: readonly string[] = []) =>
  Array.from({ length: count }, (_, i) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `p${i}`, finalizers },
  })) as unknown as Parameters<typeof namespaceConditions>[1];

/** `status message since`, in seconds, of one condition. */
function told(conditions: ReturnType<typeof namespaceConditions>, type: string): string {
  const found = conditions.find((one) => one.type === type);
  return `${found?.status} ${found?.message} ${Date.parse(found?.lastTransitionTime ?? '') / 1000}`;
}

test('what is left of a namespace is told anew, and since when only where the status is another', () => {
  const remaining = 'NamespaceContentRemaining';
  const first = namespaceConditions([], pods(2), 1000);
  const left = (count: number) =>
    `Some resources are remaining: pods. has ${count} resource instances`;
  expect(told(first, remaining)).toBe(`True ${left(2)} 1`);
  expect(namespaceConditions(first, pods(2), 2000)).toBe(first);
  const second = namespaceConditions(first, pods(1, ['x/y']), 2000);
  expect(told(second, remaining)).toBe(`True ${left(1)} 1`);
  expect(told(second, 'NamespaceFinalizersRemaining')).toBe(
    'True Some content in the namespace has finalizers remaining: x/y in 1 resource instances 2',
  );
  const last = namespaceConditions(second, [], 3000);
  expect(told(last, remaining)).toBe('False All content successfully removed 3');
  expect(told(last, 'NamespaceDeletionContentFailure')).toMatch(/^False .* 1$/);
});
