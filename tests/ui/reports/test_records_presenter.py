"""What is pressed on a row becomes the right act, and what came of it is said; details never lag behind their job."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.base.errors import UserError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.reports.records.job import JobRecord, JobState, TimelineEntry
from sana_desktop.reports.records.transfer import TransferProgress, TransferRecord, TransferState
from sana_desktop.ui.dialogs import QuestionDialog
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.models.downloads import DownloadColumn, DownloadsModel
from sana_desktop.ui.models.jobs import JobColumn, JobsModel
from sana_desktop.ui.reports.records.downloads_panel import DownloadsPanel
from sana_desktop.ui.reports.records.jobs_panel import JobsPanel
from sana_desktop.ui.reports.records.presenter import RecordsPresenter
from sana_desktop.ui.reports.records.undo_bar import UndoBar
from sana_desktop.ui.reports.table.actions import DownloadAction, JobAction
from sana_desktop.ui.reports.words.report_words import exact
from sana_desktop.ui.theme.theme import Theme
from tests.support.records import START, job, transfer
from tests.support.waiting import is_idle, until


class Core:
    """Queue and downloads that note what they are asked, and can be slow or refuse."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.attended: set[str] = set()
        self.gate = asyncio.Event()
        self.gate.set()
        self.refuses = False
        self.lost: set[str] = set()
        self.looked: list[str] = []
        self.verdict = True
        self.forgotten: set[str] = set()

    async def _note(self, act: str, identity: str) -> None:
        self.asked.append((act, identity))
        if self.refuses:
            raise UserError("It can't be done now.", code="E-TEST", next_step="Wait.")

    async def check_now(self, identity: str) -> None:
        await self._note("check", identity)

    async def keep_watching(self, identity: str) -> None:
        await self._note("keep", identity)

    async def stop_watching(self, identity: str) -> None:
        await self._note("stop", identity)

    async def run_again(self, identity: str, *, click: str = "") -> JobRecord:
        await self._note("again", identity)
        return job("new", JobState.QUEUED, created_at=START + timedelta(days=1))

    def can_order_anew(self, record: JobRecord) -> bool:
        return record.site_address not in self.forgotten

    async def order_again(self, identity: str) -> JobRecord:
        await self._note("order again", identity)
        return job("new", JobState.QUEUED, created_at=START + timedelta(days=1))

    async def remove(self, identity: str) -> None:
        await self._note("remove", identity)

    async def timeline(self, identity: str) -> list[TimelineEntry]:
        await self._note("story", identity)
        await self.gate.wait()
        return [TimelineEntry(START, "wanted")]

    def typical(self, record: JobRecord) -> tuple[float, float] | None:
        return None

    def attend(self, identities: set[str]) -> None:
        self.attended = identities

    async def pause(self, identity: str) -> None:
        await self._note("pause", identity)

    async def resume(self, identity: str, *, allow_large: bool = False) -> None:
        await self._note(f"resume large={allow_large}", identity)

    async def verify(self, identity: str) -> TransferRecord:
        await self._note("verify", identity)
        return replace(await self.look(identity), verified_ok=self.verdict)

    async def move_to(self, identity: str, folder: Path) -> None:
        await self._note("move", identity)

    async def look(self, identity: str) -> TransferRecord:
        self.looked.append(identity)
        lost_at = START if identity in self.lost else None
        return transfer(identity, TransferState.DONE, lost_at=lost_at)

    async def locate(self, identity: str, path: Path) -> bool:
        await self._note("locate", identity)
        return self.verdict


