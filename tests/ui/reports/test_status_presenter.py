"""The line over time: what was just said has its moment, news end it, and in the end the line is true."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from sana_desktop.base.words import Words
from sana_desktop.reports.records.job import JobState
from sana_desktop.reports.records.transfer import TransferState
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.status import presenter as status_presenter
from sana_desktop.ui.reports.status.presenter import StatusPresenter
from sana_desktop.ui.reports.status.status_text import StatusText
from sana_desktop.ui.status_line import Tone
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.ui.window import MainWindow
from tests.support.records import START, job, order, transfer

IDLE = "Nothing under way. Reports come from Acme."


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, icons: Icons, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    monkeypatch.setattr(status_presenter, "SAID_FOR_MS", 400)
    monkeypatch.setattr(status_presenter, "GATHER_MS", 5)
    made = MainWindow(theme, icons)
    qtbot.addWidget(made, before_close_func=lambda _: made.close_for_good())
    return made


@pytest.fixture
def status(window: MainWindow) -> StatusPresenter:
    return StatusPresenter(window, lambda: "Acme")


def expect(qtbot: QtBot, window: MainWindow, text: str) -> None:
    qtbot.waitUntil(lambda: window.status.text() == text)


def test_nothing_is_told_before_it_is_known(qtbot: QtBot, window: MainWindow, status: StatusPresenter) -> None:
    status.job_changed(job("a"))
    qtbot.wait(30)
    assert window.status.text() == "Getting ready…"
    status.ready()
    expect(qtbot, window, "The site is preparing “Course completions”")


def test_elsewhere_a_report_that_is_under_way_is_told_beside_what_is_so_there(
    qtbot: QtBot, window: MainWindow, status: StatusPresenter
) -> None:
    status.elsewhere = lambda: StatusText("5 answers so far.", "quiet")
    status.ready()
    expect(qtbot, window, "5 answers so far.")
    status.job_changed(job("a"))
    expect(qtbot, window, "5 answers so far · The site is preparing “Course completions”")


def test_what_was_said_gives_way_to_news_but_not_to_another_look(
    qtbot: QtBot, window: MainWindow, status: StatusPresenter
) -> None:
    status.ready()
    status.job_changed(job("a"))
    expect(qtbot, window, "The site is preparing “Course completions”")
    status.say("The job id is on the clipboard.")
    status.job_changed(job("a", polls=2))
    qtbot.wait(60)
    assert window.status.text() == "The job id is on the clipboard."
    status.job_changed(job("a", JobState.READY))
    expect(qtbot, window, IDLE)


def test_a_warning_stays_its_time_and_then_the_line_is_true(
    qtbot: QtBot, window: MainWindow, status: StatusPresenter
) -> None:
    status.ready()
    status.say("Fill in {{from}} first.", "warn")
    status.job_changed(job("a"))
    qtbot.wait(60)
    assert window.status.text() == "Fill in {{from}} first."
    assert window.status.tone() == "warn"
    expect(qtbot, window, "The site is preparing “Course completions”")
    assert window.status.tone() == "busy"


def test_an_end_is_told_once_and_forgotten_with_its_row(
    qtbot: QtBot, window: MainWindow, status: StatusPresenter
) -> None:
    status.ready()
    status.transfer_changed(transfer("t", TransferState.FETCHING))
    expect(qtbot, window, "Fetching report.csv")
    status.transfer_changed(transfer("t", TransferState.DONE))
    expect(qtbot, window, "Saved and checked: report.csv")
    status.transfer_removed("t")
    expect(qtbot, window, IDLE)
    status.transfer_changed(transfer("t", TransferState.DONE, verified_ok=True))
    qtbot.wait(30)
    assert window.status.text() == IDLE, "looked at again is no news"


@pytest.mark.parametrize(
    ("state", "why"), [(TransferState.LINK_ENDED, "The link ended."), (TransferState.FAILED, "It is refused.")]
)
def test_a_dead_link_is_told_until_the_report_is_run_again(
    qtbot: QtBot, window: MainWindow, status: StatusPresenter, state: TransferState, why: str
) -> None:
    status.ready()
    status.transfer_changed(transfer("t"))
    status.transfer_changed(transfer("t", state, error_message=why))
    expect(qtbot, window, f"report.csv was not fetched. {why}")
    again = job("j2", JobState.WATCHING, order=replace(order("Again"), rerun_of="j1"))
    status.job_changed(again)
    expect(qtbot, window, "The site is preparing “Again”")
    assert window.status.tone() == "busy"
    status.job_changed(replace(again, state=JobState.STOPPED))
    expect(qtbot, window, IDLE)


def test_a_job_that_may_have_started_is_told_until_the_person_decides(
    qtbot: QtBot, window: MainWindow, status: StatusPresenter
) -> None:
    status.ready()
    status.job_changed(job("a", JobState.SUBMIT_UNKNOWN, error_message="No answer came."))
    expect(qtbot, window, "“Course completions” may have started. No answer came.")
    status.job_changed(job("a", JobState.STOPPED))
    expect(qtbot, window, IDLE)


def test_what_an_earlier_session_left_paused_is_told(qtbot: QtBot, window: MainWindow, status: StatusPresenter) -> None:
    status.know(
        [transfer("t", TransferState.PAUSED, error_message="The disk was full."), transfer("d", TransferState.DONE)]
    )
    status.ready()
    expect(qtbot, window, "The disk was full.")


def test_a_notice_stays_whenever_nothing_else_is_to_be_told(
    qtbot: QtBot, window: MainWindow, status: StatusPresenter
) -> None:
    status.tell_notices([Words("The store was damaged;"), Words("{what} is in use.", what="an older copy")])
    status.ready()
    expect(qtbot, window, "The store was damaged; an older copy is in use.")
    status.job_changed(job("a"))
    expect(qtbot, window, "The site is preparing “Course completions”")
    status.job_removed("a")
    expect(qtbot, window, "The store was damaged; an older copy is in use.")


def test_the_stores_trouble_is_told_while_it_lasts(qtbot: QtBot, window: MainWindow, status: StatusPresenter) -> None:
    status.ready()
    status.store_changed("full")
    qtbot.waitUntil(lambda: window.status.tone() == "bad")
    status.store_changed("good")
    expect(qtbot, window, IDLE)


def test_an_old_warning_gives_way_to_news_and_stays_counted(
    qtbot: QtBot, window: MainWindow, status: StatusPresenter
) -> None:
    status.ready()
    status.transfer_changed(transfer("t"))
    status.transfer_changed(transfer("t", TransferState.LINK_ENDED, error_message="The link ended."))
    expect(qtbot, window, "report.csv was not fetched. The link ended.")
    status.job_changed(job("j2"))
    qtbot.wait(40)
    assert window.status.text() == "report.csv was not fetched. The link ended.", "it has its moment"
    expect(qtbot, window, "The site is preparing “Course completions” · 1 report needs a look.")
    status.job_changed(job("j2", JobState.READY))
    status.transfer_changed(transfer("u", job="j2"))
    status.transfer_changed(transfer("u", TransferState.DONE, job="j2"))
    expect(qtbot, window, "Saved and checked: report.csv · 1 report needs a look.")
    assert window.status.tone() == "quiet"
    status.transfer_changed(transfer("u", TransferState.DONE, job="j2", verified_ok=False))
    expect(qtbot, window, "Saved and checked: report.csv · 2 reports need a look.")
    status.job_removed("j1")
    status.transfer_removed("u")
    expect(qtbot, window, IDLE)


def test_a_closing_window_says_that_it_closes(qtbot: QtBot, window: MainWindow, status: StatusPresenter) -> None:
    status.ready()
    expect(qtbot, window, IDLE)
    window.begin_closing()
    status.job_changed(job("a"))
    qtbot.wait(30)
    assert window.status.text().startswith("Closing")


class Speaking(MainWindow):
    """A window that notes what a screen reader is given to say."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__(theme, icons)
        self.spoken: list[str] = []

    def show_truth(self, text: str, tone: Tone = "quiet", *, announce: bool = False) -> None:
        super().show_truth(text, tone, announce=announce)
        if announce:
            self.spoken.append(text)


