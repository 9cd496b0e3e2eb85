"""The printer: a domain as sentences of the language that say the same."""

import re
from collections.abc import Callable
from itertools import permutations

from quantumlayer.builtin.conditions import Condition, Operator
from quantumlayer.builtin.domain import (
    Aggregation,
    Comparison,
    ConditionalRequirement,
    CountLimit,
    DeleteRestricted,
    Field,
    Immutable,
    NoOverlap,
    RelativeDate,
    ServiceDomain,
    SumLimit,
    Transitions,
    UniqueTogether,
)
from quantumlayer.builtin.language.columns import entity_words, field_words
from quantumlayer.builtin.language.words import article, listed, many, title

_OPERATORS = {
    Operator.GREATER: "greater than",
    Operator.GREATER_OR_EQUAL: "at least",
    Operator.LESS: "less than",
    Operator.LESS_OR_EQUAL: "at most",
    Operator.NOT_EQUAL: "different from",
    Operator.EQUAL: "equal to",
}
_DIRECTIONS = {
    "past": "in the past",
    "past_or_today": "today or earlier",
    "future": "in the future",
    "future_or_today": "today or later",
}
_PARTS = {"date": "day", "month": "month", "year": "year"}
_SIGNS = {
    "A-Za-z": "letters",
    "A-Z": "uppercase letters",
    "a-z": "lowercase letters",
    "0-9": "digits",
    "\\-": "dashes",
    "_": "underscores",
}
_SAMPLES = {"A-Z": "A", "a-z": "a", "0-9": "0"}
_PIECE = re.compile(r"\[?(\\.|[^\\\[\]{}^$]+)\]?(?:\{([\d,]+)\})?")
_FUNCTIONS = {"sum": "total", "average": "average", "minimum": "lowest", "maximum": "highest"}


def describe(domain: ServiceDomain) -> str:
    """The domain in canonical English, one statement a line."""
    lines = [
        f"{_records(each.name, ())} have {listed(_field(field) for field in each.fields)}."
        for each in domain.entities
    ]
    lines += [_rule_line(each) for each in (*domain.rules, *domain.aggregations)]
    return "\n".join(f"{line[:1].upper()}{line[1:]}" for line in lines if line)


def _field(each: Field) -> str:
    """A field with all that is said of it; a pattern as what it was made from."""
    said = field_words(each)
    return said if each.pattern is None else said.replace("(string", f"({_pattern(each.pattern)}")


def _pattern(pattern: str) -> str:
    """What a pattern was made from: the signs that may stand there, how many, or a sample."""
    pieces = _PIECE.findall(pattern)
    if pattern.endswith("]+$"):
        return listed(
            _SIGNS[signs] for signs in re.findall("|".join(map(re.escape, _SIGNS)), pattern)
        )
    if "\\" not in pattern and all(count for _, count in pieces):
        return listed(f"{count.replace(',', '-')} {_SIGNS[signs]}" for signs, count in pieces)
    samples = ((_SAMPLES.get(signs, signs[-1]), int(count or 1)) for signs, count in pieces)
    return f"format {''.join(sign * count for sign, count in samples)}"


def _records(entity: str, where: tuple[Condition, ...]) -> str:
    """ "open loans": the adjectives of the conditions before the noun."""
    return _record(" ".join(many(tuple(entity_words(entity).split()))), where)


def _record(noun: str, where: tuple[Condition, ...]) -> str:
    sizes = [each for each in where if _is_size(each)]
    said = " ".join((*(_state(each) for each in where if each not in sizes), noun))
    return said + "".join(
        f" with {article(_label(each.field))} {_OPERATORS[each.operator]} {each.values[0]}"
        for each in sizes
    )


def _is_size(condition: Condition) -> bool:
    """Whether a number is compared: "bookings with a price more than 100"."""
    number = condition.values and str(condition.values[0]).lstrip("-").replace(".", "", 1).isdigit()
    return condition.operator in _OPERATORS and bool(number)


def _state(condition: Condition) -> str:
    field = condition.field.removesuffix("_id").replace("_", " ")
    word = field.rsplit(" ", 1)[0] if field.endswith((" on", " at", " date")) else field
    values = " or ".join(str(value).lower().replace("_", " ") for value in condition.values)
    yes = condition.operator in {Operator.EQUAL, Operator.IN, Operator.IS_SET}
    if condition.values in ((True,), (False,)):
        values, yes = field, (condition.values == (True,)) is yes
    said = values or word
    return said if yes else f"not {said}"


def _key(key: str) -> str:
    field, _, part = key.partition(".")
    return _PARTS[part] if part else _label(field)


def _label(key: str) -> str:
    return key.removesuffix("_id").removesuffix("_value").replace("_", " ")


