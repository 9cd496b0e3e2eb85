"""Python projects, right and wrong in many ways, and the verdict on each."""

import json
import textwrap
from pathlib import Path

import pytest

from quantumlayer.qtest import CaseOutcome, Limits, QtestError, TestReport, Verdict, run_tests
from quantumlayer.qtest.sandbox import WORKSPACE
from tests.packages.qtest.conftest import Check, MakeProject

MIB = 1024 * 1024
SUM = """
    def total(numbers):
        result = 0
        for number in numbers:
            if number is None:
                continue
            result += number
        return result
    """
PASSING_TEST = """
    from sums import total

    def test_adds():
        assert total([1, 2, 3]) == 6
    """

BROKEN_TEARDOWN = """
    import pytest

    @pytest.fixture
    def closing():
        yield
        raise OSError("late")

    def test_it(closing):
        pass
    """
FAILING_SUBTEST = """
    import unittest

    class TestIt(unittest.TestCase):
        def test_parts(self):
            with self.subTest(part=1):
                self.assertEqual(1, 2)
    """


def python(test: str, **more: str) -> dict[str, str]:
    return {"sums.py": SUM, "tests/test_sums.py": test, **more}


async def test_correct_code_passes_with_its_coverage(check: Check) -> None:
    report = await check(python(PASSING_TEST))
    assert report.verdict is Verdict.PASSED
    assert (report.executed, report.passed, report.failed, report.errors) == (1, 1, 0, 0)
    assert (report.language, report.runner) == ("python", "pytest")
    assert report.sandbox.startswith("bubblewrap")
    assert report.coverage is not None
    [measured] = report.coverage.files
    assert (measured.path, measured.missing_lines) == ("sums.py", (6,))
    assert report.coverage.lines_percent == pytest.approx(85.71)
    assert report.coverage.branches_percent == 75.0


async def test_the_project_itself_is_never_changed(check: Check, make_project: MakeProject) -> None:
    await check(python("from pathlib import Path\ndef test_it(): Path('sums.py').write_text('')"))
    project = make_project({})
    assert "def total" in (project / "sums.py").read_text()
    assert sorted(path.name for path in project.iterdir()) == ["sums.py", "tests"]


async def test_a_report_survives_json(check: Check) -> None:
    report = await check(python(PASSING_TEST))
    assert TestReport.model_validate_json(report.model_dump_json()) == report
    assert json.loads(report.model_dump_json())["verdict"] == "passed"


async def test_a_failure_carries_what_a_repair_needs(check: Check) -> None:
    report = await check(
        {
            "sums.py": "def total(numbers):\n    return max(numbers)\n",
            "tests/test_sums.py": """
                from sums import total

                def test_adds():
                    print("about to add")
                    assert total([1, 2, 3]) == 6
                """,
        }
    )
    assert report.verdict is Verdict.FAILED
    assert "test_adds: assert 3 == 6" in report.reason
    [case] = report.cases
    assert (case.path, case.line, case.outcome) == ("tests/test_sums.py", 6, CaseOutcome.FAILED)
    assert "where 3 = total([1, 2, 3])" in case.message
    assert "about to add" in case.details


async def test_evidence_names_no_path_of_the_machine(check: Check, tmp_path: Path) -> None:
    report = await check(python("import json\ndef test_it(): json.loads('{')"))
    everything = report.model_dump_json()
    assert "tests/test_sums.py:2" in report.cases[0].details
    assert "<python>/json/decoder.py" in report.cases[0].details
    for leak in (str(tmp_path), str(WORKSPACE), str(Path.home()), "site-packages"):
        assert leak not in everything


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("from sums import total\ndef test_it(): assert total([1]) == 2", "assert 1 == 2"),
        ("def test_it(): raise KeyError('x')", "KeyError: 'x'"),
        ("def test_it(): 1 / 0", "ZeroDivisionError"),
        ("def test_it():\n    def deeper(): deeper()\n    deeper()", "RecursionError"),
        ("def test_it(): raise SystemExit(0)", "SystemExit: 0"),
        ("import sys\ndef test_it(): sys.exit()", "SystemExit"),
        ("def test_it(missing): pass", "fixture 'missing' not found"),
        (BROKEN_TEARDOWN, "OSError: late"),
        ("import pytest\n@pytest.mark.xfail(strict=True)\ndef test_it(): pass", "strict"),
        (FAILING_SUBTEST, "1 != 2"),
        ("import nothing_like_this\ndef test_it(): pass", "No module named 'nothing_like_this'"),
        ("def test_it(: pass", "SyntaxError"),
        ("raise SystemExit(0)\ndef test_it(): pass", "SystemExit"),
    ],
)  # fmt: skip
async def test_wrong_code_fails_and_says_why(check: Check, test: str, said: str) -> None:
    report = await check(python(test))
    assert report.verdict is Verdict.FAILED
    assert any(said in f"{case.message}\n{case.details}" for case in report.cases) or (
        said in report.reason
    )


