"""A title with its list of things, said as sentences of their own.

"Vehicle fleet: cars (plate, make), trips (car, start)" names two kinds of records and a title; as
"cars has plate, make" and "trips has car, start" the definitions read it like any other.
"""

import re
from collections.abc import Iterator

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.understanding.chains import chained, with_its_chain
from quantumlayer.builtin.understanding.phrases import bare, is_entity_phrase
from quantumlayer.builtin.understanding.protection import protect, restore
from quantumlayer.builtin.understanding.text import (
    list_items,
    parenthesised,
    top_level_split,
)
from quantumlayer.builtin.understanding.types import type_of
from quantumlayer.builtin.understanding.verbs import (
    CLAUSE,
    LINKING,
    MAKING,
    STAYING,
)
from quantumlayer.builtin.understanding.words import is_plural, plural, singular, words_of

_TITLE = re.compile(
    r"(?is)^(?P<title>(?:(?:an?|the|my|our|simple|build|create|make|write|me)\s+)*[a-z][\w'/-]*(?:\s+[\w'/-]+){0,5}?)"
    r"\s*(?P<mark>:|\s-\s|\bwith\b|\bhas\b|\bthat has\b)\s*(?P<rest>\S.*)$"
)
_COMMAS = re.compile(r"\s*,\s*(?:and\s+)?|(?<=\))\s+and\s+")
_MANAGING = frozenset({"management", "tracker", "planner", "organizer", "organiser", "crm", "erp"})
_VERB = re.compile(
    r"(?i)\b(?:is|are|has|have|can|cannot|must|should|may|belongs?|contains?|consists?|needs?|links?)\b"
)
# Of these a parenthesis lists the values, not the fields.
_VALUED = frozenset(
    {
        "status",
        "state",
        "type",
        "kind",
        "priority",
        "category",
        "level",
        "role",
        "condition",
        "stage",
    }
    | {
        "size",
        "gender",
        "color",
        "colour",
        "currency",
        "unit",
        "severity",
        "grade",
        "genre",
        "phase",
    }
    | {"species", "method", "mode", "rating", "frequency", "visibility", "language", "position"}
)
_CONSTRAINT = re.compile(
    r"(?i)^(?:required|optional|unique|mandatory|default\b.*|(?:max|min)\b.*|at (?:most|least)\b.*|not .*|"
    r"one of\b.*|positive|[<>=\d].*|-\d.*|e\.?g\.?.*|i\.?e\.?.*|in \w+|must\b.*|can\b.*|read-?only)$"
)
_RELATIVE = re.compile(r"(?i)^(?:belongs?|belonging|linked|assigned)\b")
_SOFT = re.compile(r"(?i)^(?:each|every|all|an?|the|some|many|several)\s+")


