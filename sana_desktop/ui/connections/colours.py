"""The colour of a connection, to be chosen from the few there are."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.tr import tr
from sana_desktop.ui.widgets import icon_button, set_property


class Colours(QWidget):
    """A row of dots; each has a name, and the arrows go through them."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self.setAccessibleName(tr("Connections", "Colour"))
        words = {
            "blue": tr("Colours", "Blue"),
            "teal": tr("Colours", "Teal"),
            "plum": tr("Colours", "Plum"),
            "ochre": tr("Colours", "Ochre"),
            "rose": tr("Colours", "Rose"),
            "slate": tr("Colours", "Slate"),
        }
        self._group = QButtonGroup(self)
        self._names = list(theme.tokens.connection_colours)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for number, name in enumerate(self._names):
            button = icon_button(icons, "dot", words.get(name, name), f"colour-{name}")
            button.setCheckable(True)
            button.setIconSize(QSize(24, 24))
            set_property(button, "kind", "swatch")
            icons.bind(button, "dot", name)
            self._group.addButton(button, number)
            row.addWidget(button)
        row.addStretch()
        self.setFocusProxy(self._group.buttons()[0])

    def choose(self, name: str) -> None:
        """Mark a colour; an unknown one means the first."""
        number = self._names.index(name) if name in self._names else 0
        self._group.button(number).setChecked(True)

    def fresh(self, used: Collection[str]) -> str:
        """Return the first colour that is not used, or the one used least."""
        taken = list(used)
        return min(self._names, key=lambda name: (taken.count(name), self._names.index(name)))

    def chosen(self) -> str:
        """Return the chosen colour's role."""
        return self._names[max(self._group.checkedId(), 0)]
