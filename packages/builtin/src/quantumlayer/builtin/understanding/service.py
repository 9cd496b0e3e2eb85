"""A description of an HTTP service to its requirements."""

import itertools
import re

from quantumlayer.builtin.domain import FieldType, Immutable
from quantumlayer.builtin.understanding.accounting import name_what_is_lost
from quantumlayer.builtin.understanding.assembly import (
    MAXIMUM_ENTITIES,
    assemble,
    is_required,
)
from quantumlayer.builtin.understanding.canonical import canonical
from quantumlayer.builtin.understanding.catalogue import domain_of, usual_fields
from quantumlayer.builtin.understanding.clauses import Clause, clauses, split
from quantumlayer.builtin.understanding.constraints import choice_values, kind_of_field
from quantumlayer.builtin.understanding.definitions import (
    read_definition,
    resolve_references,
    without_opening,
)
from quantumlayer.builtin.understanding.draft import (
    Draft,
    EntityDraft,
    FieldDraft,
    Item,
)
from quantumlayer.builtin.understanding.fields import read_field, settled_type
from quantumlayer.builtin.understanding.intent import (
    Intent,
    named_list,
    opening,
    purpose_list,
    without_wish,
)
from quantumlayer.builtin.understanding.listings import (
    is_bare_plural,
    unlisted,
    with_its_parts,
)
from quantumlayer.builtin.understanding.notations import Endpoint, endpoint, endpoints
from quantumlayer.builtin.understanding.phrases import (
    is_app_word,
    is_entity_phrase,
)
from quantumlayer.builtin.understanding.prompt import Prompt
from quantumlayer.builtin.understanding.refusal import NotUnderstood
from quantumlayer.builtin.understanding.relations import read_relation, refer
from quantumlayer.builtin.understanding.rules import read_rule
from quantumlayer.builtin.understanding.second_reading import (
    ASKS_A_FIGURE,
    LIMITS,
    later_rules,
    read_statement_again,
)
from quantumlayer.builtin.understanding.states import STATE_WORDS, prepare_status
from quantumlayer.builtin.understanding.text import list_items
from quantumlayer.builtin.understanding.titles import titled
from quantumlayer.builtin.understanding.types import happens_later, is_money, tells_creation
from quantumlayer.builtin.understanding.unsupported import (
    is_prose,
    out_of_reach,
    unsupported,
)
from quantumlayer.builtin.understanding.verbs import CLAUSE
from quantumlayer.builtin.understanding.words import (
    article,
    is_plural,
    is_reserved_field,
    singular,
    snake,
    words_of,
)
from quantumlayer.qlayer.requirements import RequirementCategory, Requirements

_RULE = re.compile(
    r"\b(?:cannot|at most|overlap\w*|exceed\w*|no (?:2|two|duplicate\w*|double)|never|must(?! have (?:an?|the|its|both))|only|once|immutable|unique (?:per|for|within|together)|twice|read-only|"
    r"default(?:s|ed)? to|is required|are required|is optional|are optional|is unique|are unique|is mandatory|by default|in (?:the )?past|at (?:the )?same time|rejected|refused|not allowed|forbidden|goes from|moves from|double[- ]book\w*)\b"
    r"|^(?:the )?(?:number|total|sum|average|count|amount) (?:of|[a-z]+ (?:per|of|by))\b|^total\b|^(?:if|when|once|unless|only|no|1|one|max(?:imum)?|at most|combination|the combination)\b|->|=>|\u2192|^\w+ (?:after|before) \w+"
)
_RELATION = re.compile(
    r"\b(?:belongs?|link\w*|connect\w*|many|multiple|several|relat\w+|refer\w*|assigned|parent|borrow\w*|enrol\w*|register\w*|attend\w*|part of|owned by|one)\b"
)


