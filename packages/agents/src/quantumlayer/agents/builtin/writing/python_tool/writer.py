"""The writer of command-line tools: what all of them have in common, around one family each."""

from functools import lru_cache

from quantumlayer.agents.builtin.writing.python_tool.families import family_of
from quantumlayer.agents.builtin.writing.python_tool.plan import ToolFile
from quantumlayer.agents.builtin.writing.python_tool.source import FOLDER, python_from, render
from quantumlayer.agents.builtin.writing.writer import UnknownFile
from quantumlayer.qlayer import Blueprint, Dependency, FileRole, PlannedFile
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.requirements.tool import ToolDomain

_DEVELOPMENT = (
    Dependency(name="pytest", purpose="runs the tests", development=True),
    Dependency(name="pytest-cov", purpose="measures their coverage", development=True),
    Dependency(name="ruff", purpose="formatter and linter", development=True),
    Dependency(name="mypy", purpose="type checker", development=True),
)


class PythonToolWriter:
    """Plans and writes a command-line tool without dependencies at run time."""

    def plan(self, requirements: Requirements) -> Blueprint:
        """The files of the tool in the order of their dependencies."""
        tool = _tool(requirements)
        return Blueprint(
            name=requirements.name,
            kind=requirements.kind,
            language=requirements.language,
            framework="argparse (standard library)",
            summary=requirements.summary,
            files=tuple(
                PlannedFile(
                    path=file.path,
                    role=file.role,
                    purpose=file.purpose,
                    interface=file.interface,
                    depends_on=file.depends_on,
                    requirements=file.requirements,
                )
                for file in _files(requirements)
            ),
            dependencies=_DEVELOPMENT,
            run_command=("python", "-m", tool.package),
            test_command=("python", "-m", "pytest"),
        )

    def write(self, requirements: Requirements, path: str) -> str:
        """The content of one planned file; raises UnknownFile for another path."""
        for file in _files(requirements):
            if file.path == path:
                return file.write(requirements)
        raise UnknownFile(f"{path} is not planned for {requirements.name}")


def _tool(requirements: Requirements) -> ToolDomain:
    if requirements.tool is None:
        raise ValueError("the requirements describe no command-line tool")
    return requirements.tool


@lru_cache(maxsize=64)
def _files(requirements: Requirements) -> tuple[ToolFile, ...]:
    tool = _tool(requirements)
    package = tool.package
    family = family_of(tool)
    quality = (tool.output_requirement, tool.error_requirement)
    every = tuple(item.id for item in requirements.items)
    settings = (
        ToolFile("pyproject.toml", FileRole.CONFIGURATION, "project, tools' settings", _pyproject),
        ToolFile(
            "requirements.txt",
            FileRole.CONFIGURATION,
            "what it needs at run time: nothing",
            lambda _: "# The standard library is all that it needs.\n",
        ),
        ToolFile(
            "requirements-dev.txt",
            FileRole.CONFIGURATION,
            "locked tools for development",
            lambda _: (FOLDER / "requirements-dev.txt").read_text(encoding="utf-8"),
        ),
        ToolFile(".gitignore", FileRole.CONFIGURATION, "files not to keep", lambda _: _IGNORED),
    )
    start = ToolFile(
        f"{package}/__init__.py",
        FileRole.SOURCE,
        "the package and its version",
        lambda asked: python_from("common/__init__.py", package, title=_title(asked)),
        interface="__version__: str",
    )
    module = ToolFile(
        f"{package}/__main__.py",
        FileRole.SOURCE,
        f"python -m {package}",
        lambda _: python_from("common/__main__.py", package),
        depends_on=(f"{package}/cli.py",),
    )
    support = (
        ToolFile("tests/__init__.py", FileRole.TEST, "the tests", lambda _: '"""Tests."""\n'),
        ToolFile(
            "tests/support.py",
            FileRole.TEST,
            "what tests share",
            lambda _: python_from("common/tests/support.py", package),
            interface="class Result; class Run(Protocol); class Call(Protocol)",
        ),
    )
    parts = family.files(requirements)
    sources = tuple(part for part in parts if part.role is not FileRole.TEST)
    tests = tuple(part for part in parts if part.role is FileRole.TEST)
    readme = ToolFile("README.md", FileRole.DOCUMENTATION, "how to use it", _readme, "", (), every)
    examples = ToolFile(
        "tests/test_readme.py",
        FileRole.TEST,
        "the README's examples print what it says",
        lambda _: python_from(
            "common/tests/test_readme.py",
            package,
            out=tool.output_requirement.lower(),
            scratch=family.scratch,
        ),
        depends_on=("README.md", "tests/support.py"),
        requirements=quality,
    )
    return (*settings, start, *sources, module, readme, *support, *tests, examples)


def _title(requirements: Requirements) -> str:
    return requirements.title[:88].rstrip(". ").replace('"', "'").replace("\\", "/")


def _pyproject(requirements: Requirements) -> str:
    tool = _tool(requirements)
    return render(
        "common/pyproject.toml",
        name=requirements.name,
        description=requirements.summary.splitlines()[0] if requirements.summary else "",
        command=tool.command,
        package=tool.package,
    )


def _readme(requirements: Requirements) -> str:
    tool = _tool(requirements)
    family = family_of(tool)
    return render(
        "common/README.md",
        title=requirements.title,
        summary=requirements.summary,
        items=requirements.items,
        package=tool.package,
        command=tool.command,
        examples=family.examples(requirements),
        statuses=family.statuses(requirements),
        notes=family.notes(requirements),
        assumptions=requirements.assumptions,
        unclear=requirements.not_understood,
    )


_IGNORED = """\
__pycache__/
*.egg-info/
.coverage
.mypy_cache/
.pytest_cache/
.ruff_cache/
.venv/
build/
dist/
"""
