"""What is said about one field, applied to it: limits, length, values, default, uniqueness.

`apply` reads phrases such as "required, max 100 characters", "must be unique", "between 1 and 5",
"(todo, doing, done)" and gives back what it did not understand.
"""

import re
from collections.abc import Callable

from quantumlayer.builtin.domain import FieldType as T
from quantumlayer.builtin.understanding.canonical import canonical
from quantumlayer.builtin.understanding.draft import FieldDraft
from quantumlayer.builtin.understanding.text import alternatives
from quantumlayer.builtin.understanding.types import type_named, type_of
from quantumlayer.builtin.understanding.words import words_of

_NUMBER = r"(?:[$\u20ac\u00a3] ?)?(-?\d+(?:\.\d+)?)"
_LETTERS = r"(?P<unit>(?: ?-? ?(?:characters?|chars?|letters?|digits?|symbols?)\b)?(?: (?:long|in length)\b)?)"
_OTHER_UNIT = (
    r"(?: ?(?:%|percent|euros?|eur|dollars?|usd|\$|\u20ac|hours?|minutes?|seconds?|days?|years?|"
    r"months?|weeks?|kg|km|cm|m|g|stars?|points?|pages?|people|persons?|items?|units?|pieces|"
    r"characters?|chars?|guests?)\b)?"
)
_TEXTUAL = frozenset({T.TEXT, T.LONG_TEXT, T.EMAIL, T.URL, T.PHONE})
_NUMERIC = frozenset({T.INTEGER, T.DECIMAL})
_ALWAYS_TEXT = frozenset(
    [
        "title",
        "name",
        "username",
        "password",
        "isbn",
        "code",
        "sku",
        "slug",
        "description",
        "body",
        "content",
        "text",
        "notes",
        "note",
        "comment",
        "comments",
        "bio",
        "summary",
        "message",
        "subject",
        "address",
        "label",
        "nickname",
        "login",
        "token",
        "reference",
        "barcode",
        "iban",
        "zip",
        "postcode",
        "ean",
        "vin",
        "passport",
        "plate",
        "license",
        "headline",
        "caption",
    ]
)
_LENGTH_WORDS = re.compile(r"\b(?:characters?|chars?|letters?|digits?|symbols?|long|length)\b")

Step = Callable[[FieldDraft, "re.Match[str]"], None]


def kind_of_field(field: FieldDraft) -> T:
    """The type that is known or told by the name."""
    return field.type or type_of(field.words)


def _bound(field: FieldDraft, side: str, value: str, *, letters: bool, exclusive: bool) -> None:
    field.constrained = True
    kind = kind_of_field(field)
    told = field.type in _TEXTUAL
    usual = kind in _TEXTUAL and field.words[-1] in _ALWAYS_TEXT
    if letters or told or usual or kind is T.LONG_TEXT:
        whole = int(float(value)) + (exclusive if side == "minimum" else -exclusive)
        setattr(field, "min_length" if side == "minimum" else "max_length", max(0, whole))
        return
    if kind not in _NUMERIC:
        field.type = T.DECIMAL if "." in value else T.INTEGER
    elif "." in value:
        field.type = T.DECIMAL
    setattr(field, side, value)
    setattr(field, f"exclusive_{side}", exclusive)


def _between(field: FieldDraft, match: "re.Match[str]") -> None:
    low, high = sorted((match[1], match[2]), key=float)
    letters = bool(_LENGTH_WORDS.search(match["unit"] or "")) or "length" in match.group()
    _bound(field, "minimum", low, letters=letters, exclusive="exclusive" in match.group())
    _bound(field, "maximum", high, letters=letters, exclusive="exclusive" in match.group())


def _one_side(side: str, *, exclusive: bool) -> Step:
    def step(field: FieldDraft, match: "re.Match[str]") -> None:
        letters = bool(_LENGTH_WORDS.search(match.group()))
        _bound(field, side, match[1], letters=letters, exclusive=exclusive)

    return step


