"""Tools over records (CSV, TSV, JSON, JSON lines): from English to a pipeline."""

import re

from quantumlayer.agents.builtin.understanding.tool import table_steps
from quantumlayer.agents.builtin.understanding.tool.checks import (
    VALIDATES,
    CheckFound,
    read_checks,
)
from quantumlayer.agents.builtin.understanding.tool.conditions import find_conditions
from quantumlayer.agents.builtin.understanding.tool.draft import ToolDraft
from quantumlayer.agents.builtin.understanding.tool.groups import (
    find_groups,
)
from quantumlayer.agents.builtin.understanding.tool.inputs import (
    output_of,
    read_columns,
    read_inputs,
    read_unreadable,
    subject_of,
)
from quantumlayer.agents.builtin.understanding.tool.record_groups import (
    duplicates_group,
    finish_groups,
    grouped_reports,
    shared_groups,
)
from quantumlayer.agents.builtin.understanding.tool.record_rows import (
    condition_nouns,
    derive_step,
    filter_steps,
    reshaping_steps,
    row_steps,
    unique_step,
)
from quantumlayer.agents.builtin.understanding.tool.record_work import (
    RecordWork,
    subject_words,
)
from quantumlayer.agents.builtin.understanding.tool.wording import (
    check_in_words,
)
from quantumlayer.agents.builtin.understanding.words import singular
from quantumlayer.qlayer.requirements import Requirements, Unclear
from quantumlayer.qlayer.requirements.tool import (
    Check,
    CheckRule,
    Column,
    ColumnType,
    Derive,
    Filter,
    Group,
    OutputFormat,
    Pipeline,
    Report,
    Source,
    Step,
    Validate,
)

_STATISTICS = re.compile(
    r"\b(?:summary\s+|basic\s+|descriptive\s+)?(?:statistics|stats)\b(?:\s*\([^)]*\))?",
    re.IGNORECASE,
)
_OF_COLUMN = re.compile(
    r"\b(?:of|for|on)\s+(?:an?\s+|the\s+|one\s+|given\s+|numeric\s+)*(?:(?P<name>[a-z_]\w*)\s+)?columns?\b(?:\s+of\s+numbers)?(?:\s+(?:named|called)\s+[\"']?(?P<called>[\w-]+))?",
    re.IGNORECASE,
)
_OPEN_FILTER = re.compile(
    r"\b(?:filter|filters|filtering|query|queries|search|searches)\b(?:\s+(?:the\s+|its\s+|out\s+)?(?:rows|records|lines|entries|it|them|data))?"
    r"(?:\s+(?:by|on|with|using|where|for which)\s+(?:an?y?\s+|some\s+|the\s+|given\s+|certain\s+|specific\s+|their\s+)*(?:conditions?|columns?|values?|fields?|criteria|expression|(?:date |amount |price |time )?ranges?)(?:\s+(?:values?|equals? a (?:given )?value|and values?))?)?",
    re.IGNORECASE,
)
_SHARES = re.compile(
    r"\b(?:percentages?|percent|shares?|proportions?)\b(?=[^.;]*\b(?:each|per|by|every)\b)",
    re.IGNORECASE,
)
_MERGE = re.compile(
    r"\b(?:merge|merges|merging|combine|combines|combining|concatenate|concatenates|concat|join together|append)\b"
    r"(?:\s+(?:several|multiple|many|two|all|different|a few|the|of))*(?:\s+(?:csv|tsv|jsonl?|data))?(?:\s+files?)?(?:\s+(?:into|to)\s+(?:one|a single|a)(?:\s+(?:csv|tsv|json|jsonl|file|output))*)?",
    re.IGNORECASE,
)
_JOIN = re.compile(r"\bjoin(?:s|ing)?\b[^.;]*\b(?:on|by|using)\b[^.;,]*", re.IGNORECASE)
_CONVERT = re.compile(
    r"\b(?:convert(?:s|er|ing|sion)?|transform(?:s|ing)?|translate(?:s)?|turn(?:s)?|export(?:s)?)\b",
    re.IGNORECASE,
)
_ONLY_COUNT = re.compile(
    r"\b(?:count|counts|number of|how many)\s+(?:the\s+|of\s+|all\s+)*(?:rows|records|lines|entries)\b(?:\s+(?:there are|it has|are there|in (?:it|the file)))?",
    re.IGNORECASE,
)
_REPORTING = re.compile(
    r"\b(?:(?:report|reports|print|prints|show|shows|list|lists|tell|tells|and)\s+)*(?:the\s+)?(?:lines?|line numbers?|row numbers?|rows?)(?:\s+numbers?)?\s+(?:numbers?\s+)?(?:of|with|for|where|and)\s+(?:the\s+|each\s+|every\s+|all\s+|an\s+|any\s+)*(?:errors?|problems?|mistakes?|invalid (?:rows|records|values|lines|ones)|violations?|failures?|reason)(?:\s+with\s+(?:the\s+|their\s+)*(?:line numbers?|lines?))?"
    r"|\b(?:report|reports|print|prints|show|shows|list|lists)\s+(?:the\s+|all\s+|every\s+|each\s+|any\s+)*(?:errors?|problems?|invalid\s+\w+|violations?|bad\s+\w+)(?:\s+(?:with|by|and)\s+(?:the\s+|their\s+|its\s+)*(?:line numbers?|lines?|row numbers?|line|rows?))*",
    re.IGNORECASE,
)


