"""What the person chose: typed keys with their defaults in one place, kept in the database's table `settings`."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Any, Generic, TypeVar

from sana_desktop.base.events import Topic
from sana_desktop.store.database import Database

log = logging.getLogger(__name__)

Value = TypeVar("Value")

MAX_TEXT_LENGTH = 100_000
"""Characters of one setting: a window's state as base64 is some thousands."""
MAX_ENTRIES = 500
"""Entries of a setting that is a mapping; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Key(Generic[Value]):
    """One setting.

    Attributes:
        name: what it is called in the table; never changes.
        default: what holds until the person chose, and when the stored value is unusable.
        accept: returns the value as it is used, or raises ValueError.
    """

    name: str
    default: Value
    accept: Callable[[object], Value]


def _choice(*allowed: str) -> Callable[[object], str]:
    def accept(value: object) -> str:
        if isinstance(value, str) and value in allowed:
            return value
        raise ValueError(f"one of {', '.join(allowed)} is expected")

    return accept


def _number(least: float, most: float) -> Callable[[object], float]:
    def accept(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise ValueError("a number is expected")
        if not least <= value <= most:
            raise ValueError(f"a number from {least:g} to {most:g} is expected")
        return float(value)

    return accept


def _whole(least: int, most: int) -> Callable[[object], int]:
    def accept(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"a whole number from {least} to {most} is expected")
        return value

    return accept


def _text(value: object) -> str:
    if isinstance(value, str) and len(value) <= MAX_TEXT_LENGTH:
        return value
    raise ValueError("a text is expected")


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError("yes or no is expected")


def _folder(value: object) -> str:
    """An absolute path without a step upwards, or nothing for the default."""
    text = _text(value)
    paths: tuple[PurePath, ...] = (PurePosixPath(text), PureWindowsPath(text))
    if text and (not any(path.is_absolute() for path in paths) or any(".." in path.parts for path in paths)):
        raise ValueError("a whole path without .. is expected")
    return text


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(k, str) and isinstance(v, str) for k, v in value.items()):
        raise ValueError("names with texts are expected")
    return dict(list(value.items())[-MAX_ENTRIES:])


THEME = Key("theme", "system", _choice("system", "light", "dark"))
TEXT_SCALE = Key("text_scale", 1.0, _number(0.75, 3.0))
DOWNLOAD_FOLDER = Key("download_folder", "", _folder)
"""Empty: the default of `Paths.downloads`."""
DOWNLOADS_AT_ONCE = Key("downloads_at_once", 4, _whole(1, 8))
RERUN_RULE = Key("rerun_rule", "ask", _choice("ask", "always"))
"""What happens when a link ended and could not be renewed (B08)."""
DEFAULT_FORMAT = Key("default_format", "csv", _choice("csv", "xlsx"))
FORMAT_BY_QUERY: Key[dict[str, str]] = Key("format_by_query", {}, _texts)
"""SHA-256 of the SQL to the format last chosen for it (A18)."""
NOTIFY = Key("notify", True, _flag)
NOTIFY_AFTER_SECONDS = Key("notify_after_seconds", 20, _whole(0, 86_400))
"""A job that took less is not announced (A16)."""
EXTRA_CA_FILE = Key("extra_ca_file", "", _folder)
"""A file of further certificate authorities to trust, shown in the window (T4)."""
LAST_CONNECTION = Key("last_connection", "", _text)
VIEW_STATES: Key[dict[str, str]] = Key("view_states", {}, _texts)
"""Object name of a table or splitter to base64 of its state; of the tabs to the id of the one in view."""

UNTOLD_NOTICES: Key[dict[str, str]] = Key("untold_notices", {}, _texts)
"""Code to words, as JSON, of what a command found wrong with the store: see `store.untold`."""

KEYS: Mapping[str, Key[Any]] = {
    key.name: key
    for key in (
        THEME,
        TEXT_SCALE,
        DOWNLOAD_FOLDER,
        DOWNLOADS_AT_ONCE,
        RERUN_RULE,
        DEFAULT_FORMAT,
        FORMAT_BY_QUERY,
        NOTIFY,
        NOTIFY_AFTER_SECONDS,
        EXTRA_CA_FILE,
        LAST_CONNECTION,
        VIEW_STATES,
        UNTOLD_NOTICES,
    )
}


class Settings:
    """The choices of this user. Reading is at once, from memory; writing is durable when `set` returns.

    Attributes:
        changed: the name of each key whose value is another one now.
    """

    def __init__(self, database: Database) -> None:
        self.changed: Topic[str] = Topic("settings")
        self._database = database
        self._values: dict[str, Any] = {}

    async def load(self) -> None:
        """Read the table. An unusable value is logged and its default holds; a key of another version is left alone.

        Raises:
            StorageError: if the store can't be read.
        """
        rows = await self._database.read(
            lambda connection: connection.execute("SELECT key, value FROM settings").fetchall()
        )
        for name, stored in rows:
            key = KEYS.get(name)
            if key is None:
                continue
            try:
                self._values[name] = key.accept(json.loads(stored))
            except (ValueError, RecursionError) as error:
                log.warning("the setting %s is unusable (%s); its default holds", name, error)

    def get(self, key: Key[Value]) -> Value:
        """Return what holds for `key` now."""
        value: Value = self._values.get(key.name, key.default)
        return value

    def path(self, key: Key[str]) -> Path | None:
        """Return the path that holds for `key` now; None if none was chosen."""
        chosen = self.get(key)
        return Path(chosen) if chosen else None

    async def set(self, key: Key[Value], value: Value) -> None:
        """Keep `value` for `key`.

        Raises:
            ValueError: if the key does not take it.
            StorageError: if it can't be saved; it holds until the end of the session nevertheless.
        """
        await self._apply({key.name: key.accept(value)})

    async def put_entry(self, key: Key[dict[str, str]], name: str, value: str) -> None:
        """Set one entry of a setting that is a mapping; it becomes the newest. Errors as `set`."""
        entries = {other: kept for other, kept in self.get(key).items() if other != name}
        await self.set(key, {**entries, name: value})

    async def reset(self, key: Key[Value]) -> None:
        """Let the default hold again.

        Raises:
            StorageError: if it can't be saved.
        """
        had = self.get(key)
        self._values.pop(key.name, None)
        if had != key.default:
            self.changed.publish(key.name)
        await self._database.write(
            lambda connection: connection.execute("DELETE FROM settings WHERE key = ?", (key.name,)).rowcount
        )

    async def _apply(self, values: dict[str, Any]) -> None:
        rows = [(name, json.dumps(value, ensure_ascii=False)) for name, value in values.items()]
        different = [name for name, value in values.items() if self._values.get(name, KEYS[name].default) != value]
        self._values.update(values)
        for name in different:
            self.changed.publish(name)
        await self._database.write(lambda connection: connection.executemany(_UPSERT, rows).rowcount)


_UPSERT = """
    INSERT INTO settings (key, value) VALUES (?, ?)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
