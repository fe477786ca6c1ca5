"""Everything that only SQLite says: pragmas, full text, plan hints, file checks. The one place for it."""

from __future__ import annotations

from store.dialect.connections import (
    BUSY_TIMEOUT_MS,
    connect_draft,
    connect_reader,
    connect_writer,
    prepare_for_filters,
    prepare_writer,
    reader_engine,
    set_patience,
    writer_engine,
)
from store.dialect.copies import SIZE, copy_database, damage, damage_within, leave_wal, size_by_object, size_of
from store.dialect.expressions import (
    COLUMN_TYPES,
    beginning,
    clamped,
    is_among,
    joined,
    ranges,
    read_beginning,
    read_joined,
    total,
)
from store.dialect.files import (
    APPLICATION_ID,
    MOUNTS,
    check_application,
    check_file,
    file_system_of,
    flush_folder,
    refuse_other_addresses,
)
from store.dialect.full_text import (
    FULL_TEXT,
    INSERT_FULL_TEXT,
    create_full_text,
    found_by_all,
    found_in_window,
    full_text_match,
    pages_of_beginning,
    tidy_full_text,
)
from store.dialect.listing import listed
from store.dialect.statements import as_text
from store.dialect.stopping import stoppable, was_stopped
from store.dialect.transactions import data_version, path_of, transaction, user_version, write_something

__all__ = [
    "APPLICATION_ID",
    "BUSY_TIMEOUT_MS",
    "COLUMN_TYPES",
    "FULL_TEXT",
    "INSERT_FULL_TEXT",
    "MOUNTS",
    "SIZE",
    "as_text",
    "beginning",
    "check_application",
    "check_file",
    "clamped",
    "connect_draft",
    "connect_reader",
    "connect_writer",
    "copy_database",
    "create_full_text",
    "damage",
    "damage_within",
    "data_version",
    "file_system_of",
    "flush_folder",
    "found_by_all",
    "found_in_window",
    "full_text_match",
    "is_among",
    "joined",
    "leave_wal",
    "listed",
    "pages_of_beginning",
    "path_of",
    "prepare_for_filters",
    "prepare_writer",
    "ranges",
    "read_beginning",
    "read_joined",
    "reader_engine",
    "refuse_other_addresses",
    "set_patience",
    "size_by_object",
    "size_of",
    "stoppable",
    "tidy_full_text",
    "total",
    "transaction",
    "user_version",
    "was_stopped",
    "write_something",
    "writer_engine",
]
