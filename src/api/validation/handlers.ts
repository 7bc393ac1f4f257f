import type { FieldErrors } from '../field-errors.ts';
import type { Container, HTTPGetAction, Lifecycle, LifecycleHandler, Probe } from '../types.ts';
import { isPortName, isPortNumber } from './names.ts';

/** What a probe or a hook does. */
type Handler = Pick<Probe, 'exec' | 'httpGet' | 'tcpSocket' | 'grpc'> &
  Pick<LifecycleHandler, 'sleep'>;

/** Hooks and probes of a container that has them. `grace`: the Pod's seconds. Models validateLifecycle and validateProbe. */
export function validateHandlers(
  errors: FieldErrors,
  at: string,
  container: Container,
  grace: number | undefined,
): void {
  if (container.lifecycle) validateLifecycle(errors, `${at}.lifecycle`, container.lifecycle, grace);
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    const probe = container[name];
    if (!probe) continue;
    const field = `${at}.${name}`;
    validateProbe(errors, field, probe);
    if (name === 'readinessProbe') {
      const seconds = probe.terminationGracePeriodSeconds;
      const detail = 'must not be set for readinessProbes';
      if (seconds !== undefined) {
        errors.invalid(`${field}.terminationGracePeriodSeconds`, seconds, detail);
      }
    } else if (probe.successThreshold !== 1) {
      errors.invalid(`${field}.successThreshold`, probe.successThreshold ?? 0, 'must be 1');
    }
  }
}

function validateLifecycle(
  errors: FieldErrors,
  at: string,
  { postStart, preStop }: Lifecycle,
  grace: number | undefined,
): void {
  if (postStart) validateHandler(errors, `${at}.postStart`, postStart, grace);
  if (preStop) validateHandler(errors, `${at}.preStop`, preStop, grace);
}

const SECONDS = [
  'initialDelaySeconds',
  'timeoutSeconds',
  'periodSeconds',
  'successThreshold',
  'failureThreshold',
] as const;

function validateProbe(errors: FieldErrors, at: string, probe: Probe): void {
  validateHandler(errors, at, probe, undefined);
  for (const name of SECONDS) {
    const value = probe[name] ?? 0;
    if (value < 0) errors.invalid(`${at}.${name}`, value, 'must be greater than or equal to 0');
  }
  const seconds = probe.terminationGracePeriodSeconds;
  if (seconds !== undefined && seconds <= 0) {
    errors.invalid(`${at}.terminationGracePeriodSeconds`, seconds, 'must be greater than 0');
  }
}

const KINDS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const;

function validateHandler(
  errors: FieldErrors,
  at: string,
  handler: Handler,
  grace: number | undefined,
): void {
  const [first, ...more] = KINDS.filter((kind) => handler[kind] !== undefined);
  const { exec, httpGet, tcpSocket, grpc, sleep } = handler;
  if (first === undefined) return errors.required(at, 'must specify a handler type');
  if (first === 'exec' && !exec?.command?.length) errors.required(`${at}.exec.command`);
  if (first === 'httpGet' && httpGet) validateHTTPGet(errors, `${at}.httpGet`, httpGet);
  if (first === 'tcpSocket') validatePort(errors, `${at}.tcpSocket.port`, tcpSocket?.port);
  if (first === 'grpc') validatePort(errors, `${at}.grpc.port`, grpc?.port);
  if (first === 'sleep' && sleep && grace !== undefined) {
    const { seconds = 0 } = sleep;
    const detail = `must be non-negative and less than terminationGracePeriodSeconds (${grace})`;
    if (seconds < 0 || seconds > grace) errors.invalid(`${at}.sleep`, seconds, detail);
  }
  for (const kind of more) {
    errors.forbidden(`${at}.${kind}`, 'may not specify more than 1 handler type');
  }
}

function validateHTTPGet(
  errors: FieldErrors,
  at: string,
  { path, port, scheme, httpHeaders = [] }: HTTPGetAction,
): void {
  if (!path) errors.required(`${at}.path`);
  validatePort(errors, `${at}.port`, port);
  if (scheme !== 'HTTP' && scheme !== 'HTTPS') {
    errors.notSupported(`${at}.scheme`, scheme ?? '', ['HTTP', 'HTTPS']);
  }
  for (const { name = '' } of httpHeaders) {
    if (/^[-A-Za-z0-9]+$/.test(name)) continue;
    const detail =
      "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";
    errors.invalid(`${at}.httpHeaders`, name, detail);
  }
}

function validatePort(errors: FieldErrors, field: string, port: number | string = 0): void {
  const texts = typeof port === 'number' ? isPortNumber(port) : isPortName(port);
  for (const text of texts) errors.invalid(field, port, text);
}