class Bench:
    """Both panels with a presenter."""

    def __init__(self, theme: Theme, icons: Icons, tasks: Supervisor, qtbot: QtBot) -> None:
        self.core = Core()
        self._tasks = tasks
        self.said: list[str] = []
        self.shown: list[str] = []
        self.signed_in: list[str] = []
        self.connected: list[str] = []
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.jobs = JobsPanel(JobsModel(lambda: START, lambda c: c, lambda r: None, self.window), theme, icons)
        self.files = DownloadsPanel(
            DownloadsModel(lambda: START, lambda r: START, self.jobs.model.site_of, self.window), theme, icons
        )
        for panel in (self.jobs, self.files):
            panel.setParent(self.window)
            panel.resize(600, 300)
        self.presenter = RecordsPresenter(
            self.jobs,
            self.files,
            self.core,
            self.core,
            tasks,
            show_sql=lambda record: self.shown.append(record.id),
            sign_in=lambda connection, code: self.signed_in.append(connection),
            connect=lambda record: self.connected.append(record.site_address),
            say=lambda text, tone: self.said.append(text),
            window=self.window,
        )
        self.window.show()

    async def job(self, action: JobAction, identity: str = "j1") -> None:
        self.jobs.requested.emit(action, identity)
        await self.settled()

    async def file(self, action: DownloadAction, identity: str = "t1") -> None:
        self.files.requested.emit(action, identity)
        await self.settled()

    async def answer(self, answer: str) -> None:
        """Give an answer to the question that is, or soon will be, there."""
        (await self.question())._choose(answer)
        await self.settled()

    async def question(self) -> QuestionDialog:
        """Return the question that is, or soon will be, there."""
        await until(self._questions)
        return self._questions()[0]

    async def settled(self) -> None:
        """Wait until all that was begun is done, or asks something."""
        await until(lambda: is_idle(self._tasks) or self._questions())

    def _questions(self) -> list[QuestionDialog]:
        return [one for one in self.window.findChildren(QuestionDialog) if one.isVisible()]


@pytest.fixture
async def bench(qtbot: QtBot, theme: Theme, icons: Icons, tmp_path: Path) -> AsyncIterator[Bench]:
    tasks = Supervisor("test")
    made = Bench(theme, icons, tasks, qtbot)
    path = tmp_path / "report.csv"
    path.write_text("a\n1\n")
    done = transfer("t1", TransferState.DONE, folder=str(tmp_path), received=4, total=4, sha256="ab" * 32)
    made.presenter.show_earlier([job("j1")], [done])
    yield made
    await tasks.stop()


@pytest.mark.parametrize(
    ("action", "asked"),
    [
        (JobAction.CHECK_NOW, "check"),
        (JobAction.WATCH_AGAIN, "check"),
        (JobAction.KEEP_WATCHING, "keep"),
        (JobAction.STOP_WATCHING, "stop"),
    ],
)
async def test_acts_on_a_job(bench: Bench, action: JobAction, asked: str) -> None:
    await bench.job(action)
    assert bench.core.asked == [(asked, "j1")]


@pytest.mark.parametrize("answer", ["yes", "no"])
@pytest.mark.parametrize("identity", ["j1", "t1"])
async def test_a_row_is_only_removed_after_a_question(bench: Bench, identity: str, answer: str) -> None:
    if identity == "j1":
        await bench.job(JobAction.REMOVE)
    else:
        await bench.file(DownloadAction.REMOVE)
    dialog = await bench.question()
    if identity == "j1":
        said = " ".join(label.text() for label in dialog.findChildren(QLabel))
        assert f"It was ordered {exact(START)}." in said, "several reports may have one name"
    if answer == "yes":
        dialog._choose(next(key for key in _answers(dialog) if key != dialog.chosen))
    else:
        dialog.reject()
    await bench.settled()
    assert bench.core.asked == [], "nothing is gone for good yet"
    model = bench.jobs.model if identity == "j1" else bench.files.model
    assert model.rowCount() == (0 if answer == "yes" else 1)


async def removed(bench: Bench, identity: str) -> UndoBar:
    """Have a row removed, and return the bar that offers to bring it back."""
    of_job = identity.startswith("j")
    panel = bench.jobs if of_job else bench.files
    await (bench.job(JobAction.REMOVE, identity) if of_job else bench.file(DownloadAction.REMOVE, identity))
    dialog = await bench.question()
    dialog._choose(next(key for key in _answers(dialog) if key != dialog.chosen))
    bar = panel.findChild(UndoBar)
    assert isinstance(bar, UndoBar)
    await until(lambda: not bar.isHidden())
    return bar


@pytest.mark.parametrize("identity", ["j1", "t1"])
async def test_b40_the_windows_own_undo_brings_a_removed_row_back_from_either_list(bench: Bench, identity: str) -> None:
    await removed(bench, identity)
    for panel in (bench.jobs, bench.files):
        assert panel.can_undo()
    bench.jobs.undo()
    assert (bench.jobs.model.rowCount(), bench.files.model.rowCount()) == (1, 1)
    assert not bench.files.can_undo()
    assert bench.said[-1] == "It is back in the list."


