"""Log analysers: access logs, and logs of time, level and message."""

import re
from dataclasses import dataclass

from quantumlayer.agents.builtin.understanding.tool.conditions import find_conditions
from quantumlayer.agents.builtin.understanding.tool.draft import ToolDraft
from quantumlayer.agents.builtin.understanding.tool.phrases import COUNT, number_text
from quantumlayer.agents.builtin.understanding.tool.pipelines import PipelineDraft, count, total
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.requirements.tool import (
    CellCondition,
    CellOperator,
    ColumnType,
    DatePart,
    Measure,
    MeasureFunction,
    OutputFormat,
    SortKey,
    Source,
    Step,
)

IS_LOG = re.compile(
    r"\b(?:access[- ]?logs?|log[- ]?files?|server[- ]?logs?|web[- ]?logs?|error[- ]?logs?|app(?:lication)? logs?|nginx|apache|syslog|logs?)\b",
    re.IGNORECASE,
)
_ACCESS = re.compile(
    r"\b(?:access|nginx|apache|web ?server|web logs?|http|ips?|ip addresses|status codes?|requests?|urls?|40[0-9]|50[0-9]|[45]xx|visitors?|combined|endpoints?)\b",
    re.IGNORECASE,
)
_ACCESS_TYPES = {
    "ip": ColumnType.TEXT,
    "user": ColumnType.TEXT,
    "time": ColumnType.TIME,
    "method": ColumnType.TEXT,
    "path": ColumnType.TEXT,
    "status": ColumnType.INTEGER,
    "size": ColumnType.INTEGER,
    "referrer": ColumnType.TEXT,
    "agent": ColumnType.TEXT,
}
_LEVEL_TYPES = {
    "time": ColumnType.TIME,
    "level": ColumnType.TEXT,
    "message": ColumnType.TEXT,
}
_TIMES = {
    "hour": r"hours?(?: of (?:the )?day)?",
    "day": r"days?|dates?",
    "minute": r"minutes?",
    "month": r"months?",
    "week": r"weeks?",
    "weekday": r"weekdays?|days? of (?:the )?week",
}
_ACCESS_NOUNS = {
    "ip": r"(?:client |remote |source |unique )?ips?(?: address(?:es)?)?|clients?|hosts?|visitors?|addresses",
    "status": r"(?:http |response )?status(?:es)?(?: codes?)?|(?:response|http|return) codes?",
    "path": r"(?:requested )?(?:urls?|paths?|pages?|endpoints?|resources?|uris?|routes?)",
    "method": r"(?:http |request )?(?:methods?|verbs?)",
    "agent": r"user[ -]?agents?|browsers?",
    "referrer": r"referr?ers?",
    "user": r"users?",
}
_LEVEL_NOUNS = {
    "level": r"(?:log )?levels?|severit(?:y|ies)",
    "message": r"(?:error |log |warning )?messages?|distinct errors?",
}
_ERRORS = r"(?P<errors>(?:server |client )?errors?(?: (?:requests|responses|messages|lines|entries))?|failed requests|failures)"
_METRIC = (
    r"(?:(?:the\s+)?(?:total\s+)?(?:number|count|amount)s?\s+of\s+|how many\s+|count(?:s|ing)?\s+(?:the\s+|of\s+|all\s+)*|total\s+)?"
    rf"(?:{_ERRORS}|(?P<bytes>bytes(?: sent)?|traffic|bandwidth|sizes?)|(?P<unique>(?:unique|distinct|different) (?:visitors?|ips?|ip addresses|clients?|users?))"
    r"|(?P<warnings>warnings?)|(?P<count>requests?|hits|visits|lines|entries|messages|logs?|events|records|count|occurrences|it))"
)
_TOP_WORD = (
    r"(?:(?:frequent|common|requested|visited|active|popular|used|accessed|busiest|often)\w*\s+)?"
)


@dataclass(frozen=True, slots=True)
class _Dimension:
    column: str
    part: str | None = None


@dataclass(slots=True)
class _Log:
    work: PipelineDraft
    access: bool
    nouns: dict[str, str]

    @property
    def dimension(self) -> str:
        """The pattern of a noun that requests can be grouped by."""
        return "|".join((*self.nouns.values(), *_TIMES.values()))

    def named(self, phrase: str) -> _Dimension | None:
        """What a noun stands for: a column, or a part of the time."""
        cleaned = re.sub(r"(?i)^(?:the|each|every|client)\s+", "", phrase.strip())
        for column, pattern in self.nouns.items():
            if re.fullmatch(pattern, cleaned, re.IGNORECASE):
                return _Dimension(column)
        for part, pattern in _TIMES.items():
            if re.fullmatch(pattern, cleaned, re.IGNORECASE):
                return _Dimension("time", part)
        return None


