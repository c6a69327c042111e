"""A pasted request of the practice API: the card says what it is, the set-up is filled, the key stays in memory."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from sana_desktop.base.redaction import DOTS
from sana_desktop.practice.paste import understand_practice
from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.ui.practice.setup.paste_presenter import card_of
from tests.support.live_window import CTRL, SHIFT, LiveWindow, live_window
from tests.support.practice_window import click, go_to_practice, place_of, recommended

# As on the developer page, missing comma and all.
NEXT = """\
curl "{url}/v1/next-exercises"
  -H "Content-Type: application/json"
  -H "X-API-KEY: {key}"
  -X POST
  -d '{{
        "user_id": "user",
        "num_exercises": 5,
        "target": {{
          "challenge_level": 0.5
        }},
        "constraints": {{
          "is_review": false,
          "paths": ["/IB/math/vectors", "/IB/math/algebra/"],
          "tags": ["tag1", "tag2"]
        }}
        "exercise_outcomes": []
      }}'
"""


async def paste(window: LiveWindow, qapp: QApplication, text: str) -> None:
    qapp.clipboard().setText(text)
    window.key(Qt.Key.Key_V, CTRL | SHIFT)
    await window.until(
        "the card", lambda: window.shell.window.place == "practice" and window.shell.practice.shows_card()
    )


def files_with(folder: Path, text: str) -> list[Path]:
    """Return the files below a folder that hold a text."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in files if text.encode() in path.read_bytes()]


def card_words(window: LiveWindow) -> str:
    return " ".join(label.text() for label in window.shell.practice.card.findChildren(QLabel) if label.isVisible())


async def test_the_vendors_own_sample_fills_the_set_up(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    told = sandbox.describe()
    async with live_window(tmp_path, sandbox, demo=False) as window:
        await paste(window, qapp, NEXT.format(url=told["practice_url"], key=told["api_key"]))
        words = card_words(window)
        assert "IB › math › vectors" in words
        assert "comma" in words
        assert told["api_key"] not in words
        cleaned = window.core.redactor.clean(f"key={told['api_key']}")
        assert cleaned == f"key={DOTS}", "no log has it, whether the card is accepted or not"
        window.shell.practice.show_tab("compare")
        click(window.shell.practice, "acceptPasteButton")
        setup = window.shell.practice.setup
        await window.until("the session again", lambda: window.shell.practice.tab() == "session")
        assert window.truth().startswith("Exercises come from")
        await window.until("the learner", lambda: setup.learner.user_id() == "user")
        asked = setup.setup()
        assert (asked.num_exercises, asked.challenge_level) == (5, 0.5)
        assert asked.constraints.paths == ("/IB/math/vectors", "/IB/math/algebra/")
        assert asked.constraints.tags == ("tag1", "tag2")
        await window.until("a real person is marked", window.shell.practice.real.text)
        click(window.shell.practice, "realLearnerBand-test")
        setup.paths.choose(())
        setup.tags.choose(())
        await window.until("the button", setup.next.isEnabled)
        window.press("nextExercisesButton")
        await window.until("exercises, with the pasted key", lambda: len(recommended(window)) == 5)
        (made,) = window.core.book.list()
        assert not made.gives_reports
        assert window.shell.editor.order_bar.connection_id() is None, "it is no site that reports come from"
        qapp.clipboard().clear()
    assert files_with(tmp_path, "user_id")
    assert files_with(tmp_path, told["api_key"]) == []


@pytest.mark.parametrize(
    ("answers", "said", "accept"),
    [
        (1, "Its answer is not sent. Its exercise becomes known here.", "Note its exercise"),
        (2, "Its answers are not sent. Their exercises become known here.", "Note its exercises"),
    ],
)
def test_pasted_answers_are_told_as_what_they_are(answers: int, said: str, accept: str) -> None:
    one = (
        '{"exercise": {"id": "e", "path": "/a"}, "outcome": {"timestamp": "2020-01-01T00:00:00Z", "result": "correct"}}'
    )
    text = f'{{"user_id": "u", "exercise_outcomes": [{", ".join([one] * answers)}]}}'
    card = card_of(understand_practice(text))
    assert said in [note.text for note in card.notes]
    assert card.accept == accept


async def test_a_request_for_a_service_that_is_not_connected_says_who_is_asked_instead(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    words = "The command is for api.sanalabs.com, which is not connected here. Example data is asked instead."
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        site = page.setup.site_id()
        sandbox.requests.clear()
        await paste(window, qapp, 'curl https://api.sanalabs.com/v1/next-exercises -d \'{"user_id": "somebody"}\'')
        assert words in card_words(window), "before it is accepted"
        click(window.shell.practice, "acceptPasteButton")
        await window.until("the learner", lambda: page.setup.learner.user_id() == "somebody")
        await window.until("the notice", lambda: window.truth() == words)
        assert window.shell.window.status.tone() == "warn"
        assert page.setup.site_id() == site
        assert len(window.core.book.list()) == 1, "nothing was connected by it"
        told = sandbox.describe()
        key = f"-H 'X-API-KEY: {told['api_key']}'"
        await paste(
            window, qapp, f'curl {told["practice_url"]}/v1/next-exercises {key} -d \'{{"user_id": "another"}}\''
        )
        assert "not connected here" not in card_words(window)


async def test_what_can_not_be_read_says_why_and_changes_nothing(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await paste(window, qapp, '{"user_id": "u", "target": {"challenge_level": 7}}')
        assert "7" in card_words(window) or "challenge" in card_words(window)
        window.key(Qt.Key.Key_Escape)
        assert not window.shell.practice.shows_card()


async def test_sql_is_still_a_report(qapp: QApplication, tmp_path: Path, sandbox: SandboxServer) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await window.ready()
        qapp.clipboard().setText('SELECT "user_id" FROM "analytics"."users" WHERE name = \'num_exercises\'')
        window.key(Qt.Key.Key_V, CTRL | SHIFT)
        await window.until("the card", lambda: window.shell.reports.showing() == "card")
        assert window.shell.window.place == "reports"


async def test_pasted_answers_leave_learner_and_session_alone_and_garbage_is_answered_there(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        learner = page.setup.learner.user_id()
        window.press("nextExercisesButton")
        cards = await window.until("exercises", lambda: recommended(window))
        qapp.clipboard().setText("the weather is nice today")
        window.key(Qt.Key.Key_V, CTRL | SHIFT)
        await window.until("the words", page.shows_card)
        assert window.shell.window.place == "practice"
        assert "I can't make anything of this text." in card_words(window)
        assert "a request for exercises" in card_words(window)
        window.key(Qt.Key.Key_Escape)
        answer = '{"exercise": {"id": "pasted-1", "path": "/a/b"}, "outcome": {"timestamp": "2026-01-01T00:00:00Z", '
        await paste(window, qapp, f'{{"user_id": "maria", "exercise_outcomes": [{answer}"result": "correct"}}}}]}}')
        assert "A request with one answer." in card_words(window)
        click(page, "notePasteButton")
        await window.until("what came of it", lambda: window.truth().startswith("1 exercise is known from it now."))
        assert "pasted-1" in {one.id for one in place_of(window).catalogue().exercises}
        assert page.setup.learner.user_id() == learner
        assert recommended(window) == cards
        assert not sandbox.outcomes("maria")
