"""The keys of a build's steps: each changes with everything that the files after it come from."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from quantumlayer.manifests import NotUnderstood
from quantumlayer.qtest.delivered.build_access import access_for
from quantumlayer.qtest.delivered.dockerfile import Instruction
from quantumlayer.qtest.delivered.errors import CannotTell
from quantumlayer.qtest.delivered.image import Image
from quantumlayer.qtest.delivered.inputs import ContextFiles, digest_of, of_base, of_ours
from quantumlayer.qtest.delivered.outline import Outline
from quantumlayer.qtest.errors import QtestError
from quantumlayer.qtest.model import Limits

CHANGING_FILES = ("RUN", "COPY", "ADD", "WORKDIR")
UNTELLABLE = (NotUnderstood, QtestError)


class Keys:
    """Keys of the steps of one build. `cache` is where tools keep what they know of registries."""

    def __init__(self, outline: Outline, work: Path, limits: Limits, cache: Path) -> None:
        self.outline = outline
        self.work = work
        self.limits = limits
        self.cache = cache
        self.files: ContextFiles | None = None
        self.found: dict[int, list[str]] = {}

    async def of_stage(self, index: int) -> list[str]:
        """A key for each instruction of a stage; empty from the first on that cannot be told."""
        if index not in self.found:
            count = len(self.outline.dockerfile.stages[index].instructions)
            found: list[str] = []
            try:
                await self.follow(index, found)
            except UNTELLABLE:
                found += [""] * (count - len(found))
            self.found[index] = found
        return self.found[index]

    async def follow(self, index: int, found: list[str]) -> None:
        key, image = await self.first(index), self.outline.beginning(index)
        for one in self.outline.dockerfile.stages[index].instructions:
            if one.name in CHANGING_FILES:
                key = digest_of([key, *await self.parts(image, one, index)])
            image = self.outline.settings.after(image, one)
            found.append(key)

    async def first(self, index: int) -> str:
        before = self.outline.before(index)
        if before is not None:
            return await self.last(before)
        base = self.outline.beginning(index).base
        return digest_of([of_ours(), self.limits.model_dump_json(), *of_base(base)])

    async def last(self, index: int) -> str:
        """The key of a whole stage. Raises CannotTell where it has none."""
        key = [await self.first(index), *await self.of_stage(index)][-1]
        if not key:
            raise CannotTell("What a stage comes to cannot be told before it is played.")
        return key

    async def parts(self, image: Image, one: Instruction, index: int) -> Sequence[object]:
        """What the outcome of an instruction comes from, besides the files before it."""
        around = (sorted(image.variables.items()), image.directory, image.shell)
        said = (one.name, one.text, one.words, one.flags, one.documents, *around)
        if one.name == "RUN":
            return (*said, await self.registries(one))
        if one.name == "WORKDIR":
            return said
        origin = one.flag("from")
        if origin is None:
            return (*said, await self.of_context(image, one))
        earlier = self.outline.earlier(origin, index)
        if earlier is None:
            raise CannotTell(f"Nothing is known of the image `{origin}`.")
        return (*said, await self.last(earlier))

    async def registries(self, one: Instruction) -> list[str]:
        """Where the tools of a step would get packages."""
        step = " ".join((one.text, *(each.content for each in one.documents)))
        access = await access_for(step, self.work, self.cache)
        named = access.registries.named if access.registries else ()
        settings = (*access.variables.items(), *access.files.items())
        return sorted([*map(str, named), *(f"{name}={value}" for name, value in settings)])

    async def of_context(self, image: Image, one: Instruction) -> str:
        if self.files is None:
            self.files = await asyncio.to_thread(ContextFiles, self.work / "context")
        sources = self.outline.settings.words(image, one)[:-1]
        return self.files.digest([each for each in sources if not each.startswith("<<")])