def _exactly(field: FieldDraft, match: "re.Match[str]") -> None:
    field.constrained = True
    count = min(int(match[1]), 500)
    if "digit" in match.group():
        field.type, field.pattern = T.TEXT, rf"^[0-9]{{{count}}}$"
        field.min_length = field.max_length = None
    elif re.search(r"upper ?case|capital", match.group()):
        field.type, field.pattern = T.TEXT, rf"^[A-Z]{{{count}}}$"
    else:
        field.type = T.TEXT
        field.min_length = field.max_length = count


def _one_of_lengths(field: FieldDraft, match: "re.Match[str]") -> None:
    field.constrained = True
    one, other = sorted((int(match[1]), int(match[2])))
    field.type = T.TEXT
    field.pattern = rf"^([0-9]{{{one}}}|[0-9]{{{other}}})$"


def _digit_range(field: FieldDraft, match: "re.Match[str]") -> None:
    field.constrained = True
    low, high = sorted((int(match[1]), int(match[2])))
    field.type, field.pattern = T.TEXT, rf"^[0-9]{{{low},{high}}}$"


def _letters_and_digits(field: FieldDraft, match: "re.Match[str]") -> None:
    letters = "A-Z" if re.search(r"upper|capital", match["kind"]) else "A-Za-z"
    first = f"{match['first']},{match['more'][1:]}" if match["more"] else match["first"]
    last = f"{match['last']},{match['end']}" if match["end"] else match["last"]
    field.type, field.constrained = T.TEXT, True
    field.pattern = f"^[{letters}]{{{first}}}[0-9]{{{last}}}$"


_SIGN_CLASSES = {
    r"(?:lower ?case|small) letters": "a-z", r"(?:upper ?case|capital) letters": "A-Z", "letters": "A-Za-z",
    r"digits|numbers": "0-9", r"dashes|hyphens": r"\-", "underscores": "_", "dots|periods": ".", "spaces": " ",
}  # fmt: skip
_SIGNS = "|".join(_SIGN_CLASSES)


def _made_of(field: FieldDraft, match: "re.Match[str]") -> None:
    """ "Lowercase letters, digits and dashes": the signs that a text is made of."""
    said = re.split(r", (?:and |or )?| and | or ", match.group())
    signs = [
        next((cls for words, cls in _SIGN_CLASSES.items() if re.search(rf"(?:{words})", each)), "")
        for each in said
    ]
    field.type, field.constrained = T.TEXT, True
    field.pattern = f"^[{''.join(dict.fromkeys(signs))}]+$"


def _sign(minimum: str, *, exclusive: bool) -> Step:
    def step(field: FieldDraft, _match: "re.Match[str]") -> None:
        if kind_of_field(field) not in _NUMERIC:
            field.type = T.DECIMAL
        field.constrained = True
        field.minimum, field.exclusive_minimum = minimum, exclusive

    return step


def _shape(pattern: str) -> Step:
    def step(field: FieldDraft, _match: "re.Match[str]") -> None:
        field.type, field.pattern, field.constrained = T.TEXT, pattern, True

    return step


def _format(field: FieldDraft, match: "re.Match[str]") -> None:
    """A format shown by example: ABC-1234 → three capitals, a hyphen, four digits."""
    shown = match["shape"].upper()
    parts = []
    for run in re.finditer(r"[A-Z]+|[0-9#]+|.", shown):
        letter = run.group()[0]
        if letter.isdigit() or letter == "#":
            parts.append(f"[0-9]{{{len(run.group())}}}")
        elif letter.isalpha():
            parts.append(f"[A-Z]{{{len(run.group())}}}")
        else:
            parts.append(re.escape(run.group()))
    field.type, field.pattern, field.constrained = T.TEXT, "^" + "".join(parts) + "$", True


def _flag(name: str, value: object) -> Step:
    def step(field: FieldDraft, _match: "re.Match[str]") -> None:
        setattr(field, name, value)
        field.constrained = True

    return step


