"""The tables of sums and of prices, as SQLModel sees them. See `store.tables` for what holds for all tables."""

from __future__ import annotations

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from store.tables import BIG, TableName, index_where


class RollupKey(SQLModel, table=True):
    """One combination of names that sums are kept for, within one cube; 0 where the cube has no such dimension."""

    __tablename__: TableName = "rollup_key"
    __table_args__ = (
        Index(
            "rollup_key_of",
            "cube", "tenant_no", "agent_no", "user_no", "tool_no", "server_no", "model_no", "type_no",
            unique=True,
        ),
    )  # fmt: skip

    id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    cube: int
    tenant_no: int
    agent_no: int
    user_no: int
    tool_no: int
    server_no: int
    model_no: int
    type_no: int
    first_us: int | None = Field(default=None, sa_column=Column(BIG))
    """Stated time of its earliest event (counts=1), UTC microseconds; None: there is none."""
    last_us: int | None = Field(default=None, sa_column=Column(BIG))


class Rollup(SQLModel, table=True):
    """What one combination did in one hour or one day of UTC. See `store.rollups.ids` for the id."""

    __tablename__: TableName = "rollup"

    id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    events: int = Field(sa_column=Column(BIG, nullable=False))
    errors: int = Field(sa_column=Column(BIG, nullable=False))
    denials: int = Field(sa_column=Column(BIG, nullable=False))
    calls: int = Field(sa_column=Column(BIG, nullable=False))
    outcomes: int = Field(sa_column=Column(BIG, nullable=False))
    failures: int = Field(sa_column=Column(BIG, nullable=False))
    refusals: int = Field(sa_column=Column(BIG, nullable=False))
    input_tokens: int = Field(sa_column=Column(BIG, nullable=False))
    output_tokens: int = Field(sa_column=Column(BIG, nullable=False))
    cache_read_tokens: int = Field(sa_column=Column(BIG, nullable=False))
    cache_write_tokens: int = Field(sa_column=Column(BIG, nullable=False))
    reported_microusd: int = Field(sa_column=Column(BIG, nullable=False))
    computed_microusd: int = Field(sa_column=Column(BIG, nullable=False))
    reported: int = Field(sa_column=Column(BIG, nullable=False))
    priced: int = Field(sa_column=Column(BIG, nullable=False))
    unpriced: int = Field(sa_column=Column(BIG, nullable=False))


class RollupDuration(SQLModel, table=True):
    """How many settled calls of one combination, in one hour or day, took about as long. See `store.rollups.ids`."""

    __tablename__: TableName = "rollup_duration"

    id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    calls: int = Field(sa_column=Column(BIG, nullable=False))


class Price(SQLModel, table=True):
    """What an event with tokens costs where its producer did not say: the price, or that it is not known."""

    __tablename__: TableName = "price"
    __table_args__ = (index_where("price_of_total", "total_key", "id", where="total_key IS NOT NULL"),)

    id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    """Row id of the event."""
    total_key: int | None = Field(default=None, sa_column=Column(BIG))
    """Which row of `usage_total` the event adds to; None: it stands for itself."""
    status: int
    microusd: int | None = Field(default=None, sa_column=Column(BIG))
    """Of a difference row: what the total so far costs, less what was recorded before. None: not known, never 0."""
    version_no: int


class PriceVersion(SQLModel, table=True):
    """A list of prices that was in use: the library's version, or a hash of one's own prices."""

    __tablename__: TableName = "price_version"

    id: int = Field(sa_column=Column(BIG, primary_key=True, autoincrement=False))
    text: str = Field(sa_column=Column(Text, nullable=False))
