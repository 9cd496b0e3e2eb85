"""Reading a stack's folder: `stack.toml`, `rules.md` and `starter/`."""

import functools
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from quantumlayer.manifests import FilesOnDisk
from quantumlayer.qlayer.paths import PathEscapesTree, confined
from quantumlayer.qlayer.stacks.model import Stack, StarterFile

FOLDER = Path(__file__).parent
DESCRIPTION, RULES, STARTER = "stack.toml", "rules.md", "starter"


def measurements() -> Path:
    """Where it is written how long the starters took on the ladder."""
    return FOLDER / "measured.toml"


class NotAStack(ValueError):  # noqa: N818 - it says what is wrong
    """A folder that is no stack: says what is missing in it or not known."""


class UnknownStack(KeyError):  # noqa: N818 - it says what was asked
    """There is no stack of this name."""

    def __str__(self) -> str:
        return str(self.args[0])


@functools.cache
def stacks() -> tuple[Stack, ...]:
    """Every stack, in the order of their names."""
    found = sorted(path.parent for path in FOLDER.glob(f"*/{DESCRIPTION}"))
    return tuple(read_stack(folder) for folder in found)


def stack(name: str) -> Stack:
    """The stack of a name. Raises UnknownStack, which lists those there are."""
    found = {one.name: one for one in stacks()}
    if name not in found:
        raise UnknownStack(f"There is no stack `{name}`; there are {', '.join(found)}.")
    return found[name]


def read_stack(folder: Path) -> Stack:
    """The stack that a folder holds, called like it. Raises NotAStack."""
    described = description(folder)
    given = {"name": folder.name, "rules": text_in(folder, RULES).strip(),
             "starter": tuple(starter_files(folder))}  # fmt: skip
    if doubled := sorted(given.keys() & described.keys()):
        raise NotAStack(f"{folder.name}/{DESCRIPTION}: `{doubled[0]}` is told by the folder itself")
    try:
        return Stack.model_validate({**described, **given})
    except ValidationError as error:
        raise NotAStack(f"{folder.name}/{DESCRIPTION}: {first_complaint(error)}") from error


def description(folder: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text_in(folder, DESCRIPTION))
    except tomllib.TOMLDecodeError as error:
        raise NotAStack(f"{folder.name}/{DESCRIPTION}: {error}") from error


def starter_files(folder: Path) -> Iterator[StarterFile]:
    """The files of the starter in the order of their paths; not what tools have left there."""
    for path in FilesOnDisk(folder / STARTER).paths():
        try:
            confined(path)
        except PathEscapesTree as error:
            raise NotAStack(f"{folder.name}/{STARTER}: {error}") from error
        yield StarterFile(path=path, text=text_in(folder, f"{STARTER}/{path}"))


def text_in(folder: Path, name: str) -> str:
    """The text of a file of a stack."""
    try:
        return (folder / name).read_text("utf-8")
    except FileNotFoundError as error:
        raise NotAStack(f"{folder.name}: there is no {name}") from error
    except UnicodeDecodeError as error:
        raise NotAStack(f"{folder.name}: {name} is not text in UTF-8") from error


def first_complaint(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    return f"`{'.'.join(map(str, first['loc']))}`: {first['msg']}"
