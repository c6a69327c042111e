"""The sentence of the status line, for every combination of what can be so at the same time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from sana_desktop.reports.records.job import OPEN_STATES, JobRecord, JobState
from sana_desktop.reports.records.transfer import OPEN_TRANSFERS, TransferRecord, TransferState
from sana_desktop.ui.reports.status.status_text import StatusText, ending_of, endings_together, truth_of
from tests.support.records import job, transfer

PAUSED = job("p", JobState.PAUSED, error_message="Sign in again.")
TROUBLED = job("w", JobState.WATCHING, trouble="Connection trouble, still trying.")
WATCHED = job("w", JobState.WATCHING)
STUCK = transfer("s", TransferState.PAUSED, error_message="The disk is full.")
FETCHED = transfer("f", TransferState.FETCHING, name="completions.csv")
RESTING = transfer("r", TransferState.PAUSED)
SAVED = StatusText("Saved and checked: old.csv", "good")

STORE = ["good", "locked", "full"]
JOBS: list[list[JobRecord]] = [[], [PAUSED], [TROUBLED], [WATCHED]]
TRANSFERS: list[list[TransferRecord]] = [[], [STUCK], [FETCHED], [RESTING]]
ENDED = [None, SAVED]
NOTICE = ["", "The store was damaged."]
SITE = [None, "", "Acme"]


def test_what_goes_on_in_another_place_is_under_way_as_well() -> None:
    beside = "In Practice: A simulated learner plays."
    assert truth_of([], [], site="Acme", beside=beside) == StatusText(beside, "busy")
    assert truth_of([], [], site="Acme", ended=SAVED, beside=beside).text == f"{SAVED.text} · {beside}"
    assert truth_of([WATCHED], [], site="Acme", beside=beside).text.endswith(f" · {beside}")


@pytest.mark.parametrize(("store", "jobs", "transfers"), list(product(STORE, JOBS, TRANSFERS)))
def test_the_most_important_is_said_whatever_else_is_so(
    store: str, jobs: list[JobRecord], transfers: list[TransferRecord]
) -> None:
    for ended, notice, site in product(ENDED, NOTICE, SITE):
        said = truth_of(jobs, transfers, ended=ended, site=site, store=store, notice=notice)  # type: ignore[arg-type]
        if store != "good":
            assert said.tone == "bad"
            assert "nothing can be saved" in said.text
        elif jobs == [PAUSED]:
            assert said == StatusText("Sign in again.", "warn")
        elif transfers == [STUCK]:
            assert said == StatusText("The disk is full.", "warn")
        elif jobs == [TROUBLED]:
            assert said.tone == "warn"
            assert said.text.endswith("Connection trouble, still trying.")
            assert ("fetching completions.csv" in said.text.lower()) == (transfers == [FETCHED])
        elif jobs or transfers == [FETCHED]:
            assert said.tone == "busy"
            assert ("The site is preparing “Course completions”" in said.text) == bool(jobs)
            assert ("fetching completions.csv" in said.text.lower()) == (transfers == [FETCHED])
        elif ended is not None:
            assert said == ended
        elif notice:
            assert said == StatusText(notice, "warn")
        else:
            last = {None: "No site is connected yet.", "": "No site is chosen for this query."}
            assert said.text == f"Nothing under way. {last.get(site, 'Reports come from Acme.')}"
            assert said.tone == "quiet"


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_every_open_job_is_told(state: JobState) -> None:
    assert "Nothing under way" not in truth_of([job("a", state)], []).text


@pytest.mark.parametrize("state", sorted(OPEN_TRANSFERS))
def test_every_open_download_is_told(state: TransferState) -> None:
    assert "Nothing under way" not in truth_of([], [transfer("a", state)]).text


def test_several_are_counted() -> None:
    jobs = [job(f"j{n}", JobState.WATCHING) for n in range(3)]
    fetching = [transfer(f"f{n}", TransferState.FETCHING) for n in range(2)]
    waiting = [transfer(f"w{n}", TransferState.WAITING) for n in range(2)]
    assert truth_of(jobs, fetching).text == "3 reports under way · fetching 2 files"
    assert truth_of([], waiting).text == "2 downloads waiting"
    assert truth_of([], waiting[:1]).text == "1 download waiting"


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (job("a", JobState.FAILED, error_message="No such column."), "“Course completions” failed. No such column."),
        (job("a", JobState.GONE, error_message="It is gone."), "“Course completions” failed. It is gone."),
        (job("a", JobState.SUBMIT_UNKNOWN, error_message="No answer."), "“Course completions” may have started."),
        (transfer("a", TransferState.DONE, name="a.csv"), "Saved and checked: a.csv"),
        (transfer("a", TransferState.LINK_ENDED, name="a.csv"), "a.csv was not fetched. Its link ended."),
        (transfer("a", TransferState.FAILED, name="a.csv", error_message="No."), "a.csv was not fetched. No."),
    ],
)
def test_an_end_is_told(record: JobRecord | TransferRecord, said: str) -> None:
    ended = ending_of(record)
    assert ended is not None
    assert ended.text.startswith(said)
    assert ended.tone != "quiet"
    assert bool(ended.word) == (ended.tone != "good")


def test_what_goes_on_has_not_ended() -> None:
    going = [job("a", state) for state in OPEN_STATES] + [job("a", JobState.READY), job("a", JobState.STOPPED)]
    assert [ending_of(record) for record in going] == [None] * len(going)
    on = [transfer("a", state) for state in (*OPEN_TRANSFERS, TransferState.PAUSED)]
    assert [ending_of(record) for record in on] == [None] * len(on)


def test_a_name_from_outside_is_one_bounded_line() -> None:
    record = job("a", JobState.WATCHING)
    long = replace(record, order=replace(record.order, title="x\n" * 500))
    said = truth_of([long], []).text
    assert "\n" not in said
    assert len(said) < 200


BAD, WARN = (
    StatusText("“A” failed. No.", "bad", "Failed"),
    StatusText("“B” may have started.", "warn", "May have started"),
)
NO_LINK = StatusText("c.csv was not fetched. Its link ended.", "warn", "Link ended")


@pytest.mark.parametrize(
    ("endings", "said"),
    [
        ([SAVED], SAVED),
        ([BAD], BAD),
        ([BAD, SAVED], SAVED),
        ([SAVED, BAD], BAD),
        ([BAD, SAVED, BAD], StatusText("2 reports failed. Each row says why.", "bad")),
        (
            [BAD, WARN, BAD, NO_LINK, SAVED],
            StatusText("4 reports need a look: Failed 2, May have started 1, Link ended 1. Each row says why.", "bad"),
        ),
        ([NO_LINK, NO_LINK], StatusText("2 reports: Link ended. Each row says why.", "warn")),
    ],
)
def test_U12_several_bad_ends_are_one_sentence(endings: list[StatusText], said: StatusText) -> None:
    assert endings_together(endings) == said


def test_m5_a_newer_result_is_told_and_what_needs_the_person_is_counted() -> None:
    assert truth_of([PAUSED], [], ended=SAVED) == StatusText("Sign in again.", "warn")
    said = truth_of([PAUSED], [], ended=SAVED, ended_is_newer=True)
    assert said == StatusText("Saved and checked: old.csv · 1 report needs you.", "warn")
    failed = StatusText("“Other” failed. No.", "bad")
    said = truth_of([PAUSED, replace(PAUSED, id="q")], [STUCK], ended=failed, ended_is_newer=True)
    assert said == StatusText("“Other” failed. No. · 3 reports need you.", "bad")


def test_m5_of_several_that_need_the_person_the_last_one_is_told() -> None:
    later = replace(PAUSED, id="q", changed_at=PAUSED.changed_at + timedelta(minutes=1), error_message="Wrong secret.")
    assert truth_of([PAUSED, later], []).text == "Wrong secret."
    assert truth_of([later, PAUSED], []).text == "Wrong secret."


def test_M2_a_dead_link_is_not_hidden_by_what_goes_on_beside_it() -> None:
    ended = ending_of(transfer(state=TransferState.LINK_ENDED, error_message="The link ended."))
    assert ended is not None
    said = truth_of([], [FETCHED], ended=ended)
    assert (said, said.text) == (ended, "report.csv was not fetched. The link ended.")
    said = truth_of([], [FETCHED], ended=ended, ended_is_fresh=False, care=1)
    assert said == StatusText("Fetching completions.csv · 1 report needs a look.", "busy")
    assert truth_of([], [FETCHED], ended=SAVED).text == "Fetching completions.csv"


def test_nothing_is_told_as_good_while_others_need_a_look() -> None:
    assert truth_of([], [], ended=SAVED, care=2) == StatusText(f"{SAVED.text} · 2 reports need a look.", "quiet")
    assert truth_of([], [], ended=BAD, care=3) == BAD
    idle = truth_of([], [], site="Acme", care=1)
    assert idle == StatusText("Nothing under way. Reports come from Acme. 1 report needs a look.", "quiet")


AWAY = transfer("w", TransferState.WAITING, error_code="E-NET-CONNECT", error_message="acme can't be reached just now.")
CRAMPED = transfer("c", TransferState.WAITING, error_code="E-DISK-FULL", error_message="There is not enough room.")


def test_a_file_that_lacks_room_needs_a_look_and_one_whose_place_is_away_is_trouble() -> None:
    assert truth_of([], [AWAY]) == StatusText("1 download waiting · acme can't be reached just now.", "warn")
    assert truth_of([], [CRAMPED]) == StatusText(
        "1 download waiting · There is not enough room. · 1 report needs a look.", "warn"
    )
    assert truth_of([], [CRAMPED], care=1).text.endswith("2 reports need a look.")
    # What is true of an order that was not sent is not said of a file of which something is here.
    unsent = job("q", JobState.QUEUED, trouble="acme can't be reached. Nothing was sent.")
    assert truth_of([unsent], [AWAY]).text.endswith("1 download waiting · acme can't be reached just now.")
    # A cut that is gone on from within the second is not worth a word.
    cut = transfer("x", TransferState.WAITING, error_code="E-NET-LOST", error_message="The connection broke.")
    assert truth_of([], [cut]) == StatusText("1 download waiting", "busy")


def test_of_what_needs_the_person_the_newest_is_told_whatever_it_is() -> None:
    older = replace(PAUSED, error_message="acme did not accept this secret.")
    newer = replace(STUCK, changed_at=older.changed_at + timedelta(minutes=1))
    assert truth_of([older], [newer]).text == "The disk is full."
    assert truth_of([replace(older, changed_at=newer.changed_at + timedelta(minutes=1))], [newer]).text == (
        older.error_message
    )
