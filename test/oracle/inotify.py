#!/usr/bin/env python3
"""Plays changes to files on the real kernel and writes what inotify(7) says of them. Root, Linux; in a mount namespace of its own.

inotify.py [COUNT [SEED]] > ../kernel/recorded/inotify.json   the situations below, then COUNT random rows of operations
"""
import ctypes, json, os, random, shutil, struct, sys, tempfile

libc = ctypes.CDLL("libc.so.6", use_errno=True)
NEWNS, REC, PRIVATE, BIND = 0x20000, 16384, 1 << 18, 4096
NAMES = {2: "modify", 4: "attrib", 8: "close_write", 64: "moved_from", 128: "moved_to", 256: "create", 512: "delete",
         1024: "delete_self", 2048: "move_self", 0x2000: "unmount", 0x8000: "ignored"}
ISDIR, MASK = 0x40000000, 0xfce
DIR, BOTH = ["d"], ["d", "d/x"]
open_files = {}


def check(result):
    if result:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def mount(source, target, flags, fstype=None):
    encoded = [part.encode() if part else None for part in (source, target, fstype)]
    check(libc.mount(*encoded, flags, None))


def put(path, flags, text):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o644)
    if text:
        os.write(fd, text.encode())
    os.close(fd)


def act(do, *args):
    if do == "write": put(args[0], os.O_TRUNC, args[1])
    elif do == "append": put(args[0], os.O_APPEND, args[1])
    elif do == "read": open(args[0]).read()
    elif do == "list": os.listdir(args[0])
    elif do in ("unlink", "rmdir", "mkdir", "mkfifo"): getattr(os, do)(args[0])
    elif do in ("link", "rename", "symlink"): getattr(os, do)(args[0], args[1])
    elif do == "chmod": os.chmod(args[0], args[1])
    elif do == "chown": os.chown(args[0], args[1], args[2])
    elif do == "utimes": os.utime(args[0], (1, 1))
    elif do == "truncate": os.truncate(args[0], args[1])
    elif do == "setxattr": os.setxattr(args[0], "trusted.t", b"1")
    elif do == "removexattr": os.removexattr(args[0], "trusted.t")
    elif do == "open": open_files[args[0]] = os.open(args[1], os.O_RDWR)
    elif do == "fwrite": os.write(open_files[args[0]], b"q")
    elif do == "fchmod": os.fchmod(open_files[args[0]], args[1])
    elif do == "ftruncate": os.ftruncate(open_files[args[0]], args[1])
    elif do == "close": os.close(open_files.pop(args[0]))
    elif do == "mount": mount("t", args[0], 0, "tmpfs")
    elif do == "bind": mount(args[0], args[1], BIND)
    elif do == "umount": check(libc.umount2(args[0].encode(), 0))
    else: raise ValueError(do)


def attempt(op):
    """The name of the error, or None."""
    try:
        act(*op)
    except OSError as error:
        import errno
        return errno.errorcode[error.errno]
    except KeyError:
        return "none open"


def events(fd, watches):
    try:
        data = os.read(fd, 1 << 20)
    except BlockingIOError:
        return []
    out, at = [], 0
    while at < len(data):
        wd, mask, _, length = struct.unpack_from("iIII", data, at)
        name = data[at + 16:at + 16 + length].rstrip(b"\0").decode()
        at += 16 + length
        kind = next(text for bit, text in NAMES.items() if mask & bit)
        out.append(" ".join(filter(None, [watches[wd], kind, "dir" if mask & ISDIR else "", name])))
    return out


def play(watched, operations, before=()):
    base = tempfile.mkdtemp()
    mount("base", base, 0, "tmpfs")
    os.chdir(base)
    for op in [["mkdir", "d"], ["mkdir", "e"], ["write", "d/x", "x"], ["write", "d/y", "y"], ["write", "f", "f"], *before]:
        act(*op)
    fd = libc.inotify_init1(0o4000)
    watches = {libc.inotify_add_watch(fd, path.encode(), MASK): path for path in watched}
    errors = [attempt(op) for op in operations]
    heard = events(fd, watches)
    os.close(fd)
    for name in list(open_files):
        os.close(open_files.pop(name))
    os.chdir("/")
    while libc.umount2(base.encode(), 2) == 0:
        pass
    os.rmdir(base)
    return {"watched": watched, "before": list(before), "operations": operations, "errors": errors, "events": heard}


