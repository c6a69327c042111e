"""Words of a report say how an answer ended, in five languages; what is guessed wrongly can be chosen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sana_desktop.api.practice_models import ExerciseOutcome, Result
from sana_desktop.practice.replay.columns import Field, Mapping
from sana_desktop.practice.replay.results import VALUE_CHARACTERS, plain, result_in
from sana_desktop.practice.replay.rows import RowReader

NAMES = ("exercise", "result", "timestamp")
MAPPING = Mapping({Field.EXERCISE: "exercise", Field.RESULT: "result", Field.TIMESTAMP: "timestamp"})


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (Result.CORRECT, "correct|richtig|Bestanden|JA|juste|réussi|Réussie|oui|correcto|aprobado|sí|si|rätt|godkänd"),
        (Result.INCORRECT, "wrong|falsch|nicht bestanden|nein|faux|échoué|non|incorrecto|suspenso|fel|underkänd|nej"),
        (Result.PARTIALLY_CORRECT, "teilweise richtig|teilweise_richtig|partiellement correct|parcial|delvis rätt|0,5"),
        (Result.SKIPPED, "übersprungen|sauté|sin responder|överhoppad|not-answered"),
    ],
)
def test_common_words_are_guessed(result: Result, words: str) -> None:
    found = {word: result_in(word) for word in words.split("|")}
    assert found == dict.fromkeys(found, result)


@pytest.mark.parametrize("told", ["befriedigend", "3", "-1", "", "richtig oder falsch", "x" * 10_000])
def test_what_is_not_known_is_not_guessed(told: str) -> None:
    assert result_in(told) is None


def test_values_are_looked_up_by_what_they_say() -> None:
    assert plain("  Teilweise_RICHTIG ") == plain("teilweise richtig") == "teilweise richtig"
    assert len(plain("x" * 1_000)) <= VALUE_CHARACTERS


def test_what_a_value_means_can_be_chosen() -> None:
    chosen = {"befriedigend": Result.PARTIALLY_CORRECT, "ja": None, "richtig": Result.SKIPPED}
    mapping = replace(MAPPING, results=chosen)
    reader = RowReader(NAMES, Mapping.from_json(mapping.to_json()))
    read = {told: reader.read(("q", told, "2026-01-05")) for told in ("Befriedigend", "Ja", "richtig", "falsch")}
    results = {told: row.outcome.result for told, row in read.items() if isinstance(row, ExerciseOutcome)}
    assert results == {
        "Befriedigend": Result.PARTIALLY_CORRECT,
        "richtig": Result.SKIPPED,
        "falsch": Result.INCORRECT,
    }
    assert read["Ja"] == "Rows with the result “Ja” are left out, as it was chosen."


def test_what_was_chosen_comes_back_from_disk_and_one_from_before_has_none() -> None:
    mapping = replace(MAPPING, results={"ja": None, "gut": Result.CORRECT})
    assert Mapping.from_json(mapping.to_json()) == mapping
    assert Mapping.from_json('{"columns": {}, "time_unit": "seconds", "by_time": false}').results == {}
    with pytest.raises(ValueError, match=r".*"):
        Mapping.from_json('{"columns": {}, "time_unit": "seconds", "by_time": false, "results": {"a": "odd"}}')
