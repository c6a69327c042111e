"""Settings by keys and mouse: what is shown tells nothing, what is chosen tells once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from sana_desktop.ui.icons import Icons
from sana_desktop.ui.settings.page import SettingsPage, SettingsView
from tests.ui.scenes import SETTINGS


@pytest.fixture
def page(qtbot: QtBot, icons: Icons) -> SettingsPage:
    made = SettingsPage(icons, lambda: "Sana Desktop 0.1.0, no secrets")
    qtbot.addWidget(made)
    made.show_settings(SETTINGS)
    made.resize(1100, 760)
    made.show()
    return made


def test_showing_tells_nothing(page: SettingsPage) -> None:
    changed = QSignalSpy(page.changed)
    page.show_settings(SettingsView("dark", 1.3, "/srv/reports", 55, "always", "x.csv"))
    assert changed.count() == 0
    assert page.theme.currentData() == "dark"
    assert page.text_scale.currentData() == 1.25
    assert page.notify.currentData() == 60
    assert page.rerun.currentData() == "always"
    assert page.folder.text() == "/srv/reports"


@pytest.mark.parametrize(
    ("name", "key", "told"),
    [
        ("theme", "D", ["theme", "dark"]),
        ("text_scale", "2", ["text_scale", 2.0]),
        ("rerun", "R", ["rerun_rule", "always"]),
        ("notify", "N", ["notify_after_seconds", 0]),
    ],
)
def test_a_choice_tells_once(page: SettingsPage, name: str, key: str, told: list[object]) -> None:
    changed = QSignalSpy(page.changed)
    QTest.keyClicks(getattr(page, name), key)
    assert [changed.at(0)] == [told]
    assert changed.count() == 1


def test_folders_can_be_chosen_and_opened(page: SettingsPage) -> None:
    wanted, opened = QSignalSpy(page.folder_wanted), QSignalSpy(page.open_folder_wanted)
    QTest.mouseClick(page.choose_folder, Qt.MouseButton.LeftButton)
    page.show_places([("Log", "/var/log/one")])
    page.show_places([("Log", "/var/log/two")])
    QApplication.processEvents()
    button = [one for one in page.findChildren(QToolButton, "openPlace-0") if not one.isHidden()]
    assert len(button) == 1
    QTest.mouseClick(button[0], Qt.MouseButton.LeftButton)
    assert wanted.count() == 1
    assert opened.at(0) == ["/var/log/two"]
    paths = [field.text() for field in page.findChildren(QLineEdit) if not field.isHidden()]
    assert "/var/log/two" in paths
    assert "/var/log/one" not in paths


def test_b5_the_time_in_a_file_name_is_said_to_be_what_it_is(page: SettingsPage) -> None:
    # The rule is `JobRecord.report_at`.
    hints = " ".join(hint.text() for hint in page.findChildren(QLabel))
    assert "Site, report, when the site finished it (by its clock), and the start of the job's number." in hints


def test_diagnostics_are_copied(page: SettingsPage) -> None:
    copied = QSignalSpy(page.diagnostics_copied)
    QTest.mouseClick(page.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "Sana Desktop 0.1.0, no secrets"
    assert copied.count() == 1
    said = page.findChild(QLabel, "diagnosticsCopied")
    assert isinstance(said, QLabel)
    assert said.text().startswith("Copied.")


def test_versions_are_shown_once(page: SettingsPage) -> None:
    for _ in range(2):
        page.show_versions([("Qt", "6.11.3")])
    QApplication.processEvents()
    shown = [label.text() for label in page.findChildren(QLabel) if not label.isHidden()]
    assert shown.count("6.11.3") == 1