def _default(field: FieldDraft, match: "re.Match[str]") -> None:
    value = match["value"].strip(" '\".")
    field.constrained = True
    if value in {"today", "the current date", "current date", "current day", "the current day"}:
        field.type, field.computed_default = T.DATE, "today"
    elif value in {"now", "the current time", "current time", "current timestamp"}:
        kind = kind_of_field(field)
        field.type = kind if kind in {T.DATE, T.DATETIME} else T.DATETIME
        field.computed_default = "today" if field.type is T.DATE else "now"
    elif value in {"true", "false", "yes", "no"}:
        field.type, field.default = T.BOOLEAN, value in {"true", "yes"}
    elif value in {"null", "none", "empty", "nothing"}:
        field.required = False
    else:
        field.default = value


def _automatic(field: FieldDraft, _match: "re.Match[str]") -> None:
    kind = kind_of_field(field)
    if kind in {T.DATE, T.DATETIME}:
        field.type, field.constrained = kind, True
        field.computed_default = "today" if kind is T.DATE else "now"


def _direction(direction: str) -> Step:
    def step(field: FieldDraft, _match: "re.Match[str]") -> None:
        if kind_of_field(field) not in {T.DATE, T.DATETIME}:
            field.type = T.DATE
        field.constrained = True
        field.direction = direction  # type: ignore[assignment]

    return step


def _nothing(_field: FieldDraft, _match: "re.Match[str]") -> None:
    return


def _values(field: FieldDraft, match: "re.Match[str]") -> None:
    values = choice_values(match["values"])
    if set(values) in ({"yes", "no"}, {"true", "false"}):
        field.type, field.constrained = T.BOOLEAN, True
    elif values:
        field.type, field.choices, field.constrained = T.CHOICE, values, True


def choice_values(text: str) -> tuple[str, ...]:
    """The listed values, as short names; none when the text is no list of values."""
    found = alternatives(text.replace("\u2192", ",").replace(" to ", ", "))
    values = tuple(dict.fromkeys(choice_value(value) for value in found))
    too_long = any(not value or len(value) > 40 or value.count("_") > 3 for value in values)
    return () if too_long or len(values) < 2 or len(values) > 40 else values


def choice_value(text: str) -> str:
    """A listed value as it is stored: "In progress" → in_progress."""
    plain = re.sub(r"(?i)^(?:an?|the|either|or|and|is|are)\s+", "", text.strip(" '\"."))
    plain = re.sub(r"\s*\([^)]*\)", "", plain)
    return re.sub(r"[^a-z0-9+.]+", "_", plain.lower()).strip("_")


