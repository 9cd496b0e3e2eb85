"""Why a statement was not understood, said with its exact words and the nearest that are known."""

from difflib import get_close_matches

from quantumlayer.builtin.language.constructs import nearest_example
from quantumlayer.builtin.language.notations import Statement
from quantumlayer.builtin.language.nouns import Outcomes
from quantumlayer.builtin.language.parsing import NoReading
from quantumlayer.builtin.language.printing import rule_line
from quantumlayer.builtin.language.reading import Read
from quantumlayer.builtin.language.refusal import Problem, problem_at
from quantumlayer.builtin.language.said import Said
from quantumlayer.builtin.language.tokens import Names


def explained(
    text: str, said: Statement, trouble: NoReading | tuple[Outcomes, ...], names: Names
) -> Problem:
    """One problem of a statement that was read neither as a declaration nor as a rule."""
    quoted = text[said.start : said.end]
    if isinstance(trouble, tuple):
        ways = " or ".join(f"“{'; '.join(_line(each) for each in way)}”" for way in trouble[:2])
        return problem_at(
            text, said.start, quoted, f"this can be read as {ways}", "name the entity"
        )
    example = nearest_example(quoted)
    if trouble.at is None:
        reason = "these words are known, but do not go together so"
        return problem_at(text, said.start, quoted, reason, f"for example “{example}”")
    word = text[trouble.at.start : trouble.at.end]
    if "UNKNOWN" not in trouble.at.kinds:
        reason = f"“{word}” does not fit here"
        return problem_at(text, said.start, quoted, reason, f"for example “{example}”")
    known = get_close_matches(word.lower(), names.phrases(), n=1, cutoff=0.75)
    nearest = f"did you mean “{known[0]}”?" if known else f"for example “{example}”"
    return problem_at(text, said.start, quoted, f"“{word}” is not known", nearest)


def unclear_declaration(text: str, read: Read) -> Problem:
    """A declaration that has several meanings."""
    quoted = text[read.statement.start : read.statement.end]
    ways = " or ".join(f"“{_said(said)}”" for said in read.readings[:2])
    return problem_at(
        text,
        read.statement.start,
        quoted,
        f"this can be read as {ways}",
        "use parentheses: rooms (name, capacity)",
    )


def _said(said: Said) -> str:
    parts = []
    for part in said:
        fields = [" ".join(each.words) for each in getattr(part, "fields", ())]
        linked = [" ".join(each.words) for each in getattr(part, "links", ())]
        name = " ".join(getattr(part, "words", ("relation",)))
        parts.append(f"{name}: {', '.join((*linked, *fields))}" if fields or linked else name)
    return "; ".join(parts)[:200]


def _line(outcome: object) -> str:
    return rule_line(outcome) or str(getattr(outcome, "spec", outcome))[:60]
