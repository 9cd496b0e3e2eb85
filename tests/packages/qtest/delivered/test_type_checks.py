"""A project's own type checker is asked before anything is built, where the project brings it."""

from pathlib import Path

import pytest

from quantumlayer.qtest.delivered.errors import NothingToAsk
from quantumlayer.qtest.delivered.model import Finding, TypeCheck
from quantumlayer.qtest.delivered.type_checks import ill_typed, judged
from quantumlayer.qtest.sandbox import SandboxResult

MYPY = TypeCheck(language="python", commands=((".venv/bin/mypy",),))
TSC = TypeCheck(language="typescript", commands=(("npx", "tsc", "--noEmit"),))
FITS = "def double(number: int) -> int:\n    return number * 2\n"
SETTINGS = (
    '[project]\nname = "sums"\nversion = "1"\n[tool.mypy]\nstrict = true\nfiles = ["sums.py"]\n'
)


def ended(status: int, said: str, *limits: str) -> SandboxResult:
    return SandboxResult(exit_status=status, signal=None, stdout=said, stderr="", limits_hit=limits,
                         elapsed_seconds=1.0, tier="")  # fmt: skip


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name.replace("_dot_", ".")).write_text(text)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(("source", "told"), [
    (FITS, ""),
    (FITS + "double('two')\n", "sums.py:3: error: Argument 1 to \"double\" has incompatible type"),
])  # fmt: skip
async def test_a_checker_that_is_brought_is_run_as_the_project_sets_it(
    source: str, told: str, tmp_path: Path, cache: Path
) -> None:
    # given
    project = written(
        tmp_path, requirements_dot_txt="mypy==2.4.1\n", sums_dot_py=source,
        pyproject_dot_toml=SETTINGS,
    )  # fmt: skip
    # when
    finding = await ill_typed(project, MYPY, cache)
    # then
    assert told in finding.reason
    assert bool(finding.reason) is bool(told)


@pytest.mark.parametrize("check", [MYPY, TSC], ids=["mypy", "tsc"])
async def test_a_checker_that_is_not_brought_says_nothing(check: TypeCheck, tmp_path: Path) -> None:
    written(tmp_path, sums_dot_py=FITS, package_dot_json='{"name": "sums"}')
    with pytest.raises(NothingToAsk, match="is not among the packages that this project asks for"):
        await ill_typed(tmp_path, check, tmp_path / "cache")


@pytest.mark.parametrize(("said", "told"), [
    ("sums.py:3: error: no  [arg-type]\nFound 1 error\n", "sums.py:3: error: no  [arg-type]"),
    ("sums.py:3:7: error: no\n", "sums.py:3: error: no"),
    ("sums.py(3,7): error TS2345: Argument of\n", "sums.py:3: error TS2345: Argument of"),
])  # fmt: skip
def test_complaints_are_told_with_their_places(said: str, told: str, tmp_path: Path) -> None:
    written(tmp_path, sums_dot_py=FITS)
    assert told in judged(ended(1, said), tmp_path, MYPY).reason


def test_of_many_complaints_the_first_are_told(tmp_path: Path) -> None:
    written(tmp_path, sums_dot_py=FITS)
    said = "".join(f"sums.py:{line}: error: no\n" for line in range(1, 10))
    assert judged(ended(1, said), tmp_path, MYPY).reason.endswith(
        "sums.py:3: error: no and 6 more."
    )


@pytest.mark.parametrize("result", [
    ended(2, "usage: mypy [-h]\nmypy: error: Missing target module, package, files, or command.\n"),
    ended(1, "error TS18003: No inputs were found in config file\n"),
    ended(1, "elsewhere.py:3: error: of a file that is not there\n"),
    ended(1, "sums.py:3: note: nothing wrong\n"),
    ended(137, "sums.py:3: error: and then it was ended\n", "memory_bytes"),
])  # fmt: skip
def test_a_run_that_names_no_place_says_nothing_of_the_types(
    result: SandboxResult, tmp_path: Path
) -> None:
    written(tmp_path, sums_dot_py=FITS)
    with pytest.raises(NothingToAsk):
        judged(result, tmp_path, MYPY)


def test_what_a_content_checker_says_is_only_shown(tmp_path: Path) -> None:
    assert judged(ended(0, "Success"), tmp_path, MYPY) == Finding(evidence="Success")
