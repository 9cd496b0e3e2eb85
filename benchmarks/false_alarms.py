"""How often each rule speaks of good code: whole packages that many people rely on.

    python -m benchmarks.false_alarms                    counts, beside what is on record
    python -m benchmarks.false_alarms --read RULE …      alarms of the last count, for a reader
    python -m benchmarks.false_alarms --write            puts the counts into `precision.toml`

The packages and their versions stand in `precision.toml` of the parser; they are fetched once by
the registries' own clients, without running anything of them. What was read by hand (`read`,
`wrong`) stands there too, and only a reader changes it.
"""

import argparse
import asyncio
import json
import random
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from benchmarks.figures import Figure, report
from quantumlayer.parser import (
    Finding,
    Parser,
    Severity,
    SourceText,
    detect_language,
    project_files,
)
from quantumlayer.parser.discovery import is_text, is_written
from quantumlayer.parser.lint_secrets import RULE as SECRET
from quantumlayer.parser.precision import MOST_WRONG, Measured, measured, record
from quantumlayer.parser.project import found_in_project
from quantumlayer.parser.rules import rules

CACHE = Path(".quantumlayer/good-code")
ALARMS = Path(".quantumlayer/bench/false_alarms.alarms.json")
SYNTAX = "syntax"
SHOWN = 20
REQUIRED = re.compile(r"^Requires-Dist: *([\w.-]+)", re.MULTILINE)


class Alarm(NamedTuple):
    """A grave finding in good code, and the line that it speaks of."""

    rule: str
    path: str
    line: int
    shown: str


class Count(NamedTuple):
    """Files by language, and every grave alarm in them."""

    files: Counter[str]
    alarms: list[Alarm]


def fetched(cache: Path) -> Iterator[Path]:
    """The folder of each package of the record, fetched where it is not there yet."""
    fetch: Mapping[str, Callable[[str, Path], None]] = {
        "pypi": from_pypi,
        "npm": from_npm,
        "go": from_go,
        "maven": from_maven,
    }
    for ecosystem, packages in record()["corpus"].items():
        for package in packages:
            folder = cache / ecosystem / re.sub(r"[/:]", "+", package)
            if not folder.is_dir():
                partial = folder.with_name(folder.name + ".partial")
                shutil.rmtree(partial, ignore_errors=True)
                partial.mkdir(parents=True)
                fetch[ecosystem](package, partial)
                partial.rename(folder)
            yield folder


def run(*command: str, cwd: Path) -> str:
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, timeout=1_800
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:3])}: {done.stderr[-500:]}")
    return done.stdout


def from_pypi(package: str, folder: Path) -> None:
    """A wheel, unpacked; what it requires is written where a project would declare it."""
    flags = ("--no-deps", "--only-binary", ":all:", "--quiet", "--target", ".")
    run("uv", "pip", "install", *flags, package, cwd=folder)
    for told in folder.glob("*.dist-info/METADATA"):
        names = REQUIRED.findall(told.read_text("utf-8", errors="replace"))
        (folder / "requirements.txt").write_text("\n".join(sorted(set(names))) + "\n")


def from_npm(package: str, folder: Path) -> None:
    """A package as it is published."""
    name = run("npm", "pack", "--silent", "--ignore-scripts", package, cwd=folder).strip()
    run("tar", "xzf", name, "--strip-components=1", cwd=folder)
    (folder / name).unlink()


def from_go(package: str, folder: Path) -> None:
    """A module's sources from the module proxy."""
    (folder / "go.mod").write_text("module corpus\n")
    told = json.loads(run("go", "mod", "download", "-json", package, cwd=folder))
    (folder / "go.mod").unlink()
    shutil.copytree(told["Dir"], folder / "module", copy_function=shutil.copyfile)


def from_maven(package: str, folder: Path) -> None:
    """The jar of sources of an artifact."""
    flags = ("-q", "-B", "dependency:copy", "-DoutputDirectory=.")
    run("mvn", *flags, f"-Dartifact={package}:jar:sources", cwd=folder)
    for jar in folder.glob("*.jar"):
        with zipfile.ZipFile(jar) as archive:
            archive.extractall(folder)
        jar.unlink()


def sources(folder: Path) -> list[SourceText]:
    """What `check` would read of a package; its own metadata are no work of its authors."""
    return [
        SourceText(path=found.path, content=content)
        for found in project_files(folder)
        if ".dist-info/" not in found.path
        and is_written(found.path, found.place.stat().st_size)
        and is_text(content := found.place.read_bytes())
    ]


