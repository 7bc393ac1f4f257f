import type { Plain } from './strategic.ts';
import type { VersionRules } from './versions.ts';

/** Whether Pods have the subresource. */
export function isResizeServed(rules: VersionRules): boolean {
  return rules.atLeast('1.32') && rules.gate('InPlacePodVerticalScaling');
}

/** A stored Pod's spec with what a resize may write. Models podResizeStrategy of pkg/registry/core/pod/strategy.go. */
export function resizedSpec(old: Plain, wanted: Plain, rules: VersionRules): Plain {
  if (rules.before('1.33')) {
    const containers = listOf(wanted, 'containers');
    const resized = listOf(old, 'containers').map((one) =>
      resizedAs(one, containers.find(({ name }) => name === one['name']) ?? one),
    );
    return { ...old, containers: resized };
  }
  const lists = ['containers', 'initContainers'] as const;
  // Rules say what is wrong then.
  if (lists.some((list) => listOf(old, list).length !== listOf(wanted, list).length)) return wanted;
  const whole = rules.gate('InPlacePodLevelResourcesVerticalScaling');
  return {
    ...old,
    ...(whole && { resources: wanted['resources'] }),
    ...Object.fromEntries(
      lists.filter((list) => old[list]).map((list) => [list, resizedList(old, wanted, list)]),
    ),
  };
}

function resizedList(old: Plain, wanted: Plain, list: string): readonly Plain[] {
  const now = listOf(wanted, list);
  const before = listOf(old, list);
  if (before.some(({ name }, index) => name !== now[index]?.['name'])) return now;
  return before.map((one, index) => resizedAs(one, now[index] ?? one));
}

function resizedAs(container: Plain, { resources, resizePolicy }: Plain): Plain {
  const { resources: _, resizePolicy: __, ...rest } = container;
  return {
    ...rest,
    ...(resources !== undefined && { resources }),
    ...(resizePolicy !== undefined && { resizePolicy }),
  };
}

function listOf(spec: Plain, list: string): readonly Plain[] {
  return Array.isArray(spec[list]) ? (spec[list] as Plain[]) : [];
}
