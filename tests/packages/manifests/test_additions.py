"""A dependency is added to a manifest as its author would have written it, or not at all."""

import json
import tomllib

import pytest

from quantumlayer.manifests import (
    Addition,
    Ecosystem,
    FilesInMemory,
    NotUnderstood,
    with_additions,
)

RUNS = Addition(name="requests")
TESTS = Addition(name="responses", version=">=0.25", development=True)


def added(ecosystem: Ecosystem, files: dict[str, str], *additions: Addition) -> dict[str, str]:
    memory = FilesInMemory({path: text.encode() for path, text in files.items()})
    return with_additions(memory, ecosystem, additions)


def test_requirements_get_a_line_in_the_file_that_is_meant() -> None:
    files = {"requirements.txt": "flask", "requirements-dev.txt": "pytest\n", "a.py": "import os"}
    assert added(Ecosystem.PYPI, files, RUNS, TESTS) == {
        "requirements.txt": "flask\nrequests\n",
        "requirements-dev.txt": "pytest\nresponses>=0.25\n",
    }
    assert list(added(Ecosystem.PYPI, files, TESTS)) == ["requirements-dev.txt"]


@pytest.mark.parametrize(
    "text",
    [
        '[project]\nname = "shop"\n\n[tool.x]\ndependencies = []\n',
        '[project]\nname = "shop"\ndependencies = []\n',
        '[project]\nname = "shop"\ndependencies = ["flask>=3"]\n',
        '[project]\nname = "shop"\ndependencies = [ # what runs\n    "flask>=3", # yes\n]\n',
        '[tool.x]\ndependencies = []\n\n[project]\nname = "shop"\ndependencies = [\n"flask"\n]\n',
    ],
)
def test_a_standard_pyproject_gets_an_entry_and_keeps_everything_else(text: str) -> None:
    (new,) = added(Ecosystem.PYPI, {"pyproject.toml": text}, RUNS, TESTS).values()
    before, after = tomllib.loads(text), tomllib.loads(new)
    assert after["project"].pop("dependencies") == [
        "requests", *before["project"].pop("dependencies", []),
    ]  # fmt: skip
    assert after == before
    assert set(text.splitlines()[:2]) <= set(new.splitlines())


def test_a_pyproject_of_tools_alone_declares_nothing() -> None:
    assert added(Ecosystem.PYPI, {"pyproject.toml": "[tool.ruff]\nline-length = 100\n"}, RUNS) == {}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", '[tool.poetry.dependencies]\nflask = "^3"\n'),
        ("pyproject.toml", '[project]\nname = "shop"\ndynamic = ["dependencies"]\n'),
        ("pyproject.toml", '[project]\ndependencies = "flask"\n'),
        ("pyproject.toml", "[project\n"),
        ("pyproject.toml", 'project = { name = "shop" }\n'),
        ("requirements.txt", "flask==3.0 --hash=sha256:00\n"),
        ("setup.cfg", "[options]\ninstall_requires =\n    flask\n"),
        ("Pipfile", '[packages]\nflask = "*"\n'),
        ("services/a/requirements.txt", "flask\n"),
    ],
)
def test_a_manifest_that_we_cannot_write_is_left_alone(path: str, text: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        added(Ecosystem.PYPI, {path: text}, RUNS)
    assert caught.value.path == path


def test_package_json_gets_entries_in_order_and_keeps_its_look() -> None:
    text = (
        '{\n    "name": "shop",\n    "dependencies": {"zod": "^4.0.0"},\n    "type": "module"\n}\n'
    )
    express = Addition(name="express", version="^5.1.0")
    vitest = Addition(name="vitest", development=True)
    (new,) = added(Ecosystem.NPM, {"package.json": text}, express, vitest).values()
    assert list(json.loads(new).items()) == [
        ("name", "shop"),
        ("dependencies", {"express": "^5.1.0", "zod": "^4.0.0"}),
        ("type", "module"),
        ("devDependencies", {"vitest": "*"}),
    ]
    assert new.startswith('{\n    "name"')
    assert new.endswith("}\n")


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"package.json": "{"},
        {"package.json": "[]"},
        {"package.json": '{"dependencies": []}'},
        {"package.json": "{}", "package-lock.json": "{}"},
        {"package.json": "{}", "packages/a/package.json": "{}"},
    ],
)
def test_several_packages_and_what_is_locked_are_left_alone(files: dict[str, str]) -> None:
    with pytest.raises(NotUnderstood):
        added(Ecosystem.NPM, files, RUNS)
