"""The source files of a generated pipeline tool."""

from collections.abc import Callable
from functools import lru_cache

from quantumlayer.agents.builtin.writing.python_tool import checks_code
from quantumlayer.agents.builtin.writing.python_tool.options import Option
from quantumlayer.agents.builtin.writing.python_tool.pipeline_code import (
    PipelineCode,
    columns_source,
    emit,
    options_source,
)
from quantumlayer.agents.builtin.writing.python_tool.source import python, python_from, render
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.requirements.tool import (
    OutputFormat,
    Pipeline,
    Source,
    ToolDomain,
)

RECORD_SOURCES = frozenset({Source.CSV, Source.TSV, Source.JSON, Source.JSON_LINES})
TEXT_SOURCES = frozenset(
    {
        Source.LINES,
        Source.WORDS,
        Source.CHARACTERS,
        Source.EMAILS,
        Source.LINKS,
        Source.NUMBERS,
    }
)
_PARSERS = {
    "text": "",
    "texts": ", type=_parsed(_names)",
    "number": ", type=_parsed(to_number)",
    "moment": ", type=_parsed(to_moment)",
    "count": ", type=_parsed(_count)",
    "sort": ", type=_parsed(_sort_keys)",
    "renames": ", type=_parsed(_pair)",
    "conditions": ", type=_parsed(Condition.parse)",
    "flag": "",
}


@lru_cache(maxsize=64)
def emitted(pipeline: Pipeline) -> PipelineCode:
    """The parts of the pipeline's module; the same object for equal pipelines."""
    return emit(pipeline)


def pipeline_of(requirements: Requirements) -> tuple[ToolDomain, Pipeline]:
    """The tool and its pipeline; ValueError where it has none."""
    tool = requirements.tool
    if tool is None or not isinstance(tool.program, Pipeline):
        raise ValueError("the requirements describe no pipeline")
    return tool, tool.program


def errors_source(requirements: Requirements) -> str:
    """`errors.py`."""
    tool, _ = pipeline_of(requirements)
    return python_from("common/errors.py", tool.package, inputs=True)


def records_source(requirements: Requirements) -> str:
    """`records.py`."""
    return python_from("pipeline/records.py", pipeline_of(requirements)[0].package)


def reading_source(requirements: Requirements) -> str:
    """`reading.py`."""
    return python_from("pipeline/reading.py", pipeline_of(requirements)[0].package)


def formats_source(requirements: Requirements) -> str:
    """`formats.py`: the reader of the described kind of input."""
    tool, pipeline = pipeline_of(requirements)
    source = pipeline.source
    if source in RECORD_SOURCES:
        return python_from("pipeline/formats_records.py", tool.package, default_format=source.value)
    if source in {Source.ACCESS_LOG, Source.LEVEL_LOG}:
        return python_from(
            "pipeline/formats_log.py", tool.package, access=source is Source.ACCESS_LOG
        )
    if source is Source.FILES:
        return python_from("pipeline/formats_files.py", tool.package, hashes=hashes(pipeline))
    return python_from(
        "pipeline/formats_text.py",
        tool.package,
        source=source.value,
        what=source.value,
        counts=counts_text(pipeline),
    )


def counts_text(pipeline: Pipeline) -> bool:
    """Whether lines carry their numbers of words and characters."""
    return any(column.name in {"words", "characters"} for column in pipeline.columns)


def hashes(pipeline: Pipeline) -> bool:
    """Whether files carry their SHA-256."""
    return any(column.name == "sha256" for column in pipeline.columns)


def has_checks(pipeline: Pipeline) -> bool:
    """Whether the tool validates records."""
    return "check" in emitted(pipeline).uses


def checks_source(requirements: Requirements) -> str:
    """`checks.py`."""
    tool, pipeline = pipeline_of(requirements)
    return python_from("pipeline/checks.py", tool.package, **checks_code.values(pipeline))


def steps_source(requirements: Requirements) -> str:
    """`steps.py`: the steps that the described work needs, and no others."""
    tool, pipeline = pipeline_of(requirements)
    return python_from("pipeline/steps.py", tool.package, uses=emitted(pipeline).uses)


