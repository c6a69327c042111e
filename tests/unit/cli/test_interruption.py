"""What ends a command from outside."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from sana_desktop.cli import interruption

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there are no such signals to send on Windows")
NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture(autouse=True)
def handlers_as_before() -> Iterator[None]:
    before = [signal.getsignal(number) for number in NUMBERS]
    yield
    for number, handler in zip(NUMBERS, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_an_end_asked_for_does_what_ctrl_c_does(number: signal.Signals) -> None:
    signal.signal(number, signal.SIG_DFL)
    interruption.treat_as_ctrl_c()
    seen: list[int] = []
    signal.signal(signal.SIGINT, lambda given, _: seen.append(given))
    signal.raise_signal(number)
    assert seen == [signal.SIGINT]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # as in the background of a shell
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(number)


def test_what_shall_be_ignored_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    interruption.treat_as_ctrl_c()
    signal.raise_signal(signal.SIGHUP)
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN


def test_it_waits_for_what_must_not_be_cut_in_two() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    interruption.treat_as_ctrl_c()
    done: list[str] = []

    def whole() -> None:
        with interruption.held_back():
            # To this thread: one that another test left behind has no such mask, and would take it at once.
            signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
            done.append("whole")

    with pytest.raises(KeyboardInterrupt):
        whole()
    assert done


def test_it_is_said_with_its_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert interruption.report("export", as_json=True) == 130
    assert '"kind": "cancelled"' in capsys.readouterr().out
    assert interruption.report("practice", as_json=False) == 130
    assert capsys.readouterr() == ("", f"{interruption.SIMULATION_WORDS}\n")
    assert interruption.report("demo", as_json=False) == 130
    assert capsys.readouterr() == ("", "")
