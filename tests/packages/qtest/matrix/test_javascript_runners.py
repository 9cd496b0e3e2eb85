"""mocha, tape and plain programs: every cell, since each costs a fraction of a second."""

from pathlib import Path

import pytest

from quantumlayer.qtest import Sandbox, run_tests
from tests.packages.qtest.matrix.cells import Cell, cells
from tests.packages.qtest.matrix.javascript_runners import MATRIX

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("cell", list(cells(MATRIX)), ids=lambda cell: cell.name)
async def test_what_the_programs_say_of_their_tests_is_heard(
    cell: Cell, tmp_path: Path, cache: Path, sandbox: Sandbox
) -> None:
    report = await run_tests(cell.write(tmp_path), cache=cache, limits=cell.limits, sandbox=sandbox)
    assert report.verdict is cell.verdict, report.reason
