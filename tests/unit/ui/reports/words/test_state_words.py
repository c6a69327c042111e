"""Words for states, times and sizes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from sana_desktop.api.models import Phase
from sana_desktop.reports.queue import steps
from sana_desktop.reports.records.job import JobState
from sana_desktop.reports.records.transfer import FOUND_AGAIN, TransferProgress, TransferState
from sana_desktop.ui.reports.words import state_words
from sana_desktop.ui.reports.words.state_words import Tone
from tests.support.records import START, job, transfer


@pytest.mark.parametrize("state", list(JobState))
def test_every_job_state_has_words_and_an_icon(state: JobState) -> None:
    words = state_words.job_words(job(state=state, error_message="It said no."))
    assert words.word
    assert words.icon
    assert words.sentence


@pytest.mark.parametrize("state", list(TransferState))
def test_every_download_state_has_words_and_an_icon(state: TransferState) -> None:
    words = state_words.transfer_words(transfer(state=state, error_message="It said no."))
    assert words.word
    assert words.icon
    assert words.sentence


def test_S17_an_unknown_status_word_is_shown_as_it_came_and_bounded() -> None:
    record = job(service_status="thr\u202eottled" + "x" * 500, phase=Phase.UNKNOWN)
    word = state_words.job_words(record).word
    assert "\u202e" not in word
    assert "thr\\u202eottled" in word
    assert len(word) < 80


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00"),
        (12.4, "0:12"),
        (0.6, "0:01"),
        (21.9, "0:22"),
        (725, "12:05"),
        (3723, "1:02:03"),
        (360_000, "100:00:00"),
    ],
)
def test_clock_face(seconds: float, text: str) -> None:
    assert state_words.clock_face(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (89, "89 s"),
        (90, "2 min"),
        (3599, "60 min"),
        (3900, "1 h 5 min"),
        (7200, "2 h"),
        (300_000, "3 days"),
    ],
)
def test_span(seconds: float, text: str) -> None:
    assert state_words.span(seconds) == text


def test_usual_time_is_a_range_never_a_promise() -> None:
    assert state_words.usual_time(None) == ""
    assert state_words.usual_time((38, 42)) == "usually 38–42 s"
    assert state_words.usual_time((40.1, 40.3)) == "usually about 40 s"
    assert state_words.usual_time((30, 150)) == "usually 30 s to 2 min"


def test_elapsed_counts_from_the_order_and_stops_at_the_end() -> None:
    later = START + timedelta(seconds=90)
    assert state_words.elapsed_seconds(job(state=JobState.QUEUED, submitted_at=None), later) is None
    assert state_words.elapsed_seconds(job(), later) == 90
    ready = job(state=JobState.READY, ready_at=START + timedelta(seconds=7))
    assert state_words.elapsed_seconds(ready, later) == 7


def test_next_look_names_what_is_waited_for() -> None:
    due = START + timedelta(seconds=4)
    assert state_words.next_look(job(next_look_at=due), START) == "next look in 4 s"
    assert state_words.next_look(job(state=JobState.QUEUED, next_look_at=due), START) == "next try in 4 s"
    assert state_words.next_look(job(next_look_at=due), due) == "looking now"
    assert state_words.next_look(job(state=JobState.READY, next_look_at=due), START) == ""


def test_time_left_and_part_of_whole_only_when_known() -> None:
    unknown = TransferProgress("t1", 5_000_000, None, 2_000_000, None)
    known = TransferProgress("t1", 5_000_000, 10_000_000, 2_000_000, 2.5)
    assert state_words.progress_lines(transfer(), unknown)[0] == "5.0 MB · 2.0 MB/s"
    assert state_words.progress_lines(transfer(), known) == [
        "5.0 of 10.0 MB · 2.0 MB/s · 2 s left",
        "5.0 of 10.0 MB · 2 s left",
        "5.0 of 10.0 MB",
        "50 %",
    ]


def test_a_moment_is_told_by_time_today_and_by_date_on_other_days() -> None:
    now = datetime(2026, 3, 4, 12, 0).astimezone()
    assert state_words.day_and_time(now - timedelta(hours=2), now) == ["10:00"]
    yesterday = state_words.day_and_time(now - timedelta(days=1), now)
    assert [len(words.split()) for words in yesterday] == [3, 2]
    assert yesterday[0].endswith(" 12:00")
    assert yesterday[0].startswith(yesterday[1])
    assert "2025" in state_words.day_and_time(now - timedelta(days=300), now)[1]


def test_what_has_not_begun_says_no_amount() -> None:
    assert state_words.progress_lines(transfer(state=TransferState.WAITING), None) == [""]
    assert state_words.progress_lines(transfer(state=TransferState.FAILED), None) == [""]
    assert state_words.progress_lines(transfer(state=TransferState.WAITING, total=10_000_000), None) == ["10.0 MB"]
    checking = transfer(state=TransferState.FINALIZING, received=10_000_000, total=10_000_000)
    assert state_words.progress_lines(checking, None) == ["10.0 MB"]


def test_a_finished_file_is_told_by_size_when_there_is_no_room_for_rows() -> None:
    done = transfer(state=TransferState.DONE, total=1_200_000, rows=18_204)
    assert state_words.progress_lines(done, None) == ["1.2 MB · 18,204 rows", "1.2 MB"]


def test_link_life_is_calm_until_near_its_end() -> None:
    record = transfer(link_expires_at=START + timedelta(minutes=18))
    life = state_words.link_life(record, START)
    assert life.text == f"{life.short}, 18 min"
    assert life.short.startswith("until ")
    assert life.tone is Tone.QUIET
    soon = state_words.link_life(record, START + timedelta(minutes=14))
    assert (soon.short, soon.tone) == ("4 min left", Tone.WARN)
    very_soon = state_words.link_life(record, START + timedelta(minutes=17, seconds=30))
    assert (very_soon.text, very_soon.short, very_soon.tone) == ("ends in 30 s", "30 s left", Tone.BAD)
    assert state_words.link_life(record, START + timedelta(minutes=19)).tone is Tone.WARN
    assert state_words.link_life(transfer(state=TransferState.DONE), START).text == ""


def test_a_paused_download_does_not_claim_to_renew_its_link() -> None:
    later = START + timedelta(minutes=19)
    paused = transfer(state=TransferState.PAUSED, link_expires_at=START + timedelta(minutes=18))
    assert state_words.link_life(paused, later).text == "ended"
    assert "renewing" in state_words.link_life(transfer(link_expires_at=START), later).text


def test_A13_a_long_wait_names_both_ways_on() -> None:
    note = steps.note(job(), 0, None, steps.LONG_WAIT_SECONDS, steps.LONG_WAIT_SECONDS)
    sentence = state_words.job_words(job(trouble=note)).sentence
    assert sentence.startswith("Still not ready after 30 minutes. “Keep watching”")
    assert "“Stop watching”" in sentence


def test_a_changed_file_is_not_called_complete() -> None:
    record = transfer(state=TransferState.DONE, verified_ok=False)
    assert state_words.transfer_words(record).tone is Tone.BAD


def test_a_file_that_was_found_again_is_not_called_complete() -> None:
    words = state_words.transfer_words(transfer(state=TransferState.DONE, notices=(FOUND_AGAIN,)))
    assert (words.word, words.tone) == ("Found again", Tone.QUIET)
    assert "no record to check it against" in words.sentence
