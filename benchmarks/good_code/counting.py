"""What rules and checkers say gravely of good code."""

import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from quantumlayer.core.caches import cache_folder
from quantumlayer.parser import (
    FileAnalysis,
    Finding,
    Parser,
    Severity,
    SourceText,
    detect_language,
    project_files,
)
from quantumlayer.parser.discovery import is_text, is_written
from quantumlayer.parser.lint_secrets import RULE as SECRET
from quantumlayer.parser.precision import measured
from quantumlayer.parser.project import found_in_project
from quantumlayer.parser.rules import rules
from quantumlayer.qlayer.checking.native import COMPILED, EARLY, asked
from quantumlayer.qlayer.checking.reading import Reading, decide
from quantumlayer.qtest import Limits, check_syntax

SYNTAX = "syntax"
# What `import-resolves-to-nothing` reads.
WITH_IMPORTS = ("python", "javascript", "typescript", "go")
LIMITS = Limits(wall_seconds=600.0, cpu_seconds=1_200, open_files=4096)
SECONDS = 600.0


class Alarm(NamedTuple):
    """A grave finding in good code, and the line that it speaks of."""

    rule: str
    path: str
    line: int
    shown: str


class Count(NamedTuple):
    """Files by language (`""`: all), how many of these a checker judged, and grave alarms."""

    files: Counter[str]
    judged: Counter[str]
    alarms: list[Alarm]


async def counted(folders: Sequence[Path]) -> Count:
    """Every package is a project: syntax, linters, rules, imports and secrets as `check` asks."""
    count = Count(Counter(), Counter(), [])
    async with Parser() as parser:
        for folder in folders:
            print(folder.name, file=sys.stderr)
            await add(count, folder, parser)
    return count


async def add(count: Count, folder: Path, parser: Parser) -> None:
    """Count what is said of one package."""
    texts = sources(folder)
    contents = {one.path: one for one in texts}
    analyses = await parser.analyze([one for one in texts if detect_language(one.path, one.data)])
    count.files[""] += len(texts)
    count.files.update(one.language for one in analyses if one.language)
    problems = await malformed(count, folder, contents, analyses)
    found = await found_in_project(texts, analyses, time_limit_seconds=SECONDS)
    problems += [(one.rule, one.path, one.line) for one in found if is_grave(one)]
    count.alarms.extend(
        Alarm(rule, f"{folder.name}/{path}", line, shown(contents[path], line))
        for rule, path, line in problems
    )


async def malformed(
    count: Count, folder: Path, contents: dict[str, SourceText], analyses: Sequence[FileAnalysis]
) -> list[tuple[str, str, int]]:
    """What is told to be no syntax; the languages' own checkers have the last word, as in check."""
    read = Reading(files=contents, analyses={one.path: one for one in analyses if one.language})
    wanted = {name: paths for name in (*EARLY, *COMPILED) if (paths := asked(read, name))}
    native = await check_syntax(folder, wanted, cache=cache_folder(), limits=LIMITS)
    judged = {one.path for one in native}
    count.judged.update(name for name, paths in wanted.items() for one in paths if one in judged)
    return [(SYNTAX, one.path, one.line) for one in decide(read, native, (), {}).problems]


def sources(folder: Path) -> list[SourceText]:
    """What `check` would read of a package; its own metadata are no work of its authors."""
    return [
        SourceText(path=found.path, content=content)
        for found in project_files(folder)
        if ".dist-info/" not in found.path
        and is_written(found.path, found.place.stat().st_size)
        and is_text(content := found.place.read_bytes())
    ]


def is_grave(finding: Finding) -> bool:
    return finding.severity is Severity.HIGH


def shown(file: SourceText, line: int) -> str:
    lines = file.utf8.decode("utf-8", errors="replace").split("\n")
    return lines[line - 1].strip()[:160] if line <= len(lines) else ""


def looked_at(count: Count) -> dict[str, int]:
    """Rule → how many files of its languages there were, for each rule that can be grave."""
    by_rule = {
        rule.id: sum(count.files[name] for name in rule.languages)
        for rule in rules()
        if rule.severity is Severity.HIGH
    }
    by_rule[SYNTAX] = sum(number for name, number in count.files.items() if name)
    by_rule[SECRET] = count.files[""]
    by_rule["import-resolves-to-nothing"] = sum(count.files[name] for name in WITH_IMPORTS)
    linted = {one.rule for one in count.alarms} | measured().keys()
    return by_rule | {name: count.files["python"] for name in linted if name[:1].isupper()}
