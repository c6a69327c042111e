"""The command line of BEHAVIOUR.md, read into one frozen value a command."""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from sana_desktop import __version__
from sana_desktop.base.errors import UserError
from sana_desktop.cli.commands import Command, ExportCommand, SandboxCommand, SimulateCommand, WindowCommand

DEFAULT_TIMEOUT_SECONDS = 3600.0
LONGEST_SECONDS = 1e9
"""Three decades are as good as no end, and a time so long ago is still a date."""
DEFAULT_SANDBOX_ROWS = 50_000
DEFAULT_STEPS = 20
PERSONAS = ("newcomer", "rusty", "uneven", "guesser", "tires", "steady")
"""`practice.personas.PersonaKind`, which is not loaded to read a command line."""

EXPORT_EPILOG = """\
who orders, from the environment, never from the command line:
  SANA_CLIENT_ID with SANA_CLIENT_SECRET
                        an API client with the scopes read and write
  SANA_TOKEN            a pass (access token); it lasts about an hour
  neither               the secret of the stored connection (--profile NAME)
  SANA_DESKTOP_HOME     one folder for everything the app keeps

exit codes:
  0    the file is complete, verified and in place
  1    a fault of the app itself; the log has more
  2    the arguments or the pasted text can't be used
  3    the credentials are missing, wrong or not allowed
  4    the site refused or failed the query; the message has its words
  5    the site can't be reached or gave no usable answer in time (--timeout)
  6    the download link ended and could not be renewed
  7    the file can't be written: exists already, no such folder, no permission, disk full
  8    the order was sent and its answer was lost; it was not repeated
  130  interrupted
"""


SIMULATE_EPILOG = """\
The outcomes are posted for the id given with --user: they change what that learner is offered and can't be taken back.
Give an id that is no real person's. Of a service that is not on this computer it must begin with sana-desktop-test-.

the key, never from the command line:
  SANA_API_KEY          from the environment
  else                  the stored key of the connection that uses this service

exit codes:
  0    all steps were played
  1    a fault of the app itself; the log has more
  2    the arguments can't be used
  3    the key is missing, wrong or not allowed
  4    the service refused a request, or recommends nothing for it; the message has its words
  5    the service can't be reached or gave no usable answer in time
  8    outcomes were sent and the answer was lost; they were not sent again
  130  interrupted
"""


SANDBOX_EPILOG = """\
It misbehaves on request. Put a comment above the query, several faults apart by a semicolon:
  -- sandbox: slow 20; cut 20000000

the report:
  slow SECONDS      it takes so long
  fail [REASON]     it fails
  running WORD      while it is worked on its state is this word
  status WORD       when it is done its state is this word, and there is no link
  nolink [POLLS]    it is done, and the link comes only after so many looks, or never
  ttl SECONDS       its first link lives so long
  expired           its first link has ended already
  dead              its link is dead, and there is no other
  size BYTES        the file is so many bytes of filler

its download:
  cut BYTES [chunked|nolength]   the line breaks after so many bytes, once; without a length on request
  pace BYTES        at most so many bytes a second
  norange           the rest alone can't be had: the whole comes again
  noetag, weaketag  no mark of the version, or a weak one
  changed           another file stands at the same place
  gzip              it comes packed
  html              a web page comes in its place
"""


