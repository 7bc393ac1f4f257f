import { describe, expect, test } from 'vitest';
import { type Fields, subject } from './objects.ts';

const METADATA = { name: 'x', namespace: 'default' };
const template = (spec: Fields = {}, labels: Fields = { app: 'a' }) => ({
  metadata: { labels },
  spec: { containers: [{ name: 'c', image: 'busybox' }], ...spec },
});
const selector = { matchLabels: { app: 'a' } };
const workload = (kind: string, more: Fields = {}) =>
  subject('apps/v1', kind, {
    metadata: METADATA,
    spec: { selector, template: template(), ...more },
  });

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
    expect(subjects.create({ spec: { selector: undefined } })).toEqual([
      'spec.selector: Required value',
    ]);
    const mismatch = { spec: { template: template({}, { app: 'b' }) } };
    expect(subjects.create(mismatch)).toEqual([
      'spec.template.metadata.labels: Invalid value: {"app":"b"}: `selector` does not match template `labels`',
    ]);
    expect(subjects.create({ spec: { selector: { matchLabels: undefined } } })).toEqual([
      `spec.selector: Invalid value: {}: empty selector is invalid for ${what}`,
    ]);
  });

  test('its Pods run for ever', () => {
    const spec = { restartPolicy: 'Never', activeDeadlineSeconds: 5 };
    expect(subjects.create({ spec: { template: template(spec) } })).toEqual([
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
      `spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in ${templates} is not Supported`,
    ]);
  });

  test("its Pods' volumes have the rules of Pods; a StatefulSet's when they are made", () => {
    const errors = subjects.create({ spec: { template: template({ volumes: [{ name: 'A' }] }) } });
    const refused = 'spec.template.spec.volumes[0].name: Invalid value: "A": ';
    expect(errors.map((error) => error.slice(0, refused.length))).toEqual(
      kind === 'StatefulSet' ? [] : [refused],
    );
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
      "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'template' and 'updateStrategy' are forbidden",
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

  test('Job: its Pods end', () => {
    const job = subject('batch/v1', 'Job', { metadata: METADATA, spec: { template: template() } });
    expect(job.create({})).toEqual([
      'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    ]);
    const ends = { spec: { template: template({ restartPolicy: 'Never' }) } };
    expect(job.create(ends)).toEqual([]);
    expect(job.create({ spec: { ...ends.spec, parallelism: -1 } })).toEqual([
      'spec.parallelism: Invalid value: -1: must be greater than or equal to 0',
    ]);
    const completions = { spec: { ...ends.spec, completions: 2 } };
    expect(job.update({ spec: { ...ends.spec, completions: 1 } }, completions)).toEqual([
      'spec.completions: Invalid value: 2: field is immutable',
    ]);
  });

  test('CronJob', () => {
    const jobTemplate = { spec: { template: template({ restartPolicy: 'Never' }) } };
    const cronJob = subject('batch/v1', 'CronJob', {
      metadata: METADATA,
      spec: { schedule: '0 * * * *', jobTemplate },
    });
    expect(cronJob.create({})).toEqual([]);
    expect(cronJob.create({ spec: { schedule: '', concurrencyPolicy: 'Maybe' } })).toEqual([
      'spec.schedule: Required value',
      'spec.concurrencyPolicy: Unsupported value: "Maybe": supported values: "Allow", "Forbid", "Replace"',
    ]);
  });
});

describe('limits and nodes', () => {
  test('LimitRange', () => {
    const limits = subject('v1', 'LimitRange', { metadata: METADATA });
    const of = (item: Fields) => limits.create({ spec: { limits: [item] } });
    expect(of({ type: 'PersistentVolumeClaim', max: { storage: '1Gi' } })).toEqual([]);
    expect(of({ type: 'PersistentVolumeClaim' })).toEqual([
      'spec.limits[0].limits: Required value: either minimum or maximum storage value is required, but neither was provided',
    ]);
    const item = {
      type: 'PersistentVolumeClaim',
      min: { storage: '2Gi' },
      max: { storage: '1Gi' },
    };
    expect(of(item)).toEqual([
      'spec.limits[0].min[storage]: Invalid value: "2Gi": min value 2Gi is greater than max value 1Gi',
    ]);
  });

  test('ResourceQuota', () => {
    const quota = subject('v1', 'ResourceQuota', { metadata: METADATA });
    expect(quota.create({ spec: { hard: { 'requests.storage': '-1' } } })).toEqual([
      'spec.hard[requests.storage]: Invalid value: -1: must be a valid resource quantity',
    ]);
  });

  test('taints of a Node', () => {
    const node = subject('v1', 'Node', {});
    const taint = { key: 'a', effect: 'NoSchedule' };
    expect(node.create({ spec: { taints: [taint, taint, { key: 'b' }] } })).toEqual([
      'spec.taints[1]: Duplicate value: {"key":"a","value":"","effect":"NoSchedule"}',
      'spec.taints[2].effect: Required value',
    ]);
  });
});
