"""Replay from a report: columns guessed and chosen, looked through first, sent, paused and gone on with."""

from __future__ import annotations

import csv
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QWidget

from sana_desktop.api.practice_models import Exercise
from sana_desktop.practice.exercises.catalogue import Catalogue
from sana_desktop.practice.replay.columns import Field, Mapping, guess_mapping
from sana_desktop.practice.replay.record import ReplayRecord
from sana_desktop.sandbox.faults import Delay, Reply, Rule
from sana_desktop.sandbox.server import SandboxServer
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.parts.strips import CLOSE, Strip
from sana_desktop.ui.practice.replay.dialog import ReplayDialog
from sana_desktop.ui.practice.replay.presenter import KEY, ReplayPresenter
from sana_desktop.ui.practice.replay.then_and_now import ThenAndNow, ThenAndNowDialog
from sana_desktop.ui.practice.replay.unfinished import LOOKING, UnfinishedReplays
from sana_desktop.ui.theme.theme import Theme
from sana_desktop.workspace.demo import DEMO_ID
from tests.support.practice_desk import PracticeDesk
from tests.support.practice_samples import START
from tests.support.replay_bench import replay_presenter

LEFT = "left to Sana, 10 exercises, challenge as Sana decides."
HEAD = ("learner_id", "question", "topic", "answer_result", "completed_at", "seconds")


def report(folder: Path, rows: int, people: int = 1, bad: int = 0) -> Path:
    """Write a CSV with outcomes of so many people; the first `bad` rows do not say how it ended."""
    path = folder / "answers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for number in range(rows):
            at = (START + timedelta(minutes=number)).isoformat()
            result = "" if number < bad else ("correct", "incorrect")[number % 2]
            writer.writerow((f"person-{number % people}", f"q{number}", "math/vectors", result, at, 41))
    return path


@asynccontextmanager
async def opened(
    desk: PracticeDesk,
    theme: Theme,
    icons: Icons,
    path: Path | None,
    known: Callable[[], Catalogue | None] = lambda: None,
) -> AsyncIterator[tuple[ReplayDialog, ReplayPresenter, list[ReplayRecord]]]:
    """Open the dialog by its presenter, and close it by Esc."""
    done: list[ReplayRecord] = []
    window = QWidget()
    window.show()

    async def open_file() -> Path | None:
        return path

    presenter = replay_presenter(desk, theme, icons, window, open_file, known=known, done=done.append)
    presenter.open()
    dialog = await desk.until("the dialog", presenter.dialog)
    await desk.until("its learners", lambda: dialog.learner.count() > 1)
    try:
        yield dialog, presenter, done
    finally:
        if presenter.dialog() is not None:
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            await desk.until("the end", lambda: presenter.dialog() is None)
        window.deleteLater()


def press(widget: QWidget) -> None:
    assert widget.isEnabled()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def box(dialog: ReplayDialog, field: Field) -> QComboBox:
    found = dialog.findChild(QComboBox, f"replayColumn-{field.name.lower()}")
    assert found is not None
    return found


async def test_a_report_is_looked_through_and_sent_to_a_new_test_learner(
    desk: PracticeDesk, theme: Theme, icons: Icons, tmp_path: Path
) -> None:
    async with opened(desk, theme, icons, report(tmp_path, 60, bad=2)) as (dialog, _, done):
        assert not dialog.send.isEnabled()
        press(dialog.choose)
        await desk.until("the look", dialog.send.isEnabled)
        assert dialog.verdict.text().startswith("58 of 60 rows can be sent, in one request.")
        assert dialog.verdict.text().endswith("Nothing was sent yet.")
        problems = dialog.findChild(QWidget, "replayProblems")
        assert problems is not None
        assert problems.isVisible()
        assert box(dialog, Field.EXERCISE).currentText() == "question"
        assert box(dialog, Field.TIME_SPENT).currentText() == "seconds"
        sample = dialog.findChild(QLabel, "replaySample-result")
        assert sample is not None
        assert (await desk.services.delivery.entries(DEMO_ID, open_only=False)) == ()
        press(dialog.send)
        await desk.until("the end", lambda: dialog.words.text() == "All 58 were sent and taken.")
        learners = desk.services.learners.list(DEMO_ID)
        replayed = [each for each in learners if each.name.startswith("Replay of a report, ")]
        assert len(replayed) == 1, "not by the name of the file: it may be a person's"
        assert [record.user_id for record in done] == [replayed[0].user_id]
        sent = await desk.services.delivery.entries(DEMO_ID, open_only=False)
        assert {entry.user_id for entry in sent} == {replayed[0].user_id}
        assert [entry.outcome.exercise.id for entry in sorted(sent, key=lambda entry: entry.number)] == [
            f"q{number}" for number in range(2, 60)
        ]


