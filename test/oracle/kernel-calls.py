#!/usr/bin/env python3
"""Ask a real Linux kernel about descriptors, extended attributes, devices, times, capabilities, remounts, statfs, overlays, ext4 and hugetlbfs.

As kernel-files.py, whose operations it has too, and whose form of input and output.

  kernel-calls.py run  FILE.json
  kernel-calls.py make COUNT SEED [OPS [KIND]]   KIND: descriptors, attributes, times, mounts, overlay, ext4, aborted, huge; default all by turns

More operations ("as" names a descriptor; every operation may carry "caps": root with these capabilities and no other):
  open {path,flags,as}     flags: letters of r w (both: O_RDWR) a O_APPEND, c O_CREAT, x O_EXCL, t O_TRUNC, n O_NOFOLLOW, d O_DIRECTORY
  fread {as,length,at?}    value: the text     fwrite {as,data,at?}     fstat {as}     ftruncate {as,size}     fsync {as}
  fchmod {as,mode}         fchown {as,owner,group}       close {as}
  setxattr {path,name,data,flags?}  flags: "create" or "replace"   getxattr {path,name}  listxattr {path}  removexattr {path,name}
  mknod {path,type,rdev?}  type: fifo, socket, char, block; rdev: [major, minor]
  times {path}             value: the number of the operation that each of atime, mtime, ctime is from
  utimes {path}            both to the epoch           blocks {path}  value: st_blocks
  ino {path}               value: a number for the inode, counted from 0 as they are first asked for
  statfs {path}            value: {bsize, blocks, bavail, files, ffree}; "large" for more than 1,000 inodes
  mountinfo                value: [path, options of the mount, ro or rw of the filesystem] of each, sorted
  tmpfs {..., inodes?}     remount {path,flags,superblock?}   flags: of ro nosuid nodev noexec noatime nodiratime relatime strictatime
  overlay {lower,upper,path}: an overlay at path; upper gets two directories u and w
  umount {path, lazy?}
  ext4 {path}: a disk of 100 MiB there (mkfs.ext4, loop device)       abort {path}: an error makes it read-only
  huge {path}: a hugetlbfs there
"""
import atexit, ctypes, importlib.util, json, os, random, shutil, stat, subprocess, sys, tempfile, time

here = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location("kernel_files", os.path.join(here, "kernel-files.py"))
files = importlib.util.module_from_spec(spec)
spec.loader.exec_module(files)
files_describe, files_act, files_perform = files.describe, files.act, files.perform

PROC, ROOT = os.open("/proc", os.O_RDONLY), os.open("/", os.O_RDONLY)  # from before the chroot
SCRATCH = tempfile.mkdtemp(prefix="kernel-calls-")
TEMPLATE = SCRATCH + "/template"
CAPS = {"CAP_CHOWN": 0, "CAP_DAC_OVERRIDE": 1, "CAP_DAC_READ_SEARCH": 2, "CAP_FOWNER": 3, "CAP_FSETID": 4, "CAP_MKNOD": 27, "CAP_SYS_ADMIN": 21}
FLAGS = {"ro": 1, "nosuid": 2, "nodev": 4, "noexec": 8, "noatime": 1 << 10, "nodiratime": 1 << 11, "relatime": 1 << 21, "strictatime": 1 << 24}
OPEN = {"a": os.O_APPEND, "c": os.O_CREAT, "x": os.O_EXCL, "t": os.O_TRUNC, "n": os.O_NOFOLLOW, "d": os.O_DIRECTORY}
TYPES = {"fifo": stat.S_IFIFO, "socket": stat.S_IFSOCK, "char": stat.S_IFCHR, "block": stat.S_IFBLK}
XATTR = {"create": os.XATTR_CREATE, "replace": os.XATTR_REPLACE}
descriptors, starts, inodes = {}, [], {}


def flags_of(letters):
    access = os.O_RDWR if "r" in letters and "w" in letters else os.O_WRONLY if "w" in letters else os.O_RDONLY
    return access | sum(OPEN[c] for c in letters if c in OPEN) | os.O_NONBLOCK


def describe(s):
    found = files_describe(s)
    kind = next((name for name, bits in TYPES.items() if stat.S_IFMT(s.st_mode) == bits), None)
    if kind: found["type"] = kind
    if kind in ("char", "block"): found["rdev"] = [os.major(s.st_rdev), os.minor(s.st_rdev)]
    return found


def descriptor_of(op):
    if op["as"] not in descriptors: raise OSError(9, "no descriptor")
    return descriptors[op["as"]]