_STORY = re.compile(
    r"(?i)^as an? [\w -]{2,40}?,? i (?:want|need|would like|wish)(?: (?:to be able )?to| that)?\s+"
)
_PURPOSE = re.compile(
    r"(?i),? (?:so(?: that)?|in order that) (?:i|we|they|people|users|you|everyone|everybody|no ?one)\b.*$|,? in order to \w+.*$"
)
_WISH = re.compile(
    r"(?i)^(?:(?:be able )?to )?(?:register|add|create|manage|store|record|see|list|view|edit|track|"
    r"save|enter|plan|schedule|define|log|write|organi[sz]e|offer|set up|keep(?: track of)?) (?=(?:an? |the |all |my |our |new )?[\w-]+(?: [\w-]+)? (?:with|having|\())"
)
_WHICH = re.compile(
    r"(?i)^(?:record|track|log|note|see|know|store|keep track of) which (?P<who>[a-z]+) (?P<deed>[a-z]+(?:ed|es|s)?) which (?P<what>[a-z]+)$"
)
_DEFAULT = re.compile(
    r"(?i),\s*((?:and )?default(?:s|ing)?(?: is| to| of)? [\w.-]+)(?=\s*(?:,|$|\band\b))"
)
_VALUES = re.compile(
    r"(?i)\b(status|state|stage|type|category|priority|condition|level|kind|role|species|size)\s*:\s*"
    r"([\w-]+(?: [\w-]+)?(?:\s*,\s*(?:or |and )?[\w-]+(?: [\w-]+)?)*(?:,? (?:or|and) [\w-]+(?: [\w-]+)?)?)(?=\s*(?:$|[.;)]))"
)
_WITH_WHOM = re.compile(
    r"(?i)^(?:(?:an?|the|each|every) )?(?P<noun>[\w-]+) (?:is|are) (?:with|between|for) (?P<whom>(?:an? |the )?[a-z][\w-]*"
    r"(?:(?:, | and )(?:an? |the )?[a-z][\w-]*)+?)(?: (?:on|at) (?:an? |the )?(?P<when>[\w ]+))?$"
)
_EACH = re.compile(
    r"(?i)^(?P<title>[\w' -]{2,60}?):\s*(?P<rest>(?:each|every|an?|one|the) (?P<noun>[\w-]+) (?:has|have|with|belongs|contains|consists)\b.*)$"
)
# "Report: total amount per category" asks for a figure; no report is kept.
_REPORT = re.compile(
    r"(?i)^(?:an? |the )?(?:reports?|statistics|stats|summary|overview|analytics|figures)\s*:\s*"
    r"(?=(?:the )?(?:total|number|sum|average|mean|count|how many|amount)\b)"
)
_MANY_NAMES = re.compile(r"(?i)\bunique (name|title|email|code|number|slug|label|username)s\b")
_STEPS = re.compile(
    r"(?i)\b(?P<field>status|state|stage)(?::| is| which is)?\s+(?P<path>[a-z_]+(?: [a-z_]+)?(?:\s*(?:->|=>|\u2192)\s*[a-z_]+(?: (?!or\b|and\b)[a-z_]+)?(?: or [a-z_]+)*)+)(?=\s*(?:$|[,;.)]| and ))"
)
_PATH = re.compile(
    r"(?i)\b(?P<field>status|state|stage)(?: (?:which|that))? (?:goes|moves|changes|going|moving) "
    r"from (?P<path>[\w -]+?(?: to [\w -]+?)+)(?=$|[,;.])"
)


def without_story(text: str) -> str:
    """A user story without who wishes and why: "as a clerk I want to see books" → see books."""
    told = _STORY.sub("", text)
    if told == text:
        return text
    plain = _WISH.sub("", _PURPOSE.sub("", told))
    which = _WHICH.match(plain)
    return f"{plural(which['who'])} {which['deed']} {plural(which['what'])}" if which else plain


def with_its_parts(text: str) -> str:
    """ "An appointment is with a doctor and a patient on a date" says what an appointment has."""
    match = _WITH_WHOM.match(text)
    if match is None:
        return with_its_chain(text)
    when = f", {match['when']}" if match["when"] else ""
    return f"{match['noun']} has {match['whom']}{when}"


def listed_title(text: str) -> str:
    """The title that stands before a list of things, or that is a first sentence; else nothing."""
    title, _ = _title_and_items(text)
    words = words_of(text)
    if not title and 0 < len(words) <= 4 and not re.search(r"[,:(]|\band\b", text):
        return "" if _VERB.search(text) or is_plural(words[-1]) else text.strip(" .")
    return title


def listed_nouns(text: str) -> tuple[str, ...]:
    """The things that stand behind a title without fields of their own."""
    _, items = _title_and_items(text)
    return tuple(item for item in items if is_bare_plural(item))


