"""The page that says what can be told of each language: `docs/languages.md`."""

import sys

from quantumlayer.parser.capabilities import capabilities, rule_count
from quantumlayer.parser.language import Language
from quantumlayer.parser.languages import LANGUAGES

_HEADING = """\
# Languages

Made by `python -m quantumlayer.parser.languages_page` from the table of languages
(`language_table.py`) and the query files (`queries/`): change those, then write this page again.

*Syntax*: problems with their place; the name is of the parser that has the last word where it is
there (SQLite only where the grammar refuses). *Symbols*: functions, classes and so on with spans,
parameters and documentation. *Imports*: what is brought in. *Calls*: names that are called.
*Complexity*: cyclomatic, cognitive, nesting.
*Rules*: how many security rules look at it.
Lines of code, comments, duplication and quality are measured for every language.

To add a language: a row in the table; a query file whose captures say what its nodes are
(`structure/captures.py` lists them, `metrics/complexity.py` says what each costs; start from that
of a language like it); a folder `tests/packages/parser/samples/<language>/` with one source that
has the function `classify` of the others, and an `expected.json`. Then write this page again.

"""


def languages_page() -> str:
    """The text of `docs/languages.md`."""
    columns = (
        "language",
        "recognised by",
        "syntax",
        "symbols",
        "imports",
        "calls",
        "complexity",
        "rules",
    )
    rows = [columns, tuple("---" for _ in columns)]
    rows += [_row(language) for language in LANGUAGES.values()]
    able = [capabilities(name) for name in LANGUAGES]
    counts = (
        f"{len(able)} languages with syntax, {sum(one.symbols for one in able)} with symbols, "
        f"{sum(one.complexity for one in able)} with complexity.\n\n"
    )
    table = "".join("| " + " | ".join(row) + " |\n" for row in rows)
    return _HEADING + counts + table


def _row(language: Language) -> tuple[str, ...]:
    names = " ".join(f"`{name}`" for name in (*language.extensions, *language.filenames))
    syntax = language.native.value if language.native else "tree-sitter"
    return (
        language.name,
        names,
        "any text" if language.any_text else syntax,
        *("✓" if able else "" for able in capabilities(language.name)),
        str(rule_count(language.name) or ""),
    )


if __name__ == "__main__":
    sys.stdout.write(languages_page())
