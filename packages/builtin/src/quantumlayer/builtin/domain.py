"""The domain of an HTTP service: entities, their fields, and the rules that must always hold."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field as PydanticField
from pydantic import StringConstraints

from quantumlayer.builtin.conditions import Condition, Operator, Scalar
from quantumlayer.qlayer import Noun
from quantumlayer.qlayer.requirements import Domain, Requirements

SnakeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
"""A name of a field or a collection: `due_date`."""

PascalName = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]{0,62}$")]
"""A name of an entity: `LoanItem`."""

Form = Annotated[
    str,
    StringConstraints(
        pattern=r"^\^(?:(?:\[(?:\w-\w|\w|\\\W)+\]|\w|-|\\\W)(?:\{\d+(?:,\d*)?\}|\+)?)+\$$"
    ),
]
"""The form of a text as a regular expression that every language reads alike: pieces one after the
other, each a set of characters or one of them, and how many: `^[A-Z]{2}-[0-9]{3,4}$`."""


class FieldType(StrEnum):
    """What a field holds. Dates are ISO 8601, `datetime` is UTC, `decimal` is exact."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    EMAIL = "email"
    URL = "url"
    PHONE = "phone"
    CHOICE = "choice"
    TAGS = "tags"
    REFERENCE = "reference"


class Field(Noun):
    """One field of an entity.

    A REFERENCE named `member` points to the entity named in `references`; its column and JSON key
    are `member_id`. `minimum`/`maximum` are inclusive unless the `exclusive_…` flag is set and are
    decimal text for numbers, ISO text for dates. `computed_default` names a default that is taken
    at creation: today, or now.
    """

    name: SnakeName
    type: FieldType
    required: bool = True
    unique: bool = False
    choices: tuple[str, ...] = ()
    references: PascalName | None = None
    default: Scalar | None = None
    computed_default: Literal["today", "now"] | None = None
    minimum: str | None = None
    exclusive_minimum: bool = False
    maximum: str | None = None
    exclusive_maximum: bool = False
    min_length: int | None = None
    max_length: int | None = None
    pattern: Form | None = None
    requirement: str | None = None

    @property
    def key(self) -> str:
        """The name of the column and of the JSON member."""
        return f"{self.name}_id" if self.type is FieldType.REFERENCE else self.name


class Entity(Noun):
    """A kind of record: `name` is singular, `LoanItem`; `plural` the collection, `loan_items`."""

    name: PascalName
    plural: SnakeName
    fields: tuple[Field, ...] = PydanticField(min_length=1)
    requirement: str | None = None


class _RuleBase(Noun):
    """What every rule has.

    A key in `per` or `fields` may name a part of a date or datetime: `starts_at.date` is its
    (UTC) calendar day, `starts_at.month` its month of its year, `starts_at.year` its year.
    """

    requirement: str
    entity: PascalName
    statement: str


class CountLimit(_RuleBase):
    """At most `maximum` records of `entity` that satisfy `where` for each value of the `per` keys.

    "Members can have at most 5 open loans": entity Loan, per (member_id,), maximum 5,
    where returned_on is empty. With `maximum_field` the limit is read from that field of the
    entity that the (only) `per` reference points to: "enrolments up to the course's capacity".
    An empty `per` limits the whole collection.
    """

    kind: Literal["count_limit"] = "count_limit"
    per: tuple[str, ...] = ()
    maximum: int | None = None
    maximum_field: str | None = None
    where: tuple[Condition, ...] = ()


class SumLimit(_RuleBase):
    """The sum of `field` over records that satisfy `where` stays at or below a limit."""

    kind: Literal["sum_limit"] = "sum_limit"
    field: str
    per: tuple[str, ...] = ()
    maximum: str | None = None
    maximum_field: str | None = None
    where: tuple[Condition, ...] = ()


class UniqueTogether(_RuleBase):
    """No two records (that satisfy `where`) share the values of all `fields` (keys)."""

    kind: Literal["unique_together"] = "unique_together"
    fields: tuple[str, ...]
    where: tuple[Condition, ...] = ()


class NoOverlap(_RuleBase):
    """For equal `per` keys, the half-open intervals [start, end) of two records never overlap."""

    kind: Literal["no_overlap"] = "no_overlap"
    start: str
    end: str
    per: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()


