"""Knowing a network share by what the system tells of its mounts."""

from pathlib import Path

import pytest

from crmlite.db import shares

MOUNTS = r"""
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
40 22 0:38 / /srv rw,relatime shared:1 - nfs4 nas:/srv rw,vers=4.2
41 40 254:1 / /srv/disk rw,relatime - xfs /dev/vdb rw
42 22 0:39 / /media/我们\040nas rw - cifs //nas/share rw
43 22 0:40 / /mnt/far rw - fuse.sshfs far: rw
44 22 0:41 / /var/lib/pod rw - fuse.fuse-overlayfs x rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/crmlite/crmlite.db", ""),
        ("/srv/crmlite/crmlite.db", "nfs4"),
        ("/srv", "nfs4"),
        ("/srvx/crmlite.db", ""),
        ("/srv/disk/crmlite.db", ""),
        ("/media/我们 nas/crmlite.db", "cifs"),
        ("/mnt/far/crmlite.db", "fuse.sshfs"),
        ("/var/lib/pod/crmlite.db", ""),
    ],
)
def test_the_nearest_mount_decides(tmp_path, monkeypatch, path, kind):
    told = tmp_path / "mountinfo"
    told.write_text(MOUNTS.strip())
    monkeypatch.setattr(shares, "MOUNTS", told)
    assert shares.share_of(Path(path)) == kind


def test_where_nothing_is_told_nothing_is_known(tmp_path, monkeypatch):
    monkeypatch.setattr(shares, "MOUNTS", tmp_path / "none")
    assert shares.share_of(Path("/srv")) == ""
