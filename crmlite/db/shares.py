"""Whether a file lies on another machine: SQLite cannot rely on the locks of network shares."""

import os
import re
from collections.abc import Iterable
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")  # Linux; elsewhere nothing is known
OCTAL = re.compile(r"\\([0-7]{3})")  # how a space in a path is written
SHARES = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "ncpfs", "fuse.")
ON_DISKS = (
    "fuse.ext2",
    "fuse.ext4",
    "fuse.ntfs",
    "fuse.ntfs-3g",
    "fuse.overlayfs",
    "fuse.fuse-overlayfs",
)


def share_of(path: Path) -> str:
    """The kind of network share on which a path lies; empty when it lies on a disk of this machine."""
    try:
        lines = MOUNTS.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    kind = kind_at(os.path.realpath(path), lines)
    return kind if kind.startswith(SHARES) and kind not in ON_DISKS else ""


def kind_at(path: str, mounts: Iterable[str]) -> str:
    """The kind of file system at a path, by the lines of mountinfo; of two mounted over each other,
    the later one."""
    found, length = "", -1
    for line in mounts:
        told, _, rest = line.partition(" - ")
        place = OCTAL.sub(lambda one: chr(int(one[1], 8)), told.split(" ")[4])
        below = path == place or path.startswith(place.rstrip("/") + "/")
        if below and len(place) >= length:
            found, length = rest.split(" ")[0], len(place)
    return found