async def counted(folders: Sequence[Path]) -> Count:
    """Every package is a project: linters, rules, imports and secrets as `check` asks for them."""
    files: Counter[str] = Counter()
    alarms: list[Alarm] = []
    async with Parser() as parser:
        for folder in folders:
            print(folder.name, file=sys.stderr)
            texts = sources(folder)
            known = [one for one in texts if detect_language(one.path, one.data)]
            analyses = await parser.analyze(known)
            files[""] += len(texts)
            files.update(one.language for one in analyses if one.language)
            contents = {one.path: one for one in texts}
            problems = [
                (SYNTAX, analysis.path, problem.line)
                for analysis in analyses
                for problem in analysis.syntax.errors
            ]
            found = await found_in_project(texts, analyses, time_limit_seconds=600)
            problems += [(one.rule, one.path, one.line) for one in found if is_grave(one)]
            alarms += [
                Alarm(rule, f"{folder.name}/{path}", line, shown(contents[path], line))
                for rule, path, line in problems
            ]
    return Count(files, alarms)


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
    imports = sum(count.files[name] for name in ("python", "javascript", "typescript", "go"))
    by_rule["import-resolves-to-nothing"] = imports
    linted = {one.rule for one in count.alarms} | measured().keys()
    return by_rule | {name: count.files["python"] for name in linted if name[:1].isupper()}


def written(count: Count) -> str:
    """The rows of the record with new counts; what somebody read stays as it is."""
    alarms = Counter(one.rule for one in count.alarms)
    rows = []
    for name, files in sorted(looked_at(count).items()):
        known = measured().get(name, Measured(name, 0, 0))
        rows.append(
            f'[[rule]]\nid = "{name}"\nfiles = {files}\nalarms = {alarms[name]}\n'
            f"read = {known.read}\nwrong = {known.wrong}\n"
        )
    return "\n".join(rows)


def keep(count: Count) -> None:
    """Write the counts behind the list of packages in `precision.toml`."""
    place = Path(str(resources.files("quantumlayer.parser").joinpath("precision.toml")))
    head, _, _ = place.read_text("utf-8").partition("[[rule]]")
    by_authority = [row for row in record()["rule"] if "authority" in row]
    told = "".join(
        f'[[rule]]\nid = "{row["id"]}"\nauthority = "{row["authority"]}"\n\n'
        for row in by_authority
    )
    place.write_text(head + told + written(count))


def figures(count: Count) -> list[Figure]:
    """Of the rules that may block; and whether the record still says what is counted."""
    files = sum(number for name, number in count.files.items() if name)
    alarms = Counter(one.rule for one in count.alarms)
    looked = looked_at(count)
    blocking = [row for row in measured().values() if row.may_block and not row.authority]
    # What was read is known to be right; what came since then is not.
    wrong = {row.id: max(alarms[row.id] - (row.read - row.wrong), 0) for row in blocking}
    worst = max((1_000 * wrong[row.id] / (looked.get(row.id) or 1) for row in blocking), default=0)
    unlike = [
        name
        for name, total in looked.items()
        if name not in measured()
        or (measured()[name].alarms, measured()[name].files) != (alarms[name], total)
    ]
    return [
        Figure("Good files", files, "files", aim=5_000, at_most=False),
        Figure(
            "Packages",
            sum(map(len, record()["corpus"].values())),
            "packages",
            aim=30,
            at_most=False,
        ),
        Figure("Rules that may block", len(blocking), "rules"),
        Figure("Wrong of one that may block, a thousand files", worst, "alarms", aim=MOST_WRONG),
        Figure(
            "Wrong of all that may block, a thousand files",
            1_000 * sum(wrong.values()) / files,
            "alarms",
            aim=2,
        ),
        Figure("Rules of which the record says something else", len(unlike), "rules", aim=0),
    ]


def read(alarms: Sequence[Alarm], rule: str) -> None:
    """Alarms of one rule, chosen by chance but always the same, for somebody to judge."""
    chosen = sorted(one for one in alarms if one.rule == rule)
    random.Random(9).shuffle(chosen)  # noqa: S311 - the same ones each time
    print(f"{len(chosen)} alarms of {rule}")
    for one in chosen[:SHOWN]:
        print(f"{one.path}:{one.line}\n    {one.shown}")


def main() -> None:
    """Counts; see the module."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--corpus", type=Path, default=CACHE)
    options.add_argument("--read", metavar="RULE", nargs="+")
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    if given.read:
        kept = [Alarm(*row) for row in json.loads(ALARMS.read_text("utf-8"))]
        for rule in given.read:
            read(kept, rule)
        return
    count = asyncio.run(counted(list(fetched(given.corpus))))
    ALARMS.parent.mkdir(parents=True, exist_ok=True)
    ALARMS.write_text(json.dumps(count.alarms, ensure_ascii=False))
    if given.write:
        keep(count)
    else:
        by_rule: dict[str, int] = defaultdict(int)
        for one in count.alarms:
            by_rule[one.rule] += 1
        for rule, number in sorted(by_rule.items()):
            print(f"{number:>6}  {rule}", file=sys.stderr)
        report("false_alarms", figures(count))


if __name__ == "__main__":
    main()
