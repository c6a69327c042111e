"""The exercise catalogue: the same everywhere, believable, and hard and easy enough in every topic."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
from collections import Counter, defaultdict

import pytest

from sana_desktop.sandbox.catalogue import HARDEST, catalogue, item_of, segments
from sana_desktop.sandbox.catalogue_words import SUBJECTS
from sana_desktop.sandbox.content import Content, concept_of, nearest


def test_two_thousand_that_are_the_same_on_every_machine() -> None:
    items = catalogue()
    assert len(items) == len({item.id for item in items}) == 2000
    text = "".join(item.body for item in items)
    assert hashlib.sha256(text.encode()).hexdigest().startswith("128f92057d77f181")


def test_an_exercise_is_as_the_object_model_says() -> None:
    for item in catalogue():
        content = item.content
        assert json.loads(item.body) == content
        assert content.keys() - {"max_score"} == {"id", "path", "tags", "difficulty_level", "metadata"}
        assert json.loads(str(content["metadata"])) == {"irt_b": item.b}
        assert str(content["path"]).strip("/").split("/") == list(item.path)
        assert len(item.path) == 3
        assert isinstance(content["difficulty_level"], float)
        assert 1 <= content["difficulty_level"] <= 5
        assert isinstance(content["tags"], list)
        assert len(set(content["tags"])) == len(content["tags"]) >= 3
    assert 0.15 < sum("max_score" in item.content for item in catalogue()) / 2000 < 0.35


def test_every_topic_has_the_whole_range_of_difficulty() -> None:
    topics: dict[tuple[str, ...], list[float]] = defaultdict(list)
    lessons: dict[tuple[str, ...], list[float]] = defaultdict(list)
    for item in catalogue():
        topics[concept_of(item.path)].append(item.b)
        lessons[item.path].append(item.b)
    assert (len(topics), len(lessons)) == (40, 200)
    for found in topics.values():
        found.sort()
        assert found[0] == pytest.approx(-HARDEST, abs=0.2)
        assert found[-1] == pytest.approx(HARDEST, abs=0.2)
        assert max(hard - easy for easy, hard in itertools.pairwise(found)) < 0.33
    assert all(max(found) - min(found) > 6 for found in lessons.values())


def test_the_partners_levels_go_with_the_true_difficulty_but_are_not_it() -> None:
    by_level: dict[object, list[float]] = defaultdict(list)
    for item in catalogue():
        by_level[item.content["difficulty_level"]].append(item.b)
    means = [sum(by_level[level]) / len(by_level[level]) for level in sorted(by_level, key=str)]
    assert len(means) == 5
    assert means == sorted(means)
    assert max(by_level[2.0]) > min(by_level[3.0])


def test_tags_are_words_an_admin_knows() -> None:
    tags = Counter(tag for item in catalogue() for tag in item.tags)
    assert {"GDPR", "Safety", "Onboarding", "Year2025", "Mandatory", "Managers"} <= tags.keys()
    assert min(tags.values()) >= 50
    assert len({subject.name for subject in SUBJECTS}) == 8


@pytest.mark.parametrize("path", ["/a/b/", "a/b", "//a//b//", "/a/b"])
def test_slashes_make_no_difference(path: str) -> None:
    assert segments(path) == ("a", "b")


def test_nearest_first() -> None:
    assert list(nearest((), 0.0)) == []
    assert list(nearest((-1.0, 0.0, 1.0, 5.0), 0.4)) == [1, 2, 0, 3]
    assert list(nearest((-1.0, 1.0), 0.0)) == [0, 1]
    assert list(nearest((-1.0, 1.0), 9.0)) == [1, 0]
    assert list(nearest((-1.0, 1.0), -9.0)) == [0, 1]


def content_with(*exercises: dict[str, object]) -> Content:
    content = Content(catalogue())
    for exercise in exercises:
        content.meet(exercise)
    return content


def ids(content: Content, paths: tuple[str, ...], tags: tuple[str, ...] = (), *, is_review: bool = False) -> set[str]:
    return {item.id for group in content.pool(paths, tags, is_review=is_review).groups for item in group.items}


def test_content_of_partners_is_offered_where_it_is_pointed_at() -> None:
    content = content_with({"id": "own", "path": "/sales/new/", "tags": ["Mine"]})
    assert content.pool((), ()).size == 2000
    assert "own" in ids(content, ("/sales",))
    assert "own" in ids(content, ("",))
    assert ids(content, (), ("Mine",)) == {"own"}
    assert "own" in ids(content, (), is_review=True)
    assert "own" not in ids(content, ("/onboarding",))
    content.meet({"id": "own", "path": "/elsewhere", "tags": []})
    assert ids(content, ("/elsewhere",)) == {"own"}
    assert ids(content, (), ("Mine",)) == set()


def test_the_catalogue_is_not_changed_by_what_is_posted() -> None:
    content = Content(catalogue())
    first = catalogue()[0]
    assert content.meet({"id": first.id, "path": "/other", "metadata": '{"irt_b": 3}'}) is first
    content.unsettle(first, 1.0)
    assert content.difficulty(first) == first.b


@pytest.mark.parametrize(
    ("metadata", "b"),
    [
        ('{"irt_b": 1.5}', 1.5), ('{"irt_b": "-2"}', -2.0), ("", 0.0), ("{}", 0.0), ("[1]", 0.0), ("7", 0.0),
        ('{"irt_b": null}', 0.0), ('{"irt_b": NaN}', 0.0), ('{"irt_b": 1e999}', 0.0), ('{"irt_b": 99}', 8.0),
    ],
)  # fmt: skip
def test_the_difficulty_of_a_new_exercise_is_what_it_says_or_average(metadata: str, b: float) -> None:
    content = Content(())
    assert content.difficulty(content.meet({"id": "x", "path": "/x", "metadata": metadata})) == b


def test_the_difficulty_of_a_new_exercise_is_learnt_in_shrinking_steps() -> None:
    content = Content(())
    item = content.meet({"id": "x", "path": "/x"})
    seen = [content.difficulty(item)]
    for _ in range(50):
        content.unsettle(item, -0.5)  # failed half of the time more than expected
        seen.append(content.difficulty(item))
    steps = [after - before for before, after in itertools.pairwise(seen)]
    assert steps == sorted(steps, reverse=True)
    assert 0 < steps[-1] < steps[0] / 3
    again = content.meet({"id": "x", "path": "/x", "tags": ["t"]})
    assert content.difficulty(again) == seen[-1]
    assert math.isclose(content.pool(("x",), ()).groups[0].difficulties[0], seen[-1])


def test_an_item_keeps_unknown_fields() -> None:
    item = item_of({"id": "x", "path": "/x", "colour": "red"}, 0.0)
    assert json.loads(item.body) == {"id": "x", "path": "/x", "colour": "red"}
