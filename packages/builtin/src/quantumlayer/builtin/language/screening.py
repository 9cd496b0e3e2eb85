"""What is understood in form and may still ask for something that no service keeps."""

from collections.abc import Iterator
from dataclasses import dataclass

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.language import asking, kinds
from quantumlayer.builtin.language.draft import Draft, FieldDraft
from quantumlayer.builtin.language.reading import Read
from quantumlayer.builtin.language.refusal import Problem, problem_at
from quantumlayer.builtin.language.said import FieldSaid, Relation, Title
from quantumlayer.builtin.language.titling import Titling
from quantumlayer.builtin.language.tokens import Raw
from quantumlayer.builtin.language.words import Words, is_plural, noun

_LONGEST_ENTITY, _LONGEST_FIELD = 3, 4
_LEAST = frozenset(("must", "need", "needs", "require", "requires"))
_BETWEEN = frozenset(("of", "at", "on", "by", "from", "to"))
_RATHER = "leave it out, or name it after the records that it keeps"
_SAID_FREELY = {FieldType.TEXT, FieldType.LONG_TEXT, FieldType.TAGS}
_SEVERAL = {FieldType.TAGS, FieldType.LONG_TEXT, FieldType.DECIMAL}


def screened(text: str, reads: list[Read], draft: Draft) -> Iterator[Problem]:
    """The parts of declarations and openings that ask for more than records and rules."""
    screen, titling = _Screen(text, draft, _declared(reads), _Phrases(reads)), Titling(draft)
    places: set[int] = set()
    for at, read in enumerate(reads):
        titles = screen.titles(read, titling, first=at == 0)
        for problem in (*titles, *screen.names(read), *screen.fields(read)):
            if problem.offset not in places:
                places.add(problem.offset)
                yield problem


def _declared(reads: list[Read]) -> frozenset[Words]:
    """The names of records that are told of in the plural, with their fields."""
    things = [thing for read in reads for thing in read.things]
    several = {thing.words for thing in things if thing.plural}
    return frozenset(thing.words for thing in things if thing.fields and thing.words in several)


