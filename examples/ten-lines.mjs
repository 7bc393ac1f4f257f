// An emptyDir outlives its container and dies with its Pod, in ten lines.
//
//   node examples/ten-lines.mjs
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createCluster } from 'kubelet-volumes';

// The Pod alone: what the file says about a Simulation is for the command.
const file = readFileSync(new URL('empty-dir.yaml', import.meta.url), 'utf8');
const [manifest] = file.split('\n---\n');

const cluster = createCluster();
cluster.apply(manifest);
cluster.settle(); // virtual time moves only when you say so
const container = cluster.pod('test-pd').container();
const onTheNode = cluster.pod('test-pd').volume('cache-volume').path;
container.fs.writeFileSync('/cache/x', 'kept');
container.fs.writeFileSync('/tmp/y', 'lost');
container.crash();
cluster.settle();
const again = cluster.pod('test-pd').container();
assert.equal(again.fs.readFileSync('/cache/x', 'utf8'), 'kept');
assert.throws(() => again.fs.readFileSync('/tmp/y'), { code: 'ENOENT' });
assert.equal(again.restartCount, 1);
assert.ok(cluster.node().fs.existsSync(onTheNode));
cluster.delete('Pod', 'test-pd');
cluster.settle();
assert.ok(!cluster.node().fs.existsSync(onTheNode)); // its directory on the node is gone

console.log(`/cache/x was kept, /tmp/y was lost, and ${onTheNode} is gone.`);
