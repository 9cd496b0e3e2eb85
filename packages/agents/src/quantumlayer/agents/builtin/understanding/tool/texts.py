"""Tools over plain text: counts, frequencies, searching, sorting, rewriting lines."""

import re

from quantumlayer.agents.builtin.understanding.tool.draft import ToolDraft
from quantumlayer.agents.builtin.understanding.tool.phrases import COUNT, NUMBER, number_text
from quantumlayer.agents.builtin.understanding.tool.pipelines import PipelineDraft, count, total
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.requirements.tool import (
    CellCondition,
    CellOperator,
    ColumnType,
    Measure,
    MeasureFunction,
    OutputFormat,
    SortKey,
    Source,
    Step,
)

IS_TEXT = re.compile(
    r"\b(?:text|txt|words?|lines?|characters?|letters?|grep|wc|string|markdown|document|paragraphs?|replace\w*|substitut\w*|occurrences|e-?mail addresses|links|urls|TODO|FIXME)\b",
    re.IGNORECASE,
)
_TYPES = {
    "line": ColumnType.INTEGER,
    "text": ColumnType.TEXT,
    "words": ColumnType.INTEGER,
    "characters": ColumnType.INTEGER,
}
_FREQUENCY = re.compile(
    rf"\b(?:(?:the\s+)?(?:top\s+)?(?P<n1>{COUNT})\s+(?:most\s+)?(?:frequent|common|used|often\s+used)(?:ly\s+used)?(?:\s+(?P<w1>words?|letters?|characters?|lines?))?"
    rf"|(?:the\s+)?most\s+(?:frequent|common|used)(?:\s+(?P<w2>words?|letters?|characters?|lines?))?|top\s+(?P<n2>{COUNT})(?:\s+(?P<w3>words?|letters?|characters?|lines?))?"
    r"|(?P<w4>words?|letters?|characters?|lines?)\s+frequenc(?:y|ies)|frequenc(?:y|ies)\s+of\s+(?:each\s+|every\s+|the\s+|all\s+)?(?P<w5>words?|letters?|characters?|lines?)"
    r"|how (?:often|many times)\s+(?:each|every)\s+(?P<w6>word|letter|character|line)\s+(?:occurs|appears|is used)?|(?:count|counts|counting)\s+(?:of\s+)?(?:each|every|the occurrences of each|occurrences of (?:each|every))\s+(?P<w7>word|letter|character|line))\b(?:\s+(?:ones?|first))?",
    re.IGNORECASE,
)
_FREQUENCY_WORDS = ("w1", "w2", "w3", "w4", "w5", "w6", "w7")
_STOP_WORDS = re.compile(
    r"\b(?:ignoring|ignore|ignores|without|excluding|exclude|excludes|except|skip|skips|skipping)\s+(?:the\s+|any\s+|english\s+)*(?:stop[- ]?words|common (?:english )?words|common ones)\b",
    re.IGNORECASE,
)
_COMMON = (
    "a",
    "an",
    "and",
    "are",
    "as",
    "at",
    "be",
    "been",
    "but",
    "by",
    "for",
    "from",
    "had",
    "has",
    "have",
    "he",
    "her",
    "his",
    "i",
    "in",
    "is",
    "it",
    "its",
    "not",
    "of",
    "on",
    "or",
    "she",
    "so",
    "that",
    "the",
    "their",
    "they",
    "this",
    "to",
    "was",
    "we",
    "were",
    "which",
    "with",
    "you",
)
_CASE = re.compile(
    r"\b(?:case[- ]insensitiv(?:e|ely)|ignor(?:e|es|ing) (?:the )?case|regardless of case|in lower ?case)\b",
    re.IGNORECASE,
)
_COUNTS = re.compile(
    r"\b(?:counts?|counting|number of|how many|wc)\b(?:\s+(?:the|of|all|number|total))*\s*(?P<what>(?:lines?|words?|characters?|letters?|chars)(?:\s*(?:,|and|,\s*and|&|\+)\s+(?:the\s+)?(?:number of\s+)?(?:lines?|words?|characters?|letters?|chars))*)",
    re.IGNORECASE,
)
_NUMBERS = re.compile(
    r"\b(?:with|showing|show|shows|and|print|prints|including|include|add|adds|prefix(?:es)?|plus)\s+(?:the\s+|their\s+|its\s+|each\s+)*line numbers?\b|\bnumber(?:s|ing)?\s+(?:the\s+|all\s+|each\s+|every\s+)*lines?\b|\bline numbers?\b",
    re.IGNORECASE,
)
_QUOTED = r"[\"'](?P<{0}>[^\"']{{1,80}})[\"']"
_SEARCH = re.compile(
    rf"\b(?:(?:search(?:es)?|look(?:s)?|grep(?:s)?)(?:[- ]like)?(?:\s+(?:a|the|in|through|text|files?|lines?|tool|search|for|of|an?y|every|all|given|each))*|(?:find(?:s)?|show(?:s)?|list(?:s)?|print(?:s)?)\s+(?:all\s+|the\s+|every\s+)*(?=(?:TODO|FIXME)\b)|(?:print(?:s)?|find(?:s)?|show(?:s)?|list(?:s)?|keep(?:s)?|filter(?:s)?|display(?:s)?)\s+(?:only\s+)?(?:the\s+|all\s+|every\s+|each\s+)*lines?\s+(?:in\s+(?:a\s+|the\s+)?(?:text\s+)?file\s+)?)"
    rf"\s*(?:(?:that|which|for|where|whose|matching|the)\s+)*(?:text\s+)?(?:(?P<op>contains?|containing|with|includ\w+|match(?:es|ing)?|start(?:s|ing)? with|begin(?:s|ning)? with|end(?:s|ing)? (?:with|in)|having)\s+)?"
    rf"(?:an?\s+|the\s+|given\s+|some\s+|certain\s+)*(?:(?:word|text|string|pattern|phrase|keyword|term|substring|it)\s*)?(?:{_QUOTED.format('q')}|(?P<bare>ERROR|TODO|FIXME|WARNING)\b(?:\s+(?:comments?|markers?|notes?|lines?))?)?",
    re.IGNORECASE,
)
_DROP_LINES = re.compile(
    rf"\b(?:remove|removes|delete|deletes|drop|drops|exclude|excludes|skip|skips)\s+(?:the\s+|all\s+|every\s+)*lines?\s+(?:that\s+|which\s+)?(?P<op>contain(?:s|ing)?|with|start(?:s|ing)? with|end(?:s|ing)? with|beginning with)\s+(?:the\s+)?(?:word\s+|text\s+)?(?:{_QUOTED.format('q')}|(?P<bare>\w+|#))",
    re.IGNORECASE,
)
_UNIQUE = re.compile(
    r"\b(?:(?:remove|removes|removing|drop|drops|delete|deletes|eliminate|eliminates|without|strip|strips|skip|skips)\s+(?:the\s+|any\s+|all\s+)*(?:duplicates?|duplicated|repeated)(?:\s+lines?)?|de-?duplicat\w*(?:\s+(?:the\s+)?lines?)?|(?:keep|keeps|print|prints|show|shows)\s+(?:only\s+)?(?:the\s+)?(?:unique|distinct)\s+lines?|unique lines?)\b",
    re.IGNORECASE,
)
_DUPLICATES = re.compile(
    r"\b(?:find|finds|detect|detects|report|reports|list|lists|show|shows|print|prints|finding|count|counts)\s+(?:the\s+|all\s+|any\s+)*(?:duplicates?|duplicated|repeated)(?:\s+(?P<what>lines?|words?))?\b",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    r"\b(?:remove|removes|delete|deletes|drop|drops|strip|strips|skip|skips|without|ignor\w+)\s+(?:the\s+|all\s+|any\s+)*(?:empty|blank)\s+(?:lines?|ones)\b",
    re.IGNORECASE,
)
_SORT = re.compile(
    r"\b(?:sort|sorts|sorted|sorting|order|orders|ordered)\b(?:\s+(?:the|all|its|lines?|of|a|text|file|files|alphabetically|in|alphabetical|order|them|it))*(?:\s+by (?:the )?(?P<by>length|size|number of words))?(?:\s+(?P<down>in reverse(?: order)?|reversed?|descending|in descending order|longest first|z to a))?",
    re.IGNORECASE,
)
_REPLACE = re.compile(
    rf"\b(?:replac(?:e|es|ing)|substitut(?:e|es|ing)|chang(?:e|es|ing))\b(?:\s+(?:all|every|each|the|an?|one|occurrences?|of|word|text|string|given|some))*\s*(?:{_QUOTED.format('q1')}|(?P<b1>(?!with\b|by\b|in\b)[\w-]+))?\s*(?:(?:with|by|to|into)\s+(?:the\s+|an?\s+)*(?:another|other|new)?\s*(?:text|word|string)?\s*(?:{_QUOTED.format('q2')}|(?P<b2>[\w-]+))?)?",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?:(?:convert|converts|change|changes|turn|turns|transform|transforms|make|makes|print|prints)\s+(?:\w+\s+){0,4}?)?(?:to|into|in)?\s*(?P<case>upper|lower|title)[- ]?case\b",
    re.IGNORECASE,
)
_REVERSE = re.compile(
    r"\brevers(?:e|es|ing)\s+(?:the\s+)?(?:(?:text|characters|letters)\s+of\s+)?(?:each|every|the|all)?\s*lines?\b|\brevers(?:e|es) (?:the )?text\b",
    re.IGNORECASE,
)
_STRIP = re.compile(
    r"\b(?:trim|trims|strip|strips|remove|removes)\s+(?:the\s+|leading\s+|trailing\s+|and\s+|all\s+|extra\s+)*(?:white ?space|spaces|blanks)(?:\s+(?:from|of|at|around)\s+(?:the\s+|each\s+|every\s+|all\s+|end\s+of\s+)*lines?)?\b",
    re.IGNORECASE,
)
_HEAD = re.compile(
    rf"\b(?:the\s+)?(?P<side>first|last|top)\s+(?P<n>{COUNT})\s+lines?\b", re.IGNORECASE
)
_LONG = re.compile(
    rf"\blines?\s+(?:that are\s+|which are\s+|with\s+)?(?P<op>longer than|shorter than|more than|over|at least|at most|fewer than)\s+(?P<n>{NUMBER})(?:\s+(?P<unit>characters?|chars|letters|words))?(?:\s+long)?",
    re.IGNORECASE,
)
_NO_NOUN = frozenset(
    {"the", "a", "an", "it", "in", "text", "file", "lines", "line", "word", "another", "one"}
)


