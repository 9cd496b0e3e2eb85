"""Other ways of saying the same: turns of phrase brought to the form that a rule family reads.

Each rewriting keeps the meaning; what it needs to know of the domain it looks up in the draft.
"""

import re
from collections.abc import Callable, Iterator

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.understanding.draft import Draft, EntityDraft
from quantumlayer.builtin.understanding.fields import settled_type
from quantumlayer.builtin.understanding.phrases import find_entity, find_field
from quantumlayer.builtin.understanding.rules.counting import date_field
from quantumlayer.builtin.understanding.text import list_items
from quantumlayer.builtin.understanding.words import article

_NP = r"[\w'-]+(?: [\w'-]+){0,2}?"
_DET = r"(?:an? |the |each |every |any |all )?"
_MODAL = r"(?:can|cannot|must|is|are|has|have|needs?)"

_Rewriting = Callable[[Draft, str], Iterator[str]]


def paraphrases(draft: Draft, text: str) -> Iterator[str]:
    """Other canonical texts of the same meaning as a canonical text, the text itself left out."""
    seen = {text}
    waiting = [text]
    while waiting and len(seen) < 12:
        current = waiting.pop(0)
        for rewriting in _REWRITINGS:
            for other in rewriting(draft, current):
                plain = " ".join(other.split()).strip(" ,")
                if plain and plain not in seen:
                    seen.add(plain)
                    waiting.append(plain)
                    yield plain


def _state_behind(_draft: Draft, text: str) -> Iterator[str]:
    """ "A ticket in state closed must …", "a ticket that is solved must …" → a solved ticket must."""
    match = re.match(
        rf"^(?P<det>{_DET})(?P<noun>{_NP}),? (?:(?:in|with|of)(?: the| a)? (?:state|status)(?: of)?|"
        r"(?:that|which|who|whose (?:state|status)) (?:is|are|has been|have been|was)(?: already| currently| marked as| in)*) "
        rf"['\"]?(?P<state>[\w-]+)['\"]?,? (?P<rest>{_MODAL} .+)$",
        text,
    )
    if match is not None:
        yield f"{match['det']}{match['state']} {match['noun']} {match['rest']}"
    counted = re.match(
        rf"^(?P<limit>(?:at most|only|no more than) \d+|\d+) (?P<noun>{_NP}) in (?:state |status )?(?P<state>[\w-]+)(?P<rest> (?:per|for each|at a time|for)\b.*)$",
        text,
    )
    if counted is not None:
        yield f"{counted['limit']} {counted['state']} {counted['noun']}{counted['rest']}"
    behind = re.match(
        r"^(?P<before>(?:if|when|once|after) .+? (?:is|are)) in(?: the| a)? (?:state|status)(?: of)? (?P<after>.+)$",
        text,
    )
    if behind is not None:
        yield f"{behind['before']} {behind['after']}"


def _moment_of(draft: Draft, text: str) -> Iterator[str]:
    """ "Expenses cannot be dated in the future" → the date of an expense cannot be in the future."""
    match = re.match(
        rf"^{_DET}(?P<noun>{_NP}) (?P<modal>cannot|must|can only)(?: only)?(?: be| lie| happen| take place)*"
        r"(?: dated| made| placed| recorded| scheduled| entered| logged| created| booked| planned| started)?"
        r" (?P<where>(?:only )?(?:in|for|within) the (?:past|future)(?: .*)?|before today|after today|(?:for|on|in) (?:an? )?(?:past|future) (?:days?|dates?|times?))$",
        text,
    )
    found = find_entity(draft, match["noun"]) if match else None
    if match is None or found is None or found.adjectives:
        return
    dated = date_field(found.entity)
    if dated is None:
        return
    where = re.sub(r"^only ", "", match["where"])
    where = re.sub(r"^(?:in|for|on|within) (?:an? |the )?(past|future).*", r"in the \1", where)
    modal = "cannot be" if match["modal"] == "cannot" else "must be"
    yield f"the {dated.label} of {article(found.entity.label)} {modal} {where}"


