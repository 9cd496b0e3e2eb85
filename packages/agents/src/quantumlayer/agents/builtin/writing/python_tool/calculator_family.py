"""The plan of a calculator."""

import re
from decimal import Decimal

from quantumlayer.agents.builtin.writing.python_tool.plan import Example, Family, ToolFile
from quantumlayer.agents.builtin.writing.python_tool.source import python_from
from quantumlayer.qlayer import FileRole
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.requirements.tool import (
    Calculation,
    Calculator,
    Parameter,
    Result,
    ToolDomain,
    WorkedExample,
)

_FUNCTIONS = {"years_between": "_years_between", "pi": "_PI"}


def _calculator_of(requirements: Requirements) -> tuple[ToolDomain, Calculator]:
    tool = requirements.tool
    if tool is None or not isinstance(tool.program, Calculator):
        raise ValueError("the requirements describe no calculator")
    return tool, tool.program


def _formula(text: str, calculation: Calculation) -> str:
    """A formula as Python: numbers are exact, days are counted."""
    known = {p.name for p in calculation.parameters} | {r.name for r in calculation.results}
    source = re.sub(r"(?<![\w.])(\d+(?:\.\d+)?)(?![\w.])", _literal, text)
    for name, python in _FUNCTIONS.items():
        if name not in known:
            source = re.sub(rf"\b{name}\b", python, source)
    return source


def _literal(match: re.Match[str]) -> str:
    text = match.group(1)
    return f'Decimal("{text}")' if "." in text else text


def _calculations(requirements: Requirements) -> str:
    tool, calculator = _calculator_of(requirements)
    return python_from(
        "calculator/calculations.py",
        tool.package,
        calculations=[_function(calculation) for calculation in calculator.calculations],
    )


def _function(calculation: Calculation) -> dict[str, object]:
    types = {"number": "Decimal", "integer": "Decimal", "date": "date"}
    arguments = ", ".join(f"{p.name}: {types[p.type]}" for p in calculation.parameters)
    lines = [f"{r.name} = {_formula(r.formula, calculation)}" for r in calculation.results]
    return {
        "function": _name(calculation),
        "help": calculation.help.rstrip(".") + ".",
        "signature": f"*, {arguments}",
        "lines": lines,
        "returns": [
            (part, value) for result in calculation.results for part, value in _returned(result)
        ],
    }


def _returned(result: Result) -> list[tuple[str, str]]:
    if not result.bands:
        counted = "years_between" in result.formula or ".days" in result.formula
        value = f"Decimal({result.name})" if counted else result.name
        return [(result.name, f"rounded({value}, {result.decimals})")]
    bands = ", ".join(f"({_decimal(bound)}, {word!r})" for bound, word in result.bands if bound)
    last = next(word for bound, word in result.bands if not bound)
    return [(result.name, f"_band({result.name}, ({bands},), {last!r})")]


def _decimal(text: str) -> str:
    return f"Decimal({text})" if re.fullmatch(r"-?\d+", text) else f'Decimal("{text}")'


def _name(calculation: Calculation) -> str:
    name = calculation.name.replace("-", "_")
    return f"{name}_of" if name in {"rounded", "date"} else name


def _cli(requirements: Requirements) -> str:
    tool, calculator = _calculator_of(requirements)
    many = len(calculator.calculations) > 1
    return python_from(
        "calculator/cli.py",
        tool.package,
        command=tool.command,
        summary=requirements.summary,
        many=many,
        numeric=bool(_breaking(calculator)),
        examples=[
            " ".join((tool.command, *_typed(calculator, calculation, calculation.examples[0])))
            for calculation in calculator.calculations
        ],
        calculations=[
            {
                "name": calculation.name,
                "function": _name(calculation),
                "help": calculation.help,
                "parameters": [_parameter(parameter) for parameter in calculation.parameters],
                "call": ", ".join(f"{p.name}=given.{p.name}" for p in calculation.parameters),
            }
            for calculation in calculator.calculations
        ],
    )


def _parameter(parameter: Parameter) -> dict[str, object]:
    parser = "_parsed(_date)"
    if parameter.type != "date":
        bounds = []
        if parameter.minimum is not None or parameter.maximum is not None:
            bounds.append(repr(parameter.minimum))
        if parameter.maximum is not None:
            bounds.append(repr(parameter.maximum))
        if parameter.exclusive_minimum:
            bounds.append("above=True")
        if parameter.type == "integer":
            bounds.append("whole=True")
        parser = f"_number_from({', '.join(bounds)})" if bounds else "_parsed(_number)"
    default = parameter.default or ""
    if default and parameter.type != "date":
        default = _decimal(default)
    elif default == "today":
        default = "_today()"
    shown = f" (default: {parameter.default})" if parameter.default else ""
    return {
        "name": parameter.name,
        "flag": parameter.name.replace("_", "-"),
        "metavar": parameter.name.upper(),
        "type": parser,
        "optional": parameter.default is not None,
        "default": default,
        "help": f"{parameter.help}{shown}".replace("%", "%%"),
    }


def _typed(
    calculator: Calculator, calculation: Calculation, example: WorkedExample
) -> tuple[str, ...]:
    """The command line of a worked example; negative numbers are given as they are."""
    words = [calculation.name] if len(calculator.calculations) > 1 else []
    options: list[str] = []
    for parameter, value in zip(calculation.parameters, example.values, strict=True):
        if parameter.default is None:
            words.append(value)
        elif value != parameter.default:
            options += [f"--{parameter.name.replace('_', '-')}", value]
    return (*words, *options)


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(repr(word) for word in words)