SITUATIONS = [
    (BOTH, [["unlink", "d/x"]]),
    (BOTH, [["open", "a", "d/x"], ["unlink", "d/x"], ["fwrite", "a"], ["fchmod", "a", 0o600], ["close", "a"]]),
    (BOTH, [["link", "d/x", "d/z"], ["unlink", "d/x"], ["unlink", "d/z"]]),
    (BOTH, [["rename", "d/x", "d/z"]]),
    (BOTH, [["rename", "d/x", "e/z"]]),
    (["d", "d/x", "d/y"], [["rename", "d/x", "d/y"]]),
    (["d", "d/x", "d/y"], [["open", "a", "d/y"], ["rename", "f", "d/y"], ["close", "a"]]),
    (BOTH, [["write", "d/x", "abc"], ["write", "d/x", ""], ["write", "d/x", ""]]),
    (BOTH, [["append", "d/x", "abc"], ["truncate", "d/x", 1], ["truncate", "d/x", 1]]),
    (BOTH, [["chmod", "d/x", 0o600], ["chown", "d/x", 1, 1], ["chown", "d/x", -1, -1], ["utimes", "d/x"]]),
    (BOTH, [["setxattr", "d/x"], ["removexattr", "d/x"]]),
    (["d", "d/q", "e"], [["rename", "d/q", "e"]], [["mkdir", "d/q"]]),
    (["d", "d/q"], [["rmdir", "d/q"]], [["mkdir", "d/q"]]),
    (DIR, [["symlink", "q", "d/s"], ["mkfifo", "d/p"], ["unlink", "d/p"]]),
    (DIR, [["chmod", "d", 0o700], ["utimes", "d"]]),
    (["d", "e"], [["open", "a", "d/x"], ["link", "d/x", "e/hard"], ["fwrite", "a"], ["append", "e/hard", "q"]]),
    (DIR, [["open", "a", "d/x"], ["rename", "d/x", "d/z"], ["fwrite", "a"], ["ftruncate", "a", 0]]),
    (DIR, [["bind", "d", "e"], ["append", "e/x", "q"], ["write", "e/new", ""], ["umount", "e"]]),
    (DIR, [["read", "d/x"], ["list", "d"]]),
    (["d/t", "d/t/f", "d"], [["umount", "d/t"]], [["mkdir", "d/t"], ["mount", "d/t"], ["write", "d/t/f", ""]]),
]


def random_rows(count, seed):
    chance = random.Random(seed)
    paths = ["d/x", "d/y", "d/z", "e/x", "e/z", "f", "d/q", "e/q", "d", "e"]
    one = ["unlink", "rmdir", "mkdir", "utimes", "setxattr", "removexattr"]
    for _ in range(count):
        operations = []
        for _ in range(14):
            do = chance.choice(one + ["write", "append", "rename", "rename", "link", "symlink", "chmod", "chown", "truncate",
                                      "open", "fwrite", "ftruncate", "fchmod", "close"])
            path, other, fd = chance.choice(paths), chance.choice(paths), chance.choice("ab")
            operations.append(
                [do, path] if do in one
                else [do, path, chance.choice(["", "text"])] if do in ("write", "append")
                else [do, path, other] if do in ("rename", "link")
                else [do, "t", path] if do == "symlink"
                else [do, path, chance.choice([0o600, 0o755])] if do == "chmod"
                else [do, path, chance.choice([-1, 5]), -1] if do == "chown"
                else [do, path, chance.choice([0, 9])] if do == "truncate"
                else [do, fd, path] if do == "open"
                else [do, fd, 1] if do == "ftruncate"
                else [do, fd, 0o644] if do == "fchmod"
                else [do, fd])
        yield chance.sample(["d", "e", "d/x", "d/y", "f"], 3), operations


check(libc.unshare(NEWNS))
mount(None, "/", REC | PRIVATE)
os.umask(0o022)
count, seed = (list(map(int, sys.argv[1:])) + [60, 2026][len(sys.argv) - 1:])[:2]
answers = [play(*situation) for situation in [*SITUATIONS, *random_rows(count, seed)]]
print("[\n" + ",\n".join(json.dumps(answer, separators=(",", ":")) for answer in answers) + "\n]")
