#!/usr/bin/env python3
"""What mounts cost on the real kernel, as JSON. Needs root; everything happens in mount namespaces of its own.

real-mounts.py [RUNS]   binds a second beside 10, 1,000 and 10,000 others; of the rest milliseconds, the least of several runs
"""
import ctypes, json, os, statistics, sys, tempfile, time

libc = ctypes.CDLL("libc.so.6", use_errno=True)
NEWNS, BIND, REC = 0x20000, 4096, 16384
PRIVATE, SLAVE, SHARED = 1 << 18, 1 << 19, 1 << 20
RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
BATCH = 200


def check(result):
    if result:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def mount(source, target, flags, fstype=None):
    encoded = [part.encode() if part else None for part in (source, target, fstype)]
    check(libc.mount(*encoded, flags, None))


def fill(base, count):
    os.mkdir(base + "/source")
    for i in range(count):
        os.makedirs(f"{base}/m/{i}")
        mount(base + "/source", f"{base}/m/{i}", BIND)


def binds(base, count):
    fill(base, count)
    for i in range(BATCH):
        os.makedirs(f"{base}/n/{i}")
    start = time.perf_counter()
    for i in range(BATCH):
        mount(base + "/source", f"{base}/n/{i}", BIND)
    return BATCH / (time.perf_counter() - start)


def propagation(base, slaves):
    os.mkdir(base + "/master")
    mount("master", base + "/master", 0, "tmpfs")
    mount(None, base + "/master", SHARED)
    os.mkdir(base + "/master/x")
    for i in range(slaves):
        os.makedirs(f"{base}/s/{i}")
        mount(base + "/master", f"{base}/s/{i}", BIND)
        mount(None, f"{base}/s/{i}", SLAVE)
    times = []
    for _ in range(9):
        start = time.perf_counter()
        mount("x", base + "/master/x", 0, "tmpfs")
        times.append((time.perf_counter() - start) * 1000)
        check(libc.umount2((base + "/master/x").encode(), 0))
    return min(times)


def clone(base, count):
    fill(base, count)
    times = []
    for _ in range(9):
        start = time.perf_counter()
        check(libc.unshare(NEWNS))
        times.append((time.perf_counter() - start) * 1000)
    return min(times)


def listing(base, count):
    fill(base, count)
    times = []
    for _ in range(7):
        start = time.perf_counter()
        with open("/proc/self/mountinfo", "rb", buffering=1 << 20) as stream:
            stream.read()
        times.append((time.perf_counter() - start) * 1000)
    return min(times)


def alone(work, count):
    """Runs work(base, count) in a child with a namespace of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            check(libc.unshare(NEWNS))
            mount(None, "/", REC | PRIVATE)
            base = tempfile.mkdtemp()
            mount("bench", base, 0, "tmpfs")
            mount(None, base, PRIVATE)
            os.write(writer, repr(work(base, count)).encode())
            os._exit(0)
        except BaseException as error:
            print(error, file=sys.stderr)
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader) as stream:
        text = stream.read()
    os.waitpid(child, 0)
    return float(text)


def typical(work, count):
    return statistics.median(alone(work, count) for _ in range(RUNS))


def least(work, count):
    return min(alone(work, count) for _ in range(RUNS))


print(json.dumps({
    "binds": {str(count): typical(binds, count) for count in (10, 1000, 10000)},
    "propagation": least(propagation, 1000),
    "clone": least(clone, 1000),
    "listing": least(listing, 10000),
}))
