import { describe, expect, test } from 'vitest';
import { type Fields, subject } from './objects.ts';
import { METADATA, template, workload } from './workload-subjects.ts';

const KINDS = [
  ['Deployment', 'deployment', 'ReplicaSet'],
  ['ReplicaSet', 'deployment', 'ReplicaSet'],
  ['DaemonSet', 'daemonset', 'DaemonSet'],
  ['StatefulSet', 'statefulset', 'StatefulSet'],
] as const;

describe.each(KINDS)('%s', (kind, what, templates) => {
  const subjects = workload(kind, kind === 'StatefulSet' ? { serviceName: 's' } : {});

  test('its selector is there, and selects what the template makes', () => {
    expect(subjects.create({})).toEqual([]);
    const detail = '`selector` does not match template `labels`';
    const labels = (app: string) =>
      `spec.template.metadata.labels: Invalid value: {"app":"${app}"}: ${detail}`;
    // A selector that is missing selects nothing.
    const missing = kind === 'DaemonSet' ? [] : ['spec.selector: Required value'];
    expect(subjects.create({ spec: { selector: undefined } })).toEqual([...missing, labels('a')]);
    const mismatch = { spec: { template: template({}, { app: 'b' }) } };
    expect(subjects.create(mismatch)).toEqual([labels('b')]);
    expect(subjects.create({ spec: { selector: { matchLabels: undefined } } })).toEqual([
      `spec.selector: Invalid value: {}: empty selector is invalid for ${what}`,
    ]);
  });

  test('a selector that cannot be read hides the template', () => {
    const unreadable = { matchExpressions: [{ key: 'a', operator: 'Like' }] };
    const spec = { selector: unreadable, template: template({ volumes: [{ name: 'A' }] }) };
    const [first, second = '', ...others] = subjects.create({ spec });
    expect(first).toBe(
      'spec.selector.matchExpressions[0].operator: Invalid value: "Like": not a valid selector operator',
    );
    const unread = kind === 'StatefulSet' ? '' : ': invalid label selector';
    expect(second).toMatch(
      kind === 'DaemonSet'
        ? /^spec\.template\.spec\.volumes/
        : new RegExp(`^spec\\.selector: Invalid value: .*\\}${unread}$`),
    );
    expect(others).toEqual([]);
  });

  test('its Pods run for ever', () => {
    const spec = { restartPolicy: 'Never', activeDeadlineSeconds: 5 };
    expect(subjects.create({ spec: { template: template(spec) } })).toEqual([
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
      `spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ${templates} is not Supported`,
    ]);
  });

  test('its Pods have the rules of Pods; labels of the template are told without `metadata`', () => {
    const spec = { volumes: [{ name: 'A' }] };
    const errors = subjects.create({ spec: { template: template(spec, { app: 'a', b: '-' }) } });
    const fields = errors.map((error) => error.split(': ')[0]);
    expect(fields).toEqual(['spec.template.labels', 'spec.template.spec.volumes[0].name']);
  });
});

describe('how Pods are replaced', () => {
  const said = (kind: string, field: string, strategy: Fields) =>
    workload(kind).create({ spec: { [field]: strategy } });
  const rolling = (rollingUpdate: Fields) => ({ type: 'RollingUpdate', rollingUpdate });
  const percent =
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

  test('strategy of a Deployment', () => {
    const of = (strategy: Fields) => said('Deployment', 'strategy', strategy);
    const at = 'spec.strategy.rollingUpdate';
    expect(of({ type: 'Slowly' })).toEqual([
      'spec.strategy: Unsupported value: {"Type":"Slowly","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"',
    ]);
    expect(of({ type: 'Recreate', rollingUpdate: { maxSurge: 1 } })).toEqual([
      `${at}: Forbidden: may not be specified when strategy \`type\` is 'Recreate'`,
    ]);
    expect(of(rolling({ maxUnavailable: -1, maxSurge: 'some' }))).toEqual([
      `${at}.maxUnavailable: Invalid value: -1: must be greater than or equal to 0`,
      `${at}.maxSurge: Invalid value: "some": ${percent}`,
    ]);
    expect(of(rolling({ maxUnavailable: '0%', maxSurge: 0 }))).toEqual([
      `${at}.maxUnavailable: Invalid value: "0%": may not be 0 when \`maxSurge\` is 0`,
    ]);
    expect(of(rolling({ maxUnavailable: '101%', maxSurge: '200%' }))).toEqual([
      `${at}.maxUnavailable: Invalid value: "101%": must not be greater than 100%`,
    ]);
  });

  test('how long a Deployment may take', () => {
    const of = (progressDeadlineSeconds: number, minReadySeconds: number) =>
      workload('Deployment').create({ spec: { progressDeadlineSeconds, minReadySeconds } });
    expect(of(11, 10)).toEqual([]);
    expect(of(10, 10)).toEqual([
      'spec.progressDeadlineSeconds: Invalid value: 10: must be greater than minReadySeconds',
    ]);
  });

  test('updateStrategy of a DaemonSet', () => {
    const of = (strategy: Fields) => said('DaemonSet', 'updateStrategy', strategy);
    const at = 'spec.updateStrategy.rollingUpdate';
    expect(of({ type: 'OnDelete' })).toEqual([]);
    expect(of({ type: 'Slowly' })).toEqual([
      'spec.updateStrategy: Unsupported value: {"Type":"Slowly","RollingUpdate":null}: supported values: "RollingUpdate", "OnDelete"',
    ]);
    expect(of(rolling({ maxUnavailable: 1, maxSurge: '10%' }))).toEqual([
      `${at}.maxSurge: Invalid value: "10%": may not be set when maxUnavailable is non-zero`,
    ]);
    expect(of(rolling({ maxUnavailable: 0 }))).toEqual([
      `${at}.maxUnavailable: Required value: cannot be 0 when maxSurge is 0`,
    ]);
  });

  test('updateStrategy of a StatefulSet', () => {
    const of = (strategy: Fields) => said('StatefulSet', 'updateStrategy', strategy);
    expect(of({ type: 'Slowly' })).toEqual([
      `spec.updateStrategy: Invalid value: {"Type":"Slowly","RollingUpdate":null}: must be 'RollingUpdate' or 'OnDelete'`,
    ]);
    expect(of({ type: 'OnDelete', rollingUpdate: { partition: 0 } })).toEqual([
      `spec.updateStrategy.rollingUpdate: Invalid value: {"Partition":0,"MaxUnavailable":null}: only allowed for updateStrategy 'RollingUpdate'`,
    ]);
    expect(of(rolling({ partition: -1, maxUnavailable: 0 }))).toEqual([
      'spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0',
      'spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: 0: cannot be 0',
    ]);
  });
});