_MISSING = re.compile(
    r"\b(?:check|checks|find|finds|report|reports|detect|detects|validate|validates|list|lists)\b"
    r"[^.;]{0,40}?\b(?:missing|empty|blank)\s+(?:values?|cells?|fields?)\b",
    re.IGNORECASE,
)


def understand_records(draft: ToolDraft) -> Requirements | None:
    """The requirements of a tool over records; None where no work on them is described."""
    marks = draft.marks
    inputs = read_inputs(marks)
    read_unreadable(draft)
    validates = VALIDATES.search(marks.text) is not None
    listed_columns = read_columns(marks)
    subject = subject_of(marks)
    work = RecordWork(draft, inputs, subject, listed_columns)
    checks = read_checks(marks) if validates else []
    missing = marks.take_first(_MISSING)
    if missing is not None and not checks:
        checks = [CheckFound("*", CheckRule.REQUIRED, (), missing.group())]
    if checks:
        marks.take(VALIDATES)
        marks.take(_REPORTING)
        return _validation(work, checks)
    return _pipeline(work)


def _pipeline(work: RecordWork) -> Requirements | None:
    draft, marks = work.draft, work.draft.marks
    subjects = subject_words(work.subject)
    joined = marks.take_first(_JOIN)
    merges = bool(marks.take(_MERGE))
    converts = bool(marks.take(_CONVERT))
    derived = table_steps.read_derive(marks)
    renames = table_steps.read_rename(marks)
    unique = table_steps.read_unique(marks)
    duplicates = table_steps.read_duplicates(marks)
    having = table_steps.read_having(marks, subjects)
    ordered = table_steps.read_sort(marks)
    conditions = find_conditions(marks, condition_nouns(work))
    selected = table_steps.read_select(marks, set(work.listed))
    statistics = marks.take_first(_STATISTICS)
    of_column = marks.take_first(_OF_COLUMN) if statistics else None
    only_count = marks.take_first(_ONLY_COUNT)
    work.shares = bool(marks.take(_SHARES))
    groups, loose = find_groups(marks, subjects)
    if work.shares and not groups:
        groups = shared_groups(marks)
    limit = table_steps.read_limit(marks)
    direction = table_steps.read_direction(marks) if ordered is None else None
    shared: list[Step] = filter_steps(work, conditions)
    if not conditions and marks.take_first(_OPEN_FILTER):
        statement = f"Keep only the {work.subject} that satisfy the conditions given with --where."
        shared.append(Filter(requirement=draft.require(statement)))
    if derived:
        shared.append(derive_step(work, *derived))
    if unique is not None:
        shared.append(unique_step(work, unique))
    if duplicates is not None:
        groups.append(duplicates_group(work, duplicates))
        having = having or 2
    reports = grouped_reports(work, groups, loose, statistics is not None, of_column, only_count)
    if joined:
        draft.marks.taken[joined.start() : joined.end()] = bytes(joined.end() - joined.start())
    if reports:
        made = finish_groups(work, reports, ordered, direction, limit, having)
    else:
        steps = row_steps(work, ordered, direction, limit)
        steps += reshaping_steps(work, renames, selected)
        specific = conditions or derived or work.listed or renames or ordered or limit
        if not (work.inputs.named or specific or re.search(r"(?i)\bcolumns?\b", marks.text)):
            return None
        if not (steps or shared or merges or converts or work.inputs.target):
            return None
        made = [(_title(work, shared, steps, merges=merges, converts=converts), steps)]
    return _document(work, shared, made, merges=merges, converts=converts)


