"""The title that a description begins with: "Vet clinic with pets and visits", "Movie ratings."."""

import re
from dataclasses import dataclass

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.understanding.intent import opening, without_wish
from quantumlayer.builtin.understanding.listings import (
    is_bare_plural,
    listed_nouns,
    listed_title,
)
from quantumlayer.builtin.understanding.phrases import bare, is_entity_phrase
from quantumlayer.builtin.understanding.prompt import Prompt, without_language
from quantumlayer.builtin.understanding.text import list_items
from quantumlayer.builtin.understanding.types import type_of
from quantumlayer.builtin.understanding.verbs import CLAUSE
from quantumlayer.builtin.understanding.words import is_plural, plural, singular, words_of

_NAME = r"(?:(?:an?|the|my|our|simple|small) )*[a-z][\w'/&-]*(?: [\w'/&-]+){0,4}?"
_WHERE = re.compile(
    rf"(?is)^(?P<title>.{{3,90}}?),? (?:where|in which|with which|through which) (?P<rest>{CLAUSE}.*|[a-z][\w-]*s \(.*)$"
)
_WANTS = re.compile(
    r"(?is)^(?P<title>(?:an?|the|my|our) [a-z][\w -]{1,40}?) (?:wants|needs|would like)(?: (?:to (?:have|store|keep|track|manage)|[\w ]{3,40}?))?:\s*(?P<rest>\S.*)$"
)
_BEFORE_DEFINITION = re.compile(
    rf"(?is)^(?P<title>{_NAME}(?:, {_NAME})?)\s*(?:: | - |, )(?P<rest>[a-z][\w-]*(?: [a-z][\w-]*)?(?:: | \()\S.*)$"
)
_BEFORE_CLAUSE = re.compile(
    rf"(?is)^(?P<title>{_NAME})\s*(?P<mark>:|,| - )\s*(?P<rest>{CLAUSE}.*)$"
)
_WITH = re.compile(rf"(?is)^(?P<title>{_NAME}) (?:with|for|of) (?P<rest>\S.*)$")
_SPEAKS = re.compile(
    r"(?i)\b(?:can(?:not|'t)?|must|may|should|will|is|are|has|have|belongs?|do|does|need|needs|want|"
    r"keeps?|stores?|tracks?|manages?|that|which|who|where|with|having)\b"
)
_LONGEST_TITLE = 6


@dataclass(frozen=True, slots=True)
class Titled:
    """A first sentence: its title, the bare things that it lists, and what is left to read.

    `rest` is None where the sentence is read as it stands.
    """

    title: str = ""
    nouns: tuple[str, ...] = ()
    rest: str | None = None


def titled(prompt: Prompt) -> Titled:
    """What the first sentence of a prompt says as a title; nothing where it is none."""
    if prompt.sentences[0].is_heading:
        return Titled()
    text = without_language(prompt.sentences[0].text)
    later = " ".join(sentence.text.lower() for sentence in prompt.sentences[1:])
    nouns = listed_nouns(text)
    if nouns:
        return Titled(listed_title(text), nouns)
    for reading in (
        _wanted,
        _before_a_clause,
        _before_a_definition,
        _with_its_things,
        _things,
        _alone,
    ):
        found = reading(text, later)
        if found is not None:
            return found
    enough = len(prompt.plain.split()) > _LONGEST_TITLE - 2
    return Titled(listed_title(text) if enough else "")


def _before_a_clause(text: str, _later: str) -> Titled | None:
    """ "University: professors teach courses", "Meeting rooms booking, rooms have a name"."""
    match = _BEFORE_CLAUSE.match(text)
    if match is None or not _is_name(match["title"]):
        return None
    title, rest = match["title"], match["rest"]
    subject = bare(re.split(r"\s", rest, maxsplit=1)[0]) or bare(rest)[:1]
    same = singular(words_of(title)[-1]) in {singular(word) for word in subject}
    if match["mark"] == "," and (is_plural(words_of(title)[-1]) or "," in title):
        return None
    return None if same and match["mark"] == "," else Titled(without_wish(title), (), rest)


def _wanted(text: str, _later: str) -> Titled | None:
    """ "Build an API for a gym where members book classes", "A gym wants: members have …"."""
    match = _WANTS.match(text) or _WHERE.match(text)
    if match is None or re.search(r"[:(]", match["title"]):
        return None
    return Titled(without_wish(match["title"]), (), match["rest"])


