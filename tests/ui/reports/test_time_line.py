"""The story of a job as a picture, and its text twin."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from sana_desktop.reports.records.job import FileEvent, TimelineEntry
from sana_desktop.reports.records.transfer import TransferRecord, TransferState
from sana_desktop.ui.reports.details.time_line import (
    LINK_ENDED,
    NO_FILE,
    STEPS,
    TimeLine,
    short_words,
    step_words,
    steps_of,
)
from sana_desktop.ui.theme.theme import Theme
from tests.support.records import START, transfer


def story(*events: str) -> list[TimelineEntry]:
    return [TimelineEntry(START + timedelta(seconds=n), event) for n, event in enumerate(events)]


@pytest.fixture
def line(qtbot: QtBot, theme: Theme) -> TimeLine:
    made = TimeLine(theme)
    qtbot.addWidget(made)
    made.resize(560, made.sizeHint().height())
    return made


def test_a_job_under_way_shows_what_is_behind_it_and_what_is_ahead() -> None:
    steps = steps_of(story("wanted", "sending", "accepted", "status"), None)
    assert [step.event for step in steps] == list(STEPS)
    assert [step.reached for step in steps] == [True, True, True, False, False]


def test_a_step_nobody_saw_was_passed_all_the_same() -> None:
    steps = steps_of(story("wanted", "ready"), None)
    assert [step.reached for step in steps] == [True, True, True, True, False]
    assert steps[1].at is None


@pytest.mark.parametrize("end", ["failed", "gone", "submit_unknown"])
def test_a_bad_end_is_the_last_step(end: str) -> None:
    steps = steps_of(story("wanted", "sending", "accepted", end), None)
    assert [step.event for step in steps] == ["wanted", "sending", "accepted", end]
    assert [step.bad for step in steps] == [False, False, False, True]


def test_an_answer_that_was_lost_may_have_been_to_an_order_that_was_sent() -> None:
    steps = steps_of(story("wanted", "sending", "submit_unknown"), None)
    assert [step.event for step in steps] == ["wanted", "sending", "submit_unknown"]


@pytest.mark.parametrize("end", ["not sent", "paused"])
def test_an_order_that_did_not_arrive_is_no_step_made(end: str) -> None:
    steps = steps_of(story("wanted", "sending", end), None)
    assert [step.reached for step in steps] == [True, False, False, False, False]
    again = steps_of(story("wanted", "sending", end, "resumed", "sending", "accepted"), None)
    assert [step.reached for step in again] == [True, True, True, False, False]
    assert again[1].at == START + timedelta(seconds=4)


def test_an_order_that_the_site_never_took_is_not_shown_as_sent() -> None:
    steps = steps_of(story("wanted", "sending", "failed"), None)
    assert [step.event for step in steps] == ["wanted", "failed"]


def test_a_pause_after_the_site_took_it_takes_no_step_back() -> None:
    steps = steps_of(story("wanted", "sending", "accepted", "paused"), None)
    assert [step.reached for step in steps] == [True, True, True, False, False]


DONE = transfer(state=TransferState.DONE, finished_at=START + timedelta(minutes=1))


def test_a_file_on_disk_is_the_good_end_whatever_came_between() -> None:
    steps = steps_of(story("wanted", "sending", "accepted", "ready", "gone"), DONE)
    assert not any(step.bad for step in steps)
    assert steps[-1].event == "done"
    assert steps[-1].reached


@pytest.mark.parametrize(
    ("file", "before", "end"),
    [
        (replace(DONE, lost_at=START + timedelta(hours=1)), "done", FileEvent.GONE),
        (replace(DONE, verified_ok=False, verified_at=START + timedelta(hours=1)), "done", FileEvent.CHANGED),
        (transfer(state=TransferState.LINK_ENDED), "ready", LINK_ENDED),
        (transfer(state=TransferState.FAILED), "ready", NO_FILE),
    ],
)
def test_M1_M2_the_picture_ends_with_what_has_become_of_the_file(file: TransferRecord, before: str, end: str) -> None:
    steps = steps_of(story("wanted", "sending", "accepted", "ready"), file)
    assert [step.event for step in steps[-2:]] == [before, end]
    assert [step.bad for step in steps[-2:]] == [False, True]
    assert short_words(end) != end


def test_its_words_for_a_screen_reader_are_those_of_the_picture(line: TimeLine) -> None:
    line.show_story(story("wanted", "sending", "accepted", "failed"), None)
    said = line.accessibleDescription()
    assert line.accessibleName()
    assert said.startswith("Asked for ")
    assert "Being sent after 1 s" in said
    assert said.endswith("Failed after 1 s")
    assert "ready" not in said


def test_an_empty_story_is_a_picture_too(line: TimeLine) -> None:
    line.show_story((), None)
    assert line.accessibleDescription() == ""
    assert not line.grab().isNull()


def test_steps_stand_below_each_other_where_their_words_have_no_room(line: TimeLine, theme: Theme) -> None:
    line.show_story(story("wanted", "sending", "accepted", "ready"), None)
    assert len(set(line.widths(560))) == 1
    assert line.widths(150) == []
    assert line.heightForWidth(150) > line.heightForWidth(560)
    theme.set_scale(2.0)
    for width in (200, 420, 560, 900):
        widths = line.widths(width)
        needed = [line.fontMetrics().horizontalAdvance(step_words(step)) for step in STEPS]
        assert not widths or all(given >= need for given, need in zip(widths, needed, strict=True))


def test_the_picture_is_painted_in_the_colours_of_the_theme(line: TimeLine, theme: Theme) -> None:
    def colours() -> set[str]:
        image = line.grab().toImage()
        return {image.pixelColor(x, y).name() for x in range(0, 130, 2) for y in range(image.height())}

    line.show_story(story("wanted", "failed"), None)
    assert {theme.colour("accent").name(), theme.colour("bad").name()} <= colours()
    light = theme.colour("accent").name()
    theme.set_choice("dark")
    assert theme.colour("accent").name() != light
    assert theme.colour("accent").name() in colours()


def test_every_step_has_plain_words() -> None:
    assert all("_" not in step_words(event) for event in (*STEPS, "submit_unknown", "odd_new_event"))
