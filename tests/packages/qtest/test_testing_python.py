"""Python projects of every kind get the verdict they deserve: what ran is told, and what not."""

# ruff: noqa: E501 - manifests and programs as data

from pathlib import Path

import pytest

from quantumlayer.qtest import Sandbox, TestReport, Verdict, run_tests
from quantumlayer.qtest.environments.interpreters import other_interpreters
from tests.packages.qtest.conftest import Check, MakeProject

ONE = "def test_one():\n    assert int('1') == 1\n"

ROMAN = """
    SIGNS = {10: "X", 5: "V", 1: "I"}


    def roman(number):
        found = ""
        for value, sign in SIGNS.items():
            while number >= value:
                found, number = found + sign, number - value
        return found
    """
TABLE = """
    import unittest

    from roman import roman


    class Row(unittest.TestCase):
        def __init__(self, number, expected):
            super().__init__("look_up")
            self.number, self.expected = number, expected

        def look_up(self):
            self.assertEqual(roman(self.number), self.expected)

        def __str__(self):
            return f"row {self.number}"


    class Whole(unittest.TestCase):
        def test_ten(self):
            self.assertEqual(roman(10), "X")


    def load_tests(loader, standard, pattern):
        standard.addTests(Row(number, sign) for number, sign in ROWS.items())
        return standard


    ROWS = {}
    """
DISCOVERING = """
    import os


    def load_tests(loader, standard, pattern):
        here = os.path.dirname(__file__)
        standard.addTests(loader.discover(here, pattern="check_*.py"))
        return standard
    """
CHECKING = """
    import unittest

    from roman import roman


    class Checks(unittest.TestCase):
        def test_three(self):
            self.assertEqual(roman(3), "III")

        def test_four(self):
            self.assertEqual(roman(4), "FOUR")
    """
DOCUMENTED = """
    import doctest
    import unittest

    import roman


    class Whole(unittest.TestCase):
        def test_ten(self):
            self.assertEqual(roman.roman(10), "X")


    def load_tests(loader, tests, ignored):
        tests.addTests(doctest.DocTestSuite(roman))
        return tests
    """
EXAMPLE = '    """\n    >>> roman({})\n    \'{}\'\n    """\n'


def rows(text: str) -> dict[str, str]:
    return {"roman.py": ROMAN, "tests/test_roman.py": TABLE.replace("ROWS = {}", f"ROWS = {text}")}


def checked_by(expected: str) -> dict[str, str]:
    return {
        "roman.py": ROMAN,
        "tests/__init__.py": DISCOVERING,
        "tests/check_roman.py": CHECKING.replace("FOUR", expected),
        "tests/test_one.py": ONE,
    }


def counts(report: TestReport) -> tuple[int, int, int]:
    return report.passed, report.failed + report.errors, report.skipped


@pytest.mark.parametrize(
    ("files", "verdict", "expected"),
    [
        pytest.param(rows("{1: 'I', 6: 'VI'}"), Verdict.PASSED, (3, 0, 0), id="rows, right"),
        pytest.param(rows("{4: 'IV', 6: 'VI', 14: 'XIV'}"), Verdict.FAILED, (2, 2, 0),
                     id="rows, wrong"),
        pytest.param(checked_by("IIII"), Verdict.PASSED, (3, 0, 0), id="package, right"),
        pytest.param(checked_by("IV"), Verdict.FAILED, (2, 1, 0), id="package, wrong"),
        pytest.param(
            {"roman.py": ROMAN + EXAMPLE.format(6, "VI"), "test_roman.py": DOCUMENTED},
            Verdict.PASSED, (1, 0, 0), id="no example found, as unittest itself",
        ),
        pytest.param(
            {"roman.py": ROMAN.replace('found = ""', '""">>> roman(4)\n        \'IV\'\n        """\n'
                                       '        found = ""'), "test_roman.py": DOCUMENTED},
            Verdict.FAILED, (1, 1, 0), id="example, wrong",
        ),
        pytest.param(
            {"roman.py": ROMAN, "test_roman.py": "def load_tests(loader, tests, pattern):\n"
             "    raise RuntimeError('no table')\n" + ONE},
            Verdict.FAILED, (0, 1, 0), id="a suite that cannot be built",
        ),
    ],
)  # fmt: skip
async def test_suites_that_modules_build_themselves_are_run(
    files: dict[str, str], verdict: Verdict, expected: tuple[int, int, int], check: Check
) -> None:
    report = await check(files)
    assert (report.verdict, counts(report)) == (verdict, expected), report.reason


