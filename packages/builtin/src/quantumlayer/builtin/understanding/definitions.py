"""Definitions: which entities there are and which fields they have, in many phrasings."""

import re

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.understanding.canonical import canonical
from quantumlayer.builtin.understanding.clauses import Clause
from quantumlayer.builtin.understanding.draft import Draft, EntityDraft
from quantumlayer.builtin.understanding.fields import FieldItem, read_field
from quantumlayer.builtin.understanding.intent import without_wish
from quantumlayer.builtin.understanding.phrases import (
    NP,
    bare,
    find_entity,
    find_or_make_entity,
    is_app_word,
    is_entity_phrase,
)
from quantumlayer.builtin.understanding.protection import protect, restore
from quantumlayer.builtin.understanding.relations import read_relation, refer, relate
from quantumlayer.builtin.understanding.text import list_items, parenthesised
from quantumlayer.builtin.understanding.types import type_named, type_of
from quantumlayer.builtin.understanding.unsupported import unsupported
from quantumlayer.builtin.understanding.verbs import STAYING
from quantumlayer.builtin.understanding.words import (
    article,
    is_plural,
    singular,
    singular_phrase,
    words_of,
)

_HEAD = re.compile(
    rf"(?i)^(?:(?:for|and|in) )?(?P<np>(?:an? |the |each |every |all |any )?{NP})(?:\s*\([^()]*\))?,?\s+(?:(?:that|which|who|each|all|must|should|will|can|may|also|always|only|to)\s+)*"
    r"(?P<verb>has|have|having|with|contains?|containing|includes?|including|consists? of|consisting of|"
    r"comprises?|compris(?:ing|ed) of|is (?:described|defined|identified|characteri[sz]ed|made up) by|(?:is |are )?(?:made|composed) of|stores?|storing|needs?|"
    r"(?:has|have) (?:the )?(?:following )?(?:fields?|attributes?|properties|columns)|holds?|(?:sign up|register|apply|are registered|is registered|enter) with(?: (?:their|his|her|an?))?|records?(?= (?:the|an?|its)\b)|fields(?: are)?|attributes(?: are)?|got|keeps?|captures?)\s*:?\s+"
    r"(?!to (?:be|have)\b)(?:the following (?:fields|attributes|properties)?:?\s*|(?:fields?|attributes?|properties)\s*:?\s+)?(?P<rest>\S.*)$",
    re.DOTALL,
)
_COLON = re.compile(
    r"(?i)^(?:(?:the|an?|each|every|entity|model|table|resource|class|type|interface) )*(?P<np>[a-z][\w' -]{0,60}?)\s*(?:\((?:fields|entity|table)\))?\s*(?P<open>:|\{|=| - | \u2014 | -> )\s*(?P<rest>\S.*)$",
    re.DOTALL,
)
_PARENTHESES = re.compile(
    r"(?is)^(?:an? |the |each )?(?P<np>[a-z][\w'-]*(?: [\w'-]+){0,2})\s*[({\[](?P<rest>.*)[)}\]]\s*$"
)
_CONTAINER = re.compile(
    r"(?i)^(?:the )?(?:main |core |data |following )?(?:entities|entity|models?|data model|resources?|objects?|tables?|domain|data|things|records|schema|collections?|types|"
    r"entities and fields|entities are|we have|there are)$"
)
_LIMIT = re.compile(
    r"^(?:only )?(?:at (?:most|least)|exactly|max\b|min\b|maximum|minimum|up to|less than|more than|fewer than|no more than|no )\s*(?:\d|\w+ than)|^\d+ |^a? ?(?:maximum|minimum|max|limit)\b"
)
_CONSTRAINT = re.compile(
    r"(?i)\b(?:required|optional|unique|min|max|default|at (?:least|most)|not null|nullable)\b"
)
_SPLIT_DEFINITION = re.compile(
    r"(?i),\s*(?:each\s+(?:of which\s+)?(?:with|has|having)|(?:and )?they (?:each |all )?have|(?:and )?it has)\s+(?!at most|at least|max|no\b)"
)