class Comparison(_RuleBase):
    """Within one record, `left` compares to `right` (both keys), whenever both are set.

    `right` may look through one reference: `auction_id.starting_price`.
    """

    kind: Literal["comparison"] = "comparison"
    left: str
    operator: Operator
    right: str


class RelativeDate(_RuleBase):
    """A date or datetime `field` lies before, or after, the moment of writing."""

    kind: Literal["relative_date"] = "relative_date"
    field: str
    direction: Literal["past", "past_or_today", "future", "future_or_today"]


class Transitions(_RuleBase):
    """A choice `field` starts at `initial` and moves only along `allowed` (from, to) pairs."""

    kind: Literal["transitions"] = "transitions"
    field: str
    initial: str | None = None
    allowed: tuple[tuple[str, str], ...]


class Immutable(_RuleBase):
    """`fields` never change after creation; with `where`, once the stored record satisfies it.

    With `where` set and `fields` empty the whole record is frozen; `deletable` says whether it may
    still be deleted then ("a paid invoice cannot be changed or deleted"). A record that is
    `changeable` is only kept from being deleted ("a paid invoice cannot be deleted"): then `fields`
    is empty and `deletable` false.
    """

    kind: Literal["immutable"] = "immutable"
    fields: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()
    deletable: bool = True
    changeable: bool = False


class ConditionalRequirement(_RuleBase):
    """When a record satisfies `where`, it must also satisfy `then`.

    Conditions may look through one reference: `book_id.status` is the status of the loan's book.
    "Only an available book can be lent": then book_id.status equals available, on creation.
    """

    kind: Literal["conditional"] = "conditional"
    where: tuple[Condition, ...] = ()
    then: tuple[Condition, ...]
    on: Literal["always", "creation"] = "always"


class DeleteRestricted(_RuleBase):
    """A record of `entity` cannot be deleted while records of `by` point to it and satisfy `where`.

    `by_field` is the key of the reference in `by`. Without `where` this is what every reference
    does by default. With `where` only the records that satisfy it block ("a member with open
    loans cannot be deleted"); the others are deleted together with the record that they point to.
    """

    kind: Literal["delete_restricted"] = "delete_restricted"
    by: PascalName
    by_field: str
    where: tuple[Condition, ...] = ()


Rule = Annotated[
    CountLimit
    | SumLimit
    | UniqueTogether
    | NoOverlap
    | Comparison
    | RelativeDate
    | Transitions
    | Immutable
    | ConditionalRequirement
    | DeleteRestricted,
    PydanticField(discriminator="kind"),
]


class Aggregation(Noun):
    """A figure over the records of `entity`, served at `GET /reports/{name}` with hyphens.

    `function` is applied to `field` (a key; None only for count) of the records that satisfy
    `where`, for each value of the `group_by` keys (parts of dates as in rules; an empty tuple
    gives one row over all records). Answer: `{"items": [{<key>: …, "value": …}]}`, ordered by the
    keys, a date part named `starts_at_month`; decimals are JSON numbers, average and sum of nothing
    are null and 0.
    """

    requirement: str
    name: SnakeName
    entity: PascalName
    statement: str
    function: Literal["count", "sum", "average", "minimum", "maximum"]
    field: str | None = None
    group_by: tuple[str, ...] = ()
    where: tuple[Condition, ...] = ()


class ServiceDomain(Noun):
    """Entities in dependency order (a referenced entity comes first) and the rules over them."""

    entities: tuple[Entity, ...] = PydanticField(min_length=1, max_length=40)
    rules: tuple[Rule, ...] = ()
    aggregations: tuple[Aggregation, ...] = ()


FORMAT = "quantumlayer.builtin.service/1"
"""The name and version of a stored service domain."""


def stored(domain: ServiceDomain) -> Domain:
    """The domain as it travels in requirements; nobody else reads it."""
    return Domain(format=FORMAT, content=domain.model_dump(mode="json"))


def domain_of(requirements: Requirements) -> ServiceDomain:
    """The service in requirements; raises ValueError where another model wrote them."""
    if requirements.domain is None or requirements.domain.format != FORMAT:
        raise ValueError(f"the requirements of {requirements.name!r} hold no service")
    return ServiceDomain.model_validate(requirements.domain.content)