def _per(keys: tuple[str, ...], word: str) -> str:
    return f" {word} {listed(_key(key) for key in keys)}" if keys else ""


def _count(rule: CountLimit) -> str:
    records = _records(rule.entity, rule.where)
    if rule.maximum_field is None:
        return f"at most {rule.maximum} {records}{_per(rule.per, 'per') or ' overall'}"
    holder = article(_label(rule.per[0]))
    return f"{holder} cannot have more {records} than its {_label(rule.maximum_field)}"


def _sum(rule: SumLimit) -> str:
    total = f"the total {_label(rule.field)} of {_records(rule.entity, rule.where)}"
    if rule.maximum is not None:
        return f"{total}{_per(rule.per, 'per')} must not exceed {rule.maximum}"
    limit = _label(rule.maximum_field or "")
    return f"{total} must not exceed the {limit} of the {_label(rule.per[0])}"


def _together(rule: UniqueTogether) -> str:
    return f"no two {_records(rule.entity, rule.where)}{_per(rule.fields, 'for the same')}"


def _overlap(rule: NoOverlap) -> str:
    records = _records(rule.entity, rule.where)
    return f"{records}{_per(rule.per, 'for the same')} must not overlap"


def _of_record(field: str, rule: Comparison | RelativeDate | Transitions | Immutable) -> str:
    return f"the {_label(field)} of {article(entity_words(rule.entity))}"


def _comparison(rule: Comparison) -> str:
    reference, _, field = rule.right.rpartition(".")
    owner = article(_label(reference) if reference else entity_words(rule.entity))
    how = _OPERATORS[rule.operator]
    return f"{_of_record(rule.left, rule)} must be {how} the {_label(field)} of {owner}"


def _moment(rule: RelativeDate) -> str:
    return f"{_of_record(rule.field, rule)} must be {_DIRECTIONS[rule.direction]}"


def _steps(rule: Transitions) -> str:
    if rule.initial is None:
        values = dict.fromkeys(value for pair in rule.allowed for value in pair)
        never = [pair for pair in permutations(values, 2) if pair not in rule.allowed]
        said = [(_label(before), _label(after)) for before, after in never]
        record = article(entity_words(rule.entity))
        return ". ".join(f"{title([record])} cannot go from {one} to {to}" for one, to in said)
    (one, other), *more = ((_label(before), _label(after)) for before, after in rule.allowed)
    first = f"{_of_record(rule.field, rule)} goes from {one} to {other}"
    return ". ".join((first, *(f"And from {before} to {after}" for before, after in more)))


def _frozen(rule: Immutable) -> str:
    fields = [_of_record(field, rule) for field in rule.fields]
    if fields and rule.where:
        once = f"cannot be changed once it is {_state(rule.where[0])}"
        return ". ".join(f"{title(field.split())} {once}" for field in fields)
    if len(fields) == 1 and rule.deletable:
        return f"{fields[0]} cannot be changed"
    deeds = "deleted" if rule.changeable else "changed" if rule.deletable else "changed or deleted"
    return f"{article(_record(entity_words(rule.entity), rule.where))} cannot be {deeds}"


def _conditional(rule: ConditionalRequirement) -> str:
    then = rule.then[0]
    if then.operator is Operator.IS_SET and rule.on == "always":
        record = article(_record(entity_words(rule.entity), rule.where))
        return f"{record} must have {article(_label(then.field))}"
    reference, _, field = then.field.partition(".")
    if not field:
        return ""
    holders = " ".join(many(tuple(_label(reference).split())))
    held = _record(holders, (then.model_copy(update={"field": field}),))
    return f"only {held} can have {article(entity_words(rule.entity))}"


def _kept(rule: DeleteRestricted) -> str:
    records = _records(rule.by, rule.where)
    return f"{article(entity_words(rule.entity))} with {records} cannot be deleted"


def _figure(rule: Aggregation) -> str:
    records, per = _records(rule.entity, rule.where), _per(rule.group_by, "per")
    if rule.field is None:
        return f"show the number of {records}{per}"
    return f"show the {_FUNCTIONS[rule.function]} {_label(rule.field)} of {records}{per}"


_PRINTERS: dict[type, Callable[..., str]] = {
    CountLimit: _count,
    SumLimit: _sum,
    UniqueTogether: _together,
    NoOverlap: _overlap,
    Comparison: _comparison,
    RelativeDate: _moment,
    Transitions: _steps,
    Immutable: _frozen,
    ConditionalRequirement: _conditional,
    DeleteRestricted: _kept,
    Aggregation: _figure,
}


def _rule_line(rule: object) -> str:
    """A rule or report in sentences; empty where the language has none for it."""
    said = _PRINTERS[type(rule)](rule)
    return f"{said}." if said else ""
