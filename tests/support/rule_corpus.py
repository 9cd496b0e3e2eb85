"""Snippets that must be found and snippets that must not, and a way to look at them."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from quantumlayer.parser import LANGUAGES, Finding
from quantumlayer.parser import tree as trees
from quantumlayer.parser.rules import check

CORPUS = Path(__file__).parents[1] / "packages" / "parser" / "rules" / "corpus"


@dataclass(frozen=True)
class Snippet:
    """One file of the corpus; `vulnerable` when `rule` is expected in it."""

    name: str
    language: str
    rule: str
    vulnerable: bool
    content: str


def snippets() -> Iterator[Snippet]:
    """Every snippet, a vulnerable one followed by the safe one of its pair."""
    for file in sorted(CORPUS.glob("*/*.toml")):
        given = tomllib.loads(file.read_text("utf-8"))
        for number, pair in enumerate(given["pair"]):
            language = pair.get("language", file.stem)
            for kind in ("vulnerable", "safe"):
                yield Snippet(
                    name=f"{file.parent.name}-{file.stem}-{number}-{kind}",
                    language=language,
                    rule=pair["rule"],
                    vulnerable=kind == "vulnerable",
                    content=pair[kind].lstrip("\n"),
                )


def findings(language: str, content: str, path: str = "") -> tuple[Finding, ...]:
    """What the rules say of one text; its name has the language's own ending."""
    data = content.encode()
    tree = trees.parse(language, data)
    if tree.root_node.has_error:
        raise ValueError(f"not well formed {language}: {content}")
    return check(language, path or f"src/{file_name(language)}", data, tree)


def file_name(language: str) -> str:
    """A name that is recognised as a file of the language."""
    row = LANGUAGES[language]
    return f"shop{row.extensions[0]}" if row.extensions else row.filenames[0]
