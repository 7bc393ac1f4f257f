import { describe, expect, test } from 'vitest';
import { matchesLabels, parseLabelSelector } from '../../src/api/index.ts';
import { pod, refusal, server } from './validation/refusals.ts';

const labels = { app: 'a', tier: 'x', cpus: '8', empty: '', in: 'notin' };

describe('label selectors', () => {
  test.each([
    ['', true],
    ['app=a', true],
    ['app==a', true],
    ['app = a , tier = x', true],
    ['app=a,tier=y', false],
    ['app!=b', true],
    ['none!=b', true],
    ['app in (a, b)', true],
    ['app in (b)', false],
    ['app notin (b)', true],
    ['none notin (b)', true],
    ['app', true],
    ['none', false],
    ['!none', true],
    ['! app', false],
    ['empty=', true],
    ['empty in (,)', true],
    ['app=,tier', false],
    ['cpus>7', true],
    ['cpus>8', false],
    ['cpus<9', true],
    ['app>1', false],
    ['none<1', false],
    ['in=notin', true],
    ['in in (in,notin)', true],
    ['example.com/app=a', false],
  ])('%j: %s', (selector, matches) => {
    expect(parseLabelSelector(selector)(labels)).toBe(matches);
  });

  test.each([
    ['app in x', "unable to parse requirement: found 'x' expected: '('"],
    ['app=a tier', "found 'tier', expected: ',' or 'end of string'"],
    ['app=a,', "found '', expected: identifier after ','"],
    ['=a', "found '=', expected: !, identifier, or 'end of string'"],
    ['!=a', "found '!=', expected: !, identifier, or 'end of string'"],
    ['app in (a b)', "unable to parse requirement: found 'b', expected: ',' or ')'"],
    ['app x', "unable to parse requirement: found 'x', expected: in, notin, =, ==, !=, gt, lt"],
    ['app=(', "unable to parse requirement: found '(', expected: identifier"],
    [
      'cpus>x',
      "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
    ['a/b/c=d', /^unable to parse requirement: <nil>: Invalid value: "a\/b\/c": a qualified name /],
    [
      'app=-',
      /^unable to parse requirement: values\[0\]\[app\]: Invalid value: "-": a valid label /,
    ],
    ['app in ()', /values set can't be empty$/],
  ])('%j is refused', (selector, message) => {
    const said = refusal(() => parseLabelSelector(selector)).replace('BadRequest 400: ', '');
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
  });
});

describe('selectors as objects have them', () => {
  test.each([
    [undefined, false],
    [{}, true],
    [{ matchLabels: { app: 'a' } }, true],
    [{ matchLabels: { app: 'b' } }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['a'] }] }, true],
    [{ matchExpressions: [{ key: 'none', operator: 'NotIn', values: ['a'] }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }] }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
    [{ matchLabels: { toString: 'x' } }, false],
  ])('%j: %s', (selector, matches) => {
    expect(matchesLabels(selector, labels)).toBe(matches);
  });
});

describe('field selectors', () => {
  const api = server();
  api.create([pod({ nodeName: 'n' }), pod({ hostNetwork: true }, { name: 'q' })]);
  api.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, type: 'a,b=c' });
  const names = (kind: string, fieldSelector: string): string[] =>
    api.list(kind, { namespace: 'default', fieldSelector }).map(({ metadata }) => metadata.name);

  test.each([
    ['Pod', 'metadata.name=p', ['p']],
    ['Pod', 'metadata.name!=p', ['q']],
    ['Pod', 'spec.nodeName=n,metadata.name==p', ['p']],
    ['Pod', 'spec.nodeName=', ['q']],
    ['Pod', 'spec.host=n', ['p']],
    ['Pod', 'spec.hostNetwork=false', ['p']],
    ['Pod', 'status.phase=Pending', ['p', 'q']],
    ['Pod', 'status.podIPs=10.0.0.1', []],
    ['Pod', 'metadata.namespace=default,', ['p', 'q']],
    ['Secret', 'type=a\\,b\\=c', ['s']],
    ['Namespace', 'status.phase=Terminating', []],
  ])('%s %s: %j', (kind, selector, found) => {
    expect(names(kind, selector)).toEqual(found);
  });

  test.each([
    ['Pod', 'spec.dnsPolicy=x', 'field label not supported: spec.dnsPolicy'],
    ['Node', 'metadata.namespace=x', 'field label not supported: metadata.namespace'],
    ['Job', 'spec.x=y', 'field label "spec.x" not supported for Job'],
    [
      'ConfigMap',
      'data.a=b',
      '"data.a" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    ['Thing', 'spec.x=y', 'field label not supported: spec.x'],
    ['Pod', 'metadata.name', "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
    ['Secret', 'type=a\\x', 'invalid field selector: invalid escape sequence: \\x'],
    ['Secret', 'type=a=b', 'invalid field selector: unescaped character in value: 61'],
  ])('%s %s is refused', (kind, selector, message) => {
    expect(refusal(() => names(kind, selector))).toBe(`BadRequest 400: ${message}`);
  });
});
