/** What stands behind a device inode. Positions and lengths are bytes. */
export interface Device {
  /** Bytes of a block device; 0 for a character device. */
  readonly size: number;
  read(into: Uint8Array, position: number): number;
  write(from: Uint8Array, position: number): number;
}

/** A device number as stat(2) has it. Models makedev(3). */
export function makeDevice(major: number, minor: number): number {
  return (minor & 0xff) + (major & 0xfff) * 256 + Math.floor(minor / 256) * 0x100000;
}

/** The major number of a device number. */
export function majorOf(device: number): number {
  return Math.floor(device / 256) & 0xfff;
}

/** The minor number of a device number. */
export function minorOf(device: number): number {
  return (device & 0xff) + Math.floor(device / 0x100000) * 256;
}
