from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sana_desktop.base.redaction import Redactor, Secret
from sana_desktop.store import logs
from sana_desktop.store.logs import start_logging

CANARY = "canary-token-5512"


@pytest.fixture
def logging_to(tmp_path: Path) -> Iterator[Callable[[Redactor], Path]]:
    stops = []

    def start(redactor: Redactor) -> Path:
        stops.append(start_logging(tmp_path / "log" / "app.log", redactor))
        return tmp_path / "log" / "app.log"

    yield start
    for stop in stops:
        stop()


def test_B12_neither_messages_nor_tracebacks_hold_a_secret_or_a_link(logging_to: Callable[[Redactor], Path]) -> None:
    redactor = Redactor()
    redactor.add(Secret(CANARY))
    path = logging_to(redactor)
    log = logging.getLogger("some.room")
    log.info("token %s of https://storage.example/report.csv?sig=abc", CANARY)
    try:
        raise ValueError(f"bad {CANARY}")
    except ValueError:
        log.exception("failed\nwith a second line")
    text = path.read_text()
    assert CANARY not in text
    assert "sig=abc" not in text
    assert "ValueError: bad ••••••" in text
    assert "failed\\nwith a second line" in text
    assert text.startswith("20")
    assert "Z INFO some.room: token" in text


def test_F5_libraries_that_tell_addresses_are_quiet(logging_to: Callable[[Redactor], Path]) -> None:
    path = logging_to(Redactor())
    logging.getLogger("httpx").info("HTTP Request: GET https://storage.example/report.csv?sig=abc")
    logging.getLogger("sana_desktop.x").debug("too much detail")
    assert path.read_text() == ""


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_D17_every_log_file_is_for_this_user_alone(
    logging_to: Callable[[Redactor], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "LOG_BYTES", 500)
    before = os.umask(0)
    try:
        path = logging_to(Redactor())
        for number in range(100):
            logging.getLogger("x").info("line %d", number)
    finally:
        os.umask(before)
    files = list(path.parent.iterdir())
    assert len(files) == 1 + logs.LOGS_KEPT
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_afterwards_the_root_logger_is_as_before(tmp_path: Path) -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    start_logging(tmp_path / "a.log", Redactor())()
    assert (root.level, list(root.handlers)) == before


def test_a_file_that_can_not_be_put_by_is_written_on(
    logging_to: Callable[[Redactor], Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logs, "LOG_BYTES", 200)
    monkeypatch.setattr(logs, "LOGS_KEPT", 1)
    path = logging_to(Redactor())
    (path.with_name(f"{path.name}.1") / "in the way").mkdir(parents=True)
    for number in range(20):
        logging.getLogger("some.room").info("line %d", number)
    assert [line.rpartition(" ")[2] for line in path.read_text().splitlines()] == [str(n) for n in range(20)]
    assert capsys.readouterr().err == ""
