"""Further states of comparisons, replay, cards and connections: failed, outdated, on their way, taken over."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from sana_desktop.practice.replay.compare import StopsFound
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.compare.why_view import Doubt
from sana_desktop.ui.practice.replay.dialog import ReplayDialog, Unfinished
from sana_desktop.ui.practice.replay.then_and_now import ThenAndNowDialog
from sana_desktop.ui.theme.theme import Theme
from tests.support import practice_samples as samples
from tests.support.shots import Scene
from tests.ui.compare_scenes import DRY, PAGE, compare, replay

UNREACHED = "The site can't be reached. Check the network, then try again."


def repeat_failed(theme: Theme, icons: Icons) -> QWidget:
    page = compare(theme, icons, "repeat")
    page.repeat.show_ended(UNREACHED, "bad")
    return page


def repeat_old(theme: Theme, icons: Icons) -> QWidget:
    """What was found is of another set-up."""
    page = compare(theme, icons, "repeat")
    page.repeat.show_found_for("before", "5 exercises, challenge 0.30, for Learner 1.")
    page.repeat.show_result(samples.SURE)
    page.repeat.show_question("5 exercises, challenge 0.50, for Learner 1.", "now")
    page.repeat.hand_on.offer(True)
    return page


def sweep_stopped(theme: Theme, icons: Icons) -> QWidget:
    page = compare(theme, icons, "sweep")
    page.sweep.show_result(samples.sweep())
    page.sweep.show_ended("Stopped after 7 of 15 requests: this is what was found until then.")
    return page


def why_running(theme: Theme, icons: Icons) -> QWidget:
    page = compare(theme, icons, "why")
    page.why.choose(Doubt.NOT_THIS)
    page.why.show_running(1, None)
    return page


def health_passed(theme: Theme, icons: Icons) -> QWidget:
    page = compare(theme, icons, "health")
    page.health.show_result(samples.health(passed=True))
    page.health.hand_on.offer(True)
    page.health.hand_on.say("The report is on the clipboard.", "good")
    return page


def replay_first(theme: Theme, icons: Icons) -> QWidget:
    return ReplayDialog(theme, icons)


def replay_unreadable(theme: Theme, icons: Icons) -> QWidget:
    dialog = ReplayDialog(theme, icons)
    sentence = "answers.csv is not finished: 120 of 809 were sent to Learner 1."
    dialog.show_unfinished(
        [Unfinished("a", sentence), Unfinished("b", "The file of another one was moved or changed.")]
    )
    dialog.show_no_file("course.xlsx is a workbook. Save it as CSV, then choose that.")
    return dialog


def replay_checking(theme: Theme, icons: Icons) -> QWidget:
    dialog = replay(theme, icons)
    dialog.show_checking()
    return dialog


def replay_done(theme: Theme, icons: Icons) -> QWidget:
    dialog = replay(theme, icons)
    dialog.show_dry(DRY)
    dialog.show_finished("All 809 were sent and taken.")
    return dialog


def replay_refused(theme: Theme, icons: Icons) -> QWidget:
    dialog = replay(theme, icons)
    dialog.show_dry(DRY)
    dialog.show_finished("806 of 809 were taken. The site refused 3: see them under So far.", "warn")
    return dialog


def replay_comparing(theme: Theme, icons: Icons) -> QWidget:
    dialog = replay(theme, icons)
    dialog.show_dry(DRY)
    dialog.show_paused(350, 809, "Paused at 350 of 809.")
    dialog.show_comparing("Asking what is recommended now…")
    return dialog


def then_and_now(theme: Theme, icons: Icons) -> QWidget:
    stops = tuple(samples.then_and_now(done) for done in (100, 200, 350))
    return ThenAndNowDialog(theme, icons, StopsFound(stops, samples.SURE))


MORE_COMPARE_SCENES: dict[str, tuple[Scene, QSize | None]] = {
    "repeat-failed": (repeat_failed, PAGE),
    "repeat-old": (repeat_old, PAGE),
    "sweep-stopped": (sweep_stopped, PAGE),
    "why-running": (why_running, PAGE),
    "health-passed": (health_passed, PAGE),
    "replay-first": (replay_first, None),
    "replay-unreadable": (replay_unreadable, None),
    "replay-checking": (replay_checking, None),
    "replay-done": (replay_done, None),
    "replay-refused": (replay_refused, None),
    "replay-comparing": (replay_comparing, None),
    "then-and-now": (then_and_now, None),
}
