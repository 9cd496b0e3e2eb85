"""The verdict matrix: a core of it for every change; `make bench NAME=verdicts` runs all of it."""

from pathlib import Path

import pytest

from quantumlayer.qtest import Sandbox, Verdict, run_tests
from tests.packages.qtest.matrix import c, go, java, javascript, python, rust, typescript
from tests.packages.qtest.matrix.cells import Cell, cells

MODULES = (python, javascript, typescript, go, java, rust, c)
ALL = [cell for module in MODULES for cell in cells(module.MATRIX)]
CORE = [cell for cell in ALL if cell.core]


@pytest.mark.parametrize("cell", CORE, ids=lambda cell: f"{cell.language}, {cell.name}")
async def test_every_project_gets_the_verdict_it_deserves(
    cell: Cell, tmp_path: Path, cache: Path, sandbox: Sandbox
) -> None:
    report = await run_tests(cell.write(tmp_path), cache=cache, limits=cell.limits, sandbox=sandbox)
    assert report.verdict is cell.verdict, report.reason
    assert set(report.languages) <= {cell.language, "cpp"}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.MATRIX.language)
def test_the_matrix_is_as_large_as_it_must_be(module: object) -> None:
    matrix = module.MATRIX  # type: ignore[attr-defined]  # each module of the matrix has one
    assert len(matrix.correct) >= 5
    assert len(matrix.wrong) >= 10
    assert all(variant.verdict is not Verdict.PASSED for variant in matrix.wrong)
