"""Every page and state of the window as a scene that can be drawn: for pictures, and for the walks over all widgets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from sana_desktop.base.errors import UserError
from sana_desktop.reports.records.drafts import Draft
from sana_desktop.reports.records.job import JobState
from sana_desktop.reports.records.transfer import TransferState
from sana_desktop.ui.connections.page import ConnectionsPage
from sana_desktop.ui.connections.views import CheckView, ConnectionView
from sana_desktop.ui.dialogs import Answer, Question, QuestionDialog
from sana_desktop.ui.help import AboutDialog, ShortcutSheet
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.models.downloads import DownloadsModel
from sana_desktop.ui.models.jobs import JobsModel
from sana_desktop.ui.rail import Place
from sana_desktop.ui.reports.editor.editor import EditorArea
from sana_desktop.ui.reports.editor.findings import Finding
from sana_desktop.ui.reports.editor.order_bar import ConnectionChoice
from sana_desktop.ui.reports.page import ReportsPage
from sana_desktop.ui.reports.paste.letter import LetterDialog, letter_to_it
from sana_desktop.ui.reports.paste.understood_card import Note, Understood
from sana_desktop.ui.reports.records.downloads_panel import DownloadsPanel
from sana_desktop.ui.reports.records.jobs_panel import JobsPanel
from sana_desktop.ui.settings.page import SettingsPage, SettingsView
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.window import MainWindow
from tests.support.practice_scenes import PRACTICE_SCENES
from tests.support.practice_states import STATE_SCENES
from tests.support.records import START, job, transfer
from tests.support.shots import DESIGN_SIZE
from tests.ui.report_scenes import REPORT_SCENES

Scene = Callable[[Theme, Icons], QWidget]

SQL = """-- Course completions of the last quarter, grouped by department
SELECT "g"."name" AS "department", "c"."title" AS "course",
       count(*) AS "completions", 0.5 AS "weight"
