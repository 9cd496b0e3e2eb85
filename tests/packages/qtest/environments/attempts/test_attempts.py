"""Projects and packages that try to act while they are installed. None may; each could.

Some of each kind run always, attempts and controls, and all of them with QL_ATTEMPTS=all, which
takes minutes. Installers that were taken over are quick: all of those run always.
"""

import asyncio
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from quantumlayer.manifests import NotUnderstood
from quantumlayer.qtest import (
    DependencyError,
    Language,
    Limits,
    Sandbox,
    ToolMissing,
    prepare_environment,
    run_tests,
)
from quantumlayer.qtest.environments.installing import LIMITS, run_installer
from quantumlayer.qtest.registries import Registries, endpoint_of
from quantumlayer.qtest.registries.model import Access
from quantumlayer.qtest.sandbox.host import base_interpreter
from tests.packages.qtest.environments.attempts.attempt import Attempt, Program
from tests.packages.qtest.environments.attempts.programs import PROGRAMS
from tests.packages.qtest.environments.attempts.suite import ATTEMPTS
from tests.packages.qtest.environments.attempts.world import World, control_environment, world

ALL = os.environ.get("QL_ATTEMPTS") == "all"
SAMPLE = {
    "wheel-pth", "sdist-backend", "tool-uv-index", "option-extra-index", "requirements-link",
    "npm-dependency-script", "npmrc-registry", "npm-transitive", "npm-lock-resolved",
    "go-env", "go-toolchain", "cargo-source", "cargo-wrapper", "rust-toolchain",
    "maven-jvm", "make-shell",
}  # fmt: skip
CHOSEN = [each for each in ATTEMPTS if ALL or each.id in SAMPLE]
CONTROLLED = {
    "wheel-pth", "tool-uv-index", "npm-dependency-script", "npmrc-registry", "go-env",
    "cargo-wrapper", "rust-toolchain", "maven-jvm", "make-shell",
}  # fmt: skip
# Their packages are these tests' own: nothing of them may stay in the cache of this machine.
OWN_CACHE = (Language.PYTHON, Language.JAVASCRIPT)
NARROW = LIMITS.model_copy(
    update={
        "disk_bytes": 64 << 20, "memory_bytes": 512 << 20, "processes": 40, "wall_seconds": 3.0,
        "output_bytes": 100_000,
    }
)  # fmt: skip
SECONDS = 120
PRELUDE = """\
import errno, json, os, socket, sys, time, urllib.parse

FACTS = json.loads(os.environ["FACTS"])
try:
"""
CONCLUSION = """\
except (OSError, MemoryError) as error:
    print("REFUSED", error)
else:
    print("ESCAPED")
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world")) as found:
        yield found


@pytest.fixture
def deployed(made: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The deployment's settings are in place."""
    for name in list(os.environ):
        if name.startswith("UV_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for name, value in made.variables.items():
        monkeypatch.setenv(name, value)
    return made


@pytest.mark.parametrize("attempt", CHOSEN, ids=lambda attempt: attempt.id)
async def test_no_attempt_gets_out(
    attempt: Attempt, deployed: World, tmp_path: Path, cache: Path, sandbox: Sandbox
) -> None:
    project = deployed.project(attempt, tmp_path / "project")
    place = tmp_path / "cache" if attempt.language in OWN_CACHE else cache
    said = ""
    if attempt.language is Language.C:
        limits = Limits(wall_seconds=30, cpu_seconds=30)
        report = await run_tests(project, cache=place, sandbox=sandbox, limits=limits)
        said = report.model_dump_json()
    else:
        try:
            await prepare_environment(project, attempt.language, place)
        except (DependencyError, ToolMissing, NotUnderstood) as error:
            said = f"{error} {getattr(error, 'output', '')}"
    assert deployed.got_out(attempt, said) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "attempt",
    [each for each in CHOSEN if ALL or each.id in CONTROLLED],
    ids=lambda attempt: attempt.id,
)
def test_each_attempt_gets_out_where_nothing_holds_it(
    attempt: Attempt, made: World, tmp_path: Path
) -> None:
    project = made.project(attempt, tmp_path / "project")
    done = subprocess.run(
        ["/bin/sh", "-c", made.placed(attempt.control, attempt, project)],
        cwd=project,
        env=control_environment(made, attempt, project),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert made.got_out(attempt, done.stdout) != [], done.stdout


def written(program: Program, made: World, folder: Path) -> list[str]:
    """The program, ready to run."""
    folder.mkdir()
    body = textwrap.dedent(program.program).strip() + "\n"
    registry = made.places["NPM"].removeprefix("http://")
    body = body.replace("@SERVICE@", made.facts["address"]).replace("@REGISTRY@", registry)
    body = body.replace("@NAMED@", f"localhost:{made.facts['service']}")
    (folder / "program.py").write_text(PRELUDE + textwrap.indent(body, "    ") + CONCLUSION)
    return ["-I", "-S", str(folder / "program.py")]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.id)
