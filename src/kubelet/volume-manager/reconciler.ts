import { quoted } from '../../base/index.ts';
import { qualifiedPluginName } from '../../plugin/index.ts';
import { TickLoop } from '../../sim/index.ts';
import type { ActualPod, ActualVolume } from './actual-state-of-world.ts';
import {
  attachVolume,
  detachVolume,
  reportedDevicePath,
  verifyControllerAttached,
} from './attach-operations.ts';
import { isBlock, mapVolume, unmapVolume } from './block-operations.ts';
import type { DesiredPod } from './desired-state-of-world.ts';
import type { Environment } from './environment.ts';
import { expandInUse, growthInUse, initializeClaimSize } from './expansion/index.ts';
import { mountVolume } from './mount-operation.ts';
import { isAttachable, isDeviceMountable } from './names.ts';
import type { OperationEnd, OperationExecutor } from './operation-executor.ts';
import { unmountDevice, unmountVolume } from './unmount-operations.ts';

/** Milliseconds between two passes. */
const PERIOD = 100;

const VERIFY = 'verify_controller_attached_volume';

export interface ReconcilerOptions {
  readonly environment: Environment;
  readonly executor: OperationExecutor;
  /** Unmounts may begin: all pods are known, and the disk was understood. */
  readonly ready: () => boolean;
  /** An error of a Pod is there to be taken. */
  readonly onError: (uid: string) => void;
}