def understand_service(prompt: Prompt) -> Requirements:
    """The requirements of a service; NotUnderstood when the prompt names nothing to keep."""
    if is_prose(without_wish(prompt.plain)):
        raise NotUnderstood(_refusal(prompt))
    draft = Draft(prompt_words=frozenset(words_of(prompt.plain)))
    rules: list[Clause] = []
    parts = clauses(prompt)
    _take_title(prompt, draft)
    for position, clause in enumerate(parts):
        _first_pass(draft, clause, rules, first=position == 0)
    _read_relations_again(draft, rules)
    resolve_references(draft)
    _merge_namesakes(prompt, draft)
    _merge_joins(draft)
    _give_values(draft)
    _forget_what_it_is_for(prompt, draft)
    _adopt_domain(prompt, draft, parts, rules)
    if not draft.entities:
        _entities_of_rules(draft, rules)
    if not draft.entities:
        raise NotUnderstood(_refusal(prompt))
    resolve_references(draft)
    _complete_entities(draft)
    resolve_references(draft)
    _settle_moments(draft)
    for entity in draft.entities.values():
        prepare_status(draft, entity, draft.prompt_words & STATE_WORDS)
    rules += later_rules(draft)
    figures = [clause for clause in rules if ASKS_A_FIGURE.match(canonical(clause.text))]
    for clause in [each for each in rules if each not in figures]:
        read_statement_again(draft, clause)
    _complete_entities(draft)
    resolve_references(draft)
    for clause in figures:
        read_statement_again(draft, clause)
    _name_the_empty(draft)
    _finish_fields(draft)
    _limit_entities(draft)
    name_what_is_lost(draft, parts)
    return assemble(prompt, draft)


def _refusal(prompt: Prompt) -> str:
    shown = " ".join(prompt.text.split())[:120]
    reason = unsupported(prompt.plain)
    if reason is not None or out_of_reach(prompt.plain):
        return (
            f"“{shown}” is not something that the built-in model can build. {reason or ''}".strip()
        )
    return f"Nothing to build was recognised in “{shown}”: no records to keep, no files to read, no functions."


# First pass: what there is


def _first_pass(draft: Draft, clause: Clause, rules: list[Clause], *, first: bool) -> None:
    text = clause.text
    if first or (not draft.title and not draft.entities):
        intent = opening(text)
        if intent is None:
            intent = named_list(text)
        if intent is not None:
            draft.title = _title(intent.name, intent.purpose)
            draft.items.append(
                Item(
                    RequirementCategory.OPERATION,
                    "Records are created, listed, read, changed and deleted over HTTP as JSON.",
                    [clause.sentence],
                )
            )
            if not intent.rest:
                return
            if _keeps_its_purpose(intent, text):
                _read_statement(
                    draft,
                    Clause(f"{intent.purpose} have {intent.rest}", clause.sentence, clause.assumed),
                    rules,
                    listing=False,
                )
                return
            for part in itertools.chain.from_iterable(
                map(split, unlisted(intent.rest, first=False))
            ):
                _read_statement(
                    draft, Clause(part, clause.sentence, clause.assumed), rules, listing=True
                )
            return
    _read_statement(draft, clause, rules, listing=False)


def _keeps_its_purpose(intent: Intent, text: str) -> bool:
    """ "CRUD API for contacts: first name, phone": what follows are fields of contacts."""
    words = words_of(intent.purpose)
    joined = re.search(
        rf"{re.escape(intent.purpose)}\s*(?::|with|have|having|that have|which have)\s",
        text,
        re.IGNORECASE,
    )
    if (
        joined is None
        or not words
        or not is_plural(words[-1])
        or not is_entity_phrase(intent.purpose)
    ):
        return False
    items = list_items(intent.rest)
    nouns = [re.split(r"[:(]|\s(?:with|have|has)\s", item)[0].strip() for item in items]
    things = [noun for noun in nouns if is_bare_plural(noun)]
    told = len(items) > 1 or re.search(r"(?i) have ", joined[0]) is not None
    return (
        told
        and not things
        and "(" not in items[0][:1]
        and not re.search(rf"^{CLAUSE}", intent.rest)
    )


