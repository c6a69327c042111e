"""Going from pane to pane with the focus, as F6 does."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QApplication, QWidget


def focus_next(panes: Sequence[QWidget], step: int = 1) -> None:
    """Move the focus to the next pane that takes it, round and round; `step` is -1 for the one before."""
    focus = QApplication.focusWidget()
    at = next((i for i, pane in enumerate(panes) if focus is not None and _holds(pane, focus)), -step)
    for offset in range(1, len(panes) + 1):
        if _focus_inside(panes[(at + step * offset) % len(panes)]):
            return


def _holds(pane: QWidget, widget: QWidget) -> bool:
    return pane is widget or pane.isAncestorOf(widget)


def _focus_inside(pane: QWidget) -> bool:
    """Give the focus to `pane`, or to the first widget in it that takes Tab; False if there is none."""
    # Imported here, see ui.qt_numbers.
    from PySide6.QtCore import Qt

    inside = [pane, *pane.findChildren(QWidget)]
    for widget in inside:
        can = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if can and widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None:
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            _scroll_to(widget)
            return True
    return False


def _scroll_to(widget: QWidget) -> None:
    """Bring `widget` into sight in all that scrolls around it; Qt does so only for a focus that came by Tab itself."""
    from PySide6.QtWidgets import QScrollArea

    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget)
        around = around.parentWidget()