_LEAD_IN = re.compile(
    r"(?i)^(?:(?:i|we|you) )?(?:also )?(?:need|want|have|has|there (?:is|are|will be)|each with)(?: also)? (?=\w)"
)
_VERB_FIRST = re.compile(
    r"(?i)^(?:also |that |which )?(?:belongs?|is (?:written|made|placed|linked|assigned|owned|part|created)|"
    r"are (?:written|made|linked|placed)|references?|links? to|(?:has|have) (?:many|one or more|several|multiple))\b"
)
_WHO_IS = re.compile(
    r"(?i),? (?:who|which|that) (?:is|are)(?: also)? (?P<kind>an?|another) (?P<name>\w+)(?=$|[,.]| and )"
)


# "Employees have a name and work in a department": where they do is what they point to.
_STAYS = re.compile(
    rf"(?i)^(?:also )?(?P<verb>{STAYING}|plays?|departs?|applies|apply) (?:in|at|on|for|to|from|with|under) "
    r"(?:an?|the|one|1|exactly one) (?P<np>[a-z][\w-]*(?: [a-z][\w-]*)?)$"
)
_ROLES = {"depart": "departure", "arrive": "arrival"}


def read_definition(draft: Draft, clause: Clause, text: str, *, listing: bool = False) -> bool:
    """Understand a text as definitions of entities, a list of things, or fields of a heading.

    With `listing` bare nouns are entities: "doctors, patients and appointments". False when
    nothing in it was understood; what was not understood within a definition is written down.
    """
    prepared = protect(_SPLIT_DEFINITION.sub(" with ", _WHO_IS.sub(r" (\g<kind> \g<name>)", text)))
    holder = _heading_entity(draft, clause)
    whole = _block(draft, clause, prepared, holder)
    if whole is not None:
        return whole
    return _read_items(draft, clause, list_items(prepared), holder, listing=listing)


def _heading_entity(draft: Draft, clause: Clause) -> EntityDraft | None:
    heading = clause.heading
    if not clause.sentence.bullet or not heading:
        return None
    phrase = re.sub(
        r"(?i)\s*(?:(?:has|have|with|contains?|includes?|needs?)?\s*(?:the )?(?:following )?(?:fields?|attributes?|properties|columns|details|data)?(?: are)?)\s*:?$",
        "", heading,
    )  # fmt: skip
    phrase = re.sub(
        r"(?i)^(?:(?:simple |basic |full )?(?:crud|rest|api|http|backend|service|endpoints?)[ -]*)+(?: operations)? ?(?:for|of|on)\s+(?:an? |the |my )?|"
        r"^(?:fields|attributes|properties) (?:of|for)\s+|^(?:entity|model|table|resource|class):?\s+",
        "",
        phrase,
    )
    if not is_entity_phrase(phrase) or is_app_word(bare(phrase)[-1]):
        return None
    return draft.entity(bare(phrase), clause.sentence)


def _block(draft: Draft, clause: Clause, text: str, holder: EntityDraft | None) -> bool | None:
    """A text that is one definition as a whole: "Book: a, b", "Book {a, b}", "books (a, b)"."""
    colon = _COLON.match(text)
    if colon is None or (colon["open"] == "=" and re.search(r"\s[-+*/x]\s", colon["rest"])):
        return None
    name, rest = colon["np"].strip(), colon["rest"].strip()
    if holder is None and _CONTAINER.match(name):
        return _read_items(draft, clause, list_items(rest), None, listing=True)
    if not is_entity_phrase(name):
        return None
    inner = rest.strip(" {}") if "{" in (colon["open"], rest[:1]) else rest
    if rest.startswith(("(", "[")) and rest.endswith((")", "]")):
        inner = rest[1:-1]
    items = list_items(inner)
    several = is_plural(bare(name)[-1]) and len(items) > 1 and not _CONSTRAINT.search(inner)
    if holder is not None and not several:
        if clause.sentence.bullet and rest.count(":") == 0 and len(items) > 1:
            return _read_one_field(draft, clause, holder, restore(text))
        return None
    first = re.split(r"[,;(]", rest)[0].strip().lower()
    # "Case: number (unique), title, date" lists fields, although a number is a type as well.
    listed = first in _ALSO_FIELDS and len(items) > 2 and not _CONSTRAINT.search(items[1])
    if type_named(first) and not several and not listed and inner.count(":") < 1:
        return None
    if not _is_definition_list(inner, name, alone=holder is None):
        return None
    entity = draft.entity(bare(name), clause.sentence)
    draft.context = entity
    return _read_items(draft, clause, items, entity, listing=False)


