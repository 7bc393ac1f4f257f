import { Buffer } from 'node:buffer';
import git, { type FsClient, type HttpClient } from 'isomorphic-git';

type Fs = FsClient & object;

/** What a line of git's protocol is: four digits of its length, then its bytes. */
function line(...parts: readonly (string | Uint8Array)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array)));
  return Buffer.concat([Buffer.from((body.length + 4).toString(16).padStart(4, '0')), body]);
}

const flush = Buffer.from('0000');
const pieceMax = 65_000;

/** An HTTP client behind which a repository on an `fs` is served, as git-http-backend would: for clones of all of it. */
export function serving(fs: Fs, dir: string): HttpClient {
  return {
    async request({ url, method = 'GET' }) {
      const body = url.endsWith('/git-upload-pack') ? await pack(fs, dir) : await refs(fs, dir);
      return {
        url,
        method,
        headers: { 'content-type': 'application/x-git-upload-pack-advertisement' },
        body: iterate(body),
        statusCode: 200,
        statusMessage: 'OK',
      };
    },
  };
}

async function* iterate(body: Buffer): AsyncGenerator<Uint8Array> {
  yield body;
}

async function refs(fs: Fs, dir: string): Promise<Buffer> {
  const branch = String(await git.currentBranch({ fs, dir }));
  const head = await git.resolveRef({ fs, dir, ref: 'HEAD' });
  const abilities = `side-band-64k symref=HEAD:refs/heads/${branch}`;
  const lines = [line('# service=git-upload-pack\n'), flush, line(`${head} HEAD\0${abilities}\n`)];
  for (const name of await git.listBranches({ fs, dir })) {
    lines.push(line(`${await git.resolveRef({ fs, dir, ref: name })} refs/heads/${name}\n`));
  }
  return Buffer.concat([...lines, flush]);
}

async function pack(fs: Fs, dir: string): Promise<Buffer> {
  const oids = [...(await objects(fs, dir))];
  const { packfile } = await git.packObjects({ fs, dir, oids });
  const bytes = packfile ?? new Uint8Array();
  const pieces = [line('NAK\n')];
  for (let at = 0; at < bytes.length; at += pieceMax) {
    pieces.push(line(Buffer.of(1), bytes.subarray(at, at + pieceMax)));
  }
  return Buffer.concat([...pieces, flush]);
}

/** Every object that a branch leads to. */
async function objects(fs: Fs, dir: string): Promise<Set<string>> {
  const found = new Set<string>();
  for (const ref of await git.listBranches({ fs, dir })) {
    for (const { oid, commit } of await git.log({ fs, dir, ref })) {
      found.add(oid);
      await addTree(fs, dir, commit.tree, found);
    }
  }
  return found;
}

async function addTree(fs: Fs, dir: string, oid: string, found: Set<string>): Promise<void> {
  found.add(oid);
  const { tree } = await git.readTree({ fs, dir, oid });
  for (const entry of tree) {
    if (entry.type === 'tree') await addTree(fs, dir, entry.oid, found);
    else found.add(entry.oid);
  }
}