@pytest.mark.parametrize(
    "place",
    [
        pytest.param("def test_b():\n    import os; os._exit(0)", id="from a test"),
        pytest.param("import os; os._exit(0)", id="while loading"),
        pytest.param(
            "import os, threading, time\n"
            "def test_b():\n"
            "    threading.Thread(target=os._exit, args=(0,)).start()\n"
            "    time.sleep(20)",
            id="from a thread",
        ),
        pytest.param(
            "import atexit, os\natexit.register(os._exit, 0)\ndef test_b(): assert False",
            id="from an exit hook, hiding a failure",
        ),
        pytest.param(
            "import os, signal\ndef test_b(): os.kill(os.getpid(), signal.SIGKILL)", id="by signal"
        ),
        pytest.param("import pytest\ndef test_b(): pytest.exit('enough', 0)", id="by pytest.exit"),
        pytest.param("import pytest\npytest.exit('enough', 0)", id="by pytest.exit while loading"),
        pytest.param(
            "def test_b():\n    import ctypes\n    ctypes.CDLL(None).exit(0)", id="from C"
        ),
        pytest.param("def test_b(): raise KeyboardInterrupt", id="by interrupt"),
    ],
)
async def test_leaving_in_the_middle_is_never_a_success(check: Check, place: str) -> None:
    report = await check(
        python("def test_a(): pass\n" + place + "\ndef test_c(): assert False, 'never reached'\n")
    )
    assert report.verdict is Verdict.FAILED


async def test_a_crash_names_the_test_that_was_running(check: Check) -> None:
    report = await check(python("def test_a(): pass\ndef test_b():\n    import os; os._exit(0)\n"))
    assert "in tests/test_sums.py::test_b" in report.reason
    outcomes = {case.name: case.outcome for case in report.cases}
    assert outcomes == {"test_a": CaseOutcome.PASSED, "test_b": CaseOutcome.ERROR}


async def test_a_bad_end_after_good_tests_is_a_failure(check: Check) -> None:
    report = await check(
        python("import atexit, os\ndef test_a():\n    atexit.register(os._exit, 3)\n")
    )
    assert report.verdict is Verdict.FAILED
    assert "exit status 3" in report.reason


FORGERIES = {
    "unsigned records on every descriptor": """
        import json, os
        def test_a():
            for record in ({"event": "closed", "exit_status": 0, "number": 9},):
                for fd in range(3, 64):
                    try:
                        os.write(fd, b"0" * 64 + b" " + json.dumps(record).encode() + b"\\n")
                    except OSError:
                        pass
            os._exit(0)
        """,
    "a printed summary": """
        import os, sys
        def test_a():
            sys.__stdout__.write("=== 5 passed in 0.01s ===\\n")
            sys.__stdout__.flush()
            os._exit(0)
        """,
    "a failure turned into a pass afterwards": """
        def test_a(): assert False
        """,
}


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_forged_report_is_never_a_success(check: Check, name: str) -> None:
    conftest = """
        import pytest

        @pytest.hookimpl(hookwrapper=True, tryfirst=True)
        def pytest_runtest_makereport(item, call):
            outcome = yield
            report = outcome.get_result()
            report.outcome, report.longrepr = "passed", None
        """
    files = python(FORGERIES[name], **{"conftest.py": conftest})
    assert (await check(files)).verdict is Verdict.FAILED


async def test_what_hooks_remove_is_run_and_what_they_keep_from_running_is_not_passed(
    check: Check,
) -> None:
    removed = await check(
        python(
            "def test_a(): assert False",
            **{"conftest.py": "def pytest_collection_modifyitems(items): items.clear()"},
        )
    )
    assert removed.verdict is Verdict.FAILED
    assert "test_a" in removed.reason  # it was run all the same
    unrun = await check(
        python(
            "def test_a(): assert False",
            **{"conftest.py": "def pytest_runtest_protocol(item): return True"},
        )
    )
    assert unrun.verdict is Verdict.FAILED


async def test_unplugging_the_reporter_is_not_a_way_to_pass(check: Check) -> None:
    conftest = """
        def pytest_configure(config):
            for plugin in list(config.pluginmanager.get_plugins()):
                if type(plugin).__name__ == "Reporter":
                    config.pluginmanager.unregister(plugin)
        """
    report = await check(python("def test_a(): assert False", **{"conftest.py": conftest}))
    assert report.verdict is not Verdict.PASSED


