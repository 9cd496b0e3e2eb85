"""What instructions set, as far as it can be told without running or copying anything."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from quantumlayer.manifests import NotUnderstood
from quantumlayer.qtest.delivered.base import Base
from quantumlayer.qtest.delivered.dockerfile import Dockerfile, Instruction
from quantumlayer.qtest.delivered.dockerfile_words import expanded, words
from quantumlayer.qtest.delivered.image import Given, Image

NUMBER = re.compile(r"\d+")


class Settings:
    """The settings of the stages of one Dockerfile, with the build arguments that were given."""

    def __init__(self, dockerfile: Dockerfile, given: Mapping[str, str]) -> None:
        self.dockerfile = dockerfile
        self.given = given

    def global_arguments(self) -> dict[str, str]:
        """Those before the first FROM."""
        return self.arguments_of(self.dockerfile.arguments, {})

    def arguments_of(
        self, instructions: tuple[Instruction, ...], known: dict[str, str]
    ) -> dict[str, str]:
        found = dict(known)
        for one in instructions:
            for word in words(one.text, found, escape=self.dockerfile.escape):
                name, has_value, value = word.partition("=")
                if name in self.given:
                    found[name] = self.given[name]
                elif has_value:
                    found[name] = value
        return found

    def after(self, image: Image, one: Instruction) -> Image:
        """The image after an instruction, but for its files. Raises NotUnderstood."""
        change = SETTINGS.get(one.name)
        if change is None:
            return image
        try:
            return replace(image, **change(self, image, one)).at(one.name, one.line)
        except NotUnderstood as error:
            path = self.dockerfile.path
            raise NotUnderstood(error.reason, path=path, line=one.line) from error

    def directory(self, image: Image, one: Instruction) -> dict[str, Any]:
        return {"directory": image.absolute(self.text(image, one)).rstrip("/") or "/"}

    def argument(self, image: Image, one: Instruction) -> dict[str, Any]:
        globals_ = self.global_arguments()
        bare = one.text.partition("=")[0]
        known = {**image.arguments, **({bare: globals_[bare]} if bare in globals_ else {})}
        return {"arguments": self.arguments_of((one,), known)}

    def entrypoint(self, image: Image, one: Instruction) -> dict[str, Any]:
        # As Docker: a new entry point forgets the base image's command.
        kept = image.command if "CMD" in dict(image.lines) else ()
        return {"entrypoint": self.command(image, one), "command": kept}

    def ports(self, image: Image, one: Instruction) -> dict[str, Any]:
        found = (NUMBER.match(word) for word in self.text(image, one).split() if "udp" not in word)
        return {"exposed": (*image.exposed, *(int(match[0]) for match in found if match))}

    def places(self, image: Image, one: Instruction) -> dict[str, Any]:
        named = one.words if one.words is not None else self.text(image, one).split()
        return {"volumes": (*image.volumes, *map(image.absolute, named))}

    def text(self, image: Image, one: Instruction) -> str:
        """The text of an instruction as one word."""
        return expanded(one.text, image.variables, escape=self.dockerfile.escape)

    def words(self, image: Image, one: Instruction) -> list[str]:
        """The words of an instruction in either form."""
        if one.words is not None:
            return list(one.words)
        return words(one.text, image.variables, escape=self.dockerfile.escape)

    def pairs(self, image: Image, one: Instruction) -> dict[str, str]:
        found = words(one.text, image.variables, escape=self.dockerfile.escape)
        if found and "=" not in one.text.split(maxsplit=1)[0]:
            return {found[0]: " ".join(found[1:])}
        parts = (word.partition("=") for word in found)
        return {name: value for name, _, value in parts}

    def command(self, image: Image, one: Instruction) -> tuple[str, ...]:
        """The command of an instruction; the shell form is a word of the shell's."""
        return one.words if one.words is not None else (*image.shell, one.text)


def beginning(base: Base, root: PurePosixPath) -> Image:
    """A stage that begins with a base image."""
    return Image(root, base, dict(base.environment), command=base.command,
                 entrypoint=base.entrypoint, user=base.user,
                 given=base_owners(base.name))  # fmt: skip


def base_owners(image: str) -> tuple[Given, ...]:
    """What belongs to somebody in a base image."""
    name = image.rpartition("/")[2].partition(":")[0]
    return (Given("1000", "/home/node", True),) if name == "node" else ()


SETTINGS: Mapping[str, Callable[[Settings, Image, Instruction], dict[str, Any]]] = {
    "ARG": Settings.argument,
    "ENV": lambda settings, image, one: {
        "environment": {**image.environment, **settings.pairs(image, one)}
    },
    "WORKDIR": Settings.directory,
    "USER": lambda settings, image, one: {"user": settings.text(image, one)},
    "EXPOSE": Settings.ports,
    "VOLUME": Settings.places,
    "STOPSIGNAL": lambda settings, image, one: {"stop_signal": settings.text(image, one)},
    "SHELL": lambda _settings, image, one: {"shell": one.words or image.shell},
    "CMD": lambda settings, image, one: {"command": settings.command(image, one)},
    "ENTRYPOINT": Settings.entrypoint,
}
"""What an instruction sets; those that are not here set nothing that a start would notice."""
