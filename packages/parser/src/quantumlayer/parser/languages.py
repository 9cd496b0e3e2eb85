"""The languages, as data: a row here and, for symbols, a query file in `queries/`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from quantumlayer.parser.model import SyntaxTier


@dataclass(frozen=True)
class Language:
    """One language: its grammar, how its files are recognised, and who has the last word.

    `interpreters` are the programs of a first line such as `#!/usr/bin/env bash`. `native` is the
    tier that overrules tree-sitter. `query` names a file in `queries/` without its suffix.
    `any_text`: every text is well formed.
    """

    name: str
    grammar: str
    extensions: tuple[str, ...] = ()
    filenames: tuple[str, ...] = ()
    interpreters: tuple[str, ...] = ()
    native: SyntaxTier | None = None
    query: str | None = None
    any_text: bool = False


_TABLE = (
    Language(
        "python",
        "python",
        extensions=(".py", ".pyi"),
        interpreters=("python",),
        native=SyntaxTier.PYTHON,
        query="python",
    ),
    Language(
        "javascript",
        "javascript",
        extensions=(".js", ".mjs", ".cjs"),
        interpreters=("node",),
        native=SyntaxTier.NODE,
        query="javascript",
    ),
    Language("typescript", "typescript", extensions=(".ts", ".mts", ".cts"), query="typescript"),
    Language("tsx", "tsx", extensions=(".tsx",), query="typescript"),
    Language("json", "json", extensions=(".json", ".webmanifest"), native=SyntaxTier.JSON),
    Language("yaml", "yaml", extensions=(".yaml", ".yml"), native=SyntaxTier.YAML),
    Language("toml", "toml", extensions=(".toml",), native=SyntaxTier.TOML),
    Language("go", "go", extensions=(".go",)),
    Language("java", "java", extensions=(".java",)),
    Language("html", "html", extensions=(".html", ".htm")),
    Language("css", "css", extensions=(".css",)),
    Language(
        "bash",
        "bash",
        extensions=(".sh", ".bash"),
        interpreters=("bash", "sh", "dash"),
        query="bash",
    ),
    Language(
        "dockerfile",
        "dockerfile",
        extensions=(".dockerfile",),
        filenames=("dockerfile", "containerfile"),
    ),
    Language("markdown", "markdown", extensions=(".md", ".markdown"), any_text=True),
)

LANGUAGES: Mapping[str, Language] = {language.name: language for language in _TABLE}
"""Every language by name."""

_BY_EXTENSION = {ext: language for language in _TABLE for ext in language.extensions}
_BY_FILENAME = {name: language for language in _TABLE for name in language.filenames}
_BY_INTERPRETER = {name: language for language in _TABLE for name in language.interpreters}


def detect_language(path: str, content: bytes = b"") -> Language | None:
    """The language of a file, by its name, else by its first line; None when unknown."""
    name = PurePosixPath(path).name.lower()
    return (
        _BY_FILENAME.get(name)
        or _BY_EXTENSION.get(PurePosixPath(name).suffix)
        or _BY_FILENAME.get(name.split(".", 1)[0])
        or _by_first_line(content)
    )


def _by_first_line(content: bytes) -> Language | None:
    if not content.startswith(b"#!"):
        return None
    words = content[2:200].split(b"\n", 1)[0].decode("utf-8", errors="replace").split()
    programs = [PurePosixPath(word).name for word in words if not word.startswith("-")]
    if programs and programs[0] == "env":
        programs = programs[1:]
    return _BY_INTERPRETER.get(programs[0].rstrip("0123456789.")) if programs else None
