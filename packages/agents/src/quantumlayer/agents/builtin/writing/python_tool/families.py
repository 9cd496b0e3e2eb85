"""Which family writes which program."""

from quantumlayer.agents.builtin.writing.python_tool import (
    calculator_family,
    converter_family,
    keeper_family,
    password_family,
    pipeline_family,
)
from quantumlayer.agents.builtin.writing.python_tool.plan import Family
from quantumlayer.qlayer.requirements.tool import ToolDomain

_FAMILIES: dict[str, Family] = {
    "pipeline": pipeline_family.FAMILY,
    "converter": converter_family.FAMILY,
    "calculator": calculator_family.FAMILY,
    "keeper": keeper_family.FAMILY,
    "password_maker": password_family.FAMILY,
}


def family_of(tool: ToolDomain) -> Family:
    """The family that writes the tool's program."""
    return _FAMILIES[tool.program.kind]
