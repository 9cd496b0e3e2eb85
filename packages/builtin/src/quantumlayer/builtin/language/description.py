"""The reader: a description, wholly understood or refused with the words that were not."""

from collections.abc import Iterable

from quantumlayer.builtin.language.assembly import assembled
from quantumlayer.builtin.language.building import build
from quantumlayer.builtin.language.notations import statements
from quantumlayer.builtin.language.parsing import NoReading
from quantumlayer.builtin.language.reading import Read, declarations
from quantumlayer.builtin.language.refusal import NotUnderstood, Problem
from quantumlayer.builtin.language.ruling import Ruling
from quantumlayer.builtin.language.said import Title
from quantumlayer.qlayer.requirements import Language, Requirements


def read_description(text: str, language: Language | None = None) -> Requirements:
    """The requirements of the service that a description tells of; raises NotUnderstood."""
    reads = declarations(statements(text))
    draft = build(reads)
    ruling = Ruling(draft)
    problems: list[Problem] = []
    for at, read in enumerate(reads):
        if read.said:
            continue
        trouble = ruling.read(read.statement, at)
        if trouble is not None:
            quoted = text[read.statement.start : read.statement.end]
            problems.append(Problem(quoted, read.statement.start, _why(trouble), ""))
    for read in reads:
        for part in read.said:
            if isinstance(part, Title) and part.words and not draft.title:
                draft.title = text[part.start : part.end]
    if problems or not draft.entities:
        raise NotUnderstood(tuple(problems))

    def quote(at: Iterable[int]) -> str:
        return " … ".join(text[reads[each].statement.start : reads[each].statement.end] for each in at)

    return assembled(draft, ruling.rules, language or Language.PYTHON, quote, ())


def _why(trouble: object) -> str:
    if isinstance(trouble, NoReading):
        return f"at {trouble.at.words if trouble.at else 'end'} {sorted(trouble.at.kinds) if trouble.at else ''} expected {sorted(trouble.expected)[:5]}"
    return f"AMBIGUOUS {trouble}"


__all__ = ["NotUnderstood", "Problem", "Read", "read_description"]
