"""Which folders must be polled, because their file system does not tell of changes made elsewhere."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from store.dialect import MOUNTS, file_system_of

_SILENT: Final = frozenset(
    {
        "9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "drvfs", "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs",
        "nfs", "nfs4", "ocfs2", "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs",
    }
)  # fmt: skip
"""Changes by another machine, or by the other side of a virtual one, are never reported by these."""
_SILENT_PREFIX: Final = "fuse."
_TELLING: Final = frozenset({"fuse.mergerfs", "fuse.ntfs-3g", "fuse.gocryptfs", "fuse.encfs", "fuse.bindfs"})
"""File systems in user space that lie on local ones."""


def why_polled(path: bytes, mounts: Path = MOUNTS) -> str | None:
    """Return in one line why the folder at `path` cannot be watched; None: it can."""
    try:
        name = path.decode("utf-8")
    except UnicodeDecodeError:
        return "its name is not UTF-8, which the watcher cannot follow: looked at every 2 s instead"
    kind = file_system_of(Path(os.path.realpath(name)), mounts)
    if kind is None or not _is_silent(kind):
        return None
    return f"on a file system that does not tell of changes ({kind}): looked at every 2 s instead"


def _is_silent(kind: str) -> bool:
    return kind in _SILENT or (kind.startswith(_SILENT_PREFIX) and kind not in _TELLING)
