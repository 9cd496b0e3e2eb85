"""Noun phrases: what they name among the entities and fields that are known."""

import re
from dataclasses import dataclass

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.understanding.draft import Draft, EntityDraft, FieldDraft, Words
from quantumlayer.builtin.understanding.words import singular, singular_phrase, words_of

DETERMINERS = frozenset(
    [
        "a",
        "an",
        "the",
        "each",
        "every",
        "all",
        "any",
        "one",
        "some",
        "their",
        "its",
        "his",
        "her",
        "my",
        "our",
        "your",
        "same",
        "other",
        "another",
        "given",
        "single",
        "specific",
        "particular",
        "new",
        "many",
        "multiple",
        "several",
        "more",
        "two",
        "1",
        "0",
        "2",
        "no",
        "both",
        "such",
        "this",
        "that",
        "these",
        "those",
        "existing",
        "certain",
        "different",
        "various",
        "own",
        "respective",
        "per",
        "of",
        "for",
        "by",
        "his/her",
        "distinct",
        "individual",
        "following",
    ]
)
NP = r"[a-z][\w'/-]*(?: [\w'/-]+){0,4}?"
_NOT_NOUNS = frozenset(
    [
        "can",
        "cannot",
        "must",
        "should",
        "will",
        "would",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "has",
        "have",
        "had",
        "do",
        "does",
        "did",
        "not",
        "if",
        "when",
        "while",
        "because",
        "so",
        "then",
        "who",
        "whom",
        "which",
        "that",
        "it",
        "they",
        "them",
        "we",
        "i",
        "you",
        "he",
        "she",
        "there",
        "here",
        "with",
        "without",
        "and",
        "or",
        "but",
        "at",
        "most",
        "least",
        "than",
        "as",
        "in",
        "on",
        "to",
        "from",
        "into",
        "only",
        "also",
        "once",
        "twice",
        "never",
        "always",
        "please",
        "want",
        "need",
        "make",
        "create",
        "build",
        "write",
        "add",
        "remove",
        "delete",
        "update",
        "edit",
        "list",
        "get",
        "allow",
        "allows",
        "let",
        "lets",
        "use",
        "uses",
        "using",
        "show",
        "how",
        "what",
        "why",
        "where",
        "very",
        "just",
        "etc",
        "either",
        "neither",
        "same",
        "more",
        "less",
        "belong",
        "belongs",
        "belonging",
        "linking",
        "connects",
        "exceed",
        "overlap",
        "per",
        "means",
        "applies",
        "apply",
        "understands",
        "cant",
        "dont",
        "doesnt",
        "wont",
        "isnt",
        "arent",
        "mustnt",
        "shouldnt",
        "itself",
        "themselves",
        "himself",
        "herself",
    ]
)
# Single words that name a field wherever they stand, never a kind of record.
_ALWAYS_FIELDS = frozenset(
    ["name", "title", "isbn", "email", "phone", "price", "amount", "quantity", "date", "capacity"]
)
_APP_WORDS = frozenset(
    [
        "api",
        "apis",
        "service",
        "app",
        "apps",
        "application",
        "applications",
        "system",
        "systems",
        "backend",
        "platform",
        "server",
        "website",
        "site",
        "software",
        "solution",
        "program",
        "microservice",
        "webapp",
        "web",
        "crud",
        "rest",
        "restful",
        "portal",
        "thing",
        "things",
        "data",
        "information",
        "info",
        "details",
        "entity",
        "entities",
        "model",
        "models",
        "resource",
        "resources",
        "object",
        "objects",
        "record",
        "records",
        "endpoint",
        "endpoints",
        "http",
        "json",
        "database",
        "feature",
        "features",
        "functionality",
        "rule",
        "rules",
        "requirement",
        "requirements",
        "constraint",
        "constraints",
        "field",
        "fields",
        "attribute",
        "attributes",
        "example",
        "everything",
        "something",
        "anything",
        "stuff",
        "kind",
        "kinds",
        "type",
        "types",
        "way",
        "ways",
        "relationship",
        "relations",
        "relationships",
        "relation",
        "validation",
        "validations",
        "operation",
        "operations",
        "user-friendly",
        "simple",
        "code",
        "documentation",
        "schema",
        "overview",
        "introduction",
        "goal",
        "purpose",
        "domain",
        "business",
        "logic",
        "business-rules",
        "technology",
        "stack",
        "tech",
        "python",
        "javascript",
    ]
)


@dataclass(frozen=True, slots=True)
class Found:
    """An entity that a phrase names, and the words before it: "open loans" → Loan, (open,)."""

    entity: EntityDraft
    adjectives: Words


def bare(phrase: str) -> Words:
    """The words of a phrase without determiners at its beginning."""
    words = list(words_of(phrase))
    while words and words[0] in DETERMINERS:
        words.pop(0)
    return tuple(words)


def is_entity_phrase(phrase: str, longest: int = 3) -> bool:
    """Whether a phrase can be the name of a kind of record."""
    words = bare(phrase)
    if not 0 < len(words) <= longest or len("".join(words)) < 2:
        return False
    # To "list" is a verb before its object; at the end it is what has tasks.
    verbs = words[:-1] if words[-1] == "list" else words
    if any(word in _NOT_NOUNS or word.isdigit() for word in verbs):
        return False
    if words[-1] in _UNITS or (len(words) == 1 and singular(words[0]) in _ALWAYS_FIELDS):
        return False
    if len(words) > 1 and singular(words[-1]) in {"application", "record", "type", "rule", "code"}:
        return words[0] not in _APP_WORDS
    return words[-1] not in _APP_WORDS and singular(words[-1]) not in DETERMINERS