def _measure_of(draft: Draft, text: str) -> Iterator[str]:
    """ "Grades are between 0 and 100", "comments are at most 500 characters": of what they hold."""
    match = re.match(
        rf"^{_DET}(?P<noun>{_NP}) (?P<modal>must be|cannot be|can be|can have|is|are|has|have|must have|go|range|ranges)"
        r" (?P<what>(?:only )?(?:whole numbers? )?(?:between|from|at (?:most|least)|more than|less than|greater than|positive|negative|not negative|above|below|max|min|over|under|-?\d).*)$",
        text,
    )
    found = find_entity(draft, match["noun"]) if match else None
    if match is None or found is None or found.adjectives:
        return
    field = _measured(found.entity, letters="char" in match["what"] or "letter" in match["what"])
    what = re.sub(r"^max\b", "at most", match["what"])
    counted = re.search(r"\d (?P<unit>[a-z]+s)\b", what)
    if counted and find_entity(draft, counted["unit"]) is not None:
        return
    if field:
        modal = "cannot be" if match["modal"] == "cannot be" else "must be"
        yield f"the {field} of {article(found.entity.label)} {modal} {what}"


def _measured(entity: EntityDraft, *, letters: bool) -> str:
    """The one field that holds what a grade, a bid or a comment is."""
    texts = {FieldType.TEXT, FieldType.LONG_TEXT}
    numbers = {FieldType.INTEGER, FieldType.DECIMAL}
    wanted = texts if letters else numbers
    names = (
        ("text", "body", "content", "message")
        if letters
        else ("value", "score", "amount", entity.words[-1])
    )
    fields = [each for each in entity.fields.values() if settled_type(each) in wanted]
    for name in names:
        for each in fields:
            if each.words[-1] == name:
                return each.label
    if len(fields) == 1 and not letters:
        return fields[0].label
    told = any(each.type is not FieldType.REFERENCE for each in entity.fields.values())
    return "" if letters or (told and entity.words[-1] not in _MEASURES) else "value"


_MEASURES = frozenset({"grade", "rating", "score", "mark", "vote", "bid", "reading", "measurement"})


def _once_so(_draft: Draft, text: str) -> Iterator[str]:
    """ "Once shipped, a pallet cannot be changed" → a shipped pallet cannot be changed."""
    match = re.match(
        rf"^(?:once|when|after|if|as soon as) (?:(?:it|they) (?:is|are|has been|have been) )?(?P<state>[\w-]+),? (?P<det>{_DET})(?P<noun>{_NP}) (?P<rest>(?:cannot|can|must) .+)$",
        text,
    )
    if match is not None:
        yield f"{match['det']}{match['state']} {match['noun']} {match['rest']}"


def _none_in(_draft: Draft, text: str) -> Iterator[str]:
    """ "No orders for a pickup date in the past" → the pickup date of an order cannot be …"""
    match = re.match(
        rf"^no (?P<noun>{_NP}) (?:for|on|with|at) (?:an? |the )?(?P<field>{_NP}) (?P<where>in the (?:past|future))(?: (?:are|is) allowed)?$",
        text,
    )
    if match is not None:
        yield f"the {match['field']} of {match['noun']} cannot be {match['where']}"


def _none_made_in(_draft: Draft, text: str) -> Iterator[str]:
    """ "You cannot make an appointment in the past", "no visits in the past"."""
    match = re.match(
        rf"^(?:(?:you|we|users?|people|1|nobody|customers?) )?cannot (?:make|book|create|schedule|plan|add|enter|place|have|record) {_DET}(?P<noun>{_NP}) (?:in|for) (?:the )?(?P<when>past|future)(?: dates?)?$",
        text,
    ) or re.match(
        rf"^no (?P<noun>{_NP})(?: (?:can|must) be)?(?: made| booked| planned| entered)? in (?:the )?(?P<when>past|future)(?: (?:are|is) (?:allowed|possible))?$",
        text,
    )
    if match is not None:
        yield f"{match['noun']} cannot be in the {match['when']}"


