"""What a reader of the whole remarked, who wrote none of it."""

from enum import StrEnum

from pydantic import Field

from quantumlayer.qlayer.noun import Noun


class Weight(StrEnum):
    """Whether what is remarked makes the software wrong, or only worse than it could be."""

    WRONG = "wrong"
    WORSE = "worse"


class Remark(Noun):
    """Something that a reader found.

    `scenario` says what somebody does and what happens instead of what should: who cannot say
    that has found nothing. `path` and `line` are where it has to be mended, empty and None where
    something is missing altogether. `requirement` is the id of the one that is broken, if any.
    """

    path: str = ""
    line: int | None = Field(default=None, ge=1)
    requirement: str = Field(default="", pattern=r"^(R[1-9][0-9]{0,3})?$")
    weight: Weight
    problem: str = Field(min_length=1, max_length=600)
    scenario: str = Field(min_length=1, max_length=1000)

    @property
    def place(self) -> str:
        """Where it is, for people: `src/orders.py:12`, or nothing."""
        return f"{self.path}:{self.line}" if self.line else self.path


class Review(Noun):
    """The remarks of one reading, and whether the code was changed for them and held.

    They are what a model says, and no proof: no verdict follows from them. `unknown` says why
    nobody could read it, where that was so.
    """

    remarks: tuple[Remark, ...] = ()
    heeded: bool = False
    unknown: str = ""
