"""The tests of an entity's fields, and of what can be done with one of its records."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from itertools import combinations, islice

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.service import field_cases
from quantumlayer.builtin.writing.service.kitchen import Changes, Parameter, Parent, Ref
from quantumlayer.builtin.writing.service.model import EntityView, FieldView, ServiceView
from quantumlayer.builtin.writing.service.queries import query_values, sort_keys
from quantumlayer.builtin.writing.service.recipes import usual_parent
from quantumlayer.builtin.writing.service.samples import sample
from quantumlayer.builtin.writing.service.scenarios import Case, Reason, Scenario, Stage, Step
from quantumlayer.builtin.writing.service.search import accepted_change, candidates, plain
from quantumlayer.builtin.writing.service.values import Value, default_value, less

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
        slug, recipe = self.entity.slug, Stage.empty(self.view).kitchen.recipes[self.entity.name]
        given = {*dict(recipe.constants), *recipe.varied}
        defaults: Changes = {
            field.key: default_value(field)
            for field in self.entity.fields
            if not field.must_be_given and field.key not in given
        }
        if defaults:
            made = Step("make", self.entity, name="created", expected=defaults)
            yield self._told(f"fills_in_what_{slug}_leaves_out", [made])
        unknown = Step("post", self.entity, {"no_such_member": 1}, invalid="no_such_member")
        yield self._told(f"{slug}_refuses_unknown_members", [unknown])
        yield from self._required()
        for field in self.entity.fields:
            yield from self._values(field)
            yield from self._moments(field)
            yield from self._references(field)
            yield from self._found(field)
        yield from self._sorted()
        yield from self._changes()
        yield from self._deletions()

    @cached_property
    def full(self) -> Changes:
        """Every member given, but for those that a rule then refuses."""
        found: Changes = {}
        stage = Stage.empty(self.view)
        constants = dict(stage.kitchen.recipes[self.entity.name].constants)
        for field in self.entity.fields:
            options = list(candidates(stage.kitchen, self.entity, field.key))
            if field.type is FieldType.REFERENCE:
                options = [] if field.must_be_given else options
            else:
                options = [*(sample(self.entity, field, number) for number in (1, 2)), *options]
                options[:0] = [constants[field.key]] if field.key in constants else []
            for value in options:
                if value is not None and stage.make(self.entity, {**found, field.key: value}):
                    found[field.key] = value
                    break
        return found

    @property
    def repeated(self) -> Changes:
        """Of all members, those that the answer repeats: not records made on the spot."""
        return {key: value for key, value in self.full.items() if not isinstance(value, Parent)}

    def many(self) -> bool:
        """Whether three records of the factory can stand together."""
        stage = Stage.empty(self.view)
        return stage.make(self.entity, {}).make(self.entity, {}).make(self.entity, {}).well

    def replaceable(self) -> bool:
        """Whether a record can be replaced by the body of another one."""
        stage = self._stored()
        body = stage.kitchen.body(self.entity, {}) if stage.well else {}
        whole: Changes = {f.key: body.get(f.key, default_value(f)) for f in self.entity.fields}
        return stage.patch("stored", whole).well

    def _stored(self, changes: Changes | None = None) -> Stage:
        return Stage.empty(self.view).make(self.entity, changes or {}, "stored")

    def _told(
        self,
        name: str,
        steps: Iterable[Step],
        field: FieldView | None = None,
        cases: Iterable[Case] = (),
    ) -> Scenario:
        own = self.entity.entity.requirement
        requirement = self.entity.requirement_of(field) if field else own
        return Scenario(requirement, "", name, "", tuple(steps), cases=tuple(cases)).tidied()

    def _required(self) -> Iterator[Scenario]:
        required: list[Case] = [
            {"name": field.key} for field in self.entity.fields if field.must_be_given
        ]
        if required:
            lacking = Step("post", self.entity, member=_NAME, invalid=_NAME)
            yield self._told(f"{self.entity.slug}_requires", [lacking], cases=required)
            cleared = Step("patch", self.entity, name="stored", member=_NAME, invalid=_NAME)
            steps = [Step("make", self.entity, name="stored"), cleared]
            yield self._told(f"{self.entity.slug}_cannot_be_cleared_of", steps, cases=required)

    def _values(self, field: FieldView) -> Iterator[Scenario]:
        """The values at the edges of a field, from both sides."""
        given: Changes = {field.key: _VALUE}
        accepted = field_cases.accepted(self.view, self.entity, field)
        inside = Step("post", self.entity, given, expected=given)
        outside = Step("post", self.entity, given, invalid=field.key)
        for verb, values, step in (
            ("accepts", accepted, inside),
            ("refuses", field_cases.refused(field), outside),
        ):
            name = f"{self.entity.slug}_{field.key}_{verb}"
            cases: list[Case] = [{"value": value} for value in values]
            told = self._told(name, [step], field, cases)
            unpaired = verb == "refuses" and field.type in _FREE_TEXTS
            yield from [replace(told, unpaired=unpaired)] if cases else []

    def _moments(self, field: FieldView) -> Iterator[Scenario]:
        """However a client says a moment, it is told in UTC."""
        stage = Stage.empty(self.view)
        for moment in candidates(stage.kitchen, self.entity, field.key):
            if isinstance(moment, datetime) and stage.make(self.entity, {field.key: moment}):
                text = moment.replace(tzinfo=None).isoformat()
                cases: list[Case] = [{"value": text + offset} for offset in ("", "Z", "+00:00")]
                given: Changes = {field.key: _VALUE}
                said = Step("post", self.entity, given, expected={field.key: moment})
                yield self._told(f"{self.entity.slug}_{field.key}_is_in_utc", [said], cases=cases)
                return

    def _references(self, field: FieldView) -> Iterator[Scenario]:
        """Records are found by what they point to, and never point to what is not there."""
        if field.type is not FieldType.REFERENCE:
            return
        parent = usual_parent(self.view, self.entity, field)
        begun = Stage.empty(self.view).arrive(self.view.target(field), parent, "target")
        made = begun.make(self.entity, {field.key: Ref("target")}, "wanted")
        found = made.found(self.entity, {field.key: Ref("target")}, "wanted")
        none = found.found(self.entity, {field.key: _UNKNOWN_ID})
        if none.well:
            yield self._told(f"finds_{self.entity.table}_by_{field.key}", none.steps)
        lost = Step("patch", self.entity, {field.key: _UNKNOWN_ID}, "stored", invalid=field.key)
        name = f"{self.entity.slug}_cannot_move_to_an_unknown_{field.field.name}"
        yield self._told(name, [Step("make", self.entity, name="stored"), lost])

    def _pairs(self, field: FieldView, *, rising: bool) -> Iterator[Stage]:
        """Two records that differ in a field, the one with the smaller value first, or last."""
        stage = Stage.empty(self.view)
        values = plain(candidates(stage.kitchen, self.entity, field.key))
        for one, other in combinations(values, 2):
            first, second = (one, other) if less(one, other) is rising else (other, one)
            made = stage.make(self.entity, {field.key: first}, "first")
            made = made.make(self.entity, {field.key: second}, "second")
            if made.well:
                yield made

    def _found(self, field: FieldView) -> Iterator[Scenario]:
        """Each question about a field finds one of two records that differ in it."""
        if field.type is FieldType.REFERENCE:
            return
        pairs, known = list(islice(self._pairs(field, rising=True), _MOST_PAIRS)), set[str]()
        for wanted, suffix in (("second", ""), ("first", "_up_to_a_value")):
            told = [(stage, self._questions(stage, field, wanted, known)) for stage in pairs]
            stage, asked = max(told, key=lambda each: len(each[1]), default=(None, {}))
            if stage is not None and asked:
                known |= set(asked)
                cases: list[Case] = [{"query": {name: asked[name]}} for name in asked]
                lists = Step("list", self.entity, query=_QUERY, found=(wanted,))
                name = f"finds_{self.entity.table}_by_{field.key}{suffix}"
                yield self._told(name, [*stage.steps, lists], cases=cases)

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
                if both.well:
                    yield self._told(f"sorts_{self.entity.table}_by_{field.key}", both.steps)
                    return

    def _changes(self) -> Iterator[Scenario]:
        stage = self._stored()
        if stage.well:
            made = stage.kitchen.named["stored"][1]
            change = accepted_change(stage.kitchen, self.entity, made)
            patch = Step("patch", self.entity, change, "stored", expected=change)
            if change:
                yield self._told(f"changes_{self.entity.slug}", [*stage.steps, patch])
        for field in self.entity.fields:
            if not field.nullable or field.type is FieldType.REFERENCE:
                continue
            options = plain(candidates(stage.kitchen, self.entity, field.key))
            for value in (sample(self.entity, field, 1), *options):
                cleared = self._stored({field.key: value})
                if cleared.patch("stored", {field.key: None}).well:
                    change = {field.key: None}
                    patch = Step("patch", self.entity, change, "stored", expected=change)
                    name = f"{self.entity.slug}_can_be_cleared_of_{field.key}"
                    yield self._told(name, [*cleared.steps, patch])
                    return

    def _deletions(self) -> Iterator[Scenario]:
        deleted = self._stored().delete("stored").gone("stored")
        if deleted.well:
            yield self._told(f"deletes_{self.entity.slug}", deleted.steps)
        for other, reference in self.view.referrers(self.entity):
            parent = usual_parent(self.view, other, reference)
            used = Stage.empty(self.view).arrive(self.entity, parent, "stored")
            used = used.make(other, {reference.key: Ref("stored")})
            kept = used.delete("stored", Reason(None))
            if other.name != self.entity.name and kept.well:
                name = f"keeps_{self.entity.slug}_while_it_is_referred_to"
                yield self._told(name, kept.steps)
                return