SKIP_IF = 'import pytest\n\npytestmark = pytest.mark.{}\n\n\ndef test_wrong():\n    assert int("1") == 2\n'
SLOW = 'import pytest\n\n\n@pytest.mark.slow\ndef test_slow():\n    assert int("1") == 2\n'
TAKING = """
    def pytest_configure(config):
        config.addinivalue_line("markers", "slow: takes long")


    def pytest_collection_modifyitems(items):
        items[:] = [item for item in items if {}]
    """
FIXTURE = """
    import pytest


    @pytest.fixture(autouse=True)
    def only_known(request):
        if request.node.name != "test_one":
            pytest.skip("not today")
    """


@pytest.mark.parametrize(
    ("files", "verdict", "expected"),
    [
        pytest.param({"test_a.py": SKIP_IF.format("skip(reason='later')")}, Verdict.NO_TESTS,
                     (0, 0, 1), id="all skipped by a module's mark"),
        pytest.param({"test_a.py": SKIP_IF.format("skipif(True, reason='never')"), "test_b.py": ONE},
                     Verdict.PASSED, (1, 0, 1), id="one module skipped"),
        pytest.param({"test_a.py": SKIP_IF.format("skipif(False, reason='')"), "test_b.py": ONE},
                     Verdict.FAILED, (1, 1, 0), id="not skipped, and wrong"),
        pytest.param({"conftest.py": FIXTURE, "test_a.py": SLOW, "test_b.py": ONE},
                     Verdict.PASSED, (1, 0, 1), id="skipped by a fixture of all"),
        pytest.param({"conftest.py": TAKING.format("'slow' not in item.keywords"),
                      "test_a.py": SLOW, "test_b.py": ONE},
                     Verdict.PASSED, (1, 0, 1), id="a kind is left out by a hook"),
        pytest.param({"conftest.py": TAKING.format("'two' not in item.name"), "test_b.py": ONE,
                      "test_a.py": "def test_two():\n    assert int('2') == 2\n"},
                     Verdict.PASSED, (2, 0, 0), id="what a hook takes away is run, and right"),
        pytest.param({"conftest.py": TAKING.format("'two' not in item.name"), "test_b.py": ONE,
                      "test_a.py": "def test_two():\n    assert int('2') == 3\n"},
                     Verdict.FAILED, (1, 1, 0), id="what a hook takes away is run, and wrong"),
    ],
)  # fmt: skip
async def test_who_skips_is_not_called_a_liar(
    files: dict[str, str], verdict: Verdict, expected: tuple[int, int, int], check: Check
) -> None:
    report = await check(files)
    assert (report.verdict, counts(report)) == (verdict, expected), report.reason
    assert "must fail" not in report.reason


SUBTESTS = """
    import unittest


    class Numbers(unittest.TestCase):
        def test_each(self):
            for number in range(4):
                with self.subTest(number=number):
                    if number == SKIPPED:
                        self.skipTest("odd")
                    self.assertNotEqual(number, WRONG)
            self.assertEqual(int("1"), AFTER)
    """
