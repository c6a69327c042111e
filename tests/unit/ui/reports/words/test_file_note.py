"""Why a file is not as it should be, in its row and whole below the table (BEHAVIOUR.md B13, L24)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sana_desktop.base.errors import LinkError, NetworkError
from sana_desktop.reports.download import errors as words
from sana_desktop.reports.records.transfer import ROWS_BEING_COUNTED, TransferState, with_error
from sana_desktop.ui.reports.words.file_note import note_of, why_no_file
from tests.support.records import START, transfer


@pytest.fixture(autouse=True)
def _app(qapp: object) -> None:
    """Words are translated, which needs an application."""


@pytest.mark.parametrize(
    ("error", "short"),
    [
        (words.link_ended(), ["no new link"]),
        (words.link_refused(403), ["link refused"]),
        (words.link_gone(410), ["nothing there"]),
        (words.job_missing(), []),
    ],
)
def test_a_dead_link_says_why_in_its_row(error: LinkError, short: list[str]) -> None:
    dead = with_error(transfer(), error).moved(TransferState.LINK_ENDED, START)
    assert why_no_file(dead) == [error.message, *short]
    assert note_of(dead) == error.message
    assert why_no_file(with_error(transfer(), error)) == [], "it may go on"


@pytest.mark.parametrize("state", [TransferState.FETCHING, TransferState.WAITING, TransferState.PAUSED])
def test_what_goes_as_it_should_needs_no_note(state: TransferState) -> None:
    assert note_of(transfer(state=state)) == ""
    assert note_of(transfer(state=TransferState.DONE, notices=(ROWS_BEING_COUNTED,))) == ""


def test_what_is_wrong_comes_with_what_to_do_and_what_was_noticed() -> None:
    full = with_error(transfer(), words.disk_full(2_000, 500, 1_000)).moved(TransferState.PAUSED, START)
    assert note_of(full) == f"{full.error_message} {full.error_next_step}"
    assert note_of(transfer(state=TransferState.DONE, notices=("Saved as .csv",))) == "Saved as .csv."
    moved = transfer(state=TransferState.DONE, lost_at=START, notices=("Saved as .csv.",))
    assert note_of(moved).startswith("The file was moved or deleted")
    assert note_of(moved).endswith("Saved as .csv.")


def test_one_whose_place_is_away_says_when_it_is_tried_next() -> None:
    lost = NetworkError("{host} is away. Nothing was sent.", code="E-NET-CONNECT", values={"host": "acme"})
    away = replace(with_error(transfer(state=TransferState.WAITING), words.away(lost, 5)), next_try_at=START)
    time = START.astimezone().strftime("%H:%M:%S")
    assert note_of(away).endswith(f"it is tried again by itself. The next try is at {time}.")
    assert "Nothing was sent" not in note_of(away)
