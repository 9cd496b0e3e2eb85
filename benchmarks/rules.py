"""Security rules: what they find and what they cost, beside bandit, ruff and njsscan.

The corpus of the tests: vulnerable snippets and the same work done safely. Ours must name the
weakness that was meant; the others need only say anything of the file, and what they say of mere
imports is not held against them. Then the time over installed packages, in CPU seconds of one run:
the bare parse, the rules on the same trees, and bandit on the same files.
"""

import json
import resource
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, report
from quantumlayer.parser import tree
from quantumlayer.parser.rules import check
from quantumlayer.parser.rules.catalogue import plan
from tests.support.rule_corpus import Snippet, file_name, findings, snippets

LINES = 200_000
PYTHON = frozenset({"python"})
SCRIPT = frozenset({"javascript", "typescript", "tsx"})
_BIN = Path(sysconfig.get_path("scripts"))


@dataclass(frozen=True)
class Score:
    """Of the vulnerable snippets, those that were found; of the safe ones, those that were not."""

    recall: float
    false_alarms: float


def score(chosen: Iterable[Snippet], found: Callable[[Snippet], bool]) -> Score:
    """In percent."""
    bad = [found(one) for one in chosen if one.vulnerable]
    good = [found(one) for one in chosen if not one.vulnerable]
    return Score(100 * sum(bad) / len(bad), 100 * sum(good) / len(good))


def ours(snippet: Snippet) -> bool:
    """Whether the weakness is named, or anything is said of a safe snippet."""
    rules = {one.rule for one in findings(snippet.language, snippet.content)}
    return snippet.rule in rules if snippet.vulnerable else bool(rules)


def _write(root: Path, chosen: Iterable[Snippet]) -> None:
    for one in chosen:
        folder = root / one.name
        folder.mkdir()
        (folder / file_name(one.language)).write_text(one.content)


def _output(*command: str, cwd: Path) -> str:
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, timeout=1_800
    )
    if not done.stdout.strip():
        raise RuntimeError(f"{command[0]} said nothing: {done.stderr[-500:]}")
    return done.stdout


def _isolated(tool: str, *arguments: str) -> tuple[str, ...]:
    flags = ("run", "--quiet", "--isolated", "--no-project", "--with", tool)
    return (str(_BIN / "uv"), *flags, *arguments)


def bandit(root: Path) -> set[str]:
    """Folders of which bandit says something, imports aside."""
    given = json.loads(
        _output(*_isolated("bandit", "bandit", "-q", "-r", "-f", "json", "."), cwd=root)
    )
    rows = (one for one in given["results"] if not one["test_id"].startswith("B4"))
    return {Path(one["filename"]).parts[0] for one in rows}


def ruff(root: Path) -> set[str]:
    """Folders of which ruff's security rules say something, imports aside."""
    flags = ("check", "--isolated", "--no-cache", "--exit-zero", "--output-format", "json")
    select = ("--select", "S", "--ignore", "S4,S101")
    rows = json.loads(_output(str(_BIN / "ruff"), *flags, *select, ".", cwd=root))
    return {Path(one["filename"]).relative_to(root.resolve()).parts[0] for one in rows}


def njsscan(root: Path) -> set[str]:
    """Folders of which njsscan says something; missing headers and limits of a site aside."""
    given = json.loads(_output(*_isolated("njsscan", "njsscan", "--json", "."), cwd=root))
    sections: list[dict[str, Any]] = [given.get("nodejs", {}), given.get("templates", {})]
    return {
        Path(file["file_path"]).parts[0]
        for section in sections
        for row in section.values()
        for file in row.get("files", [])
    }


def beside(
    name: str, chosen: list[Snippet], scan: Callable[[Path], set[str]], languages: str
) -> list[Figure]:
    """The figures of another scanner on the same snippets."""
    with tempfile.TemporaryDirectory(prefix="ql-bench-") as folder:
        root = Path(folder).resolve()
        _write(root, chosen)
        try:
            said = scan(root)
        except (OSError, ValueError, RuntimeError, subprocess.TimeoutExpired) as error:
            print(f"{name} is left out: {error}", file=sys.stderr)
            return []
    got = score(chosen, lambda one: one.name in said)
    return [
        Figure(f"Recall on {languages}, {name}", got.recall, "%"),
        Figure(f"False alarms on {languages}, {name}", got.false_alarms, "%"),
    ]


def _installed() -> list[Path]:
    """Python files of installed packages, LINES of them."""
    chosen, lines = [], 0
    for path in sorted(Path(sysconfig.get_path("purelib")).rglob("*.py")):
        count = path.read_bytes().count(b"\n")
        if count < 20_000:
            chosen.append(path)
            lines += count
        if lines > LINES:
            break
    return chosen


def speed() -> list[Figure]:
    """What the rules cost beside the bare parse and beside bandit."""
    paths = _installed()
    sources = [(str(path), path.read_bytes()) for path in paths]
    lines = sum(data.count(b"\n") for _, data in sources)
    plan("python")  # once a worker's life
    begun = time.process_time()
    trees = [tree.parse("python", data) for _, data in sources]
    parse = time.process_time() - begun
    begun = time.process_time()
    count = sum(
        len(check("python", path, data, parsed))
        for (path, data), parsed in zip(sources, trees, strict=True)
    )
    rules = time.process_time() - begun
    print(f"{len(paths)} files, {lines} lines, {count} findings", file=sys.stderr)
    figures = [
        Figure("Lines of Python", lines, "lines"),
        Figure("Bare parse", parse, "s"),
        Figure("Rules on the same trees", rules, "s"),
        Figure("Parse and rules beside the bare parse", (parse + rules) / parse, "times", aim=1.5),
    ]
    begun = _children()
    try:
        with tempfile.TemporaryDirectory(prefix="ql-bench-") as folder:
            listed = [str(path) for path in paths]
            flags = ("bandit", "-q", "-f", "json", "--exit-zero")
            _output(*_isolated("bandit", *flags, *listed), cwd=Path(folder))
    except (OSError, ValueError, RuntimeError, subprocess.TimeoutExpired) as error:
        print(f"bandit is left out: {error}", file=sys.stderr)
        return figures
    other = _children() - begun
    return [
        *figures,
        Figure("bandit on the same files", other, "s"),
        Figure(
            "bandit beside parse and rules", other / (parse + rules), "times", aim=10, at_most=False
        ),
    ]


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Prints and writes the figures."""
    everything = list(snippets())
    python = [one for one in everything if one.language in PYTHON]
    script = [one for one in everything if one.language in SCRIPT]
    whole, on_python, on_script = (score(some, ours) for some in (everything, python, script))
    report(
        "rules",
        [
            Figure("Snippets", len(everything), "files", aim=200, at_most=False),
            Figure("Recall", whole.recall, "%", aim=95, at_most=False),
            Figure("False alarms", whole.false_alarms, "%", aim=2),
            Figure("Recall on Python", on_python.recall, "%"),
            Figure("False alarms on Python", on_python.false_alarms, "%"),
            *beside("bandit", python, bandit, "Python"),
            *beside("ruff", python, ruff, "Python"),
            Figure("Recall on JavaScript", on_script.recall, "%"),
            Figure("False alarms on JavaScript", on_script.false_alarms, "%"),
            *beside("njsscan", script, njsscan, "JavaScript"),
            *speed(),
        ],
    )


if __name__ == "__main__":
    main()