def _take_title(prompt: Prompt, draft: Draft) -> None:
    """ "Vehicle fleet: cars (…), trips (…)" and "Car rental. Cars have …" begin with their title."""
    sentence, head = prompt.sentences[0], titled(prompt)
    for noun in head.nouns:
        draft.entity(words_of(noun), sentence)
    title = head.title
    if not title or opening(title) is not None:
        return
    draft.title = _title(without_wish(title), "") or title
    draft.items.append(
        Item(
            RequirementCategory.OPERATION,
            "Records are created, listed, read, changed and deleted over HTTP as JSON.",
            [sentence],
        )
    )


def _merge_namesakes(prompt: Prompt, draft: Draft) -> None:
    """The weather stations that the first sentence names are the stations described after it."""
    first = prompt.sentences[0]
    for words, entity in list(draft.entities.items()):
        own = [each for each in entity.fields.values() if each.type is not FieldType.REFERENCE]
        twin = draft.entities.get(words[-1:])
        elsewhere = any(each is not first for each in entity.sources)
        made = entity.joins is not None
        if len(words) == 1 or own or elsewhere or made or twin is None or not twin.fields:
            continue
        del draft.entities[words]
        for other in draft.entities.values():
            for name, field in list(other.fields.items()):
                if field.target == words:
                    del other.fields[name]
                    if other is not twin:
                        refer(other, twin, first)


def _merge_joins(draft: Draft) -> None:
    """ "Tenants rent apartments" and a lease of both: the lease is the record of the deed."""
    for words, record in list(draft.entities.items()):
        own = [each for each in record.fields.values() if each.type is not FieldType.REFERENCE]
        if record.joins is None or own:
            continue
        others = [
            each
            for each in draft.entities.values()
            if each is not record
            and {*record.joins} <= {field.target for field in each.references()}
            and any(field.type is not FieldType.REFERENCE for field in each.fields.values())
        ]
        if len(others) == 1 and not any(
            each.reference_to(record) for each in draft.entities.values()
        ):
            del draft.entities[words]
            draft.rules = [known for known in draft.rules if known.rule.entity != record.name]
            draft.assumptions = [
                each for each in draft.assumptions if f" {record.label}," not in each
            ]


def _read_relations_again(draft: Draft, rules: list[Clause]) -> None:
    """ "Professors teach courses" is a relation once a later clause has told of courses."""
    for clause in list(rules):
        plain = canonical(clause.text)
        if _is_rule(plain) or LIMITS.search(plain) or unsupported(clause.text):
            continue
        if re.match(rf"^{CLAUSE}", plain) and read_relation(draft, clause, plain):
            rules.remove(clause)


def _forget_what_it_is_for(prompt: Prompt, draft: Draft) -> None:
    """ "An app to manage a gym" keeps members and classes: the gym is what it is for."""
    first, *others = prompt.sentences
    later = " ".join(sentence.text.lower() for sentence in others)
    told = any(entity.fields for entity in draft.entities.values())
    for words, entity in list(draft.entities.items()):
        named = entity.sources == [first] and not entity.fields and entity.label not in later
        if told and named and entity.many not in first.text.lower():
            pointed = any(each.reference_to(entity) for each in draft.entities.values())
            if not pointed:
                del draft.entities[words]


def _title(name: str, purpose: str) -> str:
    words = [word for word in name.split() if word.lower() not in {"a", "an", "the"}]
    plain = " ".join(words)
    if not purpose and all(is_app_word(word.lower()) for word in words):
        return ""
    if purpose and len(words) <= 2 and len(purpose) <= 40:
        return f"{plain} for {purpose}"
    return plain[:100]


