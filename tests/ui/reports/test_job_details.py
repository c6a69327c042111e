"""The details of a job: literal, bounded, in plain words, and to be copied."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.reports.records.job import FileEvent, JobState, TimelineEntry
from sana_desktop.reports.records.transfer import FOUND_AGAIN, TransferRecord, TransferState
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.reports.details.job_details import JobDetails
from sana_desktop.ui.reports.details.job_facts import job_facts, story_words
from sana_desktop.ui.reports.table.actions import DownloadAction, JobAction
from sana_desktop.ui.reports.wrapped_text import FactTable, WrappedText
from sana_desktop.ui.theme.theme import Theme
from tests.support.records import START, job, order, transfer

STORY = (
    TimelineEntry(START, "wanted"),
    TimelineEntry(START + timedelta(seconds=1), "sending"),
    TimelineEntry(START + timedelta(seconds=2), "accepted", "job-77"),
)
LONG = "The site can't run this. " * 80


@pytest.fixture
def details(qtbot: QtBot, theme: Theme, icons: Icons) -> JobDetails:
    made = JobDetails(theme, icons)
    qtbot.addWidget(made)
    made.resize(595, 300)
    with qtbot.waitExposed(made):
        made.show()
    return made


def text(details: JobDetails, name: str) -> str:
    found = details.findChild(QWidget, name)
    assert isinstance(found, QLabel | WrappedText)
    return found.text()


def button(details: JobDetails, name: str) -> QToolButton | QPushButton:
    found = details.findChild(QToolButton, name) or details.findChild(QPushButton, name)
    assert isinstance(found, QToolButton | QPushButton)
    return found


def test_state_meaning_story_and_facts_are_told(details: JobDetails) -> None:
    record = job(state=JobState.FAILED, error_message="No such table.", error_next_step="Change the query.")
    details.show_job(record, STORY, None, (38.0, 42.0))
    assert text(details, "jobDetailsTitle") == "Course completions"
    assert text(details, "jobDetailsState") == "Failed"
    assert text(details, "jobDetailsSentence") == "No such table."
    assert text(details, "jobDetailsNextStep") == "Change the query."
    assert text(details, "jobDetailsStory").count("\n") == 2
    assert ("Usual time", "38–42 s") in job_facts(record, None, (38.0, 42.0))


DONE = transfer(
    state=TransferState.DONE,
    finished_at=START + timedelta(seconds=9),
    verified_at=START + timedelta(seconds=9),
    verified_ok=True,
    total=1_200_000,
    received=1_200_000,
    rows=18_204,
    columns=7,
    sha256="ab" * 32,
)
GONE = replace(DONE, lost_at=START + timedelta(minutes=20))
CHANGED = replace(DONE, verified_ok=False, verified_at=START + timedelta(minutes=20))
ENDED = transfer(
    state=TransferState.LINK_ENDED,
    error_message="The download link ended and the site could not give a new one.",
    error_next_step="Run again",
    changed_at=START + timedelta(seconds=9),
)


def test_a_job_whose_file_is_there_speaks_of_the_file(details: JobDetails) -> None:
    details.show_job(job(state=JobState.READY), STORY, None, None)
    assert "fetched by itself" in text(details, "jobDetailsSentence")
    details.show_job(job(state=JobState.READY), STORY, DONE, None)
    assert "was complete and checked at" in text(details, "jobDetailsSentence")
    last = text(details, "jobDetailsStory").splitlines()[-1]
    assert last.endswith("On disk, checked · 1.2 MB · 18,204 rows · check number abababababab…")
    assert "ab" * 32 in details.as_text()
    assert not button(details, "jobDetailsRunAgain").isVisible()


@pytest.mark.parametrize(
    ("file", "word", "since"),
    [(GONE, "File not found", "it was moved or deleted: noticed at"), (CHANGED, "File changed", "it was changed")],
)
def test_M1_what_has_become_of_the_file_stands_beside_what_was(
    details: JobDetails, file: TransferRecord, word: str, since: str
) -> None:
    details.show_job(job(state=JobState.READY), STORY, file, None)
    assert text(details, "jobDetailsState") == word
    sentence = text(details, "jobDetailsSentence")
    assert "was complete and checked at" in sentence
    assert f"Since then {since}" in sentence
    assert button(details, "jobDetailsRunAgain").isVisible()
    details.show_job(job(state=JobState.READY), STORY, DONE, None)
    assert text(details, "jobDetailsState") == "Ready"
    assert "Since then" not in text(details, "jobDetailsSentence")


def test_a_missing_file_can_be_located_from_the_details_as_from_its_row(details: JobDetails, qtbot: QtBot) -> None:
    details.show_job(job(state=JobState.READY), STORY, GONE, None)
    locate = button(details, "jobDetailsLocate")
    assert (locate.text(), locate.isVisible()) == ("Locate…", True)
    wanted = QSignalSpy(details.file_act_wanted)
    qtbot.mouseClick(locate, Qt.MouseButton.LeftButton)
    assert wanted.at(0) == [DownloadAction.LOCATE, "t1"]
    assert button(details, "jobDetailsRunAgain").isVisible()
    for file in (DONE, CHANGED, None, replace(GONE, notices=(FOUND_AGAIN,))):
        details.show_job(job(state=JobState.READY), STORY, file, None)
        assert not button(details, "jobDetailsLocate").isVisible()


def test_M2_a_dead_link_is_told_with_its_reason_and_a_new_run_is_offered(details: JobDetails, qtbot: QtBot) -> None:
    details.show_job(job(state=JobState.READY), STORY, ENDED, None)
    assert text(details, "jobDetailsState") == "Link ended"
    assert "could not give a new one" in text(details, "jobDetailsSentence")
    assert "could not give a new one" in text(details, "jobDetailsStory").splitlines()[-1]
    offer = button(details, "jobDetailsRunAgain")
    assert offer.text() == "Run again, new as-of time…"
    wanted = QSignalSpy(details.run_again_wanted)
    qtbot.mouseClick(offer, Qt.MouseButton.LeftButton)
    assert wanted.at(0) == ["j1"]


def test_M5_what_is_copied_is_enough_for_an_audit(details: JobDetails, qtbot: QtBot) -> None:
    record = job(
        state=JobState.READY,
        site_name="Acme",
        site_address="https://acme.sana.ai",
        app_version="1.2.3",
        submits=1,
        polls=14,
        ready_at=START + timedelta(seconds=8),
        service_started_at=START + timedelta(seconds=3),
        order=replace(order(), sql="SELECT 1\n-- long\n" + "x" * 2_000),
    )
    details.show_job(record, STORY, replace(DONE, folder="/evidence"), None)
    copied = QSignalSpy(details.copied)
    qtbot.mouseClick(button(details, "copyJobDetails"), Qt.MouseButton.LeftButton)
    assert copied.count() == 1
    found = QGuiApplication.clipboard().text()
    zone = START.astimezone().strftime("%z")
    for part in (
        "Site: Acme · https://acme.sana.ai",
        record.order.sql,
        "Format: CSV",
        f"Ordered: {START.astimezone():%Y-%m-%d %H:%M:%S} {zone[:3]}:{zone[3:]}",
        "Data as of: ",
        "Seen ready: ",
        "File complete: ",
        "18,204 rows · 7 columns · 1,200,000 bytes",
        f"SHA-256: {'ab' * 32}",
        str(Path("/evidence") / "report.csv"),
        "sent once, asked 14 times how it is",
        "Ordered with: Sana Desktop 1.2.3",
    ):
        assert part in found, part
    story = [line for line in found.splitlines() if "Being sent" in line]
    assert story[0].startswith(f"{START.astimezone():%Y-%m-%d}"), "each time of the story has its day and zone"


def test_a_file_that_is_still_fetched_is_not_told_of_as_there(details: JobDetails) -> None:
    details.show_job(job(state=JobState.READY), STORY, transfer(state=TransferState.FETCHING), None)
    assert "On disk" not in text(details, "jobDetailsStory")
    assert "fetched by itself" in text(details, "jobDetailsSentence")


def test_another_job_is_shown_from_its_top(details: JobDetails) -> None:
    details.resize(400, 160)
    details.show_job(job("a", JobState.FAILED, error_message=LONG), STORY * 9, None, None)
    QApplication.processEvents()
    bar = details.findChild(QScrollArea).verticalScrollBar()  # type: ignore[union-attr]
    bar.setValue(bar.maximum())
    assert bar.value() > 0
    details.show_job(job("a", JobState.FAILED, error_message=LONG, polls=2), STORY * 9, None, None)
    assert bar.value() > 0, "a refresh must not move what is read"
    details.show_job(job("b", JobState.FAILED, error_message=LONG), STORY * 9, None, None)
    assert bar.value() == 0


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("width", [300, 420, 900])
def test_the_pane_does_not_scroll_into_blank(details: JobDetails, theme: Theme, scale: float, width: int) -> None:
    theme.set_scale(scale)
    details.resize(width, 160)
    details.show_job(job(state=JobState.FAILED, error_message=LONG, error_next_step=LONG), STORY, None, (38.0, 42.0))
    for _ in range(4):
        QApplication.processEvents()
    area = details.findChild(QScrollArea)
    story = details.findChild(WrappedText, "jobDetailsStory")
    assert isinstance(area, QScrollArea)
    assert isinstance(story, WrappedText)
    inside = area.widget()
    assert inside is not None
    bottom = story.mapTo(inside, story.rect().bottomLeft()).y()
    assert story.height() == story.heightForWidth(story.width())
    assert inside.height() - bottom <= 24


def test_facts_of_an_earlier_job_do_not_stay(details: JobDetails) -> None:
    details.show_job(job(error_code="E-1", error_http_status=500), (), None, (1.0, 2.0))
    details.show_job(job(job_id=None), (), None, None)
    assert "E-1" not in details.as_text()
    assert "Job id" not in details.as_text()
    assert "Usual time" not in details.as_text()


def test_a_long_message_is_folded_and_unfolded(details: JobDetails, qtbot: QtBot) -> None:
    details.show_job(job(state=JobState.FAILED, error_message=LONG), STORY, None, None)
    assert len(text(details, "jobDetailsSentence")) <= 320
    more = button(details, "jobDetailsMore")
    assert more.isVisible()
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    assert text(details, "jobDetailsSentence") == LONG
    assert not more.isVisible()
    details.show_job(job(state=JobState.FAILED, error_message=LONG, polls=4), STORY, None, None)
    assert text(details, "jobDetailsSentence") == LONG, "a refresh must not fold it again"


def test_U05_text_from_outside_is_literal_and_harmless(details: JobDetails) -> None:
    evil = "<img src='file:///x'>\u202e\x1b[1m"
    record = job(
        state=JobState.FAILED, order=order(evil), error_message=evil, error_next_step=evil, service_status=evil
    )
    details.show_job(record, [TimelineEntry(START, "failed", evil)], None, None)
    for label in details.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
        assert "\u202e" not in label.text()
        assert "\x1b" not in label.text()
    for shown in details.findChildren(WrappedText):
        assert "\u202e" not in shown.text()
        assert "\x1b" not in shown.text()
    assert "<img" in text(details, "jobDetailsSentence")


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("width", [300, 490])
def test_nothing_in_the_pane_is_wider_than_the_pane(
    details: JobDetails, theme: Theme, scale: float, width: int
) -> None:
    theme.set_scale(scale)
    details.resize(width, 300)
    path = "/home/maria/Downloads/" + "Sana-reports-of-the-last-quarter" * 4
    sql = f'-- sandbox: size 9\nSELECT "{"x" * 120}"'
    lost = replace(DONE, folder=path, error_message=f"The file was moved or deleted: {path}")
    details.show_job(job(state=JobState.READY, order=replace(order(), sql=sql)), STORY, lost, None)
    for _ in range(3):
        QApplication.processEvents()
    area = details.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    inside = area.widget()
    assert inside is not None
    assert inside.width() == area.viewport().width()
    for shown in details.findChildren(WrappedText):
        assert shown.document().idealWidth() <= shown.width() + 1, shown.objectName()
    assert "-- sandbox: size 9\nSELECT" in text(details, "jobDetailsFacts"), "a comment ends with its line"


def test_a_fact_of_several_lines_begins_beside_its_name(details: JobDetails) -> None:
    details.show_job(job(order=replace(order(), sql="SELECT 1\n" * 3)), (), None, None)
    facts = details.findChild(FactTable)
    assert isinstance(facts, FactTable)
    QApplication.processEvents()
    tops = {}
    for word in ("Query", "SELECT 1"):
        cursor = facts.document().find(word)
        cursor.setPosition(cursor.selectionStart())
        tops[word] = facts.cursorRect(cursor).top()
    assert tops["Query"] == tops["SELECT 1"]


def test_details_can_be_copied_as_text(details: JobDetails, qtbot: QtBot) -> None:
    details.show_job(job(state=JobState.FAILED, error_message=LONG, submits=1, polls=3), STORY, None, None)
    qtbot.mouseClick(button(details, "copyJobDetails"), Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    for part in (
        "Course completions",
        "Failed",
        LONG,
        "Job id: remote-1",
        "sent once, asked 3 times how it is",
        "job-77",
    ):
        assert part in copied


def test_a_title_without_room_is_cut_and_told_whole(details: JobDetails) -> None:
    details.show_job(job(order=order("Completions " * 14)), (), None, None)
    title = details.findChild(QLabel, "jobDetailsTitle")
    assert isinstance(title, QLabel)
    assert title.text().endswith("…")
    assert "Completions Completions" in title.toolTip()
    assert title.accessibleName().count("Completions") == 14
    details.resize(2_400, 300)
    QApplication.processEvents()
    assert title.text().count("Completions") == 14
    assert title.toolTip() == ""


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_nothing_is_cut_at_any_text_size(details: JobDetails, theme: Theme, qtbot: QtBot, scale: float) -> None:
    theme.set_scale(scale)
    details.show_job(job(state=JobState.FAILED, error_message=LONG, error_code="E-1"), STORY, None, (38.0, 42.0))

    def whole() -> bool:
        wrapped = [text for text in details.findChildren(WrappedText) if text.isVisible()]
        return bool(wrapped) and all(text.height() >= text.heightForWidth(text.width()) for text in wrapped)

    qtbot.waitUntil(whole)


def test_buttons_have_names(details: JobDetails) -> None:
    for name in ("copyJobDetails", "closeJobDetails", "jobDetailsMore"):
        assert button(details, name).accessibleName()


def test_a_line_of_the_story() -> None:
    line = story_words(TimelineEntry(START, "status", "PENDING\nx"))
    assert line.endswith("The site says · PENDING x")
    assert story_words(TimelineEntry(START, "wanted")) == "Asked for"


def test_a_query_that_is_at_fault_is_offered_to_be_changed(details: JobDetails, qtbot: QtBot) -> None:
    details.show_job(job(state=JobState.FAILED, error_code="E-QUERY", error_message="No such table."), (), None, None)
    wanted = QSignalSpy(details.change_wanted)
    qtbot.mouseClick(button(details, "jobDetailsChangeQuery"), Qt.MouseButton.LeftButton)
    assert wanted.at(0) == ["j1"]
    assert button(details, "jobDetailsRunAgain").isVisible()
    details.show_job(job(state=JobState.FAILED, error_code="E-NET", error_message="No answer."), (), None, None)
    assert not button(details, "jobDetailsChangeQuery").isVisible()


@pytest.mark.parametrize(
    ("kind", "code", "words", "act"),
    [
        ("auth", "E-AUTH-MISSING", "Sign in and go on", JobAction.SIGN_IN),
        ("network", "E-NET-DNS", "Try again", JobAction.CHECK_NOW),
    ],
)
def test_where_a_job_waits_for_the_person_the_way_on_is_a_button(
    details: JobDetails, qtbot: QtBot, kind: str, code: str, words: str, act: JobAction
) -> None:
    paused = job(state=JobState.PAUSED, error_kind=kind, error_code=code, error_next_step="Enter it again.")
    details.show_job(paused, STORY, None, None)
    go_on = button(details, "jobDetailsGoOn")
    assert (go_on.isVisible(), go_on.text()) == (True, words)
    wanted = QSignalSpy(details.go_on_wanted)
    qtbot.mouseClick(go_on, Qt.MouseButton.LeftButton)
    assert wanted.at(0) == [act, paused.id]
    details.show_job(job(), STORY, None, None)
    assert not go_on.isVisible()


@pytest.mark.parametrize(
    ("name", "act"),
    [("jobDetailsFileGoOn", DownloadAction.RESUME), ("jobDetailsOtherFolder", DownloadAction.OTHER_FOLDER)],
)
def test_where_a_file_needs_the_person_its_ways_on_are_buttons(
    details: JobDetails, qtbot: QtBot, name: str, act: DownloadAction
) -> None:
    ready = job(state=JobState.READY)
    refused = transfer(state=TransferState.PAUSED, error_message="No such folder.", error_next_step="Choose another.")
    details.show_job(ready, STORY, refused, None)
    wanted = QSignalSpy(details.file_act_wanted)
    qtbot.mouseClick(button(details, name), Qt.MouseButton.LeftButton)
    assert wanted.at(0) == [act, refused.id]
    details.show_job(ready, STORY, transfer(state=TransferState.DONE), None)
    assert not button(details, name).isVisible()


def test_the_waits_of_a_file_and_why_it_was_begun_again_are_in_the_record(details: JobDetails) -> None:
    lines = [
        (FileEvent.CUT, "after 3.0 MB · The connection broke."),
        (FileEvent.UNREACHED, "acme can't be reached just now."),
        (FileEvent.REACHED, ""),
        (FileEvent.ANEW, "after 3.0 MB · the file was replaced since"),
        (FileEvent.PAUSED, "by hand"),
        (FileEvent.GOES_ON, "by hand"),
        (FileEvent.NO_ROOM, "There is not enough room."),
        (FileEvent.ROOM, ""),
    ]
    story = [TimelineEntry(START + timedelta(seconds=at), event, detail) for at, (event, detail) in enumerate(lines)]
    done = transfer(state=TransferState.DONE, requests=2, finished_at=START + timedelta(minutes=1))
    details.show_job(job(state=JobState.READY), story, done, None)
    record = details.as_text()
    assert "Download: begun again from the start once: the file was replaced since; asked for 2 times" in record
    for words in (
        "Download waits; tried again by itself from here on · acme can't be reached just now.",
        "Reached again: the download goes on by itself",
        "Download begun again from the start · after 3.0 MB · the file was replaced since",
        "Download paused · by hand",
        "Download goes on · by hand",
        "Download waits for room · There is not enough room.",
        "There is room: the download goes on by itself",
    ):
        assert words in record


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"submits": 1, "polls": 1}, "sent once, asked once how it is"),
        ({"submits": 7}, "tried 7 times until the site took it"),
        ({"submits": 7, "job_id": None, "state": JobState.SUBMIT_UNKNOWN}, "tried 7 times"),
    ],
)
def test_tries_that_did_not_arrive_are_not_said_to_have_been_sent(changes: dict[str, Any], told: str) -> None:
    assert dict(job_facts(job(**changes), None, None))["Requests"] == told
