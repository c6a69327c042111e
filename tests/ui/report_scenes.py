"""Jobs and downloads in each of their states, their details, ten thousand of them, and what is said below them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from sana_desktop.api.models import ReportFormat
from sana_desktop.reports.records.job import JobRecord, JobState, TimelineEntry
from sana_desktop.reports.records.transfer import TransferProgress, TransferRecord, TransferState
from sana_desktop.ui.connections.form import ConnectionForm
from sana_desktop.ui.connections.views import ConnectionView
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.models.downloads import DownloadsModel
from sana_desktop.ui.models.jobs import JobsModel
from sana_desktop.ui.reports.paste.understood_card import Note, Understood, UnderstoodCard
from sana_desktop.ui.reports.records.downloads_panel import DownloadsPanel
from sana_desktop.ui.reports.records.jobs_panel import JobsPanel
from sana_desktop.ui.reports.records.undo_bar import UndoBar
from sana_desktop.ui.reports.table.states_help import StatesSheet
from sana_desktop.ui.reports.words.site_words import NO_SITE
from sana_desktop.ui.theme.theme import Theme
from tests.support.records import START, job, order, transfer
from tests.support.shots import Scene

NOW = START + timedelta(seconds=47)
PANEL = QSize(640, 420)
NARROW = QSize(440, 420)
MANY = 10_000
SITES = {"acme": "Acme", "lab": "Acme sandbox"}
SAID = {
    JobState.FAILED: ("The site can't run this query.", "Change the query."),
    JobState.PAUSED: ("The pass has ended.", "Sign in again."),
    JobState.GONE: ("The site does not know this report any more.", "Run it again."),
}
STORY = (
    TimelineEntry(START, "wanted", "maria on desk-7"),
    TimelineEntry(START + timedelta(seconds=1), "sending"),
    TimelineEntry(START + timedelta(seconds=2), "accepted", "job-77"),
    TimelineEntry(START + timedelta(seconds=41), "ready"),
)


def every_job() -> list[JobRecord]:
    """Return a job in each state, of two sites."""
    made = []
    for n, state in enumerate(JobState):
        message, step = SAID.get(state, ("", ""))
        wanted = replace(order("Overdue by group & region", "acme" if n % 2 else "lab"), format=ReportFormat.XLSX)
        record = job(state.value, state, order=wanted, error_message=message, error_next_step=step)
        looks = state in {JobState.WATCHING, JobState.QUEUED}
        made.append(replace(record, next_look_at=NOW + timedelta(seconds=4) if looks else None))
    made.append(job("trouble", trouble="connection trouble, still trying"))
    return made


def every_transfer() -> list[TransferRecord]:
    """Return a download in each state, and finished ones with something to say."""
    ends = NOW + timedelta(minutes=12)
    name = "Acme_Overdue-by-group_20260304-1000_9f31c2.xlsx"
    made = [
        transfer(state.value, state, name=name, job=state.value, link_expires_at=ends, total=60_000_000)
        for state in TransferState
        if state is not TransferState.DONE
    ]
    done = transfer("done", TransferState.DONE, name=name, total=4_500_000, rows=50_000, columns=7, sha256="a" * 64)
    return [
        *made,
        done,
        replace(done, id="one", rows=1, name="Acme_Users_20260304-1000_aa31c2.csv"),
        replace(done, id="none", rows=0, name="Acme_Nobody_20260304-1000_ab31c2.csv"),
        replace(done, id="lost", lost_at=NOW, name="Acme_Lost_20260304-1000_ac31c2.csv"),
        replace(done, id="changed", verified_at=NOW, verified_ok=False, name="Acme_Changed_20260304-1000_ad31c2.csv"),
    ]


def jobs_panel(theme: Theme, icons: Icons, records: Iterable[JobRecord]) -> JobsPanel:
    """Return the panel of jobs, newest first."""
    model = JobsModel(lambda: NOW, lambda connection: SITES[connection], lambda _record: (38.0, 42.0))
    model.add_earlier(replace(record, created_at=START - timedelta(seconds=n)) for n, record in enumerate(records))
    panel = JobsPanel(model, theme, icons)
    panel.arrived()
    return panel


def downloads_panel(theme: Theme, icons: Icons, records: Iterable[TransferRecord]) -> DownloadsPanel:
    """Return the panel of downloads, newest first."""
    model = DownloadsModel(lambda: NOW, lambda _record: NOW, lambda _job: NO_SITE)
    model.add_earlier(replace(record, created_at=START - timedelta(seconds=n)) for n, record in enumerate(records))
    model.progress(TransferProgress("fetching", 21_600_000, 60_000_000, 1_400_000.0, 27.0))
    panel = DownloadsPanel(model, theme, icons)
    panel.arrived()
    return panel


def jobs(theme: Theme, icons: Icons) -> QWidget:
    return jobs_panel(theme, icons, every_job())


def jobs_many(theme: Theme, icons: Icons) -> QWidget:
    panel = jobs_panel(theme, icons, (job(str(n), list(JobState)[n % 9]) for n in range(MANY)))
    panel.table.selectRow(2)
    return panel


def details(theme: Theme, icons: Icons, record: JobRecord, file: TransferRecord | None) -> QWidget:
    panel = jobs_panel(theme, icons, [record])
    story = STORY if record.state is JobState.READY else STORY[:-1]
    panel.details.show_job(record, story, file, (38.0, 42.0))
    panel.table.selectRow(0)
    panel.show_details()
    return panel


def details_done(theme: Theme, icons: Icons) -> QWidget:
    done = transfer("d", TransferState.DONE, total=4_500_000, rows=1, columns=7, sha256="a" * 64, finished_at=NOW)
    return details(theme, icons, job("a", JobState.READY, ready_at=START + timedelta(seconds=41)), done)


def details_failed(theme: Theme, icons: Icons) -> QWidget:
    message, step = SAID[JobState.FAILED]
    record = job("a", JobState.FAILED, error_message=message, error_next_step=step, error_kind="query")
    return details(theme, icons, record, None)


def downloads(theme: Theme, icons: Icons) -> QWidget:
    return downloads_panel(theme, icons, every_transfer())


def downloads_note(theme: Theme, icons: Icons) -> QWidget:
    panel = downloads_panel(theme, icons, every_transfer())
    panel.table.selectRow(len(every_transfer()) - 3)
    return panel


def downloads_many(theme: Theme, icons: Icons) -> QWidget:
    names = (f"Acme_Users_20260304-1000_{n:04x}{n:02x}.csv" for n in range(MANY))
    return downloads_panel(
        theme, icons, (transfer(str(n), TransferState.DONE, name=name, rows=n) for n, name in enumerate(names))
    )


def removed(theme: Theme, icons: Icons) -> QWidget:
    panel = jobs_panel(theme, icons, every_job()[:3])
    bar = UndoBar("jobsUndo")
    box = panel.layout()
    assert box is not None
    box.addWidget(bar)
    bar.offer("“Overdue by group & region” was removed from the list. Its file stays.")
    return panel


def states(theme: Theme, icons: Icons) -> QWidget:
    return StatesSheet(icons)


def card_wrong(theme: Theme, icons: Icons) -> QWidget:
    """Nothing can be made of what was pasted."""
    way_on = (
        "What can be pasted here: the cURL command that your learning site copies for a widget in Insights, or SQL of "
        "your own. A command for practice goes to Practice."
    )
    card = UnderstoodCard(theme, icons)
    note = Note("It has a pass, but it ended 40 minutes ago.", "warn")
    card.show_understood(
        Understood((), (note, Note(way_on)), title="I can't order anything from this", again_button=True)
    )
    return card


def connection_change(theme: Theme, icons: Icons) -> QWidget:
    """A connection that is changed, with practice."""
    form = ConnectionForm(theme, icons, str)
    place = "Its secret is in this computer's password store."
    form.begin(
        ConnectionView(
            "a",
            "Acme",
            "teal",
            "live",
            "https://acme.sana.ai",
            "client",
            "reports-export",
            place,
            "https://api.sanalabs.com",
        )
    )
    form.show_store("Secrets are kept in this computer's password store (GNOME Keyring).")
    return form


REPORT_SCENES: dict[str, tuple[Scene, QSize | None]] = {
    "jobs": (jobs, PANEL),
    "jobs-narrow": (jobs, NARROW),
    "jobs-many": (jobs_many, PANEL),
    "job-done": (details_done, PANEL),
    "job-failed": (details_failed, PANEL),
    "jobs-removed": (removed, PANEL),
    "downloads": (downloads, PANEL),
    "downloads-narrow": (downloads, NARROW),
    "downloads-note": (downloads_note, PANEL),
    "downloads-many": (downloads_many, NARROW),
    "states": (states, None),
    "card-wrong": (card_wrong, None),
    "connection-change": (connection_change, None),
}