def _read_statement(draft: Draft, clause: Clause, rules: list[Clause], *, listing: bool) -> None:
    text = re.sub(
        r"^(?:[\w ]{0,20}?(?:entities|rules|constraints|requirements|features|business rules|notes?)\s*:)\s*",
        "",
        clause.text,
        flags=re.IGNORECASE,
    )
    if not text.strip():
        return
    clause = Clause(text, clause.sentence, clause.assumed)
    lines = [line for part in endpoints(text) if (line := endpoint(part)) is not None]
    if lines:
        for line in lines:
            _read_endpoint(draft, clause, line)
        return
    plain = canonical(without_opening(text))
    if clause.sentence.is_heading and _heading(draft, clause):
        return
    if _is_rule(plain):
        rules.append(clause)
        return
    if (
        len(text.split()) > 1
        and unsupported(text)
        and not re.search(r"(?i)\b(?:with|has|have|having|:)\b.*,|:", text)
    ):
        rules.append(clause)
        return
    kinds = _KINDS.match(text)
    values = choice_values(kinds["values"]) if kinds else ()
    if kinds and values:
        draft.values[singular(kinds["name"].lower())] = (values, clause.sentence)
        return
    if _LISTED_DEEDS.match(text):
        rules.append(clause)
        return
    text = _with_subject(draft, text)
    clause = Clause(text, clause.sentence, clause.assumed)
    opened = with_its_parts(without_opening(text))
    listed = purpose_list(text) if not listing else None
    said = canonical(opened)
    if not LIMITS.search(said) and read_relation(draft, clause, said):
        return
    if _read_deed(draft, clause, opened):
        return
    if _BARE_LIST.match(opened) and all(is_entity_phrase(item) for item in list_items(opened)):
        listing = True
    if read_definition(draft, clause, opened, listing=listing):
        return
    if (
        listed is not None
        and listed != text
        and read_definition(draft, clause, listed, listing=True)
    ):
        return
    rules.append(clause)


_DEED = re.compile(
    r"^(?P<deed>.+?) (?:with|giving|and give it|and give) (?P<fields>.+)$|^(?P<done>.+?) (?:for|on|at) (?:an? |the |one |1 |some |certain |specific )?(?P<when>day|date|date and time|time slot|slot)$"
)


def _told_of(draft: Draft) -> EntityDraft | None:
    """The entity that the last reading spoke of."""
    return draft.context


def _read_deed(draft: Draft, clause: Clause, opened: str) -> bool:
    """ "Users rate movies with 1 to 10 stars": the record of the deed, and what it holds."""
    match = _DEED.match(opened)
    if match is None or not re.match(rf"{CLAUSE}", opened.lower()):
        return False
    told = draft.context
    draft.context = None
    deed = canonical(match["deed"] or match["done"])
    done = not LIMITS.search(deed) and read_relation(draft, clause, deed)
    record = _told_of(draft)
    if not done or record is None:
        draft.context = told
        return False
    said = match["fields"] or match["when"].replace("date and time", "date time").replace(
        "day", "date"
    )
    for item in list_items(said):
        counted = re.fullmatch(r"(?P<range>\d+ ?(?:to|-) ?\d+) (?P<what>[a-z]+)", item)
        plain = f"{counted['what']} {counted['range']}" if counted else item
        read = read_field(plain, clause.sentence)
        if read is None or read.unread:
            draft.not_understood(item, "This was not understood as a field.")
        else:
            record.add(read.field)
    return True


_LISTED_DEEDS = re.compile(
    r"(?i)^(?:create|read|update|delete|list|add|edit|view|get|remove|change|search|show)(?:\s*[,/]\s*(?:and |or )?(?:create|read|update|delete|list|add|edit|view|get|remove|change|search|show))+(?: and \w+)? [\w ,]+$"
)
_KINDS = re.compile(
    r"(?i)^(?:there (?:is|are) )?(?:the )?(?:\d+|two|three|four|five|six|the following|following) (?:possible |different |kinds of |types of )*(?P<name>[a-z]+s)(?: exist)?: "
    r"(?P<values>[\w-]+(?: [\w-]+)?(?:, [\w-]+(?: [\w-]+)?)*,? (?:and|or) [\w-]+(?: [\w-]+)?)$"
)