def understand_text(draft: ToolDraft) -> Requirements | None:
    """The requirements of a tool over text; None where no work on text is described."""
    extract = draft.marks.take_first(_EXTRACT)
    if extract is not None:
        return _extracted(draft, extract)
    frequency = draft.marks.take_first(_FREQUENCY)
    if frequency is not None:
        return _frequencies(draft, frequency)
    work = PipelineDraft(draft, Source.LINES, "lines", dict(_TYPES))
    numbers = bool(draft.marks.take(_NUMBERS))
    steps = _line_steps(work)
    duplicates = draft.marks.take_first(_DUPLICATES)
    if duplicates is not None and (duplicates["what"] or "lines").lower().startswith("word"):
        return _duplicate_words(draft)
    if duplicates is not None:
        group = work.group(("text",), (count(),), duplicates.group())
        order = work.sort(SortKey(column="count", descending=True))
        work.add_report("Lines that occur more than once", [*steps, group, work.having(2), order])
        return _finish(work, "duplicate lines", OutputFormat.TABLE)
    counts = draft.marks.take(_COUNTS)
    if counts:
        return _counts(work, steps, " ".join(match["what"] for match in counts))
    if not steps and not numbers:
        return None
    if not steps:
        work.draft.assume("Every line is printed with its number.")
    work.add_report("the lines", steps)
    return _finish(work, _name(steps), OutputFormat.LINES, numbers=numbers)


