"""Answers that wait for real people: whose they are is said everywhere, and only a held button on their page sends."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel
from pytestqt.qtbot import QtBot

from sana_desktop.api.practice_models import Result
from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.parts import hold_button
from sana_desktop.ui.practice.parts.strips import Strip, StripAct
from sana_desktop.ui.practice.session.real_outbox import (
    AGAIN,
    AGAIN_PARKED,
    DISCARD,
    LEAVE,
    SEND,
    SHOW,
    RealOutbox,
    say_real_outbox,
)
from tests.support.live_window import live_window
from tests.support.practice_window import (
    can_click,
    click,
    fates,
    go_to_practice,
    page_arrived,
    place_of,
    recommended,
    session_actions,
    text_of,
)


@pytest.fixture
def strip(qtbot: QtBot, icons: Icons) -> Strip:
    made = Strip(icons, "practiceRealOutbox", most_acts=5)
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize(
    ("view", "said", "acts"),
    [
        (RealOutbox("maria"), "", []),
        (RealOutbox("maria", 1), "This site is locked for real people: it is not sent.", [DISCARD]),
        (RealOutbox("maria", 2, locked=False), "Not sent yet: 2 answers for the real person maria.", [SEND, DISCARD]),
        (RealOutbox("maria", 2, going=2, locked=False), "are on their way: you held their buttons.", [DISCARD]),
        (RealOutbox("maria", unknown=1, locked=False), "What is sent again may count twice.", [AGAIN, LEAVE]),
        (RealOutbox("maria", unknown=1), "not known whether it arrived.", [LEAVE]),
        (RealOutbox("maria", parked=2, locked=False), "person maria can't be delivered.", [AGAIN_PARKED]),
        (RealOutbox("maria", parked=2), "", []),
        (RealOutbox("maria", 1, 1, 0, (), False, 1), "maria", [AGAIN, LEAVE, AGAIN_PARKED, SEND, DISCARD]),
        (RealOutbox(others=("maria",), locked=False), "from here they are not sent.", [SHOW]),
        (RealOutbox(others=("maria", "peter")), "Answers for 2 real people wait, maria among them", [SHOW]),
        (RealOutbox("peter", 1, 1, 0, ("maria",), False), "real person maria wait", [AGAIN, LEAVE, SEND, DISCARD]),
    ],
)
def test_whose_answers_wait_is_said_and_what_goes_to_them_is_held(
    strip: Strip, view: RealOutbox, said: str, acts: list[str]
) -> None:
    say_real_outbox(strip, view)
    if said:
        assert said in strip.text()
        assert "maria" in strip.text()
    else:
        assert strip.isHidden()
    assert [button.property("act") for button in strip.buttons()] == acts
    wanted: list[str] = []
    strip.wanted.connect(wanted.append)
    for button in strip.buttons():
        button.click()
    assert wanted == [act for act in acts if act not in {SEND, AGAIN, AGAIN_PARKED}], "one click sends nothing"


def test_a_finger_on_a_button_that_becomes_another_act_does_not_do_that(
    qtbot: QtBot, strip: Strip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold_button, "HOLD_MS", 40)
    strip.show()
    wanted: list[str] = []
    strip.wanted.connect(wanted.append)
    strip.say("One", "warn", StripAct("one", "Hold", held=True))
    (button,) = strip.buttons()
    QTest.mousePress(button, Qt.MouseButton.LeftButton)
    strip.say("Two", "warn", StripAct("two", "Hold", held=True))
    assert button.progress() == 0.0
    qtbot.wait(80)
    assert wanted == []
    QTest.mouseRelease(button, Qt.MouseButton.LeftButton)
    QTest.mousePress(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: wanted == ["two"])


async def test_a_real_persons_answer_leaves_by_a_hold_on_their_page_alone(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold_button, "HOLD_MS", 60)
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        place = place_of(window)
        site = place.connection_id()
        assert site is not None
        test_learner = page.setup.learner.user_id()
        rail = window.find("railPractice")
        assert rail.accessibleDescription() == ""
        place.services.learners.lock(site, False)
        assert rail.accessibleDescription() == rail.toolTip() == "Unlocked for real people: Example data"
        page.setup.learner.choose("maria")
        page.setup.count.setValue(3)
        window.press("nextExercisesButton")
        await window.until("the exercises", lambda: len(recommended(window)) == 3)
        strip = page.session.real_outbox
        QTest.keyPress(page.session.list, Qt.Key.Key_1)
        await window.until("it waits", strip.text)
        QTest.keyRelease(page.session.list, Qt.Key.Key_1)
        assert "It is sent when the set is done." in window.truth()
        window.press("nextExercisesButton")
        await window.until("it is refused", page.session.trouble.text)
        assert "hold the button to send them" in page.session.trouble.text()

        page.setup.learner.choose(test_learner)
        await window.until("whose it is", lambda: "real person maria" in strip.text() and can_click(page, _act(SHOW)))
        assert "unlocked for real people" in page.real.text()
        assert page.session.outbox.text() == ""
        assert not can_click(page, _act(SEND))
        await place.services.delivery.resume(site)

        click(page, _act(SHOW))
        await window.until("their page", lambda: can_click(page, _act(SEND)))
        place.services.learners.lock(site, True)
        await window.until("locked", lambda: "locked" in strip.text() and not can_click(page, _act(SEND)))
        await window.until("the line", lambda: window.truth().endswith("The site is locked: nothing is sent."))
        place.services.learners.lock(site, False)
        await window.until("unlocked", lambda: can_click(page, _act(SEND)))
        click(page, _act(SEND))  # let go at once
        assert "nothing was sent" in window.truth()
        assert not sandbox.outcomes("maria")
        QTest.mousePress(strip.buttons()[0], Qt.MouseButton.LeftButton)
        await window.until("it is sent", lambda: len(sandbox.outcomes("maria")) == 1)
        await window.until("nothing waits", lambda: not strip.text())

        # One that is discarded is never called sent, not even when its session is opened again.
        window.press("nextExercisesButton")
        await window.until("the exercises", lambda: not place.presenter.is_busy())
        QTest.keyPress(page.session.list, Qt.Key.Key_1)
        await window.until("it waits", strip.text)
        QTest.keyRelease(page.session.list, Qt.Key.Key_1)
        click(page, _act(DISCARD))
        await window.until("the question", lambda: can_click(window.shell.window, "answer-do"))
        question = window.shell.window.findChild(QDialog, "questionDialog")
        assert question is not None
        said = " ".join(one.text() for one in question.findChildren(QLabel))
        assert "It was not sent, and never will be." in said, "one, as its title says"
        click(window.shell.window, "answer-do")
        await window.until("it is gone", lambda: fates(window)[0] == "discarded" and not strip.text())
        place.presenter.show_record(None)
        session_actions(page)[0].trigger()
        await window.until("it stays so", lambda: fates(window)[:1] == ["discarded"])
        assert len(sandbox.outcomes("maria")) == 1
    async with live_window(tmp_path, sandbox) as window:
        window.press("railPractice")
        page = await page_arrived(window)
        await window.until("the lock", page.real.text)
        assert "this site is locked for real people" in page.real.text(), "it was unlocked until the app was closed"
        assert "Example data" not in window.find("railPractice").toolTip()


async def test_the_last_answer_of_a_set_sends_it_and_nothing_says_any_more_that_it_waits(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold_button, "HOLD_MS", 30)
    async with live_window(tmp_path, sandbox) as window:
        page = await go_to_practice(window)
        place = place_of(window)
        site = place.connection_id()
        assert site is not None
        place.services.learners.lock(site, False)
        page.setup.learner.choose("paul")
        page.setup.count.setValue(2)
        window.press("nextExercisesButton")
        await window.until("the exercises", lambda: len(recommended(window)) == 2)
        correct = page.session.answers.buttons[Result.CORRECT]
        QTest.mousePress(correct, Qt.MouseButton.LeftButton)
        await window.until("it waits", lambda: fates(window) == ["waiting"])
        QTest.mouseRelease(correct, Qt.MouseButton.LeftButton)
        assert "holding this answer sends all 2" in text_of(page, "answerHint")
        window.press("nextExercisesButton")
        await window.until("it is refused", page.session.trouble.text)
        assert "or the last answer of their set" in page.session.trouble.text()
        place.services.learners.lock(site, True)
        await window.until("no answer can be given", lambda: not correct.isEnabled())
        assert "locked" in text_of(page, "answerHint")
        place.services.learners.lock(site, False)
        await window.until("it can", correct.isEnabled)
        QTest.mousePress(correct, Qt.MouseButton.LeftButton)
        await window.until("it is sent", lambda: len(sandbox.outcomes("paul")) == 2)
        await window.until("that is said", lambda: "2 answers for the real person paul were sent." in window.truth())
        QTest.mouseRelease(correct, Qt.MouseButton.LeftButton)
        assert page.session.trouble.text() == ""


def _act(act: str) -> str:
    return f"practiceRealOutbox-{act}"