FROM "analytics"."user_course_instance_progress" AS "p"
JOIN "analytics"."courses" AS "c" ON ("c"."id" = "p"."course")
WHERE "p"."completion_date" BETWEEN '2025-01-01' AND '2025-03-31'
GROUP BY 1, 2
ORDER BY "completions" DESC
LIMIT 500
"""

UNDERSTOOD = Understood(
    rows=(
        ("Site", "acme (https://acme.sana.ai)"),
        ("Report", "Course completions, grouped by department"),
        ("Dates", "2025-01-01 to 2025-03-31"),
        ("Format", "Excel (XLSX)"),
        ("Access", "A pass that ends in about 58 minutes; kept in memory only"),
    ),
    notes=(
        Note("The pass was lifted out of what you pasted. It is written nowhere.", "good"),
        Note("Nothing has been sent yet."),
    ),
    accept="Use this",
    folded=SQL,
    clipboard_button=True,
)

SITES = (
    ConnectionChoice("a", "Acme", "teal", "live"),
    ConnectionChoice("b", "Acme sandbox", "ochre", "test"),
)


VIEWS = (
    ConnectionView(
        "a",
        "Acme",
        "teal",
        "live",
        "https://acme.sana.ai",
        "client",
        "reports-export",
        "Its secret is in this computer's password store.",
    ),
    ConnectionView(
        "b",
        "Acme sandbox",
        "ochre",
        "test",
        "https://acme-test.sana.ai",
        "pasted",
        "",
        "It is kept in memory only and ends with the app.",
    ),
    ConnectionView("c", "Example data", "slate", "demo", "http://127.0.0.1:8801", "client", "demo"),
)
TESTED = datetime(2026, 3, 4, 10, 12, 5, tzinfo=UTC)
CHECKS = (
    CheckView("Address", "good", "acme-test.sana.ai answers in 80 ms."),
    CheckView(
        "Sign-in", "bad", "The pass you pasted has ended; they last about an hour.", "sign-in", "Paste a new one"
    ),
    CheckView("Permission to order", "unknown", "Could not be looked at, because the sign-in did not work."),
    CheckView("Clock", "warn", "This computer's clock is 61 minutes ahead of the site. I correct for it."),
)
SETTINGS = SettingsView(
    "system", 1.0, "/home/maria/Downloads", 20, "ask", "Acme_Course completions_20250402-1012_9f31c2.xlsx"
)


def read_site(text: str) -> str:
    """Return the address of a site, as the workspace would."""
    if not text or " " in text:
        raise UserError("“{text}” is not the address of a learning site.", code="E-SITE", values={"text": text})
    return text if "://" in text else f"https://{text.removesuffix('.sana.ai')}.sana.ai"


def make_panels(theme: Theme, icons: Icons, *, filled: bool) -> tuple[JobsPanel, DownloadsPanel]:
    """Return the panels below the editor, empty or with a few rows."""
    now = START + timedelta(seconds=42)
    jobs = JobsModel(lambda: now, lambda _connection: "Acme", lambda _record: (38.0, 42.0))
    downloads = DownloadsModel(lambda: now, lambda _record: now, jobs.site_of)
    if filled:
        jobs.add_earlier(
            [job("a", next_look_at=now + timedelta(seconds=4)), job("b", JobState.READY), job("c", JobState.FAILED)]
        )
        downloads.add_earlier([transfer("a"), transfer("b", TransferState.DONE)])
    panels = JobsPanel(jobs, theme, icons), DownloadsPanel(downloads, theme, icons)
    for panel in panels:
        panel.arrived()
    return panels


def connections_page(theme: Theme, icons: Icons) -> ConnectionsPage:
    page = ConnectionsPage(theme, icons, read_site)
    page.show_store("Secrets are kept in this computer's password store (GNOME Keyring).")
    return page


def settings_page(icons: Icons) -> SettingsPage:
    page = SettingsPage(icons, lambda: "Sana Desktop 0.1.0")
    page.show_settings(SETTINGS)
    page.show_places(
        [
            ("Reports", "/home/maria/Downloads"),
            ("Settings and history", "/home/maria/.local/share/sana-desktop"),
            ("Log", "/home/maria/.local/state/sana-desktop/log"),
        ]
    )
    page.show_versions([("Sana Desktop", "0.1.0"), ("Python", "3.11.7"), ("Qt", "6.11.3")])
    return page


def make_window(theme: Theme, icons: Icons, *, filled: bool = False) -> tuple[MainWindow, ReportsPage]:
    """Return a window with all its places, on the welcome page."""
    window = MainWindow(theme, icons)
    editor = EditorArea(theme, icons)
    page = ReportsPage(theme, icons, editor, *make_panels(theme, icons, filled=filled))
    editor.bind(window.actions_by_name)
    editor.restore([])
    window.add_place(Place("reports", "railReports", "reports", "Reports", page))
    window.add_place(
        Place("connections", "railConnections", "connections", "Connections", lambda: connections_page(theme, icons))
    )
    window.add_place(
        Place("settings", "railSettings", "settings", "Settings", lambda: settings_page(icons), at_end=True)
    )
    page.show_welcome()
    return window, page


def welcome(theme: Theme, icons: Icons) -> QWidget:
    return make_window(theme, icons)[0]


def card(theme: Theme, icons: Icons) -> QWidget:
    window, page = make_window(theme, icons)
    page.show_understood(UNDERSTOOD)
    return window


def editing(theme: Theme, icons: Icons) -> QWidget:
    window, page = make_window(theme, icons, filled=True)
    drafts = [
        Draft("one", 0, SQL, title="Course completions", connection_id="a"),
        Draft("two", 1, "SELECT 1", title="Overdue by group & region"),
        Draft("three", 2, ""),
    ]
    page.editor.restore(drafts, current="one")
    page.editor.close_query(page.editor.tabs.ids()[0])
    page.editor.show_connections(SITES)
    page.editor.tabs.select("one")
    page.show_work()
    window.show_truth("Connected to Acme. 2 reports are being prepared.", "good")
    return window


def editing_blank(theme: Theme, icons: Icons) -> QWidget:
    window, page = make_window(theme, icons)
    page.show_work()
    return window


def editing_wrong(theme: Theme, icons: Icons) -> QWidget:
    window = editing(theme, icons)
    page = window.findChild(ReportsPage)
    assert isinstance(page, ReportsPage)
    at = SQL.index("LIMIT")
    page.editor.show_findings(
        "one",
        0,
        [
            Finding(at, at + 5, "error", "“LIMT” is not a word of SQL here; LIMIT may be meant."),
            Finding(70, 80, "warning", "b"),
        ],
    )
    page.editor.find_bar.open(replace=True)
    page.editor.find_bar.find_field.setText("course")
    window.findChild(MainWindow)
    if isinstance(window, MainWindow):
        window.show_truth("Acme can't be reached. Your query is saved; I keep trying.", "bad")
    return window


def connections_list(theme: Theme, icons: Icons) -> QWidget:
    window, _ = make_window(theme, icons)
    window.go_to("connections")
    page = window.findChild(ConnectionsPage)
    assert isinstance(page, ConnectionsPage)
    page.show_connections(VIEWS)
    row = page.row("b")
    assert row is not None
    row.show_checks(CHECKS, TESTED)
    return window


def connections_empty(theme: Theme, icons: Icons) -> QWidget:
    window, _ = make_window(theme, icons)
    window.go_to("connections")
    page = window.findChild(ConnectionsPage)
    assert isinstance(page, ConnectionsPage)
    page.show_connections([])
    return window


def connections_error(theme: Theme, icons: Icons) -> QWidget:
    window = connections_empty(theme, icons)
    page = window.findChild(ConnectionsPage)
    assert isinstance(page, ConnectionsPage)
    page.show_error("The list can't be read: the disk is full.")
    return window


def connection_form(theme: Theme, icons: Icons) -> QWidget:
    window = connections_empty(theme, icons)
    page = window.findChild(ConnectionsPage)
    assert isinstance(page, ConnectionsPage)
    page.begin_form()
    page.form.site.setText("acme")
    page.form.client_id.setText("reports-export")
    page.form.secret.field.setText("not-a-real-secret")
    page.form.save.click()
    page.form.show_problem("The site did not accept this client id or secret. It may have been replaced.")
    return window


def settings(theme: Theme, icons: Icons) -> QWidget:
    window, _ = make_window(theme, icons)
    window.go_to("settings")
    return window


def shortcuts(theme: Theme, icons: Icons) -> QWidget:
    window, _ = make_window(theme, icons)
    return ShortcutSheet(window.actions_by_name, window)


def about(theme: Theme, icons: Icons) -> QWidget:
    return AboutDialog([("Version", "0.1.0"), ("Python", "3.11.7"), ("Qt", "6.11.3")])


def question(theme: Theme, icons: Icons) -> QWidget:
    return QuestionDialog(
        Question(
            "Forget Acme?",
            "Its address and its secret are deleted from this computer, also from the password store. "
            "Queries, files and history stay. Nothing changes on the site.",
            [Answer("keep", "Keep it"), Answer("forget", "Forget it", "danger")],
            safe="keep",
        )
    )


def letter(theme: Theme, icons: Icons) -> QWidget:
    return LetterDialog(letter_to_it("https://acme.sana.ai"))


ALIKE = frozenset(
    {
        "practice-asking",
        "practice-set-empty",
        "practice-set-done",
        "practice-exchange-failed",
        "practice-from-report",
        "practice-many",
        "sessions-none",
        "sessions-searched",
        "jobs-many",
        "downloads-many",
        "downloads-note",
        "connections-empty",
    }
)
"""Scenes that differ from others in their words or in the number of rows alone: for pictures, not for the walks."""

SCENES: dict[str, tuple[Scene, QSize | None]] = {
    "welcome": (welcome, DESIGN_SIZE),
    "card": (card, DESIGN_SIZE),
    "editing": (editing, DESIGN_SIZE),
    "editing-blank": (editing_blank, DESIGN_SIZE),
    "editing-wrong": (editing_wrong, DESIGN_SIZE),
    "connections": (connections_list, DESIGN_SIZE),
    "connections-empty": (connections_empty, DESIGN_SIZE),
    "connections-error": (connections_error, DESIGN_SIZE),
    "connection-form": (connection_form, DESIGN_SIZE),
    "settings": (settings, DESIGN_SIZE),
    "letter": (letter, None),
    "shortcuts": (shortcuts, None),
    "about": (about, None),
    "question": (question, None),
    **{name: (scene, DESIGN_SIZE) for name, scene in PRACTICE_SCENES.items()},
    **STATE_SCENES,
    **REPORT_SCENES,
}
