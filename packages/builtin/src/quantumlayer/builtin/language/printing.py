"""The printer: a domain, or a rule of it, as sentences of the language that say the same."""

from quantumlayer.builtin.domain import (
    Aggregation,
    Comparison,
    Condition,
    ConditionalRequirement,
    CountLimit,
    DeleteRestricted,
    Entity,
    Field,
    FieldType,
    Immutable,
    NoOverlap,
    Operator,
    RelativeDate,
    ServiceDomain,
    SumLimit,
    Transitions,
    UniqueTogether,
)
from quantumlayer.builtin.language.words import article, listed, many

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
_FUNCTIONS = {"sum": "total", "average": "average", "minimum": "lowest", "maximum": "highest"}


def describe(domain: ServiceDomain) -> str:
    """The domain in canonical English, one statement a line."""
    lines = [
        f"{_plural(each)} have {listed(_field(field) for field in each.fields)}."
        for each in domain.entities
    ]
    lines += [rule_line(each) for each in (*domain.rules, *domain.aggregations)]
    return "\n".join(f"{line[:1].upper()}{line[1:]}" for line in lines if line)


def _plural(entity: Entity) -> str:
    return entity.plural.removesuffix("_records").replace("_", " ")


def _field(each: Field) -> str:
    said = [_type(each)]
    said += ["unique"] if each.unique else []
    said.append("required" if each.required else "optional")
    if each.minimum is not None:
        said.append(f"{'more than' if each.exclusive_minimum else 'at least'} {each.minimum}")
    if each.maximum is not None:
        said.append(f"{'less than' if each.exclusive_maximum else 'at most'} {each.maximum}")
    if each.min_length is not None and each.max_length is not None:
        said.append(f"{each.min_length}-{each.max_length} characters")
    elif each.min_length is not None:
        said.append(f"at least {each.min_length} characters")
    elif each.max_length is not None:
        said.append(f"at most {each.max_length} characters")
    default = each.computed_default or each.default
    if default is not None:
        said.append(f"default {str(default).lower().replace('_', ' ')}")
    name = each.name.removesuffix("_value") if each.name.endswith("_value") else each.name
    return f"{article(name.replace('_', ' '))} ({', '.join(part for part in said if part)})"


def _type(each: Field) -> str:
    if each.references is not None:
        return _words(each.references)
    if each.type is FieldType.CHOICE:
        return f"one of {'/'.join(value.replace('_', ' ') for value in each.choices)}"
    if each.pattern is not None:
        return _pattern(each.pattern)
    if each.type is FieldType.TEXT and (each.min_length, each.max_length) != (None, None):
        return "string"
    return {"long_text": "long text", "text": "string"}.get(each.type.value, each.type.value)


def _pattern(pattern: str) -> str:
    if pattern.endswith("]+$"):
        said = [
            word
            for sign, word in (("a-z", "lowercase letters"), ("0-9", "digits"), ("\\-", "dashes"))
            if sign in pattern
        ]
        return listed(said)
    if "\\-" in pattern and "[A-Z]{" in pattern:
        head, _, tail = pattern.strip("^$").partition("\\-")
        return f"format {'A' * int(head[6:-1])}-{'0' * int(tail[6:-1])}"
    kinds = {
        "[0-9]": "digits",
        "[A-Za-z]": "letters",
        "[A-Z]": "uppercase letters",
        "[a-z]": "lowercase letters",
    }
    parts = []
    for piece in pattern.strip("^$").split("}"):
        for kind, word in kinds.items():
            if piece.startswith(f"{kind}{{"):
                parts.append(f"{piece.removeprefix(kind + '{').replace(',', '-')} {word}")
    return listed(parts) if parts else ""


def _words(name: str) -> str:
    spaced = "".join(f" {sign.lower()}" if sign.isupper() else sign for sign in name).strip()
    return spaced.removesuffix(" record")


def _records(entity: str, where: tuple[Condition, ...]) -> str:
    """ "open loans": the adjectives of the conditions before the noun."""
    return _record(" ".join(many(tuple(_words(entity).split()))), where)


def _record(noun: str, where: tuple[Condition, ...]) -> str:
    said = [_state(each) for each in where]
    return " ".join((*said, noun))


