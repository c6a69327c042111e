"""Starts the example data when somebody wants to try, and shows it where they are."""

from __future__ import annotations

from collections.abc import Callable

from sana_desktop.base.errors import SanaError
from sana_desktop.base.tasks import Supervisor
from sana_desktop.base.text import one_line
from sana_desktop.reports.services import Services
from sana_desktop.ui.example import EXAMPLE_SQL, Server, lend_demo
from sana_desktop.ui.shell import Shell
from sana_desktop.ui.tr import error_words, tr


class ExamplePresenter:
    """Lends the example data to the window.

    Args:
        show_sites: shows the sites anew, the demo among them.
        say: a sentence for the status line, with a tone.
    """

    def __init__(
        self,
        shell: Shell,
        services: Services,
        server: Server,
        tasks: Supervisor,
        show_sites: Callable[[], None],
        say: Callable[[str, str], None],
    ) -> None:
        self._shell = shell
        self._services = services
        self._server = server
        self._tasks = tasks
        self._show_sites = show_sites
        self._say = say

    def start(self, *, again: bool = False, in_practice: bool = False) -> None:
        """Start it, once.

        Args:
            again: put its query into the editor although there is another.
            in_practice: stay in the Practice place.
        """
        self._tasks.start("start the example", self.show(again=again, stay=in_practice), key="example")

    async def show(self, *, again: bool = False, stay: bool = False) -> None:
        """Start it and show it; a failure is said in the status line. See `start`; `stay` wherever the person is."""
        self._say(tr("Example", "Starting the example data…"), "busy")
        services, shell = self._services, self._shell
        try:
            connection = await lend_demo(
                self._server, services.book, services.clients, services.redactor, services.practice_clients
            )
        except SanaError as error:
            self._say(error_words(error)[1], "bad")
            return
        self._show_sites()
        edit = shell.editor.current_edit()
        text = edit.toPlainText().strip() if edit is not None else ""
        if not text or (again and text != EXAMPLE_SQL.strip()):
            shell.editor.insert_query(EXAMPLE_SQL, connection_id=connection, form="csv")
        if not stay:
            shell.window.go_to("reports")
            shell.reports.show_work()
        bar = shell.editor.order_bar
        chosen = services.book.get(bar.connection_id() or "")
        self._say(ready_words(None if chosen is None or chosen.id == connection else chosen.name), "quiet")


def ready_words(other: str | None) -> str:
    """Return what is said once the example is there.

    Args:
        other: name of another site that the query in sight goes to: then nothing may sound as if it stayed here.
    """
    if other is None:
        return tr("Example", "The example data is made up, and nothing of it leaves this computer.")
    return tr("Example", "The example data is there, too. The query in sight goes to {site}.", site=one_line(other, 60))
