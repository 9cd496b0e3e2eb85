"""The plan of a pipeline tool: its files, its sample input, its worked examples."""

import hashlib
import shlex
from collections.abc import Callable
from functools import partial
from typing import cast

from quantumlayer.agents.builtin.writing.python_tool import (
    checks_code,
    pipeline_files,
    pipeline_tests,
    reference,
    rendering,
    samples,
)
from quantumlayer.agents.builtin.writing.python_tool.options import identifier
from quantumlayer.agents.builtin.writing.python_tool.pipeline_files import (
    RECORD_SOURCES,
    TEXT_SOURCES,
    emitted,
    has_checks,
    pipeline_of,
)
from quantumlayer.agents.builtin.writing.python_tool.plan import Example, Family, ToolFile
from quantumlayer.agents.builtin.writing.python_tool.reference import Row
from quantumlayer.agents.builtin.writing.python_tool.source import python, python_from, render
from quantumlayer.qlayer import FileRole
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.requirements.tool import (
    CheckRule,
    ColumnType,
    OutputFormat,
    Pipeline,
    Source,
)

_PURPOSES = {
    "errors.py": ("errors that a person can act on", "class ToolError; class InputError"),
    "records.py": ("records and their cells", "class Record; class Column; Value"),
    "reading.py": ("input as lines of text", "text_lines(path, encoding)"),
    "formats.py": ("input formats", "read(paths, columns, options, problems) -> records"),
    "checks.py": ("the rules of valid records", "check(records, checks) -> problems"),
    "steps.py": ("steps that the work is made of", "functions over iterables of records"),
    "pipeline.py": ("the described work", "class Options; one function a report"),
    "report.py": ("results as text", "rendered(records, output) -> pieces of text"),
    "cli.py": ("the command line", "main(argv) -> exit status"),
}


def _modules(pipeline: Pipeline) -> tuple[str, ...]:
    skipped = set()
    if not has_checks(pipeline):
        skipped.add("checks.py")
    if pipeline.source is Source.FILES:
        skipped.add("reading.py")
    if not emitted(pipeline).uses - {"fold", "check"}:
        skipped.add("steps.py")
    return tuple(name for name in _PURPOSES if name not in skipped)


def _files(requirements: Requirements) -> tuple[ToolFile, ...]:
    tool, pipeline = pipeline_of(requirements)
    package = tool.package
    validate = checks_code.validation(pipeline)
    work = tuple(
        dict.fromkeys(
            (
                *(check.requirement for check in (validate.checks if validate else ())),
                *(step.requirement for step in pipeline_tests.all_steps(pipeline)),
            )
        )
    )
    quality = (tool.output_requirement, tool.error_requirement)
    files: list[ToolFile] = []
    for name in _modules(pipeline):
        purpose, interface = _PURPOSES[name]
        files.append(
            ToolFile(
                f"{package}/{name}",
                FileRole.SOURCE,
                purpose,
                _cli if name == "cli.py" else pipeline_files.SOURCES[name],
                interface,
                tuple(file.path for file in files if file.path.startswith(f"{package}/")),
                work if name in {"pipeline.py", "checks.py", "steps.py"} else quality,
            )
        )
    sample = _sample_file(pipeline)
    if not sample:
        files.extend(
            ToolFile(
                f"examples/documents/{path}",
                FileRole.DOCUMENTATION,
                "sample input for the README",
                partial(_document, path),
            )
            for path in _DOCUMENTS
        )
    else:
        files.append(
            ToolFile(sample, FileRole.DOCUMENTATION, "sample input for the README", _sample)
        )
    tests: list[tuple[str, str, Callable[[Requirements], str], tuple[str, ...]]] = [
        ("conftest.py", "fixtures", _conftest, ()),
        ("test_pipeline.py", "the described behaviour", _test_pipeline, work),
        ("test_cli.py", "the command line", _test_cli, quality),
        ("test_formats.py", "formats and cells", _test_formats, quality),
        ("test_steps.py", "steps at their edges", _test_steps, work),
    ]
    if not _has_step_tests(pipeline):
        tests.pop()
    if not pipeline_tests.cases(pipeline):
        tests.pop(1)
    files.extend(
        ToolFile(
            f"tests/{name}",
            FileRole.TEST,
            purpose,
            write,
            "",
            (f"{package}/cli.py", "tests/support.py"),
            covered,
        )
        for name, purpose, write, covered in tests
    )
    return tuple(files)


def _has_step_tests(pipeline: Pipeline) -> bool:
    tested = {
        "condition", "order", "rename", "drop", "select", "group", "arithmetic",
    }  # fmt: skip
    return bool(emitted(pipeline).uses & tested)


