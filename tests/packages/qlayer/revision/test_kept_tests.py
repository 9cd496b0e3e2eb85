"""Which tests of a file stay, letter by letter, whoever writes the file anew."""

import pytest

from quantumlayer.qlayer.revision.kept_tests import (
    cases_in,
    files_to_rewrite,
    lost_tests,
    named_in,
)

PYTHON = """import app


def test_r1_adds():
    assert app.add(1, 1) == 2


@pytest.mark.slow
def test_r2_subtracts():
    assert app.sub(2, 1) == 1


def test_of_nothing_named():
    assert app
"""
OTHERS = {
    "js": "test('R1: adds', () => {\n  x()\n})\n\nit('R2: subtracts', () => {\n  y()\n})\n",
    "go": "func Test_R1_adds(t *testing.T) {\n}\n\nfunc Test_R2_subtracts(t *testing.T) {\n}\n",
    "java": "  @Test\n  void r1_adds() {\n  }\n\n  @Test\n  void r2_subtracts() {\n  }\n",
    "rust": "#[test]\nfn r1_adds() {\n}\n\n#[test]\nfn r2_subtracts() {\n}\n",
    "cpp": 'TEST_CASE("R1: adds") {\n}\n\nTEST_CASE("R2: subtracts") {\n}\n',
}


@pytest.mark.parametrize("text", [PYTHON, *OTHERS.values()])
def test_tests_are_known_in_every_language_by_how_they_begin(text: str) -> None:
    assert [case.requirements for case in cases_in(text)][:2] == [("R1",), ("R2",)]
    assert named_in([text]) == {"R1", "R2"}


def test_a_file_is_written_anew_where_one_of_its_tests_is_touched() -> None:
    tests = {"test_app.py": PYTHON, "test_other.py": "def test_r3_x():\n    pass\n"}
    assert files_to_rewrite(tests, ["R2"], []) == (("test_app.py",), ())
    assert files_to_rewrite(tests, ["R3"], ["R3"]) == ((), ("test_other.py",))
    # What changed is written anew where it stands, and a file of support is never touched.
    assert files_to_rewrite(tests, ["R3"], []) == (("test_other.py",), ())
    assert files_to_rewrite({"conftest.py": "X = 1\n"}, ["R3"], ["R3"]) == ((), ())


def test_what_stays_is_missed_where_it_is_gone_or_different() -> None:
    rewritten = PYTHON.replace("== 1", "== 0").replace("import app", "import app\nimport pytest")
    assert lost_tests(PYTHON, rewritten, ["R2"]) == ()
    assert lost_tests(PYTHON, rewritten, ["R1"]) == ("def test_r2_subtracts():",)
    weaker = PYTHON.replace("    assert app\n", "    pass\n")
    assert lost_tests(PYTHON, weaker, ["R2"]) == ("def test_of_nothing_named():",)
