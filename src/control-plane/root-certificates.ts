import type { Operation } from '../sim/index.ts';
import { apiReason, type ControllerContext, type Stored } from './context.ts';
import { createOnce, isActive } from './service-accounts.ts';

const NAME = 'kube-root-ca.crt';

/**
 * Gives every namespace the ConfigMap `kube-root-ca.crt`, again when it was deleted or changed.
 * Models pkg/controller/certificates/rootcacertpublisher/publisher.go.
 */
export function startRootCertificates(context: ControllerContext): void {
  const { rules, random } = context.dependencies;
  if (!rules.atLeast('1.20')) return;
  let made: Record<string, string> | undefined;
  const queue = context.queue({ name: 'root-ca-cert-publisher', sync: (key) => sync(key) });
  const namespaces = context.informer('Namespace', ({ type, object }) => {
    if (type !== 'DELETED') queue.add(object.metadata.name);
  });
  const published = context.informer(
    'ConfigMap',
    ({ type, object }) => {
      if (type !== 'ADDED') queue.add(object.metadata.namespace);
    },
    ({ metadata }) => metadata.name === NAME,
  );
  for (const { metadata } of namespaces.list()) queue.add(metadata.name);

  function sync(name: string): Operation | undefined {
    const namespace = namespaces.get(undefined, name);
    if (!namespace || !isActive(namespace)) return undefined;
    made ??= { 'ca.crt': certificate(random.fresh('certificate', 'kubernetes').hex(512)) };
    const data = made;
    const current = published.get(name, NAME);
    if (current) return isRight(current, data) ? undefined : repair(context, current, data);
    const metadata = { name: NAME, namespace: name };
    return createOnce(context, 'CreateConfigMap', namespace, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data,
    });
  }
}

function isRight({ data }: Stored<'ConfigMap'>, wanted: Record<string, string>): boolean {
  return Object.keys(data ?? {}).length === 1 && data?.['ca.crt'] === wanted['ca.crt'];
}

function* repair(
  context: ControllerContext,
  current: Stored<'ConfigMap'>,
  data: Record<string, string>,
): Operation {
  const { store } = context.dependencies;
  try {
    yield* context.write('UpdateConfigMap', current, () => store.update({ ...current, data }));
  } catch (error) {
    if (apiReason(error) !== 'NotFound') throw error;
  }
}

/** A text in the form of a PEM certificate: the same for the same seed, and no certificate. */
function certificate(hex: string): string {
  const base64 = hex.replace(/[^0-9a-f]/g, '').replace(/(..)/g, (pair) => pair.toUpperCase());
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