def _conftest(requirements: Requirements) -> str:
    tool, pipeline = pipeline_of(requirements)
    return python_from(
        "common/tests/conftest.py",
        tool.package,
        pipeline=True,
        files_source=pipeline.source is Source.FILES,
        modified=reference.MODIFIED,
        suffix=samples.suffix(pipeline.source),
    )


def _test_pipeline(requirements: Requirements) -> str:
    tool, pipeline = pipeline_of(requirements)
    return python_from(
        "pipeline/tests/test_pipeline.py", tool.package, cases=pipeline_tests.cases(pipeline)
    )


def _test_formats(requirements: Requirements) -> str:
    tool, pipeline = pipeline_of(requirements)
    template = "test_formats.py" if pipeline.source in RECORD_SOURCES else "test_records.py"
    return python_from(
        f"pipeline/tests/{template}",
        tool.package,
        out=tool.output_requirement.lower(),
        err=tool.error_requirement.lower(),
    )


def _test_steps(requirements: Requirements) -> str:
    tool, pipeline = pipeline_of(requirements)
    steps = pipeline_tests.all_steps(pipeline)
    return python_from(
        "pipeline/tests/test_steps.py",
        tool.package,
        uses=emitted(pipeline).uses,
        tag=steps[0].requirement.lower(),
    )


def _test_cli(requirements: Requirements) -> str:
    tool, pipeline = pipeline_of(requirements)
    scene = pipeline_tests.scenes(pipeline)[0]
    rows = [scene.samples.base(scene.given), *scene.samples.rows(scene.given, 5)]
    validating = has_checks(pipeline)
    if validating:
        step = checks_code.validation(pipeline)
        checked = {check.column for check in step.checks} if step else set()
        good = {
            name: samples.valid_value(step, name)
            if step and name in checked
            else samples.pool_of(name, kind)[0]
            for name, kind in scene.samples.inputs
        }
        rows = [cast("Row", good)]
    rows = samples.placed(rows, pipeline)
    lines = samples.encoded(rows, pipeline)
    expected: list[Row] = [] if validating else scene.expected(rows)
    records = pipeline.source in RECORD_SOURCES
    columns = [c for c in pipeline.columns if c.name in dict(scene.samples.inputs)]
    steps_count = any(True for _ in columns)
    bad_line, bad_lines, problem = _bad_record(pipeline, rows)
    always = _always_needed(pipeline)
    return python(
        render(
            "pipeline/tests/test_cli.py",
            package=tool.package,
            command=tool.command,
            out=tool.output_requirement.lower(),
            err=tool.error_requirement.lower(),
            lines=repr(lines),
            rows="[]" if validating else f"{pipeline_tests.rows_source(expected)}",
            arguments=repr(scene.arguments),
            required=repr(scene.required),
            suffix=samples.suffix(pipeline.source),
            files_source=pipeline.source is Source.FILES,
            records_source=records,
            stdin_format=f'"--input-format", "{pipeline.source.value}", ' if records else "",
            checks=validating,
            checks_column=always if steps_count else "",
            other_header=repr(_other_header(pipeline, rows, always)) if always else "()",
            bad_line=bad_line,
            bad_lines=repr(bad_lines),
            bad_problem=problem,
            bad_number=_bad_number(pipeline, rows),
            many=len(pipeline.reports) > 1,
            report_names=[report.name for report in pipeline.reports],
            report_titles=[report.title for report in pipeline.reports],
            opposite=pipeline.output is OutputFormat.OPPOSITE,
            plain=not pipeline_tests.all_steps(pipeline),
            wrong_arguments=_wrong_arguments(pipeline),
        ),
        tool.package,
    )


def _always_needed(pipeline: Pipeline) -> str:
    """A column that every run looks for, if there is one."""
    code = emitted(pipeline)
    inputs = {name for name, _ in samples.input_columns(pipeline)}
    names = [
        column.name
        for column in pipeline.columns
        if column.name in inputs
        and (column.name not in code.optional or column.type is not ColumnType.TEXT)
    ]
    return names[0] if names else ""


def _other_header(pipeline: Pipeline, rows: list[Row], column: str) -> tuple[str, ...]:
    lines = samples.encoded(rows, pipeline, Source.CSV)
    header = ",".join("Other" if name == column else name for name in lines[0].split(","))
    return (header, *lines[1:])


def _bad_record(pipeline: Pipeline, rows: list[Row]) -> tuple[int, tuple[str, ...], str]:
    """A line that is no record, between good ones: its number, all lines, what is said of it."""
    lines = samples.encoded(rows, pipeline)
    match pipeline.source:
        case Source.CSV | Source.TSV:
            delimiter = "," if pipeline.source is Source.CSV else "\t"
            bad = delimiter.join("1" for _ in range(len(lines[0].split(delimiter)) + 1))
            count = len(lines[0].split(delimiter))
            return 2, (lines[0], bad, *lines[1:]), f"it has {count + 1} fields"
        case Source.JSON_LINES:
            return 1, ("7", *lines), "it is not an object"
        case Source.JSON:
            return 2, (lines[0], "  7,", *lines[1:]), "it is not an object"
        case Source.ACCESS_LOG | Source.LEVEL_LOG:
            return 2, (lines[0], "something else", *lines[1:]), "it does not look like: "
        case _:
            return 0, (), ""


