"""The view of a service that the templates lean on: names, types and bounds, decided once."""

import keyword
import re
import sys
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache

from pydantic import BaseModel

from quantumlayer.builtin.domain import (
    Aggregation,
    Condition,
    DeleteRestricted,
    Entity,
    Field,
    FieldType,
    Immutable,
    Rule,
    ServiceDomain,
    Transitions,
    UniqueTogether,
    domain_of,
)
from quantumlayer.builtin.writing.naming import (
    kebab,
    pascal,
    sentence,
    snake,
    unshadowed,
    with_article,
    words,
)
from quantumlayer.qlayer.requirements import Requirements

SYSTEM_FIELDS = frozenset({"id", "created_at", "updated_at"})
STRINGS = frozenset(
    {FieldType.TEXT, FieldType.LONG_TEXT, FieldType.EMAIL, FieldType.URL, FieldType.PHONE}
)
NUMBERS = frozenset({FieldType.INTEGER, FieldType.DECIMAL})
MOMENTS = frozenset({FieldType.DATE, FieldType.TIME, FieldType.DATETIME})
DATE_PARTS = {"date": 10, "month": 7, "year": 4}
"""How many characters of an ISO text name the part."""
MONEY_PLACES, OTHER_PLACES = 2, 4


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MONEY = re.compile(
    r"(^|_)(price|amount|cost|costs|fee|fees|fine|total|subtotal|salary|balance|budget|deposit|"
    r"payment|paid|charge|rent|tax|discount|credit|debit|wage|revenue|money|value)(_|$)"
)
_MODULES = _names(
    "application clock database health limits listing logs migrations problems reports rules"
    " settings values"
)
_NAMES_IN_USE = _names(
    "APIRouter Annotated Any Body Boolean Check Closed Connection Database DatabaseDependency"
    " Decimal Email Field FieldError Identifier InUse Integer IsoDate IsoTime ListQuery Literal"
    " Mapping Money NotFound Number Page Phone Problem Query QueryInteger Records Response Rule"
    " RuleBroken Stored Tags TestClient UnknownReference Url UtcDatetime"
)
_VARIABLES = _names(
    "after before body changes client connection count database factories first highest json keep"
    " kept limit now number other page pytest query record repository response router row rules"
    " schema second sqlite3 status today total"
)
_QUERY_NAMES = _names("limit offset q sort")
_RESERVED_PACKAGES = _names("fastapi pydantic pytest starlette tests uvicorn")


@dataclass(frozen=True)
class FieldView:
    """One field, with the names that it has in Python."""

    field: Field
    initial: str | None
    """The choice at which a record starts where a transition rule says so."""

    @property
    def key(self) -> str:
        return self.field.key

    @property
    def type(self) -> FieldType:
        return self.field.type

    @property
    def words(self) -> str:
        return words(self.field.name)

    @property
    def attribute(self) -> str:
        return attribute_name(self.key)

    @property
    def alias(self) -> str:
        """The name of the field's type in the schema module."""
        return f"_{pascal(self.key)}"

    @property
    def nullable(self) -> bool:
        return not self.field.required

    @property
    def default(self) -> str | int | bool | None:
        return self.field.default if self.field.default is not None else self.initial

    @property
    def computed(self) -> str | None:
        return self.field.computed_default

    @property
    def must_be_given(self) -> bool:
        return self.field.required and self.default is None and self.computed is None

    @property
    def places(self) -> int:
        """How many decimals a decimal field has."""
        return MONEY_PLACES if _MONEY.search(self.field.name) else OTHER_PLACES

    @property
    def min_length(self) -> int | None:
        if self.field.min_length is None and self.type in STRINGS:
            return 1 if self.field.required else None
        return self.field.min_length

    @property
    def max_length(self) -> int:
        if self.field.max_length is not None:
            return self.field.max_length
        return {
            FieldType.LONG_TEXT: 10_000,
            FieldType.EMAIL: 254,
            FieldType.URL: 2_000,
            FieldType.PHONE: 32,
        }.get(self.type, max(200, self.field.min_length or 0))