def _without_verb(draft: Draft, text: str) -> Iterator[str]:
    """ "Minutes between 15 and 180", "watering date not in the future": what a field must be."""
    match = re.match(
        r"^(?P<field>[a-z][\w' -]*?) (?P<what>(?:between|from) -?\d.+|(?:at least|at most|more than|less than|greater than|[<>]=?) ?-?\d[\w. %]*|"
        r"(?:not |only )?in the (?:past|future)|not negative|positive|not (?:empty|null)|max \d.*|min \d.*)$",
        text,
    )
    if match is None or re.search(
        r"^(?:no|not|never|only)\b|\b(?:must|cannot|can|is|are|has|have)$", match["field"]
    ):
        return  # "no orders for a date in the past" says the opposite
    if find_field(draft, match["field"], draft.context) is not None:
        yield f"{match['field']} must be {match['what']}"


def _but_not(_draft: Draft, text: str) -> Iterator[str]:
    """ "Orders can be cancelled but not deleted" forbids; "cannot be edited, only deleted" too."""
    match = re.match(
        rf"^(?P<noun>{_DET}{_NP}(?: {_NP})?) can be [\w ]+?,? but (?:not|never|cannot be) (?P<verb>.+)$",
        text,
    )
    if match is not None:
        yield f"{match['noun']} cannot be {match['verb']}"
    only = re.match(r"^(?P<rule>.+ cannot be \w+),? (?:but )?only (?:be )?\w+$", text)
    if only is not None:
        yield only["rule"]


def _made_only_on(_draft: Draft, text: str) -> Iterator[str]:
    """ "Comments can only be made on published posts" → an unpublished post cannot have comments."""
    match = re.match(
        rf"^(?P<made>{_DET}{_NP}) (?:can only be|must be|can be|are only|is only|are|is)(?: only)? (?:\w+ed |made |written |given |allowed |possible |accepted )*"
        rf"(?:only )?(?:on|for|to|in|of|at|with) (?P<det>{_DET})(?P<state>[\w-]+) (?P<noun>{_NP})$",
        text,
    )
    if match is not None and "only" in text:
        yield f"{match['made']} can be made only on {match['state']} {match['noun']}"


def _over_full(_draft: Draft, text: str) -> Iterator[str]:
    """ "Classes cannot be overbooked" → no overbooking of classes."""
    match = re.match(
        rf"^{_DET}(?P<noun>{_NP}) (?:cannot|must not) be over-?(?:booked|filled|sold|crowded)$",
        text,
    )
    if match is not None:
        yield f"no overbooking of {match['noun']}"


def _report(_draft: Draft, text: str) -> Iterator[str]:
    """ "Total expenses per category report" → total expenses per category."""
    match = re.match(
        r"^(?:an? |the )?(?P<what>.+?) (?:report|overview|statistics?|summary|chart)$", text
    )
    if match is not None:
        yield match["what"]
    before = re.match(
        r"^(?:an? |the )?(?:monthly |daily |yearly )?(?:report|overview|statistics?|summary)(?: with| of| on| for| about|:| showing| that shows)* (?P<what>.+)$",
        text,
    )
    if before is not None:
        yield f"total {before['what']}" if re.match(r"\w+ per ", before["what"]) else before["what"]


