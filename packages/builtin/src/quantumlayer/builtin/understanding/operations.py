"""Operations beyond rules: listing, filtering, changing; qualities; and talk that asks for nothing."""

import re

from quantumlayer.builtin.understanding.clauses import Clause
from quantumlayer.builtin.understanding.draft import Draft, Item
from quantumlayer.builtin.understanding.phrases import bare, field_of, find_entity
from quantumlayer.qlayer.requirements import RequirementCategory

_ACTOR = r"(?:(?:the )?(?:users?|i|we|you|clients?|admins?|staff|customers?|members?|people|anyone|everyone|system|service|api|app|application|it|librarians?|managers?|employees?|consumers?)(?: of [\w ]+?)?)"
_LEAD = re.compile(
    rf"^(?:(?:allow|let|enable)s? (?:for )?(?:{_ACTOR} )?(?:to )?|{_ACTOR} (?:(?:can|must|will|may|should|wants? to|needs? to|is able to|are able to|be able to|also|would like to|want) )*|(?:it (?:is|must be) possible|possibility|ability|option|functionality) to |"
    r"(?:an? )?endpoints? (?:to|for) |support(?:s|ing)?(?: for)? |provide(?:s)? |(?:also )?(?:with )?|please )+"
)
_CRUD = re.compile(
    r"^(?:(?:create|creating|add|adding|insert|new|read|reading|update|updating|edit|editing|delete|deleting|remove|removing|list|listing|view|viewing|get|getting|fetch|see|show|browse|change|changing|modify|manage|managing|crud|retrieve|look up|lookup|register|save|store|open|"
    r"display|enter|maintain|all|basic|full|standard|usual|mark|return|close|cancel|complete|finish|record|assign|track|make|set|search|find|use|publish|archive|approve|reject|confirm)(?:,? (?:and |or |/ ?)?|/))+ ?"
    r"(?:(?:operations?|endpoints?|functionality|routes?|actions?) ?)?(?:(?:for|of|on|from|in|to) )?(?P<what>.*)$"
)
_FILTER = re.compile(
    r"\b(?:filter(?:ed|ing|s)?|quer(?:y|ied)|narrow(?:ed)?)\b(?: (?P<thing>[\w ]+?))?(?: can be filtered)? (?:by|on|per|for|with)(?: (?:its|their|the))? (?P<fields>[\w ,/-]+)$"
)
_SEARCH = re.compile(
    r"\b(?:search(?:ed|ing|es|able)?|find|look(?:ed)? up)\b(?: for)?(?: (?P<thing>[\w ]+?))? (?:by|on|through|in|with|via)(?: (?:its|their|the))? (?P<fields>[\w ,/-]+)$"
)
_LIST_BY = re.compile(
    r"^(?:list|get|show|see|view|find|browse)(?:ing)? (?:all |the |every )*(?P<thing>[\w ]+?) (?:by|of|for|in|from|with) (?:an? |the |each |its |given |specific )*(?P<fields>[\w ]+)$"
)
_SORT = re.compile(r"\b(?:sort(?:ed|ing|able)?|order(?:ed|ing)? by)\b")
_PAGES = re.compile(r"\bpaginat\w*|\bpaging\b|\bpage by page\b|\bpages of\b|\bpaged\b")
_QUALITIES: tuple[tuple[str, str], ...] = (
    (r"\b(?:sqlite|database|persist\w*|stored? (?:in|on) (?:a )?(?:database|disk|file)|data (?:must|should|is) (?:survive|kept|saved))\b", "Records are kept in a SQLite database."),
    (r"\b(?:postgres\w*|mysql|mariadb|mongo\w*|oracle|sql server|dynamodb|firebase)\b", "!Records are kept in SQLite; another database is not built."),
    (r"\b(?:fastapi|node:http|express)\b", "The service uses the usual framework of its language."),
    (r"\b(?:flask|django|spring|rails|laravel|nest\.?js|koa)\b", "!Another framework is used than the one that was named."),
    (r"\b(?:rest(?:ful)?|json|http)\b", "The service speaks JSON over HTTP."),
    (r"\b(?:tests?|tested|test coverage|unit tests?|coverage)\b", "The service comes with tests of every route and rule."),
    (r"\b(?:docker\w*|container\w*|image|compose)\b", "The service comes with a container image definition."),
    (r"\b(?:kubernetes|k8s|helm)\b", "The service comes with manifests for Kubernetes."),
    (r"\b(?:openapi|swagger|api docs?|documentation|documented|readme)\b", "The service documents itself with OpenAPI and a README."),
    (r"\b(?:validat\w+|error (?:messages?|handling|responses?)|clear errors?|bad input|invalid (?:input|data|requests?))\b", "Invalid input is refused with a clear error."),
    (r"\b(?:health ?checks?|health|readiness|liveness)\b", "The service tells whether it is healthy and ready."),
    (r"\b(?:logs?|logging|logged)\b", "The service writes structured logs."),
    (r"\b(?:clean|readable|simple|small|fast|quick|maintainable|well[- ]structured|best practi[cs]es|type hints?|typed|production[- ]ready|quality|secure|reliable|robust|scalable|easy to use|user[- ]friendly|modular|good|nice|modern|professional)\b", "The code is typed, small and readable."),
    (r"\b(?:concurren\w+|at the same moment|race conditions?|transactions?)\b", "Rules hold under concurrent requests."),
    (r"\b(?:ci|github actions|continuous integration)\b", "The project comes with a workflow for continuous integration."),
)  # fmt: skip
_TALK = re.compile(
    r"^(?:thanks?|thank you|please|that'?s (?:it|all)|hi|hello|hey|good luck|cheers|best regards|regards|let me know|keep it simple|make it (?:simple|nice|good|work)|"
    r"(?:i|we) (?:will|would|am|are|have|run|own|work)\b.*|this is (?:for|an?) .*|(?:rules?|requirements?|entities|fields|constraints|features|example|note|notes|details|data model|domain|overview|business rules|validation|endpoints|relationships?|relations|operations)"
    r"(?: (?:are|is|as follows|follow))?|the following(?: \w+)*|as follows|for example|etc|and so on|it is important|nothing else|no more|no (?:auth\w*|login|frontend|ui|user interface)(?: (?:needed|required|is needed))?|"
    r"(?:an? )?(?:small|simple)?(?: one)?)$"
)


