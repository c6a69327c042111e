"""Whatever the words, a file name is legal everywhere and stays in its folder (BEHAVIOUR.md B5)."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.api.models import ReportFormat
from sana_desktop.reports.disk import names

MOMENT = datetime(2026, 3, 4, 10, 5, tzinfo=UTC)
WORDS = st.text(max_size=400) | st.sampled_from(["CON", "nul.csv", "..", "a/../b", "C:\\x", "\\\\host\\share", "x."])


@given(WORDS, WORDS, WORDS, st.sampled_from(ReportFormat))
def test_a_report_name_is_legal_everywhere(connection: str, report: str, job_id: str, kind: ReportFormat) -> None:
    name = names.report_file_name(connection, report, MOMENT, job_id, kind)
    assert len(name.encode()) <= names.MAX_NAME_BYTES
    assert name.endswith(f".{kind.value}")
    assert unicodedata.is_normalized("NFC", name)
    assert not set(name) & set('<>:"/\\|?*')
    assert all(unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in name)
    assert name == name.strip(". ")
    assert names.legal_name(name) == name
    assert names.inside(Path("folder"), name).parent == Path("folder")


@given(WORDS, WORDS, WORDS, st.sampled_from(ReportFormat), st.integers(1, 3))
def test_a_name_of_ours_is_known_again(
    connection: str, report: str, job_id: str, kind: ReportFormat, number: int
) -> None:
    moment = MOMENT.astimezone()  # a name is in the time zone of the computer
    name = names.report_file_name(connection, report, moment, job_id, kind)
    found = names.read_report_name(next(islice(names.candidates(name), number - 1, None)))
    assert found is not None
    assert (found.moment, found.kind) == (MOMENT, kind)


@given(WORDS, st.integers(0, 12))
def test_a_unique_name_is_new_and_no_longer(report: str, used: int) -> None:
    name = names.report_file_name("acme", report, MOMENT, "id", ReportFormat.CSV)
    taken: set[str] = set()
    for _ in range(used + 1):
        found = names.unique_name(name, lambda each: names.fold(each) in taken)
        assert names.fold(found) not in taken
        assert len(found.encode()) <= names.MAX_NAME_BYTES
        assert found.endswith(".csv")
        taken.add(names.fold(found))


@given(WORDS, st.from_regex(r"[0-9a-f]{8}", fullmatch=True))
def test_a_partial_file_is_found_again_by_its_final_name(report: str, token: str) -> None:
    name = names.report_file_name("acme", report, MOMENT, "id", ReportFormat.XLSX)
    part = names.part_name(name, token)
    assert names.is_part_of(part, name)
    assert len(part.encode()) <= 255