_ALSO_FIELDS = frozenset(
    ["number", "date", "time", "text", "email", "phone", "link", "url", "day", "mail", "tags"]
)


def _is_definition_list(rest: str, name: str, *, alone: bool = False) -> bool:
    """Whether what follows "name:" is a list of fields, rather than the values of a field."""
    if not alone and not is_plural(bare(name)[-1]) and type_of(bare(name)) is not FieldType.TEXT:
        return False
    if bare(name)[-1] in {"status", "state", "type", "priority", "role", "level", "kind"}:
        return False
    return not re.match(
        r"(?i)(?:one of|either|must|cannot|can|should|unique|required|optional|between)\b", rest
    )


def _read_items(
    draft: Draft,
    clause: Clause,
    items: tuple[str, ...],
    current: EntityDraft | None,
    *,
    listing: bool,
) -> bool:
    understood = False
    head_many = False
    pending: list[str] = []
    for position, given in enumerate(_with_their_limits(items)):
        hidden = _LEAD_IN.sub("", given)
        item = restore(hidden).strip(" .,;:")
        if not item or re.fullmatch(r"(?i)etc|so on|\.\.\.|more|others?", item):
            continue
        definition = _definition(draft, clause, hidden, has_current=current is not None)
        if definition is not None:
            current, first = definition
            draft.context = current
            head_many = bool(re.match(r"(?i)[a-z]", item)) and is_plural(_first_noun(item))
            understood = True
            for each in list_items(first):
                _read_one_field(draft, clause, current, restore(each))
            continue
        if current is not None and _VERB_FIRST.match(item):
            if not read_relation(draft, clause, canonical(f"a {current.label} {item}")):
                draft.not_understood(item, "This was not understood as a field or a relation.")
            understood = True
            continue
        place = _STAYS.match(item) if current is not None else None
        if current is not None and place is not None:
            role = _ROLES.get(place["verb"].rstrip("s"), "")
            _read_one_field(draft, clause, current, f"{role} {place['np']}".strip())
            understood = True
            continue
        relation = _relation_with_fields(draft, clause, hidden)
        if relation is not None:
            current, understood = relation, True
            draft.context = current
            continue
        if current is not None and not _is_new_thing(
            draft, item, head_many=head_many, first=position == 0
        ):
            understood = _read_one_field(draft, clause, current, item) or understood
            continue
        if (listing or current is not None) and _mention(draft, clause, item):
            understood = True
            current = None if listing else current
            continue
        pending.append(item)
    if understood:
        for item in pending:
            draft.not_understood(
                item, unsupported(item) or "This part of a list was not understood."
            )
    return understood


_LIMIT_ALONE = re.compile(
    r"(?:between|from) \d+ (?:and|to) \d+(?: \w+)?|required|optional|unique|mandatory|not null|positive|"
    r"(?:at (?:least|most)|max\.?|min\.?|minimum|maximum|no more than|up to) (?:\d+|one|two|three|four|five|ten)(?: \w+)?",
    re.IGNORECASE,
)


def _with_their_limits(items: tuple[str, ...]) -> tuple[str, ...]:
    """ "…, number of seats, at least one": a limit alone is of the item before it."""
    found: list[str] = []
    for item in items:
        plain = restore(item).strip(" .")
        if found and _LIMIT_ALONE.fullmatch(plain) and "(" not in found[-1]:
            found[-1] = f"{found[-1]} ({plain})"
        else:
            found.append(item)
    return tuple(found)


def _first_noun(item: str) -> str:
    head = re.split(
        r"(?i)\s+(?:with|has|have|having|that|which|contain\w*|includ\w*)\b|[(:]", item
    )[0]
    words = bare(head)
    return words[-1] if words else ""


def _is_new_thing(draft: Draft, item: str, *, head_many: bool, first: bool) -> bool:
    """Whether a bare plural in a list of fields is the next thing rather than a field."""
    words = words_of(item)
    if first or not head_many or not words or len(words) > 2 or not is_plural(words[-1]):
        return False
    return singular_phrase(item) in draft.entities