def pipeline_source(requirements: Requirements) -> str:
    """`pipeline.py`: the described work."""
    tool, pipeline = pipeline_of(requirements)
    code = emitted(pipeline)
    return python_from(
        "pipeline/pipeline.py",
        tool.package,
        title=requirements.title[:60].rstrip(". ").replace('"', "'").replace("\\", ""),
        checks=has_checks(pipeline),
        columns=columns_source(code),
        options=options_source(code),
        folds=code.folds,
        needed=code.needed,
        made=code.made,
        functions=code.functions,
        many=len(pipeline.reports) > 1,
        reports=pipeline.reports,
    )


def report_source(requirements: Requirements) -> str:
    """`report.py`."""
    tool, pipeline = pipeline_of(requirements)
    return python_from(
        "pipeline/report.py",
        tool.package,
        bare_lines=pipeline.output is OutputFormat.LINES,
        line_expression=line_expression(pipeline),
        infer=infers(pipeline),
    )


BARE = {
    Source.LINES: "text",
    Source.WORDS: "word",
    Source.FILES: "path",
    Source.EMAILS: "email",
    Source.LINKS: "link",
    Source.NUMBERS: "number",
}
"""The column that a bare line of output shows, by what is read."""


def infers(pipeline: Pipeline) -> bool:
    """Whether text of delimited input becomes JSON by default, so that numbers are worth asking."""
    if pipeline.output is OutputFormat.OPPOSITE:
        return True
    to_json = pipeline.output in {OutputFormat.JSON, OutputFormat.JSON_LINES}
    return to_json and pipeline.source in {Source.CSV, Source.TSV} and len(pipeline.reports) == 1


def line_expression(pipeline: Pipeline) -> str:
    """The Python expression of one bare line of output."""
    column = BARE.get(pipeline.source, "text")
    text = f'as_text(record.values.get("{column}"))'
    if pipeline.line_numbers:
        return "f\"{as_text(record.values.get('line'))}:{as_text(record.values.get('text'))}\""
    return text


def cli_source(requirements: Requirements, examples: tuple[str, ...]) -> str:
    """`cli.py`."""
    tool, pipeline = pipeline_of(requirements)
    code = emitted(pipeline)
    options = code.table.all()
    opposite = pipeline.output is OutputFormat.OPPOSITE
    forms = "lines, " if pipeline.output is OutputFormat.LINES else ""
    text = render(
        "pipeline/cli.py",
        package=tool.package,
        command=tool.command,
        summary=requirements.summary,
        examples=examples,
        positional=[option for option in options if option.positional],
        described=[_shown(option) for option in options if not option.positional],
        all_options=options,
        parser_of=_PARSERS,
        many=len(pipeline.reports) > 1,
        prepared=len(pipeline.reports) > 1 and bool(pipeline.shared),
        report=pipeline.reports[0],
        checks=has_checks(pipeline),
        records_source=pipeline.source in RECORD_SOURCES,
        text_source=pipeline.source in TEXT_SOURCES,
        files_source=pipeline.source is Source.FILES,
        default_format=pipeline.source.value,
        input_help=input_help(pipeline),
        opposite=opposite,
        infer=infers(pipeline),
        default_output=pipeline.output.name.replace("JSON_LINES", "JSONL"),
        default_output_help="json for CSV and TSV, csv for JSON" if opposite else pipeline.output,
        output_names=f"table, {forms}csv, tsv, json or jsonl",
    )
    return python(text, tool.package)


def _shown(option: Option) -> dict[str, object]:
    default = f" (default: {option.shown})" if option.shown else ""
    return {
        "field": option.field,
        "flag": option.flag,
        "kind": option.kind,
        "metavar": option.metavar,
        "default": option.default,
        "help": option.help,
        "help_text": (option.help + default).replace("%", "%%"),
    }


def input_help(pipeline: Pipeline) -> str:
    """What the input files are, in words."""
    if pipeline.source in RECORD_SOURCES:
        return "CSV, TSV, JSON or JSON lines"
    return {
        Source.ACCESS_LOG: "access logs",
        Source.LEVEL_LOG: "logs of time, level and message",
    }.get(pipeline.source, "text files")


SOURCES: dict[str, Callable[[Requirements], str]] = {
    "errors.py": errors_source,
    "records.py": records_source,
    "reading.py": reading_source,
    "formats.py": formats_source,
    "checks.py": checks_source,
    "steps.py": steps_source,
    "pipeline.py": pipeline_source,
    "report.py": report_source,
}