@dataclass(frozen=True)
class _Screen:
    text: str
    draft: Draft
    declared: frozenset[Words]
    phrases: "_Phrases"

    def titles(self, read: Read, titling: Titling, *, first: bool) -> Iterator[Problem]:
        """What the name of the application asks for."""
        leads = first or any(not isinstance(part, Title) for part in read.said)
        for part in read.said:
            if isinstance(part, Title):
                said = self.text[part.start : part.end]
                refused = titling.refused(said, part.start, leads=leads)
                if refused is not None:
                    yield self._at(*refused)

    def names(self, read: Read) -> Iterator[Problem]:
        """What the names of records ask for."""
        for thing in read.things:
            for words in (thing.words, *(link.words for link in thing.links)):
                asks = None if words in self.declared else asking.asked_by(words, named=True)
                if asks is not None:
                    yield self._of(read, tuple(asks[0].split()), asks[1].told(), asks[1].instead)
                if len(words) == 1 and words[0] in asking.RECORDS:
                    yield self._of(read, words, "no records of this kind are kept", _RATHER)
                yield from self._leading(read, words, plain=False)
                if len(words) > _LONGEST_ENTITY:
                    yield self._of(read, words, "this is too long for a name", "")

    def fields(self, read: Read) -> Iterator[Problem]:
        """What the fields of records ask for."""
        for said in _fields(read):
            if said.told.get("many"):
                kept = self.draft.entities.get(noun(said.words))
                if kept is None or all(each.target for each in kept.fields.values()):
                    yield self._of(read, said.words, "no such records are declared", "")
            elif said.words:
                yield from self._related(read, said)
                yield from self._field(read, said)

    def _related(self, read: Read, said: FieldSaid) -> Iterator[Problem]:
        """What is said of a field and other fields or records."""
        words = said.words
        several = is_plural(words[-1]) and noun(words) in self.draft.entities
        if several and _LEAST & {raw.text.lower() for raw in read.statement.raws}:
            reason = "at least one of other records cannot be asked for"
            yield self._at(read.statement.start, read.statement.end, reason, "")
        thing = said.told.get("thing")
        points = any(each.target is not None for each in self._kept(words))
        if isinstance(thing, tuple) and not points and noun(thing) not in self.draft.entities:
            reason = "this is no type, no constraint and no record that is declared"
            yield self._of(read, thing, reason, "")
        compared = said.told.get("compare", ("", words))[1]
        owners = [each for each in self.draft.entities.values() if words in each.fields]
        if any(compared not in each.fields for each in owners):
            yield self._of(read, compared, "this is no number, and no field of the record", "")
        owner = noun(words[words.index("of") + 1 :]) if "of" in words[1:-1] else ()
        if owner in self.draft.entities and not kinds.is_limit(words):
            instead = "a report can count and sum, and a rule can speak of the other record"
            yield self._of(read, words, "this is kept of other records", instead)

    def _field(self, read: Read, said: FieldSaid) -> Iterator[Problem]:
        """The last word tells what is kept, the others of which kind it is."""
        words, kept = said.words, self._kept(said.words)
        if any(each.target is not None for each in kept):
            return
        told = kinds.is_told(words) or not said.told.keys().isdisjoint(("type", "choices"))
        group = asking.never_kept(words, least=2 if told else 1)
        what = kinds.refused(words)
        if what:
            instead = "keep text, a number, a date, a choice or a link, as in “image url”"
            yield self._of(read, words, f"{what} cannot be kept", instead)
        elif group is not None:
            yield self._of(read, words, group.told(), group.instead)
        else:
            plain = bool(kept) and all(each.kind not in _SAID_FREELY for each in kept)
            yield from self._leading(read, words, plain=plain or words[-1] == "by")
        if kept and self._several(said, kept):
            many = " ".join(words)
            yield self._of(
                read,
                words,
                "several of something are records of their own",
                f"say what they are, as in “{many} have a name”, or how many: “number of {many}”",
            )
        if len([word for word in words if word not in _BETWEEN]) > _LONGEST_FIELD:
            yield self._of(read, words, "this is too long for a name", "")

    def _leading(self, read: Read, words: Words, *, plain: bool) -> Iterator[Problem]:
        """Words that ask for something, before others that do not tell a plain value."""
        hyphened = [raw for raw in read.statement.raws if _is_compound(raw)]
        joined = any(_leads(raw.atoms, words) for raw in hyphened)
        for at, word in enumerate(words):
            leads = at < len(words) - 1
            asks = leads and not plain and (joined or asking.looks_asked(word))
            if not word.isascii():
                reason = "names have the letters from a to z only"
            elif asking.names_nothing(word):
                reason = "this word names nothing"
            elif asks or (leads and asking.is_attribute(word)):
                reason = asking.UNCLEAR
            else:
                continue
            yield self._of(read, (word,), reason, "leave it out, or say it as a rule")

    def _kept(self, words: Words) -> list[FieldDraft]:
        """The fields of a name."""
        entities = self.draft.entities.values()
        return [each.fields[words] for each in entities if words in each.fields]

    def _several(self, said: FieldSaid, kept: list[FieldDraft]) -> bool:
        """Whether a plural stands where one value is kept, and nothing says how."""
        words = said.words
        untold = is_plural(words[-1]) and not said.told.keys() - {"optional", "unique", "unit"}
        if not untold or kinds.is_measured(words) or ("number", "of", *words) in self.phrases:
            return False
        return not any(_typed(field) for field in kept)

    def _of(self, read: Read, words: Words, reason: str, instead: str) -> Problem:
        """A problem with words of a statement, at the place where they stand there."""
        raws = read.statement.raws
        for at in range(len(raws)):
            for end in range(at + 1, min(at + len(words), len(raws)) + 1):
                if noun(atom for raw in raws[at:end] for atom in raw.atoms) == noun(words):
                    return self._at(raws[at].start, raws[end - 1].end, reason, instead)
        holding = next((raw for raw in raws if words[0] in raw.atoms), None)
        start, end = (holding.start, holding.end) if holding else (read.statement.start, 0)
        return self._at(start, end or read.statement.end, reason, instead)

    def _at(self, start: int, end: int, reason: str, instead: str) -> Problem:
        return problem_at(self.text, start, self.text[start:end], reason, instead)


class _Phrases:
    """All that the statements say, word by word."""

    def __init__(self, reads: list[Read]) -> None:
        self._said = [
            " ".join(atom for raw in read.statement.raws for atom in raw.atoms) for read in reads
        ]

    def __contains__(self, words: Words) -> bool:
        return any(f" {' '.join(words)} " in f" {said} " for said in self._said)


def _fields(read: Read) -> list[FieldSaid]:
    found = [field for each in read.things for field in each.fields]
    return found + [
        field for part in read.said if isinstance(part, Relation) for field in part.fields
    ]


def _is_compound(raw: Raw) -> bool:
    return "-" in raw.text and len(raw.atoms) > 1 and raw.text[0].isalpha()


def _leads(atoms: Words, words: Words) -> bool:
    """Whether a hyphenated word is the first part of a name."""
    return any(words[at : at + len(atoms)] == atoms for at in range(len(words) - len(atoms)))


def _typed(field: FieldDraft) -> bool:
    return (
        field.kind in _SEVERAL
        or "type" in field.said
        or bool(field.said.keys() & {"range", "minimum", "maximum", "length"})
    )