def _give_values(draft: Draft) -> None:
    """ "There are three plans: small, medium and large": what a plan of a subscription may be."""
    for name, (values, sentence) in draft.values.items():
        fields = [
            field
            for entity in draft.entities.values()
            for field in entity.fields.values()
            if field.words[-1] == name and field.type is None and not field.choices
        ]
        for field in fields:
            field.type, field.choices, field.constrained = FieldType.CHOICE, values, True
            field.sources.append(sentence)
        if not fields:
            draft.not_understood(sentence.text, f"No record has a field named {name}.")


def _read_endpoint(draft: Draft, clause: Clause, listed: Endpoint) -> None:
    """ "POST /orders creates an order" tells of orders; a path of its own is not built."""
    if not is_entity_phrase(listed.collection) or is_app_word(listed.collection.split()[-1]):
        draft.not_understood(clause.text, "An endpoint without records of its own is not built.")
        return
    entity = draft.entity(words_of(listed.collection), clause.sentence)
    if listed.action:
        reason = f"Records are changed at their own address; /{listed.action} is not built."
        draft.not_understood(clause.text, reason)
        return
    parent = (
        draft.entities.get((*words_of(listed.parent)[:-1], singular(words_of(listed.parent)[-1])))
        if listed.parent
        else None
    )
    if parent is not None and parent is not entity:
        refer(entity, parent, clause.sentence)
    if listed.fields:
        known = f"{article(entity.label)} has {listed.fields}"
        read_definition(draft, Clause(known, clause.sentence), known)
    elif _is_rule(canonical(listed.said)):
        draft.not_understood(listed.said, "A rule on one endpoint alone was not understood.")


_BARE_LIST = re.compile(
    r"(?i)^[a-z][\w-]*(?: [\w-]+)?s(?:, (?:and )?[\w-]+(?: [\w-]+)?s)*(?:,? (?:and|&)|,) [\w-]+(?: [\w-]+)?s$"
)
_SYSTEM = re.compile(
    r"^(?:the |this |our |my )?(?:system|app|application|service|api|software|platform|it) (?:must|can|will)(?: also)? "
    r"(?=store|keep|have|manage|track|record|support|handle|contain|include|save|hold|know)"
)
_NO_SUBJECT = re.compile(
    r"(?i)^(?:(?:it|they|which|that|and|also) )*(?P<verb>(?:belongs?|has|have|having|contains?|includes?|is (?:written|made|placed|linked|assigned|owned|part|created)|are (?:written|made|linked|placed)|references?|can|may|must|should|cannot|links? to|consists? of)\b.*)$"
)


def _with_subject(draft: Draft, text: str) -> str:
    """A clause that begins with its verb speaks of what the clause before it spoke of."""
    match = _NO_SUBJECT.match(text)
    if match is None or draft.context is None:
        return text
    return f"{article(draft.context.label)} {match['verb']}"


def _heading(draft: Draft, clause: Clause) -> bool:
    """A heading is read with what stands under it; alone it says nothing but a name."""
    text = clause.text.strip(" :")
    if _is_rule(canonical(text)) or re.search(r"[,(]", text):
        return False
    intent = opening(text)
    if intent is not None and not draft.title and not intent.rest:
        draft.title = _title(intent.name, intent.purpose)
        return True
    return is_entity_phrase(text, longest=6) or len(text.split()) <= 4


_RELATIVE_SUBJECT = re.compile(
    r"^(?:an? |the |any |each |every |all )?[\w-]+(?: [\w-]+)? (?:who|that|which) (?:has|have|is|are|was|were) [^,]*? (?:cannot|can only|must|can)\b"
)


def _is_rule(plain: str) -> bool:
    outside = re.sub(r"\([^)]*\)", "", _SYSTEM.sub("", plain))
    match = _RULE.search(outside)
    if match is None:
        return False
    before = outside[: match.start()]
    if _RELATIVE_SUBJECT.match(outside):
        return True
    # "a task has a title which must not be empty, …" defines; the modal belongs to the field.
    defines = re.search(
        r"\b(?:has|have|with|having|contains?|includes?|:)\s+(?!at most|at least|only|no )\S",
        before,
    )
    relative = re.search(r"\b(?:which|that|who)\b[^,]*$", before)
    if defines and (
        relative
        or ", " in before
        or match.group() in {"at most", "only", "is unique", "by default", "never"}
    ):
        return bool(re.match(r"(?:if|when|only|no|once)\b", outside))
    return not (
        re.match(r"[\w -]{1,30}:", outside)
        and outside.count(",") >= 1
        and match.group() not in {"->", "=>"}
    )


