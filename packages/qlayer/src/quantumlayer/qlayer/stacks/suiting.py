"""The stack that is offered first for what was asked for."""

from quantumlayer.qlayer.requirements import RequirementCategory, Requirements
from quantumlayer.qlayer.stacks.kinds import BUILDS
from quantumlayer.qlayer.stacks.model import Builds, Stack
from quantumlayer.qlayer.stacks.reading import stacks
from quantumlayer.qlayer.stacks.wishing import nearest


def suiting(requirements: Requirements) -> Stack:
    """The stack of this kind and language; where there is none, the one nearest in words."""
    builds, language = BUILDS[requirements.kind], requirements.language.value
    by_rank = sorted(stacks(), key=lambda one: one.wishes.rank)
    fit = [one for one in by_rank if one.builds is builds and language in one.languages]
    if fit:
        return fit[0]
    wishes = (one for one in requirements.items if one.category is RequirementCategory.WISH)
    said = (requirements.kind.value.replace("_", " "), "in", language, requirements.title,
            *(one.statement for one in wishes))  # fmt: skip
    found = nearest(" ".join(said))
    near = found.stack if found else by_rank[0]
    if near.builds is not Builds.LIBRARY:
        return near
    # What is run needs a stack that runs.
    running = (one for one in by_rank if one.builds is not Builds.LIBRARY)
    return next((one for one in running if one.languages == near.languages), near)
