"""Syntax trees are made in many threads at once, and none of them breaks off."""

import ast
from concurrent.futures import ThreadPoolExecutor

import pytest

from quantumlayer.manifests import made_tree, python_tree

NESTED = "x = " + "(" * 40 + "1" + ")" * 40 + "\n"
SOURCE = NESTED + "\n".join(f"def f{n}(a, b={n}): return [a for _ in (b, {n})]" for n in range(60))


def test_trees_can_be_made_in_many_threads() -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: made_tree(SOURCE), range(160)))
    assert {len(tree.body) for tree in found} == {61}


@pytest.mark.parametrize("source", ["x = (", "def", "\0", b"\xff\xfe", "(" * 5000])
def test_what_is_not_well_formed_has_none(source: str | bytes) -> None:
    assert python_tree(source) is None


def test_bytes_are_read_in_the_encoding_that_they_declare() -> None:
    tree = python_tree("# coding: latin-1\nname = 'é'\n".encode("latin-1"))
    assert tree is not None
    assert isinstance(tree.body[0], ast.Assign)
    assert ast.literal_eval(tree.body[0].value) == "é"
