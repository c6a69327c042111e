"""What support needs to know, with no secret, no query and no data in it (A52)."""

from __future__ import annotations

import platform
import sys
from collections import Counter
from collections.abc import Iterable

import PySide6
from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from sana_desktop import __version__
from sana_desktop.reports.records.transfer import TransferRecord
from sana_desktop.reports.services import Services
from sana_desktop.store import settings as keys


def versions() -> list[tuple[str, str]]:
    """Return names and versions of what the app is made of."""
    return [
        ("Sana Desktop", __version__),
        ("Python", platform.python_version()),
        ("PySide6", PySide6.__version__),
        ("Qt", qVersion()),
        ("System", f"{platform.system()} {platform.release()}"),
    ]


def diagnostics_text(services: Services) -> str:
    """Return the text, redacted once more as a whole."""
    report = services.open_report
    screen = QGuiApplication.primaryScreen()
    lines = [f"{name}: {version}" for name, version in versions()]
    lines += [
        f"Platform plugin: {QGuiApplication.platformName()}",
        f"Screen: {screen.size().width()}x{screen.size().height()} at {screen.devicePixelRatio()}" if screen else "",
        f"Packaged: {_yes(getattr(sys, 'frozen', False))}",
        f"Connections by kind: {_counted(connection.mark.value for connection in services.book.list())}",
        f"Downloads by state: {_counted(_state(record) for record in services.downloads.list())}",
        (
            f"Database: new at this start: {_yes(report.created)}, "
            f"last run ended in order: {_yes(not report.unclean)}, "
            f"a damaged one was set aside: {_yes(report.quarantined is not None)}, "
            f"on a network drive: {_yes(report.network)}"
        ),
        f"Theme: {services.settings.get(keys.THEME)}, text {services.settings.get(keys.TEXT_SCALE)}",
        f"Extra certificates: {_yes(bool(services.settings.get(keys.EXTRA_CA_FILE)))}",
        f"Data: {services.paths.data}",
        f"Log: {services.paths.log_file}",
    ]
    return services.redactor.clean("\n".join(line for line in lines if line))


def _state(record: TransferRecord) -> str:
    return "done, file missing" if record.lost_at is not None else record.state.value


def _yes(fact: bool) -> str:
    return "yes" if fact else "no"


def _counted(values: Iterable[str]) -> str:
    counts = Counter(values)
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none"
