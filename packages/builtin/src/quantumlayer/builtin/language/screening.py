"""What is understood in form and may still ask for something that no service keeps."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.language import kinds
from quantumlayer.builtin.language.draft import Draft, FieldDraft
from quantumlayer.builtin.language.reading import Read
from quantumlayer.builtin.language.refusal import Problem, problem_at
from quantumlayer.builtin.language.said import FieldSaid, Relation, Thing, Title
from quantumlayer.builtin.language.tokens import raw_tokens
from quantumlayer.builtin.language.words import Words, is_plural, noun

_TABLE = tomllib.loads((files(__package__) / "refused.toml").read_text("utf-8"))
_NEVER_KEPT = {
    word: group["instead"] for group in _TABLE["group"] for word in group["words"].split()
}
_NEVER_NAMED = frozenset(_TABLE["names"]["never"].split())
_ADVERBS = frozenset(_TABLE["names"]["adverbs"].split())
_GERUNDS = frozenset(_TABLE["names"]["gerunds"].split())
_LONGEST_TITLE, _LONGEST_NAME = 9, 4
_KEPT_AS_ENTITY = frozenset(
    (
        "photo",
        "photos",
        "form",
        "game",
        "games",
        "page",
        "pages",
        "player",
        "site",
        "map",
        "queue",
        "alert",
        "reminder",
        "notification",
        "library",
    )
)


def screened(text: str, reads: list[Read], draft: Draft) -> Iterator[Problem]:
    """The parts of declarations and openings that ask for more than records and rules."""
    known = {word for entity in draft.entities.values() for word in entity.words}
    known |= {
        word
        for entity in draft.entities.values()
        if len(entity.fields) > 1
        for word in (entity.plural.split("_"))
    }
    for read in reads:
        for part in read.said:
            if isinstance(part, Title):
                yield from _title(text, part, known)
        for part in read.said:
            things = (
                (part,)
                if isinstance(part, Thing)
                else (part.one, part.other)
                if isinstance(part, Relation)
                else ()
            )
            fields = [field for thing in things for field in thing.fields]
            fields += part.fields if isinstance(part, Relation) else ()
            for thing in things:
                yield from _name(text, read, thing.words, limit=3, entity=True)
                for link in thing.links:
                    yield from _name(text, read, link.words, limit=3, entity=True)
            for field in fields:
                yield from _field(text, read, field, draft)


def only_openings_lead(reads: list[Read]) -> None:
    """A name of the application stands first; anywhere else such words are no name."""
    leading = True
    for read in reads:
        alone = bool(read.said) and all(isinstance(part, Title) for part in read.said)
        if (
            alone
            and not leading
            and any(part.words for part in read.said if isinstance(part, Title))
        ):
            read.said = ()
        leading = leading and (alone or read.said == ("nothing",))


def _title(text: str, said: Title, known: set[str]) -> Iterator[Problem]:
    quoted = text[said.start : said.end]
    raws = raw_tokens(quoted, said.start)
    if len(raws) > _LONGEST_TITLE:
        yield problem_at(
            text, said.start, quoted, "this is more than the name of an application", ""
        )
    for raw in raws:
        for word in (raw.text.lower(), *raw.atoms):
            reason = None if word in known else _odd(word)
            if word in _NEVER_KEPT and word not in known:
                yield problem_at(
                    text,
                    raw.start,
                    raw.text,
                    "no service of this model does that",
                    _NEVER_KEPT[word],
                )
                break
            if reason:
                yield problem_at(text, raw.start, raw.text, reason, "")
                break


def _odd(word: str) -> str | None:
    if word in _NEVER_NAMED:
        return "this word names nothing"
    if word.endswith("ly") and word not in _ADVERBS and len(word) > 3:
        return "it is not known what this word asks for"
    if word.endswith("ing") and word not in _GERUNDS and len(word) > 4:
        return "it is not known what this word asks for"
    return None


def _name(text: str, read: Read, words: Words, *, limit: int, entity: bool) -> Iterator[Problem]:
    if len(words) > limit:
        yield _of(text, read, " ".join(words), "this is too long for a name", "")
    for word in words:
        reason = _odd(word)
        if reason:
            yield _of(text, read, word, reason, "")
        elif word in _NEVER_KEPT and not (entity and word in _KEPT_AS_ENTITY):
            yield _of(text, read, word, "no service of this model does that", _NEVER_KEPT[word])


def _field(text: str, read: Read, said: FieldSaid, draft: Draft) -> Iterator[Problem]:
    words, last = said.words, said.words[-1:]
    if said.told.get("many") and noun(words) not in draft.entities:
        yield _of(text, read, " ".join(words), "no such records are declared", "")
    if not words or said.told.get("many"):
        return
    described_by = words[-1] in {
        "url",
        "link",
        "name",
        "title",
        "number",
        "code",
        "count",
        "id",
        "type",
        "date",
        "at",
        "on",
    }
    if not described_by:
        for word in words[-1:]:
            if word in kinds.REFUSED and not _points(draft, words):
                yield _of(
                    text,
                    read,
                    " ".join(words),
                    f"{kinds.REFUSED[word]} cannot be kept",
                    "keep text, a number, a date, a choice or a link, as in “image url”",
                )
        yield from _name(
            text,
            read,
            tuple(
                word
                for word in words
                if word not in {"of", "at", "on", "by", "from", "to"} and word not in kinds.REFUSED
            ),
            limit=_LONGEST_NAME,
            entity=True,
        )
    first = words[0]
    if (
        len(words) > 1
        and first in kinds.REFUSED
        and first not in {"average", "file", "photo", "image", "picture", "document", "logo"}
    ):
        yield _of(text, read, " ".join(words), f"{kinds.REFUSED[first]} cannot be kept", "")
    if (
        is_plural(last[0])
        and not said.specs
        and FieldDraft(words).kind is FieldType.TEXT
        and draft.entities.get((*words[:-1], last[0])) is None
    ):
        found = [
            field
            for entity in draft.entities.values()
            for field in entity.fields.values()
            if field.words == words and field.target is None
        ]
        if found:
            yield _of(
                text,
                read,
                " ".join(words),
                "several of something are records of their own",
                f"say what they are, as in “{' '.join(words)} have a name”",
            )


def _points(draft: Draft, words: Words) -> bool:
    return any(
        field.target is not None
        for entity in draft.entities.values()
        for field in entity.fields.values()
        if field.words == words
    )


def _of(text: str, read: Read, words: str, reason: str, instead: str) -> Problem:
    statement = text[read.statement.start : read.statement.end]
    at = statement.lower().find(words)
    start = read.statement.start + max(at, 0)
    quoted = text[start : start + len(words)] if at >= 0 else statement
    return problem_at(text, start, quoted, reason, instead)