# Groups


# Steps over rows


# Validation


def _validation(work: RecordWork, found: list[CheckFound]) -> Requirements:
    checks = []
    for one in found:
        column = one.column if one.column == "*" else work.touch(one.column)
        name = "every cell" if column == "*" else column
        statement = f"{name} {check_in_words(one.rule, one.values)}."
        requirement = work.draft.require(f"{statement[:1].upper()}{statement[1:]}", one.source)
        checks.append(
            Check(requirement=requirement, column=column, rule=one.rule, values=one.values)
        )
    whole = work.draft.require(
        "Report every broken rule with file, line, column, value and what is wrong; exit with "
        "status 1 if there is any."
    )
    work.columns = dict.fromkeys(work.columns, ColumnType.TEXT)
    if any(check.rule is CheckRule.UNIQUE for check in checks):
        work.draft.assume("Unique columns are compared over all files that are read.")
    step = Validate(requirement=whole, checks=tuple(checks))
    return _document(work, [], [("problems of the records", [step])])


# The document


def _title(
    work: RecordWork, shared: list[Step], steps: list[Step], *, merges: bool, converts: bool
) -> str:
    kinds = {step.kind for step in (*shared, *steps)}
    if merges and not kinds:
        return f"merge {work.subject}"
    if converts and not kinds:
        return f"convert {work.subject}"
    verbs = {"filter": "filter", "sort": "sort", "unique": "deduplicate", "select": "select",
             "rename": "rename", "derive": "compute", "limit": "limit"}  # fmt: skip
    verb = next((verbs[kind] for kind in verbs if kind in kinds), "convert")
    return f"{verb} {work.subject}"


def _document(
    work: RecordWork,
    shared: list[Step],
    made: list[tuple[str, list[Step]]],
    *,
    merges: bool = False,
    converts: bool = False,
) -> Requirements:
    draft, inputs = work.draft, work.inputs
    source = inputs.source
    _mark_used(work, [*shared, *(step for _, steps in made for step in steps)])
    both_ways = inputs.back and {source, inputs.target} >= {Source.CSV, Source.JSON}
    plain = len(made) == 1 and not any(isinstance(step, Group | Validate) for step in made[0][1])
    default = OutputFormat(source.value) if plain else OutputFormat.TABLE
    output = OutputFormat.OPPOSITE if both_ways else output_of(inputs, default=default)
    if not inputs.named:
        draft.assume("The input is CSV with a header line; the name of a file tells other formats.")
    reports = []
    names: set[str] = set()
    for title, steps in _few(draft, made):
        name = _report_name(title, names)
        names.add(name)
        reports.append(Report(name=name, title=title[:200], steps=tuple(steps)))
    derived = {step.column for step in shared if isinstance(step, Derive)}
    pipeline = Pipeline(
        source=source,
        subject=work.subject,
        columns=tuple(
            Column(name=name, type=kind)
            for name, kind in {**_given(work), **work.columns}.items()
            if name not in derived and name not in work.derived
        ),
        shared=tuple(shared),
        reports=tuple(reports),
        output=output,
    )
    summary = _summary(draft, work.subject, source)
    return draft.finish(
        name=_tool_name(work, made, merges=merges, converts=converts),
        title=_tool_title(work, made),
        summary=summary,
        program=pipeline,
        output=_output_statement(work.subject, source, output),
    )


_MOST_REPORTS = 12


def _few(draft: ToolDraft, made: list[tuple[str, list[Step]]]) -> list[tuple[str, list[Step]]]:
    """The reports without repetitions, and no more than a tool can hold; the rest is told."""
    different: list[tuple[str, list[Step]]] = []
    for report in made:
        if report not in different:
            different.append(report)
    for title, _ in different[_MOST_REPORTS:]:
        reason = f"A tool has at most {_MOST_REPORTS} reports."
        draft.unclear.append(Unclear(text=title[:2000], reason=reason))
    return different[:_MOST_REPORTS]


