"""What a project of Java declares, worked out: its modules, and where each finds its libraries."""

import hashlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from quantumlayer.manifests.java.model import Module
from quantumlayer.manifests.java.resolved import Library
from quantumlayer.qtest.model import Noun


class BuiltModule(Noun):
    """A module, and what its compiler and its tests find it leaning on, in order.

    Entries are files below the folder of libraries (`jars/…`), or `module:N` and `tests:N` for the
    classes of the module with that number, `local:…` for jars of the project.
    """

    module: Module
    main_path: tuple[str, ...] = ()
    test_path: tuple[str, ...] = ()
    run_path: tuple[str, ...] = ()
    first_path: tuple[str, ...] = ()
    processor_path: tuple[str, ...] = ()
    coordinates: tuple[tuple[str, str], ...] = ()
    engine: bool = False


class JavaBuild(Noun):
    """All modules, each after those that it leans on; the JDK's version that they were read for."""

    modules: tuple[BuiltModule, ...] = ()


def built_module(module: Module, libraries: Sequence[Library]) -> BuiltModule:
    """Lay out a module's paths."""
    declared = [one for one in libraries if one.role == "project"]
    running = [one for one in libraries if one.role == "runner"]
    processors = tuple(entry(one) for one in libraries if one.role == "processor")
    local = tuple(f"local:{jar}" for jar in module.jars)
    main = (*(entry(one) for one in declared if one.compiles_main), *local)
    return BuiltModule(
        module=module,
        main_path=main,
        test_path=(*map(entry, declared), *local),
        first_path=tuple(entry(one) for one in (*running, *declared) if one.runs_tests),
        run_path=(*(entry(one) for one in (*running, *declared) if not one.runs_tests), *local),
        processor_path=processors or (main if module.processes_path else ()),
        coordinates=tuple((one.coordinates, one.jar) for one in declared if one.jar),
        engine=any(is_engine(one) for one in libraries),
    )


def entry(library: Library) -> str:
    if library.module is None:
        return library.jar
    return f"{'tests' if library.classifier == 'tests' else 'module'}:{library.module}"


def is_engine(library: Library) -> bool:
    """Whether a library finds and runs tests under JUnit's launcher."""
    name = library.coordinates.split(":")[1]
    return (name.endswith("-engine") and name != "junit-platform-engine") or name == "jqwik-engine"


def ordered(modules: Sequence[BuiltModule]) -> tuple[int, ...]:
    """The numbers of modules, each after those that it leans on; circles are left as they are."""
    done: list[int] = []

    def visit(number: int, above: frozenset[int]) -> None:
        if number in done or number in above:
            return
        every = (*modules[number].test_path, *modules[number].processor_path)
        for one in every:
            kind, _, other = one.partition(":")
            if kind in ("module", "tests") and other.isdigit():
                visit(int(other), above | {number})
        done.append(number)

    for number in range(len(modules)):
        visit(number, frozenset())
    return tuple(done)


def digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def wished(build: JavaBuild) -> tuple[int, int, int, str]:
    """(newest release, oldest release, version for preview features, which file asks for it)."""
    newest, oldest, exactly, where = 0, 0, 0, ""
    for one in build.modules:
        for part in (one.module.main, one.module.tests):
            asked = max(part.release, part.toolchain)
            if asked > newest:
                newest, where = asked, one.module.manifest
            if part.release:
                oldest = min(oldest or part.release, part.release)
            if "--enable-preview" in part.options:
                exactly = part.release
    return newest, oldest, exactly, where


def within(folder: str, path: str) -> bool:
    """Whether a file of the project lies below a folder of it."""
    return folder == "." or PurePosixPath(path).is_relative_to(folder)


def read_build(folder: Path) -> JavaBuild:
    """The build that was worked out into a folder."""
    return JavaBuild.model_validate_json((folder / "build.json").read_text())
