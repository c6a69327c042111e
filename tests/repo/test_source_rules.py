"""The laws of the house that can be read from the source."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.support.project import PACKAGE, ROOT, modules, place, tree

# Who may import a library, also inside a function. A place is a prefix: a module may become a package.
IMPORTED_ONLY_IN = {
    "PySide6": ("ui/",),
    "shiboken6": ("ui/",),
    "qasync": ("ui/loop",),
    "httpx": ("api/transport", "api/aiohttp_transport", "api/errors"),
    "yarl": (
        "api/transport",
        "api/aiohttp_transport",
    ),
    "aiohttp": (
        "api/transport",
        "api/aiohttp_transport",
        "api/aiohttp_line",
    ),
    "keyring": ("store/secrets",),
    "duckdb": ("sandbox/",),
    "starlette": ("sandbox/",),
    "uvicorn": ("sandbox/",),
}
TURNS_THE_LOOP = ("processEvents", "mouseMove", "qWait", "qWaitFor")
"""Calls that run Qt's loop until they are done; `QTest.mouseMove` is one that does not look like it."""
MAX_MODULE_LENGTH = 400
MAX_BOOTSTRAP_LENGTH = 200

Offences = Iterator[tuple[int, str]]  # line and what stands there

pytestmark = pytest.mark.no_cover  # the source is read here, not run


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All that stands in a module: each rule looks at it anew."""
    return tuple(ast.walk(tree(path)))


def calls(path: Path) -> Iterator[tuple[ast.Call, str, str]]:
    """Every call with the name called and what it was called on: `a.b.c()` gives `c` and `a.b`."""
    for node in nodes(path):
        if isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute):
                yield node, function.attr, ast.unparse(function.value)
            elif isinstance(function, ast.Name):
                yield node, function.id, ""


def names(path: Path) -> Offences:
    """Every name that is read, asked of an object or imported, with its line."""
    for node in nodes(path):
        if isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((node.lineno, alias.name) for alias in node.names)


def imports(path: Path) -> Offences:
    """The top-level package of every import, with its line."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module.partition(".")[0]


def offenders(rule: Callable[[Path], Offences]) -> str:
    """Everything in the package that a rule forbids, a line each: `place:line: what`."""
    return "\n".join(f"{place(path)}:{line}: {what}" for path in modules() for line, what in rule(path))


def test_every_module_says_why_it_exists() -> None:
    assert not [place(path) for path in modules() if not ast.get_docstring(tree(path))]


def test_every_module_is_short() -> None:
    lengths = {place(path): len(path.read_text("utf-8").splitlines()) for path in modules()}
    assert not {name: length for name, length in lengths.items() if length > MAX_MODULE_LENGTH}
    assert lengths.get("bootstrap.py", 0) <= MAX_BOOTSTRAP_LENGTH


def test_libraries_are_imported_only_in_their_place() -> None:
    def rule(path: Path) -> Offences:
        for line, name in imports(path):
            if name in IMPORTED_ONLY_IN and not place(path).startswith(IMPORTED_ONLY_IN[name]):
                yield line, f"imports {name}"

    assert offenders(rule) == ""


def test_nobody_opens_a_nested_event_loop() -> None:
    """`exec()` of a dialog or menu inside a coroutine loses other tasks for ever; ui/dialogs.py has awaitables."""

    def rule(path: Path) -> Offences:
        yield from (
            (node.lineno, f"{on}.{name}()") for node, name, on in calls(path) if name in ("exec", "exec_") and on
        )
        # The first paint comes before there is an asyncio loop whose tasks could be lost.
        if place(path) != "ui/first_paint.py":
            yield from ((line, name) for line, name in names(path) if name in TURNS_THE_LOOP)

    assert offenders(rule) == ""


def test_no_coroutine_of_a_test_turns_the_loop_by_hand() -> None:
    """It runs steps of other tasks inside that of the test, and asyncio loses them: the test never ends."""
    turned = [
        f"{path.relative_to(ROOT)}:{inner.lineno}"
        for path in sorted((ROOT / "tests" / "ui").rglob("*.py"))
        for node in nodes(path)
        if isinstance(node, ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Attribute) and inner.attr in TURNS_THE_LOOP
    ]
    assert not turned


def test_the_faces_run_no_sql() -> None:
    """What a table looks like is known to the room that writes it; a face asks that room."""

    def rule(path: Path) -> Offences:
        if place(path).startswith(("ui/", "cli/")):
            yield from (
                (node.lineno, f"{on}.{name}()")
                for node, name, on in calls(path)
                if name in ("execute", "executemany", "executescript")
            )

    assert offenders(rule) == ""


def test_tasks_are_left_to_the_supervisor() -> None:
    """A task that nobody holds can vanish, and its failure with it. A task group holds its own."""

    def groups(path: Path) -> set[str]:
        return {
            ast.unparse(item.optional_vars)
            for node in nodes(path)
            if isinstance(node, ast.AsyncWith)
            for item in node.items
            if item.optional_vars and ast.unparse(item.context_expr).endswith("TaskGroup()")
        }

    def rule(path: Path) -> Offences:
        yield from ((line, name) for line, name in names(path) if name in ("asyncSlot", "asyncClose", "ensure_future"))
        if place(path) != "base/tasks.py":
            for node, name, on in calls(path):
                if name == "create_task" and on not in groups(path):
                    yield node.lineno, f"{on}.{name}()"

    assert offenders(rule) == ""


def test_nobody_blocks_to_wait() -> None:
    def rule(path: Path) -> Offences:
        yield from (
            (node.lineno, "sleep()") for node, name, on in calls(path) if name == "sleep" and on in ("time", "")
        )

    assert offenders(rule) == ""


def test_certificates_are_never_turned_off() -> None:
    def rule(path: Path) -> Offences:
        for node, _, _ in calls(path):
            for keyword in node.keywords:
                off = isinstance(keyword.value, ast.Constant) and not keyword.value.value
                if off and keyword.arg in ("verify", "verify_ssl", "check_hostname"):
                    yield node.lineno, f"{keyword.arg}=False"
        yield from ((line, name) for line, name in names(path) if name == "CERT_NONE")

    assert offenders(rule) == ""


def test_only_the_command_line_prints() -> None:
    def rule(path: Path) -> Offences:
        if not place(path).startswith("cli/") and path.name != "__main__.py":
            yield from ((node.lineno, "print()") for node, name, on in calls(path) if name == "print" and not on)

    assert offenders(rule) == ""


def test_the_rules_find_what_they_look_for(tmp_path: Path) -> None:
    """So that a rule can't pass because its eyes are shut."""
    path = tmp_path / "wrong.py"
    path.write_text("import duckdb.typing\nfrom time import sleep\nasync def f(menu):\n    menu.exec()\n    sleep(1)\n")
    assert [name for _, name in imports(path)] == ["duckdb", "time"]
    assert [(name, on) for _, name, on in calls(path)] == [("exec", "menu"), ("sleep", "")]
    assert "sleep" in {name for _, name in names(path)}
    assert PACKAGE / "base" / "errors.py" in modules()