def _before_a_definition(text: str, _later: str) -> Titled | None:
    """ "Podcast app: shows: title, host", "Kitchen stock - ingredients: name, unit"."""
    match = _BEFORE_DEFINITION.match(text)
    if match is None or not _is_name(match["title"].replace(",", " ")):
        return None
    title, rest = match["title"], match["rest"]
    noun = re.split(r"[:(]", rest, maxsplit=1)[0].strip()
    telling = rest[len(noun) :].lstrip().startswith(":") or is_plural(noun.split()[-1].lower())
    if "," in title and opening(title) is None:
        return None
    if not telling or not is_entity_phrase(noun) or is_plural(words_of(title)[-1]):
        return None
    return Titled(without_wish(title), (), rest) if type_of(bare(noun)) is FieldType.TEXT else None


def _with_its_things(text: str, later: str) -> Titled | None:
    """ "Veterinary clinic with owners, pets and visits", "Backend of a shop with …"."""
    match = _WITH.match(text)
    if match is None or not _is_name(match["title"]) or opening(text) is not None:
        return None
    title = match["title"]
    items = list_items(match["rest"])
    things = [item for item in items if _is_thing(item, later)]
    head = words_of(title)[-1]
    known = re.search(rf"\b(?:{re.escape(head)}|{re.escape(plural(head))})\b", later)
    fielded = [item for item in items if re.fullmatch(r"[a-z][\w -]*s \([^()]*,.*\)", item)]
    alone = not re.match(r"(?i)(?:an?|the|each|every)\s", without_wish(text)) and not known
    if fielded and len(fielded) + len(things) == len(items) and alone and not is_plural(head):
        return Titled(without_wish(title), (), match["rest"])
    # "Blog with posts, comments and tags": what stands among records is one, whatever its name.
    among = all(is_plural(words_of(item)[-1]) and len(words_of(item)) == 1 for item in items)
    if len(things) < 2 or (len(things) != len(items) and not among) or is_plural(head) or known:
        return None
    return Titled(without_wish(title), tuple(items), "")


_MANAGES = re.compile(
    r"(?i)^(?:manage|track|store|keep(?: track of)?|handle|organi[sz]e|record)\s+(?:(?:all|the|my|our|their)\s+)*"
)


def _things(text: str, later: str) -> Titled | None:
    """ "Real estate listings, agents and viewings." before sentences on listings and agents."""
    plain = without_wish(text).strip(" .")
    items = list_items(re.sub(_MANAGES, "", plain))
    if not later or len(items) < 2 or not all(_is_thing(item, later) for item in items):
        return None
    return Titled("", tuple(_told(item, later) for item in items), "")


def _is_thing(item: str, later: str) -> bool:
    words = bare(item)
    return is_bare_plural(item) or (
        0 < len(words) <= 3
        and is_plural(words[-1])
        and is_entity_phrase(item)
        and re.search(rf"\b(?:{re.escape(words[-1])}|{re.escape(singular(words[-1]))})\b", later)
        is not None
    )


def _told(item: str, later: str) -> str:
    """The name by which the sentences after it call a thing: "real estate listings" → listings."""
    words = bare(item)
    whole = " ".join((*words[:-1], singular(words[-1])))
    if len(words) == 1 or " ".join(words) in later or whole in later:
        return item
    return words[-1] if re.search(rf"\b{re.escape(singular(words[-1]))}", later) else item


def _alone(text: str, later: str) -> Titled | None:
    """ "Build me a helpdesk.", "Movie ratings.": a sentence of a name only, before others."""
    plain = without_wish(text).strip(' ."')
    if not later or re.search(r"[,:({]", plain) or not _is_name(plain):
        return None
    if not is_entity_phrase(plain, longest=_LONGEST_TITLE):
        return None
    wished = plain != text.strip(' ."')
    words = words_of(plain)
    if opening(text) is not None or not words or (wished and is_plural(words[-1])):
        return None
    return Titled(plain, (), "")


def _is_name(title: str) -> bool:
    words = words_of(without_wish(title))
    return 0 < len(words) <= _LONGEST_TITLE and not _SPEAKS.search(title)
