"""What a field holds, told by its name or by a type's name."""

import re

from quantumlayer.builtin.domain import FieldType as T
from quantumlayer.builtin.understanding.words import is_plural

_TYPE_NAMES: dict[str, T] = {
    name: kind
    for names, kind in (
        ("string str text varchar char word letters uuid guid unicode slug", T.TEXT),
        ("longtext markdown html textarea paragraph multiline", T.LONG_TEXT),
        ("int integer number whole integers numbers bigint long numeric smallint uint", T.INTEGER),
        ("decimal float double money currency real euros dollars eur usd gbp", T.DECIMAL),
        ("bool boolean flag checkbox yes/no true/false booleans", T.BOOLEAN),
        ("date day", T.DATE),
        ("time", T.TIME),
        ("datetime timestamp date-time", T.DATETIME),
        ("email e-mail mail", T.EMAIL),
        ("url uri link", T.URL),
        ("phone telephone", T.PHONE),
        ("tags list array strings", T.TAGS),
        ("enum choice enumeration", T.CHOICE),
    )
    for name in names.split()
}


def type_named(text: str) -> T | None:
    """The type that a type's name says: "string" → text, "date and time" → datetime."""
    plain = text.lower().strip(" .?!")
    if re.fullmatch(r"date ?(?:and|&|/|\+)? ?time|date-time", plain):
        return T.DATETIME
    if re.fullmatch(r"(?:whole|integer|natural) numbers?", plain):
        return T.INTEGER
    if re.fullmatch(r"(?:decimal|real|floating point) numbers?|amount of money", plain):
        return T.DECIMAL
    if re.fullmatch(r"long (?:text|string)|rich text|free text|multi-?line text", plain):
        return T.LONG_TEXT
    if re.fullmatch(
        r"(?:list|array)(?: of)? (?:strings?|texts?|tags|words|names)|string\[\]|text\[\]", plain
    ):
        return T.TAGS
    if re.fullmatch(r"yes ?/ ?no|true ?/ ?false|true or false|yes or no", plain):
        return T.BOOLEAN
    return _TYPE_NAMES.get(re.sub(r"\(\d+\)$", "", plain))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_LAST_WORD: tuple[tuple[frozenset[str], T], ...] = (
    (_words("email mail emails"), T.EMAIL),
    (_words("url link website homepage webpage uri site"), T.URL),
    (_words("phone telephone mobile cellphone fax"), T.PHONE),
    (
        _words(
            "tags keywords labels ingredients skills genres languages hashtags aliases features "
            "allergies topics categories amenities synonyms symptoms hobbies toppings medications "
            "interests options colors colours sizes images photos participants attendees"
        ),
        T.TAGS,
    ),
    (
        _words(
            "description descriptions notes note body content contents text details bio biography "
            "summary instructions steps comment comments remark remarks message abstract feedback "
            "reason directions diagnosis agenda explanation answer transcript procedure excerpt "
            "treatment overview"
        ),
        T.LONG_TEXT,
    ),
    (
        _words(
            "price amount cost salary total rate budget fee balance tax discount subtotal wage "
            "deposit weight height latitude longitude distance temperature percentage percent "
            "payment income revenue profit value length width depth area volume hours score "
            "fine mileage sum money bid rent premium gpa interest tip km kg kw kwh cm mm ml liters litres "
            "grams celsius temperature humidity voltage"
        ),
        T.DECIMAL,
    ),
    (
        _words(
            "count quantity qty age year years pages capacity stock number_of seats floor copies "
            "points minutes seconds days weeks months calories views likes stars guests bedrooms "
            "bathrooms units rating position rank attempts visits servings portions "
            "duration credits goals wins losses draws players reps sets repetitions "
            "people persons rooms beds votes clicks downloads followers kilometers steps_count "
            "chapters episodes seasons threshold sequence marks edition odometer "
            "population lessons"
        ),
        T.INTEGER,
    ),
    (
        _words(
            "date birthday deadline dob birthdate anniversary due expiry expiration born day "
            "founded established"
        ),
        T.DATE,
    ),
    (_words("datetime timestamp moment when"), T.DATETIME),
    (_words("time"), T.TIME),
    (
        _words(
            "active done completed paid enabled available published archived verified public "
            "private finished urgent featured visible closed cancelled approved confirmed returned "
            "favorite favourite read deleted locked present refundable mandatory vegetarian vegan "
            "resolved checked admin premium_member subscribed delivered shipped attended blocked "
            "pinned answered correct anonymous taxable used sold booked hidden overdue vaccinated "
            "neutered graded passed signed purchased watched bought"
        ),
        T.BOOLEAN,
    ),
)
_BY_LAST_WORD = {word: kind for names, kind in reversed(_LAST_WORD) for word in names}
_PAST = _words(
    "created updated published paid returned completed finished closed started ended opened sent "
    "received shipped delivered born joined hired registered cancelled approved enrolled borrowed "
    "loaned lent issued reviewed submitted resolved purchased sold posted added modified deleted "
    "archived checked confirmed signed founded acquired"
)
_TEXT_ENDINGS = _words("number code name title label identifier reference no key slug")


