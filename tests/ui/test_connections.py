"""Connections by keys and mouse, and the presenter on a real loop: nothing blocks, every failure has its sentence."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from sana_desktop.base.errors import AuthError, StorageError
from sana_desktop.base.redaction import Secret
from sana_desktop.base.tasks import Supervisor
from sana_desktop.ui.connections.page import ConnectionsPage
from sana_desktop.ui.connections.presenter import ConnectionsPresenter
from sana_desktop.ui.connections.views import CheckView, ConnectionEntry, ConnectionView, LeftBehind
from sana_desktop.ui.dialogs import QuestionDialog
from sana_desktop.ui.icons import Icons
from sana_desktop.ui.theme.theme import Theme
from tests.support.shots import settle
from tests.support.waiting import until
from tests.ui.scenes import CHECKS, TESTED, VIEWS, read_site

SECRET = "canary-secret-93d1"  # made up
NO_SITE = "This is no address of a learning site. Type it like acme or acme.sana.ai."


@pytest.fixture
def page(qtbot: QtBot, theme: Theme, icons: Icons) -> ConnectionsPage:
    made = ConnectionsPage(theme, icons, read_site)
    qtbot.addWidget(made)
    made.resize(1100, 760)
    made.show()
    made.activateWindow()
    return made


def text(root: QWidget, name: str) -> str:
    found = root.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def shown(root: QWidget) -> list[str]:
    return [label.text() for label in root.findChildren(QLabel) if label.isVisible()]


def click(root: QWidget, name: str) -> None:
    found = [widget for widget in root.findChildren(QWidget, name) if widget.isVisible()]
    assert len(found) == 1, name
    QTest.mouseClick(found[0], Qt.MouseButton.LeftButton)


def test_the_form_says_at_once_what_a_site_means(page: ConnectionsPage) -> None:
    click(page, "addConnectionButton")
    assert page.form.site.hasFocus()
    QTest.keyClicks(page.form.site, "acme")
    assert text(page, "siteEcho") == "This means https://acme.sana.ai"
    QTest.keyClicks(page.form.site, " corp")
    assert text(page, "siteEcho") == NO_SITE


def test_that_a_site_is_connected_already_is_said_before_it_is_done_twice(page: ConnectionsPage) -> None:
    page.show_connections(VIEWS)
    page.begin_form()
    twin = VIEWS[0]
    QTest.keyClicks(page.form.site, twin.site)
    assert text(page, "siteEcho") == (f"This means {twin.site}, which is connected already: {twin.name} · {twin.mark}")
    page.begin_form(twin)
    assert text(page, "siteEcho") == f"This means {twin.site}", "it is this very one"


def test_a_site_on_this_computer_is_proposed_as_a_test_until_a_person_says(page: ConnectionsPage) -> None:
    page.begin_form()
    for typed, mark in (("acme", "live"), ("http://127.0.0.1:8431", "test"), ("http://localhost:8431", "test")):
        page.form.site.setText(typed)
        assert page.form.mark.currentData() == mark, typed
    page.form.mark.setFocus()
    QTest.keyClick(page.form.mark, Qt.Key.Key_Up)
    assert page.form.mark.currentData() == "live"
    page.form.site.setText("http://127.0.0.1:9999")
    assert page.form.mark.currentData() == "live", "what a person said stays"
    page.begin_form(replace(VIEWS[0], mark="live", site="http://127.0.0.1:1"))
    assert page.form.mark.currentData() == "live"


@pytest.mark.parametrize(
    ("typed", "sentence", "focus"),
    [
        ({}, "Which site? Its address is missing.", "siteField"),
        ({"siteField": "a b"}, NO_SITE, "siteField"),
        ({"siteField": "acme"}, "The client id is missing.", "clientIdField"),
        ({"siteField": "acme", "clientIdField": "me"}, "The client secret is missing.", "secretField"),
    ],
)
def test_what_is_missing_is_said_at_the_field(
    page: ConnectionsPage, typed: dict[str, str], sentence: str, focus: str
) -> None:
    saved = QSignalSpy(page.saved)
    page.begin_form()
    for name, words in typed.items():
        line = page.findChild(QLineEdit, name)
        assert isinstance(line, QLineEdit)
        QTest.keyClicks(line, words)
    QTest.keyClick(page.form, Qt.Key.Key_Return)
    assert saved.count() == 0
    assert text(page, "formProblem") == sentence
    field = page.findChild(QLineEdit, focus)
    assert isinstance(field, QLineEdit)
    assert field.hasFocus()


def test_a_filled_form_hands_over_the_secret_and_keeps_none(page: ConnectionsPage) -> None:
    saved = QSignalSpy(page.saved)
    page.begin_form()
    QTest.keyClicks(page.form.site, "acme")
    QTest.keyClicks(page.form.client_id, "me")
    QTest.keyClicks(page.form.secret.field, SECRET)
    click(page, "colour-rose")
    click(page, "saveConnectionButton")
    entry = saved.at(0)[0]
    assert entry == ConnectionEntry(None, "Acme", "acme", "rose", "live", "client", "me", Secret(SECRET))
    assert SECRET not in repr(entry)
    field = page.form.secret.field
    assert field.text() == ""
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "", "undo must not bring a secret back"
    click(page, "saveConnectionButton")
    assert saved.count() == 1, "one save at a time"


def test_a_pass_instead(page: ConnectionsPage) -> None:
    saved = QSignalSpy(page.saved)
    page.begin_form()
    QTest.keyClicks(page.form.site, "acme")
    page.form.by_pass.setFocus()
    QTest.keyClick(page.form.by_pass, Qt.Key.Key_Space)
    assert not page.form.secret.isVisible()
    QTest.keyClicks(page.form.token.field, SECRET)
    QTest.keyClick(page.form.token.field, Qt.Key.Key_Return)
    entry = saved.at(0)[0]
    assert (entry.access, entry.client_id, entry.secret) == ("pasted", "", Secret(SECRET))


def test_the_eye_shows_only_while_it_is_held(page: ConnectionsPage) -> None:
    page.begin_form()
    field, eye = page.form.secret.field, page.form.secret.eye
    assert field.echoMode() is QLineEdit.EchoMode.Password
    QTest.mousePress(eye, Qt.MouseButton.LeftButton)
    assert field.echoMode() is QLineEdit.EchoMode.Normal
    QTest.mouseRelease(eye, Qt.MouseButton.LeftButton)
    assert field.echoMode() is QLineEdit.EchoMode.Password
    eye.setFocus()
    QTest.keyPress(eye, Qt.Key.Key_Space)
    assert field.echoMode() is QLineEdit.EchoMode.Normal
    field.setFocus()
    assert field.echoMode() is QLineEdit.EchoMode.Password


def test_changing_keeps_the_stored_secret(page: ConnectionsPage) -> None:
    saved = QSignalSpy(page.saved)
    page.show_connections(VIEWS)
    row = page.row("a")
    assert row is not None
    click(row, "editConnectionButton")
    page.form.name.setText("Acme AB")
    click(page, "saveConnectionButton")
    assert saved.at(0)[0] == ConnectionEntry(
        "a", "Acme AB", VIEWS[0].site, "teal", "live", "client", "reports-export", None
    )


def test_escape_forgets_what_was_typed(page: ConnectionsPage) -> None:
    page.begin_form()
    page.form.secret.field.setText(SECRET)
    QTest.keyClick(page.form, Qt.Key.Key_Escape)
    assert page.showing() == "list"
    assert page.form.secret.field.text() == ""


def test_a_card_says_what_it_is_in_words(page: ConnectionsPage) -> None:
    page.show_connections(VIEWS)
    row = page.row("b")
    assert row is not None
    words = shown(row)
    assert "Acme sandbox" in words
    assert "test" in words
    assert "https://acme-test.sana.ai" in words
    assert any("pasted pass" in one for one in words)


def test_a_test_shows_its_lines_with_words_and_one_action(page: ConnectionsPage) -> None:
    acted = QSignalSpy(page.action_wanted)
    page.show_connections(VIEWS)
    row = page.row("b")
    assert row is not None
    row.test.setFocus()
    row.show_testing()
    assert row.test.hasFocus(), "Space must not land on the neighbour"
    row.show_checks(CHECKS, TESTED)
    row.show_checks(CHECKS, TESTED)
    assert row.test.hasFocus()
    words = shown(row)
    assert any(one.startswith(f"Tested {TESTED.astimezone():%Y-%m-%d %H:%M:%S}. ") for one in words)
    assert [words.count(one) for one in ("Fine", "Not working", "Not checked", "Look at this")] == [1, 1, 1, 1]
    click(row, "check-sign-in")
    assert acted.at(0) == ["b", "sign-in"]


def test_an_unchanged_card_keeps_its_test(page: ConnectionsPage) -> None:
    page.show_connections(VIEWS)
    before = page.row("b")
    assert before is not None
    before.show_checks(CHECKS, TESTED)
    page.show_connections(VIEWS[1:])
    assert page.row("a") is None
    assert page.row("b") is before
    assert "Not working" in shown(before)


def test_a_secret_in_the_wrong_field_is_repeated_nowhere(page: ConnectionsPage) -> None:
    page.begin_form()
    QTest.keyClicks(page.form.site, f"{SECRET} {SECRET}")
    QTest.keyClick(page.form, Qt.Key.Key_Return)
    assert page.form._problem.isVisible()
    assert not any(SECRET in one for one in shown(page))


def test_to_sign_in_again_the_secret_is_asked_for(page: ConnectionsPage) -> None:
    saved = QSignalSpy(page.saved)
    page.begin_form(VIEWS[0], sign_in=True)
    assert page.form.secret.field.hasFocus()
    assert page.form.secret.field.placeholderText() == "", "there is none to keep"
    assert page.form.site.text() == VIEWS[0].site
    QTest.keyClick(page.form, Qt.Key.Key_Return)
    assert saved.count() == 0
    assert text(page, "formProblem") == "The client secret is missing."
    page.begin_form(VIEWS[1], sign_in=True)
    assert page.form.token.field.hasFocus()


def test_in_a_small_window_what_is_wrong_and_why_are_in_sight(qapp: QApplication, page: ConnectionsPage) -> None:
    page.resize(660, 360)
    page.begin_form(VIEWS[0], sign_in=True)
    settle(qapp)
    secret, problem = page.form.secret.field, page.form._problem
    assert page.rect().contains(secret.mapTo(page, secret.rect().center()))
    QTest.keyClick(secret, Qt.Key.Key_Return)
    settle(qapp)
    for widget in (secret, problem):
        assert page.rect().contains(widget.mapTo(page, widget.rect().center())), widget.objectName()


def test_another_site_does_not_get_the_stored_secret(page: ConnectionsPage) -> None:
    saved = QSignalSpy(page.saved)
    page.begin_form(VIEWS[0])
    assert page.form.secret.field.placeholderText()
    page.form.site.setText("beta")
    assert page.form.secret.field.placeholderText() == ""
    QTest.keyClick(page.form, Qt.Key.Key_Return)
    assert saved.count() == 0
    assert "stays behind" in text(page, "formProblem")
    assert page.form.secret.field.hasFocus()


def test_what_was_said_of_a_field_goes_as_it_is_changed_and_moves_no_button(
    qapp: QApplication, page: ConnectionsPage
) -> None:
    page.begin_form()
    page.form.site.setText("a b")
    settle(qapp)
    before = page.form.save.mapTo(page, page.form.save.rect().topLeft())
    click(page, "saveConnectionButton")
    settle(qapp)
    assert page.form._problem.isVisible()
    assert page.form.save.mapTo(page, page.form.save.rect().topLeft()) == before
    QTest.keyClicks(page.form.name, "x")
    assert page.form._problem.isVisible(), "the name was not what it spoke of"
    page.form.site.setText("acme")
    assert not page.form._problem.isVisible()
    assert page.form.site.property("tone") == ""


def test_what_the_site_said_goes_with_any_change(page: ConnectionsPage) -> None:
    page.begin_form()
    page.form.show_problem("The site did not accept this client id or secret.")
    page.form.by_pass.click()
    assert not page.form._problem.isVisible()


def test_a_new_connection_gets_a_colour_of_its_own(page: ConnectionsPage) -> None:
    page.show_connections([replace(VIEWS[0], colour="blue"), replace(VIEWS[1], colour="teal"), VIEWS[2]])
    page.begin_form()
    assert page.form.colour.chosen() == "plum"
    page.begin_form(VIEWS[1])
    assert page.form.colour.chosen() == "ochre"


# -- the presenter


class Workspace:
    """Connections in memory; what it is told to raise it raises."""

    def __init__(self) -> None:
        self.views = list(VIEWS)
        self.error: Exception | None = None
        self.locked: StorageError | None = None
        self.entries: list[ConnectionEntry] = []
        self.acted: list[tuple[str, str]] = []
        self.left = LeftBehind()
        self.go = asyncio.Event()
        self.go.set()

    async def _step(self) -> None:
        await self.go.wait()
        if self.error is not None:
            raise self.error

    async def load(self) -> Sequence[ConnectionView]:
        await self._step()
        return list(self.views)

    async def save(self, entry: ConnectionEntry) -> str:
        await self._step()
        self.entries.append(entry)
        self.views.append(ConnectionView("new", entry.name, entry.colour, entry.mark, entry.site, entry.access))
        return "new"

    async def left_behind(self, connection_id: str) -> LeftBehind:
        return self.left

    async def forget(self, connection_id: str, *, leave_secret: bool = False) -> None:
        await self._step()
        if self.locked and not leave_secret:
            raise self.locked
        self.views = [view for view in self.views if view.id != connection_id]

    async def secret_stays(self, connection_id: str) -> str:
        return f"The entry {connection_id} stays in your keychain."

    async def test(self, connection_id: str) -> Sequence[CheckView]:
        await self._step()
        return CHECKS

    async def act(self, connection_id: str, action: str) -> None:
        await self._step()
        self.acted.append((connection_id, action))

    async def store_sentence(self) -> str:
        return "Secrets are kept in memory only."


@pytest.fixture
async def supervisor() -> AsyncIterator[Supervisor]:
    made = Supervisor("test")
    yield made
    await made.stop()


async def test_loading_then_the_list(page: ConnectionsPage, supervisor: Supervisor) -> None:
    workspace = Workspace()
    workspace.go.clear()
    presenter = ConnectionsPresenter(page, workspace, supervisor)
    presenter.refresh()
    await until(lambda: "Reading your connections…" in shown(page))
    workspace.go.set()
    await until(lambda: page.row("a") is not None)
    assert text(page, "storeSentence") == "Secrets are kept in memory only."
    assert "Reading your connections…" not in shown(page)


async def test_an_error_has_one_button_that_helps(page: ConnectionsPage, supervisor: Supervisor) -> None:
    workspace = Workspace()
    workspace.error = StorageError("The disk is full.", code="E-FULL")
    await ConnectionsPresenter(page, workspace, supervisor).load()
    assert "The disk is full." in shown(page)
    workspace.error = None
    click(page, "retryConnectionsButton")
    await until(lambda: page.row("a") is not None)
    assert "The disk is full." not in shown(page)


async def test_saving_leads_to_a_test(page: ConnectionsPage, supervisor: Supervisor) -> None:
    workspace = Workspace()
    presenter = ConnectionsPresenter(page, workspace, supervisor)
    await presenter.load()
    page.begin_form()
    page.form.site.setText("beta")
    page.form.client_id.setText("me")
    page.form.secret.field.setText(SECRET)
    click(page, "saveConnectionButton")
    await until(lambda: page.showing() == "list")
    row = page.row("new")
    assert row is not None
    await until(lambda: "Not working" in shown(row))
    assert workspace.entries[0].name == "Beta"


async def test_a_test_leads_to_the_card_it_is_of(page: ConnectionsPage, supervisor: Supervisor) -> None:
    workspace = Workspace()
    workspace.views = [replace(VIEWS[0], id=f"c{at}", name=f"Site {at}") for at in range(20)]
    presenter = ConnectionsPresenter(page, workspace, supervisor)
    await presenter.load()
    page.begin_form()
    presenter.test("c19")
    row = page.row("c19")
    assert row is not None
    await until(lambda: "Not working" in shown(row))
    assert page.showing() == "list"
    assert row.test.hasFocus()
    assert page.rect().contains(row.mapTo(page, row.rect().topLeft()))


def test_what_a_test_found_is_in_sight_whole(qtbot: QtBot, page: ConnectionsPage) -> None:
    page.resize(900, 640)
    page.show_connections([replace(VIEWS[0], id=f"x{n}") for n in range(4)] + [VIEWS[1]])
    page.reveal("b")
    row = page.row("b")
    assert row is not None
    row.show_checks([CheckView(f"Look {n}", "good", "It works as it should. " * 6) for n in range(4)], TESTED)
    page.keep_in_sight("b")

    def whole() -> bool:
        place = QRect(row.mapTo(page, QPoint(0, 0)), row.size())
        return row.height() > 200 and page.rect().contains(place)

    qtbot.waitUntil(whole)


def test_example_data_offers_nothing_that_would_be_refused_and_says_why(page: ConnectionsPage) -> None:
    page.show_connections(VIEWS)
    demo, real = page.row("c"), page.row("a")
    assert demo is not None
    assert real is not None
    for name in ("editConnectionButton", "forgetConnectionButton"):
        assert demo.findChild(QToolButton, name) is None
        assert real.findChild(QToolButton, name) is not None
    assert any("nothing to change or to forget" in one.text() for one in demo.findChildren(QLabel))


async def test_the_cards_are_read_again_when_the_place_is_gone_to(
    page: ConnectionsPage, supervisor: Supervisor
) -> None:
    workspace = Workspace()
    await ConnectionsPresenter(page, workspace, supervisor).load()
    page.hide()
    workspace.views = [replace(VIEWS[1], secret_place="The pass is gone.")]
    page.show()
    await until(lambda: any("The pass is gone." in one for one in shown(page)))


async def test_a_card_says_what_its_test_found_out_about_its_secret(
    page: ConnectionsPage, supervisor: Supervisor
) -> None:
    workspace = Workspace()
    presenter = ConnectionsPresenter(page, workspace, supervisor)
    await presenter.load()
    workspace.views[1] = replace(VIEWS[1], secret_place="It is not on this computer.")
    presenter.test("b")
    await until(lambda: any("It is not on this computer." in one for one in shown(page)))
    await until(lambda: CHECKS[0].sentence in shown(page))


def test_a_card_made_anew_keeps_the_focus(page: ConnectionsPage) -> None:
    page.show_connections(VIEWS)
    page.reveal("b")
    page.show_connections([VIEWS[0], replace(VIEWS[1], secret_place="The pass is gone."), VIEWS[2]])
    row = page.row("b")
    assert row is not None
    assert row.view.secret_place == "The pass is gone."
    assert row.test.hasFocus()


async def test_sign_in_again_opens_the_form_at_the_secret(page: ConnectionsPage, supervisor: Supervisor) -> None:
    await ConnectionsPresenter(page, Workspace(), supervisor).load()
    page.action_wanted.emit("a", "sign-in")
    await until(lambda: page.showing() == "form")
    assert page.form.secret.field.hasFocus()
    page.show_list()
    page.action_wanted.emit("a", "fix-address")
    await until(lambda: page.showing() == "form")
    assert page.form.site.hasFocus()


async def test_a_save_that_failed_says_why_in_the_form(page: ConnectionsPage, supervisor: Supervisor) -> None:
    workspace = Workspace()
    presenter = ConnectionsPresenter(page, workspace, supervisor)
    await presenter.load()
    workspace.error = AuthError("The site did not accept this.", code="E-AUTH")
    page.begin_form()
    page.form.site.setText("beta")
    page.form.client_id.setText("me")
    page.form.secret.field.setText(SECRET)
    click(page, "saveConnectionButton")
    await until(lambda: text(page, "formProblem") == "The site did not accept this.")
    assert page.showing() == "form"
    assert page.form.save.isEnabled()


async def test_forgetting_asks_with_the_verb_on_the_button(page: ConnectionsPage, supervisor: Supervisor) -> None:
    workspace = Workspace()
    await ConnectionsPresenter(page, workspace, supervisor).load()
    row = page.row("a")
    assert row is not None
    click(row, "forgetConnectionButton")
    await until(lambda: page.findChild(QuestionDialog) is not None)
    dialog = page.findChild(QuestionDialog)
    assert isinstance(dialog, QuestionDialog)
    keep = dialog.findChild(QPushButton, "answer-keep")
    assert isinstance(keep, QPushButton)
    assert keep.isDefault(), "the safe answer is the default"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    await until(lambda: not supervisor.running("forget a"))
    assert page.row("a") is row
    workspace.left = LeftBehind(waiting=2, unknown=1, reports=("Completions", *map(str, range(6))), unsent=("Scores",))
    click(row, "forgetConnectionButton")
    await until(lambda: any(one.isVisible() for one in page.findChildren(QuestionDialog)))
    dialog = next(one for one in page.findChildren(QuestionDialog) if one.isVisible())
    said = " ".join(shown(dialog))
    assert (
        "Answers of Practice: 2 answers wait to be sent, of 1 it is not known whether it arrived. They are put aside"
        in said
    )
    assert "They are put aside and not sent any more." in said
    assert "Under way: “Completions”, “0”, “1”, “2”, “3” and 2 more. They are not watched any more" in said
    assert "Not sent yet: “Scores”. They are not ordered." in said
    assert "Finished reports keep the site's name and address in their records" in said
    click(dialog, "answer-forget")
    await until(lambda: page.row("a") is None)


def questions(page: ConnectionsPage) -> list[QuestionDialog]:
    return [one for one in page.findChildren(QuestionDialog) if one.isVisible()]


async def asked(page: ConnectionsPage, after: QuestionDialog | None = None) -> QuestionDialog:
    await until(lambda: [one for one in questions(page) if one is not after])
    return questions(page)[-1]


@pytest.mark.parametrize("answer", ["keep", "forget"])
async def test_k02_one_whose_secret_can_not_be_deleted_can_be_forgotten_all_the_same(
    page: ConnectionsPage, supervisor: Supervisor, answer: str
) -> None:
    workspace = Workspace()
    workspace.locked = StorageError("The store is locked.", code="E-KR-LOCKED", next_step="Unlock it.")
    await ConnectionsPresenter(page, workspace, supervisor).load()
    row = page.row("a")
    assert row is not None
    click(row, "forgetConnectionButton")
    first = await asked(page)
    click(first, "answer-forget")
    second = await asked(page, after=first)
    said = " ".join(shown(second))
    assert "The store is locked. Unlock it." in said
    assert "The entry a stays in your keychain." in said
    button = second.findChild(QPushButton, "answer-forget")
    assert isinstance(button, QPushButton)
    assert button.text() == "Forget it all the same"
    click(second, f"answer-{answer}")
    await until(lambda: not supervisor.running("forget a"))
    assert (page.row("a") is None) == (answer == "forget")
    assert answer == "forget" or "The store is locked." in shown(row)


async def test_another_trouble_while_forgetting_is_said_and_nothing_is_offered(
    page: ConnectionsPage, supervisor: Supervisor
) -> None:
    workspace = Workspace()
    workspace.locked = StorageError("The disk is full.", code="E-DISK-FULL")
    await ConnectionsPresenter(page, workspace, supervisor).load()
    row = page.row("a")
    assert row is not None
    click(row, "forgetConnectionButton")
    click(await asked(page), "answer-forget")
    await until(lambda: not supervisor.running("forget a"))
    assert "The disk is full." in shown(row)
    assert not questions(page)


def test_the_example_is_not_said_to_take_its_reports_along(page: ConnectionsPage) -> None:
    page.show_connections([replace(VIEWS[0], mark="demo")])
    row = page.row(VIEWS[0].id)
    assert row is not None
    assert any("Reports that came from it stay until you remove them." in words for words in shown(row))


async def test_a_failed_test_is_said_in_its_card(page: ConnectionsPage, supervisor: Supervisor) -> None:
    workspace = Workspace()
    presenter = ConnectionsPresenter(page, workspace, supervisor)
    await presenter.load()
    workspace.error = AuthError("The pass has ended.", code="E-AUTH")
    row = page.row("b")
    assert row is not None
    click(row, "testConnectionButton")
    await until(lambda: "The pass has ended." in shown(row))


async def test_actions_of_checks(page: ConnectionsPage, supervisor: Supervisor) -> None:
    workspace = Workspace()
    await ConnectionsPresenter(page, workspace, supervisor).load()
    letters = QSignalSpy(page.letter_wanted)
    page.action_wanted.emit("a", "write-to-it")
    page.action_wanted.emit("a", "proxy")
    page.action_wanted.emit("a", "fix-address")
    await until(lambda: page.showing() == "form" and workspace.acted and letters.count())
    assert workspace.acted == [("a", "proxy")]
    assert letters.at(0) == ["https://acme.sana.ai"]


def test_buttons_of_a_card_name_their_connection(page: ConnectionsPage) -> None:
    page.show_connections(VIEWS)
    row = page.row("a")
    assert row is not None
    names = [button.accessibleName() for button in row.findChildren(QToolButton)]
    assert names == ["Change Acme", "Forget Acme"]
    assert row.test.accessibleName() == "Test Acme"
