"""Hard times for one process, which end with it: a disk that is small, a right taken away."""

import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path

CLONE_NEWNS, CLONE_NEWUSER = 0x0002_0000, 0x1000_0000
CAPABILITY_VERSION_3 = 0x2008_0522


class NotHere(Exception):
    """This system, or this user, cannot do it."""


def small_disk(at: Path, kibibytes: int) -> None:
    """A disk of that size at ``at``, which this process alone sees and which goes with it."""
    if sys.platform != "linux":
        raise NotHere("only Linux lets one process have a disk of its own")
    root = os.geteuid() == 0
    who = (os.getuid(), os.getgid())
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNS | (0 if root else CLONE_NEWUSER)):
        raise NotHere(f"no disk of its own for a process: {os.strerror(ctypes.get_errno())}")
    if not root:
        Path("/proc/self/setgroups").write_text("deny")
        for kind, number in zip(("uid", "gid"), who, strict=True):
            Path(f"/proc/self/{kind}_map").write_text(f"0 {number} 1")
    size = f"size={kibibytes}k"
    for command in (["--make-rprivate", "/"], ["-t", "tmpfs", "-o", size, "tmpfs", str(at)]):
        done = subprocess.run(["mount", *command], capture_output=True, check=False)
        if done.returncode:
            raise NotHere(done.stderr.decode().strip())


def no_longer_than(limit: int) -> None:
    """No file of this process grows beyond: a write that would is refused by the system."""
    import resource  # not on Windows

    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))


def as_long_as_you_like() -> None:
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


def die_at_byte(limit: int) -> None:
    """End, as by a signal, in the middle of the write that makes any file longer than that."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it otherwise
    no_longer_than(limit)


def obey_the_rights() -> None:
    """Be held to the rights of files like anybody: to the superuser nothing is read-only."""
    if os.name != "posix" or os.geteuid() != 0:
        return
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    none = (ctypes.c_uint32 * 6)()
    if sys.platform != "linux" or ctypes.CDLL(None, use_errno=True).capset(header, none):
        raise NotHere("the superuser cannot be held to the rights of files here")
