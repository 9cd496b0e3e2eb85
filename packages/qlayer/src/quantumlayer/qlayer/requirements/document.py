"""The requirements document: numbered statements, and the structured domain behind them."""

import json
from enum import StrEnum
from typing import Any

from pydantic import Field as PydanticField
from pydantic import JsonValue, model_validator

from quantumlayer.qlayer.noun import Noun, Slug

_VERSION = 2
UNSERVED = "No stack serves this"
"""How the reason begins of what is asked for and cannot be made with anything that there is."""


class ApplicationKind(StrEnum):
    """What is built."""

    SERVICE = "service"
    COMMAND_LINE_TOOL = "command_line_tool"
    LIBRARY = "library"
    PAGE = "page"
    FULL_STACK = "full_stack"


class Language(StrEnum):
    """The language of the source; of C and C++ only what somebody else has begun is changed."""

    PYTHON = "python"
    JAVASCRIPT = "javascript"
    TYPESCRIPT = "typescript"
    GO = "go"
    JAVA = "java"
    RUST = "rust"
    C = "c"
    CPP = "cpp"

    @property
    def proper_name(self) -> str:
        """As people write it."""
        return _PROPER_NAMES.get(self, self.value.capitalize())


_PROPER_NAMES = {
    Language.JAVASCRIPT: "JavaScript",
    Language.TYPESCRIPT: "TypeScript",
    Language.CPP: "C++",
}
GENERATED = tuple(one for one in Language if one not in (Language.C, Language.CPP))
"""The languages in which something new can be asked for."""


class RequirementCategory(StrEnum):
    """What a requirement speaks of; a wish is how something is made or used: in Go, on a phone."""

    ENTITY = "entity"
    FIELD = "field"
    RELATION = "relation"
    RULE = "rule"
    OPERATION = "operation"
    QUALITY = "quality"
    WISH = "wish"


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


class Domain(Noun):
    """What a model understood in a form of its own: only the model that wrote it reads it.

    `format` names the form and its version, as in `somebody.service/1`.
    """

    format: str = PydanticField(pattern=r"^[a-z][a-z0-9._-]{0,99}/[1-9][0-9]{0,3}$")
    content: dict[str, JsonValue]

    def __hash__(self) -> int:
        return hash((self.format, json.dumps(self.content, sort_keys=True)))


class Requirements(Noun):
    """What the application must be and do.

    `items` is for people and for tracing. `assumptions` are decisions taken where the prompt was
    silent, called A1, A2, … by their places; `not_understood` is said in the report. `retired` are
    the ids of what was asked for once and is not any more: nothing else is ever called so.
    """

    schema_version: int = _VERSION
    name: Slug
    title: str = PydanticField(min_length=1, max_length=120)
    summary: str = PydanticField(max_length=2000)
    kind: ApplicationKind
    language: Language
    items: tuple[Requirement, ...] = PydanticField(min_length=1, max_length=500)
    assumptions: tuple[str, ...] = ()
    not_understood: tuple[Unclear, ...] = ()
    retired: tuple[str, ...] = ()
    # What the analyst's model wants to read again when it designs and writes.
    domain: Domain | None = None

    @property
    def numbered_assumptions(self) -> tuple[tuple[str, str], ...]:
        """Each assumption with the name by which everybody speaks of it."""
        return tuple((f"A{place}", text) for place, text in enumerate(self.assumptions, start=1))

    @model_validator(mode="before")
    @classmethod
    def _without_former_members(cls, given: Any) -> Any:  # noqa: ANN401 - whatever is validated
        """Version 1 held what is the domain now in members of its own, which nobody reads."""
        if isinstance(given, dict) and given.get("schema_version") == 1:
            return {name: value for name, value in given.items() if name in cls.model_fields}
        return given
