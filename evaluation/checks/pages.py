"""Steps in a browser, which runs in a sandbox and reaches nothing but the application."""

import asyncio
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import cast

from evaluation.sentence import Page
from evaluation.subject import Subject
from quantumlayer.qtest.delivered import CannotTell, Running
from quantumlayer.qtest.delivered.browsers import installed_browser
from quantumlayer.qtest.delivered.pages import DOOR, FOLDER, LIMITS, PORT, passage, sandbox
from quantumlayer.qtest.runners.payloads import MODULES, PACKAGE, PAYLOAD_FOLDER, signed_records
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.sandbox.host import base_interpreter

_OURS = PurePosixPath("/opt/evaluation")
_BROWSER = Path(__file__).parent.parent / "browser"
_START = (
    f"import sys; sys.path[:0] = [{str(MODULES)!r}, {str(_OURS)!r}]; "
    "import steps_session; steps_session.main()"
)
_SECONDS = 120.0
_LOAD_SECONDS = 30.0


async def wrong(steps: Sequence[Page], subject: Subject) -> str:
    """Why a person does not see what must be seen. Raises CannotTell without a browser."""
    browser = await asyncio.to_thread(installed_browser)
    with tempfile.TemporaryDirectory(prefix="ql-pages-") as place:
        door, empty = Path(place) / "door", Path(place) / "empty"
        for each in (door, empty):
            each.mkdir(0o755)
        # Of what runs, only its socket is asked for.
        async with passage(cast("Running", subject), door):
            plan = {
                "program": str(browser.program),
                "door": str(DOOR),
                "port": PORT,
                "folder": FOLDER,
                "load_seconds": _LOAD_SECONDS,
                "steps": [step.model_dump() for step in steps],
            }
            result, records = await signed_records(
                await asyncio.to_thread(sandbox),
                [str(base_interpreter()), "-I", "-S", "-B", "-c", _START],
                project=empty,
                mounts=[
                    *browser.mounts,
                    Mount(source=door, target=DOOR.parent),
                    Mount(source=PAYLOAD_FOLDER, target=MODULES / PACKAGE),
                    Mount(source=_BROWSER, target=_OURS),
                ],
                variables={},
                limits=LIMITS.model_copy(update={"wall_seconds": _SECONDS}),
                plan=json.dumps(plan).encode(),
            )
    failed = records.named("wrong")
    if failed:
        return f"step {failed[0]['step']}: {failed[0]['words']}"
    if not records.named("closed"):
        raise CannotTell(f"The browser could not be run to its end in a sandbox here: {result}")
    return ""
