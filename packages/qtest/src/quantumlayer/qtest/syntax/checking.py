"""Asking every checker that this machine has, in one sandbox."""

import asyncio
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from quantumlayer.qtest.environments.typescript import typescript_folder
from quantumlayer.qtest.model import Diagnostic, Limits
from quantumlayer.qtest.project import file_paths
from quantumlayer.qtest.runners.payloads import KEY_BYTES, MODULES, PACKAGE, PAYLOAD_FOLDER
from quantumlayer.qtest.runners.records import line_number, read_records, text
from quantumlayer.qtest.sandbox import Mount, Sandbox, probe_sandbox
from quantumlayer.qtest.sandbox.host import base_interpreter
from quantumlayer.qtest.syntax.model import FileSyntax
from quantumlayer.qtest.syntax.tools import BUILD_FILES, CHECKERS, located

LIMITS = Limits(wall_seconds=60.0, cpu_seconds=120, open_files=4096)
START = (
    f"import sys; sys.path.insert(0, {str(MODULES)!r}); "
    f"from {PACKAGE.replace('/', '.')} import session, syntax_session; "
    "session.run(syntax_session.session)"
)


async def check_syntax(
    project: Path,
    files: Mapping[str, Sequence[str]],
    *,
    cache: Path | None = None,
    sandbox: Sandbox | None = None,
    limits: Limits = LIMITS,
) -> tuple[FileSyntax, ...]:
    """What the checkers of this machine say of files, given by language and path in the project.

    Files that no checker here can judge are absent from the answer: their language has none, its
    program is not installed, a header is missing, or the limits were hit. TypeScript's parser is
    fetched into `cache`, once, where one is given. Raises SandboxUnavailable.
    """
    typed = files.get("typescript") or files.get("tsx")
    library = await typescript_folder(cache) if cache and typed else None
    jobs, mounts = await asyncio.to_thread(planned, project, files, library)
    if not jobs:
        return ()
    if sandbox is None:
        sandbox = await asyncio.to_thread(probe_sandbox)
    key = secrets.token_bytes(KEY_BYTES)
    result = await sandbox.run(
        [str(base_interpreter()), "-I", "-S", "-B", "-c", START],
        workspace=project,
        mounts=(*mounts, Mount(source=PAYLOAD_FOLDER, target=MODULES / PACKAGE)),
        limits=limits,
        stdin=key + json.dumps({"jobs": jobs}).encode(),
    )
    records = read_records(result.report, key)
    complaints: dict[str, list[Diagnostic]] = {}
    for record in records.named("complaint"):
        complaints.setdefault(text(record, "path"), []).append(
            Diagnostic(
                path=text(record, "path"),
                line=line_number(record),
                column=line_number(record, "column"),
                message=text(record, "message"),
            )
        )
    return tuple(
        FileSyntax(path=path, tier=text(record, "tier"), problems=tuple(complaints.get(path, ())))
        for record in records.named("judged")
        for path in record.get("paths", ())
    )


def planned(
    project: Path, files: Mapping[str, Sequence[str]], library: Path | None
) -> tuple[list[dict[str, Any]], tuple[Mount, ...]]:
    """A job for each language whose checker is here, and what the sandbox must see for it."""
    built = any(PurePosixPath(path).name in BUILD_FILES for path in file_paths(project))
    jobs: list[dict[str, Any]] = []
    mounts: list[Mount] = []
    for language, paths in files.items():
        checker = CHECKERS.get(language)
        program = located(checker, library) if checker and paths else None
        if checker is None or program is None:
            continue
        mounts += program.mounts
        jobs.append(
            {
                "tier": checker.tier,
                "commands": checker.commands(program, project, paths),
                "files": list(paths),
                "together": checker.together,
                **checker.patterns(built=built),
                "variables": dict(checker.variables),
            }
        )
    return jobs, unique(mounts)


def unique(mounts: Iterable[Mount]) -> tuple[Mount, ...]:
    return tuple({mount.target: mount for mount in mounts}.values())