_EXTRACT = re.compile(
    r"\b(?P<verb>extract|extracts|find|finds|list|lists|collect|collects|print|prints|get|gets|sum|sums|"
    r"add up|adds up|total|totals|average)\b(?:\s+(?:up|out|all|the|every|any|of|unique|distinct|different))*"
    r"\s+(?P<what>e-?mails?(?: addresses)?|links|urls|web addresses|numbers)\b",
    re.IGNORECASE,
)


def _extracted(draft: ToolDraft, match: re.Match[str]) -> Requirements:
    """ "extract the unique e-mail addresses", "sum the numbers"."""
    what = match["what"].lower()
    source = (
        Source.NUMBERS if what == "numbers" else Source.EMAILS if "mail" in what else Source.LINKS
    )
    kind = ColumnType.NUMBER if source is Source.NUMBERS else ColumnType.TEXT
    column = source.value[:-1]
    work = PipelineDraft(draft, source, source.value, {column: kind})
    work.touch(column)
    if re.match(r"(?i)sum|add|total|average", match["verb"]) and source is Source.NUMBERS:
        average = Measure(name="average", function=MeasureFunction.MEAN, column=column)
        figure = average if match["verb"].lower() == "average" else total(column, "sum")
        group = work.group((), (count(), figure), match.group())
        work.add_report("Figures of the numbers", [group])
        return _finish(work, "number figures", OutputFormat.TABLE)
    steps: list[Step] = []
    if re.search(r"(?i)\b(?:unique|distinct|different|duplicates?)\b", draft.marks.text):
        statement = f"Of equal {source.value}, keep the first."
        steps.append(work.unique((column,), statement, match.group()))
        draft.marks.mark_words(r"unique|distinct|different|without duplicates|duplicates?|remov\w*")
    if draft.marks.take_first(_SORT):
        steps.append(work.sort(SortKey(column=column)))
    work.add_report(f"the {source.value}", steps)
    return _finish(work, f"{column} finder", OutputFormat.LINES)


