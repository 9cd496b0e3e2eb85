"""The formatter of generated Python: ruff, so that what is written is what a linter expects."""

import subprocess

from ruff import find_ruff_bin  # type: ignore[import-untyped]

from quantumlayer.processes import Group, child_environment

LINE_LENGTH = 100
_TARGET = "py311"


def format_python(source: str, *, first_party: str) -> str:
    """`source` laid out as `ruff format` does with lines of 100 columns, its imports in order.

    Imports that it does not use are left out, so that a template may name all that it might need.
    `first_party` is the package of the application. Raises ValueError with ruff's message where
    `source` is not Python: a defect of a template, never of the requirements.
    """
    sorted_imports = _ruff(
        source,
        "check",
        "--fix-only",
        "--select=I,F401",
        f"--config=lint.isort.known-first-party=['{first_party}', 'tests']",
    )
    return _ruff(sorted_imports, "format")


def _ruff(source: str, *arguments: str) -> str:
    command = [
        find_ruff_bin(),
        *arguments,
        "--isolated",
        "--no-cache",
        "--quiet",
        f"--target-version={_TARGET}",
        f"--line-length={LINE_LENGTH}",
        "--stdin-filename=generated.py",
        "-",
    ]
    done = subprocess.run(  # noqa: S603 - a fixed program, fixed arguments
        command, input=source, capture_output=True, text=True, check=False, timeout=30,
        env=child_environment(Group.BASE),
    )  # fmt: skip
    if done.returncode != 0:
        raise ValueError(f"generated Python cannot be formatted: {done.stderr.strip()}")
    return done.stdout
