"""Where own rules are, and who is told of alerts."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from config.budgets import Budget
from config.section import NUMBER, Section

AlertLevel = Literal["informational", "low", "medium", "high", "critical"]


class NotifyTarget(Section):
    """Who is told when an alert is opened, or opened again: a web address that is posted to, or a command."""

    name: str | None = Field(default=None, min_length=1, max_length=80)
    """What it is called; None: the address's host, or the command's first word."""
    webhook: str | None = None
    """An http or https address. JSON is posted to it."""
    headers: dict[str, str] = Field(default_factory=dict)
    """Sent along, as for a token."""
    command: tuple[str, ...] | None = Field(default=None, min_length=1)
    """Run without a shell; the same JSON is its standard input."""
    level: AlertLevel = "medium"
    """This level and above."""
    timeout_s: Annotated[float, NUMBER] = Field(default=10.0, gt=0, le=300)

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.webhook is None) == (self.command is None):
            raise ValueError("must name either webhook or command")
        if self.webhook is not None and (
            urlsplit(self.webhook).scheme not in {"http", "https"} or not urlsplit(self.webhook).hostname
        ):
            raise ValueError("webhook must be an http or https address")
        if self.headers and self.webhook is None:
            raise ValueError("headers belong to a webhook")
        return self

    @property
    def label(self) -> str:
        """What people call it."""
        if self.name is not None:
            return self.name
        if self.webhook is not None:
            return urlsplit(self.webhook).hostname or self.webhook
        return self.command[0] if self.command else ""


class AlertSettings(Section):
    """Alerts."""

    rules: str | None = None
    """Folder of one's own rules; None: `rules` beside one's own settings."""
    bell: bool = False
    """Ring the terminal's bell when an alert is new."""
    notify: tuple[NotifyTarget, ...] = Field(default=(), max_length=20)


class DetectionSettings(Section):
    """What a process that stores events must know of alerts; it is handed on as JSON."""

    rules: str | None = None
    """Whole path of the folder of one's own rules; None: there is none."""
    notify: tuple[NotifyTarget, ...] = ()
    budgets: tuple[Budget, ...] = ()