async def test_B40_what_was_removed_comes_back_as_it_is_now(bench: Bench, qtbot: QtBot) -> None:
    bench.presenter.show_older([job("j0", created_at=START - timedelta(hours=1))], [])
    bar = await removed(bench, "j1")
    assert [one.id for one in bench.jobs.model.records()] == ["j0"]
    assert bench.files.model.rowCount() == 0, "its download goes with it"
    bench.presenter.job_changed(job("j1", JobState.READY))
    bench.presenter.transfer_changed(transfer("t1", TransferState.DONE, lost_at=START))
    assert (bench.jobs.model.rowCount(), bench.files.model.rowCount()) == (1, 0), "news do not bring it back"
    undo = bar.findChild(QPushButton, "jobsUndoUndo")
    assert isinstance(undo, QPushButton)
    qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert [one.id for one in bench.jobs.model.records()] == ["j1", "j0"]
    assert bench.files.model.index(0, DownloadColumn.STATE).data() == "Not found"
    assert (bar.isHidden(), bench.core.asked) == (True, [])


@pytest.mark.parametrize("identity", ["j1", "t1"])
async def test_B40_what_nobody_wants_back_is_gone_for_good(bench: Bench, identity: str) -> None:
    bar = await removed(bench, identity)
    bar.over.emit()
    await until(lambda: bench.core.asked == [("remove", identity)])
    bench.presenter.transfer_removed("t1")
    if identity == "j1":
        bench.presenter.job_removed("j1")
    assert bar.isHidden()
    await bench.presenter.finish()
    assert bench.core.asked == [("remove", identity)]


async def test_B40_the_close_of_the_app_ends_the_wait_and_a_refusal_brings_the_row_back(bench: Bench) -> None:
    bench.core.refuses = True
    await removed(bench, "t1")
    await bench.presenter.finish()
    assert bench.core.asked == [("remove", "t1")]
    assert bench.files.model.rowCount() == 1
    assert bench.said[-1] == "It can't be done now. Wait."


def _answers(dialog: QuestionDialog) -> list[str]:
    names = [button.objectName() for button in dialog.findChildren(QPushButton)]
    return [name.removeprefix("answer-") for name in names if name.startswith("answer-")]


async def test_acts_on_a_job_that_need_no_queue(bench: Bench) -> None:
    await bench.job(JobAction.SIGN_IN)
    await bench.job(JobAction.SHOW_SQL)
    await bench.job(JobAction.COPY_ID)
    await bench.job(JobAction.SHOW_SQL, "no such job")
    assert (bench.signed_in, bench.shown) == (["acme"], ["j1"])
    assert QGuiApplication.clipboard().text() == "remote-1"
    assert bench.said == ["The job id is on the clipboard."]


async def test_a_new_run_is_marked_in_the_list(bench: Bench) -> None:
    await bench.job(JobAction.RUN_AGAIN)
    await bench.answer("again")
    assert bench.jobs.model.record(bench.jobs.table.currentIndex().row()).id == "new"


async def test_a_refusal_is_said_with_its_next_step(bench: Bench) -> None:
    bench.core.refuses = True
    await bench.job(JobAction.CHECK_NOW)
    assert bench.said == ["It can't be done now. Wait."]


@pytest.mark.parametrize(("answer", "asked"), [("again", [("order again", "j1")]), ("keep", [])])
async def test_a_lost_order_is_only_repeated_after_a_question(
    bench: Bench, answer: str, asked: list[tuple[str, str]]
) -> None:
    bench.presenter.job_changed(job("j1", JobState.SUBMIT_UNKNOWN))
    await bench.job(JobAction.ORDER_AGAIN)
    dialog = await bench.question()
    dialog._choose(answer)
    await bench.settled()
    assert bench.core.asked == asked


async def test_details_follow_a_change_that_comes_while_they_are_read(bench: Bench) -> None:
    bench.core.gate.clear()
    bench.jobs.requested.emit(JobAction.DETAILS, "j1")
    await until(lambda: bench.core.asked)
    changed = job("j1", JobState.FAILED, error_message="No such column.")
    bench.presenter.job_changed(changed)
    bench.core.gate.set()
    await until(lambda: bench.core.asked == [("story", "j1"), ("story", "j1")])
    await until(lambda: not bench.jobs.details.isHidden())
    bench.presenter.job_removed("j1")
    assert bench.jobs.details.isHidden()


