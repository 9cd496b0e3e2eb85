"""Why a statement was not understood, said with its exact words and the nearest that are known."""

from difflib import get_close_matches

from quantumlayer.builtin.language.asking import asked_by
from quantumlayer.builtin.language.constructs import nearest_example
from quantumlayer.builtin.language.parsing import NoReading
from quantumlayer.builtin.language.printing import rule_line
from quantumlayer.builtin.language.reading import Read
from quantumlayer.builtin.language.refusal import Problem, problem_at
from quantumlayer.builtin.language.said import Relation, Said
from quantumlayer.builtin.language.spoken import Bound, Outcomes
from quantumlayer.builtin.language.tokens import Lexeme, Names
from quantumlayer.builtin.language.words import many, singular

_OF_RULES = frozenset(
    ("CAN", "CANNOT", "MUST", "ONLY", "NO", "AT_MOST", "AT_LEAST", "PER", "ONCE_IT", "THERE")
)


def explained(
    text: str, read: Read, trouble: NoReading | tuple[Outcomes, ...], names: Names
) -> Problem:
    """One problem of a statement that was read neither as a declaration nor as a rule."""
    said = read.statement
    quoted = text[said.start : said.end]
    if isinstance(trouble, tuple):
        ways = " or ".join(f"“{'; '.join(_line(each) for each in way)}”" for way in trouble[:2])
        return problem_at(
            text, said.start, quoted, f"this can be read as {ways}", "name the entity"
        )
    spoken = [(raw.text.lower(), raw) for raw in said.raws if not names.of(raw.atoms)]
    asked = asked_by(word for word, _ in spoken)
    if asked is not None:
        word = next(raw.text for each, raw in spoken if each == asked[0])
        return problem_at(
            text, said.start, quoted, f"“{word}”: {asked[1].reason}", asked[1].instead
        )
    if read.missing:
        missing = " ".join(read.missing)
        reason = f"“{missing}” is declared nowhere, and no word tells what it is"
        instead = f"say what is kept of it, as in “{' '.join(many(read.missing))} have a name”"
        return problem_at(text, said.start, quoted, reason, instead)
    at = _furthest(text, read, trouble, names)
    return problem_at(text, said.start, quoted, *_reason(text, quoted, at, names))


def _reason(text: str, quoted: str, at: Lexeme | None, names: Names) -> tuple[str, str]:
    example = nearest_example(quoted)
    instead = f"for example “{example}”" if example else ""
    if at is None:
        return "these words are known, but do not go together so", instead
    word = text[at.start : at.end]
    if "UNKNOWN" not in at.kinds:
        return f"“{word}” does not fit here", instead
    near = nearest(word.lower(), names)
    return f"“{word}” is not known", f"did you mean “{near}”?" if near else instead


def nearest(word: str, names: Names) -> str | None:
    """A declared name of nearly the same letters; one that differs in number only is none."""
    declared = [
        each for each in names.phrases() if each[0] == word[0] and singular(each) != singular(word)
    ]
    found = get_close_matches(word, declared, n=1, cutoff=0.8)
    return found[0] if found else None


def _furthest(text: str, read: Read, trouble: NoReading, names: Names) -> Lexeme | None:
    """Where the reading that came furthest stopped: a declaration's, or a rule's."""
    said, ruled = read.trouble, trouble.at
    if read.formed and ruled is not None and "UNKNOWN" in ruled.kinds:
        return None
    if said is None or said.at is None or ruled is None or "UNKNOWN" not in ruled.kinds:
        return ruled
    misspelt = nearest(text[ruled.start : ruled.end].lower(), names)
    if misspelt or said.at.kinds & _OF_RULES or said.at.start <= ruled.start:
        return ruled
    return said.at


def unclear_declaration(text: str, read: Read) -> Problem:
    """A declaration that has several meanings."""
    quoted = text[read.statement.start : read.statement.end]
    ways = list(dict.fromkeys(f"“{_said(said)}”" for said in read.readings))[:2]
    return problem_at(
        text,
        read.statement.start,
        quoted,
        f"this can be read as {' or '.join(ways)}" if len(ways) > 1 else "this has two meanings",
        "use parentheses: rooms (name, capacity)",
    )


def _said(said: Said) -> str:
    parts = []
    for part in said:
        if isinstance(part, Relation):
            parts.append(f"{' '.join(part.one.words)} {part.verb} {' '.join(part.other.words)}")
            continue
        fields = [" ".join(each.words) for each in getattr(part, "fields", ())]
        linked = [f"of {' '.join(each.words)}" for each in getattr(part, "links", ())]
        name = " ".join(getattr(part, "words", ("nothing",)))
        parts.append(f"{name}: {', '.join((*linked, *fields))}" if fields or linked else name)
    return "; ".join(parts)[:200]


def _line(outcome: object) -> str:
    if isinstance(outcome, Bound):
        key, value = outcome.spec
        bound = value[0] if isinstance(value, tuple) else value
        return f"{outcome.field.label} of each {outcome.entity.label}: {key} {bound}"
    return rule_line(outcome) or str(outcome)[:60]