_UNITS = frozenset(
    [
        "time",
        "times",
        "hour",
        "hours",
        "day",
        "days",
        "minute",
        "minutes",
        "second",
        "seconds",
        "week",
        "weeks",
        "month",
        "months",
        "euro",
        "euros",
        "dollar",
        "dollars",
        "percent",
        "character",
        "characters",
        "letter",
        "letters",
        "digit",
        "digits",
        "kilometer",
        "kilometers",
    ]
)


def is_app_word(word: str) -> bool:
    """Whether a word names an application, or the parts of a specification, rather than a record."""
    return word in _APP_WORDS


def find_entity(draft: Draft, phrase: str) -> Found | None:
    """The known entity that a phrase ends in, the longest name first."""
    words = bare(phrase)
    for begin in range(len(words)):
        key = (*words[begin:-1], singular(words[-1]))
        if key in draft.entities:
            return Found(draft.entities[key], words[:begin])
    if not words:
        return None
    head = singular(words[-1])
    ending = [each for each in draft.entities.values() if each.words[-1] == head]
    if len(ending) == 1:
        return Found(ending[0], words[:-1])
    if head == "record" and len(words) > 1:
        return find_entity(draft, " ".join(words[:-1]))
    return None


def find_or_make_entity(draft: Draft, phrase: str) -> Found | None:
    """The known entity of a phrase, else a new one when the phrase can name one."""
    found = find_entity(draft, phrase)
    if found is not None:
        return found
    words = bare(phrase)
    if not is_entity_phrase(phrase):
        return None
    return Found(draft.entity(words), ())


@dataclass(frozen=True, slots=True)
class FoundField:
    """A field that a phrase names, and its entity."""

    entity: EntityDraft
    field: FieldDraft


_SAME = {
    "begin": "start",
    "beginning": "start",
    "starting": "start",
    "starts": "start",
    "ends": "end",
    "ending": "end",
    "finish": "end",
    "until": "end",
    "cost": "price",
    "mail": "email",
    "telephone": "phone",
    "quantities": "quantity",
    "seats": "capacity",
    "state": "status",
    "deadline": "due",
    "checkin": "start",
    "checkout": "end",
}


def _stems(words: Words) -> Words:
    return tuple(_SAME.get(word, singular(word)) for word in words)


def field_of(entity: EntityDraft, phrase: str) -> FieldDraft | None:
    """The field of an entity that a phrase names: exactly, else the only one that fits."""
    words = bare(phrase)
    if not words:
        return None
    if words[:2] in {("number", "of"), ("amount", "of")} and "_".join(words) not in entity.fields:
        counted = field_of(entity, " ".join(words[2:]))
        if counted is not None and counted.type is not FieldType.REFERENCE:
            return counted
    for begin in range(len(words)):
        exact = entity.fields.get("_".join(words[begin:]))
        if exact is not None and (begin == 0 or words[:begin] == entity.words):
            return exact
    wanted = _stems(words)
    if wanted[: len(entity.words)] == entity.words and len(wanted) > len(entity.words):
        wanted = wanted[len(entity.words) :]
    loose = {"date", "time", "at", "on", "day", "number", "value", "field", "current"}
    fits = [each for each in entity.fields.values() if _stems(each.words) == wanted]
    core = set(wanted) - loose or set(wanted)
    fits = fits or [
        each
        for each in entity.fields.values()
        if (set(_stems(each.words)) - loose or set(_stems(each.words))) == core
    ]
    fits = fits or [each for each in entity.fields.values() if core <= set(_stems(each.words))]
    return fits[0] if len(fits) == 1 else None


def find_field(draft: Draft, phrase: str, context: EntityDraft | None = None) -> FoundField | None:
    """The field that a phrase names: "the book's isbn", "isbn of a book", "loan due date", "isbn"."""
    for holder, name in _readings(phrase):
        found = find_entity(draft, holder)
        if found is not None and not found.adjectives:
            field = field_of(found.entity, name)
            if field is not None:
                return FoundField(found.entity, field)
    words = bare(phrase)
    for length in range(len(words) - 1, 0, -1):
        entity = draft.entities.get(singular_phrase(" ".join(words[:length])))
        if entity is not None and (field := field_of(entity, " ".join(words[length:]))) is not None:
            return FoundField(entity, field)
    if context is not None and (field := field_of(context, phrase)) is not None:
        return FoundField(context, field)
    everywhere = [
        FoundField(entity, field)
        for entity in draft.entities.values()
        if (field := field_of(entity, phrase)) is not None
    ]
    exact = [each for each in everywhere if each.field.words == words]
    for options in (exact, everywhere):
        if len(options) == 1:
            return options[0]
    return None


def _readings(phrase: str) -> list[tuple[str, str]]:
    """(holder, name) as a possessive or an "of" phrase may mean them."""
    readings = []
    if "'s " in phrase or "s' " in phrase:
        holder, name = re.split(r"'s |(?<=s)' ", phrase, maxsplit=1)
        readings.append((holder, name))
    name, of, holder = phrase.partition(" of ")
    if of:
        readings.append((holder, name))
    name, preposition, holder = phrase.partition(" for ")
    if preposition:
        readings.append((holder, name))
    return readings
