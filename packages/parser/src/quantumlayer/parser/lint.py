"""A linter's findings: Python by ruff, with rules that we choose.

A project's own settings do not count. Of weaknesses that a rule of ours knows, ruff is not asked:
see `lint_rules`.
"""

import asyncio
import json
import os
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from quantumlayer.parser.languages import detect_language
from quantumlayer.parser.lint_rules import IGNORED, IN_TESTS, SELECTED, severity
from quantumlayer.parser.model import Edit, Finding, Fix, SourceText
from quantumlayer.processes import Group, child_environment, end_process, hold, started

INVALID_SYNTAX = "invalid-syntax"
_NOT_WRITTEN = frozenset({".git", ".venv", "venv", "node_modules", "__pycache__", ".quantumlayer"})
_LARGEST = 1024**2
_MEMORY_BYTES = 4 * 1024**3
_TEST_FOLDERS = ("tests/**", "test/**", "**/test_*.py", "**/conftest.py")


class LinterFailed(RuntimeError):  # noqa: N818 - it says what happened
    """The linter is missing, ran out of time, or gave no report; says what to do."""


async def lint(
    source: Path | Sequence[SourceText], *, time_limit_seconds: float = 60.0
) -> tuple[Finding, ...]:
    """Findings in a folder, or in files given as text, sorted by place.

    Paths in the findings are relative to the folder. Raises LinterFailed when there is no report.
    """
    # A folder is linted as a copy: ruff would follow its links, and wait for its pipes.
    files = await asyncio.to_thread(_read, source) if isinstance(source, Path) else source
    return await _ruff_of(files, time_limit_seconds)


def _read(root: Path) -> tuple[SourceText, ...]:
    """The regular Python files that people write: none of tools' folders, none too large."""
    return tuple(
        SourceText(path=path.relative_to(root).as_posix(), content=path.read_bytes())
        for path in sorted(root.rglob("*.py*"))
        if _NOT_WRITTEN.isdisjoint(path.relative_to(root).parts)
        and not path.is_symlink()
        and path.is_file()
        and path.stat().st_size <= _LARGEST
    )


async def _ruff_of(files: Sequence[SourceText], time_limit_seconds: float) -> tuple[Finding, ...]:
    python = [file for file in files if _is_python(file)]
    if not python:
        return ()
    with tempfile.TemporaryDirectory(prefix="ql-lint-") as folder:
        root = Path(folder)
        await asyncio.to_thread(_write, root, python)
        return await _ruff(root, time_limit_seconds)


def _is_python(file: SourceText) -> bool:
    language = detect_language(file.path, file.data)
    return language is not None and language.name == "python"


def _write(root: Path, files: Sequence[SourceText]) -> None:
    for file in files:
        path = PurePosixPath(file.path)
        if path.is_absolute() or ".." in path.parts or "\0" in file.path:
            raise ValueError(f"not a relative path inside the tree: {file.path!r}")
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        # Ruff reads UTF-8 alone, whatever a file declares.
        target.write_bytes(file.utf8)


def linter_program() -> Path | None:
    """Where this machine has ruff; None where it has not."""
    beside = Path(sysconfig.get_path("scripts")) / "ruff"
    found = str(beside) if beside.is_file() else shutil.which("ruff")
    return Path(found) if found else None


def _executable() -> str:
    found = linter_program()
    if found is None:
        raise LinterFailed("ruff was not found; install it: pip install ruff")
    return str(found)


async def _ruff(root: Path, time_limit_seconds: float) -> tuple[Finding, ...]:
    process = await started(
        asyncio.create_subprocess_exec(
            _executable(),
            *("check", "--isolated", "--no-cache", "--exit-zero", "--quiet"),
            *("--output-format", "json", "--no-respect-gitignore"),
            *("--target-version", f"py{sys.version_info.major}{sys.version_info.minor}"),
            *("--line-length", "100"),
            *("--select", ",".join(SELECTED), "--ignore", ",".join(IGNORED)),
            *("--config", f"lint.per-file-ignores = {_per_file_ignores()}"),
            ".",
            cwd=root,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=child_environment(Group.BASE, NO_COLOR="1"),
        )
    )
    # Two processors' worth of its time: it shares its work among threads.
    hold(process.pid, memory_bytes=_MEMORY_BYTES, cpu_seconds=2 * int(time_limit_seconds) + 1)
    try:
        output, errors = await asyncio.wait_for(process.communicate(), time_limit_seconds)
    except TimeoutError:
        raise LinterFailed(f"ruff was stopped after {time_limit_seconds:g} s") from None
    finally:
        await end_process(process)
    try:
        diagnostics = json.loads(output)
    except ValueError:
        said = errors.decode("utf-8", errors="replace").strip()[-500:]
        raise LinterFailed(f"ruff gave no report (status {process.returncode}): {said}") from None
    findings = (_finding(root, diagnostic) for diagnostic in diagnostics)
    return tuple(sorted(findings, key=lambda one: (one.path, one.line, one.column, one.rule)))


def _per_file_ignores() -> str:
    rules = json.dumps(list(IN_TESTS))
    return "{" + ", ".join(f"{json.dumps(folder)} = {rules}" for folder in _TEST_FOLDERS) + "}"


def _finding(root: Path, diagnostic: dict[str, Any]) -> Finding:
    rule = diagnostic["code"] or INVALID_SYNTAX
    place = diagnostic["location"]
    path = os.path.relpath(os.path.realpath(diagnostic["filename"]), os.path.realpath(root))
    return Finding(
        rule=rule,
        severity=severity(rule, diagnostic["message"]),
        path=PurePosixPath(path).as_posix(),
        line=place["row"],
        column=place["column"],
        message=diagnostic["message"],
        fix=_fix(diagnostic.get("fix")),
        tool="ruff",
    )


def _fix(given: dict[str, Any] | None) -> Fix | None:
    if given is None:
        return None
    edits = tuple(
        Edit(
            line=edit["location"]["row"],
            column=edit["location"]["column"],
            end_line=edit["end_location"]["row"],
            end_column=edit["end_location"]["column"],
            text=edit["content"] or "",
        )
        for edit in given["edits"]
    )
    description = given.get("message") or "Apply the suggested edit"
    return Fix(description=description, safe=given["applicability"] == "safe", edits=edits)
