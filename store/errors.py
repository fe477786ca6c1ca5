"""What can be wrong with a store. Each error's text is one line that says what to do."""

from __future__ import annotations

from pathlib import Path


class StoreError(Exception):
    """The store cannot be used; the text is ready to be shown."""


class StoreMissingError(StoreError):
    """There is no store at the path, and reading does not create one."""

    def __init__(self, path: Path) -> None:
        """Say where it was looked for."""
        super().__init__(f"no store at {path}: ingest something first (auditail ingest PATH), or name one with --store")


class NotAStoreError(StoreError):
    """The file is not a database, or another program's."""

    def __init__(self, path: Path, what: str) -> None:
        """Say what the file is instead."""
        super().__init__(f"{path} is not an auditail store ({what}): name another file with --store")


class NewerSchemaError(StoreError):
    """The store was written by a newer auditail."""

    def __init__(self, path: Path, found: int, known: int) -> None:
        """Say both schema numbers."""
        super().__init__(
            f"{path} has schema {found}, this auditail knows up to {known}: upgrade auditail, nothing was changed",
        )


class NetworkFileSystemError(StoreError):
    """SQLite's write-ahead log needs shared memory, which a network file system does not give."""

    def __init__(self, path: Path, kind: str) -> None:
        """Name the file system."""
        super().__init__(f"{path} is on a network file system ({kind}): keep the store on a local disk (--store PATH)")


class UnsupportedStoreError(StoreError):
    """The store's address names a database that auditail cannot use yet."""

    def __init__(self, address: str) -> None:
        """Name the kind of database, not the address: it may hold a password."""
        kind = address.split(":", 1)[0]
        super().__init__(f"a {kind} store is not supported: give the path of a SQLite file with --store")


class StoreUnusableError(StoreError):
    """The store's file cannot be opened, read or written."""

    def __init__(self, path: Path, why: str) -> None:
        """Say why, in the system's words."""
        super().__init__(f"cannot use the store {path}: {why}")


class StoreDamagedError(StoreUnusableError):
    """The store's file is damaged. It is left as it is: what can be saved of it is still there."""

    def __init__(self, path: Path, what: str = "its file is damaged") -> None:
        """Say what was found, and how to go on."""
        super().__init__(
            path, f"{what}; it is kept as it is: put a backup in its place with `auditail restore BACKUP`, or move it"
            " away and read everything anew",
        )  # fmt: skip


class StoreFullError(StoreError):
    """The disk is full. Nothing of the batch was kept and nothing else was lost."""

    def __init__(self, path: Path, then: str = "free some; reading goes on by itself where it stopped") -> None:
        """Say what to do; `then` is about what was not done."""
        super().__init__(f"no space left for {path}: {then}")


class StoreBusyError(StoreError):
    """Another process held the write lock for too long. Nothing of the batch was kept."""

    def __init__(self, path: Path) -> None:
        """Say what happens next."""
        super().__init__(f"{path} is locked by another process: try again when it has finished")


class QuarantineChangedError(StoreError):
    """A record left the quarantine while it was being retried or discarded. Nothing was kept."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("somebody else has just retried or discarded one of these records: look again, then go on")
