"""An edited file is parsed again from its old tree, with the same outcome as from nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tree_sitter import Tree

from quantumlayer.parser.recent import RecentTrees, reparse
from quantumlayer.parser.tree import parse

SOURCE = b"def f(a):\n    return [a, 1]\n\n\nclass B:\n    def g(self):\n        return f(2)\n"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"a", b"long_name"),
        (b"[a, 1]", b"[a]"),
        (b"class B:", b"class B(C):"),
        (b"", b"x = 1\n"),
        (b"    def g", b"    # comment\n    def g"),
        (b"return f(2)\n", b"return f(2)"),
    ],
)
def test_an_edit_gives_the_tree_that_a_fresh_parse_gives(old: bytes, new: bytes) -> None:
    edited = SOURCE.replace(old, new, 1)
    again = reparse("python", parse("python", SOURCE), SOURCE, edited)
    assert str(again.root_node) == str(parse("python", edited).root_node)


@settings(max_examples=60, deadline=None)
@given(
    start=st.integers(0, len(SOURCE)),
    length=st.integers(0, 30),
    text=st.text(alphabet="ab (:)\n#é\"'", max_size=12),
)
def test_any_edit_leaves_an_answer_that_depends_on_the_file_alone(
    start: int, length: int, text: str
) -> None:
    edited = SOURCE[:start] + text.encode() + SOURCE[start + length :]
    recent = RecentTrees()
    recent.parse("python", "a.py", SOURCE)
    again = recent.parse("python", "a.py", edited)
    assert str(again.root_node) == str(parse("python", edited).root_node)


def test_only_what_differs_is_read_again() -> None:
    large = SOURCE * 2_000
    edited = large.replace(b"f(2)", b"f(3)", 1)
    tree = parse("python", large)
    again = reparse("python", tree, large, edited)
    # Nodes that were taken over are the same nodes.
    before, after = node_ids(tree), node_ids(again)
    assert len(before & after) > 0.5 * len(after)


def node_ids(tree: Tree) -> set[int]:
    found, pending = set(), [tree.root_node]
    while pending:
        node = pending.pop()
        found.add(node.id)
        pending += node.children
    return found


def test_what_is_remembered_is_bounded() -> None:
    recent = RecentTrees(max_bytes=3 * len(SOURCE))
    for number in range(10):
        recent.parse("python", f"{number}.py", SOURCE)
    recent.parse("python", "large.py", SOURCE * 10)
    assert [path for _, path in recent._known] == ["7.py", "8.py", "9.py"]
