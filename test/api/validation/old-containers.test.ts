import { expect, test } from 'vitest';
import { container, podErrors } from './refusals.ts';

const probe = { httpGet: { port: 80 }, periodSeconds: -1 };
const bad = {
  name: 'C',
  imagePullPolicy: 'x',
  ports: [{ containerPort: 0 }],
  env: [{ name: '' }],
  lifecycle: { preStop: {} },
  livenessProbe: probe,
  readinessProbe: probe,
  startupProbe: probe,
};
const fields = (list: string, index: number, ...names: string[]): string[] =>
  names.map((name) => `spec.${list}[${index}].${name}`);
const told = (spec: object, version: string): string[] =>
  podErrors(spec, { version }).map((text) => text.replace(/: .*/s, ''));

test('the order within containers', () => {
  const containers = [container(bad), container(bad)];
  const period = (name: string): string => `${name}.periodSeconds`;
  const hooks = ['lifecycle.preStop', period('livenessProbe')];
  const rest = ['ports[0].containerPort', 'env[0].name', 'imagePullPolicy'];
  const [startup, readiness] = [period('startupProbe'), period('readinessProbe')];
  const until = (index: number): string[] =>
    fields('containers', index, 'name', ...hooks, startup, readiness, ...rest);
  expect(
    told({ containers }, '1.24').filter((one) => one.startsWith('spec.containers[0]')),
  ).toEqual(until(0));
  expect(told({ containers: containers.slice(1) }, '1.25')).toEqual(
    fields('containers', 0, 'name', ...rest, ...hooks, readiness, startup),
  );
  // A name that is there twice was told with the name.
  expect(told({ containers }, '1.24').slice(until(0).length)).toEqual([
    'spec.containers[1].name',
    ...until(1),
  ]);
});

test('those that start a Pod: all, then what they may not have', () => {
  const one = (name: string): object => container({ name, image: '', livenessProbe: probe });
  const initContainers = [one('a'), one('c')];
  const both = (version: string): string[] => told({ initContainers }, version);
  expect(both('1.24')).toEqual([
    ...fields('initContainers', 0, 'image', 'livenessProbe.periodSeconds'),
    ...fields('initContainers', 1, 'image', 'livenessProbe.periodSeconds'),
    'spec.initContainers[0].livenessProbe',
    ...fields('initContainers', 1, 'name', 'livenessProbe'),
  ]);
  expect(both('1.25')).toEqual([
    ...fields('initContainers', 0, 'image', 'livenessProbe'),
    ...fields('initContainers', 1, 'image', 'name', 'livenessProbe'),
  ]);
});
