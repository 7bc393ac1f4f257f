import { describe, expect, test } from 'vitest';
import type { ApiError, Pod } from '../../../src/api/index.ts';
import { container, pod, podErrors, type Rules, refusals, server } from './refusals.ts';

const GATE = 'InPlacePodVerticalScaling';
const ON = { [GATE]: true };
const resources = { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '2Gi' } };
const policy = (resourceName: string, restartPolicy = 'NotRequired'): object => ({
  resourceName,
  restartPolicy,
});
const starting = (fields: object): object => container({ name: 'i', resources, ...fields });
const SIDECAR = { restartPolicy: 'Always' };

/** What is said when a stored Pod is changed. */
function changed(
  spec: object,
  change: (pod: Pod) => void,
  rules: Rules,
  subresource?: 'resize',
): string[] {
  const api = server(rules);
  api.create(pod({ containers: [container({ resources })], ...spec }));
  return refusals(() => api.edit('Pod', 'p', change, subresource ? { subresource } : {}));
}

const ask = (list: 'containers' | 'initContainers', name: string, amount: string) => (it: Pod) => {
  const requests = it.spec[list]?.[0]?.resources?.requests ?? {};
  requests[name] = amount;
};

describe('policies', () => {
  const created = (version: string, gates = {}): Pod['spec'] => {
    const api = server({ version, gates });
    const initContainers = [starting({ ...SIDECAR })];
    api.create(pod({ containers: [container({ resources })], initContainers }));
    return api.get('Pod', 'p')?.spec as Pod['spec'];
  };

  test('until 1.32 each amount of a container has one, where they are turned on', () => {
    const both = [policy('cpu'), policy('memory')];
    expect(created('1.32', ON).containers[0]?.resizePolicy).toEqual(both);
    expect(created('1.27', ON).containers[0]?.resizePolicy).toEqual(both);
    expect(created('1.32', ON).initContainers?.[0]?.resizePolicy).toBeUndefined();
    expect(created('1.32').containers[0]?.resizePolicy).toBeUndefined();
    expect(created('1.33').containers[0]?.resizePolicy).toBeUndefined();
  });

  test('are dropped where nothing is resized', () => {
    const dropped = (version: string, gates = {}): unknown => {
      const api = server({ version, gates });
      const resizePolicy = [policy('cpu')];
      api.create(pod({ containers: [container({ resources, resizePolicy })] }));
      return api.get('Pod', 'p')?.spec.containers[0]?.resizePolicy;
    };
    expect(dropped('1.26')).toBeUndefined();
    expect(dropped('1.31')).toBeUndefined();
    expect(dropped('1.33', { [GATE]: false })).toBeUndefined();
    expect(dropped('1.33')).toEqual([policy('cpu')]);
  });

  const said = (fields: object, version: string, gates = {}): string[] =>
    podErrors({ initContainers: [starting(fields)] }, { version, gates });

  test('of what starts a Pod came in 1.33', () => {
    const resizePolicy = [policy('cpu')];
    const at = 'spec.initContainers[0].resizePolicy: Invalid value';
    const not = 'must not be set for init containers';
    expect(said({ ...SIDECAR, resizePolicy }, '1.32', ON)).toEqual([
      `${at}: [{"ResourceName":"cpu","RestartPolicy":"NotRequired"}]: ${not}`,
    ]);
    expect(said({ ...SIDECAR, resizePolicy }, '1.33')).toEqual([]);
    expect(said({ resizePolicy }, '1.33')).toEqual([]);
  });

  test('since 1.36 what starts a Pod and ends does not start again', () => {
    const resizePolicy = [policy('cpu', 'RestartContainer')];
    expect(said({ resizePolicy }, '1.35')).toEqual([]);
    expect(said({ ...SIDECAR, resizePolicy }, '1.36')).toEqual([]);
    expect(said({ resizePolicy }, '1.36')).toEqual([
      'spec.initContainers[0].resizePolicy[0].restartPolicy: Invalid value: "RestartContainer": ' +
        "must not be set to 'RestartContainer' for non-sidecar initContainers",
    ]);
  });

  test('go with the policy of the Pod since 1.29', () => {
    const never = (version: string): string[] => {
      const resizePolicy = [policy('cpu', 'RestartContainer')];
      const containers = [container({ resources, resizePolicy })];
      return podErrors({ restartPolicy: 'Never', containers }, { version, gates: ON });
    };
    const says = (whose: string): string =>
      `spec.containers[0].resizePolicy: Invalid value: "RestartContainer": must be 'NotRequired' when ${whose} is 'Never'`;
    expect(never('1.28')).toEqual([]);
    expect(never('1.29')).toEqual([says('`restartPolicy`')]);
    expect(never('1.36')).toEqual([says('pod `restartPolicy`')]);
  });
});

describe('until 1.31 an update resizes', () => {
  const up = ask('containers', 'cpu', '2');

  test('where it is turned on', () => {
    const [said] = changed({}, up, { version: '1.31' });
    expect(said).toContain('(allow it to be set to 1 if it was previously negative)\n');
    expect(changed({}, up, { version: '1.31', gates: ON })).toEqual([]);
    expect(changed({}, up, { version: '1.32', gates: ON })).toHaveLength(1);
  });

  test('and says so of what it does not', () => {
    const change = (it: Pod): void => void (it.spec.hostname = 'h');
    const [said] = changed({}, change, { version: '1.27', gates: ON });
    expect(said).toContain(',`spec.containers[*].resources` (for CPU/memory only)\n');
  });

  test('the QoS class stays', () => {
    const least = { requests: { cpu: '1', memory: '1' }, limits: { cpu: '2', memory: '1' } };
    const said = (version: string, gates = {}): string | undefined =>
      changed({ containers: [container({ resources: least })] }, ask('containers', 'cpu', '2'), {
        version,
        gates,
      })[0];
    const text = (value: string): string =>
      `metadata: Invalid value: "${value}": Pod QoS is immutable`;
    expect(said('1.27', ON)).toBe(text('Guaranteed'));
    expect(said('1.29', ON)).toBe(text('Burstable'));
    expect(said('1.31')).toBe(text('Burstable'));
    expect(said('1.28')).toMatch(/^spec: Forbidden/);
    expect(said('1.32')).toMatch(/^spec: Forbidden/);
  });
});