def _definition(
    draft: Draft, clause: Clause, hidden: str, *, has_current: bool
) -> tuple[EntityDraft, str] | None:
    """The entity and the first of its fields, when an item begins a definition."""
    head = _HEAD.match(hidden)
    if head and is_entity_phrase(head["np"]) and not unsupported(head["np"]):
        rest = head["rest"].strip()
        plain = canonical(restore(rest))
        if _LIMIT.match(plain) or re.match(
            r"(?:an? )?(?:default|format|pattern|unique \w+ for each)\b", plain
        ):
            return None
        if (
            has_current
            and head["verb"].lower() == "with"
            and re.match(r"(?:an? )?[\w ]+\b(?:value|format|length)\b", plain)
        ):
            return None
        found = find_entity(draft, head["np"])
        # "done tasks have …" speaks of some tasks: a rule, not a definition.
        if (
            found is not None
            and found.adjectives
            and singular_phrase(head["np"]) not in draft.entities
            and head["verb"].lower() in {"have", "has", "need", "needs"}
        ):
            return None
        entity = draft.entity(bare(head["np"]), clause.sentence)
        verb = "has" if head["verb"].lower().startswith("record") else head["verb"]
        if read_relation(draft, clause, canonical(restore(f"{head['np']} {verb} {rest}"))):
            return entity, ""
        return entity, rest
    braces = _PARENTHESES.match(hidden)
    if braces and is_entity_phrase(braces["np"]):
        inner = list_items(protect(restore(braces["rest"])))
        if _are_fields(draft, braces["np"], inner, has_current=has_current):
            return draft.entity(bare(braces["np"]), clause.sentence), braces["rest"]
    colon = _COLON.match(hidden)
    if colon and colon["open"] == "=" and re.search(r"\s[-+*/x]\s", colon["rest"]):
        return None
    if colon and is_entity_phrase(colon["np"]):
        last, rest = bare(colon["np"])[-1], restore(colon["rest"])
        first = re.split(r"[,;(]", rest)[0].strip()
        named = type_named(first) is not None or type_named(first.split(" ")[0]) is not None
        if (
            not named
            and (is_plural(last) or not has_current)
            and _is_definition_list(rest, colon["np"])
        ):
            return draft.entity(bare(colon["np"]), clause.sentence), colon["rest"]
    return None


def _are_fields(draft: Draft, phrase: str, inner: tuple[str, ...], *, has_current: bool) -> bool:
    words = bare(phrase)
    if any(
        re.match(r"(?i)(?:required|optional|unique|max|min|default|one of|\d)", each)
        for each in inner[:1]
    ):
        return False
    known = find_entity(draft, phrase) is not None and singular_phrase(phrase) in draft.entities
    if has_current and not known and not is_plural(words[-1]) and not phrase[:1].isupper():
        return False
    if not has_current and len(inner) >= 1:
        return True
    if not (known or is_plural(words[-1]) or phrase[:1].isupper()):
        return False
    telling = sum(
        type_of(words_of(each) or ("x",)) is not FieldType.TEXT
        or words_of(each)[-1:] in {("name",), ("title",)}
        for each in inner
    )
    return known or telling * 2 >= len(inner)


def _relation_with_fields(draft: Draft, clause: Clause, hidden: str) -> EntityDraft | None:
    """An item such as "loans that link a book to a member with a due date"."""
    item = canonical(restore(hidden))
    relation, having, rest = item, "", ""
    cut = re.search(
        r",? (?:with|having|including|plus) (?=(?:an? |the |its |optional )?[a-z])", item
    )
    if cut and not re.match(r"(?:with|to|and) ", item[cut.start() :].strip() if False else ""):
        relation, having, rest = item[: cut.start()], cut.group(), item[cut.end() :]
    if not re.search(
        r"\b(?:link|connect|join|ties?\b|relat|associat|match|between|belong|for an?\b|of an?\b|by an?\b|to an?\b|from an?\b|on an?\b|in an?\b|"
        r"made by|placed by|written by|assigned|refer|point|per\b|owned|pair|combin|map)",
        relation,
    ):
        return None
    before = draft.context
    draft.context = None
    if not read_relation(draft, clause, relation):
        if not having or not read_relation(draft, clause, item):
            draft.context = before
            return None
        rest = ""
    subject = _found_by_relation(draft)
    if subject is None:
        draft.context = before
        return None
    by = re.search(
        r"\b(?:is|are|be|been) \w+ (?:by|to) (?:an? |the |1 )?(?P<who>[\w-]+)$", relation
    )
    if rest and by and (who := find_entity(draft, by["who"])) is not None:
        subject = who.entity  # who claims it has the name, not what is claimed
    if rest:
        for each in list_items(protect(rest)):
            _read_one_field(draft, clause, subject, restore(each))
    return subject


