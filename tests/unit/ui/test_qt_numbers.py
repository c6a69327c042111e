"""The numbers are Qt's own, and the window's frame really does without the names."""

from __future__ import annotations

import os
import subprocess
import sys

from PySide6.QtCore import Qt

from sana_desktop.ui import qt_numbers
from tests.support.project import ROOT


def test_every_number_is_the_one_qt_means() -> None:
    assert Qt.FocusPolicy.StrongFocus.value == qt_numbers.STRONG_FOCUS
    assert Qt.FocusPolicy.ClickFocus.value == qt_numbers.CLICK_FOCUS
    assert Qt.ToolButtonStyle.ToolButtonTextUnderIcon.value == qt_numbers.TEXT_UNDER_ICON
    assert Qt.TextFormat.PlainText.value == qt_numbers.PLAIN_TEXT
    schemes = {"system": Qt.ColorScheme.Unknown, "light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}
    assert {choice: scheme.value for choice, scheme in schemes.items()} == qt_numbers.COLOUR_SCHEMES


def test_the_frame_names_none_of_qts_enumerations() -> None:
    """A module that has imported `Qt` holds the class, which is what costs 20 ms."""
    look = (
        "import sys, sana_desktop.ui.app; from PySide6 import QtCore;"
        "print([name for name, module in sys.modules.items() if name.startswith('sana_desktop') and"
        " vars(module).get('Qt') is not None])"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    asked = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, env=clean, capture_output=True, text=True, check=True
    )
    assert asked.stdout.strip() == "[]"
