"""The watch over the window's thread: no stall above the limit goes unseen, and each has its real length."""

from __future__ import annotations

import logging
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from sana_desktop.ui.stall_watch import BEAT_SECONDS, STALL_SECONDS, StallWatch

STEP = 0.001
PHASES = [0.0, 0.003, 0.019, 0.044]
"""How long after a beat a stall begins."""


class Machine:
    """A window's thread that beats, stands still when told, and another that looks; both by one simulated time."""

    def __init__(self) -> None:
        self._steps = 0
        self.watch = StallWatch(now=self.now)

    def now(self) -> float:
        return self._steps * STEP

    def run(self, until: float, *stalls: tuple[float, float]) -> None:
        """Let time pass; `stalls` are beginnings and lengths."""
        next_beat = next_look = self.now()
        while self.now() < until:
            stalled = any(begin <= self.now() < begin + length for begin, length in stalls)
            if self.now() >= next_beat and not stalled:
                self.watch.beat()
                next_beat = self.now() + BEAT_SECONDS
            if self.now() >= next_look:
                next_look = self.now() + self.watch.look()
            self._steps += 1


def stacks(caplog: pytest.LogCaptureFixture) -> int:
    return sum("test_stall_watch.py" in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize("length", [0.130, 0.190, 0.220, 1.0])
@pytest.mark.parametrize("phase", PHASES)
def test_p18_every_stall_above_the_limit_has_its_stack_and_its_length(
    caplog: pytest.LogCaptureFixture, length: float, phase: float
) -> None:
    machine = Machine()
    # One right after the other, too: what was seen of the first must not hide the second.
    begins = [0.4 + phase, 0.4 + phase + length + 0.03, 3.2 + phase]
    machine.run(5.0, *((begin, length) for begin in begins))
    seen = list(machine.watch.stalls)
    assert len(seen) == 3
    assert all(length - STEP <= one <= length + BEAT_SECONDS + 2 * STEP for one in seen)
    assert stacks(caplog) == 3
    assert all(any(f"{one * 1000:.0f} ms" in record.getMessage() for record in caplog.records) for one in seen)


@pytest.mark.parametrize("phase", PHASES)
def test_a_turn_well_below_the_limit_is_no_stall(caplog: pytest.LogCaptureFixture, phase: float) -> None:
    machine = Machine()
    machine.run(2.0, *((0.4 + phase + step * 0.13, STALL_SECONDS - BEAT_SECONDS - 2 * STEP) for step in range(8)))
    assert (list(machine.watch.stalls), caplog.records) == ([], [])


def test_what_hangs_is_logged_while_it_hangs(caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine()
    machine.run(5.0, (0.4, 60.0))
    assert not machine.watch.stalls
    assert stacks(caplog) == len(caplog.records) == 1


def test_what_kept_every_thread_from_running_is_measured(caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine()
    machine.run(0.1)
    machine._steps += 400
    machine.run(1.0)
    assert len(machine.watch.stalls) == 1
    assert "no other thread ran" in caplog.text


def test_a_watch_that_never_began_can_be_stopped(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    StallWatch().stop()
    assert not caplog.records


def test_p18_a_blocked_loop_is_logged_with_its_stack() -> None:
    code = """
        import asyncio, logging, time
        logging.basicConfig(level=logging.WARNING)
        from PySide6.QtWidgets import QApplication
        from sana_desktop.ui.loop import run
        from sana_desktop.ui.stall_watch import StallWatch
        app = QApplication([])
        def computing(seconds):
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                pass
        def waiting(seconds):
            time.sleep(seconds)
        async def main():
            watch = StallWatch()
            watch.start()
            for culprit, seconds in ((computing, 0.14), (waiting, 0.14), (waiting, 0.19), (computing, 0.4)):
                await asyncio.sleep(0.05)
                culprit(seconds)
            await asyncio.sleep(0.05)
            watch.stop()
            return len(watch.stalls), sum(watch.stalls) >= 0.87
        print(*run(main))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    count, long_enough = done.stdout.split()
    # A machine that is busy elsewhere may add stalls of its own; none of ours may be missing.
    assert (int(count) >= 4, long_enough) == (True, "True")
    assert done.stderr.count("in computing") >= 2
    assert done.stderr.count("in waiting") >= 2