def read_operation(draft: Draft, clause: Clause, text: str) -> bool:
    """Understand a canonical text as operations that every service has, or as a quality."""
    if not text or _TALK.match(text):
        return True
    if len(text) > 400:
        return False
    if _filters(draft, clause, text) or _crud(draft, clause, text):
        return True
    return _quality(draft, clause, text)


def _filters(draft: Draft, clause: Clause, text: str) -> bool:
    if _PAGES.search(text):
        _item(draft, clause, "Lists are given in pages.")
        return True
    if _SORT.search(text) and not re.search(r"\bmust be sorted in\b", text):
        draft.not_understood(
            clause.text,
            "Lists are given in the order in which records were made; sorting is not built.",
        )
        return True
    match = (
        _FILTER.search(text) or _LIST_BY.match(_LEAD.sub("", text, count=1)) or _SEARCH.search(text)
    )
    if match is None:
        return False
    names = [
        name
        for name in re.split(
            r"\s*,\s*(?:and |or )?|\s+and\s+(?:by )?|\s+or\s+(?:by )?|/", match["fields"]
        )
        if name
    ]
    thing = find_entity(draft, match["thing"]) if match["thing"] else None
    if thing is None:
        before = find_entity(draft, text[: match.start()].split(" can ", maxsplit=1)[0])
        thing = before if before is not None else None
    holders = (
        [thing.entity]
        if thing
        else ([draft.context] if draft.context else []) + list(draft.entities.values())
    )
    for holder in holders:
        keys = []
        for name in names:
            field = field_of(holder, name)
            target = find_entity(draft, name)
            reference = holder.reference_to(target.entity) if target else None
            chosen = reference or field
            if chosen is not None:
                keys.append(chosen.label)
        if len(keys) == len(names):
            _item(
                draft,
                clause,
                f"Lists of {holder.many} can be filtered by {' and '.join(dict.fromkeys(keys))}.",
            )
            if re.search(r"\bsearch|\bfind\b", text):
                draft.assume("Searching means filtering a list by the exact value of a field.")
            return True
    return False


def _crud(draft: Draft, clause: Clause, text: str) -> bool:
    plain = _LEAD.sub("", text, count=1)
    match = _CRUD.match(plain)
    if match is None:
        return False
    what = re.sub(
        r"^(?:(?:all|the|an?|their|its|my|our|own|new|existing|any|every|each|single|list of|lists of|details? of|information about|one|some|me|to|it|them) )+",
        "",
        f"{match['what']} ",
    ).strip()
    what = re.split(
        r" (?:by (?:its |their )?id|as |to (?:the|a|an) |from (?:the|a|an) |for (?:the|a|an|each|all) |with their|in (?:the|a|an) |again|with (?:all )?(?:its|their)|and (?:their|its))\b",
        what,
    )[0].strip()
    if not what or what in {
        "it",
        "them",
        "operations",
        "data",
        "everything",
        "records",
        "entities",
        "all",
        "resources",
        "all entities",
        "these",
        "all of them",
        "all resources",
        "each entity",
        "endpoints",
        "every entity",
        "these entities",
    }:
        _item(draft, clause, "Records can be created, listed, read, changed and deleted.")
        return True
    parts = [part for part in re.split(r"\s*,\s*(?:and |or )?|\s+and\s+|\s+or\s+", what) if part]
    found = [find_entity(draft, part) for part in parts]
    if all(each is not None for each in found):
        names = " and ".join(dict.fromkeys(each.entity.many for each in found if each is not None))
        _item(
            draft,
            clause,
            f"{names.capitalize()} can be created, listed, read, changed and deleted.",
        )
        return True
    fields = [
        name for name in parts if any(field_of(entity, name) for entity in draft.entities.values())
    ]
    if fields and len(fields) == len(parts):
        _item(
            draft,
            clause,
            f"The {' and '.join(' '.join(bare(each)) for each in fields)} can be set and changed.",
        )
        return True
    return False


def _quality(draft: Draft, clause: Clause, text: str) -> bool:
    if len(text.split()) > 14:
        return False
    found = False
    for pattern, statement in _QUALITIES:
        if not re.search(pattern, text):
            continue
        found = True
        if statement.startswith("!"):
            draft.not_understood(clause.text, statement[1:])
        else:
            _item(draft, clause, statement, RequirementCategory.QUALITY)
    return found


def _item(
    draft: Draft,
    clause: Clause,
    statement: str,
    category: RequirementCategory = RequirementCategory.OPERATION,
) -> None:
    for known in draft.items:
        if known.statement == statement:
            if clause.sentence not in known.sources:
                known.sources.append(clause.sentence)
            return
    draft.items.append(Item(category, statement, [clause.sentence]))