def when(ns):
    return max((i for i, start in enumerate(starts) if start <= ns), default=-1)


def on_descriptor(op):
    do = op["do"]
    if do == "open":
        if op["as"] in descriptors: os.close(descriptors.pop(op["as"]))
        descriptors[op["as"]] = os.open(op["path"], flags_of(op["flags"]), 0o666)
        return None
    descriptor = descriptor_of(op)
    if do == "fread":
        data = os.pread(descriptor, op["length"], op["at"]) if "at" in op else os.read(descriptor, op["length"])
        return data.decode("latin1") if len(data) < 200 else len(data)
    if do == "fwrite":
        data = op["data"].encode() if isinstance(op["data"], str) else b"." * op["data"]
        return os.pwrite(descriptor, data, op["at"]) if "at" in op else os.write(descriptor, data)
    if do == "fstat": return describe(os.fstat(descriptor))
    if do == "ftruncate": return os.ftruncate(descriptor, op["size"])
    if do == "fsync": return os.fsync(descriptor)
    if do == "fchmod": return os.fchmod(descriptor, int(op["mode"], 8))
    if do == "fchown": return os.fchown(descriptor, op["owner"], op["group"])
    if do == "close": return os.close(descriptors.pop(op["as"]))
    raise ValueError(do)


def outside(*command):
    """Runs a program of the host."""
    enter = lambda: (os.fchdir(ROOT), os.chroot("."))
    return subprocess.run(command, preexec_fn=enter, check=True, capture_output=True, text=True, executable="/usr/bin/env").stdout.strip()


def tool(*command):
    return outside("env", *command)


def ext4(path):
    """A new disk, whose device goes with the last mount."""
    image = SCRATCH + "/image"
    tool("sh", "-c", "rm -f %s; cp --sparse=always %s %s" % (image, TEMPLATE, image))
    device = tool("losetup", "-f", "--show", image)
    os.mknod("/loop", stat.S_IFBLK | 0o600, os.makedev(7, int(device[len("/dev/loop"):])))
    try: files.mount("/loop", path, "ext4", 0, "errors=remount-ro")
    finally:
        tool("losetup", "-d", device)
        os.unlink("/loop")


def abort(path):
    number = os.minor(os.stat(path).st_dev)
    if os.major(os.stat(path).st_dev) != 7: raise OSError(22, "no disk")
    disk = os.open(path, os.O_RDONLY)
    files.check(files.libc.syncfs(disk))  # what is not on the disk by then may be lost
    os.close(disk)
    tool("sh", "-c", "echo error > /sys/fs/ext4/loop%d/trigger_fs_error" % number)


def on_mounts(op):
    do, path = op["do"], op.get("path")
    if do == "tmpfs":
        data = ",".join("%s=%s" % (n, op[k]) for k, n in (("size", "size"), ("mode", "mode"), ("inodes", "nr_inodes")) if k in op)
        return files.mount("tmpfs", path, "tmpfs", 0, data or None)
    if do == "remount":
        flags = 32 | sum(FLAGS[f] for f in op["flags"])
        return files.mount(None, path, None, flags if op.get("superblock") else flags | 4096)
    if do == "overlay":
        upper = op["upper"]
        for name in ("u", "w"): os.mkdir(upper + "/" + name)
        return files.mount("overlay", path, "overlay", 0, "lowerdir=%s,upperdir=%s/u,workdir=%s/w" % (op["lower"], upper, upper))
    if do == "ext4": return ext4(path)
    if do == "abort": return abort(path)
    if do == "huge": return files.mount("huge", path, "hugetlbfs", 0, None)
    if do == "umount": return files.check(files.libc.umount2(path.encode(), 2 if op.get("lazy") else 0))
    if do == "statfs":
        s = os.statvfs(path)
        if s.f_files > 100000: return "large"  # of the root, which takes what the host's memory gives
        return {"bsize": s.f_bsize, "blocks": s.f_blocks, "bavail": s.f_bavail, "files": s.f_files, "ffree": s.f_ffree}
    found = []
    for line in os.fdopen(os.open("self/mountinfo", os.O_RDONLY, dir_fd=PROC)):
        left, right = [half.split(" ") for half in line.rstrip("\n").split(" - ")]
        found.append([left[4], left[5], right[2].split(",")[0]])
    return sorted(found)


