"""The loop, its signals and its watch in processes of their own; dialogs that are awaited and nest no loop."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import textwrap
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.ui import dialogs
from sana_desktop.ui.dialogs import (
    Answer,
    Question,
    QuestionDialog,
    ask,
    choose_folder,
    choose_open_file,
    choose_save_file,
    finished,
    tell,
)
from sana_desktop.ui.theme.theme import Theme
from tests.support.waiting import until

HEAVY = (
    "httpx",
    "aiohttp",
    "duckdb",
    "sqlglot",
    "keyring",
    "xlsxwriter",
    "starlette",
    "PySide6.QtNetwork",
    "PySide6.QtSvg",
)


def python(code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )


def test_the_window_module_brings_nothing_heavy() -> None:
    process = python(f"""
        import json, sys
        import sana_desktop.ui.window, sana_desktop.ui.reports.page, sana_desktop.ui.reports.editor.presenter
        import sana_desktop.ui.loop, sana_desktop.ui.reports.editor.checks
        print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))
    """)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert json.loads(out) == []


@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM can't be sent to a process on Windows")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_asks_for_the_stop_at_once(number: signal.Signals) -> None:
    process = python("""
        import asyncio
        from PySide6.QtWidgets import QApplication
        from sana_desktop.ui.loop import run
        app = QApplication([])
        stop = []
        async def main():
            asked = asyncio.Event()
            stop.append(asked.set)
            print("ready", flush=True)
            await asked.wait()
            return 7
        print(run(main, lambda: stop[0]()))
    """)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    out, err = process.communicate(timeout=10)
    assert process.returncode == 0, err
    assert out == "7\n"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX signal")
def test_without_a_handler_a_signal_cancels() -> None:
    process = python("""
        import asyncio
        from PySide6.QtWidgets import QApplication
        from sana_desktop.ui.loop import run
        app = QApplication([])
        async def main():
            print("ready", flush=True)
            try:
                await asyncio.Event().wait()
            finally:
                print("cleaned", flush=True)
        try:
            run(main)
        except asyncio.CancelledError:
            print("cancelled")
    """)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=10)
    assert out == "cleaned\ncancelled\n", err


def test_a_thread_that_hangs_does_not_keep_the_process() -> None:
    process = python("""
        import asyncio, threading
        from PySide6.QtWidgets import QApplication
        from sana_desktop.ui.loop import run
        app = QApplication([])
        def the_dead_drive():
            print("asked", flush=True)
            threading.Event().wait()
        async def main():
            asyncio.get_running_loop().run_in_executor(None, the_dead_drive)
        run(main, ends_process=True)
    """)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (1, "asked\n")
    assert "the_dead_drive" in err


@pytest.fixture
def parent(qtbot: QtBot, theme: Theme) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def dialog_of(parent: QWidget) -> QuestionDialog | None:
    return next((one for one in parent.findChildren(QuestionDialog) if one.isVisible()), None)


QUESTION = Question(
    "Forget <b>Acme</b>?",
    "x" * 10_000,
    [Answer("keep", "Keep it"), Answer("forget", "Forget it", "danger")],
    safe="keep",
    detail="the technical layer",
)


@pytest.mark.parametrize(("key", "answer"), [(Qt.Key.Key_Escape, "keep"), (Qt.Key.Key_Return, "keep")])
async def test_enter_and_escape_do_no_harm(parent: QWidget, key: Qt.Key, answer: str) -> None:
    asked = asyncio.get_running_loop().create_task(ask(parent, QUESTION))
    await until(lambda: dialog_of(parent))
    dialog = dialog_of(parent)
    assert dialog is not None
    QTest.keyClick(dialog, key)
    assert await asked == answer


@pytest.mark.parametrize("answers", [QUESTION.answers, QUESTION.answers[::-1]], ids=["safe first", "safe last"])
def test_the_safe_answer_is_always_on_the_same_side(qtbot: QtBot, answers: list[Answer]) -> None:
    dialog = QuestionDialog(replace(QUESTION, text="", answers=answers))
    qtbot.addWidget(dialog)
    dialog.show()
    places = {name: dialog.findChild(QPushButton, f"answer-{name}") for name in ("keep", "forget")}
    keep, forget = places["keep"], places["forget"]
    assert isinstance(keep, QPushButton)
    assert isinstance(forget, QPushButton)
    # Where the platform has its Cancel; on this test's platform at the right.
    assert keep.mapTo(dialog, keep.rect().center()).x() > forget.mapTo(dialog, forget.rect().center()).x()


async def test_no_dialog_is_larger_than_its_screen(parent: QWidget) -> None:
    dialog = QDialog(parent)
    dialog.resize(3_000, 2_000)
    told = asyncio.get_running_loop().create_task(finished(dialog))
    await until(dialog.isVisible)
    assert dialog.screen().availableGeometry().size().boundedTo(dialog.size()) == dialog.size()
    dialog.reject()
    await told


async def test_the_verb_is_the_answer_and_the_loop_goes_on(parent: QWidget) -> None:
    turns = 0
    asked = asyncio.get_running_loop().create_task(ask(parent, QUESTION))
    await until(lambda: dialog_of(parent))
    for _ in range(10):
        await asyncio.sleep(0)
        turns += 1
    dialog = dialog_of(parent)
    assert dialog is not None
    button = dialog.findChild(QPushButton, "answer-forget")
    assert isinstance(button, QPushButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert await asked == "forget"
    assert turns == 10


def test_a_long_question_stands_in_the_dialog_and_not_cut_in_its_frame(parent: QWidget) -> None:
    long = "This is no query for a report. Put it into the editor all the same?"
    dialog = QuestionDialog(replace(QUESTION, title=long), parent)
    assert dialog.windowTitle() == "Sana Desktop"
    assert long in [text.text() for text in dialog.findChildren(QLabel)]
    assert QuestionDialog(replace(QUESTION, title="Forget Acme?"), parent).windowTitle() == "Forget Acme?"


async def test_a_cancelled_question_leaves_no_dialog(parent: QWidget) -> None:
    asked = asyncio.get_running_loop().create_task(tell(parent, "Hello", "World"))
    await until(lambda: dialog_of(parent))
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert dialog_of(parent) is None


async def test_files_and_folders_are_chosen(parent: QWidget, tmp_path: Path) -> None:
    asked = asyncio.get_running_loop().create_task(
        choose_save_file(parent, "Save", tmp_path / "query.sql", ["SQL (*.sql)"])
    )
    await until(lambda: parent.findChildren(QFileDialog))
    dialog = parent.findChildren(QFileDialog)[0]
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    assert isinstance(field, QLineEdit)
    assert field.text() == "query.sql"
    field.setText("typed")
    dialog.accept()
    assert await asked == tmp_path / "typed.sql", "an ending is added"
    again = asyncio.get_running_loop().create_task(choose_folder(parent, "Folder", tmp_path))
    await until(lambda: any(one.isVisible() for one in parent.findChildren(QFileDialog)))
    next(one for one in parent.findChildren(QFileDialog) if one.isVisible()).reject()
    assert await again is None


async def test_the_next_file_is_looked_for_where_the_last_one_was(
    parent: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = tmp_path / "documents"
    (documents / "work").mkdir(parents=True)
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _place: str(documents))

    async def chosen(name: str) -> Path:
        asked = asyncio.get_running_loop().create_task(choose_open_file(parent, "A file"))
        await until(lambda: any(one.isVisible() for one in parent.findChildren(QFileDialog)))
        dialog = next(one for one in parent.findChildren(QFileDialog) if one.isVisible())
        began = Path(dialog.directory().absolutePath())
        if name:
            (began / name).write_text("x", "utf-8")
            field = dialog.findChild(QLineEdit, "fileNameEdit")
            assert isinstance(field, QLineEdit)
            field.setText(str(began / name))
            dialog.accept()
            assert await asked == began / name
        else:
            dialog.reject()
            await asked
        return began

    assert await chosen("work/exercises.csv") == documents
    assert await chosen("") == documents / "work"
    above = QDialog(parent)
    assert dialogs._last_folder(QWidget(above)) == str(documents / "work"), "also from a dialog over the window"


async def test_a_folder_of_documents_that_does_not_answer_is_left_alone(
    parent: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents, release, is_dir = tmp_path / "network", threading.Event(), Path.is_dir
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _place: str(documents))
    monkeypatch.setattr(dialogs, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(Path, "is_dir", lambda path: release.wait(20) if path == documents else is_dir(path))
    asked = asyncio.get_running_loop().create_task(choose_open_file(parent, "A file"))
    await until(lambda: any(one.isVisible() for one in parent.findChildren(QFileDialog)))
    dialog = next(one for one in parent.findChildren(QFileDialog) if one.isVisible())
    assert Path(dialog.directory().absolutePath()) == Path.home()
    assert not release.is_set()
    release.set()
    dialog.reject()
    assert await asked is None


async def test_a_dialog_closed_by_code_is_over(parent: QWidget) -> None:
    dialog = QuestionDialog(QUESTION, parent)
    waiting = asyncio.get_running_loop().create_task(finished(dialog))
    await until(dialog.isVisible)
    dialog.close()
    assert await waiting == 0


def test_garbage_is_collected_on_the_windows_thread_only() -> None:
    process = python("""
        import asyncio, threading
        from PySide6.QtWidgets import QApplication
        from sana_desktop.ui.loop import run
        app = QApplication([])
        class Knot:
            gone = []
            def __init__(self):
                self.me = self
            def __del__(self):
                Knot.gone.append(threading.get_ident())
        def allocate():
            kept = [[] for _ in range(50_000)]
            return len(kept)
        async def main():
            Knot()
            await asyncio.to_thread(allocate)
            print(Knot.gone)
            async with asyncio.timeout(20):
                while not Knot.gone:
                    [[] for _ in range(2_000)]
                    await asyncio.sleep(0.05)
            return Knot.gone == [threading.get_ident()]
        print(run(main))
    """)
    out, err = process.communicate(timeout=40)
    assert process.returncode == 0, err
    assert out == "[]\nTrue\n"
