import type { Stored } from '../context.ts';

/** How many of a zone's nodes are lost. */
export type ZoneState = 'initial' | 'normal' | 'partialDisruption' | 'fullDisruption';

/** Of the nodes of a zone, as one: its state, and how many they are. */
export interface Zone {
  readonly state: ZoneState;
  readonly size: number;
}

const EXCLUDED = 'node.kubernetes.io/exclude-disruption';
const UNHEALTHY = 0.55;
const LARGE = 50;
/** Nodes per second that get a taint which evicts. */
const RATE = 0.1;
const SECONDARY_RATE = 0.01;

/** Region and zone. Models GetZoneKey. */
export function zoneOf({ metadata: { labels = {} } }: Stored<'Node'>): string {
  const of = (name: string): string =>
    labels[`topology.kubernetes.io/${name}`] ??
    labels[`failure-domain.beta.kubernetes.io/${name}`] ??
    '';
  return `${of('region')}/${of('zone')}`;
}

/** The zones that there are, by key. Models ComputeZoneState. */
export function zonesOf(nodes: readonly Stored<'Node'>[]): Map<string, Zone> {
  const counts = new Map<string, { lost: number; size: number }>();
  for (const node of nodes) {
    if (node.metadata.labels?.[EXCLUDED] !== undefined) continue;
    const zone = zoneOf(node);
    const { lost, size } = counts.get(zone) ?? { lost: 0, size: 0 };
    counts.set(zone, { lost: lost + (readyStatus(node) === 'True' ? 0 : 1), size: size + 1 });
  }
  const zones = [...counts].map(([key, { lost, size }]): [string, Zone] => {
    return [key, { state: stateOf(lost, size), size }];
  });
  return new Map(zones);
}

function stateOf(lost: number, size: number): ZoneState {
  if (lost === size) return 'fullDisruption';
  return lost > 2 && lost / size >= UNHEALTHY ? 'partialDisruption' : 'normal';
}

/** How many nodes of a zone may be tainted in a second. */
export function rateOf({ state, size }: Zone): number {
  if (state !== 'partialDisruption') return RATE;
  return size > LARGE ? SECONDARY_RATE : 0;
}

/** Status of the condition Ready; undefined before anybody said anything of it. */
export function readyStatus({ status }: Stored<'Node'>): string | undefined {
  return status?.conditions?.find(({ type }) => type === 'Ready')?.status;
}