/**
 * Starts what brings the actual state of world to the desired one: unmounts, then mounts, then devices. Only volumes that
 * something happened to are looked at. Models pkg/kubelet/volumemanager/reconciler/reconciler.go.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #loop: TickLoop;
  readonly #marked = new Set<string>();
  /** Looked at while something else was being done to them. */
  readonly #blocked = new Set<string>();
  /** Until the Node says that they may be mounted. */
  readonly #waiting = new Set<string>();

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    const { system, owner } = options.environment.context;
    this.#loop = new TickLoop(system.simulation, owner, {
      name: `${owner.name}: volume reconciler`,
      period: PERIOD,
      pass: () => this.#pass(),
    });
  }

  /** The volume is looked at in the next pass. */
  mark(volume: string): void {
    this.#marked.add(volume);
    this.#loop.wake();
  }

  /** Every volume that the node has is looked at. */
  markAll(): void {
    for (const volume of this.#options.environment.actual.volumes.keys()) this.mark(volume);
  }

  /** The Node object changed: volumes that wait for it are looked at. */
  nodeChanged(): void {
    for (const volume of this.#waiting) this.mark(volume);
  }

  /** An operation ended. After a mount nothing is left to do, unless something else waited for its end. */
  operationEnded({ name, volume, outcome }: OperationEnd): void {
    const next = outcome === 'done' && name !== 'volume_mount' && name !== 'map_volume';
    if (this.#blocked.delete(volume) || next || outcome === 'retry') this.mark(volume);
  }

  #pass(): undefined {
    const volumes = [...this.#marked];
    this.#marked.clear();
    const ready = this.#options.ready();
    if (ready) for (const volume of volumes) this.#unmount(volume);
    for (const volume of volumes) this.#mountOrAttach(volume);
    if (ready) for (const volume of volumes) this.#unmountOrDetachDevice(volume);
  }

  #unmount(name: string): void {
    const { actual, desired } = this.#options.environment;
    for (const entry of actual.volumes.get(name)?.pods.values() ?? []) {
      if (!desired.find(entry.uid, name)) this.#startUnmount(entry);
    }
  }

  #startUnmount(entry: ActualPod): void {
    const { environment, executor } = this.#options;
    const { volume, uid, mount } = entry;
    const block = mount.block ?? false;
    const outcome = executor.run({
      name: block ? 'unmap_volume' : 'volume_unmount',
      volume: volume.name,
      pod: uid,
      plugin: qualifiedPluginName(volume.plugin, mount.spec),
      run: () => (block ? unmapVolume(environment, entry) : unmountVolume(environment, entry)),
    });
    this.#outcome(outcome, volume.name, mount, 'unmount', 'the pod does not want it any more');
  }

  #mountOrAttach(name: string): void {
    const { desired, actual } = this.#options.environment;
    for (const wanted of desired.volumes.get(name)?.pods.values() ?? []) {
      const volume = actual.volumes.get(name) ?? this.#attach(wanted);
      if (volume && this.#hasLabel(volume, wanted)) this.#mount(volume, wanted);
    }
  }

  /** False: it is still mounted with the label of another Pod. Models newSELinuxMountMismatchError. */
  #hasLabel({ name, seLinuxLabel }: ActualVolume, { uid, volume }: DesiredPod): boolean {
    if (seLinuxLabel === undefined || seLinuxLabel === volume.seLinux.effective) return true;
    this.#options.environment.desired.addError(
      uid,
      `waiting for unmount of volume ${quoted(name)}, because it is already mounted to a different pod with a different SELinux label`,
    );
    this.#options.onError(uid);
    return false;
  }

  /** What needs no attaching is there at once. */
  #attach(wanted: DesiredPod): ActualVolume | undefined {
    const { environment, executor } = this.#options;
    const { volume, spec } = wanted;
    const { name } = volume;
    if (!volume.attachable) return believeAttached(environment, wanted);
    if (!environment.controllerAttach) {
      const run = () => attachVolume(environment, wanted);
      const plugin = qualifiedPluginName(volume.plugin, spec);
      const outcome = executor.run({ name: 'volume_attach', volume: name, pod: '', plugin, run });
      this.#outcome(outcome, name, wanted, 'attach', 'the pod wants it and it is not attached');
      return undefined;
    }
    this.#waiting.add(name);
    if (!volume.reportedInUse || reportedDevicePath(environment, name) === undefined)
      return undefined;
    this.#waiting.delete(name);
    const run = () => verifyControllerAttached(environment, wanted);
    const attempt = {
      name: VERIFY,
      volume: name,
      pod: '',
      plugin: qualifiedPluginName(volume.plugin, spec),
      run,
    } as const;
    this.#outcome(executor.run(attempt), name, wanted, 'verify', 'the node says it is attached');
    return undefined;
  }

  #mount(volume: ActualVolume, wanted: DesiredPod): void {
    const why = reasonToMount(volume.pods.get(wanted.uid));
    if (why === undefined) return this.#expand(volume, wanted);
    const { environment, executor } = this.#options;
    const { plugin, name } = volume;
    const shared = isAttachable(plugin) || isDeviceMountable(plugin);
    const block = isBlock(wanted.spec);
    const outcome = executor.run({
      name: block ? 'map_volume' : 'volume_mount',
      volume: name,
      pod: shared ? '' : wanted.uid,
      plugin: qualifiedPluginName(plugin, wanted.spec),
      run: () =>
        block ? mapVolume(environment, volume, wanted) : mountVolume(environment, volume, wanted),
    });
    this.#outcome(outcome, name, wanted, 'mount', why);
  }

  #expand(volume: ActualVolume, wanted: DesiredPod): void {
    const to = growthInUse(this.#options.environment, volume, wanted.volume);
    if (to === undefined) return;
    const { environment, executor } = this.#options;
    const { plugin, name } = volume;
    const outcome = executor.run({
      name: 'volume_fs_resize',
      volume: name,
      pod: '',
      plugin: qualifiedPluginName(plugin, wanted.spec),
      run: () => expandInUse(environment, volume, wanted, to),
    });
    this.#outcome(outcome, name, wanted, 'expand', 'its PersistentVolume has grown');
  }

  #unmountOrDetachDevice(name: string): void {
    const { environment, executor } = this.#options;
    const { actual } = environment;
    const volume = actual.volumes.get(name);
    if (!volume || volume.pods.size > 0 || this.#isWanted(volume)) return;
    if (executor.isPending(name)) {
      this.#blocked.add(name);
      return;
    }
    const plugin = qualifiedPluginName(volume.plugin, volume.spec);
    if (volume.deviceMountState !== 'DeviceNotMounted') {
      const run = () => unmountDevice(environment, volume);
      const outcome = executor.run({ name: 'unmount_device', volume: name, pod: '', plugin, run });
      this.#outcome(outcome, name, undefined, 'unmount device', 'no pod has it any more');
    } else if (environment.controllerAttach || !isAttachable(volume.plugin)) {
      actual.deleteVolume(name);
    } else {
      const run = () => detachVolume(environment, volume);
      const outcome = executor.run({ name: 'volume_detach', volume: name, pod: '', plugin, run });
      this.#outcome(outcome, name, undefined, 'detach', 'no pod has it any more');
    }
  }

  /** Mounted with another label it has to be mounted anew. */
  #isWanted({ name, seLinuxLabel }: ActualVolume): boolean {
    const wanted = this.#options.environment.desired.volumes.get(name);
    if (!wanted) return false;
    return seLinuxLabel === undefined || seLinuxLabel === wanted.seLinux.effective;
  }

  #outcome(
    outcome: ReturnType<OperationExecutor['run']>,
    volume: string,
    of: Pick<DesiredPod, 'pod' | 'spec'> | undefined,
    decision: string,
    reason: string,
  ): void {
    if (outcome === 'pending') this.#blocked.add(volume);
    if (outcome !== 'started') return;
    const { system } = this.#options.environment.context;
    const name = of?.spec.name ?? volume;
    const pod = of?.pod.metadata.name;
    const fields = { volume: name, ...(pod && { pod }), decision, reason };
    system.simulation.trace.add('decision', fields, system.name);
  }
}

/** Upstream does it by an operation, and counts that; here it is done in the look that finds it. */
function believeAttached(environment: Environment, { volume, spec }: DesiredPod): ActualVolume {
  const { actual, metrics } = environment;
  const attached = actual.markAttached(volume.name, volume.plugin, spec);
  initializeClaimSize(environment, volume.name, spec);
  metrics.operations.ended({
    plugin: qualifiedPluginName(volume.plugin, spec),
    operation: VERIFY,
    seconds: 0,
    failed: false,
  });
  return attached;
}

function reasonToMount(entry: ActualPod | undefined): string | undefined {
  if (!entry) return 'the pod wants it and it is not mounted';
  if (entry.state === 'uncertain') return 'it is uncertain whether it is mounted';
  return entry.remountRequired ? 'its content may have changed' : undefined;
}
