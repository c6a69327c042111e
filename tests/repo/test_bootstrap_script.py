"""dev.py: on any machine with a Python, and nothing else."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.project import ROOT

SCRIPT = ROOT / "dev.py"


def run(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(folder / "dev.py"), *arguments]
    return subprocess.run(command, env=os.environ | variables, capture_output=True, text=True, cwd=folder)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project's own files in a folder whose name is hard to handle."""
    folder = tmp_path / "Sana Dësktop (copy)"
    shutil.copytree(ROOT / "packaging", folder / "packaging")
    shutil.copytree(ROOT / "sana_desktop", folder / "sana_desktop")
    shutil.copy(SCRIPT, folder)
    return folder


@pytest.fixture
def script(copy: Path) -> ModuleType:
    """dev.py of the copy as a module."""
    spec = importlib.util.spec_from_file_location("dev_of_the_copy", copy / "dev.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_needs_only_the_standard_library() -> None:
    tree = ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 11))
    tops = {
        alias.name.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    tops |= {str(node.module).partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert tops <= sys.stdlib_module_names


def test_an_old_python_can_read_as_far_as_the_sentence() -> None:
    ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 7))


def test_help_names_every_command() -> None:
    shown = run(ROOT, "--help")
    assert shown.returncode == 0
    assert all(f"dev.py {command}" in shown.stdout for command in ("demo", "test", "check", "bench", "run", "lock"))


def test_an_unknown_command_is_answered_in_a_sentence() -> None:
    answer = run(ROOT, "dmeo")
    assert answer.returncode == 2
    assert "no command 'dmeo'" in answer.stderr
    assert "demo" in answer.stderr


def test_an_incomplete_copy_is_answered_in_a_sentence(copy: Path) -> None:
    (copy / "packaging" / "requirements.lock").unlink()
    answer = run(copy, "demo", SANA_DEV_NO_APT="1")
    assert answer.returncode == 1
    assert "requirements.lock can't be read" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_only_a_whole_set_up_counts(script: ModuleType) -> None:
    key = script.fingerprint()
    stamp = {"key": key, "level": "runtime", "python": script.VERSION, "debian": ["libegl1"]}
    assert not script.is_ready(stamp, key, "runtime", ())  # no interpreter
    script.BIN.mkdir(parents=True)
    interpreter = script.ROOT / "interpreter"
    interpreter.touch()
    if os.name == "posix":
        script.PYTHON.symlink_to(interpreter)
        interpreter.rename(script.ROOT / "removed")
        assert not script.is_ready(stamp, key, "runtime", ())  # a link to one that is gone
        (script.ROOT / "removed").rename(interpreter)
    else:
        interpreter.rename(script.PYTHON)
    assert script.is_ready(stamp, key, "runtime", ("libegl1",))
    assert not script.is_ready(stamp, key, "runtime", ("libegl1", "xvfb"))
    assert not script.is_ready(stamp, key, "dev", ())
    assert script.is_ready(stamp | {"level": "dev"}, key, "runtime", ())
    with script.LOCKS["runtime"].open("a") as lock:
        lock.write("\n")
    assert not script.is_ready(stamp, script.fingerprint(), "runtime", ())


@pytest.mark.parametrize("written", ["", "{", "[]", "\0\0"])
def test_a_torn_stamp_is_no_stamp(script: ModuleType, written: str) -> None:
    script.VENV.mkdir()
    script.STAMP.write_text(written)
    assert script.read_stamp() == {}


def test_two_set_ups_take_turns(script: ModuleType) -> None:
    hold = (
        "import sys; sys.path.insert(0, sys.argv[1]); import dev\n"
        "with dev.only_one_at_a_time(): print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", hold, str(script.ROOT)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout
        assert first.stdin
        assert first.stdout.readline() == "held\n"
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as second:
            assert second.stdout
            assert "waiting" in second.stdout.readline()
            assert second.poll() is None
            first.stdin.close()
            assert second.stdout.readline() == "held\n"
    assert first.returncode == second.returncode == 0


def test_ci_runs_the_command_of_the_readme() -> None:
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert lines[-1] == "exec python3 dev.py test"
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "python3 dev.py test" in readme
    assert "python3 dev.py demo" in readme


@pytest.mark.soak
@pytest.mark.timeout(1200)
def test_a_new_machine_is_set_up_and_mended(copy: Path) -> None:
    """The whole way, with downloads: new, again, killed half-way, interpreter gone."""

    def version() -> str:
        answer = run(copy, "run", "--version", SANA_DEV_NO_APT="1")
        assert answer.returncode == 0, answer.stdout + answer.stderr
        return answer.stdout

    assert "Setting up" in version()
    assert "Setting up" not in version()
    stamp = json.loads((copy / ".venv" / "sana-setup.json").read_text("utf-8"))
    (copy / ".venv" / "sana-setup.json").unlink()
    (copy / ".venv" / "sana-setup-unfinished").touch()
    assert "environment" in version()
    next((copy / ".venv").glob("[bS]*/python*")).unlink()
    version()
    assert json.loads((copy / ".venv" / "sana-setup.json").read_text("utf-8"))["key"] == stamp["key"]
