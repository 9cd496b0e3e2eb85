"""The writer of libraries: modules out of parts, with what every library has around them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from quantumlayer.agents.builtin.writing.python_library.composing import (
    errors_source,
    module_source,
    used_errors,
)
from quantumlayer.agents.builtin.writing.python_library.documentation import shown_examples
from quantumlayer.agents.builtin.writing.python_library.part import Part
from quantumlayer.agents.builtin.writing.python_library.parts import parts_of
from quantumlayer.agents.builtin.writing.python_library.rendering import FOLDER, python, render
from quantumlayer.agents.builtin.writing.writer import UnknownFile
from quantumlayer.qlayer import Blueprint, Dependency, FileRole, PlannedFile
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.requirements.library import LibraryDomain

_DEVELOPMENT = tuple(
    Dependency(name=name, purpose=purpose, development=True)
    for name, purpose in (
        ("pytest", "runs the tests"),
        ("coverage", "measures what they cover"),
        ("hypothesis", "finds the inputs that break a property"),
        ("ruff", "formatter and linter"),
        ("mypy", "type checker"),
    )
)


@dataclass(frozen=True, slots=True)
class _File:
    plan: PlannedFile
    write: Callable[[Requirements], str]


class PythonLibraryWriter:
    """Plans and writes a library without dependencies at run time."""

    def plan(self, requirements: Requirements) -> Blueprint:
        """The files of the library in the order of their dependencies."""
        return Blueprint(
            name=requirements.name,
            kind=requirements.kind,
            language=requirements.language,
            framework="standard library",
            summary=requirements.summary,
            files=tuple(file.plan for file in _files(requirements)),
            dependencies=_DEVELOPMENT,
            test_command=("python", "-m", "pytest"),
        )

    def write(self, requirements: Requirements, path: str) -> str:
        """The content of one planned file; raises UnknownFile for another path."""
        for file in _files(requirements):
            if file.plan.path == path:
                return file.write(requirements)
        raise UnknownFile(f"{path} is not planned for {requirements.name}")


def _library(requirements: Requirements) -> LibraryDomain:
    if requirements.library is None or not requirements.library.blocks:
        raise ValueError("the requirements describe no library")
    return requirements.library


@lru_cache(maxsize=64)
def _files(requirements: Requirements) -> tuple[_File, ...]:
    library = _library(requirements)
    parts = parts_of(library)
    every = tuple(item.id for item in requirements.items)
    return (
        *_settings(),
        *_sources(library, parts),
        _file(
            "README.md",
            FileRole.DOCUMENTATION,
            "what it is for, with examples",
            _readme,
            requirements=every,
        ),
        *_tests(library, parts),
    )


def _settings() -> tuple[_File, ...]:
    configuration = FileRole.CONFIGURATION
    return (
        _file("pyproject.toml", configuration, "the project, and its tools' settings", _pyproject),
        _file(
            "requirements.txt",
            configuration,
            "what it needs at run time: nothing",
            lambda _: "# The standard library is all that it needs.\n",
        ),
        _file(
            "requirements-dev.txt",
            configuration,
            "locked tools for development",
            lambda _: (FOLDER / "requirements-dev.txt").read_text(encoding="utf-8"),
        ),
        _file(".gitignore", configuration, "files not to keep", lambda _: _IGNORED),
    )


def _sources(library: LibraryDomain, parts: tuple[Part, ...]) -> tuple[_File, ...]:
    package = library.module
    errors = used_errors(parts)
    files = []
    if errors:
        files.append(
            _file(
                f"{package}/errors.py",
                FileRole.SOURCE,
                "what can go wrong",
                lambda _: python(errors_source(errors), package),
                interface=", ".join(errors),
            )
        )
    for module, members in _modules(parts).items():
        files.append(
            _file(
                f"{package}/{module}.py",
                FileRole.SOURCE,
                members[0].title.rstrip("."),
                lambda _, members=members: _module(members, package),  # type: ignore[misc]
                interface=", ".join(_public(members)),
                depends_on=(f"{package}/errors.py",) if used_errors(members) else (),
                requirements=_proved(members),
            )
        )
    files.append(
        _file(
            f"{package}/__init__.py",
            FileRole.SOURCE,
            "the public names",
            lambda asked: _start(asked, package, errors, parts),
            interface=", ".join((*errors, *_public(parts))),
            depends_on=tuple(file.plan.path for file in files),
        )
    )
    files.append(
        _file(
            f"{package}/py.typed", FileRole.SOURCE, "says that it is typed", lambda _: _TYPED_MARKER
        )
    )
    return tuple(files)


def _tests(library: LibraryDomain, parts: tuple[Part, ...]) -> tuple[_File, ...]:
    package = library.module
    documentation = library.documentation_requirement
    start = f"{package}/__init__.py"
    return (
        _file(
            "tests/conftest.py",
            FileRole.TEST,
            "property tests: the same examples each time",
            lambda _: python(render("common/conftest.py"), package),
        ),
        *(
            _file(
                f"tests/test_{part.test_name}.py",
                FileRole.TEST,
                f"proves {', '.join(part.requirements)}",
                lambda _, part=part: python(part.tests, package),  # type: ignore[misc]
                depends_on=(start,),
                requirements=part.requirements,
            )
            for part in parts
        ),
        _file(
            "tests/test_documentation.py",
            FileRole.TEST,
            "the examples of the documentation run",
            lambda _: python(
                render("common/test_documentation.py", id=(documentation or "R1").lower()), package
            ),
            depends_on=(start, "README.md"),
            requirements=(documentation,) if documentation else (),
        ),
    )


def _file(
    path: str,
    role: FileRole,
    purpose: str,
    write: Callable[[Requirements], str],
    *,
    interface: str = "",
    depends_on: tuple[str, ...] = (),
    requirements: tuple[str, ...] = (),
) -> _File:
    planned = PlannedFile(
        path=path,
        role=role,
        purpose=purpose,
        interface=interface[:4000],
        depends_on=depends_on,
        requirements=requirements,
    )
    return _File(planned, write)


def _modules(parts: tuple[Part, ...]) -> dict[str, tuple[Part, ...]]:
    found: dict[str, tuple[Part, ...]] = {}
    for part in parts:
        found[part.module] = (*found.get(part.module, ()), part)
    return found


def _public(parts: tuple[Part, ...]) -> tuple[str, ...]:
    return tuple(sorted(name for part in parts for name in part.public))


def _proved(parts: tuple[Part, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for part in parts for each in part.requirements))


def _module(parts: tuple[Part, ...], package: str) -> str:
    source = module_source(parts[0].title, (part.code for part in parts), _public(parts))
    return python(source, package)


def _start(
    requirements: Requirements, package: str, errors: tuple[str, ...], parts: tuple[Part, ...]
) -> str:
    source = render(
        "common/__init__.py",
        title=_plain(requirements.title),
        errors=errors,
        modules={module: _public(members) for module, members in _modules(parts).items()},
        names=sorted((*errors, *_public(parts))),
    )
    return python(source, package)


def _plain(text: str) -> str:
    return text.rstrip(".").replace('"', "'").replace("\\", "/")


def _pyproject(requirements: Requirements) -> str:
    summary = requirements.summary.splitlines()[0] if requirements.summary else ""
    return render(
        "common/pyproject.toml",
        name=requirements.name,
        description=summary,
        package=_library(requirements).module,
    )


def _readme(requirements: Requirements) -> str:
    library = _library(requirements)
    examples = tuple(one for part in parts_of(library) for one in shown_examples(part))
    return render(
        "common/README.md",
        title=requirements.title,
        summary=requirements.summary,
        name=requirements.name,
        package=library.module,
        items=requirements.items,
        examples=examples,
        errors=used_errors(parts_of(library)),
        assumptions=requirements.assumptions,
        unclear=requirements.not_understood,
    )


_TYPED_MARKER = "# The types of this package are checked where it is used (PEP 561).\n"
_IGNORED = """\
__pycache__/
*.egg-info/
.coverage
.hypothesis/
.mypy_cache/
.pytest_cache/
.ruff_cache/
.venv/
build/
dist/
"""