async def test_modules_named_like_start_up_hooks_do_not_run_before_the_session(
    check: Check,
) -> None:
    steal = "import os, sys\nsys.stdin.buffer.read()\nos._exit(0)\n"
    report = await check(
        python(PASSING_TEST, **{"sitecustomize.py": steal, "src/usercustomize.py": steal})
    )
    assert report.verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("", "No tests were found"),
        ("VALUE = 1", "No tests were found"),
        ("import pytest\n@pytest.mark.skip(reason='later')\ndef test_a(): pass", "skipped"),
        ("import pytest\npytest.skip('later', allow_module_level=True)", "skipped"),
        ("import pytest\n@pytest.mark.xfail\ndef test_a(): assert False", "expected to fail"),
        ("import pytest\n@pytest.mark.xfail\ndef test_a(): pass", "expected to fail"),
        ("import pytest\ndef test_a(): pytest.skip('later')", "skipped"),
    ],
)
async def test_what_proves_nothing_is_no_success(check: Check, test: str, said: str) -> None:
    report = await check(python(test))
    assert report.verdict is Verdict.NO_TESTS
    assert said in report.reason
    assert report.executed == 0


async def test_a_folder_without_code_has_no_tests(check: Check) -> None:
    assert (await check({"README.md": "nothing"})).verdict is Verdict.NO_TESTS


async def test_a_hang_is_timed_out_and_says_where(check: Check) -> None:
    report = await check(
        {
            "waiting.py": "def wait():\n    while True:\n        pass\n",
            "test_it.py": "from waiting import wait\ndef test_a(): pass\ndef test_b(): wait()\n",
        },
        Limits(wall_seconds=6),
    )
    assert report.verdict is Verdict.TIMED_OUT
    assert "within 6 s" in report.reason
    assert "test_it.py::test_b" in report.reason
    assert report.limits_hit == ("wall_seconds",)
    hanging = report.cases[-1]
    assert (hanging.name, hanging.outcome) == ("test_b", CaseOutcome.ERROR)
    assert "It stood in waiting.py, line" in hanging.message


async def test_a_thread_that_never_ends_is_timed_out_after_the_tests(check: Check) -> None:
    report = await check(
        python(
            "import threading\n"
            "def test_a(): threading.Thread(target=threading.Event().wait).start()\n"
        ),
        Limits(wall_seconds=6),
    )
    assert report.verdict is Verdict.TIMED_OUT
    assert "after its last test had ended" in report.reason


async def test_a_memory_bomb_fails(check: Check) -> None:
    report = await check(
        python("def test_a(): bytearray(2**30)"), Limits(memory_bytes=400 * MIB, wall_seconds=30)
    )
    assert report.verdict is Verdict.FAILED
    assert "MemoryError" in report.reason


async def test_an_output_flood_fails(check: Check) -> None:
    report = await check(
        python("import os\ndef test_a():\n    while True: os.write(2, b'x' * 65536)"),
        Limits(disk_bytes=8 * MIB, wall_seconds=30),
    )
    assert report.verdict is not Verdict.PASSED


async def test_a_network_attempt_fails(check: Check) -> None:
    report = await check(
        python("import socket\ndef test_a(): socket.create_connection(('1.1.1.1', 53), 2)")
    )
    assert report.verdict is Verdict.FAILED
    assert "Network is unreachable" in report.reason


@pytest.mark.parametrize(
    "addopts",
    [
        "-p no:terminal -p no:cacheprovider",
        "--cov=. --cov-fail-under=100 -n auto",
        "--collect-only",
        "--lf --ff -x --maxfail=1",
        "--junitxml=/nowhere/report.xml",
        "-c other.ini --rootdir=/",
        "--no-such-option",
        "'unbalanced",
    ],
)
async def test_odd_options_in_the_configuration_do_not_break_the_report(
    check: Check, addopts: str
) -> None:
    report = await check(python(PASSING_TEST, **{"pytest.ini": f"[pytest]\naddopts = {addopts}\n"}))
    assert (report.verdict, report.passed) == (Verdict.PASSED, 1)


async def test_the_configuration_of_the_project_is_respected(check: Check) -> None:
    report = await check(
        {
            "pyproject.toml": """
                [tool.pytest.ini_options]
                testpaths = ["checks"]
                python_files = ["check_*.py"]
                pythonpath = ["lib"]
                addopts = ["--import-mode=importlib", "-m", "not slow"]
                markers = ["slow"]
                """,
            "lib/thing.py": "VALUE = 1\n",
            "checks/a/check_it.py": "from thing import VALUE\ndef test_a(): assert VALUE == 1\n",
            "checks/b/check_it.py": """
                import pytest
                def test_b(): pass
                @pytest.mark.slow
                def test_c(): assert False
                """,
            "elsewhere/test_no.py": "def test_no(): assert False\n",
        }
    )
    assert (report.verdict, report.passed) == (Verdict.PASSED, 2)


