"""Character positions and Qt's UTF-16 positions agree, whatever is in the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.ui.reports.editor.positions import Positions

TEXT = st.text(alphabet=st.sampled_from("aé\n漢😀𝒳"), max_size=40)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(TEXT)
def test_every_character_has_its_place(text: str) -> None:
    positions = Positions(text)
    for at in range(len(text) + 1):
        assert positions.to_qt(at) == units(text[:at])
        assert positions.from_qt(units(text[:at])) == at


def test_inside_a_pair_means_its_character() -> None:
    assert Positions("😀a").from_qt(1) == 0
