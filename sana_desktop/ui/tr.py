"""Every word a person reads goes through here, with the context a translator needs."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from sana_desktop.base.errors import SanaError


def tr(context: str, text: str, **values: object) -> str:
    """Return `text` in the person's language, with `{name}` replaced by `values`.

    Args:
        context: the place in the window, for the translator, such as "Welcome".
        text: the English words, a template if there are `values`.
        values: what goes in; they are never translated and never read as a template.
    """
    words = QCoreApplication.translate(context, text)
    return words.format_map(values) if values else words


def error_words(error: SanaError) -> tuple[str, str, str]:
    """Return title, sentence and next step (may be empty) of `error` in the person's language; all plain text."""
    step = tr("Errors", error.next_step) if error.next_step else ""
    return tr("Errors", error.title), error.say(lambda text: tr("Errors", text)), step


def error_text(error: SanaError) -> str:
    """Return sentence and next step of `error` in the person's language, one after the other."""
    _, sentence, step = error_words(error)
    return f"{sentence} {step}".strip()
