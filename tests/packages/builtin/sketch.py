"""Requirements in short lines, so that a test can say what must have been understood."""

from quantumlayer.builtin.conditions import Condition
from quantumlayer.builtin.domain import (
    Aggregation,
    Comparison,
    ConditionalRequirement,
    CountLimit,
    DeleteRestricted,
    Entity,
    Field,
    Immutable,
    NoOverlap,
    RelativeDate,
    Rule,
    SumLimit,
    Transitions,
    UniqueTogether,
    domain_of,
)
from quantumlayer.qlayer.requirements import Requirements


def sketch(requirements: Requirements) -> list[str]:
    """One line a field, a rule and a figure: `Loan.due_date date`, `at most 5 Loan per …`."""
    domain = domain_of(requirements)
    lines = [_field(entity, field) for entity in domain.entities for field in entity.fields]
    lines += [rule_line(rule) for rule in domain.rules]
    return lines + [_figure(figure) for figure in domain.aggregations]


def _field(entity: Entity, field: Field) -> str:
    words = [f"{entity.name}.{field.key}", field.type.value]
    if field.references:
        words[-1] = f"-> {field.references}"
    if field.choices:
        words[-1] = f"{{{', '.join(field.choices)}}}"
    words += [
        word for word, said in (("optional", not field.required), ("unique", field.unique)) if said
    ]
    if field.minimum is not None:
        words.append(f"{'>' if field.exclusive_minimum else '>='} {field.minimum}")
    if field.maximum is not None:
        words.append(f"{'<' if field.exclusive_maximum else '<='} {field.maximum}")
    if field.min_length is not None or field.max_length is not None:
        low = "" if field.min_length is None else field.min_length
        high = "" if field.max_length is None else field.max_length
        words.append(f"length {low}..{high}")
    if field.pattern:
        words.append(field.pattern)
    default = field.computed_default if field.default is None else field.default
    if default is not None:
        words.append(f"= {str(default).lower()}")
    return " ".join(words)


def _where(conditions: tuple[Condition, ...], word: str = "where") -> str:
    if not conditions:
        return ""
    said = [
        " ".join([each.field, each.operator.value, *(str(value).lower() for value in each.values)])
        for each in conditions
    ]
    return f" {word} {' and '.join(said)}"


def _per(keys: tuple[str, ...]) -> str:
    return f" per {', '.join(keys)}" if keys else ""


def rule_line(rule: Rule) -> str:  # noqa: C901, PLR0911 - one line for each kind of rule
    """A rule in one line."""
    match rule:
        case CountLimit():
            limit = rule.maximum if rule.maximum is not None else rule.maximum_field
            return f"at most {limit} {rule.entity}{_per(rule.per)}{_where(rule.where)}"
        case SumLimit():
            limit = rule.maximum if rule.maximum is not None else rule.maximum_field
            return f"sum {rule.entity}.{rule.field} <= {limit}{_per(rule.per)}{_where(rule.where)}"
        case UniqueTogether():
            return f"unique {rule.entity}({', '.join(rule.fields)}){_where(rule.where)}"
        case NoOverlap():
            times = f"{rule.start}..{rule.end}"
            return f"no overlap {rule.entity} {times}{_per(rule.per)}{_where(rule.where)}"
        case Comparison():
            return f"{rule.entity}.{rule.left} {rule.operator.value} {rule.right}"
        case RelativeDate():
            return f"{rule.entity}.{rule.field} in {rule.direction}"
        case Transitions():
            steps = ", ".join(f"{one}>{other}" for one, other in rule.allowed)
            first = f" from {rule.initial}" if rule.initial else ""
            return f"steps {rule.entity}.{rule.field}{first}: {steps}"
        case Immutable():
            what = f"({', '.join(rule.fields)})" if rule.fields else ""
            kept = "" if rule.deletable else " undeletable"
            if rule.changeable:
                return f"undeletable {rule.entity}{_where(rule.where)}"
            return f"frozen {rule.entity}{what}{_where(rule.where)}{kept}"
        case ConditionalRequirement():
            on = " on creation" if rule.on == "creation" else ""
            when, then = _where(rule.where, " when").strip(), _where(rule.then, "then")
            return f"{rule.entity}:{when}{then}{on}"
        case DeleteRestricted():
            return f"keep {rule.entity} while {rule.by}.{rule.by_field}{_where(rule.where)}"


def _figure(figure: Aggregation) -> str:
    of = f".{figure.field}" if figure.field else ""
    return f"{figure.function} {figure.entity}{of}{_per(figure.group_by)}{_where(figure.where)}"