async def test_an_installer_that_was_taken_over_gets_nowhere(
    program: Program, deployed: World, tmp_path: Path
) -> None:
    registry = endpoint_of(deployed.places["NPM"])
    assert registry is not None
    words = written(program, deployed, tmp_path / "target")
    try:
        status, said = await run_installer(
            [str(base_interpreter()), *words],
            folder=tmp_path / "target",
            environment={"FACTS": json.dumps({**deployed.facts, "marker": "not told"})}
            if program.id == "installer-environment"
            else {"FACTS": json.dumps(deployed.facts)},
            access=Access(Registries(frozenset({registry}))),
            limits=NARROW,
        )
    except DependencyError as error:
        assert program.ends_by
        assert program.ends_by in str(error)
        return
    assert (status, "ESCAPED" in said, "REFUSED" in said) == (0, False, True), said
    assert deployed.catcher.asked == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "program", [each for each in PROGRAMS if not each.harmful], ids=lambda program: program.id
)
def test_each_installer_gets_there_where_nothing_holds_it(
    program: Program, made: World, tmp_path: Path
) -> None:
    words = written(program, made, tmp_path / "target")
    done = subprocess.run(
        [sys.executable, *words],
        cwd=tmp_path / "target",
        env={"PATH": "/usr/bin:/bin", "MY_TOKEN": made.marker, "FACTS": json.dumps(made.facts)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    made.catcher.asked.clear()
    for name in ("neighbour/poison", "downloads/poison", "beside"):
        (made.folder / name).unlink(missing_ok=True)
    assert "ESCAPED" in done.stdout, (done.stdout, done.stderr)


async def test_what_is_allowed_works_from_where_all_that_is_tried(
    deployed: World, tmp_path: Path
) -> None:
    registry = endpoint_of(deployed.places["NPM"])
    assert registry is not None
    program = Program("fetch", "", "", """
        import urllib.request
        with urllib.request.urlopen('http://@REGISTRY@/plain-thing') as answer:
            if b'plain-thing' not in answer.read(): raise OSError('another answer')
        open('kept', 'w').write('kept')
        """)  # fmt: skip
    words = written(program, deployed, tmp_path / "target")
    status, said = await run_installer(
        [str(base_interpreter()), *words],
        folder=tmp_path / "target",
        environment={"FACTS": json.dumps(deployed.facts)},
        access=Access(Registries(frozenset({registry}))),
    )
    assert (status, said) == (0, "ESCAPED\n")
    kept = tmp_path / "target" / "kept"
    assert await asyncio.to_thread(kept.read_text) == "kept"
    assert kept.stat().st_uid == os.getuid()


def test_the_suite_is_as_large_as_it_must_be() -> None:
    assert len(ATTEMPTS) + len(PROGRAMS) >= 70
    assert {each.language for each in ATTEMPTS} >= set(Language) - {
        Language.TYPESCRIPT, Language.CPP,
    }  # fmt: skip
    uncontrolled = [each.id for each in ATTEMPTS if not each.control]
    assert uncontrolled == []
    assert {each.id for each in ATTEMPTS} >= SAMPLE >= CONTROLLED
