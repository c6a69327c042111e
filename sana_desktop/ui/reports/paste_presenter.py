"""From a pasted text to a card that says what it is, and from the card to the editor: nothing is sent on this road."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from sana_desktop.api.origin import parse_workspace
from sana_desktop.base.clock import Clock
from sana_desktop.base.errors import SanaError, UserError
from sana_desktop.base.files import TooLong, read_text
from sana_desktop.base.redaction import Redactor
from sana_desktop.base.tasks import Supervisor
from sana_desktop.base.words import Words
from sana_desktop.reports.paste.understanding import Confidence, Kind, Understanding
from sana_desktop.reports.records.drafts import Format
from sana_desktop.ui import desktop
from sana_desktop.ui.reports.editor.format_memory import FormatMemory
from sana_desktop.ui.reports.page import ReportsPage
from sana_desktop.ui.reports.paste.understood_card import MAX_FOLDED_LENGTH, Note, NoteTone, Understood
from sana_desktop.ui.reports.words.site_words import mark_words
from sana_desktop.ui.tr import error_text, tr
from sana_desktop.workspace.clients import ClientPool
from sana_desktop.workspace.connection import proposed_mark
from sana_desktop.workspace.connections import Access, Connection, ConnectionStore

MAX_SQL_FILE_LENGTH = 1_000_000
"""Bytes of a file with a query; what is longer is no query."""
REPORT_SUFFIXES = frozenset({".csv", ".xlsx"})


class PastePresenter:
    """Understands what is pasted or dropped, shows the card, and does what the accepted card says.

    Args:
        connect: opens the form of a connection, filled in with what was understood.
        formats: knows in which format a query was last wanted.
        say: a sentence for the status line, with a tone.
    """

    def __init__(
        self,
        page: ReportsPage,
        book: ConnectionStore,
        clients: ClientPool,
        redactor: Redactor,
        clock: Clock,
        supervisor: Supervisor,
        *,
        connect: Callable[[Understanding], None],
        formats: FormatMemory,
        say: Callable[[str, str], None],
    ) -> None:
        self._page = page
        self._book = book
        self._clients = clients
        self._redactor = redactor
        self._clock = clock
        self._supervisor = supervisor
        self._connect = connect
        self._formats = formats
        self._say = say
        self._understood: Understanding | None = None
        self._takes = 0
        self.elsewhere: Callable[[str], bool] = lambda text: False
        """Asked first: True where a text is taken by another place of the window."""
        self.nothing_elsewhere: Callable[[], bool] = lambda: False
        """Asked where nothing can be made of a text: True where another place, in sight now, says so itself."""
        page.pasted.connect(self.take)
        page.paste_accepted.connect(self._accept)
        page.paste_dismissed.connect(self._forget)
        page.clipboard_wanted.connect(self._empty_clipboard)
        page.paste_again_wanted.connect(lambda: self.take(QGuiApplication.clipboard().text()))

    def take(self, text: str) -> None:
        """Understand a text and show the card; of none there is only something to say."""
        if not text.strip():
            self._say(tr("Paste", "There is no text on the clipboard to paste."), "warn")
            return
        self._takes += 1
        if self.elsewhere(text):
            return
        self._supervisor.start("understand a paste", self._understand(text, self._takes))

    def take_file(self, path: str) -> None:
        """Read a dropped file with a query or a command and understand it; of a report file only the name is read."""
        self._takes += 1
        if Path(path).suffix.lower() in REPORT_SUFFIXES:
            self._supervisor.start("understand a dropped file", self._understand(path, self._takes))
        else:
            self._supervisor.start("read a dropped file", self._read_file(Path(path), self._takes))

    async def _understand(self, text: str, take: int) -> None:
        understood = await asyncio.to_thread(_understand, text, self._clock)
        for secret in understood.secrets:
            self._redactor.add(secret)
        if take != self._takes:
            return  # something else was pasted meanwhile: the card speaks of that
        if understood.kind is Kind.NOTHING and self.nothing_elsewhere():
            return
        self._understood = understood
        self._page.show_understood(card_of(understood, self._site_in_words(understood), self._form(understood)))

    async def _read_file(self, path: Path, take: int) -> None:
        try:
            text = await asyncio.to_thread(read_text, path, MAX_SQL_FILE_LENGTH)
        except TooLong:
            self._say(tr("Paste", "{name} is too long to be a query.", name=path.name), "warn")
        except (OSError, UnicodeDecodeError):
            self._say(tr("Paste", "{name} can't be read as text.", name=path.name), "warn")
        else:
            await self._understand(text, take)

    def _accept(self) -> None:
        understood, self._understood = self._understood, None
        if understood is not None:
            self._supervisor.start("take over a paste", self._take_over(understood), key="accept paste")

    def _forget(self) -> None:
        self._understood = None

    def _empty_clipboard(self) -> None:
        desktop.clear_clipboard()
        self._page.card.show_clipboard_empty()

    async def _take_over(self, understood: Understanding) -> None:
        try:
            await self._act(understood)
        except SanaError as error:
            self._say(error_text(error), "warn")

    async def _act(self, understood: Understanding) -> None:
        if understood.kind is Kind.SQL_FILE and understood.path:
            self._takes += 1
            await self._read_file(Path(understood.path), self._takes)
            return
        if understood.kind in {Kind.CREDENTIALS, Kind.TOKEN_REQUEST, Kind.WORKSPACE} and not understood.can_order:
            self._connect(understood)
            return
        connection = await self._connection(understood)
        usable = understood.token is not None and not (understood.token_is_key or understood.token_ended)
        if connection is not None and understood.token is not None and usable:
            self._clients.give_token(connection.id, understood.token)
            self._say(tr("Paste", "The pass is kept in memory for {name}.", name=connection.name), "good")
        if understood.can_order and understood.sql is not None:
            self._page.editor.insert_query(
                understood.sql,
                connection_id=connection.id if connection is not None else None,
                form=self._form(understood),
            )

    def _form(self, understood: Understanding) -> Format:
        return understood.format.value if understood.format is not None else self._formats.of(understood.sql or "")

    def _site_in_words(self, understood: Understanding) -> str:
        """Return what the card says of the site beyond what the paste says: whether it is known, or which is meant."""
        if understood.origin is None:
            chosen = self._page.editor.order_bar.connection_id()
            if chosen is None or understood.kind not in {Kind.TOKEN, Kind.ANSWER} or understood.token is None:
                return ""
            known_site = self._book.get(chosen)
            return tr("Paste", "it does not say; {name}, which is chosen", name=known_site.name) if known_site else ""
        host = understood.origin.partition("://")[2]
        origin = parse_workspace(understood.origin)
        if known := self._book.at(origin):
            return tr("Paste", "{name}, which is connected already ({host})", name=known[0].name, host=host)
        if understood.can_order:
            mark = mark_words(proposed_mark(origin.host))
            return tr("Paste", "{host}, which is added to your connections as “{mark}”", host=host, mark=mark)
        return ""

    async def _connection(self, understood: Understanding) -> Connection | None:
        """Return the connection that a paste is for; one is made for a site that was not there before."""
        chosen = self._page.editor.order_bar.connection_id()
        if understood.origin is None:
            if chosen is None and understood.token is not None:
                raise UserError(
                    "I can't tell which site this pass is for.",
                    code="E-PASTE-SITE",
                    next_step="Choose or connect the site first, then paste it again.",
                )
            return self._book.get(chosen) if chosen is not None else None
        origin = parse_workspace(understood.origin)
        known = self._book.at(origin)
        if known:
            # Of several ways into one site the chosen one is meant.
            return next((one for one in known if one.id == chosen), known[0])
        return await self._book.add(origin, access=Access.PASTED)


def card_of(understood: Understanding, site: str = "", form: Format = "csv") -> Understood:
    """Return what the card says of a paste; it holds no secret.

    Args:
        understood: what the paste is.
        site: what is to be said of its site beyond what the paste says.
        form: the format that will be chosen where it does not say one.
    """
    notes = [Note(_say(note)) for note in understood.notes]
    if understood.problem is not None:
        notes.insert(0, Note(error_text(understood.problem), "bad"))
    if understood.token is not None and not (understood.token_is_key or understood.token_ended):
        lifted = tr("Paste", "The pass was lifted out. It is shown nowhere and never written to disk.")
        notes.append(Note(lifted, "good"))
    blank = [one for one in understood.placeholders if understood.can_order and one in (understood.sql or "")]
    if blank:
        tone: NoteTone = "warn"
        names = ", ".join(blank[:5])
        notes.append(Note(tr("Paste", "Blanks to fill in before it can run: {names}", names=names), tone))
    notes = [*(Note(_say(warning), "warn") for warning in understood.warnings), *notes]
    if _is_dead_end(understood):
        notes.append(Note(_way_on(understood)))
    unsure = understood.confidence is Confidence.UNSURE
    return Understood(
        rows=_rows(understood, site, form),
        notes=tuple(notes),
        accept=_verb(understood),
        title=_title(understood, unsure),
        folded=(understood.sql or "")[:MAX_FOLDED_LENGTH],
        folded_words=tr("Paste", "Show the SQL"),
        clipboard_button=bool(understood.secrets),
        again_button=_is_dead_end(understood),
    )


def _rows(understood: Understanding, site: str, form: Format) -> tuple[tuple[str, str], ...]:
    rows = [(_say(name), _say(sentence)) for name, sentence in understood.card]
    if site:
        named = 1 if understood.origin is not None and rows else 0
        rows[:named] = [(tr("Paste", "Site"), site)]
    if understood.can_order and understood.format is None:
        chosen = {"csv": tr("Paste", "CSV"), "xlsx": tr("Paste", "Excel (XLSX)")}[form]
        words = tr("Paste", "it does not say; {format}, until you choose another", format=chosen)
        if understood.other_format:
            words = tr(
                "Paste",
                "{other} is not offered; {format}, until you choose another",
                other=understood.other_format,
                format=chosen,
            )
        access = 1 if understood.token is not None or understood.kind is Kind.REPORT else 0
        rows.insert(len(rows) - access, (tr("Paste", "Format"), words))
    return tuple(rows)


def _title(understood: Understanding, unsure: bool) -> str:
    headline = _say(understood.headline)
    if understood.problem is not None or understood.kind in {Kind.NOTHING, Kind.BROKEN}:
        return headline
    if understood.can_order and not understood.is_report:
        return tr("Paste", "This is no query for a report")
    if understood.can_order and not unsure:
        return tr("Paste", "I understood this")
    return tr("Paste", "I am not sure: {headline}", headline=headline) if unsure else headline


def _verb(understood: Understanding) -> str:
    if _is_dead_end(understood):
        return ""
    if understood.can_order:
        return tr("Paste", "Put it into the editor")
    match understood.kind:
        case Kind.TOKEN | Kind.ANSWER if understood.token is not None:
            return tr("Paste", "Use this pass")
        case Kind.SQL_FILE:
            return tr("Paste", "Open the file")
        case _:
            return tr("Paste", "Connect the site")


def _is_dead_end(understood: Understanding) -> bool:
    """Whether nothing can be made of it but to paste something else."""
    if understood.problem is not None:
        return True
    if understood.can_order or understood.kind in {
        Kind.CREDENTIALS,
        Kind.TOKEN_REQUEST,
        Kind.WORKSPACE,
        Kind.SQL_FILE,
    }:
        return False
    return understood.kind not in {Kind.TOKEN, Kind.ANSWER} or understood.token is None or understood.token_ended


def _way_on(understood: Understanding) -> str:
    """Return what helps instead."""
    match understood.kind:
        case Kind.JOB_LOOK | Kind.JOB_ID | Kind.LINK | Kind.ANSWER if not understood.token_ended:
            return tr(
                "Paste",
                "This app fetches only what it ordered itself. Copy the command that orders the report, or its SQL, "
                "and paste that: the report is then run anew.",
            )
        case Kind.TOKEN | Kind.ANSWER:
            return tr("Paste", "Copy the command again from the widget: a fresh pass is in it.")
        case Kind.DATA_FILE:
            return tr("Paste", "What this app fetched is under Downloads, where it can be opened and verified.")
        case _:
            return tr(
                "Paste",
                "What can be pasted: a cURL command or SQL. In Sana, open Manage, then Insights. Press </> above your "
                "widget, then the clipboard, and choose cURL. Then paste it here.",
            )


def _say(words: Words) -> str:
    return words.say(lambda template: tr("Paste", template))


def _understand(text: str, clock: Clock) -> Understanding:
    # Imported on this thread: the parser behind it takes 280 ms to load.
    from sana_desktop.reports.paste.recognition import understand

    return understand(text, clock.now())