def understand_log(draft: ToolDraft) -> Requirements | None:
    """The requirements of a log analyser; None where it says nothing to find out."""
    access = _ACCESS.search(draft.marks.text) is not None
    types = _ACCESS_TYPES if access else _LEVEL_TYPES
    work = PipelineDraft(
        draft,
        Source.ACCESS_LOG if access else Source.LEVEL_LOG,
        "requests" if access else "entries",
        dict(types),
    )
    log = _Log(work, access, _ACCESS_NOUNS if access else _LEVEL_NOUNS)
    _filters(log)
    _per(log)
    _top(log)
    _breakdowns(log)
    _totals(log)
    if not work.reports and not work.shared:
        _level_lines(log)
    if not work.reports and not work.shared:
        return None
    if not work.reports:
        work.add_report(f"matching {work.subject}", [])
    draft.marks.mark_words(
        r"access|logs?|nginx|apache|web|server|combined|common|analy[sz]\w*|counts?|top|timestamp(?:s|ed)?"
        r"|levels?|messages?|entries|requests?|find\w*|filter\w*|keep\w*|summari[sz]\w*|statistics|stats|busiest|generic|search\w*|extract\w*"
    )
    shape = (
        "access logs in the common or combined format"
        if access
        else "logs whose lines have a time, a level and a message"
    )
    if not access:
        draft.assume(
            "A line of the log is: date and time (ISO 8601), level, message, such as "
            '"2024-05-31 12:00:00 ERROR no space left".'
        )
    statements = " ".join(item.statement for item in draft.items[:6])
    return work.finish(
        name="access log report" if access else "log report",
        title="Access log report" if access else "Log report",
        summary=f"Reads {shape}. {statements}",
        output=OutputFormat.TABLE,
        read=f"{shape} from files or standard input (-)",
    )


def _errors_only(log: _Log, phrase: str) -> CellCondition:
    if log.access:
        lowest = "500" if "server" in phrase.lower() else "400"
        log.work.draft.assume(f"An error is a request with a status of {lowest} or above.")
        return CellCondition(
            column="status", operator=CellOperator.GREATER_OR_EQUAL, values=(lowest,)
        )
    log.work.draft.assume("Errors are the levels ERROR, CRITICAL and FATAL.")
    return CellCondition(
        column="level", operator=CellOperator.ONE_OF, values=("ERROR", "CRITICAL", "FATAL")
    )


_WARNINGS = CellCondition(column="level", operator=CellOperator.ONE_OF, values=("WARNING", "WARN"))
_CLASS = re.compile(
    r"\b(?P<class>[1-5])xx\b(?:\s+(?:errors?|responses?|requests?|status(?:es)?|codes?))*",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"\b(?:(?:only|status(?: code)?(?: is)?|with(?: status)?|return(?:ed|ing)?|are|all|the)\s+)+(?P<code>[1-5]\d\d)s?\b|\b(?P<bare>[45]\d\d)s?(?:\s+(?:errors?|responses?|requests?))\b",
    re.IGNORECASE,
)


def _filters(log: _Log) -> None:
    marks, work = log.work.draft.marks, log.work
    for found in find_conditions(marks, {"requests": "size", "responses": "size"}):
        conditions = tuple(c for c in found.conditions if c.column in work.types)
        if len(conditions) == len(found.conditions):
            text = marks.text[found.start : found.end]
            work.shared.append(work.keep(conditions, text, match=found.match, drop=found.drop))
        else:
            marks.taken[found.start : found.end] = bytes(found.end - found.start)
    if not log.access:
        return
    for match in marks.take(_CLASS):
        lead = marks.text[max(0, match.start() - 12) : match.start()]
        low = int(match["class"]) * 100
        conditions = (
            CellCondition(
                column="status", operator=CellOperator.GREATER_OR_EQUAL, values=(str(low),)
            ),
            CellCondition(
                column="status", operator=CellOperator.LESS_OR_EQUAL, values=(str(low + 99),)
            ),
        )
        _status(log, conditions, match.group(), lead)
    for match in marks.take(_CODE):
        code = match["code"] or match["bare"]
        lead = marks.text[max(0, match.start() - 12) : match.start()]
        condition = CellCondition(column="status", operator=CellOperator.EQUAL, values=(code,))
        _status(log, (condition,), match.group(), lead)


