"""The Compare page with its presenter, on services of practice that are open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sana_desktop.practice.asker import Asker
from sana_desktop.practice.outcomes.delivery_asker import DeliveryAsker
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.practice.compare.page import ComparePage
from sana_desktop.ui.practice.compare.presenter import ComparePresenter
from sana_desktop.ui.theme.theme import Theme
from tests.support.practice_desk import PracticeDesk


@contextmanager
def compare_page(theme: Theme, icons: Icons) -> Iterator[ComparePage]:
    """Show the page, of a usual size."""
    made = ComparePage(theme, icons)
    made.resize(1100, 700)
    made.show()
    yield made
    made.hide()
    made.deleteLater()


def present(
    desk: PracticeDesk, page: ComparePage, asker: Asker | None = None, files: list[Path] | None = None
) -> ComparePresenter:
    """Bring the page to life.

    Args:
        asker: who is asked instead of the sandbox.
        files: what the person chooses to save to, one after the other; None then.
    """

    async def save_file(name: str) -> Path | None:
        return files.pop(0) if files else None

    made = ComparePresenter(
        page,
        desk.host,
        desk.supervisor,
        desk.clock,
        asker_of=lambda connection: asker or DeliveryAsker(desk.services.delivery, connection),
        sessions=desk.services.sessions,
        learners=desk.services.learners,
        known=desk.services.repeats,
        findings=desk.services.findings,
        site_name=lambda connection: "Example data",
        save_file=save_file,
    )
    made.refresh()
    return made
