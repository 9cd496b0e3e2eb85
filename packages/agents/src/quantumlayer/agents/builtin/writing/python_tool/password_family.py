"""The plan of a password generator."""

from quantumlayer.agents.builtin.writing.python_tool.plan import Example, Family, ToolFile
from quantumlayer.agents.builtin.writing.python_tool.source import python_from
from quantumlayer.qlayer import FileRole
from quantumlayer.qlayer.requirements import Requirements
from quantumlayer.qlayer.requirements.tool import PasswordMaker, ToolDomain


def _maker_of(requirements: Requirements) -> tuple[ToolDomain, PasswordMaker]:
    tool = requirements.tool
    if tool is None or not isinstance(tool.program, PasswordMaker):
        raise ValueError("the requirements describe no password generator")
    return tool, tool.program


def _rendered(requirements: Requirements, template: str) -> str:
    tool, maker = _maker_of(requirements)
    return python_from(
        f"password/{template}",
        tool.package,
        command=tool.command,
        summary=requirements.summary,
        tag=maker.requirement.lower(),
        out=tool.output_requirement.lower(),
        err=tool.error_requirement.lower(),
        length=maker.length,
        count=maker.count,
        classes=maker.classes,
        avoid=maker.avoid_ambiguous,
    )


def _conftest(requirements: Requirements) -> str:
    tool, _ = _maker_of(requirements)
    return python_from("common/tests/conftest.py", tool.package, pipeline=False, files_source=False)


def _files(requirements: Requirements) -> tuple[ToolFile, ...]:
    tool, maker = _maker_of(requirements)
    package = tool.package
    quality = (tool.output_requirement, tool.error_requirement)
    work = (maker.requirement,)
    return (
        ToolFile(
            f"{package}/errors.py",
            FileRole.SOURCE,
            "errors",
            lambda _: python_from("common/errors.py", package, inputs=False),
            "class ToolError",
        ),
        ToolFile(
            f"{package}/generator.py",
            FileRole.SOURCE,
            "random passwords",
            lambda asked: _rendered(asked, "generator.py"),
            "password(length, classes) -> str",
            (),
            work,
        ),
        ToolFile(
            f"{package}/cli.py",
            FileRole.SOURCE,
            "the command line",
            lambda asked: _rendered(asked, "cli.py"),
            "main(argv) -> exit status",
            (f"{package}/errors.py", f"{package}/generator.py"),
            (*work, *quality),
        ),
        ToolFile(
            "tests/conftest.py", FileRole.TEST, "fixtures", _conftest, "", ("tests/support.py",)
        ),
        ToolFile(
            "tests/test_password.py",
            FileRole.TEST,
            "passwords and the command line",
            lambda asked: _rendered(asked, "test_password.py"),
            "",
            (f"{package}/cli.py", "tests/support.py"),
            (*work, *quality),
        ),
    )


def _examples(requirements: Requirements) -> tuple[Example, ...]:
    tool, _ = _maker_of(requirements)
    # Passwords differ every time, so that only the version can be shown.
    command = f"python -m {tool.package} --version"
    return (Example("The version:", command, f"{tool.command} 0.1.0\n"),)


def _statuses(_requirements: Requirements) -> tuple[tuple[str, str], ...]:
    return (
        ("0", "success"),
        ("1", "such a password cannot be made; stderr says why"),
        ("2", "the command line is wrong"),
    )


def _notes(_requirements: Requirements) -> str:
    return (
        "Every password has at least one character of each chosen kind; all randomness comes from "
        "the system's secure source."
    )


FAMILY = Family(files=_files, examples=_examples, statuses=_statuses, notes=_notes)
