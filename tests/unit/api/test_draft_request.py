"""The draft of a request holds secrets in the clear: it shows none of them, and says each thing once."""

from __future__ import annotations

from sana_desktop.api.draft_request import Draft, file_refused
from sana_desktop.base.words import Words

CANARY = "canary-7f3a9c2e51b8d604"


def test_a_draft_shows_nothing_of_itself() -> None:
    draft = Draft("POST", CANARY, [("Authorization", CANARY)], [CANARY], CANARY, notes=[Words(CANARY)])
    assert CANARY not in f"{draft} {draft!r} {[draft]}"


def test_a_note_is_said_once_and_in_order() -> None:
    draft = Draft()
    for name in ("a", "b", "a"):
        draft.note(Words("{name} is left out.", name=name))
    assert draft.notes == ["a is left out.", "b is left out."]


def test_drafts_share_nothing() -> None:
    first, second = Draft(), Draft()
    first.headers.append(("a", "b"))
    first.data.append("c")
    first.note(Words("d"))
    assert (second.headers, second.data, second.notes) == ([], [], [])


def test_a_file_is_refused_with_a_way_on() -> None:
    error = file_refused()
    assert error.code == "E-PASTE-FILE"
    assert "never opened" in error.message
    assert "paste" in error.next_step
    assert not error.retryable
