"""Which persona writes a planned file."""

import tomllib
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import Field, field_validator

from quantumlayer.qlayer import Blueprint, FileRole, Noun, PlannedFile
from quantumlayer.qlayer.noun import Slug

REVIEWER: Final = "reviewer"


class Persona(Noun):
    """One of the team: `title` is what the model is told that it is, `watches` what it cares for.

    It writes planned files of its `roles` whose paths fit one of its `paths`.
    """

    name: Slug
    title: str = Field(min_length=1)
    watches: str = Field(min_length=1)
    roles: tuple[FileRole, ...]
    paths: tuple[str, ...] = ("*",)

    @field_validator("watches")
    @classmethod
    def _in_one_line(cls, text: str) -> str:
        return " ".join(text.split())

    def takes(self, file: PlannedFile) -> bool:
        """Whether files like this one are written by this persona."""
        return file.role in self.roles and any(
            fnmatchcase(file.path.lower(), one) for one in self.paths
        )


@cache
def personas() -> tuple[Persona, ...]:
    """All of them, in the order in which they are asked whether they take a file."""
    text = (files(__package__) / "personas.toml").read_text("utf-8")
    return tuple(Persona.model_validate(one) for one in tomllib.loads(text)["personas"])


def persona(name: str) -> Persona | None:
    """The persona of this name, if there is one."""
    return next((one for one in personas() if one.name == name), None)


def cast(blueprint: Blueprint) -> Blueprint:
    """The blueprint with a persona for every file: the planned one, if it takes such files."""
    return blueprint.model_copy(
        update={
            "files": tuple(
                file.model_copy(update={"agent": _writer(file).name}) for file in blueprint.files
            )
        }
    )


def _writer(file: PlannedFile) -> Persona:
    planned = persona(file.agent)
    if planned is not None and file.role in planned.roles:
        return planned
    return next(one for one in personas() if one.takes(file))