def _line_steps(work: PipelineDraft) -> list[Step]:
    marks = work.draft.marks
    filled = CellCondition(column="text", operator=CellOperator.IS_SET)
    steps: list[Step] = [_long(work, match) for match in marks.take(_LONG)]
    steps += [work.keep((filled,), match.group()) for match in marks.take(_EMPTY)]
    for match in marks.take(_DROP_LINES):
        word = match["q"] or match["bare"]
        condition = CellCondition(column="text", operator=_operator(match["op"]), values=(word,))
        steps.append(work.keep((condition,), match.group(), drop=True))
    if not any(step.kind == "filter" for step in steps):
        search = marks.take_first(_SEARCH)
        if search is not None:
            steps.append(_search(work, search))
    unique = marks.take_first(_UNIQUE)
    if unique is not None:
        steps.append(work.unique(("text",), "Of equal lines, keep the first.", unique.group()))
        work.touch("text")
    steps += _changes(work)
    return steps + _order_and_limit(work)


def _order_and_limit(work: PipelineDraft) -> list[Step]:
    steps: list[Step] = []
    marks = work.draft.marks
    match = marks.take_first(_SORT)
    if match is not None:
        column = {"length": "characters", "size": "characters", "number of words": "words"}.get(
            (match["by"] or "").lower(), "text"
        )
        steps.append(work.sort(SortKey(column=column, descending=bool(match["down"]))))
    match = marks.take_first(_HEAD)
    if match is not None:
        steps.append(work.limit(int(number_text(match["n"])), last=match["side"].lower() == "last"))
    if marks.take(_CASE):
        work.draft.assume("--ignore-case, where text is compared, compares without case.")
    return steps


def _long(work: PipelineDraft, match: re.Match[str]) -> Step:
    operators = {
        "longer than": CellOperator.GREATER,
        "more than": CellOperator.GREATER,
        "over": CellOperator.GREATER,
        "at least": CellOperator.GREATER_OR_EQUAL,
        "at most": CellOperator.LESS_OR_EQUAL,
    }
    column = "words" if (match["unit"] or "").lower() == "words" else "characters"
    operator = operators.get(match["op"].lower(), CellOperator.LESS)
    values = (number_text(match["n"]),)
    condition = CellCondition(column=column, operator=operator, values=values)
    return work.keep((condition,), match.group())


def _operator(word: str | None) -> CellOperator:
    lowered = (word or "").lower()
    if lowered.startswith(("start", "begin")):
        return CellOperator.STARTS_WITH
    return CellOperator.ENDS_WITH if lowered.startswith("end") else CellOperator.CONTAINS


def _search(work: PipelineDraft, match: re.Match[str]) -> Step:
    word = match["q"] or match["bare"]
    operator = _operator(match["op"])
    condition = (
        CellCondition(column="text", operator=operator, values=(word,))
        if word
        else CellCondition(column="text", operator=operator, argument="pattern")
    )
    return work.keep((condition,), match.group())