def unlisted(text: str, *, first: bool) -> Iterator[str]:
    """The statements that a sentence is made of; one that is no such list comes back as it is.

    `first`: only a text's first sentence has a title, which is left out: `listed_title` gives it.
    """
    text = _REPORT.sub("", text)
    text = _MANY_NAMES.sub(r"a unique \1", _DEFAULT.sub(r" (\1)", without_story(text)))
    text = _VALUES.sub(r"\1 (\2)", text)
    several = _several(text)
    if several:
        for part in several:
            yield from unlisted(part, first=False)
        return
    each = _EACH.match(text)
    if each is not None and words_of(each["title"])[-1:] == (plural(each["noun"].lower()),):
        text = each["rest"]
    path = _PATH.search(text)
    if path is not None and re.search(r"(?i)\b(?:has|have|with)\b", text[: path.start()]):
        values = ", ".join(path["path"].split(" to "))
        yield from unlisted(
            f"{text[: path.start()]}{path['field']} ({values}){text[path.end() :]}", first=first
        )
        yield f"{path['field']} goes from {path['path']}"
        return
    steps = _STEPS.search(text)
    if steps is not None and re.search(r"(?i)\b(?:has|have|with)\b|:", text[: steps.start()]):
        found = re.split(r"\s*(?:->|=>|\u2192)\s*|\s+or\s+", steps["path"])
        yield from unlisted(
            f"{text[: steps.start()]}{steps['field']} ({', '.join(found)}){text[steps.end() :]}",
            first=first,
        )
        yield f"{steps['field']} goes from {steps['path']}"
        return
    title, items = _title_and_items(text) if first else ("", ())
    if title:
        for item in items:
            if not is_bare_plural(item):
                yield from _spelled_out(item, parts=1)
        return
    items = top_level_split(text, _COMMAS)
    things = ", ".join(item for item in items if not _is_statement(item))
    if len(items) > 1 and not _VERB.search(parenthesised(things)[0]):
        fielded = [item for item in items if _fields_of(item)]
        if len(fielded) > 1:
            for item in items:
                yield from _spelled_out(item)
            return
    listed = list_items(text)
    if len(listed) > 1 and all(_is_thing(item) for item in listed):
        for item in listed:
            yield from _spelled_out(item, parts=1)
        return
    yield from _spelled_out(text) if _fields_of(text) else (text,)


_MANY_WITH = re.compile(
    r"(?is)^(?P<whole>(?:an? |each |every |the )?[\w -]{2,40}? (?:contains?|consists? of|includes?|(?:can )?(?:has|have) (?:many|multiple|several|one or more|1 or more|any number of|a list of|at least one)))"
    r" (?:many |several |multiple )?(?P<parts>[a-z][\w-]*(?: [a-z][\w-]*)?)(?:,? each)? (?:with|having) (?P<fields>\S.*)$"
)
_DOING = re.compile(
    rf"(?is)^(?P<deed>(?:(?:an? |each |every |the )?[a-z][\w-]* (?:can |may )?(?:{LINKING}|{MAKING}) (?P<things>[a-z][\w-]*s)|"
    r"(?P<belonging>[a-z][\w-]*s) (?:belong to|are (?:of|in|for|on|made by|part of)) (?:an? |the |one )?[a-z][\w -]*?)): (?P<fields>[^:]+,.+)$"
)
_GIVEN = re.compile(
    r"(?is)^(?P<said>(?:the )?(?P<noun>[a-z][\w-]*s) (?:is|are|have|must be) [^,]*), (?P<how>(?:given|made|done|recorded|written|held|placed|assigned) (?:to|by|for|in|on|at) .+)$"
)
_PARENTHESISED = re.compile(
    r"(?P<noun>\b[a-z][\w-]*) \((?P<fields>[^()]*,[^()]*|[\w ]+)\)", re.IGNORECASE
)


# "A customer places an order for one or more products with quantity".
_ORDERED = re.compile(
    r"(?is)^(?:(?:an? |the |each )?(?P<who>[a-z][\w-]*?)s? (?:can |may |should be able to )?)?"
    r"(?:place|make|create|submit|put together|send)s? (?:an? |new )*(?P<whole>[a-z][\w-]*?)s? (?:for|of|with|containing|that contains?) "
    r"(?:1 or more|one or more|several|many|multiple|some|at least one|at least 1) (?P<parts>[a-z][\w-]*(?: [a-z][\w-]*)?s)"
    r"(?:,? (?:each )?(?:with|and|including|in)(?: an?| their| its| the)? (?P<fields>[^.]+))?$"
)