_MODAL = r"(?:(?:which|that|and|it) )?(?:(?:must|cannot|can|has|have|is|are|must have|can have)(?: be)? )?"
_STEPS: tuple[tuple["re.Pattern[str]", Step], ...] = tuple(
    (re.compile(pattern), step)
    for pattern, step in (
        (r"\b(?:default(?:s|ing)?|by default|initial(?:ly)?|starts? (?:at|as|with))(?: value)?(?: is| to| of| as|s to|:|=)*\s+(?P<value>the current (?:date|time|day)|current (?:date|time|timestamp|day)|'[^']+'|\"[^\"]+\"|-?[\w.]+(?:_\w+)*)", _default),
        (r"(?P<value>-?[\w.]+) (?:by|as|is the) default\b", _default),
        (r"^= ?(?P<value>-?[\w.]+)$", _default),
        (r"\b(?:auto(?:matically)?(?:[- ](?:set|generated|filled|assigned))?|(?:set|generated|filled) (?:automatically|by the (?:system|server)))\b", _automatic),
        (r"\b(?:1[03]) or (?:1[03]) digits\b".replace("(?:1[03])", "(1[03])"), _one_of_lengths),
        (r"(?P<first>\d+)(?P<more>-\d+)? (?P<kind>(?:upper ?case |capital )?letters?|capitals)(?:,| and| followed by| then)+ (?P<last>\d+)(?:-(?P<end>\d+))? digits?", _letters_and_digits),
        (rf"\b(?:between |from |in the range(?: of)? |range:? ?|of )?{_NUMBER} ?(?:to|-|and|\.\.\.?|until) ?{_NUMBER} digits(?: long)?", _digit_range),
        (rf"(?:(?:with |has )?(?:a )?(?:length|value)(?: is| must be|:)? )?(?:between |from |in the range(?: of)? |ranging from |ranges from |range:? ?|of |scale(?: of)? )?{_NUMBER}{_OTHER_UNIT} ?(?:to|-|and|\.\.\.?|until|through) ?{_NUMBER}{_LETTERS}{_OTHER_UNIT}(?: inclusive| exclusive| \(?inclusive\)?)?", _between),
        (r"(?:exactly |of |with |has |have )*(\d+)[- ](?:digits?|upper ?case letters?|capital letters?|capitals)(?: (?:number|code|long))?", _exactly),
        (r"(?:exactly |a length of |length (?:of )?(?:exactly )?)(\d+)(?: (?:characters?|chars?|letters?|digits?))?(?: long)?", _exactly),
        (rf"(?:min(?:imum)? ?length|minlength|min_length)(?: of| is)?[ :=]*{_NUMBER}(?P<unit>)(?:length)?", lambda f, m: _bound(f, "minimum", m[1], letters=True, exclusive=False)),
        (rf"(?:max(?:imum)? ?length|maxlength|max_length)(?: of| is)?[ :=]*{_NUMBER}(?P<unit>)(?:length)?", lambda f, m: _bound(f, "maximum", m[1], letters=True, exclusive=False)),
        (rf"(?:at least|min(?:imum)?(?: value)?[:=]?|starting (?:at|from)|from) ?{_NUMBER}{_LETTERS}{_OTHER_UNIT}(?: or more)?", _one_side("minimum", exclusive=False)),
        (rf"{_NUMBER}{_LETTERS}{_OTHER_UNIT} or (?:more|greater|higher|above|longer|older)", _one_side("minimum", exclusive=False)),
        (rf"(?:at most|max(?:imum)?(?: value)?[:=]?) ?{_NUMBER}{_LETTERS}{_OTHER_UNIT}", _one_side("maximum", exclusive=False)),
        (rf"{_NUMBER}{_LETTERS}{_OTHER_UNIT} or (?:less|fewer|lower|below|shorter)|{_NUMBER} ?(?:characters?|chars?) max(?:imum)?", lambda f, m: _bound(f, "maximum", m[1] or m[3], letters=bool(_LENGTH_WORDS.search(m.group())), exclusive=False)),
        (rf"(?:not (?:be )?before|not (?:be )?earlier than|since|from) {_NUMBER}(?P<unit>)$", _one_side("minimum", exclusive=False)),
        (rf"(?:not (?:be )?after|not (?:be )?later than|until) {_NUMBER}(?P<unit>)$", _one_side("maximum", exclusive=False)),
        (rf"(?:greater|more|higher|larger|bigger|longer|above|over|exceeds?|>)(?: than)? ?{_NUMBER}{_LETTERS}{_OTHER_UNIT}(?: and)?", _one_side("minimum", exclusive=True)),
        (rf"(?:less|lower|smaller|fewer|shorter|below|under|<)(?: than)? ?{_NUMBER}{_LETTERS}{_OTHER_UNIT}", _one_side("maximum", exclusive=True)),
        (r"\b(\d+) (?:characters?|chars?|letters?)(?: long)?(?=\s*(?:$|[,;]))", _exactly),
        (r"cannot be (?:negative|less than zero|below zero|under zero)|\bnon[- ]?negative\b|\bnot (?:be )?negative\b|\bis never negative\b|\bnever (?:be )?(?:negative|below zero)\b|zero or (?:more|positive|greater)|positive or zero|cannot (?:go|drop|fall|become) (?:below (?:zero|0)|negative)", _sign("0", exclusive=False)),
        (r"\bpositive\b|\bcannot be (?:zero|0)(?: or (?:negative|less))?\b|\bnon[- ]?zero\b|above zero|greater than zero", _sign("0", exclusive=True)),
        (r"(?:which |that )?(?:must be |is |are |cannot be )?(?:strictly )?(?:in|within) the (?:past|present or past) or (?:today|present)|(?:cannot be|is not|not|never) (?:be )?(?:in|within) the future|today or (?:earlier|before|in the past)|cannot be (?:after today|later than today)|at most today", _direction("past_or_today")),
        (r"(?:cannot be|is not|not|never|no dates?) (?:be )?(?:in|within) the past|in the future or today|today or (?:later|after|in the future)|(?:cannot be|not) (?:before|earlier than) today|at least today|cannot be (?:a )?past(?: date)?|from today on", _direction("future_or_today")),
        (r"(?:be )?(?:(?:set|dated) )?in the future|(?:be )?(?:later than|after) (?:today|now|the current (?:date|time))|\bfuture(?: dates?)?(?: only)?", _direction("future")),
        (r"(?:be )?(?:(?:set|dated) )?in the past|(?:be )?(?:before|earlier than) (?:today|now|the current (?:date|time))|\bpast dates?(?: only)?", _direction("past")),
        (r"cannot be (?:changed|edited|modified|updated|altered)(?: (?:after|once|later|afterwards)[a-z ]*)?|\bimmutable\b|\bread[- ]?only\b|\bnot (?:editable|changeable|modifiable)\b|\bnever changes?\b|\bcannot change\b", _flag("fixed", True)),
        (r"(?:must be |is |are |be )?(?:globally )?unique(?: (?:per|for) (?:record|row))?(?! (?:per|within|inside|in|for|among)\b)|\bno duplicates?(?: allowed)?|\bcannot be (?:duplicated?|repeated)|\bdistinct\b", _flag("unique", True)),
        (r"\bnot required\b|\boptional(?:ly)?\b|\bnullable\b|can be (?:empty|null|missing|blank|omitted|left (?:out|empty|blank))|\bif (?:any|known|available|present|given|applicable)\b|\bnot mandatory\b|\bcan have\b|\bor (?:null|empty|none)\b|\bwhen known\b", _flag("required", False)),
        (r"\b(?:is |are |be )?(?:required|mandatory|obligatory|compulsory|needed)\b|\bnot (?:null|nullable|empty|blank|optional)\b|cannot be (?:empty|null|missing|blank|omitted|left (?:out|empty|blank))|must be (?:given|set|present|provided|specified|filled(?: in)?|supplied|entered)|\bnon[- ]?empty\b|must not be empty|must (?:exist|have a value)", _flag("required", True)),
        (rf"(?:only )?(?:consists? of )?(?:{_SIGNS})(?:(?:, | and |, and | or |, or )(?:{_SIGNS}))+(?: only)?", _made_of),
        (r"\b(?:only )?(?:upper ?case|capital) letters(?: only)?\b|\bin (?:upper ?case|capitals)\b|\ball caps\b|\bupper ?case(?: only)?\b", _shape("^[A-Z]+$")),
        (r"\b(?:only )?lower ?case letters(?: only)?\b|\blower ?case(?: only)?\b", _shape("^[a-z]+$")),
        (r"\b(?:only )?(?:letters and (?:digits|numbers)|alphanumeric(?: characters)?)(?: only)?\b", _shape("^[A-Za-z0-9]+$")),
        (r"\b(?:digits only|only (?:digits|numbers)|contains? only digits|numeric (?:string|text))\b", _shape("^[0-9]+$")),
        (r"\b(?:letters only|only letters)\b", _shape("^[A-Za-z]+$")),
        (r"\b(?:in the |of the |with the |has the |have the |must match the |matching the )?(?:format|form|pattern|shape)(?: of| like| is|:)? ['\"]?(?P<shape>(?=[\w#-]*[\d#-])[a-z#\d]{1,12}(?:[-/ .][a-z#\d]{1,12}){0,4})['\"]?", _format),
        (r"(?:a |an )?(?:valid|well[- ]formed|correct)(?: (?:e-?mail|url|link|phone|date|number|email))?(?: (?:address|number|format))?", _nothing),
        (r"(?:with )?(?:\d|one|two|three) decimals?(?: places?)?", _flag("type", T.DECIMAL)),
        (r"(?:in|with) (?:euros?|eur|dollars?|usd|pounds|gbp|cents|minutes|hours|seconds|days|years|months|weeks|kg|kilograms|grams|km|kilometers|cm|meters|utc|percent|stars)\b", _nothing),
        (r"\b(?:primary key|foreign key|indexed)\b", _nothing),
    )
)  # fmt: skip
_CHOICES = re.compile(
    r"^(?:it |which |that |values?:? |options?:? |choices?:? |enum:? ?)*(?:can be|can only be|must be|"
    r"must be 1 of|is 1 of|is|are|be)?\b ?(?:(?:only )?(?:either|one of|1 of|any of|chosen from|"
    r"selected from|limited to|among|enum|in|from|of)\b)?(?: the\b)?(?: following)?(?: values?| options?)? ?"
    r"[:=]? ?\(?(?P<values>[^()]+?)\)?$"
)
_FILLER = re.compile(
    r"\b(?:which|that|must|can|be|is|are|has|have|and|a|an|the|of|with|it|its|also|field|value|"
    r"always|number|text|only|at|to|as|for|but|or|each|should|to be|we|want|please|all|their)\b"
    r"|[,.;:()'\"=]"
)