def _changes(work: PipelineDraft) -> list[Step]:
    steps: list[Step] = []
    marks = work.draft.marks
    match = marks.take_first(_CHANGE)
    if match is not None:
        action = match["case"].lower()
        steps.append(work.change("text", action, f"Print every line in {action} case."))
    if marks.take_first(_REVERSE):
        steps.append(work.change("text", "reverse", "Print every line backwards."))
    if marks.take_first(_STRIP):
        steps.append(work.change("text", "strip", "Remove white space around every line."))
    match = marks.take_first(_REPLACE)
    if match is not None:
        old, new = match["q1"] or match["b1"], match["q2"] or match["b2"]
        if (old or "").lower() in _NO_NOUN or not (old and new) or (new or "").lower() in _NO_NOUN:
            old = new = None
        said = f'"{old}" by "{new}"' if old else "OLD by NEW"
        steps.append(
            work.change("text", "replace", f"In every line, replace {said}.", old=old, new=new)
        )
    return steps


def _counts(work: PipelineDraft, steps: list[Step], what: str) -> Requirements:
    measures = []
    lowered = what.lower()
    if "line" in lowered:
        measures.append(count("lines"))
    if "word" in lowered:
        measures.append(total("words", "words"))
    if re.search(r"char|letter", lowered):
        measures.append(total("characters", "characters"))
    work.add_report("Counts", [*steps, work.group((), tuple(measures), what)])
    return _finish(work, "text counts", OutputFormat.TABLE)


def _frequencies(draft: ToolDraft, match: re.Match[str]) -> Requirements:
    what = next((match[name] for name in _FREQUENCY_WORDS if match[name]), "") or "word"
    if re.search(r"(?i)\bwords?\b", draft.marks.text) and not any(
        match[n] for n in _FREQUENCY_WORDS
    ):
        what = "word"
    if re.match(r"(?i)letter|character", what):
        work = PipelineDraft(draft, Source.CHARACTERS, "characters", {"character": ColumnType.TEXT})
        column = "character"
    elif re.match(r"(?i)line", what):
        work = PipelineDraft(draft, Source.LINES, "lines", dict(_TYPES))
        column = "text"
    else:
        work = PipelineDraft(draft, Source.WORDS, "words", {"word": ColumnType.TEXT})
        column = "word"
    steps: list[Step] = []
    stop = draft.marks.take_first(_STOP_WORDS)
    if stop is not None and column == "word":
        condition = CellCondition(column="word", operator=CellOperator.ONE_OF, values=_COMMON)
        steps.append(work.keep((condition,), stop.group(), drop=True))
    draft.marks.take(_CASE)
    if column != "text":
        draft.assume(f"Upper and lower case are the same {column}.")
    steps.append(work.group((column,), (count(),), match.group()))
    steps.append(work.sort(SortKey(column="count", descending=True), SortKey(column=column)))
    number = match["n1"] or match["n2"]
    if number:
        steps.append(work.limit(int(number_text(number))))
    draft.marks.mark_words(
        r"count\w*|words?|letters?|characters?|frequen\w*|most|occur\w*|appear\w*|times"
    )
    work.add_report(f"Most frequent {work.subject}", steps)
    return _finish(work, f"{column} frequency", OutputFormat.TABLE)


def _duplicate_words(draft: ToolDraft) -> Requirements:
    work = PipelineDraft(draft, Source.WORDS, "words", {"word": ColumnType.TEXT})
    group = work.group(("word",), (count(),))
    order = work.sort(SortKey(column="count", descending=True), SortKey(column="word"))
    work.add_report("Words that occur more than once", [group, work.having(2), order])
    return _finish(work, "duplicate words", OutputFormat.TABLE)


def _name(steps: list[Step]) -> str:
    names = {"filter": "line search", "unique": "unique lines", "sort": "sort lines",
             "change": "rewrite lines", "limit": "some lines"}  # fmt: skip
    return next((names[step.kind] for step in steps if step.kind in names), "number lines")


def _finish(
    work: PipelineDraft, name: str, output: OutputFormat, *, numbers: bool = False
) -> Requirements:
    draft = work.draft
    draft.marks.mark_words(
        r"texts?|txt|lines?|words?|characters?|letters?|search\w*|find\w*|grep(?:-like)?|pattern|match\w*|contain\w*|occurr?ences?|whole|sort\w*|count\w*|duplicat\w*|case|unique|number\w*|replac\w*|remov\w*|document"
    )
    statements = " ".join(item.statement for item in draft.items[:6])
    return work.finish(
        name=name,
        title=f"{name[:1].upper()}{name[1:]}",
        summary=f"Reads text from files or standard input. {statements}",
        output=output,
        read="text from files, one after the other, or standard input (-)",
        line_numbers=numbers,
    )
