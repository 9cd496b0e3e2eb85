"""The tools of the integrator, as a table: what each does, and what it has to be told."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from quantumlayer.router import ToolDefinition
from quantumlayer.router.formats.titles import untitled
from quantumlayer.router.profiles.profile import EditDialect

MOST_SECONDS = 300
MOST_LINES = 1_000
MOST_REQUESTS = 10
MOST_PAGES = 3


class Arguments(BaseModel):
    """What a tool is told. More than it knows is passed over: models like to explain themselves."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _can_be_written(cls, given: object) -> object:
        try:
            json.dumps(given, ensure_ascii=False, default=str).encode()
        except UnicodeEncodeError:
            raise ValueError("half of a surrogate pair is no text; ask for it in a test") from None
        return given


class Run(Arguments):
    """A command line."""

    command: str = Field(min_length=1, max_length=8_000)
    seconds: int = Field(default=60, ge=1, le=MOST_SECONDS)


class Test(Arguments):
    """Which tests are to be told of."""

    __test__ = False  # pytest would collect a class of this name

    matching: str = Field(
        default="", description="all run; told of are those in whose path or name this stands"
    )


class Read(Arguments):
    """Lines of a file."""

    path: str
    from_line: int = Field(default=1, ge=1)
    lines: int = Field(default=400, ge=1, le=MOST_LINES)


class Search(Arguments):
    """A pattern, and where to look for it."""

    pattern: str = Field(
        min_length=1, max_length=500, description="an extended regular expression, as grep has it"
    )
    paths: str = Field(default="", description="a glob of file names, such as *.py")


class Edit(Arguments):
    """A text of a file, and what is to stand in its place."""

    path: str
    search: str = Field(min_length=1)
    replacement: str
    contradicts: str = Field(
        default="", description="for tests alone: the requirement that the test contradicts"
    )


class Write(Arguments):
    """A whole file."""

    path: str
    content: str
    contradicts: str = Field(default="", description="as in edit")


class Patch(Arguments):
    """A patch of several files, as its dialect has it."""

    patch: str = Field(min_length=1)


class Outcome(Arguments):
    """Something that will be true when it is done."""

    outcome: str = Field(min_length=1, max_length=300)
    state: Literal["open", "doing", "done"] = "open"


class Plan(Arguments):
    """All outcomes, each time."""

    outcomes: tuple[Outcome, ...] = Field(min_length=2, max_length=5)

    @model_validator(mode="after")
    def _one_at_a_time(self) -> Self:
        doing = sum(one.state == "doing" for one in self.outcomes)
        if doing != any(one.state != "done" for one in self.outcomes):
            raise ValueError("exactly one outcome is `doing` as long as not all are `done`")
        return self


class Request(Arguments):
    """An HTTP request; `body` is sent as JSON."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    path: str = Field(pattern=r"^/")
    body: JsonValue = None


class Start(Arguments):
    """What to ask of the started application."""

    requests: tuple[Request, ...] = Field(default=(), max_length=MOST_REQUESTS)
    pages: tuple[str, ...] = Field(default=(), max_length=MOST_PAGES)


class Finish(Arguments):
    """What was done."""

    summary: str = ""


@dataclass(frozen=True)
class Tool:
    """A tool. As a block, `attributes` stand in its head and `body` between its marks."""

    name: str
    arguments: type[Arguments]
    says: str
    body: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)


TOOLS = (
    Tool(
        "run",
        Run,
        "Runs a shell command in a fresh copy of the project, without network, and keeps the "
        "files of the project that it changed. Every call begins in the project's folder.",
        body="command",
        attributes={"seconds": "seconds"},
    ),
    Tool(
        "test",
        Test,
        "Runs all tests of the project and tells which fail, with their evidence.",
        attributes={"matching": "matching"},
    ),
    Tool(
        "read",
        Read,
        "Shows lines of a file.",
        attributes={"path": "path", "from": "from_line", "lines": "lines"},
    ),
    Tool(
        "search",
        Search,
        "Tells where a pattern stands: lines, or only names of files where there are many.",
        body="pattern",
        attributes={"paths": "paths"},
    ),
    Tool(
        "edit",
        Edit,
        "Replaces a text that stands exactly once in a file. For small to medium changes; several "
        "calls for scattered ones. Copy the text to search for from the file.",
        body="changes",
        attributes={"path": "path", "contradicts": "contradicts"},
    ),
    Tool(
        "write",
        Write,
        "Writes a whole file, new or where less than half of it survives. Long files belong into a "
        "<file> block in your message.",
        body="content",
        attributes={"path": "path", "contradicts": "contradicts"},
    ),
    Tool(
        "apply_patch",
        Patch,
        "Changes files by a patch, from `*** Begin Patch` to `*** End Patch`.",
        body="patch",
    ),
    Tool(
        "plan",
        Plan,
        "Keeps two to five outcomes of your work in sight; exactly one is `doing` at a time.",
        body="outcomes",
    ),
    Tool(
        "start",
        Start,
        "Builds the application and starts it as it is delivered, sends it requests, opens pages "
        "in a browser, and tells what it answers, shows and logs.",
        body="visits",
    ),
    Tool(
        "finish",
        Finish,
        "Asks the platform to verify the project. It grants the end, or answers with the evidence.",
        body="summary",
    ),
)
BY_NAME = {tool.name: tool for tool in TOOLS}


def definitions(dialect: EditDialect) -> tuple[ToolDefinition, ...]:
    """The tools as models that call tools natively are offered them.

    Who forms patches best is offered those beside edits; others may write them all the same.
    """
    return tuple(
        ToolDefinition(name=tool.name, description=tool.says, parameters=_schema(tool.arguments))
        for tool in TOOLS
        if tool.arguments is not Patch or dialect == "apply_patch"
    )


def _schema(arguments: type[Arguments]) -> dict[str, JsonValue]:
    """The JSON schema of arguments, in one piece: not every server follows references."""
    schema: dict[str, Any] = {**untitled(arguments.model_json_schema())}
    inlined: dict[str, JsonValue] = _inlined(schema, schema.pop("$defs", {}))
    return inlined


def _inlined(value: Any, definitions: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        if "$ref" in value:
            return _inlined(definitions[value["$ref"].rsplit("/", 1)[1]], definitions)
        # Docstrings are for whoever reads this table.
        left_out = {"description"} if "properties" in value else set()
        return {
            key: _inlined(one, definitions) for key, one in value.items() if key not in left_out
        }
    if isinstance(value, list):
        return [_inlined(one, definitions) for one in value]
    return value
