import { bytesOf } from '../../base/index.ts';
import { everyContainer } from '../defaults/pod.ts';
import type { FieldErrors } from '../field-errors.ts';
import type { PodSpec, WindowsSecurityContextOptions } from '../types.ts';
import { isSubdomain } from './names.ts';
import { everyContainerWithPath } from './os.ts';

const NETBIOS = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const DOMAIN =
  /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

/** Models validateWindowsSecurityContextOptions. */
export function validateWindowsOptions(
  errors: FieldErrors,
  at: string,
  options: WindowsSecurityContextOptions | undefined,
): void {
  if (!options) return;
  const { gmsaCredentialSpecName: name, gmsaCredentialSpec: gmsa, runAsUserName } = options;
  if (name !== undefined) {
    for (const text of isSubdomain(name)) {
      errors.invalid(`${at}.gmsaCredentialSpecName`, name, text);
    }
  }
  if (gmsa === '') {
    const detail = 'gmsaCredentialSpec cannot be an empty string';
    errors.invalid(`${at}.gmsaCredentialSpec`, gmsa, detail);
  } else if (gmsa !== undefined && bytesOf(gmsa).length > 64 * 1024) {
    const detail = 'gmsaCredentialSpec size must be under 64 KiB';
    errors.invalid(`${at}.gmsaCredentialSpec`, gmsa, detail);
  }
  if (runAsUserName === undefined) return;
  for (const text of wrongUserName(runAsUserName)) {
    errors.invalid(`${at}.runAsUserName`, runAsUserName, `runAsUserName${text}`);
  }
}

function wrongUserName(name: string): string[] {
  const parts = name.split('\\');
  if (name === '') return [' cannot be an empty string'];
  if (/\p{Cc}/u.test(name)) return [' cannot contain control characters'];
  if (parts.length > 2) return [' cannot contain more than one backslash'];
  const user = parts.at(-1) ?? '';
  const domain = parts.length === 2 ? parts[0] : undefined;
  const texts: string[] = [];
  if ((domain?.length ?? 0) >= 256) texts.push("'s Domain length must be under 256 characters");
  if (domain !== undefined && !NETBIOS.test(domain) && !DOMAIN.test(domain)) {
    texts.push("'s Domain doesn't match the NetBios nor the DNS format");
  }
  if (user === '') texts.push("'s User cannot be empty");
  else if (user.length > 104) texts.push("'s User length must not be longer than 104 characters");
  if (/^[. ]+$/.test(user)) texts.push("'s User cannot contain only periods or spaces");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) {
    texts.push('\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]');
  }
  return texts;
}

/** All containers of a Pod are HostProcess containers, or none. Models validateWindowsHostProcessPod. */
export function validateHostProcess(errors: FieldErrors, at: string, spec: PodSpec): void {
  const pod = spec.securityContext?.windowsOptions?.hostProcess;
  const windows = everyContainer(spec).some((one) => one.securityContext?.windowsOptions);
  if (pod === undefined && !windows) return;
  const containers = everyContainerWithPath(at, spec);
  let count = 0;
  for (const [field, { securityContext }] of containers) {
    const own = securityContext?.windowsOptions?.hostProcess;
    if (pod !== undefined && own !== undefined && pod !== own) {
      const detail = `pod hostProcess value must be identical if both are specified, was ${pod}`;
      errors.invalid(`${field}.securityContext.windowsOptions.hostProcess`, own, detail);
    }
    if (own ?? pod) count += 1;
  }
  if (count === 0) return;
  if (count !== containers.length) {
    const detail =
      'If pod contains any hostProcess containers then all containers must be HostProcess containers';
    errors.invalid(at, '', detail);
  }
  if (spec.hostNetwork) return;
  const detail = 'hostNetwork must be true if pod contains any hostProcess containers';
  errors.invalid(`${at}.hostNetwork`, false, detail);
}
