"""A pane of lines with a cursor: draws only what is visible, through the line API."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.glyphs import UNICODE, Glyphs
from tui.widgets.line import Line, Span, fit, spans_width

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual import events
    from textual.color import Color

ROLES = (
    "title",
    "rule",
    "muted",
    "faint",
    "strong",
    "key",
    "primary",
    "accent",
    "string",
    "error",
    "warning",
    "success",
    "match",
    "bar",
    "critical",
    "hanging",
    "keycap",
)
"""What a span can be; each has a `line--` component class, so that the look is a matter of the style sheet."""


IN_ASCII: Final = str.maketrans("─│├└▾▸▌…·−", "-||`v>>~.-")
"""What rules, guides and signs of lines become on a terminal that shows only ASCII."""


class LineView(ScrollView, can_focus=True):
    """Base of the panes that show lines. A subclass makes them in `build`, which is asked again for a new width."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"line--cursor", *(f"line--{role}" for role in ROLES)}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor(-1)", show=False),
        Binding("down", "cursor(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "edge(-1)", show=False),
        Binding("end", "edge(1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    GUTTER: ClassVar[int] = 1
    """Cells at the left where the bar of the cursor row stands; 0 for panes that are only read."""

    cursor: reactive[int] = reactive(-1)
    """Index of the row with the cursor; -1: none of the rows takes one."""
    glyphs: reactive[Glyphs] = reactive(UNICODE)
    """The signs to draw with."""

    class Chosen(Message):
        """A row was chosen by Enter or by a click."""

        def __init__(self, view: LineView, line: Line) -> None:
            """Remember the pane and the row."""
            super().__init__()
            self.view = view
            self.line = line

        @property
        def control(self) -> LineView:
            """The pane, so that handlers can select by it."""
            return self.view

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 (Textual's name)
        """Start without lines; they are built once the width is known."""
        super().__init__(id=id, classes=classes)
        self._lines: Sequence[Line] = ()
        self._built_width = -1
        self._styles: dict[tuple[str, bool], Style] = {}

    def build(self, width: int) -> Sequence[Line]:
        """Return all lines for a pane of `width` cells."""
        raise NotImplementedError

    @property
    def lines(self) -> Sequence[Line]:
        """The lines as last built."""
        return self._lines

    @property
    def current(self) -> Line | None:
        """The row under the cursor."""
        return self._lines[self.cursor] if 0 <= self.cursor < len(self._lines) else None

    def rebuild(self) -> None:
        """Build the lines anew; the cursor stays at its row number, or on the nearest row that takes it.

        A pane that is not shown builds them when it is: it is told of its size then.
        """
        width = self.scrollable_content_region.width if self.is_attached else 0
        if width <= 0:
            self._built_width = -1
            return
        self._built_width = width
        self._lines = self.build(max(width - self.GUTTER, 1))
        self.virtual_size = Size(width, len(self._lines))
        self.set_reactive(LineView.cursor, self._nearest(max(self.cursor, 0)))
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the number of lines, for panes whose height follows from what they show."""
        del container, viewport
        return len(self.build(max(width - self.GUTTER, 1)))

    def watch_glyphs(self) -> None:
        """Draw with other signs."""
        self.rebuild()

    def on_mount(self) -> None:
        """Build as soon as there is a width.

        Textual tells a new widget of none where the map of the screen was asked for between mounting and layout.
        """
        self.call_after_refresh(self.on_resize)

    def on_resize(self) -> None:
        """Build for the new width."""
        if self.scrollable_content_region.width != self._built_width:
            self.rebuild()

    def notify_style_update(self) -> None:
        """Forget styles of the theme before."""
        super().notify_style_update()
        self._styles.clear()

    def watch_has_focus(self, _has_focus: bool) -> None:  # noqa: FBT001 (Textual's signature)
        """Draw the cursor row for the new state."""
        super().watch_has_focus(_has_focus)
        self._styles.clear()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return row `y` of the visible part. Every text passes through `safe_text` here at the latest."""
        index = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        on_cursor = bool(self.GUTTER) and index == self.cursor
        plain = self._style("", on_cursor=on_cursor)
        if index >= len(self._lines):
            return Strip.blank(width, plain)
        mark = self.glyphs.cursor if on_cursor and self.marks_cursor else ""
        gutter = [(mark.ljust(self.GUTTER), "primary")] if self.GUTTER else []
        spans = [*gutter, *_compose(self._lines[index], width - self.GUTTER)]
        if self.glyphs.ascii:
            spans = [(text.translate(IN_ASCII), role) for text, role in spans]
        segments = [Segment(text, self._style(role, on_cursor=on_cursor)) for text, role in spans]
        return Strip(segments).adjust_cell_length(width, plain).simplify()

    @property
    def marks_cursor(self) -> bool:
        """Whether the cursor row carries the bar: only where the keys go."""
        return self.has_focus

    def _style(self, role: str, *, on_cursor: bool) -> Style:
        known = self._styles.get((role, on_cursor))
        if known is None:
            known = self._styles[role, on_cursor] = self._make_style(role, on_cursor=on_cursor)
        return known

    def _make_style(self, role: str, *, on_cursor: bool) -> Style:
        _, _, background, base = self.colors
        color, text_style = base, Style()
        if on_cursor:
            cursor = self.get_component_styles("line--cursor")
            background, text_style = background + cursor.background, cursor.text_style
        for name in role.split():
            rules = self.get_component_styles(f"line--{name}")
            color = rules.color if rules.has_rule("color") else color
            text_style += rules.text_style
            background = background + rules.background if rules.has_rule("background") else background
        return Style.from_color(_over(background, color).rich_color, background.rich_color) + text_style

    def watch_cursor(self, before: int, after: int) -> None:
        """Draw both rows and keep the new one in sight, with the heading above the first."""
        self.refresh_line(before)
        self.refresh_line(after)
        self._reveal(after)

    def to_top(self) -> None:
        """Start again at the first row."""
        self.set_reactive(LineView.cursor, 0)
        if self.is_attached:
            self.scroll_to(y=0, animate=False)

    def _reveal(self, index: int) -> None:
        height = self.scrollable_content_region.height
        if index < 0 or height <= 0:
            return
        top = 0 if self._nearest(0) == index < height else index
        if top < self.scroll_offset.y:
            self.scroll_to(y=top, animate=False)
        elif index >= self.scroll_offset.y + height:
            self.scroll_to(y=index - height + 1, animate=False)

    def _nearest(self, index: int) -> int:
        if not self._lines:
            return -1
        index = min(index, len(self._lines) - 1)
        return _first_open(self._lines, range(index, len(self._lines)), range(index - 1, -1, -1))

    def action_cursor(self, step: int) -> None:
        """Move to the next row (or the one before) that takes the cursor; scroll where there is none."""
        span = range(self.cursor + 1, len(self._lines)) if step > 0 else range(self.cursor - 1, -1, -1)
        found = _first_open(self._lines, span) if self.GUTTER else -1
        if found >= 0:
            self.cursor = found
        else:
            self.scroll_relative(y=step, animate=False)

    def action_page(self, step: int) -> None:
        """Move by one page."""
        height = max(self.scrollable_content_region.height - 1, 1)
        if self.GUTTER and self.cursor >= 0:
            self.cursor = self._nearest(max(self.cursor + step * height, 0))
        else:
            self.scroll_relative(y=step * height, animate=False)

    def action_edge(self, step: int) -> None:
        """Move to the first or the last row."""
        if self.GUTTER and self.cursor >= 0:
            self.cursor = self._nearest(0 if step < 0 else len(self._lines) - 1)
        self.scroll_to(y=0 if step < 0 else self.max_scroll_y, animate=False)

    def action_choose(self) -> None:
        """Report the row under the cursor."""
        line = self.current
        if line is not None:
            self.post_message(self.Chosen(self, line))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the row; a second click on a row that leads somewhere chooses it."""
        offset = event.get_content_offset(self)
        index = -1 if offset is None else offset.y + self.scroll_offset.y
        if not 0 <= index < len(self._lines) or self._lines[index].skip:
            return
        again = index == self.cursor
        self.cursor = index
        line = self._lines[index]
        if self.chooses_at_once(line) or (again and line.target is not None):
            self.action_choose()

    def chooses_at_once(self, line: Line) -> bool:  # noqa: ARG002 (for subclasses)
        """Return whether one click on this row is enough to choose it."""
        return False


def _compose(line: Line, width: int) -> Iterable[Span]:
    if not line.right and not line.rule:
        return fit(line.spans, width)
    right = fit(line.right, width)
    room = max(width - spans_width(right) - bool(right), 0)
    left = fit(line.spans, room)
    gap = width - spans_width(left) - spans_width(right)
    if line.rule and gap > 2:  # noqa: PLR2004 (a space, the rule, a space)
        filler = [(" ", ""), ("─" * (gap - (1 if right else 0) - 1), "rule"), (" " if right else "", "")]
    else:
        filler = [(" " * max(gap, 0), "")]
    return [*left, *filler, *right]


def _over(background: Color, color: Color) -> Color:
    return background + color if color.a < 1 and color.ansi is None else color


def _first_open(lines: Sequence[Line], *spans: range) -> int:
    return next((index for span in spans for index in span if not lines[index].skip), -1)
