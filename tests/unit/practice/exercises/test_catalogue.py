"""What is known: tree, tags, and what constraints leave over."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from sana_desktop.api.practice_models import Constraints
from sana_desktop.practice.exercises.catalogue import MAX_LEVELS, Catalogue, PathNode
from tests.support.practice_askers import exercise

PATHS = st.lists(st.lists(st.sampled_from(["a", "B", "c"]), min_size=1, max_size=4), max_size=30)


def nodes(node: PathNode) -> Iterator[PathNode]:
    yield node
    for child in node.children:
        yield from nodes(child)


@given(PATHS)
def test_every_count_is_that_of_a_constraint(paths: list[list[str]]) -> None:
    catalogue = Catalogue(exercise(str(i), "/" + "/".join(parts) + "/") for i, parts in enumerate(paths))
    for node in nodes(catalogue.tree):
        assert node.count == len(catalogue.matching(Constraints(paths=(node.path,))))
        assert [child.name for child in node.children] == sorted((c.name for c in node.children), key=str.casefold)


def test_a_path_of_any_depth() -> None:
    """From a file it may have thousands of levels; a tree has as many as anybody looks through."""
    node = Catalogue([exercise("1", "/a" * 5_000), exercise("2", "/a/b")]).tree
    depth = 0
    while node.children:
        node, depth = node.children[0], depth + 1
    assert (depth, node.count) == (MAX_LEVELS, 1)


def test_tags_by_frequency() -> None:
    catalogue = Catalogue([exercise("1", "/a", "x", "y"), exercise("2", "/a", "y"), exercise("3", "/a", "z")])
    assert [(tag.name, tag.count) for tag in catalogue.tags] == [("y", 2), ("x", 1), ("z", 1)]
    assert [each.id for each in catalogue.matching(Constraints(tags=("x", "z")))] == ["1", "3"]


def test_learning_merges_by_id() -> None:
    first = Catalogue([exercise("1", "/a")])
    same = first.learned([exercise("1", "/a")])
    assert same is first
    more = first.learned([exercise("1", "/b"), exercise("2", "/c")])
    assert [(each.id, each.path) for each in more.exercises] == [("1", "/b"), ("2", "/c")]
    assert len(first) == 1
    assert "2" in more
    assert "2" not in first
    found = more.get("2")
    assert found is not None
    assert found.path == "/c"


def test_difficulties_and_words() -> None:
    assert Catalogue().difficulties is None
    assert Catalogue().words() == ("No exercises are known yet.",)
    catalogue = Catalogue([exercise("1", "/a", b=-1.5), exercise("2", "a/", "t", b=2.0), exercise("3", "/b")])
    assert catalogue.difficulties == (-1.5, 2.0)
    assert catalogue.words() == ("Exercises: 3, topics: 2, tags: 1.", "Difficulty from −1.5 to 2.0.")