async def test_a_column_chosen_otherwise_is_looked_through_again(
    desk: PracticeDesk, theme: Theme, icons: Icons, tmp_path: Path
) -> None:
    async with opened(desk, theme, icons, report(tmp_path, 10)) as (dialog, _, _done):
        press(dialog.choose)
        await desk.until("the look", dialog.send.isEnabled)
        result = box(dialog, Field.RESULT)
        result.setFocus()
        QTest.keyClick(result, Qt.Key.Key_Home)
        assert result.currentText() == "(none)"
        assert not dialog.send.isEnabled(), "until it was looked through again"
        await desk.until("the problem", lambda: "how it ended" in dialog.verdict.text())
        result.setCurrentIndex(result.findData("answer_result"))
        await desk.until("the look", dialog.send.isEnabled)
        unit = dialog.columns.unit
        assert unit.isVisibleTo(dialog)
        box(dialog, Field.TIME_SPENT).setCurrentIndex(0)
        assert not unit.isVisibleTo(dialog)


async def test_of_several_people_one_has_to_be_chosen(
    desk: PracticeDesk, theme: Theme, icons: Icons, tmp_path: Path
) -> None:
    async with opened(desk, theme, icons, report(tmp_path, 30, people=3)) as (dialog, _, _done):
        press(dialog.choose)
        await desk.until("the people", lambda: "of 3 people" in dialog.verdict.text())
        assert not dialog.send.isEnabled()
        assert [dialog.person.itemText(at) for at in range(2)] == ["Choose one…", "person-0, 10 rows"]
        dialog.person.setCurrentIndex(2)
        await desk.until("the look", dialog.send.isEnabled)
        assert dialog.verdict.text().startswith("10 of 10 rows")
        assert dialog.chosen_person() == "person-1"
        press(dialog.send)
        await desk.until("the end", lambda: dialog.words.text() == "All 10 were sent and taken.")
        sent = await desk.services.delivery.entries(DEMO_ID, open_only=False)
        assert all("person-1" not in entry.user_id for entry in sent)


async def test_a_replay_is_paused_and_gone_on_with_and_outlives_its_dialog(
    desk: PracticeDesk, theme: Theme, icons: Icons, tmp_path: Path
) -> None:
    path = report(tmp_path, 400)
    async with opened(desk, theme, icons, path) as (dialog, _, _done):
        press(dialog.choose)
        await desk.until("the look", dialog.send.isEnabled)
        press(dialog.send)
        await desk.until("the start", lambda: dialog.pause.isVisible())
        assert not box(dialog, Field.RESULT).isEnabled(), "what is being sent is settled"
        press(dialog.pause)
        await desk.until("the pause", lambda: dialog.resume.isVisible())
        assert dialog.words.text().startswith("Paused at ")
    async with opened(desk, theme, icons, path) as (dialog, _, done):
        go_on = await desk.until(
            "the offer",
            lambda: next((b for b in dialog.findChildren(QPushButton) if b.objectName().startswith("goOn-")), None),
        )
        press(go_on)
        await desk.until("the end", lambda: dialog.words.text() == "All 400 were sent and taken.")
        assert len(done) == 1
        sent = await desk.services.delivery.entries(DEMO_ID, open_only=False, limit=1_000)
        assert len({entry.outcome.exercise.id for entry in sent}) == len(sent) == 400, "each once"