def _mention(draft: Draft, clause: Clause, item: str) -> bool:
    outside, inside = parenthesised(item)
    phrase = re.sub(
        r"(?i)^(?:an? |has |have |also |with |and |the |their |its |our |my |all |some |many |several )+",
        "",
        outside,
    )
    if not is_entity_phrase(phrase, longest=3) or unsupported(phrase):
        return False
    found = find_or_make_entity(draft, phrase)
    if found is None:
        return False
    if clause.sentence not in found.entity.sources:
        found.entity.sources.append(clause.sentence)
    for part in inside:
        for each in list_items(protect(part)):
            _read_one_field(draft, clause, found.entity, restore(each))
    return True


# What a field is beside another field, or within its group, is a rule on the whole record.
_RULE_OF_FIELD = re.compile(
    r"^(?:must (?:be )?|cannot be |is |are )?(?:unique (?:per|within|in|for|inside) .+|"
    r"(?:not |no |on or |at or )?(?:after|before|later than|earlier than|greater than|less than|higher than|lower than|more than|at least|at most|above|below|>=?|<=?|different from|equal to) (?!today|now|the (?:past|future))[a-z][\w' ]*)$"
)
_RULE_IN_LIST = re.compile(
    r"^(?:(?:only |at most )?\d+ [a-z][\w -]*? (?:per|for each) .+|no (?:2|duplicate|overlapping|double)\b.+)$"
)


_PARTS = re.compile(r"(?i)^(?:many |several )?(?P<noun>[a-z]+s) \((?P<inner>[^()]+,[^()]+)\)$")


def _are_parts(draft: Draft, noun: str, inner: tuple[str, ...]) -> bool:
    """Whether "items (product, quantity)" are records of their own, not values of a field."""
    if not is_plural(noun.lower()) or type_of((noun.lower(),)) is not FieldType.TEXT:
        return False
    telling = [
        each
        for each in inner
        if find_entity(draft, each) is not None
        or type_of(words_of(each) or ("x",)) is not FieldType.TEXT
    ]
    return len(telling) * 2 >= len(inner)


def _read_one_field(draft: Draft, clause: Clause, entity: EntityDraft, item: str) -> bool:
    parts = _PARTS.match(item.strip())
    if parts is not None and _are_parts(draft, parts["noun"], list_items(parts["inner"])):
        child = draft.entity(bare(parts["noun"]), clause.sentence)
        relate(draft, entity, child, clause, several=True)
        for each in list_items(protect(parts["inner"])):
            _read_one_field(draft, clause, child, restore(each))
        return True
    rule = canonical(item)
    many = re.match(r"(?:an? )?(?:maximum of |at most )(?P<limit>\d+) (?P<what>[a-z]+s)$", rule)
    if many is not None and type_of((many["what"],)) is FieldType.TEXT:
        whole = f"{article(entity.label)} can have at most {many['limit']} {many['what']}"
        draft.later.append((whole, clause.sentence))
        return True
    if re.match(r"(?:only )?once per \w", rule):
        rule = re.sub(r"^(?:only )?once", f"only 1 {entity.label}", rule)
        draft.later.append((rule, clause.sentence))
        return True
    if _RULE_IN_LIST.match(rule):
        draft.later.append((item, clause.sentence))
        return True
    reason = unsupported(parenthesised(item)[0])
    if reason is not None and len(item.split()) > 2:
        draft.not_understood(item, reason)
        return False
    read = read_field(item, clause.sentence, assumed=clause.assumed)
    if read is None:
        if item.strip(" .") and not re.fullmatch(
            r"(?i)(?:an? )?(?:id|uuid|primary key|identifier)(?:\s*[(:].*)?", item.strip()
        ):
            draft.not_understood(item, "This was not understood as a field.")
        return True
    if _RULE_OF_FIELD.match(read.unread):
        modal = "" if re.match(r"(?:must|cannot|is|are)\b", read.unread) else "must be "
        rule = f"the {read.field.label} of {article(entity.label)} {modal}{read.unread}"
        draft.later.append((rule, clause.sentence))
    elif (target := find_entity(draft, read.unread)) and target.entity.label == read.unread:
        words = read.field.words
        refer(entity, target.entity, clause.sentence, role=words, required=read.field.required)
        return True
    elif read.unread:
        draft.not_understood(item, f"Of this field, “{read.unread}” was not understood.")
    _place(draft, clause, entity, read)
    return True


