"""Test programs that end with exit(0): of their main function's last words nothing is known."""

import pytest

from quantumlayer.qtest import CaseOutcome, Verdict
from quantumlayer.qtest.runners.native_exits import leaving
from tests.packages.qtest.conftest import Check

HEAD = "#include <assert.h>\n#include <stdlib.h>\n"
LEAVES = HEAD + "int main(void) {\n    assert(1 + 1 == 2);\n    exit(EXIT_SUCCESS);\n}\n"
RETURNS = HEAD + "int main(void) {\n    assert(1 + 2 == 3);\n    return 0;\n}\n"


@pytest.mark.parametrize(
    ("main", "own"),
    [
        ("int main(void) { check(); exit(0); }", True),
        ("int main(int c, char **v) { check(); exit( EXIT_SUCCESS ) ; /* done */ }", True),
        ("int main() { check(); std::exit(0); }", True),
        ("int main(void) { exit(0); check(); return 0; }", False),
        ("int main(void) { exit(0); check(); }", False),
        ("int main(void) { check(); exit(failures); }", False),
        ("int main(void) { check(); exit(1); }", False),
        ("int main(void) { check(); /* exit(0); */ }", False),
        ("int leave(void) { exit(0); } int main(void) { return leave(); }", False),
    ],
)
def test_only_the_last_words_of_main_are_its_own_end(main: str, own: bool) -> None:
    assert leaving({"tests/test_a.c": main}) == (["tests/test_a.c", "test_a"] if own else [])


async def test_a_program_that_leaves_at_its_end_proves_nothing_and_is_not_accused(
    check: Check,
) -> None:
    makefile = "test: leaves returns\n\t./leaves\n\t./returns\n"
    report = await check({"Makefile": makefile, "leaves.c": LEAVES, "returns.c": RETURNS})
    assert (report.verdict, report.passed, report.skipped) == (Verdict.PASSED, 1, 1), report.reason


async def test_alone_it_leaves_a_project_without_a_proof(check: Check) -> None:
    report = await check({"test_leaves.c": LEAVES})
    assert report.verdict is Verdict.NO_TESTS, report.reason
    assert "exit(0)" in report.cases[0].message


async def test_what_is_tested_may_not_end_the_program(check: Check) -> None:
    tested = "#include <stdlib.h>\nint twice(int n) { exit(0); return 2 * n; }\n"
    test = HEAD + "int twice(int);\nint main(void) { assert(twice(2) == 5); return 0; }\n"
    report = await check({"twice.c": tested, "test_twice.c": test})
    assert report.verdict is Verdict.FAILED, report.reason
    assert report.cases[0].outcome is CaseOutcome.FAILED
    assert "exit status 0 before its main function" in report.cases[0].message
