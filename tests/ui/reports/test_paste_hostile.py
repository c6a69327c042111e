"""M12: a pasted command is read by an allow-list and never run; its secrets are in no file, undo step or log (T13)."""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from sana_desktop.sandbox.server import SandboxServer, running_sandbox
from sana_desktop.ui.reports.editor.sql_edit import SqlEdit
from tests.support.live_window import LiveWindow, live_window
from tests.support.waiting import until

CANARY = "canary-7f3a9c2e51b8d604"
FILE_CANARY = "file-canary-90ab12cd34ef"
FORMS = tuple(
    form.encode() for form in (CANARY, base64.b64encode(CANARY.encode()).decode(), f"me:{CANARY}", FILE_CANARY)
)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    with running_sandbox(rows=20, min_job_seconds=0.05) as server:
        yield server


def taken(url: str, outside: Path) -> dict[str, str]:
    """Commands whose query is taken over, by the statement in it; what else they want is left out."""
    address, marker, private = f"{url}/api/v1/reports/query", outside / "marker", outside / "private.txt"
    bearer = f"-H 'Authorization: Bearer {CANARY}'"
    wanted = {
        "token": bearer,
        "name and password": f"-u me:{CANARY}",
        "cookie": f"-b 'session={CANARY}' -H 'Cookie: a={CANARY}'",
        "config": f"{bearer} -K {private}",
        "insecure": f"{bearer} -k --insecure",
        "proxy": f"{bearer} --proxy http://me:{CANARY}@198.51.100.7:3128 -U me:{CANARY}",
        "output": f"{bearer} -o {marker} -D {marker} -c {marker} --trace {marker}",
        "netrc": f"{bearer} --netrc-file {private} --cacert {private} --key {private}",
        "header twice": f"{bearer} -H 'X-Again: {CANARY}'",
    }
    commands = {name: f"curl '{address}' {options} -d '{body(name)}'" for name, options in wanted.items()}
    commands["chained"] = f"curl '{address}' {bearer} -d '{body('chained')}' ; touch {marker} | tee {marker} > {marker}"
    commands["run in a string"] = (
        f"curl '{address}' {bearer} -H \"X-Who: $(touch {marker})\" -H 'X-B: `touch {marker}`' "
        f"-d '{body('run in a string')}'"
    )
    parts = [address, f"Authorization: Bearer {CANARY}", body("windows")]
    commands["windows"] = 'curl ^"{}^" ^\r\n  -H ^"{}^" ^\r\n  -d ^"{}^"'.format(*map(for_cmd, parts))
    return commands


def for_cmd(text: str) -> str:
    """Quote as browsers do that copy a request for the command line of Windows."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return re.sub(r"[^\w\s\-:=+~'/.,?;()*`]", r"^\g<0>", escaped)


def refused(url: str, outside: Path) -> dict[str, str]:
    """Commands that are not taken over, for they can't be read without a file or a guess."""
    address, private = f"{url}/api/v1/reports/query", outside / "private.txt"
    start = f"curl '{address}' -H 'Authorization: Bearer {CANARY}'"
    return {
        "a file of the system": f"{start} -d @/etc/passwd",
        "a file of the person": f"{start} --data-binary @{private}",
        "a form with a file": f"{start} -F 'query=<{private}'",
        "headers from a file": f"{start} -H @{private} -d '{body('headers')}'",
        "a megabyte": f"{start} -d '" + json.dumps({"query": "x" * 1_100_000}) + "'",
        "cut": f'{start} -d \'{{"query": "SELECT',
    }


def body(name: str) -> str:
    return json.dumps({"query": f'SELECT "{name}" FROM users', "format": "csv"})


def words(window: LiveWindow) -> str:
    card = window.shell.reports.card
    return " ".join([*(label.text() for label in card.findChildren(QLabel)), card.accessibleDescription()])


def undo_texts(edit: SqlEdit) -> list[str]:
    """Return what each step of undo, and then of redo, brings back."""
    texts = [edit.toPlainText()]
    for can, go in (
        (edit.document().isUndoAvailable, edit.undo),
        (edit.document().isRedoAvailable, edit.redo),
    ):
        while can():
            go()
            texts.append(edit.toPlainText())
    return texts


async def paste(window: LiveWindow, text: str) -> str:
    """Paste into the editor as a person does, and return what the card says."""
    edit = window.shell.editor.current_edit()
    assert edit is not None
    edit.setFocus()
    QGuiApplication.clipboard().setText(text)
    window.shell.window.actions_by_name.action("edit.paste").trigger()
    await window.until("the card", lambda: window.shell.reports.showing() == "card")
    return words(window)


@pytest.mark.no_cover
async def test_M12_a_hostile_command_does_nothing_and_leaves_no_secret(
    qapp: QApplication, tmp_path: Path, sandbox: SandboxServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "sana_desktop")
    home, outside = tmp_path / "home", tmp_path / "outside"
    outside.mkdir()
    (outside / "private.txt").write_text(f'header = "X-Canary: {FILE_CANARY}"\n{FILE_CANARY}\n')
    url = sandbox.describe()["insights_url"]
    async with live_window(home, sandbox, demo=False) as window:
        window.shell.reports.show_work()
        sandbox.requests.clear()
        for name, command in taken(url, outside).items():
            said = await paste(window, command)
            assert not any(form.decode() in said for form in FORMS), name
            window.press("acceptPasteButton")
            await window.until(f"the query of {name}", lambda name=name: f'"{name}"' in window.text())  # type: ignore[misc]
            assert window.text().strip() == f'SELECT "{name}" FROM users'
        for name, command in refused(url, outside).items():
            said = await paste(window, command)
            assert not any(form.decode() in said for form in FORMS), name
            assert "root:" not in said
            assert not window.find("acceptPasteButton").isVisible(), name
            window.shell.reports.paste_dismissed.emit()
            window.shell.reports.show_work()
        await until(lambda: not window.core.supervisor.running("accept paste"))
        assert not sandbox.requests.records(), "something was sent"
        await window.ready()
        window.press("getReportButton")
        await window.until("an order with the pass", lambda: window.records("jobsTable"))
        await window.until("the answer", lambda: sandbox.requests.records())
        edits = window.shell.editor.findChildren(SqlEdit)
        seen = [text for edit in edits for text in undo_texts(edit)]
        assert len(seen) > len(edits)
        assert not any(form.decode() in text for text in seen for form in FORMS)
        QGuiApplication.clipboard().clear()
    left = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    assert any(path.suffix == ".log" and data for path, data in left.items())
    assert any(b"FROM users" in data for data in left.values())
    assert [path.name for path, data in left.items() if any(form in data for form in FORMS)] == []
    assert [path.name for path in outside.iterdir()] == ["private.txt"], "something was run or written"
