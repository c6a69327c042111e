"""The command line of BEHAVIOUR.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from sana_desktop import __version__
from sana_desktop.base.errors import UserError
from sana_desktop.cli.arguments import EXPORT_EPILOG, SIMULATE_EPILOG, parse
from sana_desktop.cli.commands import ExportCommand, SandboxCommand, WindowCommand
from tests.support.project import ROOT


def test_no_command_opens_the_window() -> None:
    assert parse([]) == WindowCommand()


def test_demo_and_its_tour() -> None:
    assert parse(["demo"]) == WindowCommand(demo=True)
    assert parse(["demo", "--tour", "pictures"]) == WindowCommand(demo=True, tour=Path("pictures"))


def test_the_switch_that_kills_is_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    assert parse(["--debug-crash", "segv"]) == WindowCommand(debug_crash="segv")
    for given in (["demo", "--debug-crash", "segv"], ["--debug-crash", "segv", "demo"]):
        assert parse(given) == WindowCommand(demo=True, debug_crash="segv")
    for asked in (["--help"], ["demo", "--help"]):
        with pytest.raises(SystemExit):
            parse(asked)
    assert "crash" not in capsys.readouterr().out


def test_sandbox_defaults() -> None:
    assert parse(["sandbox"]) == SandboxCommand(0, 50_000, None, False)
    assert parse(["sandbox", "--port", "8100", "--rows", "7"]) == SandboxCommand(8100, 7, None, False)


def test_export_defaults() -> None:
    command = parse(["export", "--workspace", "acme", "--sql", "SELECT 1"])
    assert isinstance(command, ExportCommand)
    assert command.timeout_seconds == 3600


@pytest.mark.parametrize(("given", "seconds"), [("0.5", 0.5), ("2e7", 2e7), ("1e12", 1e9), ("inf", 1e9)])
def test_a_time_may_be_as_long_as_one_likes(given: str, seconds: float) -> None:
    command = parse(["export", "--workspace", "acme", "--sql", "x", "--timeout", given])
    assert isinstance(command, ExportCommand)
    assert command.timeout_seconds == seconds
    assert command.format is None
    assert not command.overwrite


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["export"], "--sql"),
        (["export", "--sql", "x", "--sql-file", "y"], "not allowed"),
        (["export", "--sql", "x", "--format", "pdf"], "pdf"),
        (["export", "--sql", "x", "--timeout", "soon"], "soon"),
        (["export", "--sql", "x", "--timeout", "-1"], "-1"),
        (["export", "--sql", "x", "--timeout", "nan"], "nan"),
        (["export", "--sql", "x", "--token", "t"], "--token"),
        (["sandbox", "--port", "99999"], "99999"),
        (["sandbox", "--rows", "0"], "0"),
        (["frobnicate"], "frobnicate"),
        (["export", "--sql", "x", "--tim", "5"], "--tim"),
    ],
)
def test_unusable_arguments_say_which_part(arguments: list[str], names: str) -> None:
    with pytest.raises(UserError) as caught:
        parse(arguments)
    assert names in caught.value.message


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse(["--version"])
    assert caught.value.code == 0
    assert __version__ in capsys.readouterr().out


@pytest.mark.parametrize("epilog", [EXPORT_EPILOG, SIMULATE_EPILOG])
def test_every_exit_code_of_the_contract_stands_in_the_help(epilog: str) -> None:
    told = {int(line.split()[0]) for line in epilog.splitlines() if line.strip()[:1].isdigit()}
    page = (ROOT / ".github" / "BEHAVIOUR.md").read_text("utf-8")
    table = page[page.index("| exit code |") : page.index("An existing file is replaced")]
    agreed = {int(line.split("|")[1]) for line in table.splitlines() if line.split("|")[1:2] and line[2:3].isdigit()}
    assert {1, 8, 130} < agreed
    assert told <= agreed
    assert agreed - told <= ({6, 7} if epilog is SIMULATE_EPILOG else set())
