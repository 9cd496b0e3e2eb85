"""The domain of a library: building blocks, each with what the description says of it."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from quantumlayer.qlayer.noun import Noun, PascalName, SnakeName

RequirementId = Annotated[str, Field(pattern=r"^R[1-9][0-9]{0,3}$")]
Number = Annotated[str, Field(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,9})?$")]
"""An exact decimal number as text: `0.10`."""


class CatalogueBlock(Noun):
    """A building block of the catalogue, by its id.

    `names` pairs the public names that the description changes with the names that it gives;
    `parameters` pairs constants of the block with Python literals. `requirements` are the ids of
    the block's statements, in the catalogue's order.
    """

    kind: Literal["catalogue"] = "catalogue"
    id: SnakeName
    names: tuple[tuple[str, str], ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()
    requirements: tuple[RequirementId, ...]


class LibraryUnit(Noun):
    """A unit: the base value is (value + shift) * factor; both are fractions as text."""

    name: SnakeName
    plural: str
    symbol: str
    factor: str
    shift: str = "0"
    lowest: str | None = None


class UnitsBlock(Noun):
    """Conversions between units of one quantity.

    `names` pairs functions such as `celsius_to_kelvin` with the names that the description gives.
    """

    kind: Literal["units"] = "units"
    quantity: SnakeName
    units: tuple[LibraryUnit, ...] = Field(min_length=2)
    names: tuple[tuple[str, str], ...] = ()
    requirements: tuple[RequirementId, ...]


class CheckBlock(Noun):
    """A function that checks one value against limits, both inclusive unless said otherwise.

    `subject` is a number, or with `length` a text whose characters are counted.
    """

    kind: Literal["check"] = "check"
    function: SnakeName
    subject: SnakeName
    whole: bool = True
    length: bool = False
    minimum: Number | None = None
    maximum: Number | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    requirements: tuple[RequirementId, ...]

    @model_validator(mode="after")
    def _is_limited(self) -> "CheckBlock":
        if self.minimum is None and self.maximum is None:
            raise ValueError("a check needs a minimum or a maximum")
        return self


class Step(Noun):
    """An operation of a class that adds to its amount, or takes from it."""

    name: SnakeName
    direction: Literal["add", "subtract"]
    maximum: Number | None = None
    """The most that one call may move."""


class AmountBlock(Noun):
    """A class around one amount: an account, a stock, a counter.

    The amount begins at `start` and stays between `minimum` and `maximum`.
    """

    kind: Literal["amount"] = "amount"
    name: PascalName
    amount: SnakeName
    steps: tuple[Step, ...] = Field(min_length=1)
    whole: bool = False
    start: Number = "0"
    minimum: Number | None = None
    maximum: Number | None = None
    requirements: tuple[RequirementId, ...]


class ValueField(Noun):
    """A field of a value class."""

    name: SnakeName
    type: Literal["text", "integer", "decimal", "boolean", "date"]
    minimum: Number | None = None
    maximum: Number | None = None
    exclusive_minimum: bool = False
    requirement: RequirementId | None = None


class ValueBlock(Noun):
    """A frozen value class with checked fields."""

    kind: Literal["value"] = "value"
    name: PascalName
    fields: tuple[ValueField, ...] = Field(min_length=1)
    requirements: tuple[RequirementId, ...]


LibraryBlock = Annotated[
    CatalogueBlock | UnitsBlock | CheckBlock | AmountBlock | ValueBlock,
    Field(discriminator="kind"),
]


class LibraryDomain(Noun):
    """A library: the package to import, and what it is made of.

    `documentation_requirement` says that the examples of the documentation run.
    """

    module: SnakeName
    blocks: tuple[LibraryBlock, ...] = ()
    documentation_requirement: RequirementId | None = None
