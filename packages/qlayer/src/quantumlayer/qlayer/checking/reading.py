"""Reading a project's sources: syntax in tiers, findings, measures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from quantumlayer.manifests import FilesInMemory, encoding_for, java_encodings
from quantumlayer.parser import (
    FileAnalysis,
    Finding,
    LinterFailed,
    Parser,
    SourceText,
    detect_language,
    is_left_out,
    is_sample,
    project_findings,
)
from quantumlayer.parser import SyntaxProblem as ParserProblem
from quantumlayer.parser.discovery import is_text, is_written
from quantumlayer.qlayer.checking.material import Material
from quantumlayer.qlayer.checking.model import SyntaxProblem
from quantumlayer.qtest import Diagnostic, FileSyntax

MOST_SOURCES = 5_000
MOST_BYTES = 64 * 1024 * 1024
BY_GRAMMAR = "tree-sitter"


@dataclass(frozen=True)
class Reading:
    """What a project's files say before anything is run."""

    files: Mapping[str, SourceText] = field(default_factory=dict)
    analyses: Mapping[str, FileAnalysis] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    limits_hit: tuple[str, ...] = ()

    def of_language(self, language: str) -> list[str]:
        """The paths of its sources, samples left out."""
        return [
            path
            for path, analysis in self.analyses.items()
            if analysis.language == language and not is_sample(path, language)
        ]

    def suspicious(self, language: str) -> list[str]:
        """Those of them that the grammar does not like."""
        return [path for path in self.of_language(language) if self.analyses[path].syntax.problems]


def load(material: Material) -> Reading:
    """The texts of a project, as far as the limits go. Nothing is parsed yet."""
    contents: dict[str, bytes] = {}
    total, left_out = 0, 0
    for path, size in material.files.items():
        if not is_written(path, size):
            continue
        if len(contents) >= MOST_SOURCES or total + size > MOST_BYTES:
            left_out += 1
            continue
        try:
            data = (material.root / path).read_bytes()
        except OSError:
            continue
        contents[path] = data
        total += len(data)
    encodings = java_encodings(FilesInMemory(contents))
    files = {
        path: SourceText(path=path, content=data, encoding=encoding)
        for path, data in contents.items()
        if (encoding := encoding_for(path, encodings)) or is_text(data)
    }
    if not left_out:
        return Reading(files=files)
    note = f"{left_out:,} files were not read: the first {len(files):,} reach the limits."
    return Reading(files=files, notes=(note,), limits_hit=("reading",))


async def analysed(reading: Reading, parser: Parser) -> Reading:
    """With the syntax, the structure and the measures of every source."""
    # Whether Node takes a script for a module shows when it is run, not when it is read.
    apart = [one for one in reading.files.values() if is_manifest(one)]
    sources = [one for one in reading.files.values() if not is_manifest(one) and is_known(one)]
    found = (*await parser.analyze(apart), *await parser.analyze(sources))
    analyses = {one.path: one for one in found if one.language}
    return replace(reading, analyses=dict(sorted(analyses.items())))


def is_manifest(file: SourceText) -> bool:
    return PurePosixPath(file.path).name == "package.json"


def is_known(file: SourceText) -> bool:
    return detect_language(file.path, file.data) is not None


async def searched(reading: Reading) -> Reading:
    """With what rules and linters find."""
    files = list(reading.files.values())
    try:
        found = await project_findings(files, list(reading.analyses.values()))
    except LinterFailed as failed:
        return replace(reading, notes=(*reading.notes, f"Findings are incomplete: {failed}."))
    return replace(reading, findings=found)


@dataclass(frozen=True)
class Syntax:
    """Problems that count, those that do not, and who decided for each language."""

    problems: tuple[SyntaxProblem, ...]
    doubts: tuple[SyntaxProblem, ...]
    tiers: dict[str, str]


def decide(
    reading: Reading,
    native: Iterable[FileSyntax],
    complaints: Sequence[SyntaxProblem],
    compilers: Mapping[str, str],
) -> Syntax:
    """The last word on each file: the compiler's, else a native checker's, else the parser's.

    `complaints` are those of compilers that built the project for its tests, `compilers` name them
    by their language.
    """
    problems, doubts = [placed(one, reading) for one in complaints], list[SyntaxProblem]()
    told = {one.path for one in complaints}
    judged = {one.path: one for one in native}
    tiers: dict[str, str] = {}
    for path, analysis in reading.analyses.items():
        checker = judged.get(path)
        tier = checker.tier if checker else analysis.syntax.tier.value
        if analysis.language and tiers.get(analysis.language, BY_GRAMMAR) == BY_GRAMMAR:
            tiers[analysis.language] = tier
        if path in told:
            continue
        if checker is None:
            problems += told_by(path, tier, analysis.syntax.errors)
            doubts += told_by(path, tier, analysis.syntax.doubts)
        else:
            free = is_sample(path, analysis.language or "") or is_left_out(
                path, reading.files[path].data
            )
            (doubts if free else problems).extend(told_by(path, tier, checker.problems))
    tiers |= {name: tier for name, tier in compilers.items() if tiers.get(name) == BY_GRAMMAR}
    return Syntax(tuple(problems), tuple(doubts), tiers)


def placed(problem: SyntaxProblem, reading: Reading) -> SyntaxProblem:
    """A complaint whose column is in its line: compilers count in what they were given."""
    file = reading.files.get(problem.path)
    lines = file.data.split(b"\n") if file else []
    if 0 < problem.line <= len(lines) and problem.column > len(lines[problem.line - 1]) + 1:
        return problem.model_copy(update={"column": 1})
    return problem


def told_by(
    path: str, tier: str, problems: Iterable[ParserProblem | Diagnostic]
) -> list[SyntaxProblem]:
    return [
        SyntaxProblem(
            path=path, line=one.line or 1, column=one.column or 1, message=one.message, tier=tier
        )
        for one in problems
    ]
