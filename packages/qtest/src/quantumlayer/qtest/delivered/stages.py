"""Playing the stages of a Dockerfile in the sandbox, as far as the wanted one needs them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from quantumlayer.manifests import NotUnderstood
from quantumlayer.qtest.delivered.bases import base_for
from quantumlayer.qtest.delivered.build_access import SYSTEM
from quantumlayer.qtest.delivered.build_steps import Workshop
from quantumlayer.qtest.delivered.dockerfile import Dockerfile, Instruction, Stage
from quantumlayer.qtest.delivered.dockerfile_words import expanded, words
from quantumlayer.qtest.delivered.errors import BuildBroken, CannotTell
from quantumlayer.qtest.delivered.image import Given, Image

CONTEXT = PurePosixPath("context")
NUMBER = re.compile(r"\d+")


class Player:
    """Builds the images of one Dockerfile; a stage that nothing needs is not played."""

    def __init__(
        self, workshop: Workshop, dockerfile: Dockerfile, arguments: dict[str, str]
    ) -> None:
        self.workshop = workshop
        self.dockerfile = dockerfile
        self.given = arguments
        self.images: dict[int, Image] = {}

    async def wanted(self, target: str) -> Image:
        """The image of a stage, the last one unless it is named."""
        stages = self.dockerfile.stages
        index = self.index_of(target) if target else len(stages) - 1
        if index is None:
            raise NotUnderstood(f"there is no stage `{target}`", path=self.dockerfile.path)
        return await self.image(index)

    def index_of(self, name: str) -> int | None:
        """A stage by its name or number."""
        stages = self.dockerfile.stages
        if NUMBER.fullmatch(name) and int(name) < len(stages):
            return int(name)
        return next((n for n, each in enumerate(stages) if each.name == name.lower()), None)

    async def image(self, index: int) -> Image:
        if index not in self.images:
            stage = self.dockerfile.stages[index]
            image = await self.begun(stage, index)
            for one in stage.instructions:
                try:
                    image = await self.played(image, one, index)
                except NotUnderstood as error:
                    raise self.refused(error.reason, one) from error
            self.images[index] = image
        return self.images[index]

    async def begun(self, stage: Stage, index: int) -> Image:
        """A stage after its FROM."""
        globals_ = self.arguments_of(self.dockerfile.arguments, {})
        name = expanded(stage.base, globals_, escape=self.dockerfile.escape)
        before = next((n for n, each in enumerate(self.dockerfile.stages[:index])
                       if each.name and each.name == name.lower()), None)  # fmt: skip
        root = PurePosixPath("roots") / str(index)
        if before is not None:
            earlier = await self.image(before)
            await self.workshop.copy_root(earlier.root, root)
            return replace(earlier, root=root, arguments={}, lines=())
        try:
            base = base_for(name)
        except CannotTell as error:
            raise CannotTell(f"{self.dockerfile.path}:{stage.line}: {error}") from error
        self.workshop.seed_root(base, root)
        return Image(root, base, dict(base.environment), command=base.command,
                     given=base_owners(name))  # fmt: skip

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

    async def played(self, image: Image, one: Instruction, index: int) -> Image:
        """The image after an instruction. Raises NotUnderstood, BuildBroken and CannotTell."""
        match one.name:
            case "RUN":
                return await self.run(image, one)
            case "COPY" | "ADD":
                return await self.copy(image, one, index)
            case "WORKDIR":
                path = image.absolute(self.text(image, one))
                await self.step(one, {"do": "folder", "root": image.root, "path": path})
                return replace(image, directory=path.rstrip("/") or "/")
            case "ONBUILD":
                raise NotUnderstood("ONBUILD is not played", path=self.dockerfile.path)
            case _:
                return self.set(image, one).at(one.name, one.line)

    def set(self, image: Image, one: Instruction) -> Image:
        """An instruction that changes settings alone."""
        change = SETTINGS.get(one.name)
        return image if change is None else replace(image, **change(self, image, one))

    def argument(self, image: Image, one: Instruction) -> dict[str, Any]:
        globals_ = self.arguments_of(self.dockerfile.arguments, {})
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
        return expanded(one.text, image.variables, escape=self.dockerfile.escape)

    def pairs(self, image: Image, one: Instruction) -> dict[str, str]:
        found = words(one.text, image.variables, escape=self.dockerfile.escape)
        if found and "=" not in one.text.split(maxsplit=1)[0]:
            return {found[0]: " ".join(found[1:])}
        parts = (word.partition("=") for word in found)
        return {name: value for name, _, value in parts}

    def command(self, image: Image, one: Instruction) -> tuple[str, ...]:
        return one.words if one.words is not None else (*image.shell, one.text)

    async def run(self, image: Image, one: Instruction) -> Image:
        system = SYSTEM.search(one.text)
        if system is not None:
            raise CannotTell(
                f"{self.place(one)}: this installs packages of the image's distribution with "
                f"{system['tool']}, which can only be done where images can be built."
            )
        mounts = [value for name, value in one.flags if name == "mount"]
        for mount in mounts:
            if "type=cache" not in mount and "type=tmpfs" not in mount:
                raise NotUnderstood(f"`--mount={mount}` is not played", path=self.dockerfile.path)
        text = one.text
        for document in one.documents:
            marker = re.compile(rf"<<-?['\"]?{document.name}['\"]?")
            alone = not marker.sub("", text).strip()
            text = document.content if alone else f"{text}\n{document.content}{document.name}\n"
        command = one.words if one.words is not None else (*image.shell, text)
        given = await self.workshop.run(image, command, self.place(one))
        return replace(image, given=(*image.given, *given))

    async def copy(self, image: Image, one: Instruction, index: int) -> Image:
        """COPY and ADD, from the context or from another stage."""
        named = list(one.words) if one.words is not None else words(
            one.text, image.variables, escape=self.dockerfile.escape
        )  # fmt: skip
        if len(named) < 2:
            raise NotUnderstood(f"{one.name} wants a source and a target",
                                path=self.dockerfile.path)  # fmt: skip
        *sources, target = named
        if any(source.startswith(("http://", "https://", "git@")) for source in sources):
            raise CannotTell(f"{self.place(one)}: this fetches something that is no package.")
        target = image.absolute(target)
        target += "/" if named[-1] in (".", "./") and not target.endswith("/") else ""
        origin = await self.origin(one.flag("from"), one, index)
        steps: list[dict[str, Any]] = [
            {"do": "write", "root": image.root, "target": target, "name": each.name,
             "content": each.content}
            for each in one.documents
        ]  # fmt: skip
        files = [each for each in sources if not each.startswith("<<")]
        if files:
            steps.append({
                "do": "copy", "root": image.root, "origin": origin, "sources": files,
                "target": target, "mode": one.flag("chmod") or "",
                "unpack": one.name == "ADD",
            })  # fmt: skip
        await self.step(one, *steps)
        owner = one.flag("chown")
        if owner is None:
            return image
        owner = expanded(owner, image.variables)
        return replace(image, given=(*image.given, Given(owner, target.rstrip("/") or "/", True)))

    async def origin(self, name: str | None, one: Instruction, index: int) -> PurePosixPath:
        """Where COPY copies from."""
        if name is None:
            return CONTEXT
        found = self.index_of(name)
        if found is not None and found < index:
            return (await self.image(found)).root
        try:
            base = base_for(name)
        except CannotTell as error:
            raise CannotTell(f"{self.place(one)}: {error}") from error
        raise CannotTell(f"{self.place(one)}: files of the image `{base.name}` are not here.")

    async def step(self, one: Instruction, *steps: dict[str, Any]) -> None:
        """Do something to files. Raises BuildBroken with the line."""
        for answer in await self.workshop.files(steps):
            if "wrong" in answer:
                raise BuildBroken(f"{self.place(one)}: {one.name} {one.text}: {answer['wrong']}")

    def place(self, one: Instruction) -> str:
        return f"{self.dockerfile.path}:{one.line}"

    def refused(self, reason: str, one: Instruction) -> NotUnderstood:
        return NotUnderstood(reason, path=self.dockerfile.path, line=one.line)


def base_owners(image: str) -> tuple[Given, ...]:
    """What belongs to somebody in a base image."""
    name = image.rpartition("/")[2].partition(":")[0]
    return (Given("1000", "/home/node", True),) if name == "node" else ()


SETTINGS: Mapping[str, Callable[[Player, Image, Instruction], dict[str, Any]]] = {
    "ARG": Player.argument,
    "ENV": lambda player, image, one: {
        "environment": {**image.environment, **player.pairs(image, one)}
    },
    "USER": lambda player, image, one: {"user": player.text(image, one)},
    "EXPOSE": Player.ports,
    "VOLUME": Player.places,
    "STOPSIGNAL": lambda player, image, one: {"stop_signal": player.text(image, one)},
    "SHELL": lambda _player, image, one: {"shell": one.words or image.shell},
    "CMD": lambda player, image, one: {"command": player.command(image, one)},
    "ENTRYPOINT": Player.entrypoint,
}
"""What an instruction sets; those that are not here set nothing that a start would notice."""