class _Parser(argparse.ArgumentParser):
    """Raises instead of exiting, so that `--json` can answer with an object as for every other error.

    Options are not to be abbreviated: a script must not mean another one some day.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_abbrev": False, **options})

    def error(self, message: str) -> NoReturn:
        raise UserError(
            "{message}",
            values={"message": message[:1].upper() + message[1:] + "."},
            code="E-USAGE",
            next_step=f"`{self.prog} --help` lists what can be given.",
        )


def parse(arguments: Sequence[str]) -> Command:
    """Return the command that `arguments` (without the program's name) mean.

    Raises:
        UserError: when they mean none; the sentence names the part.
        SystemExit: after printing for `--help` and `--version`.
    """
    given = _parser().parse_args(list(arguments))
    match given.command:
        case "sandbox":
            return SandboxCommand(given.port, given.rows, given.state, given.until_eof, given.reporter)
        case "export":
            return ExportCommand(
                workspace=given.workspace,
                sql=given.sql,
                sql_file=given.sql_file,
                curl_file=given.curl_file,
                format=given.format,
                out=given.out,
                overwrite=given.overwrite,
                timeout_seconds=given.timeout,
                profile=given.profile,
                quiet=given.quiet,
                json=given.json,
            )
        case "practice":
            return _simulation(given)
        case "demo":
            return WindowCommand(demo=True, tour=given.tour, debug_crash=given.debug_crash)
        case _:
            return WindowCommand(debug_crash=given.debug_crash)


def _simulation(given: argparse.Namespace) -> SimulateCommand:
    return SimulateCommand(
        url=given.url,
        user=given.user,
        steps=given.steps,
        mode=given.mode,
        per_call=given.per_call,
        challenge=given.challenge,
        paths=tuple(given.path),
        tags=tuple(given.tag),
        review=given.review,
        persona=given.persona,
        ability=given.ability,
        seed=given.seed,
        json=given.json,
    )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="sana-desktop",
        description="Reports for admins of the Sana learning platform. Without a command: open the window.",
    )
    parser.add_argument("--version", action="version", version=f"sana-desktop {__version__}")
    _add_debug_crash(parser, None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    _add_demo(commands.add_parser("demo", help="open the window on the demo workspace, with nothing to configure"))
    _add_export(
        commands.add_parser(
            "export",
            help="one report from SQL to a verified file, no window",
            epilog=EXPORT_EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )
    practice = commands.add_parser("practice", help="exercises and outcomes, no window")
    parts = practice.add_subparsers(dest="part", metavar="COMMAND", parser_class=_Parser, required=True)
    _add_simulate(
        parts.add_parser(
            "simulate",
            help="a simulated learner against the practice API",
            epilog=SIMULATE_EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )
    _add_sandbox(
        commands.add_parser(
            "sandbox",
            help="serve the demo workspace alone, until interrupted",
            epilog=SANDBOX_EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
    )
    return parser


def _add_debug_crash(parser: argparse.ArgumentParser, default: str | None) -> None:
    parser.add_argument("--debug-crash", choices=("segv",), default=default, help=argparse.SUPPRESS)


def _add_demo(parser: argparse.ArgumentParser) -> None:
    # Without a default of its own, what stands before the command holds.
    _add_debug_crash(parser, argparse.SUPPRESS)
    parser.add_argument(
        "--tour",
        metavar="DIR",
        type=Path,
        help="drive the window through its main job, put screenshots and the file into DIR, and exit",
    )


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--workspace", metavar="SITE", help="acme, acme.sana.ai or a whole address")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--sql", metavar="TEXT", help="the query itself")
    source.add_argument("--sql-file", metavar="PATH", help="a file with the query; - is standard input")
    source.add_argument("--curl-file", metavar="PATH", help="a file with the copied cURL; - is standard input")
    parser.add_argument(
        "--format",
        choices=("csv", "xlsx"),
        help="default: what the ending of PATH says, else the cURL, else csv",
    )
    parser.add_argument(
        "--out",
        metavar="PATH",
        type=Path,
        help="the file to make, .csv or .xlsx as its format; default: a name of its own, here",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace PATH if it exists, by the whole new report")
    parser.add_argument(
        "--timeout",
        metavar="SECONDS",
        type=_positive_seconds,
        default=DEFAULT_TIMEOUT_SECONDS,
        help="for the whole export (default 3600)",
    )
    parser.add_argument("--profile", metavar="NAME", help="the connection whose stored secret is used")
    parser.add_argument("--quiet", action="store_true", help="no progress on standard error")
    parser.add_argument("--json", action="store_true", help="the result as one JSON object on standard output")


def _add_simulate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--url", metavar="URL", required=True, help="of the service, as https://api.sanalabs.com")
    parser.add_argument("--user", metavar="ID", type=_text, required=True, help="whose outcomes are posted")
    parser.add_argument("--steps", metavar="N", type=_above_zero, default=DEFAULT_STEPS, help="exercises (default 20)")
    parser.add_argument(
        "--mode",
        choices=("single", "batch", "combined"),
        default="single",
        help="post each outcome by itself (default), all of a request together, or inside the next request",
    )
    parser.add_argument(
        "--per-call", metavar="N", type=_above_zero, help="exercises a request (default: 5 with batch, else 1)"
    )
    parser.add_argument("--challenge", metavar="0..1", type=_challenge, help="default: left to Sana")
    parser.add_argument("--path", metavar="P", type=_text, action="append", default=[], help="only below P; repeatable")
    parser.add_argument("--tag", metavar="T", type=_text, action="append", default=[], help="only with T; repeatable")
    parser.add_argument("--review", action="store_true", help="only topics the learner has met")
    parser.add_argument(
        "--persona",
        choices=PERSONAS,
        default="steady",
        help="how the learner answers, as in the window: newcomer (New starter), rusty (Rusty expert), uneven (Strong "
        "here, weak there), guesser (Guesser), tires (Tires after ten), steady (Steady, the default)",
    )
    parser.add_argument(
        "--ability",
        metavar="X",
        type=_finite,
        help="of the learner, in logits; 0 is average (default: the persona's own, of the steady one 0)",
    )
    parser.add_argument("--seed", metavar="N", type=_whole, default=0, help="same seed, same learner (default 0)")
    parser.add_argument("--json", action="store_true", help="JSON Lines on standard output, a line a step")


def _add_sandbox(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", metavar="N", type=_port, default=0, help="of the API; default: a free one")
    parser.add_argument("--rows", metavar="N", type=_rows, default=DEFAULT_SANDBOX_ROWS, help="default 50000")
    parser.add_argument("--state", metavar="DIR", type=Path, help="keep jobs and credentials there over a restart")
    parser.add_argument("--until-eof", action="store_true", help="stop when standard input closes")
    # What the sandbox starts for itself where it is packed: there is no Python then that takes a module.
    parser.add_argument("--reporter", action="store_true", help=argparse.SUPPRESS)


def _positive_seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not seconds > 0:  # no number is not above 0, either
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of seconds above 0")
    return min(seconds, LONGEST_SECONDS)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"“{text}” is not a port between 0 and 65535")
    return int(text)


def _rows(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of rows above 0")
    return int(text)


def _above_zero(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 100_000_000:
        raise argparse.ArgumentTypeError(f"“{text}” is not a whole number above 0")
    return int(text)


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}” is not a whole number") from None


def _finite(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"“{text}” is not a number")
    return value


def _challenge(text: str) -> float:
    value = _finite(text)
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"“{text}” is not between 0 and 1")
    return value


def _text(text: str) -> str:
    # Half a surrogate stands for a byte of the command line that is no text.
    if not text.strip() or any("\ud800" <= character <= "\udfff" for character in text):
        raise argparse.ArgumentTypeError("it is empty or not text")
    return text
