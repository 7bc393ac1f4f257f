/** Why a container could not be started. */
export interface StartFailure {
  /** `CreateContainerConfigError`, `CreateContainerError`, `RunContainerError`, `CrashLoopBackOff`, `ErrImagePull`, `ImagePullBackOff`, `ErrImageNeverPull`. */
  readonly reason: string;
  readonly message: string;
}

/** The last failure to start of each container, for its waiting state. Models pkg/kubelet/reason_cache.go. */
export class ReasonCache {
  readonly #failures = new Map<string, StartFailure>();

  get(podUid: string, container: string): StartFailure | undefined {
    return this.#failures.get(`${podUid}/${container}`);
  }

  /** What came of an attempt to start a container; undefined: it started. */
  set(podUid: string, container: string, failure: StartFailure | undefined): void {
    if (failure) this.#failures.set(`${podUid}/${container}`, failure);
    else this.#failures.delete(`${podUid}/${container}`);
  }

  /** Forgets a Pod. */
  forget(podUid: string): void {
    for (const key of this.#failures.keys()) {
      if (key.startsWith(`${podUid}/`)) this.#failures.delete(key);
    }
  }
}
