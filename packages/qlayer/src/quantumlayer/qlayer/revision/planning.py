"""What of a tree a change touches, and where its tests go: by code, as nobody has to be asked."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from quantumlayer.qlayer.blueprint import Blueprint, FileRole, PlannedFile
from quantumlayer.qlayer.quality.policy import QualityPolicy
from quantumlayer.qlayer.requirements import Language, Requirement, Requirements, RequirementsChange
from quantumlayer.qlayer.revision.base import Base
from quantumlayer.qlayer.revision.kept_tests import cases_in, files_to_rewrite

_EXAMPLE_CHARACTERS = 16_000
_EXAMPLES = 2
# What asks for something else than most tests do: a browser, a machine, time.
_OF_A_KIND = frozenset({"e2e", "browser", "properties", "integration", "fixtures", "testdata"})
_SUFFIXES = {
    Language.PYTHON: (".py",),
    Language.JAVASCRIPT: (".js", ".mjs", ".cjs", ".jsx"),
    Language.TYPESCRIPT: (".ts", ".tsx", ".mts"),
    Language.GO: (".go",),
    Language.JAVA: (".java",),
    Language.RUST: (".rs",),
    Language.C: (".c",),
    Language.CPP: (".cpp", ".cc", ".cxx"),
}
# Where nothing shows how a project calls its tests: as its language's own tools expect.
_USUAL = {
    Language.PYTHON: "tests/test_{}.py",
    Language.JAVASCRIPT: "test/{}.test.js",
    Language.TYPESCRIPT: "test/{}.test.ts",
    Language.GO: "{}_test.go",
    Language.JAVA: "src/test/java/{}Test.java",
    Language.RUST: "tests/{}.rs",
    Language.C: "tests/test_{}.c",
    Language.CPP: "tests/test_{}.cpp",
}
_NEW = "Tests what is new or different."


@dataclass(frozen=True)
class TestPlan:
    """The tests of a change: `written` are planned anew, `rewritten` are there, `gone` go.

    `examples` are the paths of tests that show how it is done here.
    """

    __test__ = False

    written: tuple[PlannedFile, ...]
    rewritten: tuple[PlannedFile, ...]
    gone: tuple[str, ...]
    examples: tuple[str, ...]

    @property
    def files(self) -> tuple[PlannedFile, ...]:
        """All that the tester writes."""
        return (*self.rewritten, *self.written)


def plan_tests(
    language: Language, tests: Mapping[str, str], paths: Collection[str], change: RequirementsChange
) -> TestPlan:
    """How a change is tested in a project with `tests` (path → text) among `paths`."""
    rewritten, gone = files_to_rewrite(tests, change.touched, [one.id for one in change.removed])
    changed = {one.after.id for one in change.changed}
    renewed = tuple(
        _planned(
            path, sorted(_ids_in(tests[path]) & changed), "Tests that have to fit what changed."
        )
        for path in rewritten
    )
    covered = {name for file in renewed for name in file.requirements}
    left = [one.id for one in change.asked if is_testable(one) and one.id not in covered]
    examples = examples_of(language, tests, gone)
    written: tuple[PlannedFile, ...] = ()
    if left:
        path = new_test_path(language, examples, paths, left)
        written = (_planned(path, left, _NEW),)
    return TestPlan(written, renewed, gone, examples)


def is_testable(one: Requirement) -> bool:
    """Whether a requirement is held to a test of its own."""
    return one.category not in QualityPolicy().exempt_categories


def examples_of(
    language: Language, tests: Mapping[str, str], gone: Collection[str]
) -> tuple[str, ...]:
    """The tests that show best how they are written here: of the usual kind, and not long."""
    own = [
        path
        for path, text in tests.items()
        if path.endswith(_SUFFIXES[language]) and path not in gone and cases_in(text)
    ]
    folders = Counter(str(PurePosixPath(path).parent) for path in own)

    def rank(path: str) -> tuple[bool, int, int, str]:
        parts = PurePosixPath(path).parts
        common = folders[str(PurePosixPath(path).parent)]
        return (not _OF_A_KIND.isdisjoint(parts), -common, len(tests[path]), path)

    return tuple(path for path in sorted(own, key=rank) if len(tests[path]) <= _EXAMPLE_CHARACTERS)[
        :_EXAMPLES
    ]


def new_test_path(
    language: Language, examples: Collection[str], paths: Collection[str], ids: Collection[str]
) -> str:
    """Where a new test goes: beside the first example and called as it is, or where it is usual."""
    word = "_".join(one.lower() for one in list(ids)[:3])
    word = word.replace("_", "").capitalize() if language is Language.JAVA else word
    example = next(iter(examples), None)
    usual = _USUAL[language].format(word)
    if example is None:
        return _free(_beside_sources(language, usual, paths), paths)
    place = PurePosixPath(example)
    return _free(str(place.with_name(_called_like(place.name, word, language))), paths)


def revised_blueprint(
    base: Base, requirements: Requirements, plan: TestPlan, paths: Collection[str]
) -> Blueprint:
    """The plan of the version that is to be: the old one with the tests of the change.

    What was removed by hand is planned no longer, and neither are tests that go.
    """
    gone = {*plan.gone, *base.edits.removed}
    kept_ids = {one.id for one in requirements.items}
    replaced = {file.path for file in plan.files}
    before = base.blueprint.files if base.blueprint else ()
    files = [
        file.model_copy(
            update={
                "requirements": tuple(one for one in file.requirements if one in kept_ids),
                "depends_on": tuple(one for one in file.depends_on if one not in gone),
            }
        )
        for file in before
        if file.path not in gone and file.path not in replaced
    ]
    # A leaning on what is written anew is no order of work any more.
    files = [_without(file, replaced) for file in files] + list(plan.files)
    if not files:
        first = min(paths)
        files = [PlannedFile(path=first, role=FileRole.SOURCE, purpose="It is there.")]
    if base.blueprint is not None:
        return base.blueprint.model_copy(update={"files": tuple(files)})
    return Blueprint(
        name=base.name,
        kind=base.kind,
        language=base.language,
        framework=base.framework,
        imported=True,
        summary=base.title,
        files=tuple(files),
    )


def _without(file: PlannedFile, paths: Collection[str]) -> PlannedFile:
    return file.model_copy(
        update={"depends_on": tuple(one for one in file.depends_on if one not in paths)}
    )


def _planned(path: str, ids: Collection[str], purpose: str) -> PlannedFile:
    return PlannedFile(
        path=path, role=FileRole.TEST, purpose=purpose, requirements=tuple(ids), agent="tester"
    )


def _ids_in(text: str) -> set[str]:
    return {name for case in cases_in(text) for name in case.requirements}


def _called_like(name: str, word: str, language: Language) -> str:
    """`orders.test.ts` → `r8.test.ts`, `test_orders.py` → `test_r8.py`, `OrdersTest.java` …"""
    stem, dot, rest = name.partition(".")
    if language is Language.JAVA:
        return f"{word}Test.java"
    for mark in ("test_", "test-"):
        if stem.startswith(mark):
            return f"{mark}{word}{dot}{rest}"
    for mark in ("_test", "-test", "_spec", "-spec", "_tests", "-tests"):
        if stem.endswith(mark):
            return f"{word}{mark}{dot}{rest}"
    return f"{word}{dot}{rest}"


def _beside_sources(language: Language, usual: str, paths: Collection[str]) -> str:
    """Go keeps tests in the folder of what they test; a crate or module may stand below the top."""
    if language is Language.GO:
        sources = sorted(path for path in paths if path.endswith(".go"))
        folders = Counter(str(PurePosixPath(path).parent) for path in sources)
        folder = min(folders, key=lambda one: (-folders[one], one)) if folders else "."
        return str(PurePosixPath(folder) / usual)
    manifest = {Language.RUST: "Cargo.toml", Language.JAVA: "pom.xml"}.get(language)
    crates = [path for path in paths if PurePosixPath(path).name == manifest]
    top = min(crates, key=len, default=usual)
    return str(PurePosixPath(top).parent / usual) if crates else usual


def _free(path: str, paths: Collection[str]) -> str:
    """The path, or one like it that nothing has."""
    place, number, found = PurePosixPath(path), 1, path
    while found in paths:
        number += 1
        stem, dot, rest = place.name.partition(".")
        found = str(place.with_name(f"{stem}{number}{dot}{rest}"))
    return found
