#!/usr/bin/env python3
"""The one command for people who work on Sana Desktop: sets everything up, then does what was asked.

    python3 dev.py demo [args…]    open the window on the demo workspace (no display: the tour runs offscreen)
    python3 dev.py test [args…]    all checks, then the tests; args go to pytest
    python3 dev.py check           the checks without the tests
    python3 dev.py bench [args…]   the benchmarks; args go to pytest
    python3 dev.py run [args…]     any sana-desktop command, such as: run export --help
    python3 dev.py lock [args…]    choose the pinned versions anew; args go to uv, such as: lock --upgrade

Everything lives in .venv beside this file; delete that folder and the next run makes it again. On Debian and
its relatives the system packages that Qt needs are installed too, if this user may do so without a password
(SANA_DEV_NO_APT=1 says no); otherwise the command to type is printed and the run goes on.
"""
# Only the standard library here, and until the version check below only syntax that Python 3.7 can read:
# an old interpreter must reach the sentence that names the right one.

import ast
import contextlib
import hashlib
import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
OLDEST = (3, 11)
TRIED = ("3.13", "3.12", "3.11", "3.14")  # in the order in which they are looked for


def _with_newer_python() -> "int | str":
    """Go on with a newer interpreter from PATH, or end with one sentence."""
    for version in TRIED if "SANA_DEV_REEXEC" not in os.environ else ():
        found = shutil.which("python" + version)
        if found and subprocess.call([found, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            return subprocess.call([found, *sys.argv], env=dict(os.environ, SANA_DEV_REEXEC="1"))
    return (
        "Sana Desktop needs Python 3.11 or newer and this is {}.{}. "
        "Install one (python.org has them all) and run: python3.13 dev.py".format(*sys.version_info[:2])
    )


if sys.version_info < OLDEST:
    sys.exit(_with_newer_python())

VENV = ROOT / ".venv"
WORK = ROOT / ".dev"  # log and lock of the set-up; beside .venv because .venv itself may be made anew
STAMP = VENV / "sana-setup.json"
UNFINISHED = VENV / "sana-setup-unfinished"
LOG = WORK / "setup.log"
POSIX = os.name == "posix"
BIN = VENV / ("bin" if POSIX else "Scripts")
PYTHON = BIN / ("python" if POSIX else "python.exe")
VERSION = "{}.{}".format(*sys.version_info[:2])

LOCKS = {
    "installer": ROOT / "packaging" / "installer.lock",
    "runtime": ROOT / "packaging" / "requirements.lock",
    "dev": ROOT / "packaging" / "requirements-dev.lock",
}

# What a minimal Debian lacks, measured there. Names as of Debian 12; newer ones append t64 to some.
OFFSCREEN = ("libglib2.0-0", "libgl1", "libegl1", "libdbus-1-3", "libfontconfig1", "libxkbcommon0", "fonts-dejavu-core")
WINDOW = ("libxkbcommon-x11-0", "libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0")
TESTING = ("xvfb", "xauth", "dbus", "gnome-keyring", "at-spi2-core", "python3-gi", "gir1.2-atspi-2.0")
PEERS = ("curl",)  # what the benchmarks compare with
APT_INSTALL = "apt-get install -y --no-install-recommends"
TEST_PROCESSES = 4  # on two cores: half of its time a test waits for a server, a window or a kill
FEW_FAILURES = 8  # so many tests are tried once more; a run that fails more widely has failed


class SetupError(Exception):
    """The set-up can't go on; the text says why and what to do."""


# Commands ------------------------------------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    command, rest = (arguments[0], arguments[1:]) if arguments else ("--help", [])
    commands: dict[str, Callable[[], int]] = {
        "demo": lambda: app(["demo", *rest]),
        "run": lambda: app(rest),
        "test": lambda: test(rest),
        "check": check,
        "bench": lambda: bench(rest),
        "lock": lambda: lock(rest),
    }
    if command in ("-h", "--help", "help"):
        print(__doc__)
        return 0
    if command not in commands:
        print(f"dev.py has no command {command!r}. Try one of: {', '.join(commands)}.", file=sys.stderr)
        return 2
    try:
        return commands[command]()
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to go on.", file=sys.stderr)
        return 130


def app(arguments: list[str]) -> int:
    set_up("runtime", OFFSCREEN + WINDOW)
    return hand_over(["-m", "sana_desktop", *arguments])


def bench(arguments: list[str]) -> int:
    set_up("dev", OFFSCREEN + WINDOW + TESTING + PEERS)
    files = "python_files=bench_*.py test_*.py"
    return hand_over(["-m", "pytest", "tests/benchmarks", "-o", files, "-o", "timeout=0", "-s", *arguments])


def check() -> int:
    set_up("dev", ())
    failed = run_checks()
    print(f"\nNot passed: {', '.join(failed)}." if failed else "\nAll checks passed.", flush=True)
    return 1 if failed else 0


def test(arguments: list[str]) -> int:
    set_up("dev", OFFSCREEN + WINDOW + TESTING)
    started = time.monotonic()
    failed = run_checks()
    command = ["-m", "pytest", "--ignore=tests/benchmarks", "--cov", "--cov-report=term"]
    one_process = ("-n", "--numprocesses", "--pdb", "--trace", "-s", "--capture=no", "--collect-only", "--co")
    if not any(argument.startswith(one_process) for argument in arguments):
        command += ["-n", str(TEST_PROCESSES), "--dist", "loadfile", "--no-loadscope-reorder"]  # see tests/conftest.py
    print("\nTests", flush=True)
    code = subprocess.call([str(PYTHON), *command, *arguments], cwd=ROOT, env=environment())
    if code == 1 and not arguments:
        code = try_alone()
    if failed:
        print(f"Checks not passed: {', '.join(failed)} (see above).", flush=True)
    elif code == 0:
        print(f"All checks and tests passed in {time.monotonic() - started:.0f} s.", flush=True)
    return code or (1 if failed else 0)


def try_alone() -> int:
    """Run the few tests that failed once more, one at a time; say which pass only so. Several at once on a busy machine
    can be late for each other, which is worth knowing but is no fault of the code."""
    remembered = ROOT / ".pytest_cache" / "v" / "cache" / "lastfailed"
    names = sorted(json.loads(remembered.read_text("utf-8"))) if remembered.exists() else []
    if not 0 < len(names) <= FEW_FAILURES:
        return 1
    print(f"\n{len(names)} failed beside others; once more, alone:", flush=True)
    again = [str(PYTHON), "-m", "pytest", "-n", "0", "--no-cov", *names]
    code = subprocess.call(again, cwd=ROOT, env=environment())
    if code == 0:
        print("They pass alone. Look at them when there is time: a test should not mind its neighbours.", flush=True)
    return code


def lock(arguments: list[str]) -> int:
    """Pin the versions anew: the large lock first, then the others as parts of it. Names no registry."""
    set_up("dev", ())
    compile_lock = [str(PYTHON), "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    compile_lock += ["--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url"]
    dev, runtime, installer = (str(LOCKS[name]) for name in ("dev", "runtime", "installer"))
    source, bundle = str(ROOT / "pyproject.toml"), str(ROOT / "packaging" / "bundle.lock")
    for inputs in (
        [source, "--extra", "dev", "--output-file", dev, *arguments],
        [source, "--constraints", dev, "--output-file", runtime],
        [source, "--extra", "bundle", "--constraints", dev, "--output-file", bundle, *arguments],
        ["-", "--output-file", installer, *arguments],
    ):
        code = subprocess.run([*compile_lock, *inputs], input="uv\n", text=True, cwd=ROOT, check=False).returncode
        if code:
            return code
    print("The locks in packaging/ are fresh; the next run installs what changed.")
    return 0


def hand_over(arguments: list[str]) -> int:
    """Run Python of the environment in our place: same terminal, same signals, its exit code."""
    command = [str(PYTHON), *arguments]
    if arguments[:2] == ["-m", "pytest"]:
        os.chdir(ROOT)
    if POSIX:
        sys.stdout.flush()
        os.execve(command[0], command, environment())  # noqa: S606 - no shell is wanted
    process = subprocess.Popen(command, env=environment())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the child got it too and ends in its own order
            continue


def environment() -> dict[str, str]:
    """This process's environment without what would lead Python or pip out of .venv."""
    strange = (
        "PYTHONHOME",
        "PYTHONPATH",
        "PIP_TARGET",
        "PIP_PREFIX",
        "PIP_USER",
        "PIP_REQUIRE_VIRTUALENV",
        "CONDA_PREFIX",
    )
    clean = {name: value for name, value in os.environ.items() if name not in strange}
    # Without bytecode every start of the window would compile the whole app again.
    clean.pop("PYTHONDONTWRITEBYTECODE", None)
    clean.update(VIRTUAL_ENV=str(VENV), PYTHONNOUSERSITE="1", PIP_DISABLE_PIP_VERSION_CHECK="1", PIP_NO_INPUT="1")
    return clean


# Checks --------------------------------------------------------------------------------------------------

CHECKS = {
    "mypy": ["-m", "mypy"],  # first, because it takes longest
    # Beside it, on the other core: what pytest makes of the files is kept, and both processes of the tests read it.
    "tests collected": ["-m", "pytest", "-qq", "--collect-only", "--no-cov", "-p", "no:cacheprovider"],
    "ruff check": ["-m", "ruff", "check", "--quiet", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "--quiet", "."],
    "import contracts": ["-c", "from importlinter.cli import lint_imports_command as run; run()"],
    "dependencies": ["-m", "deptry", "--no-ansi", "."],
}


def run_checks() -> list[str]:
    """Run every check, two at a time, and return the names of those that did not pass."""
    from concurrent.futures import ThreadPoolExecutor  # slow to import, and `demo` should start at once

    def run(name: str) -> bool:
        started = time.monotonic()
        result = subprocess.run(
            [str(PYTHON), *CHECKS[name]],
            cwd=ROOT,
            env={**environment(), "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        good = result.returncode == 0
        lines = [f"  {name:<17} {'ok' if good else 'NOT PASSED':<10} {time.monotonic() - started:5.1f} s"]
        if not good:
            lines += ["      " + line for line in result.stdout.strip().splitlines()]
        print("\n".join(lines), flush=True)  # one write, so that two checks can't mix their lines
        return good

    print("Checks", flush=True)
    with ThreadPoolExecutor(2) as pool:
        passed = dict(zip(CHECKS, pool.map(run, CHECKS), strict=True))
    return [name for name, good in passed.items() if not good]


# Set-up --------------------------------------------------------------------------------------------------


def set_up(level: str, debian: tuple[str, ...]) -> None:
    """Make .venv fit for `level` ("runtime" or "dev"), with the Debian packages named; at once if it is."""
    key = fingerprint()
    if is_ready(read_stamp(), key, level, debian):
        return
    with only_one_at_a_time():
        stamp = read_stamp()
        if is_ready(stamp, key, level, debian):
            return
        started = time.monotonic()
        apt = Apt(debian, stamp)
        try:
            if not (stamp.get("key") == key and has_level(stamp, level) and PYTHON.exists()):
                print(f"Setting up in .venv, with Python {VERSION}; this happens once.", flush=True)
                # Once there, the development tools stay: going to and fro between demo and test costs nothing.
                level = "dev" if has_level(stamp, "dev") else level
                fill_environment(stamp, level, apt)
                stamp = {"key": key, "level": level, "python": VERSION}
        finally:
            apt.finish()
        stamp["debian"] = sorted({*stamp.get("debian", ()), *apt.present})
        stamp["debian_refused"] = apt.missing
        write_stamp(stamp)
        if time.monotonic() - started > 1:
            print(f"Ready after {time.monotonic() - started:.0f} s.\n", flush=True)


def fingerprint() -> str:
    """What the environment was made from: when this changes, it is brought up to date."""
    digest = hashlib.sha256(VERSION.encode())
    for path in (Path(__file__), *LOCKS.values()):
        try:
            digest.update(path.read_bytes())
        except OSError as error:
            raise SetupError(
                f"The file {path.name} can't be read ({error.strerror}). Is this a whole copy of the project?"
            ) from error
    return digest.hexdigest()


def read_stamp() -> dict[str, Any]:
    try:
        stamp = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def has_level(stamp: dict[str, Any], level: str) -> bool:
    return stamp.get("level") in ("dev", level)


def is_ready(stamp: dict[str, Any], key: str, level: str, debian: tuple[str, ...]) -> bool:
    return (
        stamp.get("key") == key
        and has_level(stamp, level)
        and PYTHON.exists()  # follows the link: false when the interpreter behind it was removed
        and set(debian) <= set(stamp.get("debian", ()))
    )


def write_stamp(stamp: dict[str, Any]) -> None:
    """Whole or not at all; the last thing a set-up does."""
    draft = STAMP.with_suffix(".draft")
    draft.write_text(json.dumps(stamp, indent=1), "utf-8")
    draft.replace(STAMP)


def fill_environment(stamp: dict[str, Any], level: str, apt: "Apt") -> None:
    """Make or mend .venv. UNFINISHED stands from the first change to the last: after a crash in
    between, the next run starts from nothing, because half-unpacked packages can't be told from whole ones."""
    mend = not UNFINISHED.exists() and runs_our_version()
    if not mend:
        apt.provide_venv()
        with step("environment"):
            remove_environment()
            VENV.mkdir()
            UNFINISHED.touch()
            base = getattr(sys, "_base_executable", "") or sys.executable
            logged([base, "-m", "venv", str(VENV)], "A virtual environment can't be made.")
    UNFINISHED.touch()
    STAMP.unlink(missing_ok=True)
    with step("installer"):
        pip = [str(PYTHON), "-m", "pip", "install", "--only-binary", ":all:", "--require-hashes", "--requirement"]
        fast = logged([*pip, str(LOCKS["installer"])])
    with step("packages (the first time this is a download of some 150 MB)"):
        uv = [str(PYTHON), "-m", "uv", "pip", "sync", "--python", str(PYTHON), "--only-binary", ":all:"]
        uv += ["--require-hashes", "--compile-bytecode", str(LOCKS[level])]
        if not (fast and logged(uv, extra=for_uv())):
            logged(
                [*pip, str(LOCKS[level])],
                "The packages can't be installed. If the lines above speak of the network, look at the connection "
                "or proxy and run the same command again; if they name a package with no matching version, "
                f"there may be none for Python {VERSION} on this machine yet: try Python 3.11 to 3.13.",
            )
    make_importable()
    UNFINISHED.unlink()


def runs_our_version() -> bool:
    """Is there a .venv whose Python starts and has our version and pip?"""
    code = "import sys, pip; print('{}.{}'.format(*sys.version_info[:2]), sys.prefix != sys.base_prefix)"
    try:
        asked = subprocess.run(
            [str(PYTHON), "-c", code], env=environment(), capture_output=True, text=True, check=False
        )
    except OSError:
        return False
    return asked.stdout.split() == [VERSION, "True"]


def remove_environment() -> None:
    try:
        if VENV.is_symlink() or VENV.is_file():
            VENV.unlink()
        elif VENV.exists():
            shutil.rmtree(VENV)
    except OSError as error:
        raise SetupError(
            f"The old .venv can't be removed ({error.strerror}: {error.filename}). "
            "Close the programs that use it, or delete the folder, and run the same command again."
        ) from error


def make_importable() -> None:
    """Let the environment import the project from where it stands, and give it its command.

    Both find the project relative to .venv, so that a moved folder and any letter in its path work
    (a plain path in a .pth file is read in the locale's encoding before Python 3.13)."""
    asked = subprocess.run(
        [str(PYTHON), "-c", "import sysconfig; print(ascii(sysconfig.get_path('purelib')))"],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    line = "import os, sys; sys.path.append(os.path.dirname(sys.prefix))\n"
    (Path(ast.literal_eval(asked.stdout.strip())) / "sana_desktop.pth").write_text(line, "ascii")
    if POSIX:
        launcher = BIN / "sana-desktop"
        launcher.write_text('#!/bin/sh\nexec "$(dirname "$0")/python" -m sana_desktop "$@"\n', "ascii")
        launcher.chmod(0o755)
    else:
        (BIN / "sana-desktop.cmd").write_text('@"%~dp0python.exe" -m sana_desktop %*\n', "ascii")


def for_uv() -> dict[str, str]:
    """What pip knows of this machine and uv would not: the system's certificates, the index of pip.conf."""
    known = {"UV_SYSTEM_CERTS": "1"}
    if "UV_DEFAULT_INDEX" in os.environ:
        return known
    asked = subprocess.run(
        [str(PYTHON), "-m", "pip", "config", "list"], env=environment(), capture_output=True, text=True, check=False
    )
    pairs = (line.partition("=") for line in asked.stdout.splitlines())
    named = [value.strip("'\"") for name, _, value in pairs if name.endswith(".index-url")]
    return known | ({"UV_DEFAULT_INDEX": named[-1]} if named else {})


# Debian packages -----------------------------------------------------------------------------------------


class Apt:
    """Installs what is missing while Python's own packages download; says the command where it may not."""

    def __init__(self, wanted: tuple[str, ...], stamp: dict[str, Any]) -> None:
        if not has_ensurepip() and sys.base_prefix == "/usr":
            wanted = (*wanted, f"python{VERSION}-venv")
        self.wanted = wanted
        self.missing = missing_packages(wanted)
        self.started = time.monotonic()
        self.process: subprocess.Popen[bytes] | None = None
        if not self.missing:
            return
        right = right_to_install()
        if right is None or self.missing == stamp.get("debian_refused"):
            self.say_command()
            return
        print(f"Installing the Debian packages {' '.join(self.missing)}.", flush=True)
        script = f'apt-get -q update; exec {APT_INSTALL} -q -o DPkg::Lock::Timeout=300 "$@"'
        command = [*right, "env", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", script, "sh", *self.missing]
        self.process = start(command, LOG.with_name("apt.log"))

    @property
    def present(self) -> list[str]:
        return [name for name in self.wanted if name not in self.missing]

    def finish(self) -> None:
        if self.process is None:
            return
        with step("Debian packages", self.started):
            self.process.wait()
        self.process = None
        self.missing = missing_packages(self.wanted)
        if self.missing:
            print(tail(LOG.with_name("apt.log")))
            self.say_command()

    def provide_venv(self) -> None:
        """Debian ships Python without the means to make environments: that package can't come later."""
        if has_ensurepip():
            return
        self.finish()
        if not has_ensurepip():
            raise SetupError(
                f"This Python {VERSION} can't make virtual environments: its module ensurepip is missing. "
                f"Install it (Debian's package is python{VERSION}-venv) and run the same command again."
            )

    def say_command(self) -> None:
        """One line to type; the run goes on without, and what needs the packages says so."""
        command = f"sudo {APT_INSTALL} {' '.join(self.missing)}"
        print(f"Some system packages are missing. To install them, type:\n\n    {command}\n", flush=True)


def missing_packages(wanted: tuple[str, ...]) -> list[str]:
    """Those of `wanted` that dpkg doesn't have; none where there is no dpkg."""
    if not (wanted and shutil.which("dpkg-query") and shutil.which("apt-get")):
        return []
    names = [*wanted, *(name + "t64" for name in wanted)]
    form = "${Package} ${db:Status-Status}\n"
    asked = subprocess.run(["dpkg-query", "-W", "-f", form, *names], capture_output=True, text=True, check=False)
    have = {line.split()[0] for line in asked.stdout.splitlines() if line.endswith(" installed")}
    return [name for name in wanted if name not in have and name + "t64" not in have]


def right_to_install() -> list[str] | None:
    """What to put before apt-get, or None where this user may not or said no."""
    if sys.platform == "win32" or os.environ.get("SANA_DEV_NO_APT"):
        return None
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def has_ensurepip() -> bool:
    importlib.invalidate_caches()
    return importlib.util.find_spec("ensurepip") is not None


# Small tools ---------------------------------------------------------------------------------------------


@contextlib.contextmanager
def step(words: str, started: float | None = None) -> Iterator[None]:
    started = time.monotonic() if started is None else started
    print(f"  {words} … ", end="", flush=True)
    try:
        yield
    except BaseException:
        print("not done", flush=True)
        raise
    print(f"{time.monotonic() - started:.1f} s", flush=True)


def start(command: list[str], log: Path, extra: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start a part of the set-up. It inherits the lock, so that if we are killed the next run waits for it."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            env={**environment(), **(extra or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=held_lock if POSIX else (),
        )


def logged(command: list[str], complaint: str = "", extra: dict[str, str] | None = None) -> bool:
    """Run a part of the set-up into the log: did it work? With a complaint, failing is the end."""
    code = start(command, LOG, extra).wait()
    if code and complaint:
        raise SetupError(f"{tail(LOG)}\n\n{complaint}\nThe whole log is in {LOG}.")
    return code == 0


def tail(log: Path, lines: int = 12) -> str:
    text = log.read_text("utf-8", errors="replace")
    return "\n".join("    " + line for line in text.rstrip().splitlines()[-lines:])


held_lock: tuple[int, ...] = ()


@contextlib.contextmanager
def only_one_at_a_time() -> Iterator[None]:
    global held_lock
    WORK.mkdir(exist_ok=True)
    with (WORK / "lock").open("a+b") as file:
        if not try_lock(file.fileno()):
            print("Another dev.py is setting things up; waiting for it.", flush=True)
            while not try_lock(file.fileno()):
                time.sleep(0.2)
        held_lock = (file.fileno(),)
        for log in WORK.glob("*.log"):
            log.unlink()
        yield
        held_lock = ()


def try_lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:]))
