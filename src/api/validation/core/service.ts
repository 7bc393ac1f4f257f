import type { FieldErrors } from '../../field-errors.ts';
import { type GoType, GoValue, INT_OR_STRING } from '../../go-syntax.ts';
import type { Service, ServicePort, ServiceSpec } from '../../types.ts';
import { validateAddress, validateReachableAddress } from '../addresses.ts';
import { type InternalType, internalValue } from '../internal-value.ts';
import { validateLabels } from '../metadata.ts';
import { isLabel, isPortName, isPortNumber, isQualifiedName, isSubdomain } from '../names.ts';
import type { KindRules } from '../rules.ts';

/**
 * Models ValidateService of pkg/apis/core/validation/validation.go, but for what depends on addresses that are given out:
 * clusterIPs, families, health checks, load balancers.
 */
export const serviceRules: KindRules<Service> = {
  create: validateService,
  update: (errors, service) => validateService(errors, service),
};

const KUBELET_PORT = 10_250;

function validateService(errors: FieldErrors, { spec = {} }: Service): void {
  const { type = '', ports = [], selector, sessionAffinity = '', externalIPs = [] } = spec;
  const headless = spec.clusterIP === 'None';
  if (ports.length === 0 && !headless && type !== 'ExternalName') errors.required('spec.ports');
  validateType(errors, spec, headless);
  validatePorts(errors, ports);
  validateLabels(errors, 'spec.selector', selector);
  if (sessionAffinity === '') errors.required('spec.sessionAffinity');
  else errors.oneOf('spec.sessionAffinity', sessionAffinity, ['ClientIP', 'None']);
  if (sessionAffinity === 'None' && spec.sessionAffinityConfig) {
    const detail = 'must not be set when session affinity is None';
    errors.forbidden('spec.sessionAffinityConfig', detail);
  }
  externalIPs.forEach((ip, index) => {
    const before = errors.count;
    validateAddress(errors, `spec.externalIPs[${index}]`, ip);
    if (errors.count === before) {
      validateReachableAddress(errors, `spec.externalIPs[${index}]`, ip);
    }
  });
  if (type === '') errors.required('spec.type');
  else errors.oneOf('spec.type', type, ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']);
  validateNodePorts(errors, type, ports);
  validateDuplicates(errors, ports);
}

function validateType(errors: FieldErrors, spec: ServiceSpec, headless: boolean): void {
  const { type, ports = [], externalName = '' } = spec;
  if (type === 'LoadBalancer') {
    ports.forEach(({ port }, index) => {
      if (port !== KUBELET_PORT) return;
      const detail = `may not expose port ${port} externally since it is used by kubelet`;
      errors.invalid(`spec.ports[${index}]`, port, detail);
    });
  }
  if (headless && (type === 'LoadBalancer' || type === 'NodePort')) {
    errors.invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`);
  }
  if (type !== 'ExternalName') return;
  if (spec.clusterIP || spec.clusterIPs?.length) {
    errors.forbidden('spec.clusterIPs', 'may not be set for ExternalName services');
  }
  const name = externalName.replace(/\.$/, '');
  if (name === '') errors.required('spec.externalName');
  else for (const text of isSubdomain(name)) errors.invalid('spec.externalName', name, text);
}

function validatePorts(errors: FieldErrors, ports: readonly ServicePort[]): void {
  const names = new Set<string>();
  ports.forEach(({ name = '', port, protocol = '', targetPort = 0, appProtocol }, index) => {
    const at = `spec.ports[${index}]`;
    if (name !== '') {
      for (const text of isLabel(name)) errors.invalid(`${at}.name`, name, text);
      if (names.has(name)) errors.duplicate(`${at}.name`, name);
      names.add(name);
    } else if (ports.length > 1) errors.required(`${at}.name`);
    for (const text of isPortNumber(port)) errors.invalid(`${at}.port`, port, text);
    if (protocol === '') errors.required(`${at}.protocol`);
    else errors.oneOf(`${at}.protocol`, protocol, ['SCTP', 'TCP', 'UDP']);
    const target =
      typeof targetPort === 'number' ? isPortNumber(targetPort) : isPortName(targetPort);
    for (const text of target) errors.invalid(`${at}.targetPort`, targetPort, text);
    for (const text of appProtocol === undefined ? [] : isQualifiedName(appProtocol)) {
      errors.invalid(`${at}.appProtocol`, appProtocol, text);
    }
  });
}

function validateNodePorts(errors: FieldErrors, type: string, ports: readonly ServicePort[]): void {
  const seen = new Set<string>();
  ports.forEach(({ nodePort = 0, protocol }, index) => {
    const field = `spec.ports[${index}].nodePort`;
    if (nodePort === 0) return;
    if (type === 'ClusterIP') errors.forbidden(field, "may not be used when `type` is 'ClusterIP'");
    if (seen.has(`${protocol} ${nodePort}`)) errors.duplicate(field, nodePort);
    seen.add(`${protocol} ${nodePort}`);
  });
}

const PORT: InternalType = {
  Name: '',
  Protocol: '',
  AppProtocol: null,
  Port: 0,
  TargetPort: 0,
  NodePort: 0,
};

const PORT_TYPE: GoType = {
  struct: 'core.ServicePort',
  fields: {
    Name: '',
    Protocol: '',
    AppProtocol: { since: '1.18', type: { pointer: '*string' } },
    Port: 0,
    TargetPort: INT_OR_STRING,
    NodePort: 0,
  },
};

function validateDuplicates(errors: FieldErrors, ports: readonly ServicePort[]): void {
  const seen = new Set<string>();
  ports.forEach(({ port, protocol }, index) => {
    const key = { port, protocol };
    const value = new GoValue(key, PORT_TYPE, internalValue(key, PORT));
    if (seen.has(`${protocol} ${port}`)) errors.duplicate(`spec.ports[${index}]`, value);
    seen.add(`${protocol} ${port}`);
  });
}
