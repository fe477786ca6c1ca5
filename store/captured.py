"""What is known of the time before a scanner started: how folders were, and when they gave events."""

from __future__ import annotations

from sqlmodel import col, select

from store.ids import FOLDER_BITS
from store.session import writing
from store.store import Store
from store.tables import Folder, IngestMinute


def folder_states(store: Store) -> dict[int, str]:
    """Return how each folder was when a scanner last looked, by its number.

    Raises:
        StoreError: the store cannot be read.
    """
    with writing(store.engine, store.lock, store.path) as session:
        rows = session.exec(select(Folder.folder_no, Folder.state))
        return {number: state for number, state in rows if number is not None}


def active_minutes(store: Store, since_minute: int) -> dict[int, list[int]]:
    """Return in which minutes of arrival (since 1970, ascending) each folder gave events, by its number.

    Raises:
        StoreError: the store cannot be read.
    """
    minutes: dict[int, list[int]] = {}
    with writing(store.engine, store.lock, store.path) as session:
        wanted = select(IngestMinute.id).where(col(IngestMinute.id) >= since_minute << FOLDER_BITS)
        for number in session.exec(wanted.where(col(IngestMinute.events) > 0).order_by(col(IngestMinute.id))):
            minutes.setdefault(number & (1 << FOLDER_BITS) - 1, []).append(number >> FOLDER_BITS)
    return minutes
