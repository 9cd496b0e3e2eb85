"""How test data are made: a valid body for each entity, and bodies with what a test needs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, islice, product

from quantumlayer.builtin.domain import (
    Comparison,
    Condition,
    ConditionalRequirement,
    CountLimit,
    FieldType,
    Immutable,
    NoOverlap,
    RelativeDate,
    Rule,
    SumLimit,
    Transitions,
    UniqueTogether,
)
from quantumlayer.builtin.writing.service.model import (
    MOMENTS,
    NUMBERS,
    EntityView,
    FieldView,
    ServiceView,
)
from quantumlayer.builtin.writing.service.references import resolve
from quantumlayer.builtin.writing.service.samples import (
    NOW,
    TODAY,
    Value,
    date_range,
    number_range,
    progression,
    sample,
)
from quantumlayer.builtin.writing.service.world import (
    Record,
    Refused,
    World,
    literal_value,
)

_DAYS = (0, 1, -1, 7, -7, 14, 30, -30, 400)
_MOST_TRIES = 6_000


@dataclass(frozen=True)
class Ref:
    """The id of a record that the test has made under a name."""

    name: str


@dataclass(frozen=True)
class Parent:
    """The id of a record that is made on the spot, and then changed step by step."""

    entity: str
    changes: tuple[tuple[str, "Given"], ...] = ()
    patches: tuple[tuple[tuple[str, "Given"], ...], ...] = ()


Given = Value | Ref | Parent
Changes = dict[str, Given]
Goal = Callable[[World, Record], bool]


@dataclass(frozen=True)
class Recipe:
    """The body that the factory of an entity makes: constants, other records, varied fields."""

    constants: tuple[tuple[str, Given], ...]
    varied: tuple[str, ...]


@dataclass
class Kitchen:
    """Makes records in a world exactly as the generated factories make them over HTTP."""

    view: ServiceView
    recipes: dict[str, Recipe]
    world: World
    numbers: int = 0
    named: dict[str, tuple[str, int]] = field(default_factory=dict)

    def copy(self) -> "Kitchen":
        """A kitchen with a world of its own."""
        return Kitchen(self.view, self.recipes, self.world.copy(), self.numbers, dict(self.named))

    def body(self, entity: EntityView, changes: Changes) -> Record:
        """The body that the factory makes; makes the records it points to."""
        settled = self.settled(changes)
        recipe = self.recipes[entity.name]
        self.numbers += bool(recipe.varied)
        number = self.numbers
        made = {key: sample(entity, entity.field(key), number) for key in recipe.varied}
        constants = {key: value for key, value in recipe.constants if key not in changes}
        return {**made, **self.settled(constants), **settled}

    def settled(self, given: Changes) -> Record:
        """The changes with references to records as ids."""
        return {key: self._settle(value) for key, value in given.items()}

    def make(self, entity: EntityView, changes: Changes) -> int:
        """Make a record; raises Refused."""
        return self.world.create(entity, self.body(entity, changes))

    def _settle(self, value: Given) -> Value:
        if isinstance(value, Ref):
            return self.named[value.name][1]
        if isinstance(value, Parent):
            entity = self.view.entity(value.entity)
            made = self.make(entity, dict(value.changes))
            for patch in value.patches:
                self.world.update(entity, made, self.settled(dict(patch)))
            return made
        return value


@lru_cache(maxsize=8)
def kitchen(view: ServiceView) -> Kitchen:
    """An empty kitchen with a recipe for each entity; copy it before use."""
    empty = Kitchen(view, {}, World(view))
    for entity in view.entities:
        first = empty.recipes[entity.name] = _first_recipe(view, entity)
        solutions = _solutions(empty, entity, {}, lambda _world, _record: True, 3)
        for found in islice(solutions, 50):
            empty.recipes[entity.name] = _with_constants(first, found) if found else first
            if _stands(empty, entity):
                break
        else:
            empty.recipes[entity.name] = first
    return empty


def _stands(start: Kitchen, entity: EntityView) -> bool:
    """Whether the recipe makes one record after the other, as tests do."""
    trial = start.copy()
    try:
        trial.make(entity, {})
        trial.make(entity, {})
    except Refused:
        return False
    return True


def _first_recipe(view: ServiceView, entity: EntityView) -> Recipe:
    must_vary = _varying(entity)
    constants: dict[str, Given] = {}
    varied = []
    for member in entity.fields:
        if member.type is FieldType.REFERENCE:
            needed = member.must_be_given and member.field.references != entity.name
            if needed:
                constants[member.key] = Parent(view.target(member).name)
        elif member.key in must_vary:
            varied.append(member.key)
        elif member.must_be_given:
            constants[member.key] = sample(entity, member, 0)
    return Recipe(tuple(constants.items()), tuple(varied))


def _varying(entity: EntityView) -> frozenset[str]:
    """Fields that must differ from record to record, so that many records can stand together."""
    keys = {f.key for f in entity.fields if f.field.unique}
    for rule in entity.rules:
        match rule:
            case UniqueTogether():
                keys |= {key.partition(".")[0] for key in rule.fields}
            case NoOverlap():
                keys |= {rule.start, rule.end}
            case CountLimit() | SumLimit():
                keys |= {key.partition(".")[0] for key in rule.per}
            case _:
                pass
    fixed = {FieldType.REFERENCE, FieldType.BOOLEAN, FieldType.CHOICE}
    names = {
        f.key
        for f in entity.fields
        if f.type not in fixed or (f.field.unique and f.type is FieldType.CHOICE)
    }
    return frozenset(keys & names)


def _with_constants(recipe: Recipe, found: Changes) -> Recipe:
    constants = {**dict(recipe.constants), **found}
    return Recipe(
        tuple(constants.items()),
        tuple(key for key in recipe.varied if key not in found),
    )


def solve(
    start: Kitchen, entity: EntityView, fixed: Changes, goal: Goal, *, settle: int = 3
) -> Changes | None:
    """The fewest changes with which a new record is accepted and reaches the goal, or None."""
    return next(_solutions(start, entity, fixed, goal, settle), None)


def _solutions(
    start: Kitchen, entity: EntityView, fixed: Changes, goal: Goal, settle: int
) -> Iterator[Changes]:
    for changes in islice(_variations(start, entity, fixed, settle), _MOST_TRIES):
        trial = start.copy()
        try:
            made = trial.make(entity, {**fixed, **changes})
        except Refused:
            continue
        if goal(trial.world, trial.world.tables[entity.name][made]):
            yield changes


def _variations(start: Kitchen, entity: EntityView, fixed: Changes, most: int) -> Iterator[Changes]:
    yield {}
    ruled = _ruled_keys(entity)
    open_keys = [f.key for f in entity.fields if f.key not in fixed]
    open_keys.sort(key=lambda key: key not in ruled)
    values = {key: candidates(start, entity, key) for key in open_keys}
    for size in range(1, most + 1):
        keys = open_keys if size == 1 else [key for key in open_keys if key in ruled]
        for chosen in combinations(keys, size):
            for picked in product(*(values[key] for key in chosen)):
                yield dict(zip(chosen, picked, strict=True))


def tests_of(rule: Rule) -> tuple[Condition, ...]:
    """The conditions that a rule holds."""
    if isinstance(rule, ConditionalRequirement):
        return (*rule.where, *rule.then)
    return getattr(rule, "where", ())


def _ruled_keys(entity: EntityView) -> frozenset[str]:
    names: set[str] = set()
    for rule in entity.rules:
        names |= {test.field for test in tests_of(rule)}
        match rule:
            case Comparison():
                names |= {rule.left, rule.right}
            case RelativeDate() | Transitions() | SumLimit():
                names.add(rule.field)
            case NoOverlap():
                names |= {rule.start, rule.end}
            case Immutable() | UniqueTogether():
                names |= set(rule.fields)
            case _:
                pass
    return frozenset(entity.field(name.partition(".")[0]).key for name in names)


@lru_cache(maxsize=512)
def _plain_candidates(entity: EntityView, key: str) -> tuple[Value, ...]:
    member = entity.field(key)
    found: list[Value] = [sample(entity, member, 1), sample(entity, member, 2)]
    literals = [
        literal_value(member, value)
        for rule in entity.rules
        for test in tests_of(rule)
        if test.field == member.key
        for value in test.values
    ]
    for literal in literals:
        found += [literal, *_neighbours(member, literal)]
    if member.type is FieldType.CHOICE:
        found = list(member.field.choices)
    elif member.type is FieldType.BOOLEAN:
        found = [True, False]
    elif member.type is FieldType.DATE:
        found += [TODAY + timedelta(days=days) for days in _DAYS]
    elif member.type is FieldType.DATETIME:
        found += [NOW + timedelta(days=days) for days in _DAYS]
    elif member.type is FieldType.TIME:
        found += [time(8), time(10), time(18)]
    elif member.type in NUMBERS:
        found += [literal_value(member, n) for n in (0, 1, 2, 5, 100)]
    valid = [value for value in found if is_valid(member, value)]
    if member.nullable:
        valid.insert(0, None)
    return tuple(value for at, value in enumerate(valid) if value not in valid[:at])


def candidates(start: Kitchen, entity: EntityView, key: str) -> tuple[Given, ...]:
    """Values worth trying for a field; for a reference, records in the states that rules ask."""
    member = entity.field(key)
    if member.type is not FieldType.REFERENCE:
        return _plain_candidates(entity, key)
    target = start.view.target(member)
    if target.name == entity.name:
        return (None,) if member.nullable else ()
    found: list[Given] = [Parent(target.name)]
    for name, value in _wanted_of_parent(start, entity, member):
        found.extend(_parents_with(start, target, name, value))
    return (None, *found) if member.nullable else tuple(found)


def _wanted_of_parent(
    start: Kitchen, entity: EntityView, reference: FieldView
) -> list[tuple[str, Value]]:
    """What rules ask of a field of the record that a reference points to."""
    found: list[tuple[str, Value]] = []
    target = start.view.target(reference)
    for rule in entity.rules:
        names = [test.field for test in tests_of(rule)]
        names += [rule.left, rule.right] if isinstance(rule, Comparison) else []
        for name in names:
            seen, through, _ = resolve(start.view, entity, name)
            if through is not None and through.key == reference.key:
                values = _plain_candidates(target, seen.key)
                found += [(seen.key, value) for value in values]
    return list({(key, str(value)): (key, value) for key, value in found}.values())


def _parents_with(start: Kitchen, target: EntityView, name: str, value: Value) -> list[Parent]:
    direct = Parent(target.name, ((name, value),))
    trial = start.copy()
    try:
        trial.make(target, {name: value})
    except Refused:
        found = reach(start, target, lambda _world, record: record[name] == value)
        if found is None:
            return []
        changes, patches = found
        return [
            Parent(
                target.name,
                tuple(changes.items()),
                tuple(tuple(patch.items()) for patch in patches),
            )
        ]
    return [direct]


def reach(
    start: Kitchen, entity: EntityView, goal: Goal, fixed: Changes | None = None, most: int = 3
) -> tuple[Changes, list[Changes]] | None:
    """How a record gets to where the goal holds: by its creation, or by changes after it."""
    fixed = fixed or {}
    direct = solve(start, entity, fixed, goal, settle=2)
    if direct is not None:
        return direct, []
    begun = solve(start, entity, fixed, lambda _world, _record: True)
    if begun is None:
        return None
    trial = start.copy()
    made = trial.make(entity, {**fixed, **begun})
    edges: list[tuple[Kitchen, list[Changes]]] = [(trial, [])]
    seen: list[Record] = []
    for _ in range(most):
        following = []
        for place, path in edges:
            for patch in _patches(place, entity, made, fixed):
                after = place.copy()
                try:
                    after.world.update(entity, made, after.settled(patch))
                except Refused:
                    continue
                record = after.world.tables[entity.name][made]
                if goal(after.world, record):
                    return begun, [*path, patch]
                if record not in seen:
                    seen.append(record)
                    following.append((after, [*path, patch]))
        edges = following[:40]
    return None


def _patches(place: Kitchen, entity: EntityView, made: int, fixed: Changes) -> Iterator[Changes]:
    ruled = _ruled_keys(entity)
    keys = [f.key for f in entity.fields if f.key in ruled and f.key not in fixed]
    record = place.world.tables[entity.name][made]
    values = {
        key: [
            v
            for v in candidates(place, entity, key)
            if v != record[key] and not isinstance(v, Parent)
        ]
        for key in keys
    }
    for key in keys:
        for value in values[key]:
            yield {key: value}
    for one, other in combinations(keys, 2):
        for first, second in product(values[one], values[other]):
            yield {one: first, other: second}


def _neighbours(member: FieldView, value: Value) -> list[Value]:
    return [shifted(member, value, 1), shifted(member, value, -1)]


def shifted(member: FieldView, value: Value, steps: int) -> Value:
    """The value `steps` smallest meaningful steps later (or earlier)."""
    match value:
        case bool() | None | str() | list():
            return value
        case datetime():
            return value + timedelta(minutes=steps)
        case date():
            return value + timedelta(days=steps)
        case time():
            minutes = value.hour * 60 + value.minute + steps
            return time(minutes // 60 % 24, minutes % 60)
        case Decimal():
            return value + Decimal(steps).scaleb(-member.places)
        case int():
            return value + steps


def is_valid(member: FieldView, value: Value) -> bool:
    """Whether the field itself allows the value; rules aside."""
    if value is None:
        return member.nullable
    if member.type in NUMBERS:
        allowed = number_range(member)
        return allowed.first <= Decimal(str(value)) <= allowed.last
    if member.type in MOMENTS and isinstance(value, date):
        first, last = date_range(member)
        day = value.date() if isinstance(value, datetime) else value
        return first <= day <= last
    if isinstance(value, time):
        contract = member.field
        least = time.fromisoformat(contract.minimum) if contract.minimum else time(0)
        most = time.fromisoformat(contract.maximum) if contract.maximum else time(23, 59, 59)
        return least <= value <= most
    return True


def span_of(member: FieldView) -> int:
    """How many different sample numbers a number field has."""
    return progression(member).span
