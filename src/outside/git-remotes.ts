import type { DirectoryJSON } from '../face/index.ts';
import { readRevisions } from './git/read-revisions.ts';
import { type GitRepository, makeRepository } from './git/repository.ts';

/** The git repositories of the world, by the address that `git clone` gets. */
export class GitRemotes {
  readonly #repositories = new Map<string, GitRepository>();

  /**
   * Puts a repository into the world; one with the same address is replaced, as by a push. Clones that were made stay as they are.
   *
   * @param repository Its address, as Pods give it: `https://…`, `git@host:path`, a path.
   * @param revisions Files by path, under `HEAD`, branches, tags (`v1.2`, `refs/tags/x`) and commit ids (7 to 40 hexadecimal digits).
   * @throws SimulationError BAD_OPTION
   */
  add(repository: string, revisions: Readonly<Record<string, DirectoryJSON>>): void {
    const read = readRevisions(repository, revisions);
    this.#repositories.set(withoutSlash(repository), makeRepository(read));
  }

  /** The repository at an address, or undefined. */
  find(address: string): GitRepository | undefined {
    return this.#repositories.get(withoutSlash(address));
  }
}

function withoutSlash(address: string): string {
  return address.replace(/\/+$/, '');
}
