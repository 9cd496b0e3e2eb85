"""Rules about many records: counts, sums, uniqueness that looks away, intervals."""

from decimal import Decimal

from quantumlayer.builtin.domain import (
    Comparison,
    CountLimit,
    FieldType,
    NoOverlap,
    SumLimit,
    UniqueTogether,
)
from quantumlayer.builtin.writing.javascript_service.expressions import (
    Expression,
    same_kind,
    value_of,
)
from quantumlayer.builtin.writing.javascript_service.literals import number
from quantumlayer.builtin.writing.javascript_service.names import names_of
from quantumlayer.builtin.writing.javascript_service.rules.module import (
    Check,
    RuleWriter,
    filtered,
)
from quantumlayer.builtin.writing.service.model import FieldView


def write_limit(writer: RuleWriter, rule: CountLimit | SumLimit) -> None:
    """At most so many records, or so much in all, in each group."""
    concerns = writer.concerns(rule.where)
    lines = [*writer.unless_concerned(concerns), *writer.group(rule.per, concerns, "counted")]
    if rule.maximum_field:
        reference, limit = _limit_field(writer, rule)
        nullable = limit.nullable or reference.nullable
        lines.append(f"const limit = {_limit_code(writer, reference, limit)};")
        present = ["limit !== null"] if nullable else []
    else:
        present = []
    exceeded = _exceeded(writer, rule)
    lines += writer.refused_if(*present, exceeded)
    check = writer.check(lines)
    writer.always(check)
    writer.seen_from_parents(check, [test.field for test in rule.where])
    if rule.maximum_field:
        writer.watch(check, reference.key, [limit.key])


def _exceeded(writer: RuleWriter, rule: CountLimit | SumLimit) -> str:
    if isinstance(rule, CountLimit):
        highest = "limit" if rule.maximum_field else str(rule.maximum)
        return f"counted.length > {highest}"
    summed = writer.entity.field(rule.field)
    total = f"sumUnits(counted.map((each) => each.{summed.key}))"
    highest = (
        "toUnits(limit)" if rule.maximum_field else f"toUnits({number(Decimal(rule.maximum or 0))})"
    )
    return f"{total} > {highest}"


def _limit_field(writer: RuleWriter, rule: CountLimit | SumLimit) -> tuple[FieldView, FieldView]:
    """The reference whose record holds the limit, and the field that is the limit."""
    name = (rule.maximum_field or "").rpartition(".")[2]
    for key in rule.per:
        found = writer.entity.field(key.partition(".")[0])
        if found.type is FieldType.REFERENCE:
            target = writer.view.target(found)
            if any(name in (f.key, f.field.name) for f in target.fields):
                return found, target.field(name)
    raise ValueError(f"{rule.requirement}: no `per` reference has {rule.maximum_field!r}")


def _limit_code(writer: RuleWriter, reference: FieldView, limit: FieldView) -> str:
    table = names_of(writer.view)[writer.view.target(reference).name].table
    return f"tables.{table}.get({writer.variable}.{reference.key}).{limit.key}"


def write_together(writer: RuleWriter, rule: UniqueTogether) -> None:
    """Uniqueness whose condition looks at another record, which an index cannot do."""
    concerns = writer.concerns(rule.where)
    lines = [*writer.unless_concerned(concerns), *writer.group(rule.fields, concerns, "same")]
    check = writer.check([*lines, *writer.refused_if("same.length > 1")])
    writer.always(check)
    writer.seen_from_parents(check, [test.field for test in rule.where])


def write_no_overlap(writer: RuleWriter, rule: NoOverlap) -> None:
    """Half-open intervals that do not meet; an empty end is endless."""
    start = value_of(writer.view, writer.entity, rule.start, writer.variable)
    end = value_of(writer.view, writer.entity, rule.end, writer.variable)
    concerns = writer.concerns(rule.where)
    lines = [*_inverted(writer, start, end), *writer.unless_concerned(concerns)]
    tests = [f"other.id !== {writer.variable}.id", *_meeting(writer, rule)]
    lines += _met(writer, rule.per, concerns, tests)
    check = writer.check(lines)
    writer.always(check)
    writer.seen_from_parents(check, [test.field for test in rule.where])


def _met(
    writer: RuleWriter, per: tuple[str, ...], concerns: Check | None, tests: list[str]
) -> list[str]:
    group = writer.group(per, None, "group")
    called = [concerns.call("other")] if concerns is not None else []
    met = filtered("met", "group", [*tests, *called])
    return [*group, met, *writer.refused_if("met.length > 0")]


def _meeting(writer: RuleWriter, rule: NoOverlap) -> list[str]:
    """Tests that the intervals of `other` and of the record have a moment in common."""
    tests = []
    for one, two in (("other", writer.variable), (writer.variable, "other")):
        begin = value_of(writer.view, writer.entity, rule.start, one)
        until = value_of(writer.view, writer.entity, rule.end, two)
        left, right = same_kind(begin, until)
        if begin.nullable:
            tests.append(f"{begin.code} !== null")
        before = f"{left} < {right}"
        tests.append(f"({until.code} === null || {before})" if until.nullable else before)
    return tests


def _inverted(writer: RuleWriter, start: Expression, end: Expression) -> list[str]:
    """Lines that refuse an end before the start, where no rule of its own does."""
    pair = {start.field.key, end.field.key}
    for other in writer.entity.rules:
        if isinstance(other, Comparison) and {other.left, other.right} == pair:
            return []
    present = [f"{each.code} !== null" for each in (start, end) if each.nullable]
    left, right = same_kind(end, start)
    return writer.refused_if(*present, f"{left} < {right}")