def _bad_number(pipeline: Pipeline, rows: list[Row]) -> dict[str, object] | None:
    if pipeline.source not in {Source.CSV, Source.TSV} or has_checks(pipeline):
        return None
    numbers = [
        column.name
        for column in pipeline.columns
        if column.type in {ColumnType.NUMBER, ColumnType.INTEGER}
        and column.name in dict(samples.input_columns(pipeline))
    ]
    if not numbers:
        return None
    first = rows[0]
    bad, empty = {**first, numbers[0]: "many"}, {**first, numbers[0]: ""}
    # The first typed column is the first to be checked, so nothing hides this error.
    return {
        "column": numbers[0],
        "line": 3,
        "lines": repr(samples.encoded([first, bad], pipeline)),
        "empty": repr(samples.encoded([first, empty], pipeline)),
    }


def _wrong_arguments(pipeline: Pipeline) -> list[list[str]]:
    wrong = [["--format", "pdf"], ["--no-such-option"]]
    if pipeline.source in RECORD_SOURCES:
        wrong += [["--delimiter", ";;"], ["--column", "amount"]]
    bad = {
        "count": "-1",
        "number": "many",
        "moment": "someday",
        "texts": ",",
        "sort": "a:up",
        "renames": "a",
        "conditions": "a",
    }
    for option in emitted(pipeline).table.all():
        if not option.positional and option.kind in bad:
            wrong.append([f"{option.flag}={bad[option.kind]}"])
    return wrong


# Sample input and worked examples


def _sample_file(pipeline: Pipeline) -> str:
    if pipeline.source is Source.FILES:
        return ""
    suffix = samples.suffix(pipeline.source)
    return f"examples/{identifier(pipeline.subject)}{suffix}"


def _sample_rows(pipeline: Pipeline) -> list[Row]:
    scene = pipeline_tests.scenes(pipeline)[0]
    rows = scene.samples.rows(scene.given, 10)
    step = checks_code.validation(pipeline)
    if step is not None:
        checked = {check.column for check in step.checks}
        for number, row in enumerate(rows):
            for name in checked:
                row[name] = samples.valid_value(step, name)
            for check in step.checks:
                if check.rule is CheckRule.UNIQUE:
                    row[check.column] = samples.numbered(
                        str(row[check.column]), ColumnType.TEXT, number
                    )
    return rows


def _sample(requirements: Requirements) -> str:
    _, pipeline = pipeline_of(requirements)
    return "".join(f"{line}\n" for line in samples.encoded(_sample_rows(pipeline), pipeline))


def _examples(requirements: Requirements) -> tuple[Example, ...]:
    tool, pipeline = pipeline_of(requirements)
    scenes = pipeline_tests.scenes(pipeline)
    required = " ".join(map(shlex.quote, scenes[0].required))
    command = " ".join(filter(None, (f"python -m {tool.package}", required)))
    if pipeline.source is Source.FILES or has_checks(pipeline):
        return _plain_examples(pipeline, command)
    file, rows = _sample_file(pipeline), _sample_rows(pipeline)
    results = [(scene.report, scene.expected(rows)) for scene in scenes]
    if len(results) > 1:
        text = "\n".join(
            f"{report.title}\n\n{rendering.as_table(found)}" for report, found in results
        )
        first = results[0]
        return (
            Example("All reports:", f"{command} {file}", text),
            Example(
                "One report, as JSON:",
                f"{command} {file} --report {first[0].name} --json",
                rendering.as_json(first[1]),
            ),
        )
    found = results[0][1]
    examples = [Example("As described:", f"{command} {file}", _printed(pipeline, found))]
    if pipeline.output not in {OutputFormat.JSON, OutputFormat.OPPOSITE}:
        examples.append(Example("As JSON:", f"{command} {file} --json", rendering.as_json(found)))
    else:
        examples.append(
            Example("As a table:", f"{command} {file} --format table", rendering.as_table(found))
        )
    return tuple(examples)


def _plain_examples(pipeline: Pipeline, command: str) -> tuple[Example, ...]:
    if pipeline.source is Source.FILES:
        return _folder_examples(pipeline, command)
    file = _sample_file(pipeline)
    return (Example("Valid records have no problems:", f"{command} {file} --json", "[]\n"),)