async def test_packages_below_src_are_found_also_by_programs_that_tests_start(
    check: Check,
) -> None:
    report = await check(
        {
            "src/tool/__init__.py": "",
            "src/tool/__main__.py": "print('hello')\n",
            "tests/test_tool.py": """
                import subprocess, sys
                import tool

                def test_it():
                    done = subprocess.run([sys.executable, "-m", "tool"], capture_output=True)
                    assert done.stdout == b"hello\\n"
                """,
        }
    )
    assert report.verdict is Verdict.PASSED, report.reason


async def test_a_conftest_that_cannot_load_is_a_failure_with_its_reason(check: Check) -> None:
    report = await check(python(PASSING_TEST, **{"conftest.py": "import nothing_like_this\n"}))
    assert report.verdict is Verdict.FAILED
    assert "No module named 'nothing_like_this'" in report.reason


async def test_code_that_no_test_touches_counts_as_uncovered(check: Check) -> None:
    report = await check(python(PASSING_TEST, **{"unused.py": "def f():\n    return 1\n"}))
    assert report.coverage is not None
    assert {entry.path: entry.lines_percent for entry in report.coverage.files}["unused.py"] == 0.0


async def test_a_path_that_is_no_folder_and_an_unknown_language_are_errors(
    tmp_path: Path, cache: Path
) -> None:
    with pytest.raises(QtestError, match="is not a folder"):
        await run_tests(tmp_path / "nowhere", cache=cache)
    with pytest.raises(QtestError, match="known are: python, javascript"):
        await run_tests(tmp_path, cache=cache, language="cobol")


@pytest.mark.parametrize(
    "test",
    [
        "def test_it(): pass",
        "from calc import add\ndef test_it(): add(1, 2)",
        "def test_it(): assert True",
        "import unittest\nclass T(unittest.TestCase):\n def test_it(self): self.assertTrue(1)",
    ],
)
async def test_tests_that_assert_nothing_prove_nothing(check: Check, test: str) -> None:
    report = await check(python(test, **{"calc.py": "def add(a, b):\n    return a - b\n"}))
    assert (report.verdict, report.reason) == (
        Verdict.NO_TESTS,
        "No test asserts anything, so nothing is proven.",
    )


async def test_a_test_may_assert_through_a_helper(check: Check) -> None:
    helper = "def holds(a, b):\n    assert a == b\n"
    test = "from tests.helping import holds\ndef test_it(): holds(1 + 1, 2)\n"
    project = {"tests/__init__.py": "", "tests/helping.py": helper, "tests/test_a.py": test}
    assert (await check(project)).verdict is Verdict.PASSED


PLACES = {
    "in a test": "def test_it(): assert called() == 1",
    "in a fixture": """
        import pytest

        @pytest.fixture(scope="session")
        def made():
            yield
            called()

        def test_it(made): assert made is None
        """,
    "in a test class": """
        import unittest

        class TestIt(unittest.TestCase):
            def setUp(self): called()
            def test_it(self): self.assertTrue(callable(called))
        """,
    "while a test module loads": "VALUE = called()\ndef test_it(): assert VALUE == 1",
    "in a thread": """
        import threading

        def test_it():
            thread = threading.Thread(target=called)
            thread.start()
            thread.join()
            assert not thread.is_alive()
        """,
    "in a coroutine": """
        import asyncio

        async def work(): return called()

        def test_it(): assert asyncio.run(work()) == 1
        """,
    "from a library": "def test_it(): assert list(map(lambda _: called(), [0])) == [1]",
}


@pytest.mark.parametrize("place", PLACES)
async def test_coverage_sees_code_wherever_tests_run_it(check: Check, place: str) -> None:
    report = await check(
        {
            # The name must not be mistaken for a module of ours.
            "measuring.py": "import json\n\n\ndef called():\n    return 1\n",
            "test_it.py": "from measuring import called\n" + textwrap.dedent(PLACES[place]),
        }
    )
    assert report.verdict is Verdict.PASSED, report.reason
    assert report.coverage is not None
    [measured] = report.coverage.files
    assert (measured.path, measured.missing_lines) == ("measuring.py", ())


async def test_a_wrong_branch_is_counted_as_missing(check: Check) -> None:
    report = await check(
        {
            "pick.py": "def pick(a):\n    if a:\n        a += 1\n    return a\n",
            "test_it.py": "from pick import pick\ndef test_it(): assert pick(1) == 2\n",
        }
    )
    assert report.coverage is not None
    assert (report.coverage.lines_percent, report.coverage.branches_percent) == (100.0, 50.0)