def _state(condition: Condition) -> str:
    field = condition.field.removesuffix("_id").replace("_", " ")
    word = field.rsplit(" ", 1)[0] if field.endswith((" on", " at", " date")) else field
    values = [str(value).lower().replace("_", " ") for value in condition.values]
    match condition.operator:
        case Operator.EQUAL | Operator.NOT_EQUAL if condition.values in ((True,), (False,)):
            yes = (condition.values == (True,)) is (condition.operator is Operator.EQUAL)
            return field if yes else f"not {field}"
        case Operator.EQUAL:
            return values[0]
        case Operator.IN:
            return " or ".join(values)
        case Operator.NOT_EQUAL:
            return f"not {values[0]}"
        case Operator.NOT_IN:
            return f"not {' or '.join(values)}"
        case Operator.IS_SET:
            return word
        case _:
            return f"not {word}"


def _key(key: str) -> str:
    field, _, part = key.partition(".")
    return _PARTS[part] if part else _label(field)


def _label(key: str) -> str:
    return key.removesuffix("_id").removesuffix("_value").replace("_", " ")


def _per(keys: tuple[str, ...], word: str) -> str:
    return f" {word} {listed(_key(key) for key in keys)}" if keys else ""


def rule_line(rule: object) -> str:  # noqa: C901, PLR0911, PLR0912
    """A rule or report in one sentence; empty where the language has none for it."""
    match rule:
        case CountLimit() if rule.maximum_field is not None:
            holder = _label(rule.per[0])
            return f"{article(holder)} cannot have more {_records(rule.entity, rule.where)} than its {_label(rule.maximum_field)}."
        case CountLimit():
            return f"at most {rule.maximum} {_records(rule.entity, rule.where)}{_per(rule.per, 'per') or ' overall'}."
        case SumLimit():
            limit = (
                rule.maximum
                if rule.maximum is not None
                else f"the {_label(rule.maximum_field or '')} of the {_label(rule.per[0])}"
            )
            per = _per(rule.per, "per") if rule.maximum is not None else ""
            return f"the total {_label(rule.field)} of {_records(rule.entity, rule.where)}{per} must not exceed {limit}."
        case UniqueTogether():
            return f"no two {_records(rule.entity, rule.where)}{_per(rule.fields, 'for the same')}."
        case NoOverlap():
            return f"{_records(rule.entity, rule.where)}{_per(rule.per, 'for the same')} must not overlap."
        case Comparison():
            reference, _, field = rule.right.rpartition(".")
            owner = _label(reference) if reference else _words(rule.entity)
            return f"the {_label(rule.left)} of {article(_words(rule.entity))} must be {_OPERATORS[rule.operator]} the {_label(field)} of {article(owner)}."
        case RelativeDate():
            return f"the {_label(rule.field)} of {article(_words(rule.entity))} must be {_DIRECTIONS[rule.direction]}."
        case Transitions() if rule.initial is not None:
            first, *more = rule.allowed
            said = f"the {_label(rule.field)} of {article(_words(rule.entity))} goes from {_label(first[0])} to {_label(first[1])}."
            return " ".join(
                (said, *(f"And from {_label(one)} to {_label(other)}." for one, other in more))
            )
        case Immutable() if rule.fields and rule.where:
            return " ".join(
                f"The {_label(field)} of {article(_words(rule.entity))} cannot be changed once it is {_state(rule.where[0])}."
                for field in rule.fields
            )
        case Immutable() if len(rule.fields) == 1 and rule.deletable:
            return (
                f"the {_label(rule.fields[0])} of {article(_words(rule.entity))} cannot be changed."
            )
        case Immutable():
            deeds = (
                "deleted"
                if rule.changeable
                else "changed"
                if rule.deletable
                else "changed or deleted"
            )
            return f"{article(_record(_words(rule.entity), rule.where))} cannot be {deeds}."
        case ConditionalRequirement() if (
            rule.on == "always" and rule.then[0].operator is Operator.IS_SET
        ):
            return f"{article(_record(_words(rule.entity), rule.where))} must have {article(_label(rule.then[0].field))}."
        case ConditionalRequirement() if "." in rule.then[0].field:
            reference, _, field = rule.then[0].field.partition(".")
            state = _state(rule.then[0].model_copy(update={"field": field}))
            return f"only {state} {' '.join(many(tuple(_label(reference).split())))} can have {article(_words(rule.entity))}."
        case DeleteRestricted():
            return f"{article(_words(rule.entity))} with {_records(rule.by, rule.where)} cannot be deleted."
        case Aggregation(function="count"):
            return f"show the number of {_records(rule.entity, rule.where)}{_per(rule.group_by, 'per')}."
        case Aggregation():
            return f"show the {_FUNCTIONS[rule.function]} {_label(rule.field or '')} of {_records(rule.entity, rule.where)}{_per(rule.group_by, 'per')}."
    return ""
