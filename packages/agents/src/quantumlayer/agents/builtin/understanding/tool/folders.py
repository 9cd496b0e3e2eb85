"""Reports on the files of a folder: sizes, kinds, checksums, duplicates."""

import re

from quantumlayer.agents.builtin.understanding.tool.draft import ToolDraft
from quantumlayer.agents.builtin.understanding.tool.phrases import COUNT, NUMBER, number_text
from quantumlayer.agents.builtin.understanding.tool.pipelines import PipelineDraft, count, total
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.requirements.tool import (
    CellCondition,
    CellOperator,
    ColumnType,
    Filter,
    Measure,
    MeasureFunction,
    OutputFormat,
    SortKey,
    Source,
    Step,
)

IS_FOLDER = re.compile(
    r"\b(?:folders?|director(?:y|ies)|checksums?|disk usage|(?:large|larger|largest|big|bigger|biggest) files|duplicate files|file sizes?|files? (?:by|per) (?:extension|type)|sha-?256|md5|file hashes)\b",
    re.IGNORECASE,
)
_TYPES = {
    "path": ColumnType.TEXT,
    "name": ColumnType.TEXT,
    "extension": ColumnType.TEXT,
    "size": ColumnType.INTEGER,
    "modified": ColumnType.TIME,
    "sha256": ColumnType.TEXT,
}
_UNIT = {"": 1, "b": 1, "byte": 1, "bytes": 1, "k": 1000, "kb": 1000, "kib": 1024, "m": 10**6,
         "mb": 10**6, "mib": 1024**2, "g": 10**9, "gb": 10**9, "gib": 1024**3,
         "kilobytes": 1000, "megabytes": 10**6, "megabyte": 10**6, "gigabytes": 10**9,
         "gigabyte": 10**9}  # fmt: skip
_SIZE = re.compile(
    rf"\b(?:files?\s+)?(?:that are\s+|which are\s+|is\s+|are\s+|with (?:a )?size\s+)?(?P<op>larger than|bigger than|greater than|more than|over|above|at least|smaller than|less than|under|below|at most)\s+(?P<n>{NUMBER})\s*(?P<unit>bytes?|[kmg]i?b|[kmg]ilobytes|megabytes?|gigabytes?|kilobytes|[kmg])?\b",
    re.IGNORECASE,
)
_LARGEST = re.compile(
    rf"\b(?:(?:the\s+)?(?:top\s+)?(?P<n1>{COUNT})\s+(?P<w1>largest|biggest|smallest|newest|oldest|most recent(?:ly modified)?)|(?:the\s+)?(?P<w2>largest|biggest|smallest|newest|oldest)(?:\s+(?P<n2>{COUNT}))?)\s+files?\b",
    re.IGNORECASE,
)
_LARGE = re.compile(r"\b(?:large|big|huge)\s+files?\b", re.IGNORECASE)
_SUMS = re.compile(
    r"\b(?:sha-?256\s+)?(?:checksums?|hashes|hash|sha-?256(?:\s*sums?)?|digests?)\b(?:\s+of\s+(?:all\s+|the\s+|every\s+|each\s+)*files?)?",
    re.IGNORECASE,
)
_OTHER_SUMS = re.compile(
    r"\b(?:md5|sha-?1|sha-?512|crc32?)(?:\s*(?:sums?|checksums?|hash(?:es)?))?\b", re.IGNORECASE
)
_DUPLICATES = re.compile(
    r"\bduplicates?(?:d)?(?:\s+files?)?\b|\bfiles? with (?:the )?(?:same|identical) content\b|\bidentical files\b",
    re.IGNORECASE,
)
_PER = re.compile(
    r"\b(?P<what>(?:(?:counts?|number|total|sum|sizes?|how many|disk usage|space|used|and|of|the|files?|group|groups|grouped)\s+)*)(?:per|by|for each|in each|of each)\s+(?:file\s+)?(?P<by>extensions?|(?:file\s+)?types?|kinds?|month|year|day)\b",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"\b(?:total size|total disk usage|disk usage|sum of (?:the )?sizes|(?:count|number of|how many|counts) (?:the |all )?files|total number of files)\b(?:\s+of\s+(?:all\s+|the\s+)*(?:files|folder|directory))?",
    re.IGNORECASE,
)
_EXTENSION = re.compile(
    r"\b(?:only\s+|all\s+|every\s+)?(?:the\s+)?(?:files?\s+(?:ending (?:in|with)|with (?:the )?extension|of type)\s+\.?(?P<e1>[a-z0-9]{1,6})|(?:\*?\.)(?P<e2>[a-z0-9]{1,6})\s+files?|(?P<e3>py|pdf|jpe?g|png|gif|mp3|mp4|txt|docx?|zip|js|html|css|md)\s+files?)\b"
    r"|(?<!\w)\*?\.(?P<e4>[a-z0-9]{1,6})\s+files?\b",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\b(?:files?\s+)?(?:that were\s+|which were\s+)?(?:changed|modified|newer|older|last modified)\s*(?P<op>than|since|after|before)\s+(?P<date>\d{4}-\d\d-\d\d)\b",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"\b(?:list|lists|print|prints|show|shows|scan|scans)\s+(?:all\s+|the\s+|every\s+)*files?\b",
    re.IGNORECASE,
)


