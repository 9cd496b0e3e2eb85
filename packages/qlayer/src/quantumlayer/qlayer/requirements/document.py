"""The requirements document: numbered statements, and the structured domain behind them."""

from enum import StrEnum

from pydantic import Field as PydanticField

from quantumlayer.qlayer.noun import SCHEMA_VERSION, Noun, Slug
from quantumlayer.qlayer.requirements.library import LibraryDomain
from quantumlayer.qlayer.requirements.service import ServiceDomain
from quantumlayer.qlayer.requirements.tool import ToolDomain


class ApplicationKind(StrEnum):
    """What is built."""

    SERVICE = "service"
    COMMAND_LINE_TOOL = "command_line_tool"
    LIBRARY = "library"


class Language(StrEnum):
    """The language of the generated source."""

    PYTHON = "python"
    JAVASCRIPT = "javascript"


class RequirementCategory(StrEnum):
    """What a requirement speaks of."""

    ENTITY = "entity"
    FIELD = "field"
    RELATION = "relation"
    RULE = "rule"
    OPERATION = "operation"
    QUALITY = "quality"


class Requirement(Noun):
    """One thing that must hold; `source` quotes the prompt where it came from it."""

    id: str = PydanticField(pattern=r"^R[1-9][0-9]{0,3}$")
    category: RequirementCategory
    statement: str = PydanticField(min_length=1, max_length=500)
    source: str = PydanticField(default="", max_length=2000)


class Unclear(Noun):
    """A part of the prompt that was not understood, quoted, and why; never silently dropped."""

    text: str = PydanticField(max_length=2000)
    reason: str = PydanticField(max_length=500)


class Requirements(Noun):
    """What the application must be and do.

    `items` is for people and for tracing; exactly one of `service`, `tool`, `library` holds the
    structured domain where the model produced one. `assumptions` are decisions taken where the
    prompt was silent; `not_understood` is said in the report.
    """

    schema_version: int = SCHEMA_VERSION
    name: Slug
    title: str = PydanticField(min_length=1, max_length=120)
    summary: str = PydanticField(max_length=2000)
    kind: ApplicationKind
    language: Language
    items: tuple[Requirement, ...] = PydanticField(min_length=1, max_length=500)
    assumptions: tuple[str, ...] = ()
    not_understood: tuple[Unclear, ...] = ()
    service: ServiceDomain | None = None
    tool: ToolDomain | None = None
    library: LibraryDomain | None = None
