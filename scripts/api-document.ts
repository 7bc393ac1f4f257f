import { fieldSince, gates, volumeTypeSince } from '../src/api/gates.ts';
import { groupVersions } from '../src/api/group-versions.ts';
import { type KindInfo, knownKinds } from '../src/api/kinds.ts';
import { otherKinds } from '../src/api/other-kinds.ts';
import { schemas } from '../src/api/schema/registry.ts';
import { kubernetesVersions } from '../src/api/versions.ts';

/** The text of docs/api.md. */
export function apiDocument(): string {
  const newest = kubernetesVersions.at(-1);
  return `# The API

<!-- Written by \`npm run generate\` from src/api: change it there, or in scripts/api-document.ts. -->

What a real cluster refuses is refused here with the same words; what it takes is stored with the same defaults. A refusal is an
\`ApiError\` with \`reason\`, \`code\` and \`causes\` (field, reason, message of each), and changes nothing.

\`\`\`js
import assert from 'node:assert/strict';
import { createCluster } from 'kubelet-volumes';

const cluster = createCluster({ kubernetesVersion: '1.35' });
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web' },
  spec: {
    containers: [{ name: 'main', image: 'nginx', volumeMounts: [{ name: 'cash', mountPath: '/cache' }] }],
    volumes: [{ name: 'cache', emptyDir: {} }],
  },
};
assert.throws(() => cluster.apply(pod), {
  reason: 'Invalid',
  message: 'Pod "web" is invalid: spec.containers[0].volumeMounts[0].name: Not found: "cash"',
});
assert.deepEqual(cluster.list('Pod'), []);
\`\`\`

\`createCluster({ kubernetesVersion })\` takes \`'${kubernetesVersions[0]}'\` to \`'${newest}'\`, each with its own fields, defaults, rules and words, or \`'all'\` (the
default): the newest rules, with every volume type and every version of a group there ever was. \`featureGates\` overrides what a version
says. \`fieldValidation\` is what is done about unknown fields: \`strict\` (default) refuses, \`warn\` notes it in the trace, \`ignore\` drops them.

| call | does |
| --- | --- |
| \`apply(manifest)\` | creates or updates, as \`kubectl apply\`: a three-way merge with what was applied last; lists merge by their keys |
| \`create(manifest)\` | creates; \`AlreadyExists\`. A TokenReview is answered |
| \`replace(object, { subresource? })\` | replaces; \`Conflict\` when its resourceVersion is not the stored one |
| \`patch(kind, name, patch, { type? })\` | \`merge\` (default), \`json\` or \`strategic\` |
| \`edit(kind, name, change)\` | changes a copy, and replaces |
| \`delete(kind, name, options)\` | as \`kubectl delete\`: graceful; \`propagationPolicy\` is \`Background\` (default), \`Foreground\` or \`Orphan\` |
| \`restore(manifest)\` | into storage as given, status and uid too; nothing is checked |
| \`get\`, \`list\`, \`watch\`, \`events\` | stored objects, frozen and shared: nothing is copied |

A manifest is YAML text (any number of documents, lists, anchors), an object, or a list of objects. Several are taken in order, each seeing what
came before it; when one is refused, none is taken.

## Kinds

A kind of Kubernetes' own groups that the version does not serve is refused: \`no matches for kind "pod" in version "v1"\`. A kind of any other group is
stored as it is, and each \`apply\` or \`create\` says that once in the trace.

| kind | versions of its group, and the Kubernetes versions that serve them | in a namespace | status of its own |
| --- | --- | --- | --- |
${knownKinds.map(kindRow).join('\n')}

These are known by name, and stored as they are: ${Object.keys(otherKinds).join(', ')}.

## Volume types

${Object.entries(volumeTypeSince)
  .map(([type, since]) => `- \`${type}\`: since ${since}`)
  .join('\n')}

All others are there in every version.

## Fields that came later

| field | since |
| --- | --- |
${Object.entries(fieldSince)
  .map(([field, since]) => `| \`${field}\` | ${since} |`)
  .join('\n')}

## Feature gates

Alpha and deprecated gates are off unless they are turned on. A gate whose feature is off drops the fields that need it, or refuses them, as that
version did.

| gate | stages |
| --- | --- |
${Object.entries(gates)
  .map(([gate, stages]) => `| \`${gate}\` | ${stages.split(' ').map(stageText).join(', ')} |`)
  .join('\n')}
`;
}

function kindRow({ kind, namespaced, status }: KindInfo): string {
  const served = Object.entries(groupVersions[kind] ?? {}).map(
    ([version, range]) => `${version} (${rangeText(range)})`,
  );
  const name = schemas[kind] ? kind : `${kind} (stored as it is)`;
  return `| ${name} | ${served.length > 0 ? served.join(', ') : 'v1'} | ${namespaced ? 'yes' : 'no'} | ${status ? 'yes' : 'no'} |`;
}

function rangeText(range: string): string {
  const [from, until] = range.split('-');
  return until ? `${from} to ${until}` : `from ${from}`;
}

const STAGES: Readonly<Record<string, string>> = {
  a: 'alpha',
  '-': 'beta (off)',
  '+': 'on',
  g: 'general',
  d: 'deprecated (off)',
};

function stageText(stage: string): string {
  return `${STAGES[stage[0] ?? '']} ${stage.slice(1)}`;
}