@pytest.mark.parametrize("gaps", [False, True], ids=["at once", "one after another"])
def test_U12_five_hundred_that_fail_are_one_sentence_spoken_once(
    qtbot: QtBot, theme: Theme, icons: Icons, monkeypatch: pytest.MonkeyPatch, gaps: bool
) -> None:
    monkeypatch.setattr(status_presenter, "GATHER_MS", 1)
    window = Speaking(theme, icons)
    qtbot.addWidget(window, before_close_func=lambda _: window.close_for_good())
    status = StatusPresenter(window, lambda: "Acme")
    status.ready()
    for number in range(500):
        status.job_changed(job(f"j{number}"))
    expect(qtbot, window, "500 reports under way")
    for number in range(500):
        status.job_changed(job(f"j{number}", JobState.FAILED, error_message="The warehouse is closed."))
        if gaps and number % 100 == 0:
            look = f"{number + 1} reports need a look." if number else "1 report needs a look."
            expect(qtbot, window, f"{499 - number} reports under way · {look}")
    expect(qtbot, window, "500 reports failed. Each row says why.")
    assert window.status.tone() == "bad"
    assert window.spoken == ["500 reports failed. Each row says why."]
    # What ends after it was told is news of its own; and what is only looked at again is none.
    status.job_changed(job("j7", JobState.FAILED, error_message="The warehouse is closed."))
    qtbot.wait(10)
    assert window.status.text().startswith("500")
    status.job_changed(job("new", JobState.FAILED, error_message="No."))
    expect(qtbot, window, "“Course completions” failed. No.")


def test_m5_a_paused_report_does_not_hide_what_ends_after_it(
    qtbot: QtBot, window: MainWindow, status: StatusPresenter
) -> None:
    status.ready()
    status.job_changed(job("p", JobState.PAUSED, error_message="Sign in again."))
    expect(qtbot, window, "Sign in again.")
    status.job_changed(job("p", JobState.PAUSED, error_message="Sign in again.", polls=2))
    status.transfer_changed(transfer("t", TransferState.FETCHING))
    status.transfer_changed(transfer("t", TransferState.DONE))
    expect(qtbot, window, "Saved and checked: report.csv · 1 report needs you.")
    status.job_changed(job("q", JobState.PAUSED, error_message="Wrong secret.", changed_at=START + timedelta(hours=1)))
    expect(qtbot, window, "Wrong secret.")