def _ordered(text: str) -> tuple[str, ...]:
    """What an order of several products is made of, as definitions; none for other texts."""
    match = _ORDERED.match(text)
    if match is None or not is_plural(words_of(match["parts"])[-1]):
        return ()
    whole, parts, fields = match["whole"], match["parts"], match["fields"]
    own = words_of(parts)[0] == whole.lower()
    lines = parts if own else f"{whole} items"
    told = [] if own else [f"a {' '.join((*words_of(parts)[:-1], singular(words_of(parts)[-1])))}"]
    told += [fields] if fields else []
    owner = (f"{whole}s belong to a {match['who']}",) if match["who"] else ()
    held = (f"{lines} have {' and '.join(told)}",) if told else ()
    return (*owner, f"each {whole} has many {lines}", *held)


def _several(text: str) -> tuple[str, ...]:
    """The statements that one sentence makes at once; none when it makes but one."""
    ordered = _ordered(text)
    if ordered:
        return ordered
    many = _MANY_WITH.match(text)
    limited = many is not None and re.match(r"(?i)\d|max|min|at (?:least|most)", many["fields"])
    if many is not None and is_plural(words_of(many["parts"])[-1]) and not limited:
        return (f"{many['whole']} {many['parts']}", f"{many['parts']} have {many['fields']}")
    doing = _DOING.match(text)
    things = (doing["things"] or doing["belonging"]) if doing is not None else ""
    if doing is not None and is_plural(things.lower()):
        return (doing["deed"], f"{things} have {doing['fields']}")
    given = _GIVEN.match(text)
    if given is not None:
        return (f"{given['noun']} are {given['how']}", given["said"])
    outside = _PARENTHESISED.sub(lambda match: match["noun"], text)
    fielded = [match for match in _PARENTHESISED.finditer(text) if is_plural(match["noun"].lower())]
    if len(fielded) > 1 and re.match(rf"(?i)(?:{CLAUSE})", outside) and "," not in outside:
        definitions = tuple(f"{match['noun']} have {match['fields']}" for match in fielded)
        return (*definitions, outside)
    return ()


def _title_and_items(text: str) -> tuple[str, tuple[str, ...]]:
    match = _TITLE.match(text.strip())
    if match is None or _VERB.search(match["title"]):
        return "", ()
    rest = match["rest"].strip(" .")
    items = top_level_split(rest, _COMMAS)
    if not any(_fields_of(item) for item in items):
        items = list_items(rest)
    listed = items
    # "…, no more guests than seats": what says something by itself is no thing of the list.
    items = tuple(item for item in items if not _is_statement(item))
    items = _continued(items)
    if len(listed) > 1:
        listed = _continued(listed)
    fielded = [item for item in items if _fields_of(item, parts=1)]
    bare_nouns = [item for item in items if is_bare_plural(item)]
    title = match["title"].strip()
    manages = words_of(title)[-1:] and words_of(title)[-1] in _MANAGING
    if (
        (match["mark"] in {":", " - "} or manages)
        and len(items) > 1
        and len(bare_nouns) == len(items)
    ):
        return ("", ()) if is_plural(words_of(title)[-1]) else (title, items)
    strictly = [item for item in fielded if _fields_of(item)]
    enough = len(items) - 1 if strictly else len(items)
    if fielded and len(fielded) + len(bare_nouns) >= enough and len(items) > 1:
        return title, listed
    return "", ()


def _continued(items: tuple[str, ...]) -> tuple[str, ...]:
    """ "Orders for a cake with quantity (1 to 20), pickup date": the last item goes on."""
    found: list[str] = []
    for item in items:
        goes_on = found and re.search(r"(?i)\s(?:with|having)\s", found[-1])
        own = _fields_of(item, parts=1) or is_bare_plural(item) or _is_statement(item)
        if goes_on and not own and not re.search(r"(?i)\s(?:with|has|have)\s|:", item):
            found[-1] = f"{found[-1]}, {item}"
        else:
            found.append(item)
    return tuple(found)


