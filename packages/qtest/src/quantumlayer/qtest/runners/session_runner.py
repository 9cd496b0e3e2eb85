"""Running a compiled language's session: the same start for all of them, a plan for each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from quantumlayer.qtest.environments import Environment
from quantumlayer.qtest.model import Limits
from quantumlayer.qtest.runners.payloads import MODULES, PACKAGE, PAYLOAD_FOLDER, Observed, observe
from quantumlayer.qtest.runners.session_outcome import session_outcome
from quantumlayer.qtest.sandbox import Mount, Sandbox
from quantumlayer.qtest.sandbox.host import base_interpreter


async def run_session(
    name: str,
    project: Path,
    environment: Environment,
    sandbox: Sandbox,
    limits: Limits,
    plan: Mapping[str, Any],
    *,
    meanwhile: Sequence[str] = (),
) -> Observed:
    """Run `payload/<name>_session.py` in a copy of the project and read its records.

    `meanwhile` is a program that is under way while the session loads; the session waits for it.
    """
    early = f"os.posix_spawn({meanwhile[0]!r}, {[*meanwhile]!r}, {{}}); " if meanwhile else ""
    start = (
        f"import os, sys; {early}sys.path.insert(0, {str(MODULES)!r}); "
        f"from {PACKAGE.replace('/', '.')} import session, {name}_session; "
        f"session.run({name}_session.session)"
    )
    variables = dict(environment.variables)
    folders = [str(environment.executable.parent), variables.pop("PATH", ""), "/usr/bin:/bin"]
    return await observe(
        sandbox,
        # -I -S: nothing of the project may load into the process that reports.
        [str(base_interpreter()), "-I", "-S", "-B", "-c", start],
        project=project,
        mounts=(*environment.mounts, Mount(source=PAYLOAD_FOLDER, target=MODULES / PACKAGE)),
        variables={"PATH": ":".join(filter(None, folders)), **variables},
        limits=limits,
        interpret=session_outcome,
        plan=json.dumps({"output_bytes": limits.output_bytes, **plan}).encode(),
    )


def stopped_early(observed: Observed, problem: str) -> Observed:
    """The same run with a reason why it proves nothing."""
    return replace(observed, outcome=replace(observed.outcome, problem=problem))
