"""Dependencies are read from every kind of manifest, with their place."""

import pytest

from quantumlayer.manifests import FilesInMemory, declared

PYPROJECT = """\
[project]
name = "shop"
dependencies = ["fastapi>=0.1", "pydantic[email] >= 2 ; python_version > '3.9'"]
[project.optional-dependencies]
dev = ["pytest"]
[dependency-groups]
docs = ["mkdocs", {include-group = "dev"}]
[build-system]
requires = ["hatchling"]
[tool.poetry.dependencies]
python = "^3.11"
rich = "^13"
local = {path = "../local"}
"""


def names(path: str, content: str) -> list[str]:
    return [one.name for one in declared(FilesInMemory({path: content.encode()}))]


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        (
            "pyproject.toml",
            PYPROJECT,
            ["fastapi", "pydantic", "pytest", "mkdocs", "hatchling", "rich", "local"],
        ),
        (
            "requirements-dev.txt",
            "-r base.txt\n# no\nflask==3.0 # yes\nuvicorn[standard]\n--hash=x\n",
            ["flask", "uvicorn"],
        ),
        ("requirements/base.in", "celery\n", ["celery"]),
        (
            "setup.cfg",
            "[options]\ninstall_requires =\n    requests>=2\n    six\n",
            ["requests", "six"],
        ),
        (
            "setup.py",
            "setup(install_requires=['click>=8', \"rich\"], extras_require={'t': ['pytest']})",
            ["click", "rich", "pytest"],
        ),
        ("Pipfile", '[packages]\nflask = "*"\n[dev-packages]\npytest = "*"\n', ["flask", "pytest"]),
        ("environment.yml", "dependencies:\n  - python=3.11\n  - numpy=2\n", ["numpy"]),
        (
            "tool.py",
            "# /// script\n# dependencies = [\n#   'httpx',\n# ]\n# ///\nimport httpx\n",
            ["httpx"],
        ),
        (
            "web/package.json",
            '{"dependencies": {"next": "16"}, "devDependencies": {"@types/node": "22"}}',
            ["next", "@types/node"],
        ),
        (
            "go.mod",
            "module shop\n\ngo 1.26\n\nrequire (\n\tgithub.com/a/b v1.2.3 // indirect\n)\n",
            ["github.com/a/b"],
        ),
    ],
)
def test_a_manifest_is_read(path: str, content: str, expected: list[str]) -> None:
    assert names(path, content) == expected


def test_a_dependency_knows_its_line_and_whether_a_registry_has_it() -> None:
    found = {
        one.name: one for one in declared(FilesInMemory({"pyproject.toml": PYPROJECT.encode()}))
    }
    assert (found["pytest"].line, found["rich"].line, found["rich"].version) == (5, 12, "^13")
    assert (found["rich"].from_registry, found["local"].from_registry) == (True, False)


@pytest.mark.parametrize("path", ["pyproject.toml", "package.json", "go.mod", "setup.py"])
def test_a_malformed_manifest_declares_nothing(path: str) -> None:
    assert names(path, "{[\x00 = [") == []
