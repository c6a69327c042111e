"""QPalette from colour roles: what Fusion paints by itself follows the theme."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QColor, QPalette

_ROLES: Mapping[QPalette.ColorRole, str] = {
    QPalette.ColorRole.Window: "canvas",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "canvas",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "text_quiet",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "bad",
    QPalette.ColorRole.ToolTipBase: "surface",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.Highlight: "selection",
    QPalette.ColorRole.HighlightedText: "text",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.Light: "surface",
    QPalette.ColorRole.Midlight: "line",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "line_strong",
    QPalette.ColorRole.Shadow: "shadow",
}
_DISABLED: Mapping[QPalette.ColorRole, str] = {
    QPalette.ColorRole.WindowText: "text_disabled",
    QPalette.ColorRole.Text: "text_disabled",
    QPalette.ColorRole.ButtonText: "text_disabled",
    QPalette.ColorRole.Highlight: "disabled_back",
    QPalette.ColorRole.HighlightedText: "text_disabled",
    QPalette.ColorRole.Base: "canvas",
    QPalette.ColorRole.Accent: "disabled_back",
}


def palette_from(colours: Mapping[str, str]) -> QPalette:
    """Return the palette of one scheme's colour roles."""
    palette = QPalette()
    for role, name in _ROLES.items():
        palette.setColor(role, QColor(colours[name]))
    for role, name in _DISABLED.items():
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours[name]))
    return palette
