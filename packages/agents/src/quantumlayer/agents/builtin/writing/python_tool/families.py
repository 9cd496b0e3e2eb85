"""Which family writes which program."""

from quantumlayer.agents.builtin.writing.python_tool import pipeline_family
from quantumlayer.agents.builtin.writing.python_tool.plan import Family
from quantumlayer.qlayer.requirements.tool import ToolDomain

_FAMILIES: dict[str, Family] = {
    "pipeline": pipeline_family.FAMILY,
}


def family_of(tool: ToolDomain) -> Family:
    """The family that writes the tool's program."""
    return _FAMILIES[tool.program.kind]
