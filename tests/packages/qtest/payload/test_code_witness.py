"""Functions that tell how they are left."""

import builtins
from collections.abc import Iterator

import pytest

from quantumlayer.manifests.python.trees import made_tree
from quantumlayer.qtest.payload.code_witness import CodeWitness, watch_tests

SOURCE = '''
def test_a(error=None):
    """What it is."""
    if error is None:
        return 3
    raise error

class TestB:
    def test_c(self): pass
    async def test_d(self): return 4

def helper(): pass
'''


@pytest.fixture
def witness() -> Iterator[CodeWitness]:
    made = CodeWitness("/nowhere", (pytest.skip.Exception,))
    yield made
    delattr(builtins, made.name)


def test_each_end_is_told_and_nothing_else_changes(witness: CodeWitness) -> None:
    tree = made_tree(SOURCE)
    watch_tests(tree, "test_it.py", witness.name)
    names: dict[str, object] = {}
    exec(compile(tree, "test_it.py", "exec"), names)  # noqa: S102 - what pytest does
    function = names["test_a"]
    assert callable(function)
    assert (function(), function.__doc__) == (3, "What it is.")
    assert witness.taken() == {"test_it.py::test_a": "returned"}
    with pytest.raises(KeyError) as raised:
        function(KeyError("x"))
    assert witness.taken() == {"test_it.py::test_a": "raised"}
    assert raised.traceback[-1].lineno == 5
    with pytest.raises(pytest.skip.Exception):
        function(pytest.skip.Exception("x"))
    assert witness.taken() == {"test_it.py::test_a": "skipped"}
    names["TestB"]().test_c()  # type: ignore[operator]  # made by the code under test
    assert witness.taken() == {"test_it.py::TestB::test_c": "returned"}
    assert witness.taken() == {}


async def test_a_coroutine_tells_when_it_is_over(witness: CodeWitness) -> None:
    tree = made_tree(SOURCE)
    watch_tests(tree, "test_it.py", witness.name)
    names: dict[str, object] = {}
    exec(compile(tree, "test_it.py", "exec"), names)  # noqa: S102 - what pytest does
    coroutine = names["TestB"]().test_d()  # type: ignore[operator]  # made by the code under test
    assert witness.taken() == {}
    assert await coroutine == 4
    assert witness.taken() == {"test_it.py::TestB::test_d": "returned"}
