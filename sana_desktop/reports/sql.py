"""What the app knows of SQL, in one place to import from; each part has its own module."""

from sana_desktop.reports.sql_check import Finding, Severity, check
from sana_desktop.reports.sql_explain import Facts, explain, facts
from sana_desktop.reports.sql_tidy import Tidied, tidy
from sana_desktop.reports.sql_title import human, title_of
from sana_desktop.reports.sql_words import Blank, Span, blanks, statement_at, statements

__all__ = [
    "Blank",
    "Facts",
    "Finding",
    "Severity",
    "Span",
    "Tidied",
    "blanks",
    "check",
    "explain",
    "facts",
    "human",
    "statement_at",
    "statements",
    "tidy",
    "title_of",
]
