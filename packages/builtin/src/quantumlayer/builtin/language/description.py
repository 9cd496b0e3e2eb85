"""The reader: a description, wholly understood or refused with the words that were not."""

from collections.abc import Iterable, Iterator

from pydantic import ValidationError

from quantumlayer.builtin.language.announcing import (
    announced,
    names_only,
    only_openings_lead,
)
from quantumlayer.builtin.language.assembly import assembled
from quantumlayer.builtin.language.building import SameThing, build
from quantumlayer.builtin.language.constructs import EXAMPLE
from quantumlayer.builtin.language.contradictions import contradictions
from quantumlayer.builtin.language.draft import Draft
from quantumlayer.builtin.language.explaining import Unread, explained
from quantumlayer.builtin.language.notations import Statement, statements
from quantumlayer.builtin.language.openings import JAVASCRIPT
from quantumlayer.builtin.language.reading import Read, declarations
from quantumlayer.builtin.language.refusal import (
    Impossible,
    NotUnderstood,
    Problem,
    problem_at,
)
from quantumlayer.builtin.language.ruling import Ruling
from quantumlayer.builtin.language.said import Part, Title
from quantumlayer.builtin.language.screening import screened
from quantumlayer.builtin.language.specification import is_specification, statements_of
from quantumlayer.qlayer.requirements import Language, Requirements, Unclear

# What an entity with all that a service can keep takes, twice over; far more would cost minutes.
_LONGEST_SENTENCE, _MOST_SENTENCES = 700, 500


def read_description(text: str, language: Language | None = None) -> Requirements:
    """The requirements of the service that a description tells of; raises NotUnderstood.

    A description that is a YAML or JSON mapping is read as a specification.
    """
    if is_specification(text):
        title, found, problems = statements_of(text)
    else:
        title, found, problems = "", statements(text), []
    _in_bounds(text, found)
    reads = declarations(found)
    only_openings_lead(reads)
    try:
        draft = _built(reads)
    except Impossible as fault:
        raise NotUnderstood((*problems, _together(text, reads, fault))) from None
    announced(reads)
    draft.title = title or _title(text, reads)
    ruling = Ruling(draft)
    unread: list[Unread] = []
    for at, read in enumerate(reads):
        trouble = None if read.said else ruling.read(read.statement, at)
        if trouble is not None:
            unread.append(Unread(read, trouble, leading=names_only(reads[:at])))
    told, follow = explained(text, unread, ruling.names)
    problems += [*told, *screened(text, reads, draft)]
    problems += [
        _together(text, reads, Impossible(reason, (at,)))
        for at, reason in contradictions(draft, ruling.rules)
    ]
    problems.sort(key=lambda each: each.offset)
    if not draft.entities:
        raise NotUnderstood(tuple(problems or [_empty(text)]))
    requirements = None
    try:
        chosen = language or _one_language(text, reads, draft)
        requirements = _requirements(text, reads, draft, ruling, chosen, [*problems, *follow])
    except Impossible as fault:
        problems.append(_together(text, reads, fault))
    except ValidationError as fault:
        reason = f"this is more than a service can keep: {fault.errors()[0]['msg']}"
        problems += [] if problems else [problem_at(text, 0, text[:60], reason, "")]
    if problems or requirements is None:
        raise NotUnderstood(tuple(problems), requirements, tuple(follow))
    return requirements


def _in_bounds(text: str, found: list[Statement]) -> None:
    """Refuses what would take too long to read, before any of it is read."""
    for at, each in enumerate(found):
        long = sum(len(said.raws) for said in (each, *each.items)) > _LONGEST_SENTENCE
        if long or at >= _MOST_SENTENCES:
            reason = "this sentence is too long" if long else "these are too many sentences"
            instead = "say it in several sentences" if long else "describe less at once"
            quoted = text[each.start : each.end][:60]
            raise NotUnderstood((problem_at(text, each.start, quoted, reason, instead),))


def _built(reads: list[Read]) -> Draft:
    """The draft; relations of a thing to its like are left for a refusal."""
    while True:
        try:
            return build(reads)
        except SameThing as same:
            reads[same.at].said = ()


def _requirements(
    text: str,
    reads: list[Read],
    draft: Draft,
    ruling: Ruling,
    language: Language,
    problems: list[Problem],
) -> Requirements:
    def quote(at: Iterable[int]) -> str:
        parts = (reads[each].statement for each in at)
        return " … ".join(text[part.start : part.end] for part in parts)

    unclear = tuple(Unclear(text=each.words[:2000], reason=each.reason[:500]) for each in problems)
    return assembled(draft, ruling.rules, language, quote, unclear)


def _together(text: str, reads: list[Read], fault: Impossible) -> Problem:
    """What cannot be, quoted by the last statement that says it."""
    at = reads[fault.statements[-1] if fault.statements else 0].statement
    return problem_at(text, at.start, text[at.start : at.end], str(fault), "")


def _title(text: str, reads: list[Read]) -> str:
    for read in reads:
        for part in read.said:
            if isinstance(part, Title) and part.words:
                return text[part.start : part.end]
    return ""


def _languages(text: str, reads: list[Read]) -> dict[Language, int]:
    """The languages that a description names, and in which statement each is named first."""
    found: dict[Language, int] = {}
    for at, read in enumerate(reads):
        for part in read.said:
            for language in _named(text, part):
                found.setdefault(language, at)
    return found


def _named(text: str, part: Part) -> Iterator[Language]:
    if isinstance(part, Language):
        yield part
    elif isinstance(part, Title):
        yield from part.written
        words = {word.strip(".,:") for word in text[part.start : part.end].lower().split()}
        if words & JAVASCRIPT:
            yield Language.JAVASCRIPT
        if "python" in words:
            yield Language.PYTHON


def _one_language(text: str, reads: list[Read], draft: Draft) -> Language:
    """What it is written in; raises Impossible where two languages are named."""
    named = _languages(text, reads)
    if len(named) > 1:
        reason = "this names two languages, and a service is written in one"
        raise Impossible(reason, tuple(named.values()))
    if not named:
        draft.assume("Written in Python, because no language was named.")
    return next(iter(named), Language.PYTHON)


def _empty(text: str) -> Problem:
    quoted = text.strip()[:80]
    return problem_at(
        text, 0, quoted, "no entity with its fields is named", f"for example “{EXAMPLE}”"
    )


__all__ = ["NotUnderstood", "Problem", "read_description"]
