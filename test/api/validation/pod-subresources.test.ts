import { describe, expect, test } from 'vitest';
import type { ContainerStatus, Pod } from '../../../src/api/index.ts';
import { container, pod, refusals, server } from './refusals.ts';

describe('resize', () => {
  const resources = {
    requests: { cpu: '1', memory: '1Gi', 'example.com/gold': '1' },
    limits: { memory: '2Gi', 'example.com/gold': '1' },
  };
  const said = (
    change: (pod: Pod) => void,
    metadata: object = {},
    spec: object = {},
    version = 'all',
  ): string[] => {
    const api = server({ version });
    api.create(pod({ containers: [container({ resources })], ...spec }, metadata));
    return refusals(() => api.edit('Pod', 'p', change, { subresource: 'resize' }));
  };
  const R = 'spec.containers[0].resources';
  const set =
    (list: 'limits' | 'requests', name: string, amount: string | undefined) =>
    ({ spec }: Pod): void => {
      const amounts = spec.containers[0]?.resources?.[list] ?? {};
      if (amount === undefined) delete amounts[name];
      else amounts[name] = amount;
    };

  test('cpu and memory may change, and nothing else', () => {
    expect(said(set('requests', 'cpu', '2'))).toEqual([]);
    expect(said(set('limits', 'memory', '3Gi'))).toEqual([]);
    const gold = ({ spec }: Pod): void => {
      set('limits', 'example.com/gold', '2')({ spec } as Pod);
      set('requests', 'example.com/gold', '2')({ spec } as Pod);
    };
    expect(said(gold)).toEqual(['spec: Forbidden: only cpu and memory resources are mutable']);
  });

  test('nothing goes', () => {
    expect(said(set('requests', 'cpu', undefined))).toEqual([
      `${R}.requests: Forbidden: resource requests cannot be removed`,
    ]);
  });

  test('in 1.33 memory does not shrink under a process', () => {
    const less = set('limits', 'memory', '1Gi');
    const unless = 'unless resizePolicy is RestartContainer';
    expect(said(less)).toEqual([]);
    expect(said(less, {}, {}, '1.33')).toEqual([
      `${R}.limits[memory]: Forbidden: memory limits cannot be decreased ${unless}`,
    ]);
    const resizePolicy = [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }];
    const containers = [container({ resources, resizePolicy })];
    expect(said(less, {}, { containers }, '1.33')).toEqual([]);
    const unlimited = [
      container({ resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '2' } } }),
    ];
    expect(said(less, {}, { containers: unlimited }, '1.33')).toEqual([
      `${R}.limits[memory]: Forbidden: memory limits cannot be added ${unless}`,
    ]);
  });

  test('nor one that asks for resources as a whole', () => {
    const spec = { resources: { requests: { cpu: '4' } } };
    const change = set('requests', 'cpu', '2');
    expect(said(change, {}, spec, '1.34')).toEqual([
      '[]: Forbidden: pods with pod-level resources cannot be resized',
    ]);
    const gate = 'InPlacePodLevelResourcesVerticalScaling';
    expect(said(change, {}, spec, '1.35')).toEqual([
      `[]: Forbidden: resize of pods with pod-level resources is forbidden when ${gate}Enabled feature gate is disabled`,
    ]);
    expect(said(change, {}, spec, '1.36')).toEqual([]);
  });

  test('the QoS class stays', () => {
    const containers = [
      container({
        resources: { requests: { cpu: '1', memory: '1' }, limits: { cpu: '2', memory: '1' } },
      }),
    ];
    expect(said(set('requests', 'cpu', '2'), {}, { containers })).toEqual([
      'spec: Invalid value: "Burstable": Pod QOS Class may not change as a result of resizing',
    ]);
  });

  test('not of static Pods, nor on Windows', () => {
    const annotations = { 'kubernetes.io/config.mirror': 'x' };
    expect(said(set('requests', 'cpu', '2'), { annotations })).toEqual([
      '[]: Forbidden: static pods cannot be resized',
    ]);
    expect(said(set('requests', 'cpu', '2'), {}, { os: { name: 'windows' } })).toEqual([
      '[]: Forbidden: windows pods cannot be resized',
    ]);
  });
});

describe('status', () => {
  const ended: ContainerStatus = {
    name: 'c',
    state: { terminated: { exitCode: 0 } },
  } as ContainerStatus;
  const running = { name: 'c', state: { running: {} } } as ContainerStatus;
  const said = (restartPolicy: string, from: ContainerStatus, to: ContainerStatus): string[] => {
    const api = server();
    api.create(pod({ restartPolicy }));
    const set = (status: ContainerStatus): string[] =>
      refusals(() =>
        api.edit('Pod', 'p', (draft) => void (draft.status.containerStatuses = [status]), {
          subresource: 'status',
        }),
      );
    expect(set(from)).toEqual([]);
    return set(to);
  };
  const never = [
    'status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state',
  ];

  test('what has ended for good does not run again', () => {
    const failed = { ...ended, state: { terminated: { exitCode: 1 } } } as ContainerStatus;
    expect(said('Never', ended, running)).toEqual(never);
    expect(said('Never', failed, running)).toEqual(never);
    expect(said('OnFailure', ended, running)).toEqual(never);
    expect(said('OnFailure', failed, running)).toEqual([]);
    expect(said('Always', ended, running)).toEqual([]);
    expect(said('Never', running, ended)).toEqual([]);
  });

  test('conditions and nodes have names', () => {
    const api = server();
    api.create(pod());
    const change = (draft: Pod): void => {
      draft.status.conditions = [
        { type: 'Ready', status: 'True' },
        { type: 'a b', status: 'True' },
      ];
      draft.status.nominatedNodeName = 'N';
    };
    const texts = refusals(() => api.edit('Pod', 'p', change, { subresource: 'status' }));
    expect(texts.map((text) => text.split(':')[0])).toEqual([
      'metadata.conditions[1].Type',
      'status.nominatedNodeName',
    ]);
  });
});