describe('the subresource', () => {
  const resized = (
    spec: object,
    change: (pod: Pod) => void,
    version: string,
    gates = {},
  ): string[] => changed(spec, change, { version, gates }, 'resize');

  test('is there since 1.32, where it is turned on', () => {
    const missing = (version: string, gates = {}): string => {
      try {
        return resized({}, () => undefined, version, gates).join();
      } catch (error) {
        return (error as ApiError).reason;
      }
    };
    expect(missing('1.31', ON)).toBe('NotFound');
    expect(missing('1.32')).toBe('NotFound');
    expect(missing('1.32', ON)).toBe('');
    expect(missing('1.33')).toBe('');
  });

  test('writes what side-cars have since 1.33, and since 1.36 what others that start a Pod have', () => {
    const up = ask('initContainers', 'cpu', '2');
    const sidecar = { initContainers: [starting(SIDECAR)] };
    const other = { initContainers: [starting({})] };
    expect(resized(sidecar, up, '1.33')).toEqual([]);
    expect(resized(other, up, '1.35')).toEqual([
      'spec: Forbidden: resources for non-sidecar init containers are immutable',
    ]);
    expect(resized(other, up, '1.36')).toEqual([]);
    const off = { InPlacePodVerticalScalingInitContainers: false };
    expect(resized(other, up, '1.36', off)).toHaveLength(1);
    const api = server({ version: '1.32', gates: ON });
    api.create(pod(sidecar));
    api.edit('Pod', 'p', up, { subresource: 'resize' });
    expect(api.get('Pod', 'p')?.spec.initContainers?.[0]?.resources?.requests?.['cpu']).toBe('1');
  });

  test('changes nothing else of them', () => {
    const initContainers = [starting(SIDECAR)];
    const change = (it: Pod): void => {
      const [first] = it.spec.initContainers ?? [];
      if (first) first.resizePolicy = [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }];
    };
    expect(resized({ initContainers }, change, '1.33')).toEqual([
      'spec: Forbidden: only cpu and memory resources for sidecar containers are mutable',
    ]);
    expect(resized({ initContainers }, change, '1.36')).toEqual([
      'spec.initContainers[0]: Forbidden: only cpu and memory resources for init or sidecar containers are mutable',
    ]);
    const less = (it: Pod): void => {
      delete it.spec.initContainers?.[0]?.resources?.requests?.['cpu'];
    };
    expect(resized({ initContainers }, less, '1.36')).toEqual([
      'spec.initContainers[0].resources.requests: Forbidden: resource requests cannot be removed',
    ]);
  });

  test('changes policies in 1.32 only', () => {
    const change = (it: Pod): void => {
      const [first] = it.spec.containers;
      if (first) first.resizePolicy = [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }];
    };
    expect(resized({}, change, '1.32', ON)).toEqual([]);
    expect(resized({}, change, '1.33')).toEqual([
      'spec: Forbidden: only cpu and memory resources are mutable',
    ]);
  });

  test('lists that there were none of were not looked at until 1.34', () => {
    const containers = [container()];
    const change = (it: Pod): void => {
      const [first] = it.spec.containers;
      if (first?.resources) first.resources.limits = { 'ephemeral-storage': '1Gi' };
    };
    const only = ['spec: Forbidden: only cpu and memory resources are mutable'];
    expect(resized({ containers }, change, '1.34')).toEqual([]);
    expect(resized({ containers }, change, '1.35')).toEqual(only);
  });

  test('keeps containers and their order, which 1.33 says', () => {
    const containers = ['a', 'b'].map((name) => container({ name, resources }));
    const swap = (it: Pod): void => void it.spec.containers.reverse();
    expect(resized({ containers }, swap, '1.33')).toEqual([
      'spec.containers[0].name: Forbidden: containers may not be renamed or reordered on resize',
      'spec.containers[1].name: Forbidden: containers may not be renamed or reordered on resize',
    ]);
    expect(resized({ containers }, swap, '1.32', ON)).toEqual([]);
    const drop = (it: Pod): void => void it.spec.containers.pop();
    expect(resized({ containers }, drop, '1.33')).toEqual([
      'spec.containers: Forbidden: containers may not be added or removed on resize',
    ]);
  });

  test('writes what a Pod asks for as a whole', () => {
    const whole = { resources: { requests: { cpu: '4', memory: '4Gi' } } };
    const api = server({ version: '1.36' });
    api.create(pod(whole));
    const set = (requests: Record<string, string>): string[] =>
      refusals(() =>
        api.edit('Pod', 'p', (it) => void (it.spec.resources = { requests }), {
          subresource: 'resize',
        }),
      );
    expect(set({ cpu: '5', memory: '4Gi' })).toEqual([]);
    expect(api.get('Pod', 'p')?.spec.resources?.requests?.['cpu']).toBe('5');
    expect(set({ cpu: '5' })).toEqual([
      'spec.resources.requests: Forbidden: pod-level resource requests cannot be removed',
    ]);
  });
});
