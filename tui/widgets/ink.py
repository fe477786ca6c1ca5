"""Turns component classes of the style sheet into Rich styles for widgets that draw their own lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style

if TYPE_CHECKING:
    from textual.color import Color
    from textual.widget import Widget


def over(background: Color, color: Color) -> Color:
    """Return a colour as it looks on a background; the terminal's own (ANSI) colours stay what they are."""
    return color if color.a >= 1 or color.ansi is not None else background + color


def paper(widget: Widget) -> Style:
    """Return the style of a widget's plain text: what every line is laid on, for nobody else paints the background."""
    _, background = widget.background_colors
    return Style.from_color(over(background, widget.colors[3]).rich_color, background.rich_color)


def ink(widget: Widget, name: str) -> Style:
    """Return the style of a component class, its colour blended with what it stands on.

    Only what the class sets is in the style, so that it can be laid over another.
    """
    _, background = widget.background_colors
    rules = widget.get_component_styles(name)
    color = bgcolor = None
    if rules.has_rule("background"):
        background = background + rules.background
        bgcolor = background.rich_color
    if rules.has_rule("color"):
        color = over(background, rules.color).rich_color
    return Style(color=color, bgcolor=bgcolor) + rules.text_style
