"""The parts of a folder that are tested apart: each language, in the folder of its own manifest."""

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from quantumlayer.manifests import FilesOnDisk, NotUnderstood, javascript
from quantumlayer.qtest.environments import Language
from quantumlayer.qtest.model import Diagnostic, Noun, TestReport
from quantumlayer.qtest.project import SAMPLES, SHAPES, detect_languages, file_paths, has_tests

NATIVE = (Language.C, Language.CPP)
# Languages that share a manifest.
FAMILIES = (
    (Language.PYTHON,),
    (Language.TYPESCRIPT, Language.JAVASCRIPT),
    (Language.GO,),
    (Language.RUST,),
    (Language.JAVA,),
    NATIVE,
)
# Their tools join manifests of several folders, which may lean on each other: the runner finds from
# where each is tested, in one copy of the whole project.
JOINED = frozenset({Language.GO, Language.RUST})
# What tells that tests are run from here, though nothing is declared.
ALSO_MARKS = {Language.PYTHON: ("pytest.ini", "tox.ini", "conftest.py")}
NOT_PARTS = SAMPLES | {"examples", "example", "samples", "doc", "docs", "templates"}
MOST_PARTS = 20


class Unit(Noun):
    """A language and the folder its tests are run from, relative to the project, `.` for itself."""

    folder: str
    language: Language
    tested: bool


def find_units(project: Path) -> tuple[Unit, ...]:
    """What has to be tested in a project, each part once.

    A language is tested from the project's folder. Where the manifest of a language is not there
    but in folders below, as in a repository of several services, it is tested from those; Go, Rust,
    C and C++ find those themselves.
    """
    paths = list(file_paths(project))
    own = [path for path in paths if NOT_PARTS.isdisjoint(path.split("/")[:-1])]
    whole = detect_languages(project)
    # Examples have tests of their own, which prove nothing of the project.
    shown = {name for name in whole if not has_tests(project, own, SHAPES[name])}
    if shown and shown != set(whole):
        whole = tuple(name for name in whole if name not in shown)
    units: list[Unit] = []
    for family in FAMILIES:
        joined = JOINED.issuperset(family) or (
            Language.JAVASCRIPT in family and are_joined(project, paths, family)
        )
        if joined and part_folders(paths, family):
            units += [
                Unit(folder=".", language=language, tested=is_tested(project, language))
                for language in family
                if language in whole or JOINED.issuperset(family)
            ]
            continue
        folders = [] if marked(paths, family) else part_folders(paths, family)
        within = [
            Unit(folder=folder, language=language, tested=is_tested(project / folder, language))
            for folder in folders[:MOST_PARTS]
            for language in detect_languages(project / folder)
            if language in family
        ]
        chosen = [unit for unit in within if unit.tested] or within[:1]
        if family == NATIVE and chosen:
            # Their builds reach out of their folders, `-I../include`: the whole is needed.
            chosen = [Unit(folder=".", language=chosen[-1].language, tested=chosen[0].tested)]
        units += chosen or [
            Unit(folder=".", language=language, tested=is_tested(project, language))
            for language in whole
            if language in family
        ]
    return tuple(units)


def are_joined(project: Path, paths: Iterable[str], family: Iterable[Language]) -> bool:
    """Whether packages below a folder that is none itself use each other."""
    if marked(paths, family):
        return False
    try:
        return javascript.lean_on_each_other(FilesOnDisk(project))
    except (NotUnderstood, javascript.Malformed):
        return False


def is_tested(folder: Path, language: Language) -> bool:
    return has_tests(folder, list(file_paths(folder)), SHAPES[language])


def marked(paths: Iterable[str], family: Iterable[Language]) -> bool:
    """Whether the project's own folder holds a manifest of the family."""
    names = {
        name
        for language in family
        for name in (*SHAPES[language].markers, *ALSO_MARKS.get(language, ()))
    }
    return not names.isdisjoint(paths)


def build_folders(project: Path) -> list[str]:
    """Where C and C++ are built from: here (`.`), or in the topmost folders that say how."""
    paths = list(file_paths(project))
    return ["."] if marked(paths, NATIVE) else part_folders(paths, NATIVE)[:MOST_PARTS] or ["."]


def part_folders(paths: Iterable[str], family: Iterable[Language]) -> list[str]:
    """The topmost folders with a manifest of the family, in order."""
    names = {name for language in family for name in SHAPES[language].markers}
    places = (PurePosixPath(path) for path in paths)
    folders = sorted(
        {
            place.parent
            for place in places
            if place.name in names and not NOT_PARTS & set(place.parent.parts)
        }
    )
    return [
        str(folder) for folder in folders if not any(other in folder.parents for other in folders)
    ]


def placed_in(report: TestReport, folder: str) -> TestReport:
    """A unit's report with the paths that the whole project knows."""
    if folder == ".":
        return report

    def whole(path: str) -> str:
        return f"{folder}/{path}" if path else path

    def placed(entries: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        return tuple(one.model_copy(update={"path": whole(one.path)}) for one in entries)

    coverage = report.coverage and report.coverage.model_copy(
        update={
            "files": tuple(
                entry.model_copy(update={"path": whole(entry.path)})
                for entry in report.coverage.files
            )
        }
    )
    return report.model_copy(
        update={
            "cases": tuple(
                case.model_copy(update={"path": whole(case.path)}) for case in report.cases
            ),
            "diagnostics": placed(report.diagnostics),
            "undetermined": placed(report.undetermined),
            "reason": whole(report.reason) if report.undetermined else report.reason,
            "coverage": coverage,
            "notes": tuple(f"{folder}: {note}" for note in report.notes),
        }
    )
