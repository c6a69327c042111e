"""Why a file is not as it should be, in words where a person looks: in its row, and whole below the table. Pure."""

from __future__ import annotations

from sana_desktop.base.text import one_line
from sana_desktop.reports.records.transfer import ROWS_BEING_COUNTED, TransferRecord, TransferState
from sana_desktop.ui.reports.words.state_words import transfer_words
from sana_desktop.ui.tr import tr

NOTE_CHARACTERS = 600
ENDED = frozenset({TransferState.LINK_ENDED, TransferState.FAILED})


def why_no_file(record: TransferRecord) -> list[str]:
    """Return why a download ended without a file, longest wording first; nothing where it did not, or is not known."""
    if record.state not in ENDED or not record.error_message:
        return []
    short = {
        "E-LINK-EXPIRED": tr("download", "no new link"),
        "E-LINK-REFUSED": tr("download", "link refused"),
        "E-LINK-GONE": tr("download", "nothing there"),
    }.get(record.error_code)
    return [one_line(record.error_message, NOTE_CHARACTERS), *([short] if short else [])]


def note_of(record: TransferRecord) -> str:
    """Return what is to be said of a download beside the word of its state: what went wrong and what to do, and what
    was noticed in its file. Empty for one that goes as it should.
    """
    gone = record.state is TransferState.DONE and (record.lost_at is not None or record.verified_ok is False)
    said = [transfer_words(record).sentence] if record.error_message or gone or record.state in ENDED else []
    if said and record.state is not TransferState.LINK_ENDED:
        said.append(record.error_next_step)  # that of a dead link is the button in its row
    if record.is_away and record.next_try_at is not None:
        time = record.next_try_at.astimezone().strftime("%H:%M:%S")
        said.append(tr("download", "The next try is at {time}.", time=time))
    said.extend(notice for notice in record.notices if notice != ROWS_BEING_COUNTED)
    return one_line(" ".join(_sentence(part) for part in said if part), NOTE_CHARACTERS)


def _sentence(text: str) -> str:
    return text if text[-1] in ".?!”" else f"{text}."
