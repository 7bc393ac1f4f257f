// The file calls that a kubelet makes for one Pod with an emptyDir, a configMap and a secret (3 keys each), on memfs by path: the yardstick
// of a Pod's life. The order follows pkg/volume/emptydir, configmap, secret and pkg/volume/util/atomic_writer.go.
import { Volume } from 'memfs';

const KEYS = ['a', 'b', 'c'];

function absent(action) {
  try {
    return action();
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  }
}

/** A store with every Pod of one node. */
export class PodsOnMemfs {
  fs = new Volume();
  #serial = 0;

  constructor() {
    this.fs.mkdirSync('/var/lib/kubelet/pods', { recursive: true });
  }

  start(uid) {
    const { fs } = this;
    const home = `/var/lib/kubelet/pods/${uid}`;
    for (const part of ['', '/volumes', '/plugins'])
      fs.mkdirSync(home + part, { recursive: true, mode: 0o750 });
    this.#directory(home, 'kubernetes.io~empty-dir/cache', 'cache');
    this.#write(fs, this.#directory(home, 'kubernetes.io~configmap/config', 'wrapped_config'));
    this.#directory(home, 'kubernetes.io~secret/secret', 'wrapped_secret');
    const tmpfs = new Volume();
    this.#write(tmpfs, '');
    fs.mkdirSync(`${home}/containers/main`, { recursive: true, mode: 0o750 });
    this.#file(fs, `${home}/containers/main/1a2b3c4d`, '', 0o666);
    this.#file(
      fs,
      `${home}/etc-hosts`,
      '# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n',
      0o644,
    );
    return tmpfs;
  }

  /** The atomic update of the configMap's files. Models Write of pkg/volume/util/atomic_writer.go. */
  update(uid, data) {
    const { fs } = this;
    const path = `/var/lib/kubelet/pods/${uid}/volumes/kubernetes.io~configmap/config`;
    const old = fs.readlinkSync(`${path}/..data`);
    const now = fs.readdirSync(`${path}/${old}`);
    const same = now.every((key) => fs.readFileSync(`${path}/${old}/${key}`, 'utf8') === data[key]);
    if (same && now.length === Object.keys(data).length) return;
    const stamp = `..2024_01_01_00_00_00.${++this.#serial}`;
    fs.mkdirSync(`${path}/${stamp}`, 0o755);
    fs.chmodSync(`${path}/${stamp}`, 0o755);
    for (const [key, text] of Object.entries(data))
      this.#file(fs, `${path}/${stamp}/${key}`, text, 0o644);
    fs.symlinkSync(stamp, `${path}/..data_tmp`);
    fs.unlinkSync(`${path}/..data_tmp`); // memfs renames what a link points to, so the link is made anew
    fs.unlinkSync(`${path}/..data`);
    fs.symlinkSync(stamp, `${path}/..data`);
    for (const key of Object.keys(data)) fs.readlinkSync(`${path}/${key}`);
    this.#removeAll(`${path}/${old}`);
  }

  remove(uid) {
    const { fs } = this;
    const home = `/var/lib/kubelet/pods/${uid}`;
    fs.readFileSync(`${home}/containers/main/1a2b3c4d`);
    this.#tearDown(home, 'kubernetes.io~empty-dir/cache', 'cache');
    this.#tearDown(home, 'kubernetes.io~configmap/config', 'wrapped_config');
    this.#tearDown(home, 'kubernetes.io~secret/secret', 'wrapped_secret');
    for (let look = 0; look < 3; look++) {
      for (const name of fs.readdirSync(`${home}/volumes`))
        fs.readdirSync(`${home}/volumes/${name}`);
    }
    this.#removeAll(home);
  }

  #file(fs, path, content, mode) {
    fs.writeFileSync(path, content, { mode });
    fs.chmodSync(path, mode);
  }

  #stat(path) {
    return this.fs.lstatSync(path, { throwIfNoEntry: false });
  }

  #directory(home, name, marker) {
    const { fs } = this;
    const path = `${home}/volumes/${name}`;
    const ready = `${home}/plugins/kubernetes.io~empty-dir/${marker}`;
    this.#stat(path);
    this.#stat(`${ready}/ready`);
    fs.mkdirSync(path, { recursive: true, mode: 0o777 });
    this.#stat(path);
    fs.chmodSync(path, 0o777);
    this.#stat(path);
    this.#stat(ready);
    fs.mkdirSync(ready, { recursive: true, mode: 0o750 });
    fs.writeFileSync(`${ready}/ready`, '', { mode: 0o644 });
    return path;
  }

  #write(fs, path) {
    const stamp = `..2024_01_01_00_00_00.${++this.#serial}`;
    absent(() => fs.readlinkSync(`${path}/..data`));
    fs.mkdirSync(`${path}/${stamp}`, 0o755);
    fs.chmodSync(`${path}/${stamp}`, 0o755);
    for (const key of KEYS) this.#file(fs, `${path}/${stamp}/${key}`, key.repeat(100), 0o644);
    fs.symlinkSync(stamp, `${path}/..data_tmp`);
    fs.unlinkSync(`${path}/..data_tmp`);
    fs.symlinkSync(stamp, `${path}/..data`);
    for (const key of KEYS) {
      absent(() => fs.readlinkSync(`${path}/${key}`));
      fs.symlinkSync(`..data/${key}`, `${path}/${key}`);
    }
  }

  #tearDown(home, name, marker) {
    this.#stat(`${home}/volume-subpaths/${marker}`);
    this.#removeAll(`${home}/plugins/kubernetes.io~empty-dir/${marker}`);
    this.#stat(`${home}/volumes/${name}`);
    this.#removeAll(`${home}/volumes/${name}`);
  }

  #removeAll(path) {
    const stat = this.#stat(path);
    if (!stat) return;
    if (!stat.isDirectory()) return this.fs.unlinkSync(path);
    for (const name of this.fs.readdirSync(path)) this.#removeAll(`${path}/${name}`);
    this.fs.rmdirSync(path);
  }
}
