"""What a tool reads and prints: formats, the subject of the records, their columns."""

import re
from dataclasses import dataclass

from quantumlayer.agents.builtin.understanding.tool.draft import ToolDraft
from quantumlayer.agents.builtin.understanding.tool.marks import Marks
from quantumlayer.agents.builtin.understanding.tool.phrases import (
    column_name,
    column_type,
    names_at,
)
from quantumlayer.agents.builtin.understanding.words import is_plural, plural
from quantumlayer.qlayer.requirements import Unclear
from quantumlayer.qlayer.requirements.tool import ColumnType, OutputFormat, Source

_FORMATS: tuple[tuple[str, Source], ...] = (
    (r"json[ -]?lines?|jsonl|ndjson|newline[- ]delimited json", Source.JSON_LINES),
    (r"tsv|tab[- ]separated(?: values?)?(?: files?)?", Source.TSV),
    (r"csv|comma[- ]separated(?: values?)?(?: files?)?|spreadsheets?", Source.CSV),
    (r"json", Source.JSON),
)
_FORMAT = re.compile(
    "|".join(rf"(?P<{source.name}>\b(?:{pattern})\b)" for pattern, source in _FORMATS),
    re.IGNORECASE,
)
_OUTPUT_LEAD = re.compile(
    r"(?:\b(?:as|into|to|in|or|and|output|outputs|write|writes|print|prints|export|exports|produce|"
    r"produces|emit|emits|give|gives|return|returns|save|saves)\s+(?:an?\s+|the\s+|it\s+(?:as\s+)?|valid\s+|pretty\s+|results?\s+(?:as\s+|in\s+)?)*)$|->\s*$|→\s*$",
    re.IGNORECASE,
)
_READ_LEAD = re.compile(
    r"\b(?:read|reads|reading|parse|parses|load|loads|from|of|takes?|given|in|merge|merges|combines?"
    r"|several|multiple|two|a|an|the|for|with|convert|converts|sorts?|filters?|validates?|checks?)\s+$",
    re.IGNORECASE,
)
_TABLE = re.compile(
    r"\b(?:as|in|into|or|print|prints|show|shows)\s+(?:an?\s+|the\s+|nice\s+|pretty\s+|text\s+|plain\s+|aligned\s+|formatted\s+)*tables?\b",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"\band (?:back|vice[ -]versa|the other way(?: a?round)?|back again)\b|\bboth (?:ways|directions)\b|\bvice[ -]versa\b",
    re.IGNORECASE,
)
_UNREADABLE = re.compile(
    r"\b(xlsx?|excel|parquet|yaml|yml|xml|pdf|sqlite|avro|html)\b", re.IGNORECASE
)
_SUBJECT = (
    re.compile(
        r"\b(?:csv|tsv|json(?:[ -]?lines)?|jsonl|ndjson|spreadsheet|data)(?:\s+(?:files?|lists?|exports?|log))?\s+"
        r"(?:of|with|containing|that contains?|full of|listing|that lists?|about)\s+"
        r"(?:my |our |the |all |daily |monthly |yearly |some |many |a list of |company |personal |household )*"
        r"(?P<noun>[a-z][a-z-]*(?: [a-z][a-z-]*)?)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:file|files|list|export|table|rows|records)\s+(?:of|with)\s+(?:my |our |the |all |some )*(?P<noun>[a-z][a-z-]*)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?P<noun>[a-z][a-z-]{2,})\s+(?:csv|tsv|jsonl?|ndjson|json lines)\b", re.IGNORECASE
    ),
    re.compile(r"\b(?P<noun>[a-z][a-z_-]*)\.(?:csv|tsv|jsonl?|ndjson)\b", re.IGNORECASE),
    re.compile(
        r"\b(?:group|groups|sum|sums|total|totals|analy[sz]es?|summari[sz]es?|aggregates?|filters?|sorts?)\s+(?:the\s+|my\s+|all\s+|our\s+)*(?P<noun>[a-z][a-z-]*s)\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b(?P<noun>[a-z][a-z-]*s)\s+(?:per|by|over|above)\b", re.IGNORECASE),
    re.compile(
        r"\b(?P<noun>expenses?|sales|orders?|transactions?|invoices?|employees?|customers?|products?|students?|grades|payments?|events?|users|tickets?|purchases?|readings?|measurements?)\b",
        re.IGNORECASE,
    ),
)
_NO_SUBJECT = frozenset(
    """
    columns column rows row records record fields field data header headers lines line values value
    numbers number entries entry it them the csv json tsv jsonl duplicates statistics text files
    file results totals sums averages counts options errors emails words characters table tables
    totals requests is groups reports prints shows reads filters sorts converts counts prints
    convert converts merge merges sort sorts filter filters read reads validate validates from given
    and any into this parse parses load loads per several some numeric print prints show shows
    select selects input output big large small huge check checks analyze analyse with export
    commas column-names one two three several multiple missing amounts command tool
    """.split()  # noqa: SIM905
)
_COLUMNS = re.compile(
    r"\b(?:(?:with|has|have|having|contains?|containing|of|and)\s+)?(?:the\s+|these\s+|following\s+|four\s+|three\s+|five\s+|two\s+)*"
    r"(?:columns?|fields?|headers?|keys)(?:\s+(?:are|named|called|like|such as|is))?\s*[:(]?\s+",
    re.IGNORECASE,
)
_WITH_LIST = re.compile(
    r"\b(?:csv|tsv|json(?:[ -]?lines)?|jsonl|files?|rows|records|expenses|sales|orders|transactions)\s+"
    r"(?:with|containing|\()\s*(?:the )?(?=[a-z_][\w-]*(?: [a-z_][\w-]*)?\s*,)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is read and printed, as far as the text says it."""

    source: Source
    target: Source | None
    table: bool
    back: bool
    named: bool


def read_inputs(marks: Marks) -> Inputs:
    """The formats of input and output; CSV where no input format is named."""
    read: list[Source] = []
    written: list[Source] = []
    marks.take(_FLAG)
    for match in marks.find(_FORMAT):
        if marks.taken[match.start()]:
            continue
        source = Source[match.lastgroup or "CSV"]
        before = marks.text[max(0, match.start() - 40) : match.start()]
        is_output = _OUTPUT_LEAD.search(before) is not None and (
            read or not _READ_LEAD.search(before)
        )
        (written if is_output else read).append(source)
        marks.mark(match.start(), match.end())
    table = bool(marks.take(_TABLE))
    back = bool(marks.take(_BACK))
    source = read[0] if read else (Source.CSV if not written else written[0])
    others = [fmt for fmt in (*written, *read[1:]) if fmt is not source]
    return Inputs(source, others[0] if others else None, table, back, bool(read or written))


_FLAG = re.compile(
    r"\b(?:with\s+|and\s+)?(?:an?\s+)?(?:optional(?:ly)?\s+)?(?:an?\s+)?--(?:json|output|format|help|version)\b"
    r"(?:\s+(?:output|option|flag|switch|format))?"
    r"|(?<!\S)--(?:json|output|format|help|version)\b(?:\s+(?:output|option|flag|switch|format))?"
    r"|\b(?:optional(?:ly)?|on request)\s+(?:as\s+|in\s+)?json(?:\s+output)?\b"
    r"|\bwith (?:an )?option(?:al)? (?:for |of |to )?(?:json|output as json)(?: output)?\b",
    re.IGNORECASE,
)


def output_of(inputs: Inputs, *, default: OutputFormat) -> OutputFormat:
    """How results are printed unless an option says otherwise."""
    if inputs.table or inputs.target is None:
        return OutputFormat.TABLE if inputs.table else default
    return OutputFormat(inputs.target.value)


def read_unreadable(draft: ToolDraft) -> None:
    """Formats that cannot be read or written are told."""
    for match in draft.marks.take(_UNREADABLE):
        reason = (
            "This format is not read or written; CSV, TSV, JSON and JSON lines are "
            "(spreadsheets can be saved as CSV)."
        )
        draft.unclear.append(Unclear(text=match.group(), reason=reason))


_ADJECTIVE = re.compile(r"\b(?:my|our|the|of|from)\s+([a-z]+)\s+$")


def subject_of(marks: Marks) -> str:
    """What the records are, in the plural: "expenses"; "records" where the text does not say."""
    for pattern in _SUBJECT:
        for match in marks.find(pattern):
            words = match["noun"].lower().split(" ")
            if len(words) > 1 and (words[1] in _AFTER_SUBJECT or is_plural(words[0])):
                words = words[:1]
            noun = words[-1]
            if noun in _NO_SUBJECT or words[0] in _NO_SUBJECT or len(noun) < 3:
                continue
            end = match.start("noun") + len(" ".join(words))
            marks.mark(match.start("noun"), end)
            before = _ADJECTIVE.search(marks.text[: match.start("noun")])
            if before is not None and before.group(1) not in _NO_SUBJECT:
                marks.mark(before.start(1), before.end(1))
            _mark_word(marks, noun)
            return " ".join([*words[:-1], noun if is_plural(noun) else plural(noun)])
    return "records"


_AFTER_SUBJECT = frozenset(
    """and or with by per in from to that which where as then data files file records rows into
    columns is are has have using sorted grouped over above below prints print shows show it
    """.split()  # noqa: SIM905
)


def _mark_word(marks: Marks, noun: str) -> None:
    stem = noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun
    for match in re.finditer(rf"\b{re.escape(stem)}s?\b", marks.text, re.IGNORECASE):
        marks.mark(match.start(), match.end())


_TYPED = re.compile(
    r"\s*\(\s*(?P<type>text|string|str|number|decimal|float|int(?:eger)?|date|datetime|timestamp|time|bool(?:ean)?|ISO date|YYYY-MM-DD)\s*\)",
    re.IGNORECASE,
)
_TYPE_NAMES = {
    "number": ColumnType.NUMBER,
    "decimal": ColumnType.NUMBER,
    "float": ColumnType.NUMBER,
    "int": ColumnType.INTEGER,
    "integer": ColumnType.INTEGER,
    "date": ColumnType.DATE,
    "iso date": ColumnType.DATE,
    "yyyy-mm-dd": ColumnType.DATE,
    "datetime": ColumnType.TIME,
    "timestamp": ColumnType.TIME,
    "time": ColumnType.TIME,
}


def read_columns(marks: Marks) -> dict[str, ColumnType]:
    """The columns that the text lists, with the types that it or their names say."""
    for pattern in (_COLUMNS, _WITH_LIST):
        for match in marks.find(pattern):
            if _is_work(marks.text, match.start()):
                continue
            types: dict[str, ColumnType] = {}
            plain = _TYPED.sub(lambda typed: " " * len(typed.group()), marks.text)
            for typed in _TYPED.finditer(marks.text, match.end()):
                word = re.search(r"([\w-]+)$", marks.text[: typed.start()])
                if word:
                    types[word.group(1).lower()] = _TYPE_NAMES.get(
                        typed["type"].lower(), ColumnType.TEXT
                    )
            names, end = _spaced_names(plain, match.end())
            if len(names) < 2 and pattern is _WITH_LIST:
                continue
            if names:
                marks.mark(match.start(), end)
                closing = re.match(r"\s*\)", marks.text[end : end + 3])
                if closing:
                    marks.mark(end, end + closing.end())
                return {
                    column_name(name): types.get(name.lower(), column_type(name)) for name in names
                }
    return {}


def _spaced_names(text: str, position: int) -> tuple[list[str], int]:
    squeezed = re.sub(r"\s+(?=[,)])", lambda gap: " " * len(gap.group()), text)
    names: list[str] = []
    end = position
    while True:
        found, stop = names_at(squeezed, end)
        if not found:
            return names, end
        names += found
        end = stop
        gap = re.match(r"\s*(?:,\s*(?:and\s+)?|\s+and\s+)", squeezed[end:])
        if gap is None:
            return names, end
        end += gap.end()


_WORK = re.compile(
    r"\b(?:select|selects|keep|keeps|only|drop|drops|remove|removes|rename|renames|sort|sorts|add|adds|"
    r"reorder|without|show|shows|print|prints|extract|extracts|choose|pick|group|per|by|unique|hide|missing)\s+"
    r"(?:only\s+|just\s+|out\s+|down\s+to\s+)*(?:the\s+|some\s+|certain\s+|a\s+|new\s+|given\s+|two\s+|specified\s+|chosen\s+)*$",
    re.IGNORECASE,
)


def _is_work(text: str, start: int) -> bool:
    """Whether "columns" is what a step works on: "rename the columns a to b"."""
    return (
        _WORK.search(text[max(0, start - 40) : start]) is not None
        or re.match(
            r"(?i)(?:the\s+)*(?:columns?|fields?)\s+(?:of|in|from|by|to|so|and|or|with|is|are|must|should)\b",
            text[start : start + 40],
        )
        is not None
    )
