"""The stages of a Dockerfile, as far as they can be told without running or copying anything."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from quantumlayer.manifests import NotUnderstood
from quantumlayer.qtest.delivered.bases import base_for
from quantumlayer.qtest.delivered.dockerfile import Dockerfile
from quantumlayer.qtest.delivered.dockerfile_words import expanded
from quantumlayer.qtest.delivered.errors import CannotTell
from quantumlayer.qtest.delivered.image import Image
from quantumlayer.qtest.delivered.settings import NUMBER, Settings, beginning


class Outline:
    """What begins each stage of a Dockerfile, with the build arguments that were given."""

    def __init__(self, dockerfile: Dockerfile, arguments: Mapping[str, str]) -> None:
        self.dockerfile = dockerfile
        self.settings = Settings(dockerfile, arguments)

    def wanted(self, target: str) -> int:
        """The stage that makes the image, the last one unless it is named."""
        index = self.index_of(target) if target else len(self.dockerfile.stages) - 1
        if index is None:
            raise NotUnderstood(f"there is no stage `{target}`", path=self.dockerfile.path)
        return index

    def index_of(self, name: str) -> int | None:
        """A stage by its name or number."""
        stages = self.dockerfile.stages
        if NUMBER.fullmatch(name) and int(name) < len(stages):
            return int(name)
        return next((n for n, each in enumerate(stages) if each.name == name.lower()), None)

    def earlier(self, name: str, index: int) -> int | None:
        """The stage before `index` that COPY means by a name; None of another image."""
        found = self.index_of(name)
        return found if found is not None and found < index else None

    def before(self, index: int) -> int | None:
        """The stage that a stage begins with; None where that is a base image."""
        name = self.base_name(index).lower()
        stages = self.dockerfile.stages[:index]
        return next((n for n, each in enumerate(stages) if each.name and each.name == name), None)

    def base_name(self, index: int) -> str:
        """What FROM names."""
        globals_ = self.settings.global_arguments()
        return expanded(self.dockerfile.stages[index].base, globals_, escape=self.dockerfile.escape)

    def beginning(self, index: int) -> Image:
        """A stage after its FROM, without files. Raises CannotTell with the line."""
        root, before = PurePosixPath("roots") / str(index), self.before(index)
        if before is not None:
            return replace(self.end(before), root=root, arguments={}, lines=())
        try:
            return beginning(base_for(self.base_name(index)), root)
        except CannotTell as error:
            line = self.dockerfile.stages[index].line
            raise CannotTell(f"{self.dockerfile.path}:{line}: {error}") from error

    def end(self, index: int) -> Image:
        """A stage after its last instruction, without files."""
        image = self.beginning(index)
        for one in self.dockerfile.stages[index].instructions:
            image = self.settings.after(image, one)
        return image