describe('changes', () => {
  test('a selector stays', () => {
    const other = {
      spec: { selector: { matchLabels: { app: 'b' } }, template: template({}, { app: 'b' }) },
    };
    for (const kind of ['Deployment', 'ReplicaSet', 'DaemonSet']) {
      expect(workload(kind).update({}, other)).toEqual([
        'spec.selector: Invalid value: {"matchLabels":{"app":"b"}}: field is immutable',
      ]);
    }
  });

  test('of a StatefulSet some fields alone', () => {
    const set = workload('StatefulSet', { serviceName: 's' });
    expect(set.update({}, { spec: { replicas: 3, minReadySeconds: 1 } })).toEqual([]);
    expect(set.update({}, { spec: { serviceName: 'other' } })).toEqual([
      "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
    ]);
    expect(set.update({}, { spec: { serviceName: 'o' } }, { version: '1.20' })).toEqual([
      "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'template', and 'updateStrategy' are forbidden",
    ]);
    const old = subject('apps/v1beta1', 'StatefulSet', {
      metadata: METADATA,
      spec: { serviceName: 's', selector: { matchLabels: { app: 'a' } }, template: template() },
    });
    const image = (name: string) => ({
      spec: { template: template({ containers: [{ name: 'c', image: name }] }) },
    });
    expect(old.update(image('a'), image('b'), { version: '1.6' })).toEqual([]);
    expect(old.update({}, { spec: { serviceName: 'o' } }, { version: '1.6' })).toEqual([
      "spec: Forbidden: updates to statefulset spec for fields other than 'replicas' and 'containers' are forbidden.",
    ]);
  });
});

describe('other workloads', () => {
  test('ReplicationController: its selector is the labels of its template unless it is given', () => {
    const controller = subject('v1', 'ReplicationController', {
      metadata: METADATA,
      spec: { template: template() },
    });
    expect(controller.create({})).toEqual([]);
    expect(controller.create({ spec: { selector: { app: 'b' } } })).toEqual([
      'spec.template.metadata.labels: Invalid value: {"app":"a"}: `selector` does not match template `labels`',
    ]);
  });
});

describe('statuses', () => {
  const status = (kind: string, now: Fields, before: Fields = {}) =>
    workload(kind).update({ status: before }, { status: now }, { subresource: 'status' });

  test('no part is more than the whole', () => {
    expect(status('Deployment', { replicas: 1, readyReplicas: 2, availableReplicas: 3 })).toEqual([
      'status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas',
      'status.availableReplicas: Invalid value: 3: cannot be greater than status.replicas',
      'status.availableReplicas: Invalid value: 3: cannot be greater than readyReplicas',
    ]);
    expect(status('StatefulSet', { replicas: 2, availableReplicas: 1 })).toEqual([
      'status.availableReplicas: Invalid value: 1: cannot be greater than status.readyReplicas',
    ]);
    expect(status('ReplicaSet', { replicas: -1 })[0]).toBe(
      'status.replicas: Invalid value: -1: must be greater than or equal to 0',
    );
  });

  test('collisions only add up', () => {
    const zero = { numberMisscheduled: 0 };
    expect(status('DaemonSet', { ...zero, collisionCount: 1 }, { collisionCount: 2 })).toEqual([
      'status.collisionCount: Invalid value: 1: cannot be decremented',
    ]);
    expect(status('DaemonSet', { collisionCount: 3 }, { collisionCount: 2 })).toEqual([]);
  });
});
