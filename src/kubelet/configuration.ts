import type { VersionRules } from '../api/index.ts';
import { milliseconds, SimulationError } from '../base/index.ts';
import { checkImageOptions, checkLogOptions } from './check-configuration.ts';
import type { KubeletConfiguration } from './contracts.ts';

/** What a kubelet does unless it is told otherwise. Models pkg/kubelet/apis/config/v1beta1/defaults.go. */
export const defaultConfiguration: KubeletConfiguration = {
  syncFrequency: '1m',
  nodeStatusUpdateFrequency: '10s',
  evictionHard: {
    'memory.available': '100Mi',
    'nodefs.available': '10%',
    'nodefs.inodesFree': '5%',
    'imagefs.available': '15%',
    'imagefs.inodesFree': '5%',
  },
  evictionSoft: {},
  evictionSoftGracePeriod: {},
  evictionMinimumReclaim: {},
  evictionMaxPodGracePeriod: 0,
  evictionPressureTransitionPeriod: '5m',
  mergeDefaultEvictionSettings: false,
  localStorageCapacityIsolation: true,
  configMapAndSecretChangeDetectionStrategy: 'Watch',
  maxPods: 110,
  enableControllerAttachDetach: true,
  shutdownGracePeriod: '0s',
  shutdownGracePeriodCriticalPods: '0s',
  shutdownGracePeriodByPodPriority: [],
  containerLogMaxSize: '10Mi',
  containerLogMaxFiles: 5,
  containerLogMonitorInterval: '10s',
  imageGCHighThresholdPercent: 85,
  imageGCLowThresholdPercent: 80,
  imageMinimumGCAge: '2m',
  imageMaximumGCAge: '0s',
  staticPodPath: '/etc/kubernetes/manifests',
  fileCheckFrequency: '20s',
};

/** What a kubelet of a version does that is told this. Up to 1.11 there was no `Watch`, up to 1.29 no threshold for inodes of images. */
export function configurationOf(
  given: Partial<KubeletConfiguration> | undefined,
  rules: VersionRules,
): KubeletConfiguration {
  const cached = rules.before('1.12') && {
    configMapAndSecretChangeDetectionStrategy: 'Cache' as const,
  };
  const { 'imagefs.inodesFree': _, ...evictionHard } = defaultConfiguration.evictionHard;
  const hard = rules.before('1.30') && { evictionHard };
  return { ...defaultConfiguration, ...cached, ...hard, ...given };
}

/** Throws a SimulationError BAD_OPTION for a way of getting at objects that is none. */
function checkStrategy(given: string | undefined): void {
  if (given === undefined || ['Watch', 'Cache', 'Get'].includes(given)) return;
  throw new SimulationError(
    'BAD_OPTION',
    `configMapAndSecretChangeDetectionStrategy: ${JSON.stringify(given)} is none of Watch, Cache, Get`,
  );
}

const SPANS = [
  'syncFrequency',
  'nodeStatusUpdateFrequency',
  'fileCheckFrequency',
  'shutdownGracePeriod',
  'shutdownGracePeriodCriticalPods',
] as const;

/** Options are read here, so that a bad one is said at once: a SimulationError BAD_OPTION. */
export function checkConfiguration(
  given: Partial<KubeletConfiguration> = {},
  rules: VersionRules,
): void {
  for (const name of SPANS) {
    const span = given[name];
    if (span !== undefined) milliseconds(span, name);
  }
  checkStrategy(given.configMapAndSecretChangeDetectionStrategy);
  const configuration = configurationOf(given, rules);
  checkLogOptions(configuration, rules);
  checkImageOptions(configuration, rules);
}
