"""Which syntax problems count: not those of samples, templates and dialects.

A correct project must not fail for a broken sample that its tests read, a settings file with
comments, or a page with placeholders. What does not count becomes a finding of low severity.
"""

import json
import re
from pathlib import PurePosixPath

from quantumlayer.parser import FileAnalysis, SourceText

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
# Grammars of programming languages that know all that is written in them.
SURE_GRAMMARS = frozenset({"typescript", "tsx", "go", "java", "rust"})
BY_GRAMMAR = "tree-sitter"
JSON_COMMENT = re.compile(r'("(?:\\.|[^"\\\n])*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
TRAILING_COMMA = re.compile(r'("(?:\\.|[^"\\\n])*")|,(?=\s*[\]}])', re.DOTALL)


def counts(file: SourceText, analysis: FileAnalysis) -> bool:
    """Whether the problem that `analysis` names is one of the project's own sources, for sure."""
    tier = analysis.syntax.tier.value
    if tier == "stopped" or is_sample(file.path, analysis.language or ""):
        return False
    if analysis.language in DATA:
        return data_counts(file, analysis.language or "")
    declares = file.path.endswith((".d.ts", ".d.mts", ".d.cts"))
    if tier == BY_GRAMMAR and (analysis.language not in SURE_GRAMMARS or declares):
        return False
    return TEMPLATED.search(file.data) is None


def data_counts(file: SourceText, language: str) -> bool:
    """Whether data that cannot be read is meant to be read by everybody."""
    if not PurePosixPath(file.path).suffix:
        # Taken for data by how it begins.
        return False
    if language == "json":
        return not is_lenient_json(file.data)
    return language != "yaml" or PLACEHOLDER.search(file.data) is None


def is_sample(path: str, language: str) -> bool:
    """Whether a file is there to be read: a sample, a template, data of tests."""
    parts = PurePosixPath(path).parts
    folders = {part.lower() for part in parts[:-1]}
    if "{{" in path or "{%" in path or not SAMPLE_FOLDERS.isdisjoint(folders):
        return True
    if TEST_FOLDERS.isdisjoint(folders):
        return False
    return language in DATA or not TEST_DATA_FOLDERS.isdisjoint(folders)


def is_lenient_json(data: bytes) -> bool:
    """JSON as many tools read it: comments, commas at ends, a line for each value, or nothing."""
    text = data.decode("utf-8-sig", errors="replace")
    plain = JSON_COMMENT.sub(lambda found: found[1] or " ", text)
    plain = TRAILING_COMMA.sub(lambda found: found[1] or "", plain)
    return (
        not plain.strip() or reads(plain) or all(map(reads, filter(str.strip, plain.split("\n"))))
    )


def reads(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
