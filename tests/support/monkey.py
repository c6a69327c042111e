"""A hand that does anything: random clicks, keys, wheels, drags and sizes on a real window, the same for each seed."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMenuBar,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)
from shiboken6 import isValid

BUTTONS = (Qt.MouseButton.LeftButton,) * 8 + (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton)
MODIFIERS = (
    (Qt.KeyboardModifier.NoModifier,) * 12
    + (Qt.KeyboardModifier.ControlModifier,) * 4
    + (Qt.KeyboardModifier.ShiftModifier,) * 2
    + (Qt.KeyboardModifier.AltModifier,)
    + (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,)
)
NAMED_KEYS = (
    "Tab Backtab Return Enter Escape Space Backspace Delete Insert Menu Home End PageUp PageDown Up Down Left Right"
)
FUNCTION_KEYS = [f"F{number}" for number in range(1, 13)]
KEYS = tuple(
    getattr(Qt.Key, f"Key_{name}")
    for name in NAMED_KEYS.split() * 3 + FUNCTION_KEYS * 2 + list("ABCDEFGHIJKLMNOPRSTUVWXYZ0123456789")
)
"""All but Q, which quits with Ctrl."""
PARTS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QLineEdit,
    QMenuBar,
    QPlainTextEdit,
    QTabBar,
)
LOOK_AGAIN_AFTER = 20
"""Acts after which the parts of a window are looked for anew: that takes as long as several acts."""
WAIT_FOR_ACT_LOOKS = 30
"""So often, a millisecond apart, an act is waited for before the next one: longer means that it turns a loop itself."""


class Monkey:
    """Acts on whatever the application shows on top, as the system would: through its windows.

    Each act is an event of Qt's own loop, not of a coroutine: one that opens a loop inside, as a drag does, goes on.

    Args:
        window: the main window; it is brought back where it lost the keyboard.
        seed: the same seed does the same to the same window.
        texts: what is on the clipboard now and then.
        places: how many places Ctrl with a digit goes to.
        log: gets each act before it is done; after a crash its last line says which one it was.
    """

    def __init__(self, window: QWidget, seed: int, texts: Sequence[str], places: int, log: Path) -> None:
        self._log = log
        self._file: TextIO
        self.kinds: Counter[str] = Counter()
        self.seen: set[str] = set()
        self._window = window
        self._random = random.Random(seed)
        self._texts = texts
        self._places = places
        self._left = 0
        self._parts: list[QWidget] = []
        self._parts_of: QWidget | None = None
        self._age = 0
        self._acting = False
        self._waited = 0
        self._done: asyncio.Future[None] | None = None
        self._choices: tuple[tuple[int, Callable[[QWidget, QWindow], None]], ...] = (
            (40, self._click),
            (6, self._double_click),
            (6, self._move),
            (5, self._drag),
            (8, self._wheel),
            (25, self._key),
            (4, self._type),
            (3, self._paste),
            (2, self._go),
            (1, self._resize),
        )

    async def play(self, events: int) -> None:
        """Do so many acts.

        Raises:
            Exception: whatever an act raised; the log says after what.
        """
        self._left = events
        self._done = asyncio.get_running_loop().create_future()
        QTimer.singleShot(0, self._step)
        with self._log.open("w", encoding="utf-8", buffering=1) as self._file:
            await self._done

    def _step(self) -> None:
        done = self._done
        assert done is not None
        if done.done():
            return
        if self._left == 0:
            done.set_result(None)
            return
        if self._acting and self._waited < WAIT_FOR_ACT_LOOKS:
            # QTest turns the loop once after each event; and an act with a loop of its own is ended by what follows.
            self._waited += 1
            QTimer.singleShot(1, self._step)
            return
        self._left -= 1
        self._acting, self._waited = True, 0
        QTimer.singleShot(0, self._step)
        try:
            self._act()
        except Exception as error:
            if not done.done():
                done.set_exception(error)
        finally:
            self._acting = False

    def _act(self) -> None:
        top = self._top()
        handle = top.windowHandle()
        if handle is None or not handle.isVisible():
            self._note("nothing", "the window has no surface")
            return
        if isinstance(top, QFileDialog):
            # The system's own, which could do anything to this disk.
            self._note("leave", "file dialog")
            top.reject()
            return
        weights = [weight for weight, _ in self._choices]
        (act,) = self._random.choices([act for _, act in self._choices], weights)
        act(top, handle)

    def _top(self) -> QWidget:
        popup = QApplication.activePopupWidget()
        if popup is not None:
            return popup
        modal = QApplication.activeModalWidget()
        if modal is not None:
            return modal
        if QApplication.activeWindow() is None:
            self._window.activateWindow()
        others = [one for one in QApplication.topLevelWidgets() if one.isVisible() and one is not self._window]
        others = [one for one in others if one.windowType() in {Qt.WindowType.Dialog, Qt.WindowType.Window}]
        return self._random.choice(others) if others and self._random.random() < 0.5 else self._window

    def _place(self, top: QWidget) -> QPoint:
        """Return a place in `top`: mostly on something that can be used."""
        part = self._part(top) if self._random.random() < 0.8 else None
        target = part if part is not None else top
        inside = QPoint(self._random.randrange(max(target.width(), 1)), self._random.randrange(max(target.height(), 1)))
        place = target.mapTo(top, inside) if target is not top else inside
        place.setX(min(max(place.x(), 1), max(top.width() - 1, 1)))  # (0, 0) means the middle to QTest
        place.setY(min(max(place.y(), 1), max(top.height() - 1, 1)))
        if part is not None:
            self.seen.add(part.objectName() or type(part).__name__)
        return place

    def _part(self, top: QWidget) -> QWidget | None:
        self._age += 1
        if self._parts_of is not top or self._age > LOOK_AGAIN_AFTER:
            self._parts_of, self._age = top, 0
            self._parts = [one for kind in PARTS for one in top.findChildren(kind) if one.isVisible()]
        usable = [one for one in self._parts if isValid(one) and one.isVisible() and one.window() is top]
        return self._random.choice(usable) if usable else None

    def _note(self, kind: str, what: object) -> None:
        self.kinds[kind] += 1
        self._file.write(f"{self._left} {kind} {what}\n")

    def _click(self, top: QWidget, handle: QWindow) -> None:
        button, modifiers, place = self._random.choice(BUTTONS), self._random.choice(MODIFIERS), self._place(top)
        self._note("click", f"{button.name} {modifiers} {place.toTuple()} {top.objectName()}")
        QTest.mouseClick(handle, button, modifiers, place)

    def _double_click(self, top: QWidget, handle: QWindow) -> None:
        place = self._place(top)
        self._note("double click", f"{place.toTuple()} {top.objectName()}")
        QTest.mouseDClick(handle, Qt.MouseButton.LeftButton, pos=place)

    def _move(self, top: QWidget, handle: QWindow) -> None:
        place = self._place(top)
        self._note("move", f"{place.toTuple()} {top.objectName()}")
        QTest.mouseMove(handle, place)

    def _drag(self, top: QWidget, handle: QWindow) -> None:
        start, end = self._place(top), self._place(top)
        self._note("drag", f"{start.toTuple()} {end.toTuple()} {top.objectName()}")
        # The end comes by itself, also where the drag has a loop of its own.
        QTimer.singleShot(0, lambda: self._drop(handle, end))
        QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=start)
        if _is_there(handle):
            QTest.mouseMove(handle, (start + end) / 2)

    def _drop(self, handle: QWindow, place: QPoint) -> None:
        if _is_there(handle):
            QTest.mouseMove(handle, place)
        if _is_there(handle):
            QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=place)

    def _wheel(self, top: QWidget, handle: QWindow) -> None:
        place, turn = self._place(top), self._random.choice((-240, -120, -15, 15, 120, 240))
        along = QPoint(0, turn) if self._random.random() < 0.8 else QPoint(turn, 0)
        modifiers = self._random.choice(MODIFIERS)
        self._note("wheel", f"{along.toTuple()} {modifiers} {place.toTuple()} {top.objectName()}")
        QTest.wheelEvent(handle, place, along, stateKey=modifiers)

    def _key(self, top: QWidget, handle: QWindow) -> None:
        key, modifiers = self._random.choice(KEYS), self._random.choice(MODIFIERS)
        # QTest presses and releases Ctrl as events of their own, also in a dialog that the key has closed and deleted.
        self._press(handle, key, modifiers if top is self._window else Qt.KeyboardModifier.NoModifier)

    def _press(self, handle: QWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        self._note("key", f"{modifiers} {key.name}")
        _hit(handle, key, modifiers)

    def _type(self, top: QWidget, handle: QWindow) -> None:
        del top
        letters = self._random.choices("abc 123'\"{}()*;,.%<&é漢", k=self._random.randint(1, 8))
        self._note("type", letters)
        for letter in letters:
            if letter.isascii():
                _hit(handle, ord(letter))

    def _paste(self, top: QWidget, handle: QWindow) -> None:
        if top is not self._window:
            self._click(top, handle)
            return
        text = self._random.choice(self._texts)
        QGuiApplication.clipboard().setText(text)
        shift = Qt.KeyboardModifier.ShiftModifier
        modifiers = Qt.KeyboardModifier.ControlModifier | self._random.choice((Qt.KeyboardModifier.NoModifier, shift))
        self._note("paste", f"{text[:40]!r}")
        _hit(handle, Qt.Key.Key_V, modifiers)

    def _go(self, top: QWidget, handle: QWindow) -> None:
        if top is not self._window:
            self._click(top, handle)
            return
        place = Qt.Key(Qt.Key.Key_1 + self._random.randrange(self._places))
        self._press(handle, place, Qt.KeyboardModifier.ControlModifier)

    def _resize(self, top: QWidget, handle: QWindow) -> None:
        del top, handle
        size = self._random.randint(300, 1_900), self._random.randint(240, 1_200)
        self._note("resize", size)
        self._window.resize(*size)


def _hit(handle: QWindow, key: Qt.Key | int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    # Not by keyClick, which lets go of the key in a window that the press may have closed for good.
    for act in (QTest.KeyAction.Press, QTest.KeyAction.Release):
        if _is_there(handle):
            QTest.keyEvent(act, handle, key, modifiers)


def _is_there(handle: QWindow) -> bool:
    # Not by isValid, which does not hear of windows that Qt made and deleted itself.
    return handle in QGuiApplication.allWindows()
