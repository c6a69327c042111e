"""What is handed to the desktop: only our files, https pages and letters; plain text to the clipboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from sana_desktop.ui import desktop


class Handler(QObject):
    """Stands where the desktop's own programs would be started."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.opened.append(url.toString())


@pytest.fixture
def handler(qapp: QApplication) -> Iterator[Handler]:
    made = Handler()
    schemes = ("file", "https", "http", "mailto", "javascript")
    for scheme in schemes:
        QDesktopServices.setUrlHandler(scheme, made, "take")  # type: ignore[arg-type]  # the stub is wrong
    yield made
    for scheme in schemes:
        QDesktopServices.unsetUrlHandler(scheme)


@pytest.mark.parametrize(
    "address",
    ["http://a.example", "https://a.example", "file:///etc/passwd", "javascript:alert(1)", "mailto:a b@c.example", ""],
)
def test_u06_a_letter_is_a_letter(handler: Handler, address: str) -> None:
    assert not desktop.open_mail(address)
    assert handler.opened == []
    assert desktop.open_mail("mailto:?subject=An%20API%20client")
    assert len(handler.opened) == 1


def test_files_of_any_name_are_opened_as_files(handler: Handler, tmp_path: Path) -> None:
    assert desktop.open_file(tmp_path / "100 % #done?.csv")
    assert QUrl(handler.opened[0]).isLocalFile()


def test_the_clipboard_gets_plain_text(qapp: QApplication) -> None:
    desktop.copy_text("<b>x</b>")
    assert qapp.clipboard().text() == "<b>x</b>"
    assert not qapp.clipboard().mimeData().hasHtml()
    desktop.clear_clipboard()
    assert qapp.clipboard().text() == ""
