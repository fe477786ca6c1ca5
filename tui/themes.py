"""The dashboard's own dark and light theme, and the text colours that stock themes lack."""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

DARK: Final = Theme(
    name="auditail-dark",
    dark=True,
    background="#0e1216",
    surface="#141a20",
    panel="#1c242c",
    foreground="#d3dae3",
    primary="#7aa7f0",
    secondary="#8c9bb0",
    accent="#76c7bd",
    success="#74b98a",
    warning="#dcb062",
    error="#ee6d6d",
    variables={
        "primary-muted": "#2c3d57",
        "foreground-muted": "#8c939b",
        "foreground-disabled": "#636a71",
        "ink-success": "#74b98a",
        "ink-warning": "#dcb062",
        "ink-error": "#ee6d6d",
        "ink-accent": "#76c7bd",
        "volume": "#5a6673",
        "paused-background": "#352d1f",
        "block-cursor-background": "#2c3d57",
        "block-cursor-foreground": "#d3dae3",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#1c242c",
        "input-cursor-background": "#76c7bd",
        "border": "#5478ae",
        "footer-key-foreground": "#76c7bd",
    },
)

LIGHT: Final = Theme(
    name="auditail-light",
    dark=False,
    background="#fcfcfa",
    surface="#f3f4f1",
    panel="#e7e9e5",
    foreground="#22282f",
    primary="#2b66c4",
    secondary="#5b6b80",
    accent="#0d7a70",
    success="#25784a",
    warning="#946200",
    error="#c02a35",
    variables={
        "primary-muted": "#d2dff4",
        "foreground-muted": "#5f6368",
        "foreground-disabled": "#8b8f92",
        "ink-success": "#25784a",
        "ink-warning": "#946200",
        "ink-error": "#c02a35",
        "ink-accent": "#0d7a70",
        "volume": "#9ca5af",
        "paused-background": "#f3e9d2",
        "block-cursor-background": "#d2dff4",
        "block-cursor-foreground": "#22282f",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#e7e9e5",
        "input-cursor-background": "#0d7a70",
        "border": "#7a9ad0",
        "footer-key-foreground": "#0d7a70",
    },
)

OWN_THEMES: Final = (DARK, LIGHT)


def ink_defaults(theme: Theme) -> dict[str, str]:
    """Return our extra colour variables for a theme that does not define them.

    Stock light themes have base colours too pale for text, so there `text-*` (tinted towards black) is used.
    """
    colors = theme.to_color_system().generate()
    prefix = "" if theme.dark else "text-"
    inks = {f"ink-{name}": colors[f"{prefix}{name}"] for name in ("success", "warning", "error", "accent")}
    return {**inks, "volume": colors["secondary-muted"], "paused-background": colors["warning-muted"]}