_STATEMENT = re.compile(
    rf"(?i)^(?:{CLAUSE} |(?:no|not|only|at most|max|never|one|1|two)\b .*\b(?:per|than|for|at|on|in|cannot)\b|"
    rf"(?:an? |the |each |every )?[\w-]+ (?:{STAYING}) (?:in|at|on|to|for|from) )|\b(?:cannot|can't|can not|must|may not|should)\b"
)


def _is_statement(item: str) -> bool:
    outside, _ = parenthesised(item)
    return _STATEMENT.search(outside) is not None


def _is_thing(item: str) -> bool:
    """Whether an item is the name of a kind of record with its fields behind it."""
    outside, inside = parenthesised(item.strip(" ."))
    return bool(inside) and is_bare_plural(outside) and _fields_of(item, parts=1) is not None


def is_bare_plural(item: str) -> bool:
    """Whether an item of a list names a kind of record and says no more of it: "pets"."""
    words = words_of(item)
    return (
        0 < len(words) <= 3
        and is_plural(words[-1])
        and type_of(words) is FieldType.TEXT
        and is_entity_phrase(item)
        and "(" not in item
    )


# "Ingredients (name, amount) that belong to a recipe".
_BEHIND = re.compile(
    r"(?i)^(?P<item>(?P<noun>[a-z][\w -]*?) \(.+\)),? (?:that|which|who|each) (?P<relation>(?:belongs?|are|is) .+)$"
)


def _fields_of(item: str, parts: int = 2) -> tuple[str, tuple[str, ...]] | None:
    """The noun and the fields of "cars (plate, make)"; None for "status (open, closed)".

    `parts`: of how many parts "showings of a movie in a hall" must be.
    """
    relative = _BEHIND.match(item.strip(" ."))
    if relative is not None:
        item = relative["item"]
    chain = chained(item, parts) if "same" not in item else None
    if chain is not None:
        return chain
    outside, inside = parenthesised(item.strip(" ."))
    if len(inside) != 1 or not item.rstrip(" .").endswith(")"):
        return None
    noun = _SOFT.sub("", outside).strip(" :")
    words = bare(noun)
    if not words or not is_entity_phrase(noun) or words[-1] in _VALUED:
        return None
    fields = tuple(restore(field) for field in list_items(protect(inside[0])))
    if all(_CONSTRAINT.match(field) for field in fields):
        return None
    if not is_plural(words[-1]):
        if type_of(words) is not FieldType.TEXT or len(fields) < 2:
            return None
        telling = [field for field in fields if _tells_a_field(field)]
        if len(telling) * 2 < len(fields):
            return None
    return noun, fields


def _tells_a_field(field: str) -> bool:
    words = words_of(re.split(r"[:(<>=]", field)[0])
    return bool(words) and (
        type_of(words) is not FieldType.TEXT
        or words[-1]
        in {"name", "title", "code", "number", "isbn", "sku", "author", "label", "slug"}
        or bool(re.search(r"(?i)\b(?:unique|required|optional)\b", field))
    )


def _spelled_out(item: str, parts: int = 2) -> Iterator[str]:
    found = _fields_of(item, parts)
    if found is None:
        yield item
        return
    noun, fields = found
    relative = _BEHIND.match(item.strip(" ."))
    own = [field for field in fields if not _RELATIVE.match(field)]
    if own:
        yield (
            f"{noun} have {', '.join(own)}"
            if is_plural(bare(noun)[-1])
            else (f"{noun} has {', '.join(own)}")
        )
    else:
        yield noun
    for field in fields:
        if _RELATIVE.match(field):
            yield f"{noun} {field}"
    if relative is not None:
        yield f"{noun} {relative['relation']}"
