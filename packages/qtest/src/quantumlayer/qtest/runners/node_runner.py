"""Running a JavaScript project's tests with Node's own runner."""

import os
import re
import shlex
from pathlib import Path

from quantumlayer.qtest.environments import Environment
from quantumlayer.qtest.environments.javascript import read_object
from quantumlayer.qtest.errors import ToolMissing
from quantumlayer.qtest.model import MIB, Limits
from quantumlayer.qtest.runners.node_outcome import node_outcome
from quantumlayer.qtest.runners.payloads import PAYLOADS, Observed, observe
from quantumlayer.qtest.sandbox import Sandbox

OTHER_RUNNERS = re.compile(r"\b(vitest|jest|mocha|ava|tap|jasmine|karma|playwright)\b")
NODE_TEST = re.compile(r"^\s*node\s(?P<arguments>.*--test\b.*)$")
MOST_FILES_AT_ONCE = 4
WILDCARDS = frozenset("*?[{")
# Options of Node whose value is the next word; what they would load is not loaded.
WITH_VALUE = frozenset({
    "--import", "--require", "-r", "--loader", "--experimental-loader", "--env-file", "-C",
    "--conditions", "--test-reporter", "--test-reporter-destination", "--test-name-pattern",
    "--test-skip-pattern", "--test-concurrency", "--test-timeout", "--test-shard",
})  # fmt: skip


async def run_node(
    project: Path, environment: Environment, sandbox: Sandbox, limits: Limits
) -> Observed:
    """Run the tests of a copy of `project` and read their records.

    Raises ToolMissing when the project's tests are written for another runner.
    """
    return await observe(
        sandbox,
        node_test_command(project, environment, limits),
        project=project,
        mounts=environment.mounts,
        variables={"PATH": f"{environment.executable.parent}:/usr/bin:/bin", "NODE_ENV": "test"},
        limits=limits,
        interpret=node_outcome,
    )


def node_test_command(project: Path, environment: Environment, limits: Limits) -> list[str]:
    """Node's own runner with our guard, our reporter, and the paths that the project names."""
    return [
        str(environment.executable),
        f"--max-old-space-size={limits.memory_bytes // MIB}",
        f"--import={PAYLOADS}/node_guard.mjs",
        "--test",
        "--experimental-test-coverage",
        f"--test-concurrency={min(MOST_FILES_AT_ONCE, os.cpu_count() or 1)}",
        f"--test-reporter={PAYLOADS}/node_reporter.mjs",
        "--test-reporter-destination=stdout",
        *test_paths(project),
    ]


def test_paths(project: Path) -> list[str]:
    """The paths that the project's own `node --test` command names; none: Node's own search."""
    scripts = read_object(project / "package.json").get("scripts")
    script = scripts.get("test", "") if isinstance(scripts, dict) else ""
    if not isinstance(script, str):
        return []
    command = NODE_TEST.match(script)
    other = OTHER_RUNNERS.search(script)
    if command is None and other is not None:
        raise ToolMissing(
            f"The tests are written for {other[0]}, which is not supported yet; `node --test` is."
        )
    if command is None:
        return []
    try:
        words = shlex.split(command["arguments"])
    except ValueError:
        return []
    named = [
        word
        for before, word in zip(["", *words], words, strict=False)
        if not word.startswith("-") and before not in WITH_VALUE
    ]
    return [path for word in named for path in expanded(project, word)]


def expanded(project: Path, word: str) -> list[str]:
    """The files that a pattern matches, as a shell would pass them; other words as they are."""
    if not WILDCARDS & set(word):
        return [word] if (project / word).exists() else []
    if word.startswith("/") or ".." in word.split("/"):
        return []
    return sorted(str(found.relative_to(project)) for found in project.glob(word))
