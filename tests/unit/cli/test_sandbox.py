"""`sana-desktop sandbox` as a process."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from sana_desktop.cli import sandbox
from sana_desktop.cli.commands import SandboxCommand
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