def _stock(_draft: Draft, text: str) -> Iterator[str]:
    """ "You cannot sell more than what is in stock" → sales cannot exceed the stock."""
    match = re.match(
        r"^(?:(?:you|we|one|i|users?|customers?|people|nobody) )?cannot (?P<verb>[a-z]+)(?: out)? more(?: (?P<what>[a-z ]+?))? than (?:what |there )?(?:is |are |we have |the |its |their )*"
        r"(?:in |on |available in )?(?:the )?(?P<limit>[a-z ]+?)(?: available)?$",
        text,
    )
    if match is not None:
        limit = "stock" if match["limit"] in {"available", "hand", "there"} else match["limit"]
        yield f"total quantity cannot exceed {limit}"
        yield f"the quantity cannot exceed the {limit}"


def _listed_subjects(_draft: Draft, text: str) -> Iterator[str]:
    """ "Neither a driver nor a car can …" is two rules; each is read by itself elsewhere."""
    match = re.match(
        r"^neither (?P<one>.+?) (?:nor|or) (?P<other>.+?) (?P<modal>can|must) (?P<rest>.+)$", text
    )
    if match is not None:
        yield f"{match['one']} cannot {match['rest']}"


def _exactly_once(_draft: Draft, text: str) -> Iterator[str]:
    """ "One review per guest" said as "a guest writes one review", "only one review by guest"."""
    match = re.match(
        rf"^(?P<who>{_DET}{_NP}) (?:can|must|may)? ?(?P<verb>[a-z]+) (?:each|every|the same|an?|the) (?P<what>{_NP}) (?:only )?(?:once|1 time)(?: only)?$",
        text,
    )
    if match is not None:
        yield f"{match['who']} can {match['verb']} the same {match['what']} only once"


def two_limits(draft: Draft, text: str) -> tuple[str, ...]:
    """ "X must be between the start and the end of Y" as its two sides; nothing for other texts."""
    twice = re.match(
        r"^(?P<first>(?:only |at most )?\d+ (?P<noun>[\w-]+) per .+?) and (?P<second>(?:only |at most )?\d+) per (?P<per>.+)$",
        text,
    )
    if twice is not None:
        return (twice["first"], f"{twice['second']} {twice['noun']} per {twice['per']}")
    match = re.match(
        r"^(?P<left>.+?) (?P<modal>must|cannot|has to)(?: always)?(?: be| lie| fall| happen| take place)* (?:between|within) (?P<low>[a-z].+?) and (?P<high>[a-z].+)$",
        text,
    )
    if (
        match is None
        or match["modal"] == "cannot"
        or re.search(r"\d", match["low"] + match["high"])
    ):
        return ()
    low, high = match["low"], match["high"]
    holder = re.match(r"^(?P<whose>(?:the |its |an? )?[\w-]+'s?) ", low)
    of = re.search(r" of (?:the |its |an? )?[\w ]+$", high)
    if holder is not None and "'" not in high:
        high = f"{holder['whose']} {re.sub(r'^the ', '', high)}"
    elif of is not None and " of " not in low:
        low = f"{low}{of.group()}"
    left = match["left"]
    if (
        find_entity(draft, left) is not None
        and (found := find_entity(draft, left))
        and (dated := date_field(found.entity))
    ):
        left = f"the {dated.label} of {article(found.entity.label)}"
    return (f"{left} must be on or after {low}", f"{left} must be on or before {high}")


def in_parts(text: str) -> tuple[str, ...]:
    """The parts of a rule that was not understood as a whole: at its commas and its "but"."""
    parts = tuple(
        part.strip(" ,")
        for part in re.split(r",\s+(?:and |but )?|\s+but\s+|\s+-\s+", text)
        if part.strip(" ,")
    )
    if len(parts) < 2 or any(len(part.split()) < 3 for part in parts):
        return ()
    return parts if len(list_items(text)) <= 8 else ()


_REWRITINGS: tuple[_Rewriting, ...] = (
    _state_behind, _moment_of, _measure_of, _but_not, _made_only_on, _over_full, _report, _stock,
    _without_verb, _listed_subjects, _exactly_once, _once_so, _none_in, _none_made_in,
)  # fmt: skip
