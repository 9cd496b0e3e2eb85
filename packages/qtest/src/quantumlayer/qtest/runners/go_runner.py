"""Running a Go project's tests with `go test` and a `testing` package that reports to us."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from quantumlayer.manifests import FilesOnDisk, GoRoot, go_roots, is_ignored_by_go
from quantumlayer.qtest.environments import Environment
from quantumlayer.qtest.environments.go_library import LIBRARY
from quantumlayer.qtest.environments.toolchains import ask
from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.runners.payloads import Observed
from quantumlayer.qtest.runners.session_runner import run_session
from quantumlayer.qtest.runners.sources import functions_in, source_files
from quantumlayer.qtest.runners.standing import held_against
from quantumlayer.qtest.sandbox import Sandbox

CGO = re.compile(r'^import "C"$|^\s+"C"$', re.MULTILINE)
# A private cache whose entries are links into the shared, read-only one.
COPY = ("/bin/cp", "-rs", str(LIBRARY / "cache"), "/tmp/go-cache")  # noqa: S108 - the sandbox's


async def run_go(
    project: Path, environment: Environment, sandbox: Sandbox, limits: Limits
) -> Observed:
    """Run every package's tests, examples and fuzz seeds. See `payload/go_session.py` for trust.

    Raises NotUnderstood.
    """
    sources = [
        (path, text)
        for path, text in source_files(project, (".go",))
        if not is_ignored_by_go(path, text)
    ]
    settled = environment.model_copy(
        update={"variables": (*environment.variables, ("CGO_ENABLED", uses_c(sources)))}
    )
    observed = await run_session(
        "go", project, settled, sandbox, limits, plan_for(go_roots(FilesOnDisk(project))),
        meanwhile=COPY,
    )  # fmt: skip
    functions = [function for path, text in sources for function in functions_in(path, text, "go")]
    return replace(observed, outcome=held_against(observed.outcome, functions, "go", function_of))


def plan_for(roots: Sequence[GoRoot]) -> dict[str, Any]:
    """What the session has to know of the project."""
    return {
        "flags": [f"-overlay={LIBRARY}/overlay.json"],
        "version": re.sub(r"^go(\d+\.\d+).*$", r"\1", ask("go", "env", "GOVERSION")),
        "roots": [
            {"folder": root.folder, "patterns": root.patterns, "workspace": root.workspace}
            for root in roots
        ],
        "modules": {name: folder for root in roots for name, folder in root.modules.items()},
        "required": {
            name: f"{path}:{line}" for root in roots for name, (path, line) in root.required.items()
        },
    }


def function_of(name: str) -> tuple[str, str]:
    """(folder, function) of a case's name, `module/package: TestName/part`."""
    package, _, test = name.partition(": ")
    return f"{package.rpartition('/')[2]}/", test.partition("/")[0]


def uses_c(sources: Sequence[tuple[str, str]]) -> str:
    """ "1" when the project mixes in C; without it, programs need no C compiler."""
    return "1" if any(CGO.search(text) for _, text in sources) else "0"
