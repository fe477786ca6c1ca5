"""What a newcomer sees while the store is empty: what to do next, with the words to type."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.reactive import reactive

from tui.glyphs import UNICODE, Glyphs
from tui.messages import AddFolder
from tui.widgets.line import BLANK, Line, Span, heading, wrap
from tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LABEL: Final = 18
ROOMY: Final = 30
"""Rows of the screen from which on blank lines set the blocks apart."""

_SAMPLE: Final[tuple[tuple[Span, ...], ...]] = (
    (("{", ""), ('"timestamp"', "primary"), (": ", ""), ('"2026-11-22T14:02:06Z"', "string"), (",", "")),
    (
        (" ", ""),
        ('"event_type"', "primary"),
        (": ", ""),
        ('"mcp.tool_call"', "string"),
        (", ", ""),
        ('"agent_id"', "primary"),
        (": ", ""),
        ('"assistant"', "string"),
        (",", ""),
    ),
    (
        (" ", ""),
        ('"tool"', "primary"),
        (": ", ""),
        ('"create_content"', "string"),
        (", ", ""),
        ('"status"', "primary"),
        (": ", ""),
        ('"success"', "string"),
        ("}", ""),
    ),
)
_COMMANDS: Final = (
    ("watch at start", "auditail --watch PATH", "opens the list on its first event"),
    ("read once", "auditail ingest PATH", "add --follow to go on reading"),
    ("look around", "auditail demo", "a simulated platform, with a few attacks"),
    ("your own events", "auditail schema", "or three lines of JSON are enough:"),
)


class FirstRun(LineView):
    """Shown instead of the list until the first event. `+` is the one thing to press."""

    GUTTER: ClassVar[int] = 0

    watching = reactive("")
    """What is watched in a few words; empty: nothing is."""

    def __init__(self, *, glyphs: Glyphs = UNICODE, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        """Draw with these signs."""
        super().__init__(id=id)
        self.set_reactive(FirstRun.glyphs, glyphs)

    def watch_watching(self) -> None:
        """Say what is watched now."""
        self.rebuild()

    def on_resize(self) -> None:
        """Build for the new height too: where it is low, blank lines go."""
        self.rebuild()

    def build(self, width: int) -> Sequence[Line]:
        """Return the page for this width and the screen's height."""
        lines = list(self._page(width))
        if self.screen.size.height < ROOMY:
            lines = [line for index, line in enumerate(lines) if line is not BLANK or index == 1]
        return lines

    def _page(self, width: int) -> Iterator[Line]:
        yield Line((("auditail", "accent"), ("   the audit trail you can tail", "muted")))
        yield BLANK
        yield from self._beginning(width)
        yield BLANK
        offer = ((" + ", "keycap"), ("  watch a folder", "strong"), ("   of JSON or JSONL event files", "muted"))
        yield Line(offer, target="add")
        yield Line((("     or of agents' transcripts, such as ", "muted"), ("~/.claude/projects", "")), target="add")
        yield BLANK
        yield BLANK
        yield heading("Or from a shell")
        for label, command, effect in _COMMANDS:
            yield Line(((label.ljust(LABEL), ""), (command, "strong"), (f"   {effect}", "muted")))
        yield BLANK
        indent = " " * (LABEL if width >= LABEL + len('"event_type": "mcp.tool_call", "agent_id": "assistant",') else 2)
        for row in _SAMPLE:
            yield Line(((indent, ""), *row))
        yield BLANK
        yield BLANK
        yield self._waiting()

    def _beginning(self, width: int) -> Iterator[Line]:
        said = "Nothing has been read yet." if not self.watching else "Nothing has arrived yet."
        rest = "Say where event files are. They are only read, never changed, and nothing leaves this machine."
        rows = wrap(f"{said} {rest}", width, 4)
        yield Line(((said, ""), (rows[0][len(said) :], "muted")))
        for row in rows[1:]:
            yield Line(((row, "muted"),))

    def _waiting(self) -> Line:
        if self.watching:
            said = f"watching {self.watching}: drop a file there, and its first event opens the list"
        else:
            said = "nothing is watched yet: press + and give a folder"
        return Line(((f"{self.glyphs.pending} {said}", "muted"),))

    def chooses_at_once(self, line: Line) -> bool:
        """Let one click on the offer be enough."""
        return line.target == "add"

    def action_choose(self) -> None:
        """Ask for a folder: the one thing that can be chosen here."""
        self.post_message(AddFolder())
