"""A connection of one's own with a practice key: entered in the form, tested, used; the key goes where it may."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from sana_desktop.api.origin import parse_workspace
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.base.redaction import Secret
from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.store.secrets import SecretName
from sana_desktop.ui.connections.page import ConnectionsPage
from sana_desktop.ui.connections.practice_part import OTHER
from sana_desktop.ui.connections.views import ConnectionEntry, ConnectionView
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.theme.theme import Theme
from tests.support.live_window import LiveWindow, live_window
from tests.support.practice_window import go_to_practice, place_of, recommended
from tests.ui.scenes import read_site


@pytest.fixture
def page(qtbot: QtBot, theme: Theme, icons: Icons) -> ConnectionsPage:
    made = ConnectionsPage(theme, icons, read_site)
    qtbot.addWidget(made)
    made.resize(1100, 760)
    made.show()
    return made


def type_into(window: LiveWindow, name: str, text: str) -> None:
    field = window.find(name)
    assert isinstance(field, QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, text)


async def test_a_key_is_entered_tested_and_used(qapp: QApplication, tmp_path: Path, sandbox: SandboxServer) -> None:
    told = sandbox.describe()
    async with live_window(tmp_path, sandbox, demo=False) as window:
        window.press("railConnections")
        await window.until("the page", lambda: window.find("addConnectionButton").isVisible())
        window.press("addConnectionButton")
        type_into(window, "siteField", told["insights_url"])
        type_into(window, "clientIdField", told["client_id"])
        type_into(window, "secretField", told["client_secret"])
        region = window.find("practiceRegion")
        assert isinstance(region, QComboBox)
        region.setFocus()
        QTest.keyClick(region, Qt.Key.Key_End)
        assert region.currentData() == OTHER
        type_into(window, "practiceAddress", told["practice_url"])
        type_into(window, "apiKeyField", told["api_key"])
        window.press("saveConnectionButton")

        def lines() -> str:
            return " ".join(label.text() for label in window.shell.connections.findChildren(QLabel))

        await window.until("the test", lambda: "accepts the API key" in lines())
        assert told["api_key"] not in lines()
        await go_to_practice(window)
        window.press("nextExercisesButton")
        await window.until("an exercise", lambda: recommended(window))


async def test_b26_another_key_locks_the_site_again_and_that_is_said(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    told = sandbox.describe()
    practice = parse_practice_origin(told["practice_url"])
    async with live_window(tmp_path, sandbox, demo=False) as window:
        book = window.core.book
        mine = await book.add(parse_workspace(told["insights_url"]), name="Acme", client_id="i", practice=practice)
        await book.keep_secret(mine.id, Secret("of the one organisation"), SecretName.API_KEY)
        await go_to_practice(window)
        learners = place_of(window).services.learners
        learners.lock(mine.id, False)
        await book.keep_secret(mine.id, Secret(told["api_key"]), SecretName.API_KEY)
        assert learners.is_locked(mine.id)
        await window.until("that it is said", lambda: window.truth().startswith("Acme has another API key"))
        assert "it is locked for real people, and what was checked of it before holds no more" in window.truth()


def test_practice_may_be_left_out(page: ConnectionsPage) -> None:
    saved = QSignalSpy(page.saved)
    page.begin_form()
    assert not page.form.practice.key.field.isVisible()
    page.form.site.setText("acme")
    page.form.client_id.setText("me")
    page.form.secret.field.setText("s")
    page.form.save.click()
    entry = saved.at(0)[0]
    assert isinstance(entry, ConnectionEntry)
    assert (entry.practice, entry.api_key) == ("", None)


def test_a_region_and_a_key_are_handed_over_and_not_kept(page: ConnectionsPage) -> None:
    saved = QSignalSpy(page.saved)
    page.begin_form()
    page.form.site.setText("acme")
    page.form.client_id.setText("me")
    page.form.secret.field.setText("s")
    QTest.keyClick(page.form.practice.region, Qt.Key.Key_Down)
    assert page.form.practice.key.field.isVisible()
    QTest.keyClicks(page.form.practice.key.field, "canary-key-1")
    page.form.save.click()
    entry = saved.at(0)[0]
    assert isinstance(entry, ConnectionEntry)
    assert entry.practice == "https://api.sanalabs.com"
    assert isinstance(entry.api_key, Secret)
    assert entry.api_key.reveal() == "canary-key-1"
    assert page.form.practice.key.field.text() == ""


def test_another_address_is_checked_and_a_strange_one_is_warned_of(page: ConnectionsPage) -> None:
    saved = QSignalSpy(page.saved)
    page.begin_form()
    page.form.site.setText("acme")
    page.form.client_id.setText("me")
    page.form.secret.field.setText("s")
    part = page.form.practice
    part.region.setCurrentIndex(part.region.findData(OTHER))
    QTest.keyClicks(part.other, "nonsense")
    page.form.save.click()
    assert saved.count() == 0
    assert part.other.hasFocus()
    part.other.setText("https://practice.example.com")
    echo = part.findChild(QLabel, "practiceEcho")
    assert isinstance(echo, QLabel)
    assert "is no address of Sana itself" in echo.text()


def test_changing_shows_the_region_and_keeps_the_stored_key(page: ConnectionsPage) -> None:
    view = ConnectionView("a", "Acme", "blue", "live", "https://acme.sana.ai", "client", "me", "", PRACTICE_US)
    saved = QSignalSpy(page.saved)
    page.begin_form(view)
    assert page.form.practice.region.currentText() == "United States"
    assert page.form.practice.key.field.placeholderText() == "Empty keeps the stored one"
    page.form.save.click()
    entry = saved.at(0)[0]
    assert isinstance(entry, ConnectionEntry)
    assert (entry.practice, entry.api_key) == (PRACTICE_US, None)


PRACTICE_US = "https://us.api.sanalabs.com"
