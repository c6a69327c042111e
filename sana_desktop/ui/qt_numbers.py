"""Numbers of Qt's enumerations for what is painted first, set as properties.

Naming any of `PySide6.QtCore.Qt` makes Python classes of all its 93 enumerations: 20 ms, a seventh of an empty window.
The window's frame therefore names none before its first paint.
"""

from __future__ import annotations

STRONG_FOCUS = 11
CLICK_FOCUS = 2
"""Qt.FocusPolicy."""
TEXT_UNDER_ICON = 3
"""Qt.ToolButtonStyle."""
PLAIN_TEXT = 0
"""Qt.TextFormat."""
COLOUR_SCHEMES = {"system": 0, "light": 1, "dark": 2}
"""Qt.ColorScheme, for each choice of a person."""