@pytest.mark.parametrize(
    ("action", "state", "asked"),
    [
        (DownloadAction.PAUSE, TransferState.FETCHING, "pause"),
        (DownloadAction.RESUME, TransferState.PAUSED, "resume large=False"),
    ],
)
async def test_acts_on_a_download(bench: Bench, action: DownloadAction, state: TransferState, asked: str) -> None:
    bench.presenter.transfer_changed(transfer("t1", state))
    await bench.file(action)
    assert bench.core.asked == [(asked, "t1")]


async def test_going_on_with_a_large_one_is_the_answer_to_its_question(bench: Bench) -> None:
    bench.presenter.transfer_changed(transfer("t1", TransferState.PAUSED, error_code="E-DL-LARGE"))
    await bench.file(DownloadAction.RESUME)
    assert bench.core.asked == [("resume large=True", "t1")]


@pytest.mark.parametrize("place", ["jobs", "downloads"])
@pytest.mark.parametrize(("answer", "asked"), [("again", [("again", "j1")]), ("leave", [])])
async def test_M6_a_report_is_ordered_from_a_row_only_after_a_question(
    bench: Bench, answer: str, asked: list[tuple[str, str]], place: str
) -> None:
    bench.presenter.job_changed(job("j1", JobState.FAILED))
    await (bench.file(DownloadAction.RUN_AGAIN) if place == "downloads" else bench.job(JobAction.RUN_AGAIN))
    await bench.answer(answer)
    assert bench.core.asked == asked


@pytest.mark.parametrize(("answer", "connected"), [("connect", ["https://acme.sana.ai"]), ("leave", [])])
@pytest.mark.parametrize("action", [JobAction.RUN_AGAIN, JobAction.ORDER_AGAIN, DownloadAction.RUN_AGAIN])
async def test_what_was_ordered_at_a_forgotten_site_says_which_site_it_needs(
    bench: Bench, action: JobAction | DownloadAction, answer: str, connected: list[str]
) -> None:
    address = "https://acme.sana.ai"
    bench.core.forgotten.add(address)
    state = JobState.SUBMIT_UNKNOWN if action is JobAction.ORDER_AGAIN else JobState.FAILED
    bench.presenter.job_changed(job("j1", state, site_name="Acme", site_address=address))
    await (bench.file(action) if isinstance(action, DownloadAction) else bench.job(action))
    said = " ".join(label.text() for label in (await bench.question()).findChildren(QLabel))
    assert f"Acme · {address}" in said
    await bench.answer(answer)
    assert (bench.connected, bench.core.asked) == (connected, [])


async def test_verifying_says_the_verdict(bench: Bench) -> None:
    await bench.file(DownloadAction.VERIFY)
    await until(lambda: bench.said)
    bench.core.verdict = False
    await bench.file(DownloadAction.VERIFY)
    await until(lambda: len(bench.said) == 2)
    assert bench.said == [
        "Unchanged: report.csv is the file that was downloaded.",
        "Changed: report.csv is not the file that was downloaded.",
    ]


@pytest.mark.parametrize("action", [DownloadAction.OPEN, DownloadAction.VERIFY])
async def test_a_file_that_is_gone_is_not_called_changed(bench: Bench, tmp_path: Path, action: DownloadAction) -> None:
    (tmp_path / "report.csv").unlink()
    bench.core.lost.add("t1")
    await bench.file(action)
    await until(lambda: bench.said)
    assert bench.said == [f"The file was moved or deleted: {tmp_path / 'report.csv'}"]
    assert bench.core.asked == ([("verify", "t1")] if action is DownloadAction.VERIFY else [])


async def test_M1_both_rows_follow_the_file(bench: Bench) -> None:
    bench.presenter.job_changed(job("j1", JobState.READY))
    state = bench.jobs.model.index(0, JobColumn.STATE)
    for lost_at, of_file, of_job in ((START, "Not found", "File not found"), (None, "Complete", "Ready")):
        bench.presenter.transfer_changed(transfer("t1", TransferState.DONE, lost_at=lost_at))
        assert bench.files.model.index(0, DownloadColumn.STATE).data() == of_file
        assert state.data() == of_job


async def test_M1_the_file_of_a_job_in_sight_is_looked_at_wherever_its_own_row_is(bench: Bench) -> None:
    bench.presenter.job_changed(job("j1", JobState.READY))
    bench.files.hide()
    bench.presenter._tick()
    await until(lambda: bench.core.looked == ["t1"])
    await bench.job(JobAction.DETAILS)
    await until(lambda: bench.core.looked == ["t1", "t1"])


