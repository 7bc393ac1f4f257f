import * as attributes from './attributes.ts';
import type { Call } from './callback.ts';
import { cpSync } from './copy.ts';
import { copyFileSync } from './copy-file.ts';
import { globSync } from './glob.ts';
import { readdirSync } from './list.ts';
import { mkdirSync, mkdtempSync } from './make-directories.ts';
import * as names from './names.ts';
import { opendirSync } from './open-directory.ts';
import * as files from './open-files.ts';
import { realpathSync } from './real-path.ts';
import { rmdirSync, rmSync } from './remove.ts';
import * as status from './status.ts';
import { appendFileSync, readFileSync, writeFileSync } from './whole-files.ts';

/** The synchronous calls of `node:fs`, by name. */
export const syncCalls: Readonly<Record<string, Call>> = Object.freeze<Record<string, unknown>>({
  accessSync: status.accessSync,
  appendFileSync,
  chmodSync: attributes.chmodSync,
  chownSync: attributes.chownSync,
  closeSync: files.closeSync,
  copyFileSync,
  cpSync,
  existsSync: status.existsSync,
  fchmodSync: attributes.fchmodSync,
  fchownSync: attributes.fchownSync,
  fdatasyncSync: files.fdatasyncSync,
  fstatSync: status.fstatSync,
  fsyncSync: files.fsyncSync,
  ftruncateSync: attributes.ftruncateSync,
  futimesSync: attributes.futimesSync,
  globSync,
  lchownSync: attributes.lchownSync,
  linkSync: names.linkSync,
  lstatSync: status.lstatSync,
  lutimesSync: attributes.lutimesSync,
  mkdirSync,
  mkdtempSync,
  openSync: files.openSync,
  opendirSync,
  readFileSync,
  readSync: files.readSync,
  readdirSync,
  readlinkSync: names.readlinkSync,
  readvSync: files.readvSync,
  realpathSync,
  renameSync: names.renameSync,
  rmSync,
  rmdirSync,
  statSync: status.statSync,
  statfsSync: status.statfsSync,
  symlinkSync: names.symlinkSync,
  truncateSync: attributes.truncateSync,
  unlinkSync: names.unlinkSync,
  utimesSync: attributes.utimesSync,
  writeFileSync,
  writeSync: files.writeSync,
  writevSync: files.writevSync,
}) as Record<string, Call>;