def _place(draft: Draft, clause: Clause, entity: EntityDraft, read: FieldItem) -> None:
    field = read.field
    if read.points_to:
        target = find_or_make_entity(draft, read.points_to)
        if target is not None:
            words = (
                field.words[:-1]
                if field.words[-1] == "id" and len(field.words) > 1
                else field.words
            )
            refer(entity, target.entity, clause.sentence, role=words, required=field.required)
            return
    if read.many and field.type is None and not field.choices:
        known = find_entity(draft, " ".join(field.words))
        if known is not None and known.entity is not entity:
            relate(draft, entity, known.entity, clause, several=True)
            return
        if is_plural(field.words[-1]) and type_of(field.words) is FieldType.TEXT:
            draft.entity(field.words, clause.sentence)
            relate(draft, entity, draft.entity(field.words), clause, several=True)
            return
        field.type = FieldType.TAGS
    entity.add(field)


def resolve_references(draft: Draft) -> None:
    """Turn fields that are named after entities into references, and plurals into what points back."""
    for entity in list(draft.entities.values()):
        for name, field in list(entity.fields.items()):
            if field.type is not None:
                continue
            target = _target(draft, entity, field.words)
            if target is None:
                continue
            plain = " ".join(field.words)
            if is_plural(field.words[-1]) and field.words[-1] != singular(field.words[-1]):
                if target is entity:
                    continue
                del entity.fields[name]
                clause = Clause(plain, field.sources[0]) if field.sources else None
                if clause is not None:
                    relate(draft, entity, target, clause, several=True)
                continue
            words = (
                field.words[:-1]
                if field.words[-1] == "id" and len(field.words) > 1
                else field.words
            )
            del entity.fields[name]
            sentence = field.sources[0] if field.sources else None
            role = words if words != target.words else ()
            refer(
                entity, target, sentence, role=role, required=field.required
            ).unique = field.unique


_PLAIN_NOUNS = frozenset(
    [
        "name",
        "title",
        "code",
        "number",
        "type",
        "status",
        "state",
        "kind",
        "level",
        "category",
        "label",
        "reference",
        "key",
        "slug",
    ]
)


def _found_by_relation(draft: Draft) -> EntityDraft | None:
    """The entity that reading a relation left as the context."""
    return draft.context


def _target(draft: Draft, entity: EntityDraft, words: tuple[str, ...]) -> EntityDraft | None:
    if words[0] in {"max", "min", "maximum", "minimum", "number", "num", "total", "count"}:
        return None
    core = words[:-1] if words[-1] == "id" and len(words) > 1 else words
    if len(core) > 1 and (len(core[-1]) == 1 or core[-1] in {"member", "one", "two"}):
        core = core[:-1]  # house a and house b are houses, a staff member is of the staff
    key = (*core[:-1], singular(core[-1]))
    if key in draft.entities:
        found = draft.entities[key]
        return None if found is entity else found
    if len(core) > 1 and (singular(core[-1]),) in draft.entities:
        return draft.entities[(singular(core[-1]),)]
    if len(core) == 1 and type_of(core) is FieldType.TEXT and core[0] not in _PLAIN_NOUNS:
        # A charging session's "station" is a charging station, when there is but one kind.
        ending = [each for each in draft.entities.values() if each.words[-1] == singular(core[0])]
        if len(ending) == 1 and ending[0] is not entity and ending[0].fields:
            return ending[0]
        # "parent task" of a task, "assigned user": a role; "order number" ends in no entity.
    return None


def without_opening(text: str) -> str:
    """A definition without the wish before it: "we need to store books with…" → books with…"""
    wanted = without_wish(text)
    return re.sub(
        r"(?i)^(?:(?:the )?(?:system|app|application|service|api|it|software)\s+)?(?:(?:should|must|will|can|has to|needs to|shall)\s+)?"
        r"(?:(?:be able|allow (?:me|us|users?)|let (?:me|us|users?)) to\s+)?(?:manag|track|stor|keep|record|handl|maintain|hav|sav|log)(?:e|es|s|ing|ue|er)?(?:\s+track of)?\s+(?=\w)",
        "", wanted,
    )  # fmt: skip
