"""The tests of an entity's fields, and of what can be done with one of its records."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import combinations, islice

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service import field_cases
from quantumlayer.builtin.writing.service.fields import FieldView
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView
from quantumlayer.builtin.writing.service.queries import query_values, sort_keys
from quantumlayer.builtin.writing.service.recipes import empty_stage, usual_parent
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.scenarios import (
    Case,
    Changes,
    Parameter,
    Parent,
    Ref,
    Scenario,
    Step,
)
from quantumlayer.builtin.writing.service.search import (
    accepted_change,
    candidates,
    plain_candidates,
)
from quantumlayer.builtin.writing.service.stage import Stage
from quantumlayer.builtin.writing.service.values import Value, default_value, less
from quantumlayer.builtin.writing.service.world import Reason

_UNKNOWN_ID = 999_999
_MOST_PAIRS = 12
_FREE_TEXTS = (FieldType.TEXT, FieldType.LONG_TEXT)
_VALUE, _NAME, _QUERY = Parameter("value"), Parameter("name"), Parameter("query")


@dataclass(frozen=True)
class EntityTests:
    """What holds of the records of an entity, for its tests to state."""

    view: ServiceView
    entity: EntityView

    @cached_property
    def scenarios(self) -> tuple[Scenario, ...]:
        """All that differs from entity to entity."""
        return tuple(self._scenarios())

    def _scenarios(self) -> Iterator[Scenario]:
        yield from self._bodies()
        for field in self.entity.fields:
            yield from self._values(field)
            if field.type is FieldType.REFERENCE:
                yield from self._references(field)
            else:
                yield from self._moments(field)
                yield from self._found(field)
        yield from self._sorted()
        yield from self._changes()
        yield from self._deletions()

    @cached_property
    def full(self) -> Changes:
        """Every member given, but for those that a rule then refuses."""
        found: Changes = {}
        constants = self._empty.recipes[self.entity.name].constants
        for field in self.entity.fields:
            options = [constants.get(field.key), *candidates(self._empty, self.entity, field.key)]
            if field.type is not FieldType.REFERENCE:
                options[1:1] = [sample(self.entity, field, number) for number in (1, 2)]
            elif field.must_be_given:
                continue
            for value in options:
                if value is not None and self._stored({**found, field.key: value}):
                    found[field.key] = value
                    break
        return found

    @property
    def repeated(self) -> Changes:
        """Of all members, those that the answer repeats: not records made on the spot."""
        return {key: value for key, value in self.full.items() if not isinstance(value, Parent)}

    def many(self) -> bool:
        """Whether three records of the factory can stand together."""
        return self._stored().make(self.entity, {}).make(self.entity, {}).well

    def replaceable(self) -> bool:
        """Whether a record can be replaced by the body of another one."""
        stage = self._stored()
        body = stage.body(self.entity, {}) if stage else {}
        whole: Changes = {f.key: body.get(f.key, default_value(f)) for f in self.entity.fields}
        return stage.patch("stored", whole).well

    @property
    def _empty(self) -> Stage:
        return empty_stage(self.view)

    def _stored(self, changes: Changes | None = None) -> Stage:
        return self._empty.make(self.entity, changes or {}, "stored")

    def _told(
        self, name: str, *steps: Step, of: FieldView | None = None, cases: Iterable[Case] = ()
    ) -> Scenario:
        own = self.entity.entity.requirement
        requirement = self.entity.requirement_of(of) if of else own
        return Scenario(requirement, "", name, "", steps, cases=tuple(cases)).tidied()

    def _bodies(self) -> Iterator[Scenario]:
        """What may be left out of a body, what may not, and what does not belong into it."""
        entity, recipe = self.entity, self._empty.recipes[self.entity.name]
        given = {*recipe.constants, *recipe.varied}
        defaults: Changes = {
            field.key: default_value(field)
            for field in entity.fields
            if not field.must_be_given and field.key not in given
        }
        if defaults:
            made = Step("make", entity, name="created", expected=defaults)
            yield self._told(f"fills_in_what_{entity.slug}_leaves_out", made)
        unknown = Step("post", entity, {"no_such_member": 1}, invalid="no_such_member")
        yield self._told(f"{entity.slug}_refuses_unknown_members", unknown)
        required: list[Case] = [{"name": f.key} for f in entity.fields if f.must_be_given]
        if required:
            lacking = Step("post", entity, member=_NAME, invalid=_NAME)
            yield self._told(f"{entity.slug}_requires", lacking, cases=required)
            cleared = Step("patch", entity, name="stored", member=_NAME, invalid=_NAME)
            stored = Step("make", entity, name="stored")
            name = f"{entity.slug}_cannot_be_cleared_of"
            yield self._told(name, stored, cleared, cases=required)

    def _values(self, field: FieldView) -> Iterator[Scenario]:
        """The values at the edges of a field, from both sides."""
        given: Changes = {field.key: _VALUE}
        accepted = field_cases.accepted(self.view, self.entity, field)
        inside = Step("post", self.entity, given, expected=given)
        outside = Step("post", self.entity, given, invalid=field.key)
        name, cases = f"{self.entity.slug}_{field.key}", [{"value": value} for value in accepted]
        if cases:
            yield self._told(f"{name}_accepts", inside, of=field, cases=cases)
        wrong = [{"value": value} for value in field_cases.refused(field)]
        told = self._told(f"{name}_refuses", outside, of=field, cases=wrong)
        yield replace(told, unpaired=field.type in _FREE_TEXTS)

    def _moments(self, field: FieldView) -> Iterator[Scenario]:
        """However a client says a moment, it is told in UTC."""
        for moment in plain_candidates(self.entity, field.key):
            if isinstance(moment, datetime) and self._stored({field.key: moment}):
                text = moment.replace(tzinfo=None).isoformat()
                cases: list[Case] = [{"value": text + offset} for offset in ("", "Z", "+00:00")]
                said = Step("post", self.entity, {field.key: _VALUE}, expected={field.key: moment})
                yield self._told(f"{self.entity.slug}_{field.key}_is_in_utc", said, cases=cases)
                return

    def _references(self, field: FieldView) -> Iterator[Scenario]:
        """Records are found by what they point to, and never point to what is not there."""
        parent = usual_parent(self.view, self.entity, field)
        begun = self._empty.arrive(parent, "target")
        made = begun.make(self.entity, {field.key: Ref("target")}, "wanted")
        found = made.found(self.entity, {field.key: Ref("target")}, "wanted")
        none = found.found(self.entity, {field.key: _UNKNOWN_ID})
        if none:
            yield self._told(f"finds_{self.entity.table}_by_{field.key}", *none.steps)
        lost = Step("patch", self.entity, {field.key: _UNKNOWN_ID}, "stored", invalid=field.key)
        name = f"{self.entity.slug}_cannot_move_to_an_unknown_{field.field.name}"
        yield self._told(name, Step("make", self.entity, name="stored"), lost)

    def _values_of(self, field: FieldView) -> list[Value]:
        return [each for each in plain_candidates(self.entity, field.key) if each is not None]

    def _pairs(self, field: FieldView, *, rising: bool) -> Iterator[Stage]:
        """Some pairs of records that differ in a field, the smaller value first, or last."""
        for one, other in combinations(self._values_of(field), 2):
            first, second = (one, other) if less(one, other) is rising else (other, one)
            made = self._empty.make(self.entity, {field.key: first}, "first")
            made = made.make(self.entity, {field.key: second}, "second")
            if made:
                yield made

    def _found(self, field: FieldView) -> Iterator[Scenario]:
        """Each question about a field finds one of two records that differ in it."""
        pairs, known = list(islice(self._pairs(field, rising=True), _MOST_PAIRS)), set[str]()
        for wanted, suffix in (("second", ""), ("first", "_up_to_a_value")):
            told = [(stage, self._questions(stage, field, wanted, known)) for stage in pairs]
            stage, asked = max(told, key=lambda each: len(each[1]), default=(None, {}))
            if stage is not None and asked:
                known |= set(asked)
                cases: list[Case] = [{"query": {name: asked[name]}} for name in asked]
                lists = Step("list", self.entity, query=_QUERY, found=(wanted,))
                name = f"finds_{self.entity.table}_by_{field.key}{suffix}"
                yield self._told(name, *stage.steps, lists, cases=cases)

    def _questions(
        self, stage: Stage, field: FieldView, wanted: str, known: set[str]
    ) -> dict[str, Value]:
        """What finds one of two records alone, and is not asked elsewhere."""
        values = query_values(self.entity, field, stage.record(wanted)[field.key])
        return {
            name: value
            for name, value in values
            if name not in known and stage.found(self.entity, {name: value}, wanted)
        }

    def _sorted(self) -> Iterator[Scenario]:
        own = (field for field in self.entity.fields if field.type is not FieldType.REFERENCE)
        for field in (field for field in own if field.key in sort_keys(self.entity)):
            for stage in islice(self._pairs(field, rising=False), _MOST_PAIRS):
                upwards = stage.found(self.entity, {"sort": field.key}, "second", "first")
                both = upwards.found(self.entity, {"sort": f"-{field.key}"}, "first", "second")
                if both:
                    yield self._told(f"sorts_{self.entity.table}_by_{field.key}", *both.steps)
                    return

    def _changes(self) -> Iterator[Scenario]:
        stage = self._stored()
        change = accepted_change(stage, "stored") if stage else {}
        if change:
            yield self._changed(f"changes_{self.entity.slug}", stage, change)
        for field in self.entity.fields:
            if not field.nullable or field.type is FieldType.REFERENCE:
                continue
            for value in (sample(self.entity, field, 1), *self._values_of(field)):
                cleared = self._stored({field.key: value})
                if cleared.patch("stored", {field.key: None}):
                    name = f"{self.entity.slug}_can_be_cleared_of_{field.key}"
                    yield self._changed(name, cleared, {field.key: None})
                    return

    def _changed(self, name: str, stored: Stage, change: Changes) -> Scenario:
        patch = Step("patch", self.entity, change, "stored", expected=change)
        return self._told(name, *stored.steps, patch)

    def _deletions(self) -> Iterator[Scenario]:
        deleted = self._stored().delete("stored").gone("stored")
        if deleted:
            yield self._told(f"deletes_{self.entity.slug}", *deleted.steps)
        for other, reference in self.view.referrers(self.entity):
            used = self._empty.arrive(usual_parent(self.view, other, reference), "stored")
            used = used.make(other, {reference.key: Ref("stored")})
            kept = used.delete("stored", Reason())
            if other.name != self.entity.name and kept:
                yield self._told(f"keeps_{self.entity.slug}_while_it_is_referred_to", *kept.steps)
                return
