"""Small things that prompts are made of: numbers, names of columns, lists of names, types."""

import re

from quantumlayer.agents.builtin.understanding.text import with_digits
from quantumlayer.qlayer.requirements.tool import ColumnType

NUMBER_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|(?:a |one )?(?:hundred|thousand|million|dozen))"
)
NUMBER = rf"(?:-?\d+(?:,\d{{3}})*(?:\.\d+)?k?\b|\b{NUMBER_WORD}\b)"
COUNT = rf"(?:\d{{1,6}}\b|\b{NUMBER_WORD}\b)"

# Words that end the name of a column.
_STOP = frozenset(
    """
    and or then to into as in on at from with where when which that who whose for if is are was be
    has have sorted sort sorts order ordered show shows print prints output outputs display using
    report reports write writes giving give list lists per by grouped group groups but only also
    columns column fields field rows row records record file files csv json tsv table jsonl of
    descending ascending desc asc including include filter filters keep keeps save saves count
    sum average total mean calculate compute computes top it they both so via not contains
    between greater less more than above below equals equal ignoring ignore within
    number highest lowest largest smallest biggest first last newest oldest please every each
    again without during over under most least count counts plus excluding exclude ascending
    alphabetically max min maximum minimum median mean standard deviation distinct unique
    made makes placed bought spent sold did placing
    drop drops remove removes dedupe deduplicate rename renames add adds join joins merge merges
    convert converts writes save sorting read reads load loads tell optional optionally excluding
    this each my your our total totals let see want need these those instead again while
    """.split()  # noqa: SIM905
)
_NAME = re.compile(
    r"\s*(?:the |each |every |its |their |a |an |different |distinct )*([A-Za-z_][\w-]*)"
)
_MORE = re.compile(r" ([A-Za-z_][\w-]*)")
_BETWEEN = re.compile(
    r"\s*(?:,\s*(?:and\s+)?(?:by\s+|per\s+)?|\s+and\s+(?:by\s+|per\s+|then\s+by\s+)?|\s+per\s+|\s*&\s*|\s*\+\s*)"
)
_QUOTED = re.compile(r"\s*(?:the |column |columns )*[\"']([^\"']{1,60})[\"']")


def number_text(phrase: str) -> str:
    """A number phrase as plain digits: "1,000" → "1000", "five" → "5", "2k" → "2000"."""
    digits = with_digits(phrase.strip().lower()).replace(",", "").strip()
    match = re.search(r"-?\d+(?:\.\d+)?", digits)
    return match.group() if match else "0"


def name_at(text: str, position: int, *, words: int = 2) -> tuple[str, int] | None:
    """The name of a column that begins at a position, and where it ends; quoted ones as they are."""
    if (quoted := _QUOTED.match(text, position)) is not None:
        return quoted.group(1).strip(), quoted.end()
    match = _NAME.match(text, position)
    if match is None or match.group(1).lower() in _STOP:
        return None
    name, end = match.group(1), match.end(1)
    for _ in range(words - 1):
        more = _MORE.match(text, end)
        if more is None or more.group(1).lower() in _STOP:
            break
        name, end = f"{name} {more.group(1)}", more.end()
    return name.rstrip("-'"), end


def names_at(text: str, position: int, *, words: int = 2) -> tuple[list[str], int]:
    """The list of names that begins at a position: "region, month and product"."""
    names: list[str] = []
    end = position
    found = name_at(text, position, words=words)
    while found is not None:
        names.append(found[0])
        end = found[1]
        between = _BETWEEN.match(text, end)
        found = name_at(text, between.end(), words=words) if between else None
    return names, end


def column_name(phrase: str) -> str:
    """The column that a phrase names: words joined as headers usually are, in lower case.

    A name that is written as code (`unitPrice`, `Order_ID`) or has capitals inside stays as it is.
    """
    phrase = phrase.strip().strip("\"'")
    if "_" in phrase or re.search(r"[a-z][A-Z]", phrase):
        return phrase
    return "_".join(re.findall(r"[\w-]+", phrase.lower()))


_TYPES: tuple[tuple[str, ColumnType], ...] = (
    (r"(^|_)(timestamp|datetime|time|created_at|updated_at|at)$", ColumnType.TIME),
    (r"(^|_)(date|day|birthday|deadline|due|born|from|until|since)$", ColumnType.DATE),
    (
        (
            r"(amount|price|cost|total|sum|salary|wage|fee|tax|revenue|sales|income|profit|balance"
            r"|budget|rate|score|weight|height|distance|discount|percent|temperature|value|spend"
            r"|spent|payment|turnover|rating|grade|latency|duration|ms|seconds|hours|minutes|marks?)s?$"
        ),
        ColumnType.NUMBER,
    ),
    (
        (
            r"(^|_)(quantity|qty|count|number_of_\w+|age|year|stock|units?|size|bytes|points"
            r"|pages|visits|views|clicks|population)$"
        ),
        ColumnType.NUMBER,
    ),
)


def column_type(name: str) -> ColumnType:
    """The type that a column's name speaks for; text where it speaks for none."""
    lowered = column_name(name).lower()
    for pattern, kind in _TYPES:
        if re.search(pattern, lowered):
            return kind
    return ColumnType.TEXT
