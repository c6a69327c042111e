"""What the button says that drops what is in the way."""

from __future__ import annotations

from sana_desktop.practice.compare.why import Blocking
from sana_desktop.practice.exercises.limits import Limit, Part
from sana_desktop.ui.practice.session.trouble_presenter import drop_words

TAG, PATH, OTHER = Limit(Part.TAGS, "GDPR"), Limit(Part.PATHS, "/IB/math"), Limit(Part.PATHS, "/IB/art")


def test_the_only_way_out_is_told_by_what_stands_before_the_button() -> None:
    assert drop_words(Blocking((TAG,), 3), alone=True) == "Drop it and try again"
    assert drop_words(Blocking((TAG, PATH), 3), alone=True) == "Drop them and try again"


def test_one_of_several_ways_out_is_named() -> None:
    assert drop_words(Blocking((TAG,), 3), alone=False) == "Drop the tag GDPR"
    assert drop_words(Blocking((TAG, PATH), 3), alone=False) == "Drop the tag GDPR, and the topic IB › math"
    long = drop_words(Blocking((TAG, PATH, OTHER, Limit(Part.REVIEW)), 3), alone=False)
    assert long.startswith("Drop the tag GDPR, the topics IB › math and")
    assert long.endswith("…")