def _status(log: _Log, conditions: tuple[CellCondition, ...], text: str, lead: str) -> None:
    """Requests with some status: the only ones that are looked at, or a report of their own."""
    work, everything = log.work, log.work.draft.marks.text
    others = re.search(r"(?i)\b(?:per|by|each|top|most)\b", everything)
    only = re.search(r"(?i)\b(?:only|where|with|of|for|that are|have)\b[^,.;]*$", f"{lead}{text}")
    most = re.compile(rf"\bwith (?:the )?most(?=\s+{re.escape(text.strip())})", re.IGNORECASE)
    if work.draft.marks.take(most) or others is None or only is not None:
        work.shared.append(work.keep(conditions, text))
        return
    steps: list[Step] = [work.keep(conditions, text), work.group(("path",), (count(),), text)]
    steps.append(work.sort(SortKey(column="count", descending=True), SortKey(column="path")))
    work.add_report(f"{text.strip()} per path", steps)


def _per(log: _Log) -> None:
    dimension = rf"(?:the\s+)?(?:{log.dimension})"
    pattern = re.compile(
        rf"\b{_METRIC}\s+(?:are\s+|were\s+|made\s+|sent\s+|there are\s+)*(?:per|by|for each|for every|in each|each|grouped by|from each)\s+(?P<dims>{dimension}(?:\s*(?:,|and|and by|per)\s+(?:{dimension}))*)\b",
        re.IGNORECASE,
    )
    for match in log.work.draft.marks.take(pattern):
        phrases = re.split(r"(?i)\s*,\s*|\s+and\s+(?:by\s+)?|\s+per\s+", match["dims"])
        dimensions = [found for phrase in phrases if (found := log.named(phrase)) is not None]
        _report(log, match, dimensions, None)


def _top(log: _Log) -> None:
    pattern = re.compile(
        rf"\b(?:(?:the\s+)?(?:top|first)\s+(?P<n1>{COUNT})\s+(?:most\s+)?{_TOP_WORD}|(?:the\s+)?(?P<n2>{COUNT})\s+(?:most\s+|top\s+){_TOP_WORD}|(?:the\s+)?(?:top|most\s+{_TOP_WORD}|busiest)\s*)"
        rf"(?P<level>error\s+|warning\s+)?(?P<dims>{log.dimension})\b(?:\s+(?:by|with the most)\s+(?P<by>requests?|hits|bytes|traffic|count|errors?|visits))?",
        re.IGNORECASE,
    )
    for match in log.work.draft.marks.take(pattern):
        found = log.named(match["dims"])
        if found is None:
            continue
        number = match["n1"] or match["n2"]
        if number is None:
            log.work.draft.assume("Where no number is said, the first 10 are shown.")
        _report(log, match, [found], int(number_text(number)) if number else 10)


def _breakdowns(log: _Log) -> None:
    """ "status code distribution", "count by level", "group by status"."""
    pattern = re.compile(
        rf"\b(?:(?:count|counts|group|groups|grouped|broken down|break down|breakdown|distribution|histogram|summary|frequency)\s+(?:\w+\s+)?(?:by|of|per)\s+(?:the\s+)?(?P<d1>{log.dimension})|(?P<d2>{log.dimension})\s+(?:counts?|distribution|breakdown|histogram|frequency|frequencies|statistics))\b",
        re.IGNORECASE,
    )
    for match in log.work.draft.marks.take(pattern):
        found = log.named(match["d1"] or match["d2"])
        if found is not None:
            _report(log, match, [found], None)


def _report(log: _Log, match: re.Match[str], dimensions: list[_Dimension], top: int | None) -> None:
    work = log.work
    groups = match.re.groupindex
    text = match.group()
    steps: list[Step] = []
    errors = match["errors"] if "errors" in groups else None
    if (
        errors
        or ("level" in groups and (match["level"] or "").lower().startswith("error"))
        or (not log.access and re.search(r"(?i)\berror messages", text))
    ):
        steps.append(work.keep((_errors_only(log, errors or ""),), text))
    elif not log.access and re.search(r"(?i)\bwarning", text):
        steps.append(work.keep((_WARNINGS,), text))
    names = []
    for dimension in dimensions:
        if dimension.part:
            part: DatePart = work.part(dimension.part, "time", text)
            steps.append(part)
            names.append(part.column)
        else:
            names.append(dimension.column)
    measure = _measure(log, match)
    steps.append(work.group(tuple(names), (measure,), text))
    if top is not None:
        steps += [work.sort(SortKey(column=measure.name, descending=True)), work.limit(top)]
    what = {"errors": "errors"}.get("errors" if errors else "", measure.name.replace("_", " "))
    counted = work.subject if what == "count" else what
    title = f"{counted} per {' and '.join(names)}"
    work.add_report(f"top {top}: {title}" if top else title[:1].upper() + title[1:], steps)


