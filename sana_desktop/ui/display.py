"""Whether anybody can see a window here. No Qt: it is asked before Qt chooses its platform."""

from __future__ import annotations

import os
import sys


def has_display() -> bool:
    """Return whether there is a display; on Linux that takes X11 or Wayland, or a platform chosen on purpose."""
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
