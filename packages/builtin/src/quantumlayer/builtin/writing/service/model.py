"""The view of a service that the templates lean on: names, types and bounds, decided once."""

from dataclasses import dataclass
from functools import lru_cache

from quantumlayer.builtin import domain
from quantumlayer.builtin.conditions import Condition
from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing import naming
from quantumlayer.builtin.writing.service.fields import FieldView, fields_of, looks_away
from quantumlayer.qlayer.requirements import Requirements


@dataclass(frozen=True)
class Unique:
    """The keys that no two records share (of those that satisfy `where`), and what asks for it.

    `field` is the key of a field that is unique by itself, `rule` the rule that is kept otherwise.
    """

    statement: str
    requirement: str | None
    keys: tuple[str, ...]
    where: tuple[Condition, ...] = ()
    field: str = ""
    rule: domain.UniqueTogether | None = None


@dataclass(frozen=True, eq=False)
class EntityView:
    """One entity, with the names that it has in Python, in SQL, in paths and for people."""

    entity: domain.Entity
    name: str
    table: str
    path: str
    class_name: str
    module: str
    slug: str
    """Its part of function names: `create_loan_item`."""
    variable: str
    id_name: str
    maker: str
    """Its method of the factory of test data."""
    words: str
    one: str
    many: str
    fields: tuple[FieldView, ...]
    rules: tuple[domain.Rule, ...]
    unique_rules: tuple[domain.UniqueTogether, ...]
    """The rules that a unique index of the database keeps."""

    @property
    def never_changed(self) -> bool:
        """Whether a rule refuses every change."""
        return any(not (rule.fields or rule.changeable) for rule in self._freezing)

    @property
    def never_deleted(self) -> bool:
        """Whether a rule refuses every deletion."""
        return any(not rule.deletable for rule in self._freezing)

    @property
    def _freezing(self) -> list[domain.Immutable]:
        return [r for r in self.rules if isinstance(r, domain.Immutable) and not r.where]

    @property
    def references(self) -> tuple[FieldView, ...]:
        return tuple(field for field in self.fields if field.type is FieldType.REFERENCE)

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
    def uniques(self) -> tuple[Unique, ...]:
        """What no two records share, and an index keeps: first fields, then fields together."""
        fields = (
            Unique(
                f"The {field.words} of {self.one} is unique.",
                self.requirement_of(field),
                (field.key,),
                field=field.key,
            )
            for field in self.fields
            if field.field.unique
        )
        rules = (
            Unique(naming.sentence(r.statement), r.requirement, r.fields, r.where, rule=r)
            for r in self.unique_rules
        )
        return (*fields, *rules)


@dataclass(frozen=True)
class Report:
    """A figure over the records of an entity, and where it is found."""

    aggregation: domain.Aggregation
    entity: EntityView

    @property
    def path(self) -> str:
        return f"/{naming.kebab(self.aggregation.name)}"

    @property
    def statement(self) -> str:
        return naming.sentence(self.aggregation.statement)


def member_name(key: str) -> str:
    """The JSON member of a key of a report: `starts_at.month` is `starts_at_month`."""
    return key.replace(".", "_")


@dataclass(frozen=True, eq=False)
class ServiceView:
    """The whole service."""

    requirements: Requirements
    package: str
    entities: tuple[EntityView, ...]
    aggregations: tuple[domain.Aggregation, ...]

    @property
    def title(self) -> str:
        return self.requirements.title

    @property
    def rules(self) -> tuple[domain.Rule, ...]:
        return tuple(rule for entity in self.entities for rule in entity.rules)

    @property
    def ruled(self) -> bool:
        """Whether there is a rule, a unique field or a report, for tests to state."""
        unique = any(entity.uniques for entity in self.entities)
        return bool(self.rules or self.aggregations) or unique

    @property
    def reports(self) -> tuple[Report, ...]:
        return tuple(Report(each, self.entity(each.entity)) for each in self.aggregations)

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
        kept = (
            self.referrers(other) if self.cascades(other, by) else not _ruled(entity, other, by)
            for other, by in self.referrers(entity)
        )
        return not entity.never_deleted and any(kept)

    def cascades(self, entity: EntityView, reference: FieldView) -> bool:
        """Whether records of `entity` are deleted with the record that `reference` points to."""
        return any(rule.where for rule in _ruled(self.target(reference), entity, reference))

    def description(self, entity: EntityView, field: FieldView) -> str:
        """What a reference means, for OpenAPI; the names of other members say it."""
        if field.type is not FieldType.REFERENCE:
            return ""
        return f"The id of the {self.target(field).words} that the {entity.words} belongs to."

    def uses(self, *types: FieldType) -> bool:
        """Whether any field has one of these types."""
        return any(field.type in types for entity in self.entities for field in entity.fields)

    @property
    def docs_path(self) -> str:
        return "/api-docs" if any(entity.path == "/docs" for entity in self.entities) else "/docs"


@lru_cache(maxsize=8)
def service_view(requirements: Requirements) -> ServiceView:
    """The view of these requirements; raises ValueError where they are not of a service."""
    described = domain.domain_of(requirements)
    suffixes = ("Write", "Patch", "Query")
    written = (entity.name + suffix for entity in described.entities for suffix in suffixes)
    taken = naming.NAMES_IN_USE.union(written)
    return ServiceView(
        requirements=requirements,
        package=naming.package_name(requirements.name),
        entities=tuple(_entity_view(entity, described, taken) for entity in described.entities),
        aggregations=described.aggregations,
    )


def _entity_view(
    entity: domain.Entity, described: domain.ServiceDomain, taken: frozenset[str]
) -> EntityView:
    slug, spoken = naming.snake(entity.name), naming.words(entity.name)
    rules = tuple(rule for rule in described.rules if rule.entity == entity.name)
    unique = [rule for rule in rules if isinstance(rule, domain.UniqueTogether)]
    return EntityView(
        entity=entity,
        name=entity.name,
        table=entity.plural,
        path=f"/{naming.kebab(entity.plural)}",
        class_name=naming.unshadowed(entity.name, taken, "Record"),
        module=naming.unshadowed(entity.plural, naming.MODULES, "_folder"),
        slug=slug,
        variable=naming.unshadowed(slug, naming.VARIABLES, "_record").replace("__", "_"),
        id_name=f"{slug}_id",
        maker="changed_" if slug == "changed" else naming.unshadowed_attribute(slug),
        words=spoken,
        one=naming.with_article(spoken),
        many=naming.words(entity.plural),
        fields=fields_of(entity, described),
        rules=rules,
        unique_rules=tuple(rule for rule in unique if _indexable(rule, unique)),
    )


def _indexable(rule: domain.UniqueTogether, among: list[domain.UniqueTogether]) -> bool:
    """An index cannot look at another table; and its error names columns, so they must differ."""
    same_columns = [other for other in among if set(other.fields) == set(rule.fields)]
    return same_columns[0] is rule and not any(looks_away(test) for test in rule.where)


def _ruled(
    entity: EntityView, other: EntityView, reference: FieldView
) -> list[domain.DeleteRestricted]:
    """The rules that keep a record of `entity` while a reference of `other` points to it."""
    return [
        rule
        for rule in entity.rules
        if isinstance(rule, domain.DeleteRestricted)
        and rule.by == other.name
        and other.field(rule.by_field).key == reference.key
    ]
