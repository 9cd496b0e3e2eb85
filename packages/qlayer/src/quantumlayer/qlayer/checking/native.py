"""Which sources the native checkers are asked about, and when.

Interpreters read everything, while the tests run. Compilers read what no build has compiled, and of
the rest what its grammar does not like.
"""

from collections.abc import Sequence

from quantumlayer.qlayer.checking.reading import Reading
from quantumlayer.qtest import TestReport, Unit, Verdict

EARLY = ("bash", "php", "ruby", "lua")
COMPILED = ("go", "java", "rust", "c", "cpp", "typescript", "tsx")
BUILD_FILES = ("CMakeLists.txt", "Makefile", "makefile", "GNUmakefile", "meson.build")
HEADERS = (".h", ".hh", ".hpp", ".hxx", ".h++", ".ipp", ".inl")
# Dialects that the grammar knows and bash does not.
OTHER_SHELLS = (".zsh", ".ksh", ".bats", ".zshrc")
# They have decisions, but no program is made of them alone.
NOT_PROGRAMS = frozenset({"cmake", "scss", "sql"})
OTHER_INTERPRETERS = (b"zsh", b"ksh", b"bats", b"fish")


def early(reading: Reading) -> dict[str, list[str]]:
    """What is asked while the tests run."""
    wanted = {language: asked(reading, language) for language in EARLY}
    return {language: paths for language, paths in wanted.items() if paths}


def late(
    reading: Reading, units: Sequence[Unit], reports: Sequence[TestReport]
) -> dict[str, list[str]]:
    """What is asked when it is known what was compiled."""
    built = compiled(units, reports)
    tests = {case.name for report in reports for case in report.cases}

    def unsure(path: str, language: str) -> bool:
        if language not in built or reading.analyses[path].syntax.problems:
            return True
        # By hand, only what the tests need is compiled: no program of the project's own.
        plain = language in ("c", "cpp") and not is_built(reading)
        return plain and path not in tests and b"main" in reading.files[path].data

    wanted = {
        language: [path for path in asked(reading, language) if unsure(path, language)]
        for language in COMPILED
    }
    return {language: paths for language, paths in wanted.items() if paths}


def is_built(reading: Reading) -> bool:
    return any(name in reading.files for name in BUILD_FILES)


def compiled(units: Sequence[Unit], reports: Sequence[TestReport]) -> set[str]:
    """The languages that a compiler has read as a whole, or until it refused."""
    if any(unit.folder != "." for unit in units):
        return set()
    # Without tests nothing of a plain C project is compiled.
    alone = ("go", "rust", "java")
    read = {
        report.language
        for report in reports
        if (report.executed and report.language in COMPILED)
        or (report.verdict is Verdict.NO_TESTS and report.language in alone)
    }
    also = {"cpp": {"c"}, "typescript": {"tsx"}}
    return read.union(*(also.get(language, set()) for language in read))


def asked(reading: Reading, language: str) -> list[str]:
    """The sources of a language that its checker can judge alone."""
    paths = reading.of_language(language)
    if language in ("c", "cpp"):
        return [path for path in paths if not path.endswith(HEADERS)]
    if language == "bash":
        return [path for path in paths if is_bash(path, reading)]
    return paths


def is_bash(path: str, reading: Reading) -> bool:
    first = reading.files[path].data.split(b"\n", 1)[0]
    other = first.startswith(b"#!") and any(name in first for name in OTHER_INTERPRETERS)
    return not path.endswith(OTHER_SHELLS) and not other


def written_in(reading: Reading) -> dict[str, int]:
    """The languages that programs of the project are written in: how many files of each."""
    found: dict[str, int] = {}
    for one in reading.analyses.values():
        decides = one.metrics is not None and one.metrics.cyclomatic_complexity
        stopped = one.syntax.tier.value == "stopped"
        if (decides or stopped) and one.language not in NOT_PROGRAMS:
            name = "typescript" if one.language == "tsx" else one.language or ""
            found[name] = found.get(name, 0) + 1
    return found


def languages_of(programs: dict[str, int], reports: Sequence[TestReport]) -> tuple[str, ...]:
    """The languages of the tests, then those that are only written here, the most used first."""
    tested = dict.fromkeys(report.language for report in reports if report.executed)
    rest = sorted(programs.keys() - tested, key=lambda name: (-programs[name], name))
    return (*tested, *rest)
