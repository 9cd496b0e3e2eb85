"""Real projects in a real sandbox: which of their mutants the tests notice."""

import os
import textwrap
from pathlib import Path

import pytest

from quantumlayer.qtest import (
    Mutant,
    MutantStatus,
    MutationExtent,
    MutationReport,
    QtestError,
    Sandbox,
    TestReport,
    Verdict,
    measure_mutation,
    run_traced_tests,
)
from quantumlayer.qtest.testing import TracedReport
from tests.packages.qtest.conftest import MakeProject

CACHE = Path(os.environ.get("QL_CACHE_DIR", Path.home() / ".cache" / "quantumlayer"))
SHOP = {
    "shop/__init__.py": "",
    "shop/settings.py": """
        LARGEST = 100
        """,
    "shop/prices.py": """
        from dataclasses import dataclass
        from functools import lru_cache
        from shop.settings import LARGEST

        RATE = 10
        TABLE = {"a": 1}

        def scaled(number):
            return number * 2

        DOUBLE = scaled(4)

        @dataclass
        class Price:
            amount: int
            tax: int = 7

            def __post_init__(self):
                self.made = True

            @property
            def whole(self):
                return self.amount + self.tax

        def discount(total):
            if total > LARGEST:
                return total * RATE // 100
            return 0

        @lru_cache
        def cached(name):
            return TABLE[name]

        def unchecked(total):
            return total > 3

        def counted(numbers):
            found = 0
            while numbers:
                numbers = numbers[1:]
                found += 1
            return found

        def untested(total):
            return total - 1
        """,
    "tests/test_prices.py": """
        import pytest
        from shop import prices

        @pytest.fixture(scope="module")
        def price():
            return prices.Price(3)

        def test_discount_above_the_largest():
            assert prices.discount(101) == 10

        def test_no_discount_at_the_largest():
            assert prices.discount(100) == 0

        def test_cached():
            assert prices.cached("a") == 1

        def test_double():
            assert prices.DOUBLE == 8

        def test_whole_with_tax(price):
            assert price.whole == 10

        def test_whole_again(price):
            assert price.amount == 3

        def test_unchecked():
            prices.unchecked(3)

        def test_counted():
            assert prices.counted([1, 2]) == 2
        """,
}
LINES = textwrap.dedent(SHOP["shop/prices.py"]).split("\n")
MADE = LINES.index("        self.made = True") + 1
WHOLE = LINES.index("        return self.amount + self.tax") + 1


async def measured(
    project: Path,
    sandbox: Sandbox,
    extent: MutationExtent | None = None,
    tested: TracedReport | None = None,
) -> MutationReport:
    return await measure_mutation(
        project, cache=CACHE, sandbox=sandbox, extent=extent, tested=tested
    )


def of(report: MutationReport, function: str, status: MutantStatus) -> list[Mutant]:
    return [one for one in report.mutants if (one.function, one.status) == (function, status)]


async def test_what_tests_hold_is_noticed_and_what_they_only_run_is_not(
    make_project: MakeProject, sandbox: Sandbox
) -> None:
    report = await measured(make_project(SHOP), sandbox)
    by_place = {(one.function, one.after): one for one in report.mutants}
    assert by_place["discount", "if total >= LARGEST:"].killed_by == (
        "tests/test_prices.py::test_no_discount_at_the_largest"
    )
    assert by_place["", "RATE = 11"].status is MutantStatus.KILLED
    assert by_place["", 'TABLE = {"a": 2}'].status is MutantStatus.KILLED
    assert by_place["", "LARGEST = 101"].status is MutantStatus.KILLED
    assert by_place["", "tax: int = 8"].status is MutantStatus.KILLED
    assert by_place["scaled", "return number * 3"].status is MutantStatus.KILLED
    assert by_place["Price.whole", "return self.amount - self.tax"].status is MutantStatus.KILLED
    assert by_place["counted", "while not numbers:"].status is MutantStatus.TIMED_OUT or (
        by_place["counted", "while not numbers:"].status is MutantStatus.KILLED
    )
    assert {one.status for one in report.mutants if one.function == "unchecked"} == {
        MutantStatus.SURVIVED
    }
    assert {one.status for one in report.mutants if one.function == "untested"} == {
        MutantStatus.NOT_COVERED
    }
    survivor = by_place["unchecked", "return total >= 3"]
    assert (survivor.path, survivor.line, survivor.tests) == ("shop/prices.py", 36, 1)
    assert survivor.before == "return total > 3"
    assert report.tried == report.candidates == len(report.mutants)
    noticed = report.killed + report.timed_out
    assert report.score == round(100 * noticed / report.tried, 1)
    assert report.unreliable == ()


@pytest.mark.parametrize("each_time", ["pass", "time.sleep(0.01)", "threading.Event().wait(3600)"])
async def test_an_endless_loop_is_noticed_by_the_time_it_takes(
    make_project: MakeProject, sandbox: Sandbox, each_time: str
) -> None:
    """Whether it computes all the time, waits again and again, or waits for ever."""
    project = make_project(
        {
            "loop.py": f"""
            import threading
            import time
            def down(number):
                while number > 0:
                    number -= 1
                    if number > 3:
                        {each_time}
                return number
            """,
            "test_loop.py": """
            from loop import down
            def test_down():
                assert down(3) == 0
            """,
        }
    )
    report = await measured(project, sandbox)
    endless = [one for one in report.mutants if one.after == "number += 1"]
    assert [one.status for one in endless] == [MutantStatus.TIMED_OUT]


