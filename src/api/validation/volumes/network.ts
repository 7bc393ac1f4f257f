import { byteLength } from '../../../base/index.ts';
import type {
  CephFSVolumeSource,
  GlusterfsPersistentVolumeSource,
  GlusterfsVolumeSource,
  ISCSIPersistentVolumeSource,
  ISCSIVolumeSource,
  NFSVolumeSource,
  QuobyteVolumeSource,
  RBDVolumeSource,
} from '../../types.ts';
import { isLabel } from '../names.ts';
import { inRange, requireFields } from '../paths.ts';
import type { SourceContext, SourceRule } from './context.ts';

/** V17. */
export const nfs: SourceRule<NFSVolumeSource> = (source, at, { errors }) => {
  requireFields(errors, at, source, 'server', 'path');
  const { path = '' } = source;
  if (!path.startsWith('/')) errors.invalid(`${at}.path`, path, 'must be an absolute path');
};

const IQN = /^iqn\.\d{4}-\d{2}\.[A-Za-z0-9][A-Za-z0-9-]*(\.[A-Za-z0-9-]+)*(:[^,;*&$|\s]+)?/;
/** Before 1.35 something had to come after a colon, and anything before. */
const IQN_WITH_NAME = /iqn\.\d{4}-\d{2}\.[A-Za-z0-9.-]+:[^,;*&$|\s]+$/;
const SHAPES: Readonly<Record<string, RegExp>> = {
  iqn: IQN,
  eui: /^eui\.[A-Za-z0-9]{16}$/,
  naa: /^naa\.[A-Za-z0-9]{32}$/,
};

/** V18. */
export const iscsi: SourceRule<ISCSIVolumeSource | ISCSIPersistentVolumeSource> = (
  source,
  at,
  context,
) => {
  const { errors, rules } = context;
  requireFields(errors, at, source, 'targetPortal');
  const ofVolume = context.owner === 'PersistentVolume';
  if (ofVolume) validatePortalLength(source, at, context);
  if (!source.iqn) errors.required(`${at}.iqn`);
  else if (rules.atLeast('1.8')) validateIqn(source.iqn, `${at}.iqn`, context);
  inRange(errors, `${at}.lun`, source.lun ?? 0, [0, 255]);
  const chap = source.chapAuthDiscovery || source.chapAuthSession;
  if (chap && !source.secretRef) errors.required(`${at}.secretRef`);
  if (ofVolume && source.secretRef && !source.secretRef.name) {
    errors.required(`${at}.secretRef.name`);
  }
  if (source.initiatorName === undefined || rules.before('1.8')) return;
  validateIqn(source.initiatorName, `${at}.initiatorname`, context);
  if (!ofVolume) validatePortalLength(source, at, context);
};

function validatePortalLength(
  { initiatorName, targetPortal: portal = '' }: ISCSIVolumeSource | ISCSIPersistentVolumeSource,
  at: string,
  context: SourceContext,
): void {
  const { errors, rules, name } = context;
  if (initiatorName === undefined || rules.before('1.8')) return;
  if (byteLength(`${name}:${portal}`) <= 64) return;
  const detail =
    'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';
  if (context.owner === 'PersistentVolume') errors.invalid(`${at}.targetportal`, portal, detail);
  else errors.invalid(`${context.at}.name`, name, detail);
}

function validateIqn(iqn: string, field: string, { errors, rules, owner }: SourceContext): void {
  const known = SHAPES[iqn.slice(0, 3)];
  const shape = known === IQN && rules.before('1.35') ? IQN_WITH_NAME : known;
  if (!shape) {
    const detail =
      owner === 'PersistentVolume'
        ? 'must be valid format'
        : 'must be valid format starting with iqn, eui, or naa';
    errors.invalid(field, iqn, detail);
  } else if (!shape.test(iqn)) errors.invalid(field, iqn, 'must be valid format');
}

/** V19. */
export const glusterfs: SourceRule<GlusterfsVolumeSource | GlusterfsPersistentVolumeSource> = (
  source,
  at,
  { errors },
) => {
  requireFields(errors, at, source, 'endpoints', 'path');
  if (!('endpointsNamespace' in source) || source.endpointsNamespace === undefined) return;
  const { endpointsNamespace: namespace } = source;
  const empty = 'if the endpointnamespace is set, it must be a valid namespace name';
  const texts = namespace === '' ? [empty] : isLabel(namespace);
  for (const text of texts) errors.invalid(`${at}.endpointsNamespace`, namespace, text);
};

/** V22. */
export const rbd: SourceRule<Pick<RBDVolumeSource, 'monitors' | 'image'>> = (
  { monitors = [], image },
  at,
  { errors },
) => {
  if (monitors.length === 0) errors.required(`${at}.monitors`);
  if (!image) errors.required(`${at}.image`);
};

/** V24. */
export const cephfs: SourceRule<Pick<CephFSVolumeSource, 'monitors'>> = (source, at, context) => {
  if (!source.monitors?.length) context.errors.required(`${at}.monitors`);
};

/** V25. */
export const quobyte: SourceRule<QuobyteVolumeSource> = (source, at, { errors }) => {
  const { registry = '', tenant = '', volume } = source;
  const detail = 'must be a host:port pair or multiple pairs separated by commas';
  if (registry === '') errors.required(`${at}.registry`, detail);
  else if (tenant.length >= 65) {
    const text = 'must be a UUID and may not exceed a length of 64 characters';
    errors.required(`${at}.tenant`, text);
  } else {
    for (const pair of registry.split(',')) {
      if (!isHostAndPort(pair)) errors.invalid(`${at}.registry`, registry, detail);
    }
  }
  if (!volume) errors.required(`${at}.volume`);
};

function isHostAndPort(pair: string): boolean {
  return /^(\[[^[\]]*\]|[^:[\]]*):[^:[\]]*$/.test(pair);
}
