"""A stack: what software of one kind and language is made with, as data and files."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from quantumlayer.qlayer.noun import Noun, Slug

Words = Annotated[str, StringConstraints(min_length=1)]
Version = Annotated[str, StringConstraints(pattern=r"^\d+(\.\d+)*$")]
Absolute = Annotated[str, StringConstraints(pattern=r"^/\S*$")]
Command = Annotated[tuple[Words, ...], Field(min_length=1)]
"""A program and its arguments; no shell reads them."""


class Builds(StrEnum):
    """What comes of a stack."""

    SERVICE = "service"
    TOOL = "tool"
    LIBRARY = "library"
    PAGE = "page"
    FULL_STACK = "full-stack"


class Commands(Noun):
    """What is run in a project's folder, one command after another; none where nothing is to do.

    Linters complain and change nothing; `fix` and `format` change files. `start` is the command of
    a person who tries the software, in the foreground.
    """

    install: tuple[Command, ...] = ()
    build: tuple[Command, ...] = ()
    type_check: tuple[Command, ...] = ()
    lint: tuple[Command, ...] = ()
    fix: tuple[Command, ...] = ()
    format: tuple[Command, ...] = ()
    test: tuple[Command, ...]
    start: Command | None = None


class Tests(Noun):
    """Where tests live and what runs them. `browser` is the folder of those that need a browser."""

    runners: tuple[Words, ...]
    folders: tuple[Words, ...]
    browser: str = ""


class Exchange(Noun):
    """Something that is written and can be read back, in which `expects` stands.

    A `{name}` in `read` stands for that field of the answer to the write.
    """

    write: Absolute
    body: dict[str, str]
    read: Absolute
    expects: Words


class Delivery(Noun):
    """How the image is made and run: the one truth for Dockerfile, manifests and the ladder.

    `live` and `ready` are the probed paths, `contract` is where the OpenAPI document is served.
    `data` is the one folder that outlives a start, and `instances` how many may have it at once.
    `writable` are folders that are empty at each start; all else is read-only where `read_only`
    says so. `user` is a number, or two for user and group. `environment` are variables as the
    image sets them.
    """

    images: tuple[Words, ...]
    port: int | None = Field(default=None, ge=1, le=65535)
    live: Absolute | None = None
    ready: Absolute | None = None
    contract: Absolute | None = None
    data: Absolute | None = None
    user: Annotated[str, StringConstraints(pattern=r"^\d+(:\d+)?$")]
    instances: int = Field(default=2, ge=1)
    read_only: bool = True
    writable: tuple[Absolute, ...] = ()
    environment: dict[str, str] = Field(default_factory=dict)


class Example(Noun):
    """What of the starter only shows how things are done here: a project puts its own there.

    `paths` are patterns of files that only show it. `woven` are paths of files that every project
    has and that speak of the example, such as the one that puts the routes together: a project
    writes them anew.
    """

    paths: tuple[Words, ...]
    woven: tuple[Words, ...] = ()
    exchange: Exchange | None = None


class Sign(Noun):
    """A file that projects of this stack have, with what stands in it.

    `paths` are patterns of a whole path, any of which will do and in which `*` stands for anything;
    `holds` is a regular expression.
    """

    paths: tuple[Words, ...] = Field(min_length=1)
    holds: str = ""


class Wishes(Noun):
    """Words by which people ask for this stack, in lower case.

    `language` are those for its language, where its name alone means too much. `instead` are words
    for what no stack serves, where this one is nearest. Of stacks that a wish fits equally, the one
    of lowest `rank` is meant.
    """

    asked: tuple[Words, ...]
    language: tuple[Words, ...] = ()
    instead: tuple[Words, ...] = ()
    rank: int = Field(default=100, ge=1)


class StarterFile(Noun):
    """A file of the starter, text as it is; its name stands in it as `naming` tells."""

    path: Words
    text: str


class Unfinished(Noun):
    """What a file says otherwise while nothing has a body: no use of anything, tests to come."""

    file: Words
    instead: dict[str, str]


class Stack(Noun):
    """A stack as its folder tells. `rules` are the house rules that every prompt carries.

    `fixed` are patterns of paths that a model may not write.
    """

    name: Slug
    title: Words
    builds: Builds
    languages: tuple[Words, ...] = Field(min_length=1)
    toolchain: dict[str, Version] = Field(min_length=1)
    commands: Commands
    tests: Tests
    delivery: Delivery | None = None
    example: Example | None = None
    unfinished: Unfinished | None = None
    fixed: tuple[Words, ...] = ()
    fits: tuple[Sign, ...] = Field(min_length=1)
    wishes: Wishes
    rules: Words
    starter: tuple[StarterFile, ...] = Field(min_length=1)
