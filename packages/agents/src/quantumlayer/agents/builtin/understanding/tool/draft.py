"""Requirements in the making: numbered statements, assumptions, and what is left over."""

import sys
from dataclasses import dataclass, field

from quantumlayer.agents.builtin.understanding.prompt import Prompt
from quantumlayer.agents.builtin.understanding.tool.marks import Marks
from quantumlayer.qlayer import slug
from quantumlayer.qlayer.requirements import (
    ApplicationKind,
    Language,
    Requirement,
    RequirementCategory,
    Requirements,
    Unclear,
)
from quantumlayer.qlayer.requirements.tool import Program, ToolDomain

_NOT_UNDERSTOOD = "No rule of the built-in model understands this part; it is not built."


@dataclass(slots=True)
class ToolDraft:
    """What has been understood so far of a tool's description."""

    prompt: Prompt
    marks: Marks
    items: list[Requirement] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    unclear: list[Unclear] = field(default_factory=list)

    def require(
        self,
        statement: str,
        source: str = "",
        category: RequirementCategory = RequirementCategory.OPERATION,
    ) -> str:
        """Add a numbered statement; its id."""
        known = next((item.id for item in self.items if item.statement == statement[:500]), None)
        if known:
            return known
        number = f"R{len(self.items) + 1}"
        self.items.append(
            Requirement(
                id=number,
                category=category,
                statement=statement[:500],
                source=" ".join(source.split())[:2000],
            )
        )
        return number

    def assume(self, text: str) -> None:
        """Note a decision taken where the prompt is silent."""
        if text not in self.assumptions:
            self.assumptions.append(text)

    def finish(
        self, *, name: str, title: str, summary: str, program: Program, output: str
    ) -> Requirements:
        """The document: with the qualities that every tool has, and everything not understood."""
        output_id = self.require(output, category=RequirementCategory.QUALITY)
        errors = self.require(_ERRORS, category=RequirementCategory.QUALITY)
        command = slug(name, fallback="tool")
        left_over = self.marks.left_over(_NOT_UNDERSTOOD)
        if self.prompt.language is not Language.PYTHON:
            reason = "Command-line tools are written in Python."
            self.unclear.append(Unclear(text=self.prompt.language.value, reason=reason))
        return Requirements(
            name=command,
            title=title[:120],
            summary=summary[:2000],
            kind=ApplicationKind.COMMAND_LINE_TOOL,
            language=Language.PYTHON,
            items=tuple(self.items),
            assumptions=(*self.assumptions, *self.prompt.assumptions),
            not_understood=(*self.prompt.not_understood, *self.unclear, *left_over),
            tool=ToolDomain(
                command=command,
                package=package_name(command),
                program=program,
                output_requirement=output_id,
                error_requirement=errors,
            ),
        )


def package_name(command: str) -> str:
    """The package of a command: importable, and no module that exists already."""
    name = command.replace("-", "_")
    taken = name in sys.stdlib_module_names or name in {"tests", "examples", "setuptools", "pytest"}
    return f"{name}_tool" if taken else name


_ERRORS = (
    "Errors are one line on stderr that says where and what to do, never a traceback; the exit "
    "status is 0 for success, 1 for bad data or input, 2 for a wrong command line."
)
