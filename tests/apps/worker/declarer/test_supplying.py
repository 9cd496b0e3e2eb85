"""What a project has to change so that it declares what it imports, or why it is left alone."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from quantumlayer.agents import Resolve
from quantumlayer.parser import Parser, Registries, SourceText
from quantumlayer.qlayer import ADDED, Blueprint, FileRole, SourceFile, SourceTree
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qtest import registry_client, resolve_python
from quantumlayer.worker.declarer.supplying import (
    AT_ONCE,
    TOO_MANY,
    UNDECLARED,
    Project,
    Supply,
    supply,
)
from tests.integration.test_language_model import REQUIREMENTS
from tests.support.wheel_index import WheelIndex, wheel_index

HASHED = "tabulate==1.0 --hash=sha256:00\n"
SOURCE = "shop/__init__.py"
NONE = "# none\n"
MANIFEST = '[project]\nname = "shop"\ndependencies = []\n'


@dataclass(frozen=True)
class World:
    """Registries on loopback, and the real way to ask them."""

    index: WheelIndex
    registries: Registries
    resolve: Resolve


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    cache = tmp_path / "cache"
    with wheel_index(tmp_path / "index") as index:
        for name in ("requests", "tabulate", "pytest", "coverage"):
            index.add_wheel(name)
        monkeypatch.setenv("UV_DEFAULT_INDEX", f"{index.url}/simple")
        yield World(index, Registries(registry_client(cache)), partial(resolve_python, cache=cache))


async def project(
    files: Mapping[str, str], *, made: Mapping[str, str], **planned: object
) -> Project:
    """A tree of what a model wrote (`files`), and what was made from its plan (`made`)."""
    texts = {**files, **made}
    plan = {
        "name": "shop",
        "kind": "library",
        "language": "python",
        "files": [{"path": path, "role": "source", "purpose": "."} for path in files],
        **planned,
    }
    async with Parser() as parser:
        analyses = await parser.analyze(
            [SourceText(path=path, content=text) for path, text in texts.items()]
        )
    return Project(
        tree=SourceTree(files=tuple(_file(path, made) for path in sorted(texts))),
        texts=texts,
        analyses=analyses,
        requirements=Requirements.model_validate(REQUIREMENTS["requirements"]),
        blueprint=Blueprint.model_validate(plan),
    )


def _file(path: str, made: Mapping[str, str]) -> SourceFile:
    role = FileRole.TEST if path.startswith("tests/") else FileRole.SOURCE
    origin = "packager" if path in made else "generator"
    return SourceFile(path=path, sha256="0" * 64, size=1, role=role, origin=origin)


async def supplied(world: World, given: Project) -> Supply:
    found = await supply(given, world.registries, world.resolve)
    assert (found.blueprint == given.blueprint) is not any(
        one.purpose.startswith(ADDED) for one in found.blueprint.dependencies
    )
    return found


LOCKS = {"requirements.txt": NONE, "requirements-dev.txt": "pytest\n"}


async def test_the_models_own_manifest_and_the_locks_are_true_afterwards(world: World) -> None:
    files = {SOURCE: "import requests\n", "pyproject.toml": MANIFEST}
    found = await supplied(world, await project(files, made=LOCKS))
    assert found.files is not None
    assert found.files["pyproject.toml"] == MANIFEST.replace("[]", '["requests", ]')
    assert found.files["requirements.txt"].startswith("requests==1.0 \\\n    --hash=sha256:")
    assert "requests==1.0" in found.files["requirements-dev.txt"]
    (added,) = found.blueprint.dependencies
    assert added.purpose == f"{ADDED}{SOURCE} imports it."


async def test_what_a_plan_names_and_a_manifest_forgot_is_declared_as_planned(
    world: World,
) -> None:
    files = {SOURCE: "import requests\n", "requirements.txt": "", "requirements-dev.txt": "pytest"}
    planned = [{"name": "Requests", "specifier": ">=0.5"}]
    found = await supplied(world, await project(files, made={}, dependencies=planned))
    assert found.files == {"requirements.txt": "Requests>=0.5\n"}
    assert [one.name for one in found.added] == ["requests"]


async def test_no_more_are_added_at_once_than_a_reader_can_look_through(world: World) -> None:
    names = ["celery", "click", "flask", "jinja2", "numpy", "pandas", "rich", "scipy", "uvicorn"]
    for name in names:
        world.index.add_wheel(name)
    files = {SOURCE: "".join(f"import {name}\n" for name in names)}
    found = await supplied(world, await project(files, made=LOCKS))
    assert [one.name for one in found.added] == names[:AT_ONCE]
    assert [(one.name, why) for one, why in found.left] == [("uvicorn", TOO_MANY)]


@pytest.mark.parametrize(
    ("files", "made", "planned", "reason"),
    [
        pytest.param(
            {}, LOCKS, {"dependencies": [{"name": "tabulate", "specifier": ">=99"}]},
            "tabulate", id="the plan cannot be locked",
        ),
        pytest.param(
            {"requirements.txt": HASHED}, {"requirements-dev.txt": "pytest\n"}, {},
            "requirements.txt: every line has its hashes", id="a lock of somebody else",
        ),
        pytest.param(
            {"requirements-dev.txt": "pytest\n"}, {}, {}, UNDECLARED, id="no manifest of what runs",
        ),
    ],
)  # fmt: skip
async def test_what_cannot_be_declared_truly_is_left(
    world: World,
    files: dict[str, str],
    made: dict[str, str],
    planned: dict[str, Any],
    reason: str,
) -> None:
    given = await project({SOURCE: "import requests\n", **files}, made=made, **planned)
    found = await supplied(world, given)
    assert (found.added, found.files) == ((), None)
    ((left, why),) = found.left
    assert left.name == "requests"
    assert reason in why


async def test_a_package_of_another_language_than_the_plans_is_not_looked_for(
    world: World,
) -> None:
    files = {"index.js": "import express from 'express';\n", "package.json": "{}"}
    found = await supplied(world, await project(files, made=LOCKS))
    assert (found.added, found.left) == ((), ())
    assert json.loads(files["package.json"]) == {}
