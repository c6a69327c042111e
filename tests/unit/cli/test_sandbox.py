"""`sana-desktop sandbox` as a process."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from sana_desktop.cli import sandbox
from sana_desktop.cli.arguments import SANDBOX_EPILOG, parse
from sana_desktop.cli.commands import SandboxCommand
from sana_desktop.sandbox.scripts import BadScript, rules_from_sql
from tests.support.export_command import PATIENCE_SECONDS, PROGRAM, program_environment


@pytest.mark.skipif(os.name == "nt", reason="there are no such signals to send on Windows")
def test_it_prints_one_line_when_it_is_ready_and_ends_when_asked(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*PROGRAM, "sandbox", "--rows", "50"],
        cwd=tmp_path,
        env=program_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as child:
        assert child.stdout is not None
        described = json.loads(child.stdout.readline())
        child.send_signal(signal.SIGTERM)
        out, err = child.communicate(timeout=PATIENCE_SECONDS)
    assert described.keys() == {"insights_url", "practice_url", "client_id", "client_secret", "token", "api_key"}
    assert (child.returncode, out, err) == (0, b"", b"")


def test_a_taken_port_is_said_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        command = SandboxCommand(port=other.getsockname()[1], rows=50, state=None, until_eof=False)
        assert sandbox.run(command) == 5
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1


def test_its_help_names_every_fault_that_a_comment_can_ask_for(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["sandbox", "--help"])
    assert SANDBOX_EPILOG.strip() in capsys.readouterr().out
    with pytest.raises(BadScript) as refused:
        rules_from_sql("-- sandbox: something else\nSELECT 1")
    known = set(str(refused.value).partition("it knows: ")[2].split(", "))
    lines = re.findall(r"^  ([a-z]+)(?:, ([a-z]+))?[^\n]*?  ", SANDBOX_EPILOG, re.MULTILINE)
    assert {word for line in lines for word in line if word} == known
    example = next(line for line in SANDBOX_EPILOG.splitlines() if "-- sandbox:" in line)
    assert len(rules_from_sql(f"{example}\nSELECT 1")) == 2
