"""The theme in force: follows the system's light or dark at once, unless the person chose one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics
from PySide6.QtWidgets import QApplication

from sana_desktop.store.resources import resource_path
from sana_desktop.ui.qt_numbers import COLOUR_SCHEMES
from sana_desktop.ui.theme.dressing import Dressing
from sana_desktop.ui.theme.palette import palette_from
from sana_desktop.ui.theme.sheet import style_sheet
from sana_desktop.ui.theme.tokens import Scheme, TextRole, Tokens, load_tokens

Choice = Literal["system", "light", "dark"]

IN_FUSION = "inFusion"
"""Property of an application that was started in the style Fusion: to name a QStyle takes 6 ms."""
SMALLEST_SCALE = 0.8
MAX_SCALE = 2.0
"""Bounds of the person's own text size, as a multiple of the system's."""
MAX_MARKS = 1.75
"""Icons and tick boxes grow so far: beyond that, a narrow window has no room beside them for the words."""
MIDDLE_GREY = 128
"""Of QColor.lightness, 0 to 255."""
LINE_HEIGHT = 18
"""Pixels of a line in buttons and fields, at least."""
MARK = 16
"""Pixels of a tick box, and of an icon on a button, beside text of the system's size."""
RAIL_ICON = 24
"""Pixels of an icon of the rail."""
MONO_SHARE = 1.08
"""Fixed-pitch faces look smaller than the interface face of the same size."""


class Theme(QObject):
    """Makes palette, style sheet and fonts from the tokens and keeps them in step with system and settings.

    Args:
        app: the application whose looks these are.
        choice: what the person chose.
        scale: the person's text size as a multiple of the system's.
        dressed: False is for a window to be painted at once: until `dress`, only the rules for its frame are in force,
            and whether the system is dark is told by its palette, without Qt's enumerations (see ui.qt_numbers).

    Signals:
        changed: after the choice, colours or sizes changed and what is in sight has them; painters read them again.
    """

    changed = Signal()

    def __init__(
        self, app: QApplication, choice: Choice = "system", scale: float = 1.0, *, dressed: bool = True
    ) -> None:
        super().__init__()
        self._app = app
        self._tokens = load_tokens()
        self._choice: Choice = choice
        self._scale = _bounded(scale)
        self._system_points = max(app.font().pointSizeF(), 7.0)
        self._system_window = app.palette().window().color()
        self._scheme: Scheme = "light"
        self._dressed = dressed
        self._dressing = Dressing(app, self)
        if not app.property(IN_FUSION):
            app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._system_changed)
        if choice != "system":
            self._tell_system()
        self._apply()

    @property
    def tokens(self) -> Tokens:
        """The design tokens."""
        return self._tokens

    @property
    def choice(self) -> Choice:
        """What the person chose."""
        return self._choice

    @property
    def scheme(self) -> Scheme:
        """What is shown now."""
        return self._scheme

    @property
    def scale(self) -> float:
        """The person's text size as a multiple of the system's."""
        return self._scale

    @property
    def colours(self) -> Mapping[str, str]:
        """The colour roles of the scheme shown now."""
        return self._tokens.colours[self._scheme]

    def colour(self, role: str) -> QColor:
        """Return the colour of `role`; KeyError for a role that the tokens don't have."""
        return QColor(self.colours[role])

    def points(self, role: TextRole = "body") -> float:
        """Return the size of a text role in points."""
        return self._system_points * self._scale * self._tokens.type_scale[role]

    def pixels(self, size: int) -> int:
        """Return how large an icon or a tick box is that has so many pixels beside text of the system's size."""
        return round(size * min(max(self._scale, 1.0), MAX_MARKS))

    def mono(self, role: TextRole = "body") -> QFont:
        """Return the fixed-pitch face, for SQL and numbers."""
        # Imported here: no first paint needs it.
        from PySide6.QtGui import QFontDatabase

        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self.points(role) * MONO_SHARE)
        font.setStyleHint(QFont.StyleHint.Monospace)
        return font

    def tabular(self, role: TextRole = "body") -> QFont:
        """Return the interface face with figures of one width, for tables and countdowns."""
        font = QFont(self._app.font())
        font.setPointSizeF(self.points(role))
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def set_choice(self, choice: Choice) -> None:
        """Show light or dark, or follow the system."""
        if choice != self._choice:
            self._choice = choice
            self._tell_system()
            if self._wanted() != self._scheme:
                self._apply()
            else:
                self.changed.emit()

    def set_scale(self, scale: float) -> None:
        """Set the text size as a multiple of the system's; out of bounds is brought back in."""
        scale = _bounded(scale)
        if scale != self._scale:
            self._scale = scale
            self._apply()

    def later(self, steps: Iterable[object]) -> None:
        """Take these steps after a change, in short turns, before what is not in sight is dressed."""
        self._dressing.later(steps)

    def settle(self) -> None:
        """Dress now what is not in sight and waits for its turn, as for a picture of it."""
        self._dressing.settle()

    def dress(self) -> None:
        """Put the whole style sheet on, once the frame is painted, and ask the system itself whether it is dark."""
        if not self._dressed:
            self._dressed = True
            if self._wanted() == self._scheme:
                self._put_on()
            else:
                self._apply()

    def _tell_system(self) -> None:
        # Title bars and native dialogs follow this; on a bare machine it does nothing, so our palette is our own.
        self._app.styleHints().setProperty("colorScheme", COLOUR_SCHEMES[self._choice])

    def _system_changed(self) -> None:
        if self._wanted() != self._scheme:
            self._apply()

    def _wanted(self) -> Scheme:
        if self._choice != "system":
            return self._choice
        if not self._dressed:
            return "dark" if self._system_window.lightness() < MIDDLE_GREY else "light"
        from PySide6.QtCore import Qt

        return "dark" if self._app.styleHints().colorScheme() is Qt.ColorScheme.Dark else "light"

    def _apply(self) -> None:
        self._scheme = self._wanted()
        font = self._app.font()
        font.setPointSizeF(self.points())
        self._app.setFont(font)
        self._app.setPalette(palette_from(self.colours))
        self._put_on()
        self.changed.emit()

    def _put_on(self) -> None:
        art = resource_path("theme").as_posix()
        scroll = _between(self.colour("line"), self.colour("line_strong"), 0.45).name()
        points = {role: self.points(role) for role in self._tokens.type_scale}
        line_height = max(LINE_HEIGHT, QFontMetrics(self._app.font()).height())
        sheet = style_sheet(
            self._tokens,
            self._scheme,
            points,
            art,
            scroll,
            line_height,
            self.pixels(MARK),
            self.pixels(RAIL_ICON),
            frame_only=not self._dressed,
        )
        self._dressing.put_on(sheet)


def _bounded(scale: float) -> float:
    return min(max(scale, SMALLEST_SCALE), MAX_SCALE)


def _between(first: QColor, second: QColor, share: float) -> QColor:
    return QColor.fromRgbF(
        first.redF() + (second.redF() - first.redF()) * share,
        first.greenF() + (second.greenF() - first.greenF()) * share,
        first.blueF() + (second.blueF() - first.blueF()) * share,
    )