# What the prompt leaves open


def _adopt_domain(
    prompt: Prompt, draft: Draft, parts: tuple[Clause, ...], rules: list[Clause]
) -> None:
    """Take a usual application's entities when the prompt names it and says little more."""
    explicit = [entity for entity in draft.entities.values() if entity.fields]
    described = any(len(entity.fields) >= 3 for entity in explicit)
    if len(explicit) >= 2 or described or (explicit and not draft.title):
        return
    first = parts[0] if parts else None
    if first is None or (out_of_reach(prompt.plain) and not draft.entities):
        return
    where = f"{draft.title}. {first.text}" if draft.entities else prompt.plain[:400]
    domain = domain_of(where)
    if domain is None:
        return
    usual = Draft()
    later: list[Clause] = []
    for sentence in re.split(r"(?<=\.)\s+", domain.text):
        clause = Clause(sentence.rstrip("."), first.sentence, assumed=True)
        _read_statement(usual, clause, later, listing=False)
    resolve_references(usual)
    _match_heads(draft, usual)
    if not set(draft.entities) <= set(usual.entities):
        return
    rules[:] = [clause for clause in rules if not _only_names(clause)]
    for words, entity in draft.entities.items():
        if entity.fields:
            usual.entities[words].fields = entity.fields
    if explicit and len(usual.entities) == len(draft.entities):
        return
    for words, entity in usual.entities.items():
        if words not in draft.entities:
            entity.sources = entity.sources or [first.sentence]
        draft.entities[words] = (
            entity
            if words not in draft.entities or not draft.entities[words].fields
            else draft.entities[words]
        )
    draft.entities = {
        words: draft.entities[words]
        for words in [
            *usual.entities,
            *(key for key in draft.entities if key not in usual.entities),
        ]
    }
    draft.items += usual.items
    told = [each for entity in explicit for each in (entity.label, entity.many)]
    rules[:0] = [
        clause for clause in later if not any(each in clause.text.lower() for each in told)
    ]
    draft.title = draft.title or f"{domain.name.replace('_', ' ')} service"
    draft.assume(
        f"The description names a usual application without its details; assumed: {domain.text}"
    )


def _match_heads(draft: Draft, usual: Draft) -> None:
    """ "Meeting rooms" of a booking system are the rooms of the usual one."""
    for words, entity in list(draft.entities.items()):
        head = (words[-1],)
        if words not in usual.entities and not entity.fields and head in usual.entities:
            del draft.entities[words]


def _only_names(clause: Clause) -> bool:
    """Whether a clause says no more than the name of a usual application."""
    plain = without_wish(clause.text)
    return (
        len(plain.split()) <= 8 and domain_of(plain) is not None and not _is_rule(canonical(plain))
    )


def _entities_of_rules(draft: Draft, rules: list[Clause]) -> None:
    """A prompt of rules alone names its entities in them."""
    for clause in list(rules):
        if unsupported(clause.text):
            continue
        if read_rule(draft, clause, canonical(clause.text)):
            rules.remove(clause)
            return


def _complete_entities(draft: Draft) -> None:
    """Give usual fields to the entities of which the prompt names none."""
    for entity in list(draft.entities.values()):
        own = [field for field in entity.fields.values() if field.type is not FieldType.REFERENCE]
        if own or (len(entity.references()) >= 2 and usual_fields(entity.words) is None):
            continue
        ends = tuple(word for field in entity.references()[:2] for word in field.target or ())
        if sorted(ends) == sorted(entity.words):
            continue
        if entity.words == ("booking",) and any(
            field.target in _TIMED_THINGS for field in entity.references()
        ):
            continue
        usual = usual_fields(entity.words) or "name (unique)"
        added = _add_usual(draft, entity, usual)
        if added:
            draft.assume(
                f"{article(entity.label).capitalize()} has {', '.join(added)}, because its fields were not described."
            )
    _name_the_empty(draft)


