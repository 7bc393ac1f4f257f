import { gitProgram } from './git/program.ts';
import { GitRemotes } from './git-remotes.ts';
import type { Program } from './node-system.ts';

/** The world that volumes point at, the same for all nodes of a cluster. */
export class Outside {
  /** Repositories for gitRepo volumes. */
  readonly gitRemotes: GitRemotes = new GitRemotes();
  /** What the programs of every node do, by name. */
  readonly programs: Map<string, Program>;

  constructor() {
    this.programs = new Map([['git', gitProgram(this.gitRemotes)]]);
  }
}
