"""A replay that goes on while nobody looks at its dialog: it is seen again as it is, and nothing of it is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from sana_desktop.api.practice_models import Constraints
from sana_desktop.practice.replay.record import ReplayRecord
from sana_desktop.practice.sessions.session import Asked
from sana_desktop.sandbox.faults import Delay
from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.parts.strips import Strip
from sana_desktop.ui.practice.replay.dialog import ReplayDialog
from sana_desktop.ui.practice.replay.presenter import KEY, ReplayPresenter
from sana_desktop.ui.practice.replay.unfinished import LOOKING, UnfinishedReplays
from sana_desktop.ui.theme.theme import Theme
from tests.support.practice_desk import PracticeDesk
from tests.support.practice_samples import START
from tests.support.replay_bench import replay_presenter

ROWS = 250
SLOW = 0.05


@dataclass
class Bench:
    """The presenter, and what a person does with its dialog."""

    desk: PracticeDesk
    presenter: ReplayPresenter
    done: list[ReplayRecord]

    async def open(self, go_on: str = "") -> ReplayDialog:
        self.presenter.open(go_on)
        dialog = await self.desk.until("the dialog", self.presenter.dialog)
        await self.desk.until("its learners", lambda: dialog.learner.count() > 1)
        return dialog

    async def close(self) -> None:
        dialog = self.presenter.dialog()
        if dialog is not None:
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
        await self.desk.until("the end", lambda: self.presenter.dialog() is None)

    async def sending(self) -> ReplayDialog:
        dialog = await self.open()
        press(dialog.choose)
        await self.desk.until("the look", dialog.send.isEnabled)
        press(dialog.send)
        await self.desk.until("the start", lambda: dialog.foot.bar.value() > 0)
        return dialog


@asynccontextmanager
async def opened(desk: PracticeDesk, theme: Theme, icons: Icons, folder: Path) -> AsyncIterator[Bench]:
    path = folder / "big.csv"
    rows = (f"q{n},/math,correct,{(START + timedelta(minutes=n)).isoformat()}\n" for n in range(ROWS))
    path.write_text("question,topic,result,completed_at\n" + "".join(rows), "utf-8")
    done: list[ReplayRecord] = []
    window = QWidget()
    window.show()

    async def open_file() -> Path:
        return path

    bench = Bench(desk, replay_presenter(desk, theme, icons, window, open_file, done=done.append), done)
    try:
        yield bench
    finally:
        await bench.close()
        window.deleteLater()


@pytest.fixture(autouse=True)
def no_faults(sandbox: SandboxServer) -> None:
    sandbox.faults.clear()


def press(widget: QWidget) -> None:
    assert widget.isVisible()
    assert widget.isEnabled()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def button(dialog: QDialog, name: str) -> QPushButton | None:
    return dialog.findChild(QPushButton, name)


def offers(dialog: ReplayDialog) -> list[str]:
    return [one.text() for one in dialog.findChildren(QPushButton) if one.objectName().startswith(("goOn-", "forget"))]


async def test_one_that_runs_is_shown_as_running_when_its_dialog_is_opened_again(
    desk: PracticeDesk, theme: Theme, icons: Icons, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with opened(desk, theme, icons, tmp_path) as bench:
        sandbox.add_fault(Delay(SLOW), "outcomes", times=None)
        await bench.sending()
        await bench.close()
        dialog = await bench.open()
        await desk.until("how far it is", lambda: dialog.pause.isVisible())
        assert dialog.words.text().endswith(" of 250 sent. It goes on when you close this.")
        assert dialog.file.whole == "big.csv"
        assert offers(dialog) == [], "there is nothing to go on with, and nothing to forget"
        press(dialog.pause)
        await desk.until("the pause", lambda: dialog.resume.isVisible())
        press(dialog.resume)
        await desk.until("the end", lambda: dialog.words.text() == "All 250 were sent and taken.")
        assert len(bench.done) == 1


async def test_the_end_of_one_whose_dialog_is_closed_is_told_as_well(
    desk: PracticeDesk, theme: Theme, icons: Icons, tmp_path: Path
) -> None:
    async with opened(desk, theme, icons, tmp_path) as bench:
        await bench.sending()
        await bench.close()
        await desk.until("the end", lambda: bench.done)
        assert bench.done[0].finished


async def test_who_closes_the_dialog_right_after_go_on_loses_nothing(
    desk: PracticeDesk, theme: Theme, icons: Icons, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with opened(desk, theme, icons, tmp_path) as bench:
        sandbox.add_fault(Delay(SLOW), "outcomes", times=None)
        dialog = await bench.sending()
        press(dialog.pause)
        await desk.until("the pause", lambda: dialog.resume.isVisible())
        await bench.close()
        dialog = await bench.open()
        (record,) = await desk.services.replays.unfinished()
        press(await desk.until("the offer", partial(button, dialog, f"goOn-{record.id}")))
        await bench.close()
        await desk.until("it runs", lambda: desk.services.replays.running(record.id))
        dialog = await bench.open()
        await desk.until("it is seen", lambda: dialog.pause.isVisible())
        sandbox.faults.clear()
        await desk.until("the end", lambda: dialog.words.text() == "All 250 were sent and taken.")


async def test_to_forget_one_is_asked_first(
    desk: PracticeDesk, theme: Theme, icons: Icons, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with opened(desk, theme, icons, tmp_path) as bench:
        sandbox.add_fault(Delay(SLOW), "outcomes", times=None)
        dialog = await bench.sending()
        press(dialog.pause)
        await desk.until("the pause", lambda: dialog.resume.isVisible())
        await bench.close()
        for answer in ("keep", "do"):
            dialog = await bench.open()
            (record,) = await desk.services.replays.unfinished()
            press(await desk.until("the offer", partial(button, dialog, f"forgetReplay-{record.id}")))
            press(await desk.until("the question", partial(button, dialog, f"answer-{answer}")))
            await desk.until("the end of it", lambda: not desk.supervisor.running(f"{KEY} forget"))
            assert len(await desk.services.replays.unfinished()) == (answer == "keep")
            await bench.close()


async def test_the_page_says_what_runs_and_can_pause_it(
    desk: PracticeDesk, theme: Theme, icons: Icons, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with opened(desk, theme, icons, tmp_path) as bench:
        strip = Strip(icons, "left")
        told: list[None] = []
        UnfinishedReplays(
            strip,
            desk.services.replays,
            desk.supervisor,
            connection_id=desk.host.connection_id,
            go_on=bench.presenter.open,
            told=lambda: told.append(None),
        )
        sandbox.add_fault(Delay(SLOW), "outcomes", times=None)
        await bench.sending()
        await bench.close()
        await desk.until("how far it is", strip.text)
        assert strip.text().startswith("A replay from a report is being sent: ")
        assert [one.text() for one in strip.buttons()] == ["Show it…", "Pause"]
        strip.show()
        press(strip.buttons()[1])
        await desk.until("the pause", lambda: "is not finished" in strip.text())
        assert [one.text() for one in strip.buttons()] == ["Go on", "Not now"]
        assert told
        await desk.until("no more to look at", lambda: not desk.supervisor.running(LOOKING))
        strip.deleteLater()


async def test_a_comparison_asks_what_is_said_and_nothing_of_a_set_up_made_for_somebody_else(
    desk: PracticeDesk, theme: Theme, icons: Icons, tmp_path: Path
) -> None:
    foreign = Constraints(paths=("/customer-service/complaints",))
    desk.host.set_up = replace(desk.host.set_up, constraints=foreign, challenge_level=0.7)
    async with opened(desk, theme, icons, tmp_path) as bench:
        dialog = await bench.sending()
        assert not dialog.asks.isVisible()
        await desk.until("the end", lambda: bench.done)
        press(dialog.compare)
        await desk.until("what is recommended", dialog.comparison.isVisible)
        session = await desk.services.sessions.load(bench.done[0].session)
        asked = session.events[-1]
        assert isinstance(asked, Asked)
        assert (asked.query.constraints, asked.query.challenge_level) == (Constraints(), None)
        assert (session.setup.constraints, session.setup.challenge_level) == (Constraints(), None)
        assert dialog.asks.isVisible(), "the other one can be chosen"
        assert dialog.asks.itemText(1).startswith("as you set it up, 10 exercises, challenge 0.70, from ")
        dialog.asks.setCurrentIndex(1)
        press(dialog.compare)
        await desk.until("the other", lambda: not desk.supervisor.running(f"{KEY} compare"))
        asked = (await desk.services.sessions.load(session.id)).events[-1]
        assert isinstance(asked, Asked)
        assert (asked.query.constraints, asked.query.challenge_level) == (foreign, 0.7)
