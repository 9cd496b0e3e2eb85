"""Rules about one record, or about a record and those that it points to."""

from quantumlayer.builtin.domain import Comparison, ConditionalRequirement, FieldType, RelativeDate
from quantumlayer.builtin.writing.javascript_service.expressions import (
    same_kind,
    symbol,
    tests_code,
    value_of,
)
from quantumlayer.builtin.writing.javascript_service.rules.module import RuleWriter
from quantumlayer.builtin.writing.service.references import looked_through


def write_comparison(writer: RuleWriter, rule: Comparison) -> None:
    """Two values compare as they should, whenever both are set."""
    left = value_of(writer.view, writer.entity, rule.left, writer.variable)
    right = value_of(writer.view, writer.entity, rule.right, writer.variable)
    present = [f"{each.code} !== null" for each in (left, right) if each.nullable]
    one, other = same_kind(left, right)
    broken = f"{one} {symbol(rule.operator, negated=True)} {other}"
    check = writer.check(writer.refused_if(*present, broken))
    writer.always(check)
    writer.seen_from_parents(check, [rule.left, rule.right])


def write_relative_date(writer: RuleWriter, rule: RelativeDate) -> None:
    """A day or moment before or after now, when it is set."""
    dated = writer.entity.field(rule.field)
    value = f"{writer.variable}.{dated.key}"
    moment = dated.type is FieldType.DATETIME
    by_day = moment and rule.direction.endswith("today")
    compared = f"{value}.slice(0, 10)" if by_day else value
    current = "momentOf(now)" if moment and not by_day else "dayOf(now)"
    sign = {"past": ">=", "past_or_today": ">", "future": "<=", "future_or_today": "<"}
    present = [f"{value} !== null"] if dated.nullable else []
    broken = f"{compared} {sign[rule.direction]} {current}"
    check = writer.check(writer.refused_if(*present, broken))
    writer.module.created.append(f"{check.call(writer.variable)};")
    changed = f"after.{dated.key} !== before.{dated.key}"
    writer.module.changed.append(f"if ({changed}) {{\n  {check.call('after')};\n}}")


def write_conditional(writer: RuleWriter, rule: ConditionalRequirement) -> None:
    """A record that is so must also be so."""
    tests = (*rule.where, *rule.then)
    then = tests_code(writer.view, writer.entity, rule.then, writer.variable)
    concerns = writer.concerns(rule.where)
    lines = writer.unless_concerned(concerns)
    lines += writer.refused_if(*(negated(test) for test in then), any_of=True)
    check = writer.check(lines)
    if rule.on == "always":
        writer.always(check)
        writer.seen_from_parents(check, [test.field for test in tests])
        return
    writer.module.created.append(f"{check.call(writer.variable)};")
    references = looked_through(writer.view, writer.entity, (test.field for test in tests))
    if references:
        moved = " || ".join(f"after.{r.key} !== before.{r.key}" for r in references)
        writer.module.changed.append(f"if ({moved}) {{\n  {check.call('after')};\n}}")


def negated(test: str) -> str:
    """The opposite of a test, as short as it can be said."""
    plain = " && " not in test and " || " not in test
    if plain and " === " in test and not test.startswith(("[", "(")):
        return test.replace(" === ", " !== ")
    if plain and " !== " in test:
        return test.replace(" !== ", " === ")
    if test.startswith("!") and plain:
        return test[1:]
    if test.startswith("Boolean(") and plain:
        return f"!{test.removeprefix('Boolean(').removesuffix(')')}"
    if test.startswith("(") and test.endswith(")"):
        return f"!{test}"
    atom = plain and " " not in test
    return f"!{test}" if atom or test.startswith("[") else f"!({test})"
