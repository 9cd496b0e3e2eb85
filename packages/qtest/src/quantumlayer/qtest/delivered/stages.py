"""Playing the stages of a Dockerfile in the sandbox, as far as the wanted one needs them."""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from quantumlayer.manifests import NotUnderstood
from quantumlayer.qtest.delivered.bases import base_for
from quantumlayer.qtest.delivered.build_access import SYSTEM
from quantumlayer.qtest.delivered.build_steps import Workshop
from quantumlayer.qtest.delivered.dockerfile import Instruction
from quantumlayer.qtest.delivered.dockerfile_words import expanded
from quantumlayer.qtest.delivered.errors import BuildBroken, CannotTell
from quantumlayer.qtest.delivered.image import Given, Image
from quantumlayer.qtest.delivered.keys import Keys
from quantumlayer.qtest.delivered.layers import Layers
from quantumlayer.qtest.delivered.outline import Outline

CONTEXT = PurePosixPath("context")


class Player:
    """Builds the images of one Dockerfile; a stage that nothing needs is not played.

    What took longer than `slow_seconds` to come to is kept in `layers`, and taken from there.
    """

    def __init__(
        self, workshop: Workshop, outline: Outline, layers: Layers, slow_seconds: float
    ) -> None:
        self.workshop = workshop
        self.outline = outline
        self.layers = layers
        self.slow_seconds = slow_seconds
        self.dockerfile = outline.dockerfile
        self.settings = outline.settings
        self.keys = Keys(outline, workshop.work, workshop.limits, workshop.cache)
        self.images: dict[int, Image] = {}

    async def image(self, index: int) -> Image:
        """A stage with its files, played from the last instruction on whose outcome is kept."""
        if index not in self.images:
            self.images[index] = await self.made(index)
        return self.images[index]

    async def made(self, index: int) -> Image:
        image, keys = self.outline.beginning(index), await self.keys.of_stage(index)
        done, given = await self.resumed(keys, image.root)
        begun = time.monotonic()
        if given is None:
            given = await self.laid(index, image)
        image = replace(image, given=given)
        for place, one in enumerate(self.dockerfile.stages[index].instructions):
            if place < done:
                image = self.settings.after(image, one)
                continue
            try:
                image = await self.played(image, one, index)
            except NotUnderstood as error:
                raise NotUnderstood(error.reason, path=error.path, line=one.line) from error
            if keys[place] and time.monotonic() - begun > self.slow_seconds:
                await self.layers.keep(keys[place], self.workshop.work / image.root, image.given)
                begun = time.monotonic()
        return image

    async def resumed(
        self, keys: Sequence[str], root: PurePosixPath
    ) -> tuple[int, tuple[Given, ...] | None]:
        """How many instructions need not be played, and what they gave away."""
        place = self.workshop.work / root
        for count, key in reversed(list(enumerate(keys, 1))):
            if key and self.layers.has(key):
                given = await self.layers.restored(key, place)
                if given is not None:
                    await asyncio.to_thread(self.workshop.own, place)
                    return count, given
        return 0, None

    async def laid(self, index: int, image: Image) -> tuple[Given, ...]:
        """Lay the files that a stage begins with, and say who owns what of them."""
        before = self.outline.before(index)
        if before is None:
            self.workshop.seed_root(image.base, image.root)
            return image.given
        earlier = await self.image(before)
        await self.workshop.copy_root(earlier.root, image.root)
        return earlier.given

    async def played(self, image: Image, one: Instruction, index: int) -> Image:
        """The image after an instruction. Raises NotUnderstood, BuildBroken and CannotTell."""
        match one.name:
            case "RUN":
                return await self.run(image, one)
            case "COPY" | "ADD":
                return await self.copy(image, one, index)
            case "WORKDIR":
                path = image.absolute(self.settings.text(image, one))
                await self.step(one, {"do": "folder", "root": image.root, "path": path})
            case "ONBUILD":
                raise NotUnderstood("ONBUILD is not played", path=self.dockerfile.path)
        return self.settings.after(image, one)

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
        named = self.settings.words(image, one)
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
        earlier = self.outline.earlier(name, index)
        if earlier is not None:
            return (await self.image(earlier)).root
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
