"""Says of a text whether it may run, in the process that serves: a parser of its own, without any data beneath it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from pathlib import Path

import duckdb

from sana_desktop.sandbox import policy
from sana_desktop.sandbox.engine import EngineLimits, locked
from sana_desktop.sandbox.envelope import ApiRefusal
from sana_desktop.sandbox.policy import CheckedQuery, Vocabulary

MAX_REMEMBERED_QUERIES = 256
_CLOSE_SECONDS = 0.5


class Checker:
    """May be called from any thread; one text is looked at at a time."""

    def __init__(self, words: Vocabulary, spill: Path) -> None:
        self._words = words
        self._spill = spill
        self._parser = self._connect()
        self._lock = threading.Lock()
        self._checked: OrderedDict[str, CheckedQuery] = OrderedDict()

    def check(self, text: str) -> CheckedQuery:
        """Raises ApiRefusal (400)."""
        with self._lock:
            known = self._checked.get(text)
            if known is None:
                known = self._checked[text] = self._check(text)
                if len(self._checked) > MAX_REMEMBERED_QUERIES:
                    self._checked.popitem(last=False)
            return known

    def close(self) -> None:
        """A text that is being looked at keeps the parser: it must not be taken from under it."""
        if self._lock.acquire(timeout=_CLOSE_SECONDS):
            self._parser.close()
            self._lock.release()

    def _check(self, text: str) -> CheckedQuery:
        try:
            return policy.check(self._parser, text, self._words)
        except (duckdb.InternalException, duckdb.FatalException) as error:
            # An engine that met a flaw of its own answers nobody any more.
            self._parser = self._connect()
            raise ApiRefusal(400, "invalid_query", "The query can't be read here.") from error
        except MemoryError as error:
            raise ApiRefusal(400, "invalid_query", "The query is too large.") from error

    def _connect(self) -> duckdb.DuckDBPyConnection:
        parser = duckdb.connect(":memory:", config=locked(EngineLimits(), self._spill))
        parser.execute("SET enable_external_access = false")
        parser.execute("SET lock_configuration = true")
        return parser