@dataclass(frozen=True)
class EntityView:
    """One entity, with the names that it has in Python, in SQL and in paths."""

    entity: Entity
    package: str
    class_name: str
    module: str
    fields: tuple[FieldView, ...]
    rules: tuple[Rule, ...]

    @property
    def name(self) -> str:
        return self.entity.name

    @property
    def table(self) -> str:
        return self.entity.plural

    @property
    def test_module(self) -> str:
        taken = self.table in ("application", "rules")
        return f"test_{self.table}_records" if taken else f"test_{self.table}"

    @property
    def path(self) -> str:
        return f"/{kebab(self.entity.plural)}"

    @cached_property
    def variable(self) -> str:
        return unshadowed(snake(self.name), _VARIABLES, "_record").replace("__", "_")

    @property
    def slug(self) -> str:
        """The entity's part of function names: `create_loan_item`."""
        return snake(self.name)

    @property
    def maker(self) -> str:
        """The entity's method of the factory of test data."""
        return unshadowed_attribute(self.slug) if self.slug != "changed" else "changed_"

    @property
    def never_changed(self) -> bool:
        """Whether a rule refuses every change."""
        return any(
            isinstance(rule, Immutable) and not (rule.fields or rule.where or rule.changeable)
            for rule in self.rules
        )

    @property
    def never_deleted(self) -> bool:
        """Whether a rule refuses every deletion."""
        return any(
            isinstance(rule, Immutable) and not rule.deletable and not rule.where
            for rule in self.rules
        )

    @property
    def id_name(self) -> str:
        return f"{snake(self.name)}_id"

    @property
    def words(self) -> str:
        return words(self.name)

    @property
    def one(self) -> str:
        return with_article(self.words)

    @property
    def many(self) -> str:
        return words(self.entity.plural)

    @property
    def purpose(self) -> str:
        return sentence(self.entity.description)

    @property
    def references(self) -> tuple[FieldView, ...]:
        return tuple(field for field in self.fields if field.type is FieldType.REFERENCE)

    @property
    def computed(self) -> tuple[FieldView, ...]:
        return tuple(field for field in self.fields if field.computed)

    def field(self, key: str) -> FieldView:
        """The field of this key; raises ValueError where a rule names a field that is not there."""
        for field in self.fields:
            if key in (field.key, field.field.name):
                return field
        raise ValueError(f"{self.name} has no field {key!r}")

    def requirement_of(self, field: FieldView) -> str | None:
        """The requirement that a field comes from."""
        return field.field.requirement or self.entity.requirement

    @property
    def unique_rules(self) -> tuple[UniqueTogether, ...]:
        """The rules that a unique index of the database keeps."""
        unique = [rule for rule in self.rules if isinstance(rule, UniqueTogether)]
        return tuple(rule for rule in unique if _indexable(rule, unique))

    @property
    def has_unique(self) -> bool:
        return bool(self.unique_rules) or any(field.field.unique for field in self.fields)


@dataclass(frozen=True)
class ServiceView:
    """The whole service."""

    requirements: Requirements
    package: str
    entities: tuple[EntityView, ...]
    reports: tuple[Aggregation, ...]

    @property
    def title(self) -> str:
        return self.requirements.title

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(rule for entity in self.entities for rule in entity.rules)

    @property
    def ruled(self) -> bool:
        """Whether there is a rule, a unique field or a report, for tests to state."""
        unique = any(field.field.unique for entity in self.entities for field in entity.fields)
        return bool(self.rules or self.reports) or unique

    def entity(self, name: str) -> EntityView:
        """The entity of this name; raises ValueError where nothing has it."""
        for entity in self.entities:
            if entity.name == name:
                return entity
        raise ValueError(f"the service has no entity {name!r}")

    def target(self, field: FieldView) -> EntityView:
        """The entity to which a reference points."""
        return self.entity(field.field.references or "")

    def referrers(self, entity: EntityView) -> tuple[tuple[EntityView, FieldView], ...]:
        """The references that point to `entity`."""
        return tuple(
            (other, field)
            for other in self.entities
            for field in other.references
            if field.field.references == entity.name
        )

    def may_be_in_use(self, entity: EntityView) -> bool:
        """Whether a reference, and not a rule, can keep a record from being deleted."""
        if entity.never_deleted:
            return False
        for other, reference in self.referrers(entity):
            ruled = [
                rule
                for rule in entity.rules
                if isinstance(rule, DeleteRestricted)
                and rule.by == other.name
                and other.field(rule.by_field).key == reference.key
            ]
            cascades = any(rule.where for rule in ruled)
            if not ruled or (cascades and self.referrers(other)):
                return True
        return False

    def cascades(self, entity: EntityView, reference: FieldView) -> bool:
        """Whether records of `entity` are deleted with the record that `reference` points to."""
        return any(
            isinstance(rule, DeleteRestricted)
            and bool(rule.where)
            and rule.by == entity.name
            and entity.field(rule.by_field).key == reference.key
            for rule in self.target(reference).rules
        )

    def statement(self, requirement: str | None) -> str:
        """The sentence of a requirement, or nothing where it has none."""
        for item in self.requirements.items:
            if item.id == requirement:
                return sentence(item.statement)
        return ""

    def uses(self, *types: FieldType) -> bool:
        """Whether any field has one of these types."""
        return any(field.type in types for entity in self.entities for field in entity.fields)

    @property
    def docs_path(self) -> str:
        return "/api-docs" if any(entity.path == "/docs" for entity in self.entities) else "/docs"


