"""Reading from the text of a file which tests it must have."""

import textwrap

import pytest

from quantumlayer.qtest.payload.expected_tests import expected_tests


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def test_a(): pass", ("test_a",)),
        ("async def test_a(): pass", ("test_a",)),
        ("class TestA:\n    def test_b(self): pass", ("TestA::test_b",)),
        ("class Cases(unittest.TestCase):\n    def test_b(self): pass", ("Cases::test_b",)),
        ("@pytest.mark.parametrize('n', [1])\ndef test_a(n): pass", ("test_a",)),
        ("@mark.slow\ndef test_a(n): pass", ("test_a",)),
    ],
)
def test_what_is_certain_is_expected(source: str, names: tuple[str, ...]) -> None:
    assert expected_tests(source) == names


@pytest.mark.parametrize(
    "source",
    [
        "def helper(): pass",
        "@pytest.fixture\ndef test_client(): pass",
        "@patch('x')\ndef test_a(x): pass",
        "@pytest.mark.forked\ndef test_a(): pass",
        "if True:\n    def test_a(): pass",
        "def test_a(): pass\ntest_a = None",
        "def test_a(): pass\ndel test_a",
        "def test_a(): pass\nif x:\n    def test_a(): pass",
        "from elsewhere import test_a\ndef test_a(): pass",
        "def test_a(): pass\ntest_a.__test__ = False",
        "class TestA:\n    def __init__(self): pass\n    def test_b(self): pass",
        "class TestA(Base):\n    def test_b(self): pass",
        "class Helper:\n    def test_b(self): pass",
        "@decorated\nclass TestA:\n    def test_b(self): pass",
        "def test_a(: pass",
        "\0",
    ],
)
def test_what_is_not_certain_is_not(source: str) -> None:
    assert expected_tests(textwrap.dedent(source)) == ()
