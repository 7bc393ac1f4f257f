import type { Event, KubernetesObject, Store } from '../api/index.ts';
import type { DeepReadonly } from '../base/index.ts';
import type { Simulation } from '../sim/index.ts';

/** Writes a record of the trace for every write to the store: type `event` for Events, `object` for all others. */
export function recordObjects(store: Store, simulation: Simulation): void {
  store.watch('*', ({ type, object }) => {
    if (object.kind === 'Event')
      recordEvent(object as unknown as DeepReadonly<Event>, type, simulation);
    else recordObject(object as DeepReadonly<KubernetesObject>, type, simulation);
  });
}

function recordObject(
  { kind, metadata }: DeepReadonly<KubernetesObject>,
  verb: 'ADDED' | 'MODIFIED' | 'DELETED',
  { trace }: Simulation,
): void {
  const { name, namespace, uid, resourceVersion = '' } = metadata;
  trace.add('object', {
    verb,
    kind,
    name,
    ...(namespace !== undefined && { namespace }),
    ...(uid !== undefined && { uid }),
    resourceVersion,
  });
}

function recordEvent(event: DeepReadonly<Event>, verb: string, { trace }: Simulation): void {
  if (verb === 'DELETED') return;
  const { involvedObject, type, reason = '', message = '', count = 1, source } = event;
  trace.add('event', {
    component: source?.component ?? event.reportingComponent ?? '',
    involved: `${involvedObject.kind}/${involvedObject.name}`,
    kind: type === 'Warning' ? 'Warning' : 'Normal',
    reason,
    message,
    count,
  });
}