def _tests(requirements: Requirements) -> str:
    tool, calculator = _calculator_of(requirements)
    first = calculator.calculations[0]
    cases, refused = [], []
    for calculation in calculator.calculations:
        function = _name(calculation)
        for number, example in enumerate(calculation.examples, start=1):
            expected = {
                result.name: value
                for result, value in zip(calculation.results, example.results, strict=True)
            }
            cases.append(
                {
                    "tag": calculation.requirement.lower(),
                    "name": f"{function}_worked_example_{number}",
                    "arguments": _quoted((*_typed(calculator, calculation, example), "--json")),
                    "expected": "{"
                    + ", ".join(f"{k!r}: {_expected(v)}" for k, v in expected.items())
                    + "}",
                }
            )
        refused += _refused(calculator, calculation)
    return python_from(
        "calculator/test_calculator.py",
        tool.package,
        cases=cases,
        refused=refused,
        breaking=_quoted(_breaking(calculator)),
        out=tool.output_requirement.lower(),
        err=tool.error_requirement.lower(),
        first=_quoted(_typed(calculator, first, first.examples[0])),
        results=len(first.results),
        bounded=any(
            parameter.minimum is not None or parameter.maximum is not None
            for calculation in calculator.calculations
            for parameter in calculation.parameters
        ),
    )


def _breaking(calculator: Calculator) -> tuple[str, ...]:
    """A command line whose result is too large to be exact; empty where there is none."""
    for calculation in calculator.calculations:
        for place, parameter in enumerate(calculation.parameters):
            if parameter.type != "date" and parameter.maximum is None:
                values = list(calculation.examples[0].values)
                values[place] = "1e60"
                example = WorkedExample(values=tuple(values), results=())
                return _typed(calculator, calculation, example)
    return ()


def _expected(text: str) -> str:
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return _decimal(text)
    return repr(text)


def _refused(calculator: Calculator, calculation: Calculation) -> list[dict[str, str]]:
    """For each bounded parameter, a value just outside."""
    found = []
    for place, parameter in enumerate(calculation.parameters):
        if parameter.type == "date":
            bad, message = "2024-02-30", "is not a date such as"
        elif parameter.minimum is not None:
            bad = (
                parameter.minimum
                if parameter.exclusive_minimum
                else format(Decimal(parameter.minimum) - 1, "f")
            )
            word = "above" if parameter.exclusive_minimum else "at least"
            message = f"must be {word} {parameter.minimum}"
        else:
            bad, message = "many", "is not a number"
        values = list(calculation.examples[0].values)
        values[place] = bad
        example = WorkedExample(values=tuple(values), results=calculation.examples[0].results)
        found.append(
            {
                "tag": calculation.requirement.lower(),
                "name": f"{_name(calculation)}_refuses_a_bad_{parameter.name}",
                "arguments": _quoted(_typed(calculator, calculation, example)),
                "message": message,
            }
        )
    return found


def _conftest(requirements: Requirements) -> str:
    tool, _ = _calculator_of(requirements)
    return python_from("common/tests/conftest.py", tool.package, pipeline=False, files_source=False)


def _errors(requirements: Requirements) -> str:
    return python_from("common/errors.py", _calculator_of(requirements)[0].package, inputs=False)


def _files(requirements: Requirements) -> tuple[ToolFile, ...]:
    tool, calculator = _calculator_of(requirements)
    package = tool.package
    work = tuple(calculation.requirement for calculation in calculator.calculations)
    quality = (tool.output_requirement, tool.error_requirement)
    names = ", ".join(f"{_name(calculation)}(…)" for calculation in calculator.calculations)
    return (
        ToolFile(f"{package}/errors.py", FileRole.SOURCE, "errors", _errors, "class ToolError"),
        ToolFile(
            f"{package}/calculations.py",
            FileRole.SOURCE,
            "the calculations",
            _calculations,
            f"{names} -> results by name",
            (),
            work,
        ),
        ToolFile(
            f"{package}/cli.py",
            FileRole.SOURCE,
            "the command line",
            _cli,
            "main(argv) -> exit status",
            (f"{package}/calculations.py", f"{package}/errors.py"),
            (*work, *quality),
        ),
        ToolFile(
            "tests/conftest.py", FileRole.TEST, "fixtures", _conftest, "", ("tests/support.py",)
        ),
        ToolFile(
            "tests/test_calculator.py",
            FileRole.TEST,
            "worked examples and the command line",
            _tests,
            "",
            (f"{package}/cli.py", "tests/support.py"),
            (*work, *quality),
        ),
    )


def _examples(requirements: Requirements) -> tuple[Example, ...]:
    tool, calculator = _calculator_of(requirements)
    found = []
    for calculation in calculator.calculations:
        example = calculation.examples[0]
        words = _typed(calculator, calculation, example)
        width = max(len(result.name) for result in calculation.results)
        output = "".join(
            f"{result.name.replace('_', ' '):<{width}}  {value}\n"
            for result, value in zip(calculation.results, example.results, strict=True)
        )
        help_text = f"{calculation.help.rstrip('.')}:"
        found.append(Example(help_text, " ".join((f"python -m {tool.package}", *words)), output))
    return tuple(found)


def _statuses(_requirements: Requirements) -> tuple[tuple[str, str], ...]:
    return (
        ("0", "success"),
        ("1", "the values have no result; stderr says why"),
        ("2", "the command line is wrong"),
    )


def _notes(_requirements: Requirements) -> str:
    return "Numbers are exact decimals; results are rounded once, half away from zero."


FAMILY = Family(files=_files, examples=_examples, statuses=_statuses, notes=_notes)
