"""The wording of requirements: conditions and checks as statements."""

from quantumlayer.qlayer.requirements.tool import CellCondition, CellOperator, CheckRule

_OPERATORS = {
    CellOperator.EQUAL: "is",
    CellOperator.NOT_EQUAL: "is not",
    CellOperator.LESS: "is below",
    CellOperator.LESS_OR_EQUAL: "is at most",
    CellOperator.GREATER: "is above",
    CellOperator.GREATER_OR_EQUAL: "is at least",
    CellOperator.CONTAINS: "contains",
    CellOperator.NOT_CONTAINS: "does not contain",
    CellOperator.STARTS_WITH: "starts with",
    CellOperator.ENDS_WITH: "ends with",
    CellOperator.ONE_OF: "is one of",
    CellOperator.IS_EMPTY: "is empty",
    CellOperator.IS_SET: "is not empty",
}
_CHECKS = {
    CheckRule.REQUIRED: "must not be empty",
    CheckRule.NUMBER: "must be a number",
    CheckRule.INTEGER: "must be a whole number",
    CheckRule.DATE: "must be a date",
    CheckRule.EMAIL: "must be an e-mail address",
    CheckRule.URL: "must be a web address",
    CheckRule.AT_LEAST: "must be at least {0}",
    CheckRule.AT_MOST: "must be at most {0}",
    CheckRule.ABOVE: "must be above {0}",
    CheckRule.BELOW: "must be below {0}",
    CheckRule.PATTERN: "must match {0}",
    CheckRule.MIN_LENGTH: "must have at least {0} characters",
    CheckRule.MAX_LENGTH: "must have at most {0} characters",
    CheckRule.UNIQUE: "must be unique",
}


def condition_in_words(condition: CellCondition) -> str:
    """A condition as a statement: "amount is above 100"."""
    value = condition.argument.upper() if condition.argument else ", ".join(condition.values)
    return f"{condition.column} {_OPERATORS[condition.operator]} {value}".strip()


def all_in_words(conditions: tuple[CellCondition, ...], match: str) -> str:
    """Conditions joined as they hold: all of them, or any."""
    joint = " or " if match == "any" else " and "
    return joint.join(condition_in_words(condition) for condition in conditions)


def check_in_words(rule: CheckRule, values: tuple[str, ...]) -> str:
    """A check as a statement without its column: "must be at least 0"."""
    if rule is CheckRule.ONE_OF:
        return f"must be one of {', '.join(values)}"
    return _CHECKS[rule].format(*values)


def listed(words: tuple[str, ...]) -> str:
    """ "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
