"""The requests a dry run promises are those that are made, and what no request can hold is named."""

from __future__ import annotations

from pathlib import Path

from sana_desktop.api.practice_split import split_outcomes
from sana_desktop.api.practice_wire import encode_outcomes
from sana_desktop.practice.learners import TEST_ID_START
from sana_desktop.practice.replay.columns import guess_mapping
from sana_desktop.practice.replay.dry_run import dry_run
from sana_desktop.practice.replay.file import numbered_rows, outcomes, read_columns
from sana_desktop.practice.replay.packing import surely_fits
from tests.support.replay_files import HEADER, a_file, a_row


def test_a_row_too_long_to_be_sent_is_named(tmp_path: Path) -> None:
    path = a_file(tmp_path, HEADER + f"u,{'q' * 17_000},correct,2026-01-05\n" + a_row(1))
    dry = dry_run(path, guess_mapping(read_columns(path).names))
    assert [problem.words for problem in dry.problems] == ["It is too long to be sent."]
    assert len(list(outcomes(path, guess_mapping(read_columns(path).names)))) == dry.usable == 1


def test_the_requests_are_counted_as_they_will_be_packed(tmp_path: Path) -> None:
    path = a_file(tmp_path, HEADER + "".join(a_row(number % 60, "u" * (number % 7)) for number in range(2_000)))
    mapping = guess_mapping(read_columns(path).names)
    dry = dry_run(path, mapping)
    user = TEST_ID_START + "01234567"
    batches = split_outcomes(user, list(outcomes(path, mapping)))
    assert dry.usable == 2_000
    assert (dry.requests, dry.bytes) == (len(batches), sum(len(encode_outcomes(user, batch)) for batch in batches))


def test_only_what_may_be_too_long_is_looked_at_closely(tmp_path: Path) -> None:
    """The short way must never take in a row that the long way refuses, whatever its characters are written as."""
    long = next(size for size in range(16_000, 0, -1) if surely_fits(["u", "q" * size]))
    path = a_file(tmp_path, HEADER + f"u,{chr(1) * (long - 100)},correct,2026-01-05\n")
    columns = read_columns(path)
    assert all(surely_fits(cells) for _, cells in numbered_rows(path, columns))
    assert dry_run(path, guess_mapping(columns.names)).usable == 1