def understand_folder(draft: ToolDraft) -> Requirements | None:
    """The requirements of a report on files; None where nothing to report is described."""
    work = PipelineDraft(draft, Source.FILES, "files", dict(_TYPES))
    marks = draft.marks
    _filters(work)
    for match in marks.take(_OTHER_SUMS):
        draft.assume(f"SHA-256 is used instead of {match.group()}.")
        marks.taken[match.start() : match.end()] = bytes(match.end() - match.start())
        _checksums(work, match.group())
        marks.mark(match.start(), match.end())
    _duplicates(work)
    _grouped(work)
    for match in marks.take(_LARGEST):
        _largest(work, match)
    large = marks.take_first(_LARGE)
    if large is not None:
        _large(work, large.group())
    for match in marks.take(_SUMS):
        if not any(report.name == "checksums" for report in work.reports):
            _checksums(work, match.group())
    total_match = marks.take_first(_TOTAL)
    if total_match is not None:
        measures = (count("files"), total("size", "size"))
        work.add_report("Total", [work.group((), measures, total_match.group())])
    if not work.reports and (work.shared or marks.take(_LIST)):
        work.add_report("Files", [work.select(("path", "size", "modified"))])
    if not work.reports:
        return None
    marks.mark_words(
        r"files?|folders?|director(?:y|ies)|recursive(?:ly)?|sub-?folders|subdirectories|sizes?|find\w*|scan\w*|disk|usage|space|tree|large(?:st)?|list\w*|under|below|bytes|sort\w*|count\w*|extensions?"
    )
    statements = " ".join(item.statement for item in draft.items[:6])
    return work.finish(
        name="file report",
        title="Report on the files of a folder",
        summary=f"Looks at the files below folders. {statements}",
        output=OutputFormat.TABLE,
        read="the files below one or more folders (the current one by default), hidden ones with "
        "--hidden, links not followed",
    )


def _filters(work: PipelineDraft) -> None:
    marks = work.draft.marks
    for match in marks.take(_SIZE):
        word = match["op"].lower()
        operator = (
            CellOperator.GREATER_OR_EQUAL
            if word == "at least"
            else CellOperator.LESS_OR_EQUAL
            if word == "at most"
            else CellOperator.LESS
            if word in {"smaller than", "less than", "under", "below"}
            else CellOperator.GREATER
        )
        unit = (match["unit"] or "").lower()
        size = int(float(number_text(match["n"])) * _UNIT.get(unit, 1))
        condition = CellCondition(column="size", operator=operator, values=(str(size),))
        work.shared.append(work.keep((condition,), match.group()))
    for match in marks.take(_EXTENSION):
        extension = next(match[name] for name in ("e1", "e2", "e3", "e4") if match[name])
        condition = CellCondition(
            column="extension", operator=CellOperator.EQUAL, values=(f".{extension.lower()}",)
        )
        work.shared.append(work.keep((condition,), match.group()))
    for match in marks.take(_WHEN):
        before = match["op"].lower() == "before" or match.group().lower().startswith("older")
        operator = CellOperator.LESS if before else CellOperator.GREATER_OR_EQUAL
        condition = CellCondition(column="modified", operator=operator, values=(match["date"],))
        work.shared.append(work.keep((condition,), match.group()))


def _duplicates(work: PipelineDraft) -> None:
    match = work.draft.marks.take_first(_DUPLICATES)
    if match is None:
        return
    paths = Measure(name="paths", function=MeasureFunction.LIST, column="path")
    group = work.group(("sha256",), (count(), paths), match.group())
    work.draft.marks.take(_SUMS)
    work.draft.marks.mark_words("contents?|same|identical|by")
    work.add_report("Duplicate files", [group, work.having(2)])


def _grouped(work: PipelineDraft) -> None:
    for match in work.draft.marks.take(_PER):
        text = match.group()
        what = match["what"].lower()
        measures: list[Measure] = []
        if re.search(r"count|number|how many|files|group", what) or not what.strip():
            measures.append(count("files"))
        if re.search(r"size|space|usage|total|sum", what) or not measures:
            measures.append(total("size", "size"))
        by = match["by"].lower()
        if by in {"month", "year", "day"}:
            part = work.part(by, "modified", text)
            group = work.group((by,), tuple(measures), text)
            work.add_report(f"Files per {by}", [part, group])
        else:
            work.add_report(
                "Files per extension", [work.group(("extension",), tuple(measures), text)]
            )


def _largest(work: PipelineDraft, match: re.Match[str]) -> None:
    word = (match["w1"] or match["w2"]).lower()
    number = match["n1"] or match["n2"]
    if number is None:
        work.draft.assume("Where no number is said, the first 10 are shown.")
    limit = int(number_text(number)) if number else 10
    column = "modified" if word.startswith(("newest", "oldest", "most recent")) else "size"
    falling = word not in {"smallest", "oldest"}
    steps: list[Step] = [
        work.sort(SortKey(column=column, descending=falling), SortKey(column="path")),
        work.limit(limit),
        work.select(("path", column)),
    ]
    work.add_report(f"{word} files", steps)


def _large(work: PipelineDraft, text: str) -> None:
    steps: list[Step] = [step for step in work.shared if _is_sized(step)]
    work.shared = [step for step in work.shared if not _is_sized(step)]
    if not steps:
        work.draft.assume("A large file has more than 10 MB (10,000,000 bytes).")
        condition = CellCondition(
            column="size", operator=CellOperator.GREATER, values=("10000000",)
        )
        steps.append(work.keep((condition,), text))
    steps += [
        work.sort(SortKey(column="size", descending=True), SortKey(column="path")),
        work.select(("path", "size")),
    ]
    work.add_report("Large files", steps)


def _is_sized(step: Step) -> bool:
    return isinstance(step, Filter) and step.conditions[0].column == "size"


def _checksums(work: PipelineDraft, text: str) -> None:
    work.add_report("Checksums", [work.select(("sha256", "path"), text)])
