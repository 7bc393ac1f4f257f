import { describe, expect, test } from 'vitest';
import { subject } from './objects.ts';

const BASE = { metadata: { name: 'x', namespace: 'default' } };
const configMap = subject('v1', 'ConfigMap', BASE);
const secret = subject('v1', 'Secret', BASE);
const KEY =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const MEBIBYTE = 1024 * 1024;
const IMMUTABLE = 'field is immutable when `immutable` is set';

describe('keys and values', () => {
  test('V150 keys', () => {
    expect(configMap.create({ data: { 'a b': '' }, binaryData: { '..x': '' } })).toEqual([
      `data[a b]: Invalid value: "a b": ${KEY}`,
      `binaryData[..x]: Invalid value: "..x": must not start with '..'`,
    ]);
    expect(secret.create({ data: { '.': '' } })).toEqual([
      `data[.]: Invalid value: ".": must not be '.'`,
    ]);
    expect(secret.create({ stringData: { '..': 'x' } })).toEqual([
      `data[..]: Invalid value: "..": must not be '..'`,
    ]);
  });

  test('V151, V152 a mebibyte in all', () => {
    const text = 'x'.repeat(MEBIBYTE);
    expect(secret.create({ stringData: { a: text } })).toEqual([]);
    expect(secret.create({ stringData: { a: text, b: 'x' } })).toEqual([
      'data: Too long: may not be more than 1048576 bytes',
    ]);
    expect(configMap.create({ data: { a: text } })).toEqual([]);
    expect(configMap.create({ data: { a: text }, binaryData: { b: 'AA==' } })).toEqual([
      '[]: Too long: may not be more than 1048576 bytes',
    ]);
  });

  test('V153 a key is in one of the two', () => {
    expect(configMap.create({ data: { a: '' }, binaryData: { a: '' } })).toEqual([
      'data[a]: Invalid value: "a": duplicate of key present in binaryData',
    ]);
  });

  test('V154 what is immutable stays', () => {
    const before = { immutable: true, data: { a: '1' } };
    expect(configMap.update(before, { immutable: false, data: { a: '2' } })).toEqual([
      `immutable: Forbidden: ${IMMUTABLE}`,
      `data: Forbidden: ${IMMUTABLE}`,
    ]);
    expect(configMap.update(before, { ...before, binaryData: { b: 'AA==' } })).toEqual([
      `binaryData: Forbidden: ${IMMUTABLE}`,
    ]);
    expect(configMap.update(before, { ...before, metadata: { labels: { a: 'b' } } })).toEqual([]);
    expect(configMap.update({ data: { a: '1' } }, before)).toEqual([]);
    const kept = { immutable: true, data: { a: 'MQ==' } };
    expect(secret.update(kept, { ...kept, stringData: { a: '2' } })).toEqual([
      `data: Forbidden: ${IMMUTABLE}`,
    ]);
    expect(secret.update(kept, { ...kept, stringData: { a: '1' } })).toEqual([]);
  });

  test('V155 the type of a Secret stays', () => {
    expect(secret.update({ type: 'Opaque' }, { type: 'example.com/other' })).toEqual([
      'type: Invalid value: "example.com/other": field is immutable',
    ]);
  });

  test('what types of Secrets ask for', () => {
    expect(secret.create({ type: 'kubernetes.io/tls', data: { 'tls.crt': '' } })).toEqual([
      'data[tls.key]: Required value',
    ]);
    expect(secret.create({ type: 'kubernetes.io/basic-auth' })).toEqual([
      'data[username]: Required value',
      'data[password]: Required value',
    ]);
    expect(secret.create({ type: 'kubernetes.io/basic-auth', data: { username: '' } })).toEqual([]);
    const dockercfg = (value: string) =>
      secret.create({ type: 'kubernetes.io/dockercfg', stringData: { '.dockercfg': value } });
    const redacted = 'data[.dockercfg]: Invalid value: "<secret contents redacted>": ';
    expect(dockercfg('{}')).toEqual([]);
    expect(dockercfg('')).toEqual([`${redacted}unexpected end of JSON input`]);
    expect(dockercfg('x')).toEqual([
      `${redacted}invalid character 'x' looking for beginning of value`,
    ]);
    expect(dockercfg('[]')).toEqual([
      `${redacted}json: cannot unmarshal array into Go value of type map[string]interface {}`,
    ]);
    const sshKey = { type: 'kubernetes.io/ssh-auth', data: { 'ssh-privatekey': '' } };
    expect(secret.create(sshKey)).toEqual(['data[ssh-privatekey]: Required value']);
    expect(secret.create({ type: 'kubernetes.io/service-account-token' })).toEqual([
      'metadata.annotations[kubernetes.io/service-account.name]: Required value',
    ]);
    expect(secret.create({ type: 'example.com/anything' })).toEqual([]);
  });
});
