"""A sentence with the checks that the engine never sees, as data.

A set is a folder below `sets/`, a sentence a TOML file in it. A check is a list of steps; what each
may hold is below. In requests, `{name}` stands for what an earlier step of the check has saved.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

SETS = Path(__file__).parent / "sets"


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Request(_Data):
    """A request over HTTP, and what its answer must be.

    `request` is method and path. `holds` are values by their place in a JSON answer, such as
    `items.0.name`; `#` at the end of a place is how many are there. `saves` are names for values
    of places. `at_once` sends it that many times together; `statuses` then counts the answers.
    """

    request: str
    json_body: JsonValue = Field(default=None, alias="json")
    text: str | None = None
    headers: Mapping[str, str] = {}
    status: tuple[int, ...] = ()
    holds: Mapping[str, JsonValue] = {}
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    saves: Mapping[str, str] = {}
    at_once: int = 1
    statuses: Mapping[str, int] = {}


class Command(_Data):
    """The delivered tool, run once with these arguments and read-only files below `/in/`.

    `says` and `never` are patterns for all that it says; `fails` that its status is not 0.
    """

    run: tuple[str, ...]
    files: Mapping[str, str] = {}
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    fails: bool = False


class Page(_Data):
    """What a person does in a browser, and sees.

    The page at `open` is loaded, if given; `fill` names fields by label, placeholder or name,
    `press` a control by its words, or its place among those: `Delete#2`. Then `shows` must be
    seen within seconds, and `hides` not; `holds` are JavaScript expressions that become true.
    """

    open: str = ""
    fill: Mapping[str, str] = {}
    press: str = ""
    shows: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()


class HiddenTest(_Data):
    """A test file in the library's language, laid into the tree at `test`, and run there."""

    test: str
    content: str


Step = Request | Command | Page | HiddenTest


class Check(_Data):
    """One thing that the sentence asks for.

    `wrong` are changes of the proof's right program, old text and new: after any of them the check
    must fail.
    """

    name: str
    steps: tuple[Step, ...] = Field(min_length=1)
    wrong: tuple[tuple[str, str], ...] = Field(min_length=1)


class Proof(_Data):
    """A small right program, which proves that the checks can hold, and by changes that they fail.

    `is_a` says how it is started: a `service` serves HTTP on a socket, a `tool` is run, a `page` is
    HTML, a `library` is a tree of files, laid over its stack's `starter` if it needs that to run.
    """

    is_a: Literal["service", "tool", "page", "library"]
    right: str = ""
    files: Mapping[str, str] = {}
    starter: bool = False


class Sentence(_Data):
    """A sentence, of which stack and size its answer is, its checks, and their proof."""

    name: str
    set: str
    sentence: str
    stack: str
    size: Literal["tiny", "small", "medium", "large"]
    checks: Annotated[tuple[Check, ...], Field(min_length=1)]
    proof: Proof


def sentences_of(name: str) -> tuple[Sentence, ...]:
    """The sentences of a set, by name. Raises `ValueError` where there is no such set."""
    folder = SETS / name
    if not folder.is_dir():
        raise ValueError(f"there is no set {name!r}; there are {', '.join(sets())}")
    return tuple(_read(file, name) for file in sorted(folder.glob("*.toml")))


def sets() -> tuple[str, ...]:
    """The names of all sets."""
    return tuple(sorted(folder.name for folder in SETS.iterdir() if folder.is_dir()))


def _read(file: Path, name: str) -> Sentence:
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    return Sentence.model_validate({"name": file.stem, "set": name, **content})
