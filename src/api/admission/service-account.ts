import type { DeepReadonly } from '../../base/index.ts';
import { ApiError } from '../api-error.ts';
import { everyContainer } from '../defaults/pod.ts';
import type { Pod, ServiceAccount, Volume } from '../types.ts';
import type { AdmissionContext } from './index.ts';

const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const TOKEN_SECONDS = 3607;
const MIRROR = 'kubernetes.io/config.mirror';

/**
 * Gives a Pod its service account, and the account's token as a volume in every container that has nothing mounted there.
 * An account `default` is taken to be there, as it is once its controller ran. Models plugin/pkg/admission/serviceaccount.
 */
export function admitServiceAccount(pod: Pod, context: AdmissionContext): void {
  const { metadata, spec } = pod;
  if (metadata.annotations?.[MIRROR] !== undefined) return;
  spec.serviceAccountName ||= 'default';
  spec.serviceAccount = spec.serviceAccountName;
  const name = spec.serviceAccountName;
  const namespace = metadata.namespace ?? 'default';
  const account = context.store.get('ServiceAccount', namespace, name);
  if (!account && name !== 'default') {
    const why = `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`;
    throw ApiError.forbidden('pods', metadata.name ?? '', why);
  }
  if (account?.imagePullSecrets?.length && !spec.imagePullSecrets?.length) {
    spec.imagePullSecrets = account.imagePullSecrets.map((one) => ({ ...one }));
  }
  if (spec.automountServiceAccountToken ?? account?.automountServiceAccountToken ?? true) {
    mountToken(pod, account, context);
  }
}

function mountToken(
  pod: Pod,
  account: DeepReadonly<ServiceAccount> | undefined,
  context: AdmissionContext,
): void {
  const { spec } = pod;
  const { initContainers = [], containers } = spec;
  const without = [...initContainers, ...containers].filter(
    ({ volumeMounts = [] }) => !volumeMounts.some(({ mountPath }) => mountPath === TOKEN_PATH),
  );
  if (without.length === 0 || everyContainer(spec).length === 0) return;
  const volume = tokenVolume(pod, account, context);
  if (!volume) return;
  const { name } = volume;
  if (!spec.volumes?.some((one) => one.name === name)) {
    spec.volumes = [...(spec.volumes ?? []), volume];
  }
  for (const container of without) {
    const mount = { name, readOnly: true, mountPath: TOKEN_PATH };
    container.volumeMounts = [...(container.volumeMounts ?? []), mount];
  }
}

function tokenVolume(
  { metadata }: Pod,
  account: DeepReadonly<ServiceAccount> | undefined,
  { store, rules, random }: AdmissionContext,
): Volume | undefined {
  if (!rules.gate('BoundServiceAccountTokenVolume')) {
    const secret = account?.secrets?.find(({ name = '' }) => {
      const found = store.get('Secret', account.metadata.namespace, name);
      return found?.type === 'kubernetes.io/service-account-token';
    });
    if (!secret?.name) return undefined;
    return { name: secret.name, secret: { secretName: secret.name, defaultMode: 0o644 } };
  }
  const id = `${metadata.namespace ?? 'default'}/${metadata.name ?? metadata.generateName ?? ''}`;
  const name = `kube-api-access-${random.stream('kube-api-access', id).suffix()}`;
  return { name, projected: { defaultMode: 0o644, sources: tokenSources() } };
}

function tokenSources(): NonNullable<NonNullable<Volume['projected']>['sources']> {
  const fieldRef = { apiVersion: 'v1', fieldPath: 'metadata.namespace' };
  return [
    { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    { downwardAPI: { items: [{ path: 'namespace', fieldRef }] } },
  ];
}
