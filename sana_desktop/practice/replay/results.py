"""What the words of a report say about how an answer ended: as somebody chose, or as they are guessed (B34); pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from sana_desktop.api.practice_models import Result
from sana_desktop.base.text import one_line
from sana_desktop.practice.tables import number_in

VALUE_CHARACTERS = 40
"""A longer value is told from others by its beginning."""
MAX_KEPT = 1_024

_RIGHT = (
    "correct", "right", "true", "yes", "y", "pass", "passed", "success", "successful", "1", "ok",
    "richtig", "korrekt", "wahr", "ja", "bestanden", "erfolgreich", "gelöst",
    "correcte", "juste", "vrai", "vraie", "bon", "bonne", "oui", "réussi", "réussie", "validé", "validée", "acquis",
    "correcto", "correcta", "verdadero", "verdadera", "sí", "aprobado", "aprobada", "acierto", "superado", "superada",
    "rätt", "sant", "godkänd", "godkänt", "klarad", "klarat",
)  # fmt: skip
_WRONG = (
    "incorrect", "wrong", "false", "no", "n", "fail", "failed", "failure", "0", "error", "not passed",
    "falsch", "unrichtig", "inkorrekt", "nein", "nicht bestanden", "durchgefallen", "nicht gelöst",
    "incorrecte", "faux", "fausse", "non", "échoué", "échouée", "échec", "raté", "ratée", "non validé", "non acquis",
    "incorrecto", "incorrecta", "falso", "falsa", "suspenso", "suspendido", "suspendida", "reprobado", "reprobada",
    "fallo", "fallado", "no superado", "no aprobado",
    "fel", "felaktig", "felaktigt", "falskt", "nej", "underkänd", "underkänt", "inte godkänd", "ej godkänd",
)  # fmt: skip
_PARTLY = (
    "partially correct", "partially", "partial", "partly", "partly correct", "half",
    "teilweise richtig", "teilweise korrekt", "teilweise", "teilrichtig", "zum teil richtig", "halb richtig",
    "partiellement correct", "partiellement correcte", "partiellement juste", "partiellement", "partiel", "partielle",
    "en partie", "en partie correct",
    "parcialmente correcto", "parcialmente correcta", "parcialmente", "parcial", "en parte",
    "delvis rätt", "delvis korrekt", "delvis", "till viss del",
)  # fmt: skip
_SKIPPED = (
    "skipped", "skip", "not answered", "unanswered", "omitted",
    "übersprungen", "ausgelassen", "nicht beantwortet", "unbeantwortet", "nicht bearbeitet",
    "sauté", "sautée", "ignoré", "ignorée", "omis", "omise", "sans réponse", "non répondu",
    "omitido", "omitida", "saltado", "saltada", "sin responder", "sin respuesta", "sin contestar",
    "överhoppad", "överhoppat", "hoppade över", "obesvarad", "obesvarat", "ej besvarad", "inte besvarad",
)  # fmt: skip


def plain(told: str) -> str:
    """Return a value as it is looked up: in small letters without accents, `_` and hyphens as spaces, not long."""
    return _plain(one_line(told, VALUE_CHARACTERS))


def result_in(told: str) -> Result | None:
    """Return what a value is guessed to mean: a word, or a share from 0 to 1; None if nothing does."""
    found = _KNOWN.get(_plain(told)) if len(told) <= VALUE_CHARACTERS else None
    if found is not None:
        return found
    share = percent(told)
    if share is None:
        share = number_in(told)
    return by_share(share) if share is not None and 0 <= share <= 1 else None


def by_share(share: float) -> Result:
    """Return what a share of the highest score means."""
    if share >= 1:
        return Result.CORRECT
    return Result.PARTIALLY_CORRECT if share > 0 else Result.INCORRECT


def percent(told: str) -> float | None:
    """Return the share that a cell such as `85 %` means; None if it is no percentage."""
    number = number_in(told[:-1].rstrip()) if told.endswith("%") else None
    return None if number is None else number / 100


@lru_cache(MAX_KEPT)
def _plain(told: str) -> str:
    # Not the sign of a number: -1 is not 1.
    words = re.sub(r"(?<=\w)-(?=\w)", " ", told.casefold().replace("_", " "))
    apart = unicodedata.normalize("NFD", words)
    return " ".join("".join(each for each in apart if not unicodedata.combining(each)).split())


_KNOWN: dict[str, Result] = {
    _plain(word): result
    for words, result in (
        (_RIGHT, Result.CORRECT),
        (_WRONG, Result.INCORRECT),
        (_PARTLY, Result.PARTIALLY_CORRECT),
        (_SKIPPED, Result.SKIPPED),
    )
    for word in words
}
