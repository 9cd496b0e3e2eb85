"""A module of a Gradle build, from all that its files have said."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from quantumlayer.manifests.java.gradle_model import Draft
from quantumlayer.manifests.java.model import Compilation, Module, ResourceFolder, TestRun
from quantumlayer.manifests.java.patterns import matches


def module_of(draft: Draft, paths: Iterable[str]) -> Module:
    """The module; its tests are all that the test folders hold, whatever their names."""
    tests = draft.tests
    return Module(
        folder=draft.folder,
        manifest=draft.path,
        main=compilation(draft, "main"),
        tests=compilation(draft, "test"),
        runs=(
            TestRun(
                includes=tuple(tests.includes),
                excludes=tuple(tests.excludes),
                tags=tuple(tests.tags),
                without_tags=tuple(tests.without_tags),
                words=tuple(tests.words),
                properties=tuple(tests.properties.items()),
                variables=tuple(tests.variables.items()),
                folder=draft.folder,
                skipped=tests.skipped,
            ),
        ),
        makers=tuple(draft.makers),
        processes_path=False,
        jars=tuple(found_jars(draft.jars, paths)),
    )


def compilation(draft: Draft, name: str) -> Compilation:
    asked = draft.release
    exact = asked.get("release") or asked.get("languageVersion", 0)
    plain = asked.get("sourceCompatibility") or asked.get("targetCompatibility", 0)
    # A toolchain is the compiler itself: what is compiled for may be older.
    chosen = asked.get("release") or plain or exact
    return Compilation(
        folders=tuple(inside(draft, each) for each in folders(draft, name, "java")),
        resources=tuple(
            ResourceFolder(folder=inside(draft, each)) for each in folders(draft, name, "resources")
        ),
        output=inside(draft, f"build/classes/java/{name}"),
        encoding=draft.encoding,
        release=chosen,
        exact=bool(asked.get("release")) or not plain,
        options=tuple(draft.options),
        toolchain=asked.get("languageVersion", 0),
    )


def folders(draft: Draft, name: str, kind: str) -> list[str]:
    return draft.sources.get(f"{name}.{kind}", [f"src/{name}/{kind}"])


def inside(draft: Draft, path: str) -> str:
    plain = str(PurePosixPath(path))
    return plain if draft.folder == "." else f"{draft.folder}/{plain}"


def found_jars(wanted: Iterable[str], paths: Iterable[str]) -> Iterator[str]:
    """The jars of the project itself that are asked for."""
    everything = [path for path in paths if path.endswith(".jar")]
    for pattern in wanted:
        yield from (path for path in everything if matches(path, [pattern], []))
