"""File names of reports (BEHAVIOUR.md B5, D09, D13, D14, T5)."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from pathlib import Path

import pytest

from sana_desktop.api.models import ReportFormat
from sana_desktop.reports.disk import names
from sana_desktop.ui.reports.words.file_names import file_words

MOMENT = datetime(2026, 3, 4, 10, 5)  # noqa: DTZ001 - a name shows the hour of whichever zone it was given


def made(connection: str = "acme", report: str = "Course completions", job_id: str = "a1b2-c3d4-e5f6") -> str:
    return names.report_file_name(connection, report, MOMENT, job_id, ReportFormat.CSV)


def test_the_shape_of_a_name() -> None:
    assert made() == "acme_Course-completions_20260304-1005_a1b2c3d4.csv"


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ("../../.bashrc", "bashrc"),
        ("..\\..\\x.exe", "x.exe"),
        ('a/b:c*d?e"f<g>h|i', "a_b_c_d_e_f_g_h_i"),
        ("name\u202ecsv.exe", "namecsv.exe"),
        ("nul\0byte", "nulbyte"),
        ("  two\n\twords ", "two-words"),
        ("Ame\u0301lie", "Am\u00e9lie"),
        ("...", "report"),
    ],
)
def test_F13_words_from_outside_become_harmless(report: str, expected: str) -> None:
    assert made(report=report) == f"acme_{expected}_20260304-1005_a1b2c3d4.csv"


def test_whatever_a_connection_is_called_the_name_of_the_report_can_be_read_back() -> None:
    name = made(connection="Head Office & <b>Nord</b>_1", report="Users_of a/b")
    assert name.startswith("Head-Office-&-b-Nord-b-1_Users_of-a_b_")
    read = names.read_report_name(name)
    assert read is not None
    assert read.report == "Users_of a_b"
    words = file_words(name, MOMENT.astimezone(), MOMENT.astimezone())
    assert words is not None
    assert words[0] == "Users_of-a_b"


@pytest.mark.parametrize("name", ["con", "NUL.csv", "Com1.xlsx", "lpt9", "COM¹.csv", "aux .csv"])
def test_reserved_names_get_a_mark(name: str) -> None:
    assert names.legal_name(name) == f"_{name}"


def test_D13_a_long_name_is_shortened_and_keeps_its_extension() -> None:
    name = made(connection="ö" * 300, report="🙂" * 300)
    assert len(name.encode()) <= names.MAX_NAME_BYTES
    assert name.endswith("_20260304-1005_a1b2c3d4.csv")
    assert name.startswith("ö")
    assert "🙂" in name


def test_D09_D14_names_that_differ_only_by_case_or_form_are_the_same() -> None:
    taken = {names.fold("Ame\u0301lie.csv"), names.fold("AMÉLIE (2).CSV")}
    assert names.unique_name("amélie.csv", lambda name: names.fold(name) in taken) == "amélie (3).csv"


@pytest.mark.parametrize(
    ("one", "other"), [("Straße.csv", "STRASSE.CSV"), ("ﬁnal.csv", "FINAL.CSV"), ("ΟΔΟΣ.csv", "οδος.csv")]
)
def test_D14_letters_whose_capitals_are_more_than_one_or_two_forms_are_the_same_name(one: str, other: str) -> None:
    assert names.fold(one) == names.fold(other)


def test_D09_a_numbered_name_that_is_taken_is_counted_on() -> None:
    taken = {names.fold("acme_r_1.csv"), names.fold("acme_r_1 (2).csv"), names.fold("acme_r_1 (9).csv")}
    assert names.unique_name("acme_r_1 (2).csv", lambda name: names.fold(name) in taken) == "acme_r_1 (3).csv"
    assert names.unique_name("acme_r_1 (9).csv", lambda name: names.fold(name) in taken) == "acme_r_1 (10).csv"


def test_L45_the_extension_follows_what_the_file_is() -> None:
    assert names.with_extension("a_b.xlsx", ReportFormat.CSV) == "a_b.csv"
    assert names.with_extension("v1.2 notes", ReportFormat.CSV) == "v1.2 notes.csv"


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "/etc/passwd", "a\0b"])
def test_T5_a_name_that_would_leave_the_folder_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="leave"):
        names.inside(Path("/folder"), name)


def test_partial_files_are_known_by_their_shape() -> None:
    part = names.part_name("report.csv", "0a1b2c3d")
    assert part == ".report.csv.0a1b2c3d.part"
    assert names.is_part_name(part)
    assert names.is_part_of(part, "report.csv")
    assert not names.is_part_of(part, "other.csv")
    assert not names.is_part_name(".mine.part")
    assert not names.is_part_name("report.csv.0a1b2c3d.part")


def test_a_letter_is_not_parted_from_its_accent() -> None:
    cut = names.clean_words("x" * 10 + "e\u0301")
    assert unicodedata.is_normalized("NFC", cut)


@pytest.mark.parametrize("depth", [0, 60, 120, 150, 166])
@pytest.mark.parametrize("letter", ["a", "ö", "語", "🙂"])
def test_D13_on_windows_folder_and_name_are_a_path_that_it_takes(depth: int, letter: str) -> None:
    units = len(letter.encode("utf-16-le")) // 2
    folder = Path("C:/" + letter * (depth // units))
    longest = names.longest_name(folder, windows=True)
    name = names.report_file_name(letter * 300, letter * 300, MOMENT, "a1b2c3d4", ReportFormat.XLSX, longest)
    assert len(name.encode()) <= longest
    numbered = names.unique_name(name, lambda candidate: candidate == name)
    marked = f"{folder / names.part_name(numbered, '0a1b2c3d')}:Zone.Identifier"
    assert len(marked.encode("utf-16-le")) // 2 <= names.WINDOWS_PATH_UNITS
    assert names.read_report_name(name) is not None
    assert name.endswith("_20260304-1005_a1b2c3d4.xlsx")
    assert not names.is_too_long(folder / name, windows=True)


def test_D13_a_folder_that_is_too_deep_leaves_a_short_name_and_is_said_to_be() -> None:
    folder = Path("C:/" + "a" * 250)
    longest = names.longest_name(folder, windows=True)
    assert longest == names.MIN_NAME_BYTES
    name = names.report_file_name("acme", "Course completions", MOMENT, "a1b2c3d4", ReportFormat.CSV, longest)
    assert names.is_too_long(folder / name, windows=True)
    assert not names.is_too_long(folder / name, windows=False)
    assert names.longest_name(folder, windows=False) == names.MAX_NAME_BYTES