async def test_M2_the_details_of_a_job_follow_its_download(bench: Bench) -> None:
    bench.presenter.job_changed(job("j1", JobState.READY))
    await bench.job(JobAction.DETAILS)
    await until(lambda: not bench.jobs.details.isHidden())
    bench.presenter.transfer_changed(transfer("t1", TransferState.LINK_ENDED, error_message="It ended."))
    await until(lambda: "Link ended" in bench.jobs.details.as_text())
    bench.jobs.details.run_again_wanted.emit("j1")
    await bench.answer("again")
    await until(lambda: ("again", "j1") in bench.core.asked)
    bench.jobs.details.copied.emit()
    assert bench.said == ["The details are on the clipboard."]


async def test_u13_a_changed_file_is_opened_only_after_a_question(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "report.csv").write_text("something else, and longer")
    await bench.file(DownloadAction.OPEN)
    dialog = await bench.question()
    assert dialog.chosen == "stop"
    dialog.reject()
    await bench.settled()
    assert bench.said == []


async def test_a_removed_download_leaves_both_lists(bench: Bench) -> None:
    bench.presenter.transfer_removed("t1")
    assert bench.files.model.rowCount() == 0
    bench.presenter.job_removed("j1")
    assert bench.jobs.model.rowCount() == 0


async def test_check_now_by_key_is_for_the_current_row(bench: Bench) -> None:
    bench.jobs.table.setCurrentIndex(bench.jobs.model.index(-1, -1))
    bench.presenter.check_current()
    await bench.settled()
    assert bench.core.asked == []
    bench.presenter.reveal_job("j1")
    bench.presenter.check_current()
    await bench.settled()
    assert bench.core.asked == [("check", "j1")]


async def test_rows_in_sight_are_attended_and_nothing_is_while_nobody_can_see(bench: Bench) -> None:
    bench.presenter._tick()
    assert bench.core.attended == {"j1"}
    bench.window.showMinimized()
    bench.presenter._tick()
    assert bench.core.attended == set()


async def test_older_rows_go_below_and_what_is_newer_stays(bench: Bench) -> None:
    old = [job(f"o{n}", JobState.READY, created_at=START - timedelta(days=n)) for n in range(1, 4)]
    bench.presenter.show_older([*old, replace(job("j1"), state=JobState.FAILED)], [])
    assert [record.id for record in bench.jobs.model.records()] == ["j1", "o1", "o2", "o3"]
    assert bench.jobs.model.record(0).state is JobState.WATCHING


async def test_an_act_that_is_not_possible_now_is_answered_in_words(bench: Bench) -> None:
    running = "“Run again” can't be done now: the state of “Course completions” is “Being prepared”."
    bench.jobs.table.setCurrentIndex(bench.jobs.model.index(0, 0))
    QTest.keyClick(bench.jobs.table, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert bench.said == [running]
    bench.presenter.check_current()
    await bench.settled()
    assert bench.core.asked[-1][0] == "check"
    bench.presenter.job_changed(job("j1", JobState.FAILED))
    bench.presenter.check_current()
    assert bench.said[1:] == ["“Check now” can't be done now: the state of “Course completions” is “Failed”."]
    bench.files.table.setCurrentIndex(bench.files.model.index(0, 0))
    bench.presenter.transfer_changed(transfer("t1"))
    QTest.keyClick(bench.files.table, Qt.Key.Key_Return)
    assert bench.said[2:] == ["“Open” can't be done now: the state of “report.csv” is “Downloading”."]


async def test_what_arrives_is_told_in_the_row_of_the_job_too(bench: Bench) -> None:
    bench.presenter.job_changed(job("j1", JobState.READY))
    bench.presenter.transfer_changed(transfer("t1", total=10, received=1))
    bench.presenter.progressed(TransferProgress("t1", 3, 10, 1.0, None))
    assert bench.jobs.model.index(0, JobColumn.NEXT).data() == "Fetching the file, 30 %"


async def test_the_query_of_a_failed_job_is_put_into_the_editor(bench: Bench) -> None:
    bench.jobs.details.change_wanted.emit("j1")
    assert bench.shown == ["j1"]


async def test_the_way_on_of_a_file_works_from_the_details_of_its_job(bench: Bench) -> None:
    stuck = transfer("t1", TransferState.PAUSED, error_message="No such folder.")
    bench.presenter.transfer_changed(stuck)
    bench.jobs.details.file_act_wanted.emit(DownloadAction.RESUME, "t1")
    await bench.settled()
    assert ("resume large=False", "t1") in bench.core.asked