FIXTURE_OF_PARTS = """
    def test_each(subtests):
        for number in range(4):
            with subtests.test(number=number):
                assert number != WRONG
    """


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (SUBTESTS.replace("SKIPPED", "9").replace("WRONG", "9").replace("AFTER", "1"), "passed"),
        (SUBTESTS.replace("SKIPPED", "1").replace("WRONG", "9").replace("AFTER", "1"), "passed"),
        (SUBTESTS.replace("SKIPPED", "1").replace("WRONG", "2").replace("AFTER", "1"), "failed"),
        (SUBTESTS.replace("SKIPPED", "9").replace("WRONG", "9").replace("AFTER", "2"), "failed"),
        (FIXTURE_OF_PARTS.replace("WRONG", "9"), "passed"),
        (FIXTURE_OF_PARTS.replace("WRONG", "2"), "failed"),
    ],
)
async def test_a_test_is_as_good_as_its_parts(text: str, verdict: str, check: Check) -> None:
    report = await check({"test_parts.py": text})
    assert (report.verdict.value, report.executed) == (verdict, 1), report.reason
    assert "changed its result" not in report.reason


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("async def test_a():\n    assert int('1') == 2\n", "pytest-asyncio"),
        (("import unittest\n\n\nclass T(unittest.TestCase):\n    async def test_a(self):\n"
         "        self.assertEqual(int('1'), 2)\n"), "async"),
    ],
)  # fmt: skip
async def test_tests_that_nobody_awaits_fail(text: str, said: str, check: Check) -> None:
    report = await check({"test_a.py": text})
    assert (report.verdict, said in report.cases[0].message) == (Verdict.FAILED, True)


async def test_what_pytest_passes_over_without_a_word_is_told(check: Check) -> None:
    made = (
        "class TestThing:\n    def __init__(self):\n        self.x = 1\n\n    def test_x(self):\n"
    )
    report = await check({"test_a.py": f"{made}        assert self.x == 2\n", "test_b.py": ONE})
    assert report.verdict is Verdict.INFRASTRUCTURE_ERROR
    assert "TestThing" in report.reason


WRONG_CASE = "import unittest\n\n\nclass T(unittest.TestCase):\n    def test_x(self):\n        self.assertEqual(int('1'), 2)\n"


@pytest.mark.parametrize("path", ["shop/tests.py", "tests/check_shop.py", "testing_shop.py"])
async def test_files_of_cases_are_found_whatever_they_are_called(path: str, check: Check) -> None:
    report = await check({path: WRONG_CASE, "test_b.py": ONE})
    assert (report.verdict, counts(report)) == (Verdict.FAILED, (1, 1, 0))


async def test_cases_that_others_build_upon_are_run_where_they_are_used(check: Check) -> None:
    base = "import unittest\n\n\nclass Base(unittest.TestCase):\n    side = 0\n\n    def test_side(self):\n        self.assertGreater(self.side, 0)\n"
    used = "from tests import base\n\n\nclass TestIt(base.Base):\n    side = 3\n"
    report = await check({"tests/__init__.py": "", "tests/base.py": base, "tests/test_it.py": used})
    assert (report.verdict, counts(report)) == (Verdict.PASSED, (1, 0, 0))


async def test_folders_that_link_to_themselves_are_looked_into_once(
    make_project: MakeProject, cache: Path, sandbox: Sandbox
) -> None:
    project = make_project({"cargo/__init__.py": "", "cargo/test_load.py": ONE})
    (project / "cargo" / "self").symlink_to(".")
    (project / "again").symlink_to("cargo")
    (project / "nowhere").symlink_to("gone")
    report = await run_tests(project, cache=cache, sandbox=sandbox)
    assert (report.verdict, counts(report)) == (Verdict.PASSED, (1, 0, 0)), report.reason


@pytest.mark.parametrize(("length", "verdict"), [(4, "passed"), (5, "failed")])
async def test_sources_are_read_in_the_encoding_they_declare(
    length: int, verdict: str, make_project: MakeProject, cache: Path, sandbox: Sandbox
) -> None:
    project = make_project({})
    head = "# -*- coding: latin-1 -*-\n"
    (project / "names.py").write_bytes(f"{head}NAME = 'café'\n".encode("latin-1"))
    test = f"{head}from names import NAME\n\n\ndef test_é():\n    assert len(NAME) == {length}\n"
    (project / "test_names.py").write_bytes(test.encode("latin-1"))
    report = await run_tests(project, cache=cache, sandbox=sandbox)
    assert (report.verdict.value, report.cases[0].name) == (verdict, "test_é"), report.reason