def _measure(log: _Log, match: re.Match[str]) -> Measure:
    groups = match.re.groupindex
    by = (match["by"] or "").lower() if "by" in groups else ""
    if log.access and (("bytes" in groups and match["bytes"]) or by in {"bytes", "traffic"}):
        return total("size", "bytes")
    if log.access and "unique" in groups and match["unique"]:
        return Measure(name="visitors", function=MeasureFunction.DISTINCT, column="ip")
    return count()


_UNIQUE_TOTAL = re.compile(
    r"\b(?:(?:the\s+)?(?:number|count)\s+of\s+|count(?:s)?\s+(?:the\s+)?|how many\s+|total\s+)?(?:unique|distinct|different)\s+(?:visitors?|ips?(?: addresses)?|clients?)\b",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\b(?:(?:the\s+)?total(?:\s+(?:number|count)\s+of)?|(?:the\s+)?(?:number|count)\s+of|how many|count(?:s)?)\s+(?:all\s+|the\s+)?(?P<what>requests?|hits|bytes(?: sent)?|traffic|lines|entries|messages|errors?|warnings?)\b(?:\s+(?:there are|and))?",
    re.IGNORECASE,
)


def _totals(log: _Log) -> None:
    work, marks = log.work, log.work.draft.marks
    measures: list[Measure] = []
    source = []
    for match in marks.take(_UNIQUE_TOTAL):
        if log.access:
            measures.append(
                Measure(name="visitors", function=MeasureFunction.DISTINCT, column="ip")
            )
            source.append(match.group())
    for match in marks.take(_TOTAL):
        what = match["what"].lower()
        source.append(match.group())
        if what.startswith("error"):
            step = work.keep((_errors_only(log, what),), match.group())
            work.add_report("Errors", [step, work.group((), (count(),), match.group())])
        elif what.startswith("warning") and not log.access:
            step = work.keep((_WARNINGS,), match.group())
            work.add_report("Warnings", [step, work.group((), (count(),), match.group())])
        elif what.startswith(("bytes", "traffic")) and log.access:
            measures.append(total("size", "bytes"))
        else:
            measures.append(count())
    if measures:
        unique = tuple({measure.name: measure for measure in measures}.values())
        work.add_report("Totals", [work.group((), unique, " / ".join(source))])


_LEVEL_WORD = re.compile(
    r"\b(?P<levels>(?:ERROR|WARN(?:ING)?|INFO|DEBUG|CRITICAL|FATAL)S?(?:\s*(?:,|and|or)\s*(?:ERROR|WARN(?:ING)?|INFO|DEBUG|CRITICAL|FATAL)S?)*)\b",
    re.IGNORECASE,
)
_BY_LEVEL = re.compile(
    r"\bby\s+(?:a\s+|the\s+|given\s+|log\s+)*(?:level|severity)\b", re.IGNORECASE
)


def _level_lines(log: _Log) -> None:
    """ "show only the errors and warnings", "filter by level"."""
    if log.access:
        match = log.work.draft.marks.take_first(re.compile(r"\berrors?\b", re.IGNORECASE))
        if match is not None:
            log.work.shared.append(log.work.keep((_errors_only(log, ""),), match.group()))
        return
    work = log.work
    match = work.draft.marks.take_first(_BY_LEVEL)
    if match is not None:
        condition = CellCondition(
            column="level", operator=CellOperator.EQUAL, argument="level", ignore_case=True
        )
        work.shared.append(work.keep((condition,), match.group()))
        return
    match = work.draft.marks.take_first(_LEVEL_WORD)
    if match is not None:
        words = re.findall(r"[A-Z]+", match["levels"].upper())
        levels = [word.rstrip("S") for word in words if word not in {"AND", "OR"}]
        condition = CellCondition(
            column="level",
            operator=CellOperator.ONE_OF if len(levels) > 1 else CellOperator.EQUAL,
            values=tuple(levels),
        )
        work.shared.append(work.keep((condition,), match.group()))