def apply(field: FieldDraft, text: str) -> str:
    """Apply what a text says of a field; gives back the words that were not understood.

    A form of which a part was not understood is not applied: it would refuse what is right.
    """
    known = (field.type, field.pattern)
    left = _apply(field, text)
    if left and field.pattern != known[1]:
        field.type, field.pattern = known
        return canonical(text)
    return left


def _apply(field: FieldDraft, text: str) -> str:
    plain = re.sub(r"(?<!\S)@(?=[a-z])", "", canonical(text))
    if re.fullmatch(r"(?:\"[\w -]+\"\s*[|,/]\s*)+\"[\w -]+\"", plain):
        plain = plain.replace('"', "")
    if not plain:
        return ""
    named = type_named(plain)
    if named is not None:
        field.type = named
        return ""
    rest = _typed_parts(field, plain)
    for pattern, step in _STEPS:
        match = pattern.search(rest)
        if match:
            step(field, match)
            rest = f"{rest[: match.start()]} ; {rest[match.end() :]}"
    left = " ".join(_FILLER.sub(" ", rest).split())
    if not left:
        return ""
    return _read_choices(field, rest, left)


_CURRENCIES = frozenset(
    [
        "eur",
        "euro",
        "usd",
        "gbp",
        "chf",
        "jpy",
        "cny",
        "dollar",
        "pound",
        "franc",
        "yen",
        "pln",
        "sek",
        "nok",
        "dkk",
        "cad",
        "aud",
        "inr",
    ]
)


