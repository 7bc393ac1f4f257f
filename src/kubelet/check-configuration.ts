import type { VersionRules } from '../api/index.ts';
import { goDuration, milliseconds, quantityValue, SimulationError } from '../base/index.ts';
import type { KubeletConfiguration } from './contracts.ts';

/** Throws a SimulationError BAD_OPTION, in upstream's words. Models pkg/kubelet/apis/config/validation/validation.go. */
export function checkLogOptions(configuration: KubeletConfiguration, rules: VersionRules): void {
  const { containerLogMaxFiles, containerLogMaxSize, containerLogMonitorInterval } = configuration;
  const interval = milliseconds(containerLogMonitorInterval, 'containerLogMonitorInterval');
  if (interval < 3000) {
    throw invalid(
      'containerLogMonitorInterval must be a positive time duration greater than or equal to 3s',
    );
  }
  if (!Number.isInteger(containerLogMaxFiles) || containerLogMaxFiles <= 1) {
    throw invalid('containerLogMaxFiles must be greater than 1');
  }
  const size = typeof containerLogMaxSize === 'string' ? quantityValue(containerLogMaxSize) : NaN;
  const why = Number.isNaN(size) ? 'it is not a quantity such as "10Mi"' : negative(size, rules);
  if (why === undefined) return;
  const text = JSON.stringify(containerLogMaxSize);
  throw badOption(`failed to parse container log max size ${text}: ${why} (containerLogMaxSize)`);
}

/** Since 1.22 it means any size. */
function negative(size: number, rules: VersionRules): string | undefined {
  return size < 0 && rules.before('1.22') ? `negative max log size ${size}` : undefined;
}

/** The same for options of images. */
export function checkImageOptions(configuration: KubeletConfiguration, rules: VersionRules): void {
  const { imageGCHighThresholdPercent: high, imageGCLowThresholdPercent: low } = configuration;
  const [most, least] = [
    'imageGCHighThresholdPercent (--image-gc-high-threshold)',
    'imageGCLowThresholdPercent (--image-gc-low-threshold)',
  ];
  for (const [what, percent] of [
    [most, high],
    [least, low],
  ] as const) {
    if (Number.isInteger(percent) && percent >= 0 && percent <= 100) continue;
    throw invalid(`${what} ${percent} must be between 0 and 100, inclusive`);
  }
  if (low >= high) throw invalid(`${least} ${low} must be less than ${most} ${high}`);
  checkAges(configuration, rules);
}

function checkAges(configuration: KubeletConfiguration, rules: VersionRules): void {
  const [least, most] = (['imageMinimumGCAge', 'imageMaximumGCAge'] as const).map((name) =>
    milliseconds(configuration[name], name),
  ) as [number, number];
  if (most === 0) return;
  if (!rules.gate('ImageMaximumGCAge')) {
    throw invalid(
      'ImageMaximumGCAge feature gate is required for Kubelet configuration option imageMaximumGCAge',
    );
  }
  if (most > least) return;
  throw invalid(
    `imageMaximumGCAge ${goDuration(most)} must be greater than imageMinimumGCAge ${goDuration(least)}`,
  );
}

function invalid(message: string): SimulationError {
  return badOption(`invalid configuration: ${message}`);
}

function badOption(message: string): SimulationError {
  return new SimulationError('BAD_OPTION', message);
}