_DOCUMENTS = {
    "notes.txt": "Milk, bread, apples.\n",
    "report.md": "# Report\n\nAll is well.\n",
    "copies/report.md": "# Report\n\nAll is well.\n",
    "data/cities.csv": "name,country\nBerlin,DE\nParis,FR\n",
}


def _document(path: str, _requirements: Requirements) -> str:
    return _DOCUMENTS[path]


def _folder_examples(pipeline: Pipeline, command: str) -> tuple[Example, ...]:
    """The sample folder; not where it is shown when files were changed, which nobody can know."""
    version = Example("The version:", f"{command} --version", "")
    if any(column.name == "modified" for column in pipeline.columns):
        name = emitted_command(command)
        return (Example(version.text, version.command, f"{name} 0.1.0\n"),)
    # Folders are walked file by file, then folder by folder, each sorted by name.
    order = ("notes.txt", "report.md", "copies/report.md", "data/cities.csv")
    rows: list[Row] = [
        {
            "file": path,
            "size": len(_DOCUMENTS[path].encode()),
            "sha256": hashlib.sha256(_DOCUMENTS[path].encode()).hexdigest(),
        }
        for path in order
    ]
    results = [(scene.report, scene.expected(rows)) for scene in pipeline_tests.scenes(pipeline)]
    if len(results) > 1:
        text = "\n".join(
            f"{report.title}\n\n{rendering.as_table(found)}" for report, found in results
        )
        return (Example("The sample folder:", f"{command} examples/documents", text),)
    found = results[0][1]
    return (
        Example("The sample folder:", f"{command} examples/documents", rendering.as_table(found)),
        Example("As JSON:", f"{command} examples/documents --json", rendering.as_json(found)),
    )


def emitted_command(command: str) -> str:
    """The installed name of `python -m package`."""
    return command.removeprefix("python -m ").split(" ")[0].replace("_", "-")


def _printed(pipeline: Pipeline, rows: list[Row]) -> str:  # noqa: PLR0911 - one branch a kind
    match pipeline.output:
        case OutputFormat.TABLE:
            return rendering.as_table(rows)
        case OutputFormat.JSON:
            return rendering.as_json(rows)
        case OutputFormat.OPPOSITE if pipeline.source in {Source.CSV, Source.TSV}:
            return rendering.as_json(rows)
        case OutputFormat.CSV | OutputFormat.OPPOSITE:
            return rendering.as_delimited(rows)
        case OutputFormat.TSV:
            return rendering.as_delimited(rows, "\t")
        case OutputFormat.JSON_LINES:
            return "".join(f"{rendering.json_row(row)}\n" for row in rows)
        case _:
            return "".join(f"{_line(pipeline, row)}\n" for row in rows)


def _line(pipeline: Pipeline, row: Row) -> str:
    text = reference.text_of(row.get(pipeline_files.BARE.get(pipeline.source, "text")))
    return f"{reference.text_of(row.get('line'))}:{text}" if pipeline.line_numbers else text


def _cli(requirements: Requirements) -> str:
    tool, pipeline = pipeline_of(requirements)
    file = _sample_file(pipeline) or "examples/documents"
    scene = pipeline_tests.scenes(pipeline)[0]
    given = " ".join(map(shlex.quote, scene.required))
    command = " ".join(filter(None, (tool.command, given)))
    examples = [f"{command} {file}", f"{command} {file} --json --output result.json"]
    if pipeline.source is not Source.FILES:
        examples.append(f"cat {file} | {command} -")
    return pipeline_files.cli_source(requirements, tuple(examples))


def _statuses(requirements: Requirements) -> tuple[tuple[str, str], ...]:
    _, pipeline = pipeline_of(requirements)
    failed = "the input cannot be read or used; stderr names the file and the line"
    if has_checks(pipeline):
        return (
            ("0", "every record is valid"),
            ("1", f"records break a rule, or {failed}"),
            ("2", "the command line is wrong"),
        )
    return (("0", "success"), ("1", failed), ("2", "the command line is wrong"))


def _notes(requirements: Requirements) -> str:
    _, pipeline = pipeline_of(requirements)
    parts = []
    if pipeline.source in RECORD_SOURCES:
        parts.append(
            "Input is CSV, TSV, JSON (a list of objects) or JSON lines, chosen by the file's name "
            "or `--input-format`; several files are read one after the other, and `-` is standard "
            "input. Numbers are exact decimals, dates are ISO 8601."
        )
    if pipeline.source not in TEXT_SOURCES and not has_checks(pipeline):
        parts.append(
            "A bad record ends the work with an error that names its line; `--skip-invalid` leaves "
            "bad ones out and says how many there were."
        )
    parts.append("Results go to standard output or, once complete, to the file of `--output`.")
    return " ".join(parts)


FAMILY = Family(files=_files, examples=_examples, statuses=_statuses, notes=_notes)
