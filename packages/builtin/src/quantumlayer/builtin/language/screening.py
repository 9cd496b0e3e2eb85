"""What is understood in form and may still ask for something that no service keeps."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.language import asking, kinds
from quantumlayer.builtin.language.draft import Draft, EntityDraft, FieldDraft
from quantumlayer.builtin.language.reading import Read, things_of
from quantumlayer.builtin.language.refusal import Problem, problem_at
from quantumlayer.builtin.language.said import FieldSaid, Relation, Title
from quantumlayer.builtin.language.tokens import Raw, raw_tokens
from quantumlayer.builtin.language.vocabulary import VOCABULARY
from quantumlayer.builtin.language.words import Words, is_plural, noun, singular

_LONGEST_TITLE, _LONGEST_ENTITY, _LONGEST_FIELD = 9, 3, 4
_LEAST = frozenset(("must", "need", "needs", "require", "requires"))
_BETWEEN = frozenset(("of", "at", "on", "by", "from", "to"))
_SEVERAL = {FieldType.TAGS, FieldType.LONG_TEXT, FieldType.DECIMAL}


def screened(text: str, reads: list[Read], draft: Draft) -> Iterator[Problem]:
    """The parts of declarations and openings that ask for more than records and rules."""
    screen = _Screen(text, draft, _declared(reads), _Phrases(reads))
    places: set[int] = set()
    for read in reads:
        for problem in (*screen.titles(read), *screen.names(read), *screen.fields(read)):
            if problem.offset not in places:
                places.add(problem.offset)
                yield problem


def _declared(reads: list[Read]) -> frozenset[Words]:
    """The names of records that are told of in the plural, with their fields."""
    things = [thing for read in reads for part in read.said for thing in things_of(part)]
    several = {thing.words for thing in things if thing.plural}
    return frozenset(thing.words for thing in things if thing.fields and thing.words in several)


@dataclass(frozen=True)
class _Screen:
    text: str
    draft: Draft
    declared: frozenset[Words]
    phrases: "_Phrases"

    def titles(self, read: Read) -> Iterator[Problem]:
        """What the name of the application asks for."""
        known = {word for entity in self.draft.entities.values() for word in entity.words}
        known |= {
            word
            for each in self.draft.entities.values()
            if len(each.fields) > 1
            for word in each.plural.split("_")
        }
        for part in read.said:
            if not isinstance(part, Title):
                continue
            spoken = raw_tokens(self.text[part.start : part.end], part.start)
            raws = [raw for raw in spoken if not set(part.words).isdisjoint(raw.atoms)]
            if len(raws) > _LONGEST_TITLE:
                yield self._at(raws[0].start, raws[-1].end, "this is more than a name", "")
            for raw in raws:
                if "TRACK" in VOCABULARY.kinds(raw.atoms):
                    continue
                words = [raw.text.lower(), *(raw.atoms if "-" in raw.text else ())]
                named = known | _names_only([each.text.lower() for each in raws])
                yield from self._first(
                    raw, [word for word in words if word not in named], titled=True
                )
            tracks = any("TRACK" in VOCABULARY.kinds(raw.atoms) for raw in spoken[1:])
            if raws and not tracks and not self._about(spoken, known):
                yield self._at(
                    raws[0].start,
                    raws[-1].end,
                    "it is not known what this asks for",
                    "leave it out, or name it after the records that it keeps",
                )

    def _about(self, raws: list[Raw], known: set[str]) -> bool:
        """Whether a name is that of a service, of who keeps records, or of what is kept."""
        kept = known | {word for each in self.draft.entities.values() for word in each.said}
        kept = {singular(word) for word in kept} | asking.OWNERS
        parts: list[set[str]] = [set()]
        for at, raw in enumerate(raws):
            if raw.text.lower() in asking.PREPOSITIONS:
                parts.append(set())
            language = "LANGUAGE" in VOCABULARY.kinds(raw.atoms)
            said = {singular(word) for word in (raw.text.lower(), *raw.atoms) if not language}
            stems = {word.removesuffix("ing") for word in said}
            parts[-1] |= said | stems | {f"{word}e" for word in stems - said}
            spoken = at > 0 and "LANGUAGE" in VOCABULARY.kinds(raws[at - 1].atoms)
            if spoken and raw.text.lower() not in asking.SERVICES | asking.PREPOSITIONS:
                return False
        named = kept | asking.SERVICES | VOCABULARY.closed
        return all(part & kept or not part - named for part in parts)

    def _first(self, raw: Raw, words: list[str], *, titled: bool = False) -> Iterator[Problem]:
        if len(raw.atoms) > 1 and "-" in raw.text and words[:1] == [raw.text.lower()]:
            words = words if raw.text.lower() in asking.COMPOUNDS else [*words, ""]
        for word in words:
            group = asking.never_titled(word) if titled else asking.never_kept(word)
            reason = (
                group.reason
                if group
                else self._unnamed(word, titled=titled)
                if word
                else asking.UNCLEAR
            )
            if reason:
                yield self._at(raw.start, raw.end, reason, group.instead if group else "")
                return

    def _unnamed(self, word: str, *, titled: bool) -> str | None:
        computed = titled and kinds.is_computed((word,))
        return asking.UNCLEAR if computed else asking.odd(word)

    def names(self, read: Read) -> Iterator[Problem]:
        """What the names of records, and hyphens in any name, ask for."""
        named: list[Words] = []
        for thing in (each for part in read.said for each in things_of(part)):
            for words in (thing.words, *(link.words for link in thing.links)):
                named.append(words)
                if len(words) == 1 and words[0] in asking.PROTOCOL:
                    yield self._of(read, words, "this speaks of the service, not of records", "")
                yield from self._name(read, words, _LONGEST_ENTITY, declared=words in self.declared)
        named += [each.words for each in _fields(read)]
        for raw in read.statement.raws:
            joined = "-" in raw.text and len(raw.atoms) > 1 and raw.text[0].isalpha()
            if joined and any(_leads(raw.atoms, words) for words in named):
                yield from self._first(raw, [raw.text.lower()])

    def fields(self, read: Read) -> Iterator[Problem]:
        """What the fields of records ask for."""
        for said in _fields(read):
            if said.told.get("many"):
                kept = self.draft.entities.get(noun(said.words))
                if kept is None or all(each.target for each in kept.fields.values()):
                    yield self._of(read, said.words, "no such records are declared", "")
            elif said.words:
                yield from self._field(read, said)

    def _field(self, read: Read, said: FieldSaid) -> Iterator[Problem]:
        words = said.words
        points = self._points(words)
        several = is_plural(words[-1]) and noun(words) in self.draft.entities
        if several and _LEAST & {raw.text.lower() for raw in read.statement.raws}:
            yield self._of(read, words, "at least one of other records cannot be asked for", "")
        thing = said.told.get("thing")
        if isinstance(thing, tuple) and not points and noun(thing) not in self.draft.entities:
            yield self._of(
                read, thing, "this is no type, no constraint and no record that is declared", ""
            )
        compared = said.told.get("compare", ("", words))[1]
        if any(words in each.fields and compared not in each.fields for each in self._entities()):
            yield self._of(read, compared, "this is no number, and no field of the record", "")
        owner = noun(words[words.index("of") + 1 :]) if "of" in words[1:-1] else ()
        if owner in self.draft.entities and not kinds.is_limit(words):
            instead = "a report can count and sum, and a rule can speak of the other record"
            yield self._of(read, words, "this is kept of other records", instead)
        media = words[-1] in kinds.REFUSED and words[-1] not in asking.DESCRIBING
        leading = len(words) > 1 and words[0] in kinds.REFUSED and words[0] not in asking.FILES
        leading = leading and (words[-1] not in asking.DESCRIBING or kinds.is_computed(words))
        if (media and not points) or leading:
            what = kinds.REFUSED[words[-1] if media else words[0]]
            instead = "keep text, a number, a date, a choice or a link, as in “image url”"
            yield self._of(read, words, f"{what} cannot be kept", instead)
        else:
            kept = tuple(word for word in words if word not in kinds.REFUSED)
            described = words[-1] in asking.DESCRIBING
            yield from self._name(read, kept, _LONGEST_FIELD, declared=points, described=described)
        if not points and self._several(said):
            yield self._of(
                read,
                words,
                "several of something are records of their own",
                f"say what they are, as in “{' '.join(words)} have a name”, or how many:"
                f" “number of {' '.join(words)}”",
            )

    def _several(self, said: FieldSaid) -> bool:
        """Whether a plural stands where one value is kept, and nothing says how."""
        words = said.words
        untold = is_plural(words[-1]) and not said.told.keys() - {"optional", "unique", "unit"}
        if not untold or kinds.is_measured(words) or ("number", "of", *words) in self.phrases:
            return False
        kept = [
            field
            for entity in self.draft.entities.values()
            if (field := entity.fields.get(words)) is not None and field.target is None
        ]
        return bool(kept) and not any(_typed(field) for field in kept)

    def _name(
        self, read: Read, words: Words, limit: int, *, declared: bool, described: bool = False
    ) -> Iterator[Problem]:
        if len([word for word in words if word not in _BETWEEN]) > limit:
            yield self._of(read, words, "this is too long for a name", "")
        for at, word in enumerate(words):
            group = asking.never_kept(word)
            group = None if described and group and group.kept else group
            following = words[at + 1 : at + 2]
            reason = asking.unclear(word, following) if described else asking.odd(word, following)
            plainly = word == words[-1] and (
                kinds.is_measured(words) or (declared and (group is None or group.kept))
            )
            if not word.isascii():
                reason, plainly = "names have the letters from a to z only", False
            if plainly:
                continue
            if group:
                yield self._of(read, (word,), group.reason, group.instead)
            elif reason:
                yield self._of(read, (word,), reason, "leave it out, or say it as a rule")

    def _entities(self) -> Iterable[EntityDraft]:
        return self.draft.entities.values()

    def _points(self, words: Words) -> bool:
        return any(
            field.target is not None
            for entity in self.draft.entities.values()
            for field in entity.fields.values()
            if field.words == words
        )

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


def _names_only(title: list[str]) -> set[str]:
    """The words of a title that say what is done with records, and the one word that names it."""
    said = {word for word in title if VOCABULARY.kinds((word,)) & {"TRACK", "LINK"}}
    own = set(title) - VOCABULARY.applications - {"a", "an", "the"}
    alone = {word for word in own if len(own) == 1 and not asking.never_kept(word)}
    return said | alone


def _fields(read: Read) -> list[FieldSaid]:
    found = [field for part in read.said for each in things_of(part) for field in each.fields]
    return found + [
        field for part in read.said if isinstance(part, Relation) for field in part.fields
    ]


def _leads(atoms: Words, words: Words) -> bool:
    """Whether a hyphenated word is the first part of a name."""
    return any(words[at : at + len(atoms)] == atoms for at in range(len(words) - len(atoms)))


def _typed(field: FieldDraft) -> bool:
    return (
        field.kind in _SEVERAL
        or "type" in field.said
        or bool(field.said.keys() & {"range", "minimum", "maximum", "length"})
    )
