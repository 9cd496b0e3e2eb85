"""Verbs that link entities, and the record that such a link is kept in."""

import re

# Each verb's stem, and the nouns of the record that remembers the deed, the usual one first.
_LINKING: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"borrow\w*|lend\w*|lent|loan\w*|check(?:s|ed|ing)? out", ("loan", "borrowing", "checkout", "lending")),
    (r"rent\w*|hire[sd]?|hiring", ("rental", "rent", "hire")),
    (r"leas(?:e[sd]?|ing)", ("lease", "rental")),
    (r"book(?:s|ed|ing)?", ("booking", "reservation", "appointment")),
    (r"reserv\w+", ("reservation", "booking")),
    (r"enrol\w*|take[sn]?|taking", ("enrollment", "enrolment", "registration")),
    (r"register\w*|sign(?:s|ed)? up|signing up", ("registration", "enrollment", "signup")),
    (r"attend\w*|participat\w+|joins?|joined|take part|check(?:s|ed)? in(?:to)?",
     ("attendance", "participation", "membership", "registration", "checkin", "enrollment")),
    (r"subscrib\w+", ("subscription",)),
    (r"follow\w*", ("follow", "following")),
    (r"like[sd]?|liking", ("like",)),
    (r"favou?rite[sd]?|bookmark\w*|star(?:s|red)", ("favorite", "favourite", "bookmark")),
    (r"vot(?:e[sd]?|ing)", ("vote",)),
    (r"rat(?:e[sd]?|ing)", ("rating", "review")),
    (r"review\w*", ("review", "rating")),
    (r"comment(?:s|ed|ing)?", ("comment",)),
    (r"appl(?:y|ies|ied|ying)", ("application", "job application")),
    (r"bu(?:y|ys|ying)|bought|purchas\w+|sold|sells?|selling", ("purchase", "sale", "order")),
    (r"order(?:s|ed|ing)?", ("order", "order item")),
    (r"visit\w*", ("visit", "appointment")),
    (r"assign\w*|work(?:s|ed|ing)? on|allocat\w+", ("assignment", "allocation")),
    (r"schedul\w+|see[ns]?", ("appointment", "schedule", "booking")),
    (r"donat\w+", ("donation",)),
    (r"bid(?:s|ding)?", ("bid",)),
    (r"watch(?:es|ed|ing)?|view(?:s|ed|ing)?", ("view", "watch")),
    (r"play(?:s|ed|ing)?", ("participation", "play")),
    (r"invit\w+", ("invitation",)),
    (r"answer\w*", ("answer",)),
    (r"submit\w*", ("submission",)),
    (r"pay(?:s|ing)?|paid", ("payment",)),
    (r"complet\w+", ("completion",)),
    (r"prescrib\w+", ("prescription",)),
    (r"adopt\w*", ("adoption",)),
)  # fmt: skip
_COMPILED = tuple((re.compile(rf"(?:{pattern})$"), nouns) for pattern, nouns in _LINKING)
LINKING = "|".join(rf"(?:{pattern})" for pattern, _ in _LINKING)

# "A customer places orders": what is made points to who makes it.
MAKING = (
    r"writ(?:e|es|ing|ten)|wrote|creat(?:e|es|ed|ing)|own(?:s|ed|ing)?|publish(?:es|ed|ing)?|post(?:s|ed|ing)?|place[sd]?|"
    r"placing|make[s]?|making|made|manag(?:e|es|ed|ing)|teach(?:es|ing)?|taught|host(?:s|ed|ing)?|organi[sz](?:e|es|ed|ing)|run(?:s)?|leads?|led|"
    r"upload(?:s|ed)?|offer(?:s|ed)?|produc(?:e|es|ed)|direct(?:s|ed)?|suppl(?:y|ies|ied)|keep(?:s)?|record(?:s|ed)?|add(?:s|ed)?|"
    r"log(?:s|ged)?|track(?:s|ed)?|start(?:s|ed)?|open(?:s|ed)?|drives?|recorded|issue[sd]?|request(?:s|ed)?|report(?:s|ed)?|hold(?:s)?|held"
)

# Verbs whose object is a record itself: "hold 3 reservations".
HAVING = (
    r"have|has|having|had|hold|holds|own|owns|keep|keeps|get|gets|make|makes|place|places|create|creates|contain|contains|"
    r"include|includes|receive|receives|accept|accepts|write|writes|post|posts|submit|submits|open|opens|take|takes|do|does|be in|"
    r"be assigned(?: to)?|be given|be on|need|needs|request|requests|host|hosts|teach|teaches|manage|manages|run|runs|handle|handles|"
    r"carry|serve|serves|be part of|belong to|belongs to|cast|casts|leave|leaves|give|gives|add|adds|issue|issues|start|starts|use|uses"
)

# What one does somewhere, without an object: "a guest sits at a table".
STAYING = (
    r"sits?|stands?|lives?|works?|stays?|sleeps?|parks?|trains?|studies|study|resides?|eats?|arrives?|departs?|hangs?|grows?|swims?|"
    r"rides?|flies|fly|goes|go|comes?|reports?|serves?|competes?|performs?|appears?|lies?|waits?|starts?|ends?|runs?"
)

# Where a clause of its own begins: "…, students take courses", "…, a room must have a number".
CLAUSE = (
    r"(?:(?:an?|the|each|every|all) (?:(?!(?:that|which|who|whose)\b)[\w-]+ ){1,2}|[a-z][\w-]*s (?:[\w-]+s )?|people |children )"
    rf"(?:can(?:not|'t)?|must|may|should|will|is|are|has|have|belongs?|{HAVING}|{LINKING}|{MAKING})\b"
)


def record_nouns(verb: str) -> tuple[str, ...]:
    """The nouns of the record that a linking verb makes: "borrow" → loan, borrowing, …"""
    plain = re.sub(r"^(?:be |been |being |to )", "", verb.strip())
    plain = re.sub(r"\s+(?:for|in|on|at|to|into|from|by|with)$", "", plain)
    return next((nouns for pattern, nouns in _COMPILED if pattern.match(plain)), ())


_BY_PAIR: dict[frozenset[str], str] = {
    frozenset({"student", "course"}): "enrollment",
    frozenset({"student", "class"}): "enrollment",
    frozenset({"user", "course"}): "enrollment",
    frozenset({"user", "event"}): "registration",
    frozenset({"attendee", "event"}): "registration",
    frozenset({"participant", "event"}): "registration",
    frozenset({"book", "member"}): "loan",
    frozenset({"user", "project"}): "membership",
    frozenset({"user", "team"}): "membership",
    frozenset({"user", "group"}): "membership",
    frozenset({"member", "team"}): "membership",
    frozenset({"employee", "project"}): "assignment",
    frozenset({"developer", "project"}): "assignment",
    frozenset({"doctor", "patient"}): "appointment",
    frozenset({"product", "order"}): "order item",
    frozenset({"order", "item"}): "order line",
    frozenset({"actor", "movie"}): "casting",
    frozenset({"teacher", "class"}): "assignment",
}


def record_of_pair(one: str, other: str) -> tuple[str, ...]:
    """The words of the record that joins two entities: student and course → enrollment."""
    usual = _BY_PAIR.get(frozenset({one, other}))
    return tuple(usual.split()) if usual else (*one.split(), *other.split())
