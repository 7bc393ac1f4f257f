#!/usr/bin/env python3
"""Ask a real Linux kernel (root, loop devices) what a newly formatted disk shows, and how far users and root fill it.

  disks.py [SCRATCH]    prints a JSON array; SCRATCH: a directory for images, which are sparse
"""
import ctypes, json, os, subprocess, sys, tempfile

libc = ctypes.CDLL("libc.so.6", use_errno=True)
DISKS = [("ext4", size) for size in ("100M", "600M", "700000K", "1G", "3G", "10G", "100G", "2T")] + [("ext2", "1G")] + \
        [("xfs", size) for size in ("300M", "1G", "10G", "100G", "2T")]


def statfs(path):
    s = os.statvfs(path)
    return {"blocks": s.f_blocks, "bfree": s.f_bfree, "bavail": s.f_bavail, "files": s.f_files, "ffree": s.f_ffree}


def stat(path):
    s = os.stat(path)
    return {"mode": "%o" % s.st_mode, "ino": s.st_ino, "nlink": s.st_nlink, "size": s.st_size, "blocks": s.st_blocks}


def fill(path, uid):
    """Blocks that a user can write to a new file."""
    if os.fork() == 0:
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT)
            while os.write(file, b"." * 4096): pass
        finally: os._exit(0)
    os.wait()
    os.sync()
    return os.stat(path).st_size // 4096


def ask(directory, kind, size):
    image, point = directory + "/image", directory + "/point"
    with open(image, "wb") as file: file.truncate(int(size[:-1]) * {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}[size[-1]])
    subprocess.run(["mkfs." + kind, "-q", *(["-b", "4096"] if kind != "xfs" else []), image], check=True, stderr=subprocess.DEVNULL)
    subprocess.run(["mount", "-o", "loop", image, point], check=True)
    try:
        found = {"type": kind, "size": size, "statfs": statfs(point), "root": stat(point), "names": {name: stat(point + "/" + name) for name in os.listdir(point)}}
        if size == "100M":
            os.mkdir(point + "/home")
            os.chmod(point + "/home", 0o777)
            found["full"] = [[who, fill("%s/home/%d" % (point, who), who), statfs(point)] for who in (1000, 0)]
        return found
    finally:
        subprocess.run(["umount", point], check=True)
        os.remove(image)


def main(argv):
    with tempfile.TemporaryDirectory(dir=argv[0] if argv else None) as directory:
        os.chmod(directory, 0o755)
        os.mkdir(directory + "/point")
        if libc.unshare(0x20000): sys.exit("needs root")
        libc.mount(None, b"/", None, 16384 | 1 << 18, None)
        print("[\n" + ",\n".join(json.dumps(ask(directory, *disk)) for disk in DISKS) + "\n]")


main(sys.argv[1:])
