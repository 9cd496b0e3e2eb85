"""Running a Go project's tests with `go test` and a `testing` package that reports to us."""

import re
from dataclasses import replace
from pathlib import Path

from quantumlayer.qtest.environments import Environment
from quantumlayer.qtest.environments.go import LIBRARY
from quantumlayer.qtest.environments.toolchains import ask
from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.runners.payloads import Observed
from quantumlayer.qtest.runners.session_runner import run_session
from quantumlayer.qtest.runners.sources import functions_in, source_files
from quantumlayer.qtest.runners.standing import held_against
from quantumlayer.qtest.sandbox import Sandbox
from quantumlayer.qtest.untrusted import text_of

CGO = re.compile(r'^import "C"$|^\s+"C"$', re.MULTILINE)


async def run_go(
    project: Path, environment: Environment, sandbox: Sandbox, limits: Limits
) -> Observed:
    """Run every package's tests, examples and fuzz seeds. See `payload/go_session.py` for trust."""
    settled = environment.model_copy(
        update={"variables": (*environment.variables, ("CGO_ENABLED", uses_c(project)))}
    )
    version = re.sub(r"^go(\d+\.\d+).*$", r"\1", ask("go", "env", "GOVERSION"))
    plan = {
        "cache": str(LIBRARY / "cache"),
        "flags": [f"-overlay={LIBRARY}/overlay.json"],
        "version": version,
    }
    observed = await run_session("go", project, settled, sandbox, limits, plan)
    functions = [
        function
        for path, text in source_files(project, (".go",))
        for function in functions_in(path, text, "go")
    ]
    return replace(observed, outcome=held_against(observed.outcome, functions, "go", function_of))


def function_of(name: str) -> tuple[str, str]:
    """(folder, function) of a case's name, `module/package: TestName/part`."""
    package, _, test = name.partition(": ")
    return f"{package.rpartition('/')[2]}/", test.partition("/")[0]


def uses_c(project: Path) -> str:
    """ "1" when the project mixes in C; without it, programs need no C compiler."""
    found = (text_of(path) or "" for path in project.rglob("*.go"))
    return "1" if any(map(CGO.search, found)) else "0"