@lru_cache(maxsize=8)
def service_view(requirements: Requirements) -> ServiceView:
    """The view of these requirements; raises ValueError where they are not of a service."""
    domain = domain_of(requirements)
    package = package_name(requirements.name)
    suffixes = ("Write", "Patch", "Query")
    names = {entity.name for entity in domain.entities}
    taken = _NAMES_IN_USE | {name + suffix for name in names for suffix in suffixes}
    return ServiceView(
        requirements=requirements,
        package=package,
        entities=tuple(
            EntityView(
                entity=entity,
                package=package,
                class_name=unshadowed(entity.name, taken, "Record"),
                module=unshadowed(entity.plural, _MODULES, "_folder"),
                fields=_fields(entity, domain),
                rules=tuple(rule for rule in domain.rules if rule.entity == entity.name),
            )
            for entity in domain.entities
        ),
        reports=domain.aggregations,
    )


def package_name(name: str) -> str:
    """The Python package of a project named `name`, never one that shadows another module."""
    snaked = name.replace("-", "_").strip("_")
    in_use = snaked in sys.stdlib_module_names or snaked in _RESERVED_PACKAGES
    return f"{snaked}_service" if in_use else unshadowed(snaked, frozenset(), "_service")


def attribute_name(key: str) -> str:
    """The attribute that holds the JSON member `key`: no keyword, no attribute of a model."""
    shadows = hasattr(BaseModel, key) or key.startswith(("model_validate", "model_dump"))
    return f"{key}_" if shadows else unshadowed_attribute(key)


def unshadowed_attribute(key: str) -> str:
    """`key`, or `key_` where it is a keyword: builtins are fine as attributes."""
    return f"{key}_" if keyword.iskeyword(key) else key


def _fields(entity: Entity, domain: ServiceDomain) -> tuple[FieldView, ...]:
    initial = {
        rule.field: rule.initial
        for rule in domain.rules
        if isinstance(rule, Transitions) and rule.entity == entity.name
    }
    return tuple(
        FieldView(field, initial.get(field.name))
        for field in entity.fields
        if field.key not in SYSTEM_FIELDS
    )


def _indexable(rule: UniqueTogether, among: list[UniqueTogether]) -> bool:
    """An index cannot look at another table; and its error names columns, so they must differ."""
    same_columns = [other for other in among if set(other.fields) == set(rule.fields)]
    return same_columns[0] is rule and not any(looks_away(test) for test in rule.where)


def looks_away(condition: Condition) -> bool:
    """Whether a condition looks through a reference, at another record."""
    return "." in condition.field and not is_date_part(condition.field)


def is_date_part(key: str) -> bool:
    """Whether a key names a part of a date: `starts_at.month`."""
    return key.rpartition(".")[2] in DATE_PARTS and "." in key


def bound(field: FieldView, text: str) -> int | Decimal:
    """A bound of a number as a number."""
    return int(Decimal(text)) if field.type is FieldType.INTEGER else Decimal(text)


def query_name(name: str) -> bool:
    """Whether a query parameter may have this name beside those of every list."""
    return name not in _QUERY_NAMES
