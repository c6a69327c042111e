"""File names of reports: readable, legal on every system, unique, and never the server's choice (BEHAVIOUR.md B5)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from sana_desktop.api.models import ReportFormat

MAX_NAME_BYTES = 180
"""Longest file name in UTF-8 bytes: leaves room for the partial file's marks under the 255 of most file systems."""
MIN_NAME_BYTES = 48
"""However deep the folder is, a name has room for site, time, id and a few letters of the report."""
WINDOWS_PATH_UNITS = 259
"""Longest path on Windows, where it was not set otherwise, in UTF-16 units."""
MARKS_UNITS = 40
"""What a name gets for a time or for good: the partial file's marks, ` (2)`, and the mark of where it comes from."""
SHORT_ID_CHARACTERS = 8
PART_TOKEN_CHARACTERS = 8

_ILLEGAL = frozenset('<>:"/\\|?*')
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"}
    | {f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"}
)
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_REPORT = re.compile(
    rf"_?[^_]+_(?P<report>.+)_(?P<moment>[0-9]{{8}}-[0-9]{{4}})_[A-Za-z0-9]{{1,{SHORT_ID_CHARACTERS}}}(?: \([0-9]+\))?"
    rf"\.(?P<kind>{'|'.join(ReportFormat)})"
)
_COUNTED = re.compile(r"(?P<stem>.+) \((?P<number>[2-9]|[1-9][0-9]{1,5})\)", re.DOTALL)
_PART = re.compile(rf"\..+\.[0-9a-f]{{{PART_TOKEN_CHARACTERS}}}\.part")