def _name_the_empty(draft: Draft) -> None:
    for entity in draft.entities.values():
        if not entity.fields:
            entity.add(FieldDraft(("name",), assumed=True))


# A booking of these takes place when they do.
_TIMED_THINGS = frozenset(
    (name,) for name in ("session", "class", "event", "course", "show", "trip", "flight", "lesson")
)


def _add_usual(draft: Draft, entity: EntityDraft, usual: str) -> list[str]:
    added: list[str] = []
    has_references = bool(entity.references())
    for item in list_items(usual):
        optional = item.startswith("optional @")
        if item.startswith("@") or optional:
            words = tuple(item.removeprefix("optional ").removeprefix("@").split())
            target = draft.entities.get(words)
            if (
                target is not None
                and target is not entity
                and not has_references
                and not target.reference_to(entity)
            ):
                refer(
                    entity,
                    target,
                    entity.sources[0] if entity.sources else None,
                    required=False if optional else None,
                )
                added.append(" ".join(words))
            continue
        read = read_field(item, None, assumed=True)
        if read is None or snake(read.field.words) in entity.fields:
            continue
        if entity.reference_to(draft.entities.get(read.field.words, entity)) is not None:
            continue
        entity.add(read.field)
        added.append(read.field.label)
    return added


_STARTS = {("start",), ("begin",), ("from",), ("starts",)}
_ENDS = {"end", "ends", "until", "finish"}


def _settle_moments(draft: Draft) -> None:
    """A start time without a date beside it is a moment: a date and a time."""
    for entity in draft.entities.values():
        fields = list(entity.fields.values())
        start = next((each for each in fields if each.words in _STARTS), None)
        end = next((each for each in fields if each.words[0] in _ENDS), None)
        if start is not None and end is not None and start.type is None:
            # "With start and end time": what is said of the end is said of the start too.
            start.type = end.type = (
                FieldType.DATE if settled_type(end) is FieldType.DATE else FieldType.DATETIME
            )
        alone = start is not None and end is None and start.type is None
        if start is not None and alone and start.words in {("start",), ("begin",)}:
            start.type = FieldType.DATETIME
        if any(settled_type(field) is FieldType.DATE for field in fields):
            continue
        for field in fields:
            if (
                field.type is None
                and len(field.words) > 1
                and settled_type(field) is FieldType.TIME
            ):
                field.type = FieldType.DATETIME
                said = f"The {field.label} of {article(entity.label)}"
                draft.assume(f"{said} is a date and a time, because there is no date beside it.")


def _finish_fields(draft: Draft) -> None:
    """Types, usual limits and safe names, each decision written down."""
    for entity in draft.entities.values():
        for field in entity.fields.values():
            field.type = settled_type(field)
            _finish_field(draft, entity, field)
        for field in [each for each in entity.fields.values() if each.fixed]:
            statement = (
                f"The {field.label} of {article(entity.label)} never changes after creation."
            )
            draft.add_rule(
                Immutable(
                    requirement="R1", entity=entity.name, statement=statement, fields=(field.key,)
                ),
                field.sources[0] if field.sources else None,
            )
        _settle_conditions(draft, entity)
    optional = [
        f"{entity.label} {field.label}"
        for entity in draft.entities.values()
        for field in entity.fields.values()
        if field.required is None and not is_required(field) and not field.assumed
    ]
    draft.assume("A field must be given unless it was called optional or has a default.")
    if optional:
        draft.assume(f"May be left out although not called optional: {', '.join(optional)}.")


