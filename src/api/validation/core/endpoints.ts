import type { FieldErrors } from '../../field-errors.ts';
import type { EndpointAddress, EndpointPort, Endpoints } from '../../types.ts';
import { validateAddress, validateReachableAddress } from '../addresses.ts';
import { isLabel, isPortNumber, isQualifiedName, isSubdomain } from '../names.ts';
import type { KindRules } from '../rules.ts';

/** Models ValidateEndpoints of pkg/apis/core/validation/validation.go. */
export const endpointsRules: KindRules<Endpoints> = {
  create: validateEndpoints,
  update: (errors, endpoints) => validateEndpoints(errors, endpoints),
};

function validateEndpoints(errors: FieldErrors, { subsets = [] }: Endpoints): void {
  subsets.forEach(({ addresses = [], notReadyAddresses = [], ports = [] }, index) => {
    const at = `subsets[${index}]`;
    if (addresses.length === 0 && notReadyAddresses.length === 0) {
      errors.required(at, 'must specify `addresses` or `notReadyAddresses`');
    }
    addresses.forEach((address, i) => {
      validateEndpoint(errors, `${at}.addresses[${i}]`, address);
    });
    notReadyAddresses.forEach((address, i) => {
      validateEndpoint(errors, `${at}.notReadyAddresses[${i}]`, address);
    });
    ports.forEach((port, i) => {
      validatePort(errors, `${at}.ports[${i}]`, port, ports.length > 1);
    });
  });
}

function validateEndpoint(
  errors: FieldErrors,
  at: string,
  { ip = '', hostname = '', nodeName }: EndpointAddress,
): void {
  validateAddress(errors, `${at}.ip`, ip);
  if (hostname !== '') {
    for (const text of isLabel(hostname)) errors.invalid(`${at}.hostname`, hostname, text);
  }
  if (nodeName !== undefined) {
    for (const text of isSubdomain(nodeName)) errors.invalid(`${at}.nodeName`, nodeName, text);
  }
  validateReachableAddress(errors, `${at}.ip`, ip);
}

function validatePort(
  errors: FieldErrors,
  at: string,
  { name = '', port, protocol = '', appProtocol }: EndpointPort,
  named: boolean,
): void {
  if (name !== '') for (const text of isLabel(name)) errors.invalid(`${at}.name`, name, text);
  else if (named) errors.required(`${at}.name`);
  for (const text of isPortNumber(port)) errors.invalid(`${at}.port`, port, text);
  if (protocol === '') errors.required(`${at}.protocol`);
  else errors.oneOf(`${at}.protocol`, protocol, ['SCTP', 'TCP', 'UDP']);
  if (appProtocol === undefined) return;
  for (const text of isQualifiedName(appProtocol)) {
    errors.invalid(`${at}.appProtocol`, appProtocol, text);
  }
}