async def test_coverage_counts_what_no_test_loads(check: Check) -> None:
    report = await check(
        {
            "src/shop/cart.py": "def total():\n    return 1\n",
            "src/shop/never.py": "def never():\n    return 2\n",
            "scripts/once.py": "x = 1\ny = 2\n",
            "docs/conf.py": "x = 1\n",
            "tests/test_cart.py": "from shop.cart import total\n\n\ndef test_total():\n"
            "    assert total() == 1\n",
        }
    )
    assert report.coverage is not None
    assert {one.path: one.lines_percent for one in report.coverage.files} == {
        "scripts/once.py": 0.0, "src/shop/cart.py": 100.0, "src/shop/never.py": 0.0,
    }  # fmt: skip


async def test_a_project_finds_its_own_metadata_and_plugins(check: Check) -> None:
    report = await check(
        {
            "pyproject.toml": '[project]\nname = "own-shop"\ndynamic = ["version"]\n'
            '[project.entry-points.pytest11]\nshop = "shop.plugin"\n'
            '[tool.setuptools.dynamic]\nversion = {attr = "shop.__version__"}\n',
            "src/shop/__init__.py": '__version__ = "1.4"\n',
            "src/shop/plugin.py": "import pytest\n\n\n@pytest.fixture\ndef answer():\n    return 42\n",
            "tests/test_shop.py": "from importlib.metadata import version\n\n\n"
            "def test_version():\n    assert version('own-shop') == '1.4'\n\n\n"
            "def test_plugin(answer):\n    assert answer == 42\n",
        }
    )
    assert (report.verdict, counts(report)) == (Verdict.PASSED, (2, 0, 0)), report.reason


@pytest.mark.parametrize(
    ("manifest", "verdict"),
    [
        ({"requirements.txt": "absent_thing @ git+https://elsewhere.example/a.git\n"},
         "infrastructure_error"),
        ({"setup.py": "import os\nsetup(install_requires=os.environ['X'])\n"},
         "infrastructure_error"),
        ({"environment.yml": "dependencies: [absent_thing]\n"}, "infrastructure_error"),
        ({"pyproject.toml": '[project]\nname = "x"\nversion = "1"\n'}, "failed"),
        ({"pyproject.toml": '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.90"\n'},
         "infrastructure_error"),
        ({"requirements.txt": "-r nowhere.txt\n"}, "failed"),
    ],
)  # fmt: skip
async def test_what_is_missing_is_told_as_what_it_is(
    manifest: dict[str, str], verdict: str, check: Check
) -> None:
    report = await check({**manifest, "test_a.py": f"import absent_thing\n\n\n{ONE}"})
    assert report.verdict.value == verdict, report.reason


async def test_what_is_not_installed_and_not_needed_hurts_nothing(check: Check) -> None:
    report = await check({"requirements.txt": "git+https://x.example/a.git\n", "test_a.py": ONE})
    assert report.verdict is Verdict.PASSED, report.reason


NEWER = next((one for one in other_interpreters() if one.version > "3.12"), None)


@pytest.mark.skipif(NEWER is None, reason="this machine has no newer Python")
@pytest.mark.parametrize(("number", "verdict"), [(1, "passed"), (2, "failed")])
async def test_a_newer_python_runs_what_asks_for_it(
    number: int, verdict: str, check: Check
) -> None:
    assert NEWER is not None
    report = await check(
        {
            "pyproject.toml": '[project]\nname = "x"\nversion = "1"\n'
            f'requires-python = "~={NEWER.version}"\n',
            "test_a.py": "import sys\n\ntype Number = int\n\n\ndef test_one():\n"
            f"    assert int('1') == {number}\n    assert sys.version_info >= (3, 12)\n",
        }
    )
    assert (report.verdict.value, report.executed) == (verdict, 1), report.reason
