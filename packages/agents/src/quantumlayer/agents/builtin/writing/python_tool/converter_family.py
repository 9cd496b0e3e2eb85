"""The plan of a unit converter."""

from fractions import Fraction

from quantumlayer.agents.builtin.writing.python_tool.plan import Example, Family, ToolFile
from quantumlayer.agents.builtin.writing.python_tool.source import python_from
from quantumlayer.qlayer import FileRole
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.requirements.tool import Converter, ToolDomain, Unit


def _converter_of(requirements: Requirements) -> tuple[ToolDomain, Converter]:
    tool = requirements.tool
    if tool is None or not isinstance(tool.program, Converter):
        raise ValueError("the requirements describe no converter")
    return tool, tool.program


def _fraction(text: str) -> str:
    """Python source of an exact fraction."""
    number = Fraction(text)
    if number.denominator == 1:
        return f"Fraction({number.numerator})"
    return f"Fraction({number.numerator}, {number.denominator})"


def _units(requirements: Requirements) -> str:
    tool, converter = _converter_of(requirements)
    units = [
        {
            "name": unit.name,
            "symbol": unit.symbol,
            "factor": _fraction(unit.factor),
            "shift": _fraction(unit.shift) if Fraction(unit.shift) else "",
            "lowest": _fraction(unit.lowest) if unit.lowest is not None else "",
        }
        for unit in converter.units
    ]
    aliases = [(alias, unit.name) for unit in converter.units for alias in unit.aliases]
    return python_from(
        "converter/units.py",
        tool.package,
        quantity=converter.quantity,
        units=units,
        aliases=aliases,
    )


def _cli(requirements: Requirements) -> str:
    tool, converter = _converter_of(requirements)
    return python_from(
        "converter/cli.py",
        tool.package,
        command=tool.command,
        summary=requirements.summary,
        units=converter.units,
        decimals=converter.decimals,
    )


def _tests(requirements: Requirements) -> str:
    tool, converter = _converter_of(requirements)
    bounded = next((unit for unit in converter.units if unit.lowest is not None), None)
    return python_from(
        "converter/test_converter.py",
        tool.package,
        tag=converter.requirement.lower(),
        out=tool.output_requirement.lower(),
        err=tool.error_requirement.lower(),
        examples=converter.examples,
        precision=max(
            (len(result.partition(".")[2]) for *_, result in converter.examples), default=2
        ),
        decimals=converter.decimals,
        lowest=_lowest(bounded) if bounded else None,
    )


def _lowest(unit: Unit) -> dict[str, str]:
    lowest = Fraction(unit.lowest or "0")
    return {
        "unit": unit.name,
        "value": f"{float(lowest):g}",
        "below": f"{float(lowest) - 1:g}",
    }


def _conftest(requirements: Requirements) -> str:
    tool, _ = _converter_of(requirements)
    return python_from("common/tests/conftest.py", tool.package, pipeline=False, files_source=False)


def _errors(requirements: Requirements) -> str:
    return python_from("common/errors.py", _converter_of(requirements)[0].package, inputs=False)


def _files(requirements: Requirements) -> tuple[ToolFile, ...]:
    tool, converter = _converter_of(requirements)
    package = tool.package
    quality = (tool.output_requirement, tool.error_requirement)
    work = (converter.requirement,)
    return (
        ToolFile(f"{package}/errors.py", FileRole.SOURCE, "errors", _errors, "class ToolError"),
        ToolFile(
            f"{package}/units.py",
            FileRole.SOURCE,
            "the units and exact conversion",
            _units,
            "UNITS; unit(name) -> Unit; convert(value, source, target, decimals) -> Decimal",
            (f"{package}/errors.py",),
            work,
        ),
        ToolFile(
            f"{package}/cli.py",
            FileRole.SOURCE,
            "the command line",
            _cli,
            "main(argv) -> exit status",
            (f"{package}/units.py", f"{package}/errors.py"),
            (*work, *quality),
        ),
        ToolFile(
            "tests/conftest.py", FileRole.TEST, "fixtures", _conftest, "", ("tests/support.py",)
        ),
        ToolFile(
            "tests/test_converter.py",
            FileRole.TEST,
            "conversions and the command line",
            _tests,
            "",
            (f"{package}/cli.py", "tests/support.py"),
            (*work, *quality),
        ),
    )


def _examples(requirements: Requirements) -> tuple[Example, ...]:
    tool, converter = _converter_of(requirements)
    symbols = {unit.name: unit.symbol for unit in converter.units}
    examples = []
    for value, source, target, result in converter.examples[:3]:
        decimals = len(result.partition(".")[2])
        command = f"python -m {tool.package} {value} --from {source} --to {target}"
        if decimals != converter.decimals:
            command += f" --decimals {decimals}"
        output = f"{value} {symbols[source]} = {result} {symbols[target]}\n"
        examples.append(Example(f"From {source} to {target}:", command, output))
    return tuple(examples)


def _statuses(_requirements: Requirements) -> tuple[tuple[str, str], ...]:
    return (
        ("0", "success"),
        ("1", "a value cannot be converted; stderr says which and why"),
        ("2", "the command line is wrong"),
    )


def _notes(_requirements: Requirements) -> str:
    return (
        "Conversions are exact fractions, rounded once, half away from zero, to `--decimals`. "
        "`-` reads values from standard input, one a line."
    )


FAMILY = Family(files=_files, examples=_examples, statuses=_statuses, notes=_notes)
