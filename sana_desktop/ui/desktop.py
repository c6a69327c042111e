"""What the desktop does for us: open a file with its program, show it in its folder, take text to the clipboard."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication


def open_file(path: Path) -> bool:
    """Open a file of ours with the program that the person has for it; False if there is none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def open_mail(address: str) -> bool:
    """Open a mailto address in the mail program; every other scheme is refused (BEHAVIOUR.md T12, U06)."""
    url = QUrl(address, QUrl.ParsingMode.StrictMode)
    return url.isValid() and url.scheme() == "mailto" and QDesktopServices.openUrl(url)


def show_in_folder(path: Path) -> bool:
    """Show a file in the file manager, marked where the platform can do that."""
    if sys.platform == "win32":
        return bool(QProcess.startDetached("explorer.exe", ["/select,", str(path)]))
    if sys.platform == "darwin":
        return bool(QProcess.startDetached("/usr/bin/open", ["-R", str(path)]))
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def copy_text(text: str) -> None:
    """Put plain text on the clipboard."""
    QGuiApplication.clipboard().setText(text)


def clear_clipboard() -> None:
    """Empty the clipboard."""
    QGuiApplication.clipboard().clear()


def file_size(path: Path) -> int | None:
    """Return how many bytes a file has, None if it is not there. Blocks: call it in a thread."""
    try:
        return path.stat().st_size
    except OSError:
        return None