def type_of(words: tuple[str, ...]) -> T:
    """The type that a field's name speaks for; text when nothing else does."""
    last = words[-1]
    if words[0] == "total" and len(words) > 1 and is_plural(last) and last not in _BY_LAST_WORD:
        return T.INTEGER
    if words[0] in {"is", "has", "was", "can", "allow", "allows"} and len(words) > 1:
        return T.BOOLEAN
    if words[:2] == ("number", "of") or words[0] in {"max", "min", "maximum", "minimum", "num"}:
        return (
            T.INTEGER if words[0] not in {"max", "min", "maximum", "minimum"} else _bounded(words)
        )
    if last == "at" and len(words) > 1:
        return T.DATETIME
    if (last == "on" and len(words) > 1) or words[-2:] == ("of", "birth"):
        return T.DATE
    if words[-2:] in {("date", "time"), ("time", "stamp")}:
        return T.DATETIME
    if len(words) > 1 and last in {"date", "day"}:
        return T.DATE
    if "price" in words[:-1] or words[-2:] == ("per", "hour") or words[-2:] == ("per", "night"):
        return T.DECIMAL
    if len(words) > 1 and last in {"by", "address"} and words[-2] != "email":
        return T.EMAIL if words[-2] == "mail" else T.TEXT
    if words[-2:] == ("email", "address"):
        return T.EMAIL
    if (
        last == "size"
        and len(words) > 1
        and words[-2] in {"party", "group", "team", "class", "family", "batch"}
    ):
        return T.INTEGER
    if "phone" in words or "telephone" in words:
        return T.PHONE
    if words[-2:] in {("image", "url"), ("web", "site"), ("web", "page")}:
        return T.URL
    if last in _TEXT_ENDINGS:
        return T.TEXT
    return _BY_LAST_WORD.get(last, T.TEXT)


def _bounded(words: tuple[str, ...]) -> T:
    kind = type_of(words[1:]) if len(words) > 1 else T.INTEGER
    return kind if kind in {T.INTEGER, T.DECIMAL} else T.INTEGER


def happens_later(words: tuple[str, ...]) -> bool:
    """Whether a date tells of something that has not happened when the record is made."""
    return words[0] in {
        "returned", "completed", "finished", "closed", "paid", "cancelled", "resolved", "delivered",
        "shipped", "approved", "published", "archived", "ended", "deleted", "return", "completion",
        "sold", "checked", "signed", "reviewed", "answered", "actual",
    } and type_of(words) in {T.DATE, T.DATETIME, T.TIME}  # fmt: skip


def tells_creation(words: tuple[str, ...]) -> bool:
    """Whether a date is the moment at which the record is made: `created_at`."""
    return words[0] in {"created", "creation", "registered", "posted", "added"} and type_of(
        words
    ) in {T.DATE, T.DATETIME}


def is_money(words: tuple[str, ...]) -> bool:
    """Whether a number is one that is never negative in common use."""
    return bool(
        set(words)
        & _words(
            "price amount cost salary total rate budget fee tax discount subtotal wage deposit "
            "weight height distance quantity qty count stock pages capacity age copies seats rent "
            "hours minutes points calories duration year servings"
        )
    )