def _finish_field(draft: Draft, entity: EntityDraft, field: FieldDraft) -> None:
    kind = kind_of_field(field)
    _drop_impossible_bounds(draft, entity, field)
    if kind is FieldType.CHOICE and not field.choices:
        field.type = FieldType.TEXT
    if (
        kind in {FieldType.INTEGER, FieldType.DECIMAL}
        and field.minimum is None
        and is_money(field.words)
        and not _below_zero(field)
    ):
        field.minimum = "0"
        draft.assume(f"The {field.label} of {article(entity.label)} is never negative.")
    if field.required is None and happens_later(field.words):
        field.required = False
        draft.assume(f"The {field.label} of {article(entity.label)} is empty until it happens.")
    if tells_creation(field.words) and field.computed_default is None and field.default is None:
        field.computed_default = "today" if kind is FieldType.DATE else "now"
    if (
        field.choices
        and field.default is None
        and field.words[-1] in {"status", "state", "stage"}
        and field.required is not True
    ):
        field.default = field.choices[0]
        draft.assume(
            f"The {field.label} of {article(entity.label)} is {field.choices[0]} at first."
        )
    if field.choices and field.default is not None:
        wanted = re.sub(r"[^a-z0-9+.]+", "_", str(field.default).lower()).strip("_")
        if wanted not in field.choices:
            field.default = None
    if is_reserved_field(snake(field.words)) and kind is not FieldType.REFERENCE:
        draft.assume(
            f"The field “{field.label}” of {article(entity.label)} is named {field.name}, because {snake(field.words)} has a meaning of its own in programs."
        )


def _drop_impossible_bounds(draft: Draft, entity: EntityDraft, field: FieldDraft) -> None:
    """Bounds that no value meets were misread; better none than a record that nobody can make."""
    low, high = field.minimum, field.maximum
    strict = field.exclusive_minimum or field.exclusive_maximum
    if low is not None and high is not None:
        try:
            empty = float(low) > float(high) or (strict and float(low) == float(high))
        except ValueError:
            empty = low > high or (strict and low == high)
        if empty:
            field.minimum = field.maximum = None
            field.exclusive_minimum = field.exclusive_maximum = False
            draft.not_understood(
                f"{entity.label} {field.label}: at least {low}, at most {high}",
                "No value meets both limits.",
            )
    shortest, longest = field.min_length, field.max_length
    if shortest is not None and longest is not None and shortest > longest:
        draft.not_understood(
            f"{entity.label} {field.label}: {shortest} to {longest} characters",
            "No text meets both limits.",
        )
        field.min_length = field.max_length = None


def _below_zero(field: FieldDraft) -> bool:
    return field.maximum is not None and float(field.maximum) < 0


def _settle_conditions(draft: Draft, entity: EntityDraft) -> None:
    """Rules name fields by key; a rule whose field is not there any more is taken out and said."""
    keys = {field.key for field in entity.fields.values()}
    for known in list(draft.rules):
        rule = known.rule
        if rule.entity != entity.name:
            continue
        named = [key for name in ("per", "fields") for key in getattr(rule, name, ())] + [
            getattr(rule, name)
            for name in ("start", "end", "left", "field")
            if isinstance(getattr(rule, name, None), str)
        ]
        if any(key.split(".")[0] not in keys for key in named):
            draft.rules.remove(known)
            draft.not_understood(known.item.statement, "A field that this rule needs is not there.")


def _limit_entities(draft: Draft) -> None:
    if len(draft.entities) <= MAXIMUM_ENTITIES:
        return
    kept = dict(list(draft.entities.items())[:MAXIMUM_ENTITIES])
    for entity in list(draft.entities.values())[MAXIMUM_ENTITIES:]:
        draft.not_understood(
            entity.label, f"At most {MAXIMUM_ENTITIES} kinds of records are built."
        )
    draft.entities = kept
    names = {entity.name for entity in kept.values()}
    draft.rules = [
        known
        for known in draft.rules
        if known.rule.entity in names and getattr(known.rule, "by", known.rule.entity) in names
    ]
    draft.aggregations = [
        known for known in draft.aggregations if known.aggregation.entity in names
    ]