def _output_statement(subject: str, source: Source, output: OutputFormat) -> str:
    read = (
        f"Read {_NAMES[source.value]} (or {_others(source)} by the name of the file or "
        f"--input-format) from files, the {subject} of several files one after the other, or from "
        "standard input (-)"
    )
    if output is OutputFormat.OPPOSITE:
        return f"{read}; print CSV and TSV as JSON, and JSON as CSV, or another --format."
    return (
        f"{read}; print {_NAMES.get(output.value, 'lines')}, JSON with --json, or another --format "
        "(table, CSV, TSV, JSON lines), to --output if given."
    )


_VERBS = {
    "filter": r"filter\w*|exclud\w*|keep\w*|query|queries|select\w*|finds?|search\w*|remov\w*|drop\w*"
    r"|leaves? out|skips?|ignor\w*|conditions?|matching",
    "group": r"group\w*|aggregat\w*|summari[sz]\w*|totals?|figures?|break\w* down|occurrences?|value",
    "sort": r"sort\w*|order\w*|rank\w*|asc|desc",
    "unique": r"duplicat\w*|de-?duplicat\w*|remov\w*",
    "select": r"select\w*|keep\w*|choos\w*|pick\w*|extract\w*|reorder\w*",
    "rename": r"renam\w*",
    "derive": r"adds?|new|computed|calculated",
    "limit": r"top|limit\w*",
    "validate": r"validat\w*|check\w*|verif\w*|valid|invalid|errors?|problems?|rules?|numbers?",
}


def _mark_used(work: RecordWork, steps: list[Step]) -> None:
    """The words of what is done, and of what it is done to, are understood wherever they stand."""
    marks = work.draft.marks
    for kind in {step.kind for step in steps}:
        if kind in _VERBS:
            marks.mark_words(_VERBS[kind])
    for name in (*work.columns, *work.listed, *work.derived, *work.subject.split(" ")):
        words = [re.escape(singular(word)) for word in re.split(r"[_\s]+", name) if len(word) > 1]
        marks.mark_words("|".join(f"{word}(?:s|es)?" for word in words) or "(?!)")


def _given(work: RecordWork) -> dict[str, ColumnType]:
    """Listed columns are part of the input, looked into or not."""
    return dict.fromkeys(work.listed, ColumnType.TEXT)


_NAMES = {"csv": "CSV", "tsv": "TSV", "json": "JSON", "jsonl": "JSON lines", "table": "a table"}


def _others(source: Source) -> str:
    names = ("csv", "tsv", "json", "jsonl")
    return ", ".join(_NAMES[name] for name in names if name != source.value)


def _summary(draft: ToolDraft, subject: str, source: Source) -> str:
    first = " ".join(item.statement for item in draft.items[:6])
    return f"Reads {subject} from {_NAMES[source.value]}, files or standard input. {first}"


def _report_name(title: str, taken: set[str]) -> str:
    words = "_".join(re.findall(r"[a-z0-9]+", title.lower()))[:50].rstrip("_")
    name = words if words and words[0].isalpha() else f"report_{words}"
    if name in {"prepared", "needed", "options", "first", "last", "group", "order", "select",
                "drop", "rename", "derive", "unique", "where", "check", "min", "max", "records",
                "count", "total"}:  # fmt: skip
        name = f"{name}_report"
    number, free = 2, name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def _tool_name(
    work: RecordWork, made: list[tuple[str, list[Step]]], *, merges: bool, converts: bool
) -> str:
    subject = singular(work.subject) if work.subject != "records" else work.inputs.source.value
    validates = any(isinstance(step, Validate) for _, steps in made for step in steps)
    groups = any(isinstance(step, Group) for _, steps in made for step in steps)
    word = (
        "checker" if validates
        else "report" if groups
        else "merge" if merges
        else "convert" if converts and not made[0][1]
        else made[0][0].split(" ")[0]
    )  # fmt: skip
    return f"{subject} {word}"


def _tool_title(work: RecordWork, made: list[tuple[str, list[Step]]]) -> str:
    if len(made) == 1:
        title = made[0][0]
        title = title if work.subject in title else f"{work.subject}: {title.lower()}"
    else:
        title = f"{work.subject}: reports"
    return f"{title[:1].upper()}{title[1:]}"
