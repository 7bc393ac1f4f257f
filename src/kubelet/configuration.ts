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
  staticPodPath: '/etc/kubernetes/manifests',
  fileCheckFrequency: '20s',
};