def _typed_parts(field: FieldDraft, plain: str) -> str:
    """Take a leading type name off: "string, required" → required."""
    parts = [part.strip() for part in re.split(r",|\bor\b|\band\b", plain) if part.strip()]
    if len(parts) > 1 and set(parts) <= _CURRENCIES:
        return plain
    first, comma, others = plain.partition(",")
    kind = type_named(first)
    if comma and kind is not None:
        field.type = kind
        return others.strip()
    words = plain.split(" ")
    if len(words) > 1 and words[-1] in {"integer", "decimal", "string", "int", "float"}:
        field.type = type_named(words[-1])
        return " ".join(words[:-1])
    if len(words) > 1 and (kind := type_named(words[0])) is not None and words[0] not in {
        "list", "number", "long", "date", "time", "day", "real", "link", "whole", "mail",
    }:  # fmt: skip
        field.type = kind
        return " ".join(words[1:])
    return plain


def _read_choices(field: FieldDraft, rest: str, left: str) -> str:
    # Values may stand beside other phrases: "one of a, b, c, required".
    pieces = [piece.strip(" ,") for piece in rest.split(";")]
    unread: list[str] = []
    for piece in pieces:
        if not _FILLER.sub(" ", piece).strip():
            continue
        match = _CHOICES.match(piece)
        values = choice_values(match["values"]) if match else ()
        if match and values and _looks_like_values(piece, values):
            _values(field, match)
        else:
            unread.append(piece)
    return " ".join(unread) if unread else ("" if pieces else left)


def _looks_like_values(piece: str, values: tuple[str, ...]) -> bool:
    if any(len(words_of(value)) > 3 for value in values):
        return False
    return not re.search(r"\b(?:cannot|must not|unless|when|than|before|after|if)\b", piece)