async def test_an_outage_leaves_a_replay_that_can_be_gone_on_with(
    desk: PracticeDesk, theme: Theme, icons: Icons, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with opened(desk, theme, icons, report(tmp_path, 30)) as (dialog, _, _done):
        press(dialog.choose)
        await desk.until("the look", dialog.send.isEnabled)
        sandbox.faults.add(Rule(Reply(401), "outcomes", times=None))
        press(dialog.send)
        await desk.until("the trouble", lambda: dialog.resume.isVisible())
        assert dialog.words.property("tone") == "bad"
        assert dialog.words.text()
        sandbox.faults.clear()
        press(dialog.resume)
        await desk.until("the end", lambda: dialog.words.text().startswith("All 30"))


async def test_o03_after_answers_whose_fate_is_unknown_it_goes_on_only_when_a_person_says_so(
    desk: PracticeDesk, theme: Theme, icons: Icons, tmp_path: Path, sandbox: SandboxServer
) -> None:
    lost = "Of 50 answers it is not known whether they arrived."
    async with opened(desk, theme, icons, report(tmp_path, 120)) as (dialog, presenter, _done):
        press(dialog.choose)
        await desk.until("the look", dialog.send.isEnabled)
        sandbox.faults.add(Rule(Reply(500), "outcomes", times=1))
        press(dialog.send)
        await desk.until("the question", lambda: dialog.resume.isVisible())
        assert dialog.words.text().startswith(lost)
        assert "never those again" in dialog.words.text()
        assert (dialog.resume.text(), dialog.words.property("tone")) == ("Go on after them", "warn")
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        await desk.until("the end", lambda: presenter.dialog() is None)
        strip = Strip(icons, "left")
        left = UnfinishedReplays(
            strip, desk.services.replays, desk.supervisor, connection_id=desk.host.connection_id, go_on=presenter.open
        )
        left.look()
        await desk.until("the offer", strip.text)
        assert strip.text() == f"A replay from a report is not finished: 50 of 120 were sent. {lost}"
        assert strip.buttons()[0].text() == "Go on…"
        # As after a restart: whoever goes on is asked first.
        presenter.open()
        dialog = await desk.until("the dialog", presenter.dialog)
        (record,) = await desk.services.replays.unfinished()
        card = await desk.until("the card", lambda: dialog.findChild(QPushButton, f"goOn-{record.id}"))
        assert card.text() == "Go on…"
        press(card)
        await desk.until("the question", lambda: dialog.resume.isVisible())
        assert dialog.words.text().startswith(lost)
        assert sandbox.outcomes(record.user_id) == (), "nothing leaves before it is answered"
        press(dialog.resume)
        await desk.until("the end", lambda: dialog.words.text().startswith("120 were put on their way"))
        assert "of 50 the answer was lost" in dialog.words.text()
        arrived = [each["exercise"]["id"] for each in sandbox.outcomes(record.user_id)]
        assert arrived == [f"q{number}" for number in range(50, 120)], "in order, and those of then not again"
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        await desk.until("the end", lambda: presenter.dialog() is None and not desk.supervisor.running(LOOKING))
        strip.deleteLater()


def shown_price(dialog: ReplayDialog) -> str:
    """Return what the foot says about asking, "" while it says nothing."""
    price = dialog.findChild(QLabel, "replayPrice")
    assert price is not None
    return price.text() if price.isVisible() else ""


def table_of(dialog: ReplayDialog) -> list[list[str]]:
    cells = dialog.comparison.table.cells()
    return [[cells.cell(row, column).text for column in range(cells.columnCount())] for row in range(cells.rowCount())]


async def test_B34_at_a_pause_then_and_now_are_compared_on_demand(
    desk: PracticeDesk, theme: Theme, icons: Icons, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with opened(desk, theme, icons, report(tmp_path, 400)) as (dialog, _, done):
        press(dialog.choose)
        await desk.until("the look", dialog.send.isEnabled)
        assert not dialog.compare.isVisible()
        sandbox.add_fault(Delay(0.03), "outcomes", times=None)
        press(dialog.send)
        await desk.until("the start", lambda: dialog.foot.bar.value() > 0)
        assert not dialog.compare.isVisible(), "only where it stands still"
        press(dialog.pause)
        await desk.until("the pause", lambda: dialog.resume.isVisible())
        said = dialog.words.text()
        price = "To ask takes at most 2 requests, which change nothing: " + LEFT
        assert shown_price(dialog) == price
        sandbox.requests.clear()
        press(dialog.compare)
        assert not dialog.resume.isEnabled(), "one thing after the other"
        await desk.until("the comparison", dialog.comparison.isVisible)
        assert [record.path for record in sandbox.requests.records()] == ["/v1/next-exercises"] * 2
        assert dialog.comparison.repeat.isVisible()
        assert dialog.comparison.repeat.text().startswith("Asked 2 times, ")
        assert dialog.words.text() == said
        assert dialog.resume.isEnabled()
        rows = table_of(dialog)
        assert [row[0] for row in rows] == ["New"] * 10 + ["Gone"] * 10
        assert [row[-1] for row in rows] == ["not in it"] * 10 + ["next"] * 10
        at = int(said.removeprefix("Paused at ").partition(" ")[0])
        assert [row[1] for row in rows[10:]] == [f"q{number}" for number in range(at, at + 10)]
        assert dialog.comparison.verdict.text().startswith("Of 10 recommended now, 0 among the next 10 that they did")
        press(dialog.resume)
        await desk.until("the end", lambda: dialog.words.text() == "All 400 were sent and taken.")
        session = await desk.services.sessions.load(done[0].session)
        assert (session.asked_count, session.answered_count) == (1, 400)
        await desk.until("one row", lambda: len(table_of(dialog)) == 1)
        assert table_of(dialog) == [[f"{at} answers", "10", "0", "0", "0", "10"]]
        assert shown_price(dialog) == price, "said at the end as in the middle"
        assert dialog.compare.text() == "See what is recommended now"
        press(dialog.compare)
        await desk.until("the end of the file", lambda: "The file ends here" in dialog.comparison.verdict.text())
        cells = dialog.comparison.table.cells()
        heads = [cells.headerData(column, Qt.Orientation.Horizontal) for column in range(cells.columnCount())]
        assert heads == ["Exercise", "Topic", "Now", "In the file"], "there is no then to show"
        assert [row[2] for row in table_of(dialog)] == [str(place) for place in range(1, 11)]


async def test_a_comparison_that_came_to_nothing_says_why(
    desk: PracticeDesk, theme: Theme, icons: Icons, tmp_path: Path, sandbox: SandboxServer
) -> None:
    async with opened(desk, theme, icons, report(tmp_path, 10)) as (dialog, _, _done):
        press(dialog.choose)
        await desk.until("the look", dialog.send.isEnabled)
        press(dialog.send)
        await desk.until("the end", lambda: dialog.words.text().startswith("All 10"))
        sandbox.faults.add(Rule(Reply(401), "next", times=None))
        press(dialog.compare)
        await desk.until("the trouble", lambda: dialog.words.property("tone") == "bad")
        assert not dialog.comparison.isVisible()
        assert dialog.compare.isEnabled()


async def test_a_comparison_whose_dialog_was_closed_meanwhile_is_kept_in_the_session(
    desk: PracticeDesk,
    theme: Theme,
    icons: Icons,
    tmp_path: Path,
    sandbox: SandboxServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with opened(desk, theme, icons, report(tmp_path, 10)) as (dialog, presenter, done):
        press(dialog.choose)
        await desk.until("the look", dialog.send.isEnabled)
        press(dialog.send)
        await desk.until("the end", lambda: dialog.words.text().startswith("All 10"))
        sandbox.add_fault(Delay(0.1), "next")
        press(dialog.compare)
        dialog.reject()
        await desk.until("the end of the dialog", lambda: presenter.dialog() is None)
        assert desk.supervisor.running(f"{KEY} compare")
        await desk.until("the answer", lambda: not desk.supervisor.running(f"{KEY} compare"))
        assert (await desk.services.sessions.load(done[0].session)).asked_count == 1
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_it_asks_along_the_way_if_that_was_chosen(
    desk: PracticeDesk, theme: Theme, icons: Icons, tmp_path: Path
) -> None:
    async with opened(desk, theme, icons, report(tmp_path, 210)) as (dialog, _, _done):
        press(dialog.choose)
        await desk.until("the look", dialog.send.isEnabled)
        assert [dialog.stops.itemText(at) for at in range(dialog.stops.count())] == [
            "only when I pause and compare",
            "after every 50 answers: 5 requests more",
            "after every 100 answers: 3 requests more",
        ]
        assert dialog.chosen_stops() is None
        dialog.stops.setCurrentIndex(2)
        assert dialog.chosen_stops() == 100
        press(dialog.send)
        await desk.until("the end", lambda: dialog.words.text().startswith("All 210"))
        await desk.until("all places", lambda: len(table_of(dialog)) == 2)
        assert [row[0] for row in table_of(dialog)] == ["100 answers", "200 answers"]
        found = dialog.comparison
        press(found.hand_on.copy)
        all_places = QGuiApplication.clipboard().text()
        assert "Then and now, all in all" in all_places
        assert "Asked at 2 points" in all_places
        assert [found.place.itemText(row) for row in range(3)] == [
            "All places",
            "After 100 answers",
            "After 200 answers",
        ]
        found.place.setCurrentIndex(2)
        press(found.hand_on.copy)
        one_place = QGuiApplication.clipboard().text()
        assert "Then and now, after 200 of 210 answers" in one_place
        assert "q200" in one_place
        assert "Asked for: 10 exercises" in one_place
        # It stays with the session of the replay, for as long as that is kept.
        files, said = [tmp_path / "again.csv"], list[str]()

        async def save_file(name: str) -> Path | None:
            assert name.startswith("then-and-now-")
            return files.pop()

        (head, *_) = await desk.services.sessions.list()
        window = QWidget()
        again = ThenAndNow(
            theme, icons, desk.services.replays, desk.supervisor, desk.clock,
            window=lambda: window, say=lambda words, tone: said.append(words), save_file=save_file,
        )  # fmt: skip
        again.open(DEMO_ID, head.id)
        shown = await desk.until("the dialog", lambda: window.findChild(ThenAndNowDialog))
        await desk.until("it is open", shown.isVisible)
        shown.comparison.place.setCurrentIndex(2)
        press(shown.comparison.hand_on.copy)
        assert QGuiApplication.clipboard().text().splitlines()[1:] == one_place.splitlines()[1:]
        press(shown.comparison.hand_on.save)
        await desk.until("the file", lambda: shown.comparison.hand_on.note.text() == "Saved as again.csv.")
        assert "q200" in (tmp_path / "again.csv").read_text("utf-8")
        QTest.keyClick(shown, Qt.Key.Key_Escape)
        await desk.until("the end", lambda: not desk.supervisor.running("practice then and now"))
        empty = await desk.services.sessions.begin(DEMO_ID, desk.host.set_up, "no replay")
        again.open(DEMO_ID, empty.id)
        await desk.until("the sentence", lambda: said)
        assert said == ["Nothing was asked in the middle of this replay, so there is nothing to compare."]
        window.deleteLater()


async def test_where_no_column_says_the_place_one_can_be_named(
    desk: PracticeDesk, theme: Theme, icons: Icons, tmp_path: Path
) -> None:
    async with opened(desk, theme, icons, report(tmp_path, 3)) as (dialog, _, done):
        press(dialog.choose)
        await desk.until("the look", dialog.send.isEnabled)
        path = dialog.columns.path
        assert not path.isVisibleTo(dialog), "a column says it"
        box(dialog, Field.PATH).setCurrentIndex(0)
        await desk.until("the look", dialog.send.isEnabled)
        assert "“/replay”, which is no topic of your content" in dialog.verdict.text()
        assert path.isVisibleTo(dialog)
        path.selectAll()
        QTest.keyClicks(path, "vect")
        completer = path.completer()
        assert completer is not None
        assert completer.currentCompletion() == "/IB/math/vectors"
        path.clear()
        await desk.until("the problem", lambda: "Say where the exercises are" in dialog.verdict.text())
        assert not dialog.send.isEnabled()
        QTest.keyClicks(path, "/IB/math/vectors")
        await desk.until("the look", dialog.send.isEnabled)
        assert "so all are sent as being in “/IB/math/vectors”." in dialog.verdict.text()
        press(dialog.send)
        await desk.until("the end", lambda: dialog.words.text().startswith("All 3"))
        entries = await desk.services.delivery.entries(DEMO_ID, open_only=False)
        assert {entry.outcome.exercise.path for entry in entries} == {"/IB/math/vectors"}
        assert (await desk.services.sessions.load(done[0].session)).title.startswith("Replay of a report, ")


async def test_a_replay_that_is_not_wanted_any_more_is_forgotten(
    desk: PracticeDesk, theme: Theme, icons: Icons, tmp_path: Path
) -> None:
    path = report(tmp_path, 20)
    dry = await desk.services.replays.dry_run(path, await guess(desk, path))
    learner = desk.host.set_up.user_id
    record = await desk.services.replays.begin(path, await guess(desk, path), DEMO_ID, learner, dry)
    async with opened(desk, theme, icons, path) as (dialog, _, _done):
        forget = await desk.until("the offer", lambda: dialog.findChild(QPushButton, f"forgetReplay-{record.id}"))
        press(forget)
        press(await desk.until("the question", lambda: dialog.findChild(QPushButton, "answer-do")))
        await desk.until("the end", lambda: dialog.findChild(QPushButton, f"goOn-{record.id}") is None)
        assert await desk.services.replays.unfinished() == ()


async def guess(desk: PracticeDesk, path: Path) -> Mapping:
    return guess_mapping((await desk.services.replays.columns(path)).names)


async def test_a_set_up_for_one_exercise_is_compared_by_enough_of_them(
    desk: PracticeDesk, theme: Theme, icons: Icons, tmp_path: Path, sandbox: SandboxServer
) -> None:
    known = [Catalogue([Exercise("q3", "/math/vectors")])]
    desk.host.set_up = replace(desk.host.set_up, num_exercises=1)
    async with opened(desk, theme, icons, report(tmp_path, 20), lambda: known[0]) as (dialog, _, _done):
        press(dialog.choose)
        await desk.until("the look", dialog.send.isEnabled)
        press(dialog.send)
        await desk.until("the end", lambda: dialog.words.text().startswith("All 20"))
        assert shown_price(dialog).endswith(LEFT)
        press(dialog.compare)
        await desk.until("the comparison", dialog.comparison.isVisible)
        said = dialog.comparison.verdict.text()
        assert said.endswith("Recommended now: 10. None of them is in the file."), "a name is right"
        known[0] = Catalogue([Exercise("other", "/math/vectors")])
        press(dialog.compare)
        await desk.until("another", lambda: dialog.comparison.verdict.text() != said)
        assert "see whether they have the names that Sana knows them by" in dialog.comparison.verdict.text()


async def test_what_comes_first_in_dates_is_asked_where_the_file_does_not_tell(
    desk: PracticeDesk, theme: Theme, icons: Icons, tmp_path: Path
) -> None:
    path = tmp_path / "dates.csv"
    path.write_text("exercise,result,date\nq1,Passed,02/03/2026 08:00\nq2,Passed,04/03/2026 08:00\n")
    async with opened(desk, theme, icons, path) as (dialog, _, _done):
        press(dialog.choose)
        await desk.until("the question", lambda: "can mean two days" in dialog.verdict.text())
        assert dialog.days.isVisible()
        assert not dialog.send.isEnabled()
        assert [dialog.days.itemText(at) for at in range(3)] == ["Choose one…", "day first", "month first"]
        dialog.days.setCurrentIndex(1)
        await desk.until("the look", dialog.send.isEnabled)
        assert "From 2026-03-02 to 2026-03-04." in dialog.verdict.text()
        assert dialog.days.currentText() == "day first"
        path.write_text("exercise,result,date\nq1,Passed,02/03/2026 08:00\nq2,Passed,03/14/2026 08:00\n")
        press(dialog.choose)
        await desk.until("the look", lambda: "From 2026-02-03 to 2026-03-14." in dialog.verdict.text())
        assert dialog.days.currentText() == "month first, as the file shows"


async def test_a_replay_that_stopped_in_the_middle_is_told_of_until_somebody_knows(
    desk: PracticeDesk, qapp: QApplication, icons: Icons, tmp_path: Path
) -> None:
    path, went_on = report(tmp_path, 20), list[str]()
    strip, replays = Strip(icons, "left"), desk.services.replays
    left = UnfinishedReplays(
        strip, replays, desk.supervisor, connection_id=desk.host.connection_id, go_on=went_on.append
    )

    async def look() -> str:
        left.look()
        await desk.until("the look", lambda: not desk.supervisor.running(LOOKING))
        return strip.text()

    assert await look() == ""
    mapping = await guess(desk, path)
    dry = await replays.dry_run(path, mapping)
    first = await replays.begin(path, mapping, DEMO_ID, desk.host.set_up.user_id, dry)
    assert await look() == "A replay from a report is not finished: 0 of 20 were sent."
    strip.buttons()[0].done.emit()
    assert went_on == [first.id]
    second = await replays.begin(path, mapping, DEMO_ID, desk.host.set_up.user_id, dry)
    assert await look() == "2 replays from reports are not finished."
    strip.wanted.emit(CLOSE)
    assert await look() == "", "once is enough"
    # One that stops while nobody looks is told of, with the reason.
    path.unlink()
    replays.start(second.id)
    await desk.until("the reason", lambda: "can't be" in strip.text())
    assert strip.text().startswith("A replay from a report is not finished: 0 of 20 were sent. ")
    strip.deleteLater()


async def test_what_is_no_table_is_said(desk: PracticeDesk, theme: Theme, icons: Icons, tmp_path: Path) -> None:
    path = tmp_path / "picture.csv"
    path.write_bytes(b"PK\x03\x04 no table")
    async with opened(desk, theme, icons, path) as (dialog, _, _done):
        press(dialog.choose)
        await desk.until("the problem", lambda: "no table" in dialog.verdict.text())
        assert "Save it as CSV first" in dialog.verdict.text()
        assert not dialog.send.isEnabled()
