import { KernelError } from './errno.ts';

/** Thrown by mount calls with the call's name and path, so that whoever shows it can say so. */
export class MountError extends KernelError {
  readonly syscall: string;
  readonly path: string;

  constructor(error: KernelError, syscall: string, path: string) {
    super(error.code);
    this.syscall = syscall;
    this.path = path;
  }

  override get message(): string {
    return `${super.message}, ${this.syscall} '${this.path}'`;
  }
}