async def test_the_same_project_gives_the_same_report(
    make_project: MakeProject, sandbox: Sandbox
) -> None:
    project = make_project(SHOP)
    tested = await run_traced_tests(project, cache=CACHE, sandbox=sandbox)
    extent = MutationExtent(mutants=8, tests_each=3)
    first, second = [await measured(project, sandbox, extent, tested) for _ in range(2)]
    same = {"elapsed_seconds": 0.0}
    assert first.model_copy(update=same) == second.model_copy(update=same)
    assert first.tried == 8 < first.candidates


async def test_what_a_test_notices_without_any_change_does_not_count(
    make_project: MakeProject, sandbox: Sandbox
) -> None:
    project = make_project(
        {
            "state.py": """
            seen = []
            def note(word):
                seen.append(word)
                return len(seen) > 0
            """,
            "test_state.py": """
            import state
            def test_a_note():
                state.note("a")
            def test_note_after_the_other():
                state.note("b")
                assert len(state.seen) == 2
            """,
        }
    )
    report = await measured(project, sandbox)
    assert report.unreliable == ("test_state.py::test_note_after_the_other",)
    assert report.killed == 0
    assert report.survived == report.tried


async def test_leaving_early_is_no_way_to_survive(
    make_project: MakeProject, sandbox: Sandbox
) -> None:
    project = make_project(
        {
            "leave.py": """
            import os
            def leave(number):
                if number > 1:
                    os._exit(0)
                return number
            """,
            "test_leave.py": """
            from leave import leave
            def test_leave():
                assert leave(1) == 1
            """,
        }
    )
    report = await measured(project, sandbox)
    left = [one for one in report.mutants if one.after == "if number >= 1:"]
    assert [one.status for one in left] == [MutantStatus.KILLED]


async def test_without_tests_that_pass_there_is_no_score(
    make_project: MakeProject, sandbox: Sandbox
) -> None:
    project = make_project(
        {
            "sums.py": "def add(a, b):\n    return a - b\n",
            "test_sums.py": "from sums import add\ndef test_add():\n    assert add(1, 2) == 3\n",
        }
    )
    report = await measured(project, sandbox)
    assert report.score is None
    assert report.reason == "The tests did not pass (failed), so what they notice means nothing."


async def test_other_languages_are_said_not_to_be_offered(
    make_project: MakeProject, sandbox: Sandbox
) -> None:
    passed = TestReport(
        verdict=Verdict.PASSED, reason="", runner="go test", language="go", languages=("go",)
    )
    report = await measure_mutation(
        make_project({"go.mod": "module a"}),
        cache=CACHE,
        tested=TracedReport(passed, {}),
        sandbox=sandbox,
    )
    assert report.score is None
    assert report.reason == (
        "Mutation testing is offered for python, javascript, typescript, not yet for go."
    )


async def test_time_that_runs_out_is_said_and_not_taken_for_survival(
    make_project: MakeProject, sandbox: Sandbox
) -> None:
    report = await measured(make_project(SHOP), sandbox, MutationExtent(seconds=0.001))
    assert report.skipped > 0
    assert report.survived == 0
    assert "there was no time for" in report.reason


async def test_traces_book_a_shared_fixture_to_all_who_use_it(
    make_project: MakeProject, sandbox: Sandbox
) -> None:
    tested = await run_traced_tests(make_project(SHOP), cache=CACHE, sandbox=sandbox)
    [traces] = tested.traces.values()
    tests = [
        "tests/test_prices.py::test_whole_with_tax",
        "tests/test_prices.py::test_whole_again",
    ]
    assert list(traces.named(traces.ran("shop/prices.py", MADE, MADE))) == tests
    assert list(traces.named(traces.ran("shop/prices.py", WHOLE, WHOLE))) == tests[:1]


async def test_a_path_that_is_no_folder_is_refused(tmp_path: Path, sandbox: Sandbox) -> None:
    with pytest.raises(QtestError, match="is not a folder"):
        await measured(tmp_path / "nothing", sandbox)


async def test_groups_of_tests_are_held_to_what_they_run_themselves(
    make_project: MakeProject, sandbox: Sandbox
) -> None:
    groups = {"test_no_discount_at_the_largest": ("held",), "test_unchecked": ("run", "both"),
              "test_counted": ("both",)}  # fmt: skip

    async def tried() -> MutationReport:
        return await measure_mutation(
            make_project(SHOP), cache=CACHE, sandbox=sandbox, extent=MutationExtent(mutants=1),
            groups_of=lambda name: groups.get(name, ()),
        )  # fmt: skip

    report = await tried()

    assert set(report.groups) == {"held", "run", "both"}
    assert {one.status for one in report.groups["held"]} == {MutantStatus.KILLED}
    assert {one.killed_by for one in report.groups["held"]} == {
        "tests/test_prices.py::test_no_discount_at_the_largest"
    }
    # What other tests notice is no proof of this one.
    assert {one.function for one in report.groups["run"]} == {"unchecked"}
    assert {one.status for one in report.groups["run"]} == {MutantStatus.SURVIVED}
    assert {one.function for one in report.groups["both"]} == {"unchecked", "counted"}
    assert report.tried == 1, "they count in no figure of the whole"
    again = await tried()
    assert again.groups == report.groups
