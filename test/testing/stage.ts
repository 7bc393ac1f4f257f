import { type Cluster, createCluster, type TraceRecord } from '../../src/index.ts';
import { type Invariant, invariants, type Violation } from '../../src/testing/index.ts';

/** A record without its time: `t` is in milliseconds since the start. */
export type Said = Readonly<Record<string, unknown>> & {
  readonly type: string;
  readonly t?: number;
};

export const NODE = 'node-1';
export const UID = 'uid-1';
export const VOLUME: string = `kubernetes.io/empty-dir/${UID}-v`;

/** The invariant with an id. */
export function byId(id: string): Invariant {
  const found = invariants.find((invariant) => invariant.id === id);
  if (!found) throw new Error(`no invariant ${id}`);
  return found;
}

/** A cluster whose trace is what the test says; all else is a real one, `changes` aside. */
export function stage(
  said: readonly Said[],
  changes: Partial<Record<keyof Cluster, unknown>> = {},
  real: Cluster = createCluster({ controllers: false }),
): { cluster: Cluster; tell(...more: Said[]): void } {
  const listeners = new Map<string, ((record: TraceRecord) => void)[]>();
  const on = (type: string, listener: (record: TraceRecord) => void): object => {
    listeners.set(type, [...(listeners.get(type) ?? []), listener]);
    return { unsubscribe: () => {} };
  };
  const recordOf = ({ t = 0, ...fields }: Said): TraceRecord =>
    ({ at: new Date(real.startTime.getTime() + t), node: NODE, ...fields }) as never;
  const parts: Record<string, unknown> = { trace: { records: said.map(recordOf) }, on, ...changes };
  const cluster = new Proxy(real, {
    get: (target, name) => {
      if (typeof name === 'string' && name in parts) return parts[name];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const tell = (...more: Said[]): void => {
    for (const one of more) {
      for (const listener of listeners.get(one.type) ?? []) listener(recordOf(one));
    }
  };
  return { cluster, tell };
}

/** What an invariant says of a trace. */
export function violationsOf(id: string, ...said: Said[]): Violation[] {
  return byId(id).watch(stage(said).cluster).check();
}

const kubelet = (what: string, t = 0): Said => ({ type: 'lifecycle', who: 'kubelet', what, t });

interface Say {
  kubelet(what: string, t?: number): Said;
  ready(t?: number): Said;
  rebooted(): Said;
  operation(operation: string, state: string, more?: object): Said;
  desired(state: string, more?: object): Said;
  actual(state: string, more?: object): Said;
  device(state: string, volume?: string): Said;
  volume(operation: string, more?: object): Said;
  container(state: string, more?: object): Said;
  pod(state: string, more?: object): Said;
  event(reason: string, message: string, more?: object): Said;
}

/** Records by what they say. */
export const say: Say = {
  kubelet,
  ready: (t = 0): Said => ({ type: 'lifecycle', who: 'volume manager', what: 'ready', t }),
  rebooted: (): Said => ({ type: 'lifecycle', who: NODE, what: 'rebooted' }),
  operation: (operation: string, state: string, more: object = {}): Said => ({
    type: 'operation',
    operation,
    volume: VOLUME,
    uid: UID,
    state,
    ...more,
  }),
  desired: (state: string, more: object = {}): Said => ({
    type: 'world',
    world: 'desired',
    volume: VOLUME,
    uid: UID,
    state,
    ...more,
  }),
  actual: (state: string, more: object = {}): Said => ({
    type: 'world',
    world: 'actual',
    volume: VOLUME,
    uid: UID,
    state,
    ...more,
  }),
  device: (state: string, volume = VOLUME): Said => ({
    type: 'world',
    world: 'actual',
    volume,
    state,
  }),
  volume: (operation: string, more: object = {}): Said => ({
    type: 'volume',
    operation,
    volume: 'v',
    uniqueName: 'x/v',
    plugin: 'kubernetes.io/empty-dir',
    pod: 'default/p',
    uid: UID,
    ...more,
  }),
  container: (state: string, more: object = {}): Said => ({
    type: 'container',
    pod: 'p',
    uid: UID,
    container: 'c',
    state,
    restartCount: 0,
    ...more,
  }),
  pod: (state: string, more: object = {}): Said => ({
    type: 'pod',
    pod: 'default/p',
    uid: UID,
    state,
    ...more,
  }),
  event: (reason: string, message: string, more: object = {}): Said => ({
    type: 'event',
    component: 'kubelet',
    involved: 'Pod/p',
    kind: 'Warning',
    reason,
    message,
    count: 1,
    ...more,
  }),
};
