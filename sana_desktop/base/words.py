"""A sentence for a person that is still translatable: English text that remembers its template and values."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sana_desktop.base.text import one_line

MAX_VALUE_CHARACTERS = 200
"""Longest value inside a sentence; a sentence is for reading at a glance."""


class Words(str):
    """A `str` in English that can be said again in another language.

    Attributes:
        template: the sentence with `{name}` where a value goes.
        values: what goes into it; each is one visible line of bounded length, so text from outside is harmless.
    """

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, str]

    def __new__(cls, template: str, **values: object) -> Words:
        shown = {name: one_line(str(value), MAX_VALUE_CHARACTERS) for name, value in values.items()}
        self = super().__new__(cls, template.format_map(shown) if shown else template)
        self.template = template
        self.values = shown
        return self

    def say(self, translate: Callable[[str], str]) -> str:
        """Return the sentence in the language of `translate`, which maps a template to a template."""
        template = translate(self.template)
        return template.format_map(self.values) if self.values else template

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.template, dict(self.values)))


def _rebuild(template: str, values: dict[str, str]) -> Words:
    return Words(template, **values)