def report_file_name(
    connection: str, report: str, moment: datetime, job_id: str, kind: ReportFormat, longest: int = MAX_NAME_BYTES
) -> str:
    """Return `<connection>_<report>_<yyyymmdd-hhmm>_<short job id>.<ext>` (B5).

    Args:
        connection: the connection's name, as the person gave it.
        report: the report's title; text from outside may be in it.
        moment: when the report was ready (`JobRecord.report_at`), in the time zone the name should show.
        job_id: the service's id; only its letters and digits are used.
        longest: most bytes of it, at least `MIN_NAME_BYTES`; see `longest_name`.
    """
    short = re.sub(r"[^A-Za-z0-9]", "", job_id)[:SHORT_ID_CHARACTERS] or "report"
    tail = f"_{moment:%Y%m%d-%H%M}_{short}.{kind.value}"
    room = longest - len(tail) - 2  # one for the joint, one for the mark of a reserved name
    # The first "_" ends the connection: whatever its name has, there is none in it.
    who = _shortened("-".join(re.findall("[^-_]+", clean_words(connection))) or "sana", room // 3)
    what = _shortened(clean_words(report) or "report", room - len(who.encode()))
    return legal_name(f"{who}_{what}{tail}")


def longest_name(folder: Path, *, windows: bool) -> int:
    """Return how many bytes a report's name may have, so that `folder` and name together make a legal path (D13)."""
    if not windows:
        return MAX_NAME_BYTES
    # A character has no more UTF-16 units than UTF-8 bytes.
    room = WINDOWS_PATH_UNITS - _units(str(folder)) - 1 - MARKS_UNITS
    return min(max(room, MIN_NAME_BYTES), MAX_NAME_BYTES)


def is_too_long(path: Path, *, windows: bool) -> bool:
    """Return whether a report at `path` may meet the system's limit for a path, its partial file's marks included."""
    return windows and _units(str(path)) + MARKS_UNITS > WINDOWS_PATH_UNITS


@dataclass(frozen=True, slots=True)
class ReportName:
    """What the name of a report says.

    Attributes:
        whole: the name itself.
        report: the title, as far as a name keeps it.
        moment: when the report was ready, UTC; the name has it to the minute, in the time zone of this computer.
    """

    whole: str
    report: str
    moment: datetime
    kind: ReportFormat


def read_report_name(name: str) -> ReportName | None:
    """Return what `report_file_name` wrote into `name`, None if it is none of ours."""
    found = _REPORT.fullmatch(name)
    if found is None:
        return None
    try:
        moment = datetime.strptime(found["moment"], "%Y%m%d-%H%M").astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return ReportName(name, found["report"].replace("-", " "), moment, ReportFormat(found["kind"]))


def clean_words(text: str) -> str:
    """Return `text` as part of a file name: NFC, spaces as `-`, nothing illegal, hidden or direction-changing."""
    normal = unicodedata.normalize("NFC", text)
    kept = "".join("_" if c in _ILLEGAL else c for c in normal if c.isspace() or not _hidden(c))
    return "-".join(kept.split()).strip(".-_ ")


def legal_name(name: str) -> str:
    """Return `name` with a mark before a name that Windows reserves, and no dot or space at either end."""
    name = name.strip(". ") or "report"
    return f"_{name}" if name.split(".")[0].rstrip(" ").casefold() in _RESERVED else name


def fold(name: str) -> str:
    """Return the key by which two names count as the same: file systems differ in case and in NFC (D14)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def candidates(name: str) -> Iterator[str]:
    """Yield `name`, then `name (2)`, `name (3)`, … before the extension, none longer than `name` or the limit.

    A name that has a number already is counted on from there, as a download that finds its own taken at the end needs.
    """
    yield name
    stem, dot, extension = name.rpartition(".")
    if not stem:
        stem, dot, extension = name, "", ""
    counted = _COUNTED.fullmatch(stem)
    first = int(counted["number"]) + 1 if counted else 2
    stem = counted["stem"] if counted else stem
    for number in count(first):
        tail = f" ({number}){dot}{extension}"
        yield _shortened(stem, max(MAX_NAME_BYTES, len(name.encode())) - len(tail.encode())) + tail


def unique_name(name: str, taken: Callable[[str], bool]) -> str:
    """Return the first of `candidates` that is not taken (D09, D14)."""
    return next(candidate for candidate in candidates(name) if not taken(candidate))


def with_extension(name: str, kind: ReportFormat) -> str:
    """Return `name` with the extension of what the file really holds (L45)."""
    stem, dot, extension = name.rpartition(".")
    known = {each.value for each in ReportFormat}
    return f"{stem if dot and extension.lower() in known else name}.{kind.value}"


def inside(folder: Path, name: str) -> Path:
    """Return `folder / name`.

    Raises:
        ValueError: if `name` is not one plain component, so that the path would leave the folder (T5, F13).
    """
    if not name or name in {".", ".."} or any(c in name for c in "/\\\0") or Path(name).name != name:
        raise ValueError("the name would leave its folder")
    return folder / name


def part_name(name: str, token: str) -> str:
    """Return the partial file's name for the final `name`: hidden, random, beside the target (B6)."""
    return f".{_shortened(name, MAX_NAME_BYTES)}.{token}.part"


def is_part_name(name: str) -> bool:
    """Return whether `name` has the shape that `part_name` gives."""
    return _PART.fullmatch(name) is not None


def is_part_of(part: str, name: str) -> bool:
    """Return whether `part` is a partial file of the final `name`, from whichever run."""
    if not is_part_name(part):
        return False
    return part[1 : -len(".part") - PART_TOKEN_CHARACTERS - 1] == _shortened(name, MAX_NAME_BYTES)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def _hidden(character: str) -> bool:
    return unicodedata.category(character) in _HIDDEN_CATEGORIES


def _shortened(text: str, limit: int) -> str:
    data = text.encode()
    if len(data) <= limit:
        return text
    cut = data[: max(limit, 1)].decode(errors="ignore")
    while cut and unicodedata.combining(text[len(cut)]):
        cut = cut[:-1]  # a letter is not parted from its accent
    return cut.rstrip(". -_")
