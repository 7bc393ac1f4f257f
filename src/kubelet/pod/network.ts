import type { NodeSystem } from '../../outside/index.ts';
import type { Simulation } from '../../sim/index.ts';

/** The address of a node's machine: made from its name, so that a restart of the kubelet keeps it. */
export function hostAddress({ simulation, name }: Pick<NodeSystem, 'simulation' | 'name'>): string {
  return `192.168.${octets(simulation, 'host-ip', name)}`;
}

/** The address of a sandbox: made from the Pod and the attempt, so that a restart of the kubelet keeps it. */
export function sandboxAddress(simulation: Simulation, podUid: string, attempt: number): string {
  return `10.244.${octets(simulation, 'pod-ip', `${podUid}/${attempt}`)}`;
}

function octets(simulation: Simulation, purpose: string, key: string): string {
  const chance = simulation.random.fresh(purpose, key);
  return `${chance.integer(256)}.${1 + chance.integer(254)}`;
}
