"""The view of a service that the templates lean on: names, types and bounds, decided once."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from quantumlayer.builtin.domain import (
    Aggregation,
    DeleteRestricted,
    Entity,
    FieldType,
    Immutable,
    Rule,
    UniqueTogether,
    domain_of,
)
from quantumlayer.builtin.writing.naming import (
    kebab,
    sentence,
    snake,
    unshadowed,
    with_article,
    words,
)
from quantumlayer.builtin.writing.service import names
from quantumlayer.builtin.writing.service.fields import FieldView, fields_of, looks_away
from quantumlayer.qlayer.requirements import Requirements


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
    def path(self) -> str:
        return f"/{kebab(self.entity.plural)}"

    @cached_property
    def variable(self) -> str:
        return unshadowed(snake(self.name), names.VARIABLES, "_record").replace("__", "_")

    @property
    def slug(self) -> str:
        """The entity's part of function names: `create_loan_item`."""
        return snake(self.name)

    @property
    def maker(self) -> str:
        """The entity's method of the factory of test data."""
        return names.unshadowed_attribute(self.slug) if self.slug != "changed" else "changed_"

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
    package = names.package_name(requirements.name)
    suffixes = ("Write", "Patch", "Query")
    written = (entity.name + suffix for entity in domain.entities for suffix in suffixes)
    taken = names.NAMES_IN_USE.union(written)
    return ServiceView(
        requirements=requirements,
        package=package,
        entities=tuple(
            EntityView(
                entity=entity,
                package=package,
                class_name=unshadowed(entity.name, taken, "Record"),
                module=unshadowed(entity.plural, names.MODULES, "_folder"),
                fields=fields_of(entity, domain),
                rules=tuple(rule for rule in domain.rules if rule.entity == entity.name),
            )
            for entity in domain.entities
        ),
        reports=domain.aggregations,
    )


def _indexable(rule: UniqueTogether, among: list[UniqueTogether]) -> bool:
    """An index cannot look at another table; and its error names columns, so they must differ."""
    same_columns = [other for other in among if set(other.fields) == set(rule.fields)]
    return same_columns[0] is rule and not any(looks_away(test) for test in rule.where)