def waits(op):
    """Whoever opens a fifo may wait for ever, and some devices have no end: such operations do nothing, and answer "other"."""
    if op["do"] not in ("open", "read", "write", "append") or op["do"] == "open" and "n" in op["flags"]: return False
    try: mode = os.stat(op["path"]).st_mode
    except OSError: return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) and op["do"] == "read"


def act(op):
    do, path = op["do"], op.get("path")
    if waits(op): return "other"
    if "as" in op: return on_descriptor(op)
    if do in ("tmpfs", "remount", "overlay", "umount", "statfs", "mountinfo", "ext4", "abort", "huge"): return on_mounts(op)
    if do == "setxattr": return os.setxattr(path, op["name"], op["data"].encode(), XATTR.get(op.get("flags"), 0))
    if do == "getxattr": return os.getxattr(path, op["name"]).decode()
    if do == "listxattr": return sorted(os.listxattr(path))
    if do == "removexattr": return os.removexattr(path, op["name"])
    if do == "mknod": return os.mknod(path, TYPES[op["type"]] | 0o644, os.makedev(*op["rdev"]) if "rdev" in op else 0)
    if do == "utimes": return os.utime(path, (0, 0))
    if do == "blocks": return os.lstat(path).st_blocks
    if do == "times":
        s = os.lstat(path)
        return [when(s.st_atime_ns), when(s.st_mtime_ns), when(s.st_ctime_ns)]
    if do == "ino":
        s = os.lstat(path)
        return inodes.setdefault((s.st_dev, s.st_ino), len(inodes))
    return files_act(op)


def drop_to(names):
    mask = sum(1 << CAPS[name] for name in names)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    files.check(files.libc.syscall(126, header, (ctypes.c_uint32 * 6)(mask, mask, 0, 0, 0, 0)))


