"""Pictures of a widget as a person would see it: at a size, a scale and in a theme. Run it as a script to take one.

`python -m tests.support.shots DIR [WORD …]` renders the scenes of tests/ui whose name holds a WORD into DIR.
The scale comes from QT_SCALE_FACTOR, which Qt reads at its start.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QApplication, QWidget

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.theme.theme import Choice, Theme

Scene = Callable[[Theme, Icons], QWidget]
DESIGN_SIZE = QSize(1280, 800)


def settle(app: QApplication) -> None:
    """Let layouts, styles and deferred paints come to rest."""
    for _ in range(4):
        app.sendPostedEvents()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        app.processEvents()


def shoot(widget: QWidget, path: Path, size: QSize | None = DESIGN_SIZE) -> Path:
    """Show `widget` at `size` (None: its own), write a PNG of it to `path` and return that path."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    if size is not None:
        widget.resize(size)
    widget.show()
    settle(app)
    path.parent.mkdir(parents=True, exist_ok=True)
    assert widget.grab().save(str(path)), path
    return path


def main(folder: Path, words: list[str]) -> None:
    """Render the scenes that match, in both themes."""
    # As the app's own loop does: a collection while Qt's widgets are listed would delete some that are in the list.
    gc.disable()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.ui.compare_scenes import COMPARE_SCENES
    from tests.ui.compare_state_scenes import MORE_COMPARE_SCENES
    from tests.ui.scenes import SCENES

    app = QApplication(sys.argv[:1])
    scale = os.environ.get("QT_SCALE_FACTOR", "1")
    choices: tuple[Choice, ...] = ("light", "dark")
    theme = Theme(app, "light")
    icons = Icons(theme)
    for name, (scene, size) in (SCENES | COMPARE_SCENES | MORE_COMPARE_SCENES).items():
        if words and not any(word in name for word in words):
            continue
        for choice in choices:
            theme.set_choice(choice)
            widget = scene(theme, icons)
            print(shoot(widget, folder / f"{name}-{choice}-{scale}x.png", size))
            widget.setParent(None)
            widget.deleteLater()
            settle(app)
            gc.collect()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
