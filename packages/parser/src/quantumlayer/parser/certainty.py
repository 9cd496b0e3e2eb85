"""How sure a syntax problem is: the one place that decides it, for whoever asks.

A correct project must not fail for a broken sample that its tests read, a settings file with
comments, a page with placeholders, or a grammar that knows less than its language. What is not sure
is a doubt: told, and of low weight.
"""

import json
import re
from pathlib import PurePosixPath

from quantumlayer.manifests import is_ignored_by_go
from quantumlayer.parser.model import SyntaxProblem, SyntaxReport, SyntaxTier

# Folders whose files are read by tests or tools rather than run.
SAMPLE_FOLDERS = frozenset({
    "fixtures", "fixture", "__fixtures__", "testdata", "test_data", "test-data", "snapshots",
    "__snapshots__", "golden", "goldens", "corpus", "samples", "cassettes", "vendor",
    "third_party", "third-party", "thirdparty", "templates", "template", "_templates", "skeleton",
    "invalid", "broken", "bad", "malformed", "errors", "fuzz",
})  # fmt: skip
TEST_FOLDERS = frozenset({"test", "tests", "__tests__", "spec", "specs", "testing", "e2e"})
TEST_DATA_FOLDERS = frozenset({"data", "resources", "assets", "files", "input", "inputs", "cases"})
DATA = frozenset({"json", "yaml", "toml"})
PLACEHOLDER = re.compile(rb"\{\{|\{%|<%|\$\{\{|%%\w+%%|@@\w+@@")
# What templates of programs hold, and programs hardly.
TEMPLATED = re.compile(
    rb"\{\{-?\s*(?:define|template|block|if|range|with|end|cookiecutter|\.\w|\$\w)"
    rb"|\{%-?\s*\w+[^\n]*%\}|<%[=-]?\s"
)
JSON_COMMENT = re.compile(r'("(?:\\.|[^"\\\n])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
TRAILING_COMMA = re.compile(r'("(?:\\.|[^"\\\n])*")|,(?=\s*[\]}])', re.DOTALL)


def judged(
    path: str,
    language: str,
    data: bytes,
    tier: SyntaxTier,
    problems: tuple[SyntaxProblem, ...],
) -> SyntaxReport:
    """The report on a file of which `tier` names `problems`: errors when it is sure, else doubts.

    `path` counts from the root of the project: the names of its folders tell what is a sample.
    """
    if problems and not is_sure(path, language, data, tier):
        return SyntaxReport(tier=tier, doubts=problems)
    return SyntaxReport(tier=tier, errors=problems)


def is_sure(path: str, language: str, data: bytes, tier: SyntaxTier) -> bool:
    """Whether a problem that `tier` names is one of the project's own sources, for sure."""
    if tier is SyntaxTier.STOPPED or is_sample(path, language) or is_left_out(path, data):
        return False
    if language in DATA:
        return _data_is_sure(path, data, language)
    # Grammars are behind their languages: of 1,000 good files of Go they refuse 13.
    return tier is not SyntaxTier.TREE_SITTER and TEMPLATED.search(data) is None


def is_sample(path: str, language: str) -> bool:
    """Whether a file is there to be read: a sample, a template, data of tests."""
    parts = PurePosixPath(path).parts
    folders = {part.lower() for part in parts[:-1]}
    if "{{" in path or "{%" in path or not SAMPLE_FOLDERS.isdisjoint(folders):
        return True
    if TEST_FOLDERS.isdisjoint(folders):
        return False
    return language in DATA or not TEST_DATA_FOLDERS.isdisjoint(folders)


def is_left_out(path: str, data: bytes) -> bool:
    """Whether the language's own tools do not look at a file, so that it may hold anything."""
    return path.endswith(".go") and is_ignored_by_go(path, data.decode("utf-8", errors="replace"))


def is_lenient_json(data: bytes) -> bool:
    """JSON as many tools read it: comments, commas at ends, a line for each value, or nothing."""
    text = data.decode("utf-8-sig", errors="replace")
    plain = JSON_COMMENT.sub(lambda found: found[1] or " ", text)
    plain = TRAILING_COMMA.sub(lambda found: found[1] or "", plain)
    return (
        not plain.strip() or _reads(plain) or all(map(_reads, filter(str.strip, plain.split("\n"))))
    )


def _data_is_sure(path: str, data: bytes, language: str) -> bool:
    """Whether data that cannot be read is meant to be read by everybody."""
    if not PurePosixPath(path).suffix:
        # Taken for data by how it begins.
        return False
    if language == "json":
        return not is_lenient_json(data)
    return language != "yaml" or PLACEHOLDER.search(data) is None


def _reads(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
