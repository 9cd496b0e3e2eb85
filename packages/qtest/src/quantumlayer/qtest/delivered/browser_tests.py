"""A project's own browser tests, asked of the application as it is delivered.

Playwright runs them from the project's packages, in the sandbox in which a browser looks at pages:
nothing can be reached from there but the application. Its configuration holds but for what starts
servers and chooses browsers (`payload/playwright_settings.mjs`); results are signed records.
"""

import asyncio
import json
import posixpath
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from quantumlayer.qtest.delivered.browser_test_records import judged
from quantumlayer.qtest.delivered.browsers import installed_browser
from quantumlayer.qtest.delivered.errors import NothingToAsk
from quantumlayer.qtest.delivered.model import Delivery, Finding
from quantumlayer.qtest.delivered.pages import passage, sandbox
from quantumlayer.qtest.delivered.starter import Running
from quantumlayer.qtest.environments import Environment, Language, prepare_environment
from quantumlayer.qtest.environments.javascript import TARGET
from quantumlayer.qtest.errors import ToolMissing
from quantumlayer.qtest.model import MIB, Limits
from quantumlayer.qtest.runners.in_package import (
    in_package,
    installed,
    program_of,
    variables_of,
)
from quantumlayer.qtest.runners.javascript_trials import Trial
from quantumlayer.qtest.runners.payloads import PAYLOADS, signed_records
from quantumlayer.qtest.sandbox import Mount
from quantumlayer.qtest.untrusted import text_of

LIMITS = Limits(
    memory_bytes=3072 * MIB, cpu_seconds=600, wall_seconds=300.0, processes=768, open_files=8192,
    disk_bytes=1024 * MIB, output_bytes=MIB,
)  # fmt: skip
DOOR = PurePosixPath("/mnt/door/socket")
# Either brings the whole of Playwright's test program.
PACKAGES = ("@playwright/test", "playwright")
IMPORTED = {"@playwright/test": "@playwright/test", "playwright": "playwright/test"}
SINCE = (1, 41)  # before, it started itself anew where tests are modules, and nobody heard it
NONE = "The project has no browser tests of its own."
FIRST_FREE_PORT, OTHER_PORT = 1024, 8080


async def failing(
    running: Running, delivery: Delivery, port: int, cache: Path, limits: Limits = LIMITS
) -> Finding:
    """What a project's browser tests say of an application that was started for them alone.

    Raises NothingToAsk where there is none that has to be, CannotTell, and what installing raises.
    """
    tests = delivery.browser_tests
    if tests is None:
        raise NothingToAsk(NONE)
    browser = await asyncio.to_thread(installed_browser)
    environment = await prepare_environment(delivery.folder, Language.TYPESCRIPT, cache)
    package, program = brought(environment, tests.package)
    written = f"playwright.delivered{posixpath.splitext(tests.config)[1] or '.ts'}"
    place = posixpath.join(posixpath.dirname(tests.config), written)
    plan = {
        "program": str(browser.program), "door": str(DOOR), "package": IMPORTED[package],
        "port": port if port >= FIRST_FREE_PORT else OTHER_PORT, "folder": tests.folder,
        "config": posixpath.basename(tests.config), "written": place,
    }  # fmt: skip
    trial = Trial(tests.package, "playwright")
    command = [
        str(environment.executable), f"--import=file://{PAYLOADS}/playwright_start.mjs",
        str(program), "test", f"--config={place}",
    ]  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="ql-browser-tests-") as folder:
        door = Path(folder) / "door"
        door.mkdir(0o755)
        async with passage(running, door):
            result, records = await signed_records(
                await asyncio.to_thread(sandbox),
                in_package(command, trial, environment),
                project=delivery.folder,
                mounts=[*environment.mounts, *browser.mounts,
                        Mount(source=door, target=DOOR.parent)],
                variables=variables(trial, environment, plan),
                limits=limits,
            )  # fmt: skip
    return judged(result, records, tests, await asyncio.to_thread(told_of, delivery))


def brought(environment: Environment, folder: str) -> tuple[str, PurePosixPath]:
    """The package that brings Playwright's test program, and the program. Raises ToolMissing."""
    for package in PACKAGES:
        found = installed(environment, folder, package)
        if found is None:
            continue
        if found.version < SINCE:
            version, least = (".".join(map(str, one)) for one in (found.version, SINCE))
            raise ToolMissing(
                f"Its browser tests are written for Playwright {version}; {least} or later is "
                "supported."
            )
        return package, program_of(environment, folder, package, "playwright")
    raise ToolMissing(
        "Its browser tests are written for Playwright, which is not among its packages. Add it "
        "with `npm install --save-dev @playwright/test`."
    )


def variables(trial: Trial, environment: Environment, plan: Mapping[str, object]) -> dict[str, str]:
    """What Playwright and the tests find in their environment."""
    return {
        **variables_of(trial, environment),
        "NODE_PATH": str(TARGET),
        "NO_COLOR": "1",
        "QL_PLAYWRIGHT": json.dumps(plan),
    }


def told_of(delivery: Delivery) -> Sequence[str]:
    """Where the settings stand that the application is given as it is delivered."""
    image = text_of(delivery.folder / delivery.dockerfile) or ""
    return (image, *(name for name, _ in delivery.environment))