def perform(op):
    """Each operation has a moment of its own: inodes get the time of the last tick, or if it was asked for meanwhile the exact one."""
    before = time.clock_gettime_ns(0)
    while time.clock_gettime_ns(5) <= before: time.sleep(0.001)
    starts.append(time.clock_gettime_ns(5))
    if "caps" not in op: return files_perform(op)
    reader, writer = os.pipe()
    if os.fork() == 0:
        drop_to(op["caps"])
        plain = {k: v for k, v in op.items() if k != "caps"}
        os.write(writer, json.dumps(dict(files_perform(plain), op=op)).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as file: text = file.read()
    os.wait()
    return json.loads(text)


files.describe, files.act, files.perform = describe, act, perform
files.errno.errorcode[95] = "EOPNOTSUPP"

COMMON = ["write", "append", "read", "mkdir", "unlink", "rmdir", "rename", "link", "symlink", "lstat", "readdir", "chmod", "truncate"]
OWN = {
    "descriptors": ["open", "open", "open", "fread", "fwrite", "fwrite", "fwrite", "fstat", "ftruncate", "fsync", "fchmod", "fchown", "close", "umount", "blocks", "mknod"],
    "attributes": ["setxattr", "setxattr", "setxattr", "getxattr", "listxattr", "removexattr", "mknod"],
    "times": ["times", "times", "times", "times", "open", "fread", "fwrite", "chown", "utimes", "readlink", "setxattr", "remount", "access"],
    "mounts": ["remount", "remount", "statfs", "mknod", "open", "fwrite", "access", "mountinfo", "blocks", "close", "umount"],
    "ext4": ["open", "fread", "fwrite", "fwrite", "fstat", "ftruncate", "close", "setxattr", "setxattr", "removexattr", "listxattr", "statfs", "statfs", "mknod", "blocks", "blocks", "times", "chown", "access"],
    "aborted": ["open", "open", "fread", "fwrite", "fwrite", "fstat", "ftruncate", "fsync", "fchmod", "fchown", "close", "setxattr", "getxattr", "mknod", "chown", "utimes", "access", "remount", "mountinfo", "statfs"],
    "huge": ["open", "open", "fread", "fwrite", "fstat", "ftruncate", "ftruncate", "close", "setxattr", "statfs", "mknod", "blocks", "chown", "times", "access", "mountinfo"],
    "overlay": ["open", "fread", "fwrite", "fstat", "chown", "ino", "setxattr", "getxattr", "mknod", "utimes", "times", "times", "blocks"],
}
CAPABILITIES = [[], ["CAP_DAC_OVERRIDE"], ["CAP_CHOWN", "CAP_FOWNER"], ["CAP_DAC_READ_SEARCH"], ["CAP_FSETID", "CAP_FOWNER"], ["CAP_MKNOD", "CAP_DAC_OVERRIDE"],
                ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_MKNOD"]]


# What an overlay may have gone through before: nothing, names taken away, a directory made anew over one below, one moved there, a file changed.
GONE = [{"do": "unlink", "path": "/m/d/g"}, {"do": "rmdir", "path": "/m/d/e"}, {"do": "rmdir", "path": "/m/d"}]
LATER = [[], [], GONE[:2], GONE + [{"do": "mkdir", "path": "/m/d"}], GONE + [{"do": "mkdir", "path": "/m/n"}, {"do": "rename", "path": "/m/n", "to": "/m/d"}],
         [{"do": "unlink", "path": "/m/f"}, {"do": "mkdir", "path": "/m/f"}], [{"do": "append", "path": "/m/f", "data": "more"}, {"do": "link", "path": "/m/f", "to": "/m/d/k"}],
         [{"do": "rename", "path": "/m/f", "to": "/m/d/e/f"}, {"do": "write", "path": "/m/f", "data": "new"}]]


def start(rng, kind):
    """The first operations, and the paths that later ones start from."""
    ops = [{"do": "mkdir", "path": "/a", "mode": rng.choice(["755", "777", "1777", "2775"])}]
    if kind == "overlay":
        ops += [{"do": "mkdir", "path": path, "mode": rng.choice(["755", "777"])} for path in ("/lower", "/upper", "/m", "/lower/d", "/lower/d/e")]
        return ops + [
            {"do": "write", "path": "/lower/f", "data": "below", "mode": rng.choice(["644", "666", "755"])}, {"do": "write", "path": "/lower/d/g", "data": "deep"},
            {"do": "symlink", "path": "/lower/l", "to": "f"}, {"do": "link", "path": "/lower/f", "to": "/lower/h"},
            {"do": "overlay", "lower": "/lower", "upper": "/upper", "path": "/m"}] + rng.choice(LATER), ["/m", "/m/f", "/m/d", "/m/d/g", "/m/d/e", "/m/l", "/m/h"]
    if kind in ("ext4", "aborted", "huge"):
        ops += [{"do": "mkdir", "path": "/m"}, {"do": "huge" if kind == "huge" else "ext4", "path": "/m"}]
        ops += [{"do": "chmod", "path": "/m", "mode": rng.choice(["755", "777", "1777"])}]
        ops += [{"do": "open", "path": "/m/a", "flags": "rwc", "as": "f0"}, {"do": "mkdir", "path": "/m/d"}]
        ops += [{"do": "chmod", "path": "/m/d", "mode": rng.choice(["755", "777", "2775"])}, {"do": "open", "path": "/m/d/f", "flags": "rwc", "as": "f1"}]
        return ops, ["/m", "/m", "/m/a", "/m/d", "/m/d/f"]
    if kind == "attributes" and rng.random() < 0.7: return ops, ["/", "/a"]
    size, inodes = rng.choice([4096, 16384, 65536]), rng.choice([3, 6, 20])
    ops += [{"do": "mkdir", "path": "/m"}, {"do": "tmpfs", "path": "/m", "size": size, "inodes": inodes}]
    known = ["/", "/a", "/m", "/m"]
    if kind == "mounts":
        ops += [{"do": "mkdir", "path": "/n"}, {"do": "bind", "path": "/m", "to": "/n"}]
        known += ["/m", "/n"]
    return ops, known


def arguments(rng, do, path, kind):
    """One operation with chosen arguments."""
    op = {"do": do, "path": path(0.6 if do in ("write", "mkdir", "symlink", "open", "mknod") else 0.25)}
    if do in ("fread", "fwrite", "fstat", "ftruncate", "fsync", "fchmod", "fchown", "close"): op = {"do": do, "as": rng.choice(["f0", "f1"])}
    if do in ("write", "append"): op["data"] = rng.choice(["one", "two\n", 5000])
    if do == "fread": op["length"] = rng.choice([2, 100, 9000])
    if do == "fwrite": op["data"] = rng.choice(["X", "hello", "", 5000])
    if do in ("fread", "fwrite") and rng.random() < 0.4: op["at"] = rng.choice([0, 3, 6000, 13000])
    if do in ("truncate", "ftruncate"): op["size"] = rng.choice([0, 3, 5000, 9000])
    if kind == "huge" and "size" in op: op["size"] = rng.choice([0, 4096, 2 << 20, 6 << 20])
    if do in ("rename", "link"): op["to"] = path(0.6)
    if do == "symlink": op["to"] = rng.choice(["a", "b", "c"] if kind not in ("ext4", "huge") else ["a", "b", "s" * 59, "s" * 60])
    if do in ("chmod", "fchmod"): op["mode"] = rng.choice(["644", "600", "755", "000", "4755", "2775", "6711"])
    if do in ("chown", "fchown"): op.update(owner=rng.choice([0, 1000, -1]), group=rng.choice([0, 1000, -1]))
    if do == "access": op["mode"] = rng.choice(["r", "w", "x"])
    if do == "open": op.update(flags=rng.choice(["r", "w", "rw", "rwc", "wc", "wca", "rwcx", "wct", "rn", "rd", "wcxn", "rwa", "wt"]), **{"as": rng.choice(["f0", "f1"])})
    if do == "setxattr":
        op.update(name=rng.choice(["user.x", "user.y", "trusted.x", "security.x", "bad", "system.x", "user." + "n" * 251, "user.", "user"]), data=rng.choice(["", "v", "value", "v" * 3000]))
        if rng.random() < 0.4: op["flags"] = rng.choice(["create", "replace"])
    if do in ("getxattr", "removexattr"): op["name"] = rng.choice(["user.x", "user.y", "trusted.x", "security.x", "bad", "user."])
    if do == "mknod":
        op["type"] = rng.choice(["fifo", "socket", "char", "block"])
        if op["type"] in ("char", "block"): op["rdev"] = rng.choice([[1, 3], [1, 5]]) if op["type"] == "char" else [1, 3]
    if do == "remount":
        op.update(path=rng.choice(["/m", "/m", "/n", "/"]), flags=rng.sample(["ro", "nosuid", "nodev", "noexec", "noatime", "nodiratime", "strictatime"], rng.choice([0, 1, 1, 2])))
        if rng.random() < 0.3: op["superblock"] = True
    if do in ("statfs", "umount"): op["path"] = rng.choice(["/m", "/n"])
    if do == "umount" and rng.random() < 0.5: op["lazy"] = True
    if do == "mountinfo": del op["path"]
    return op


def make(count, seed, length, only=None):
    rng = random.Random(seed)
    for number in range(count):
        kind = only or list(OWN)[number % len(OWN)]
        ops, known = start(rng, kind)

        def path(fresh):
            where = rng.choice(known)
            return (where + "/" + rng.choice(["a", "b", "c"])).replace("//", "/") if rng.random() < fresh else where

        aborted = len(ops) + rng.randrange(3, 15) if kind == "aborted" else None
        while len(ops) < length:
            if len(ops) == aborted:
                ops.append({"do": "abort", "path": "/m"})
                continue
            op = arguments(rng, rng.choice(COMMON + OWN[kind] + OWN[kind]), path, kind)
            do, roll = op["do"], rng.random()
            if "as" in op or do in ("remount", "umount", "statfs", "mountinfo", "times", "ino"): pass
            elif roll < 0.2: op.update(uid=1000, gid=1000)
            elif roll < 0.35: op["caps"] = rng.choice(CAPABILITIES)
            if do in ("write", "mkdir", "symlink", "mknod", "open") and "path" in op: known.append(op["path"])
            if do in ("rename", "link"): known.append(op["to"])
            ops.append(op)
        yield {"id": "%s%d-%d" % (kind, seed, number), "ops": ops}


def run(sequence):
    starts.clear()
    descriptors.clear()
    inodes.clear()
    if not os.path.exists(TEMPLATE) and any(op["do"] == "ext4" for op in sequence["ops"]):
        tool("sh", "-c", "truncate -s 100M %s && mkfs.ext4 -q -b 4096 %s" % (TEMPLATE, TEMPLATE))
        time.sleep(1)  # its times are whole seconds
    return files.run(sequence)


def main(argv):
    if argv[:1] == ["make"] and 3 <= len(argv) <= 5:
        sequences = make(int(argv[1]), int(argv[2]), int(argv[3]) if len(argv) > 3 else 30, *argv[4:])
    elif argv[:1] == ["run"] and len(argv) == 2:
        sequences = json.load(sys.stdin if argv[1] == "-" else open(argv[1]))
    else:
        sys.exit(__doc__)
    atexit.register(shutil.rmtree, SCRATCH, True)
    for number, sequence in enumerate(sequences):
        print(",\n" if number else "[\n", json.dumps(run(sequence)), sep="", end="", flush=True)
    print("\n]")


if __name__ == "__main__":
    main(sys.argv[1:])
