"""What the tests of a checked project notice, in the languages that this is measured in."""

import json
from pathlib import Path

from quantumlayer.qlayer.checking.mutation import mutation_of
from quantumlayer.qtest import Language, Limits, Unit

LIMITS = Limits(wall_seconds=60)


async def measured(root: Path, cache: Path, *units: Unit) -> tuple[float | None, str]:
    entry = await mutation_of(root, units, cache=cache, limits=LIMITS)
    return entry.score, entry.reason


async def test_tests_that_only_a_script_names_are_measured(tmp_path: Path) -> None:
    manifest = {"name": "sum", "scripts": {"test": "node verify/all.test.js"}}
    (tmp_path / "package.json").write_text(json.dumps(manifest))
    (tmp_path / "sum.js").write_text("exports.sum = (a, b) => a + b;\n")
    (tmp_path / "verify").mkdir()
    (tmp_path / "verify/all.test.js").write_text(
        "const assert = require('assert');\nassert.equal(require('../sum.js').sum(1, 2), 3);\n"
    )
    unit = Unit(folder=".", language=Language.JAVASCRIPT, tested=False)
    # Both languages of a folder are measured at once, and once.
    typed = Unit(folder=".", language=Language.TYPESCRIPT, tested=False)
    score, reason = await measured(tmp_path, tmp_path / "cache", unit, typed)
    assert score == 100.0
    assert reason == "The tests notice 3 of 3 changes to the code."


async def test_other_languages_are_named(tmp_path: Path) -> None:
    unit = Unit(folder=".", language=Language.GO, tested=True)
    assert await measured(tmp_path, tmp_path, unit) == (
        None,
        "Mutation testing is offered for python, javascript, typescript; this is go.",
    )
