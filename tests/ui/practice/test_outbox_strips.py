"""What can't be delivered and what waits at other sites: each reason is said, and there is a button for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sana_desktop.api.origin import parse_workspace
from sana_desktop.api.practice_hosts import parse_practice_origin
from sana_desktop.base.redaction import Secret
from sana_desktop.practice.outcomes.outbox import OutboxCounts
from sana_desktop.sandbox.faults import Reply
from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.parts.strips import Strip, reason_words, say_outbox
from sana_desktop.ui.practice.session.elsewhere import elsewhere_words
from tests.support.live_window import live_window
from tests.support.outbox_bench import some_outcomes
from tests.support.practice_window import can_click, click, fates, go_to_practice, place_of, recommended


@pytest.fixture
def strip(qtbot: QtBot, icons: Icons) -> Strip:
    made = Strip(icons, "practiceOutbox", most_acts=5)
    qtbot.addWidget(made)
    return made


def test_everything_at_once_has_its_sentence_and_its_button(strip: Strip) -> None:
    reasons = {"The tag is too long.": 2, "The path is not known.": 1}
    say_outbox(strip, waiting=1, unknown=2, parked=3, apart=1, reasons=reasons, again=True)
    said = strip.text()
    assert "3 answers can't be delivered. 2: The tag is too long. 1: The path is not known." in said
    assert [button.property("act") for button in strip.buttons()] == ["again", "leave", "again-parked", "drop", "send"]
    assert len({button.text() for button in strip.buttons()}) == 5, "no two are called alike"
    say_outbox(strip, waiting=0, unknown=0, parked=1, reasons={"The tag is too long.": 1})
    assert strip.text() == "1 answer can't be delivered. The tag is too long."
    assert [button.property("act") for button in strip.buttons()] == ["drop"], "a real person's goes by another strip"


def test_more_reasons_than_can_be_read_are_counted() -> None:
    said = reason_words({f"Reason {number}.": number for number in range(1, 6)})
    assert said == ["1: Reason 1.", "2: Reason 2.", "3: Reason 3.", "And 2 more reasons."]
    assert reason_words({}) == []


def test_what_is_elsewhere_is_said_in_a_line() -> None:
    counts = OutboxCounts(waiting=1, sending=1, unknown=1, parked=2)
    said = "Answers at Beta: 2 answers wait to be sent, of 1 it is not known whether it arrived, 2 can't be delivered."
    assert elsewhere_words("Beta", counts) == said


async def test_what_the_site_refused_is_sent_again_at_a_press(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        page.setup.count.setValue(2)
        window.press("nextExercisesButton")
        await window.until("exercises", lambda: len(recommended(window)) == 2)
        # The two together, then each alone.
        sandbox.add_fault(Reply(status=400, message="bad tag"), "outcomes", times=3)
        for key in (Qt.Key.Key_1, Qt.Key.Key_2):
            window.key(key)
        await window.until("both refused", lambda: fates(window) == ["refused"] * 2)
        await window.until("the button", lambda: can_click(page, "practiceOutbox-again-parked"))
        assert "bad tag" in page.session.outbox.text()
        click(page, "practiceOutbox-again-parked")
        await window.until("both sent", lambda: fates(window) == ["sent"] * 2)
        assert len(sandbox.outcomes(page.setup.learner.user_id())) == 2
        await window.until("no strip", page.session.outbox.isHidden)


async def test_answers_at_another_site_are_said_and_one_button_goes_there(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    told = sandbox.describe()
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        mine = await window.core.book.add(
            parse_workspace(told["insights_url"]),
            name="Beta",
            client_id="i",
            practice=parse_practice_origin(told["practice_url"]),
        )
        services = place_of(window).services
        learner = await services.learners.make(mine.id)
        await services.delivery.put(mine.id, learner.user_id, some_outcomes(2))
        line = page.session.elsewhere
        await window.until("the line", line.text)
        assert line.text() == "Answers at Beta: 2 answers wait to be sent."
        click(page, "practiceElsewhereButton")
        await window.until("the site", lambda: page.setup.site_id() == mine.id)
        await window.until("no line", line.isHidden)
        await window.until("its own strip", page.session.outbox.text)
        window.core.practice_clients.give_key(mine.id, Secret(told["api_key"]))
        await window.until("all sent", lambda: len(sandbox.outcomes(learner.user_id)) == 2)


async def test_ten_thousand_and_more_are_counted_and_not_read(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with live_window(tmp_path, sandbox) as window:
        await go_to_practice(window)
        place = place_of(window)
        site, services = place.connection_id(), place.services
        assert site is not None
        learner = await services.learners.make(site)
        # What can't be read is counted like all else: nobody reads it for that.
        row = (site, learner.user_id, "no outcome", "waiting", 0, 1, None, "", "")
        await window.core.database.write(
            lambda connection: (
                connection.executemany(
                    "INSERT INTO practice_outbox (connection_id, user_id, outcome, state, consented, held, session,"
                    " created_at, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    [row] * 10_500,
                ).rowcount
            )
        )
        place.outbox.refresh()
        await window.until("the count", lambda: place.outbox.apart == 10_500)
