"""Python source of the checks of a validating tool."""

from quantumlayer.agents.builtin.writing.python_tool.options import literal
from quantumlayer.qlayer.requirements.tool import Check, CheckRule, Pipeline, Validate

_HOLDS = {
    CheckRule.REQUIRED: "_is_filled",
    CheckRule.NUMBER: "_is_number",
    CheckRule.INTEGER: "_is_whole",
    CheckRule.DATE: "_is_date",
    CheckRule.EMAIL: "_is_email",
    CheckRule.URL: "_is_url",
}
_SIGNS = {
    CheckRule.AT_LEAST: ">=",
    CheckRule.AT_MOST: "<=",
    CheckRule.ABOVE: ">",
    CheckRule.BELOW: "<",
}
_WORDS = {
    CheckRule.AT_LEAST: "must be at least {0}",
    CheckRule.AT_MOST: "must be at most {0}",
    CheckRule.ABOVE: "must be above {0}",
    CheckRule.BELOW: "must be below {0}",
    CheckRule.REQUIRED: "must not be empty",
    CheckRule.NUMBER: "must be a number",
    CheckRule.INTEGER: "must be a whole number",
    CheckRule.DATE: "must be a date such as 2024-05-31",
    CheckRule.EMAIL: "must be an e-mail address",
    CheckRule.URL: "must be a web address",
    CheckRule.MIN_LENGTH: "must have at least {0} characters",
    CheckRule.MAX_LENGTH: "must have at most {0} characters",
    CheckRule.PATTERN: "must match {0}",
}


def validation(pipeline: Pipeline) -> Validate | None:
    """The validating step of a pipeline, if it has one."""
    steps = (*pipeline.shared, *pipeline.reports[0].steps)
    return next((step for step in steps if isinstance(step, Validate)), None)


def problem(check: Check) -> str:
    """What is said of a cell that breaks a check."""
    if check.rule is CheckRule.ONE_OF:
        return f"must be one of {', '.join(check.values)}"
    return _WORDS.get(check.rule, "must be unique").format(*check.values)


def values(pipeline: Pipeline) -> dict[str, object]:
    """What the template of `checks.py` needs."""
    step = validation(pipeline)
    checks = step.checks if step else ()
    rules = {check.rule.value for check in checks}
    if any(check.rule in _SIGNS for check in checks):
        rules.add("bound")
    return {
        "rules": rules,
        "every": any(check.column == "*" for check in checks),
        "unique": [check.column for check in checks if check.rule is CheckRule.UNIQUE],
        "checks": [
            {"column": check.column, "problem": problem(check), "holds": _holds(check)}
            for check in checks
            if check.rule is not CheckRule.UNIQUE
        ],
    }


def _holds(check: Check) -> str:
    rule = check.rule
    if rule in _SIGNS:
        bound = literal("number", check.values)
        return f"_is_bounded(lambda number: number {_SIGNS[rule]} {bound})"
    match rule:
        case CheckRule.ONE_OF:
            return f"lambda text: text in {('', *check.values)!r}"
        case CheckRule.MIN_LENGTH:
            return f"lambda text: not text or len(text) >= {int(check.values[0])}"
        case CheckRule.MAX_LENGTH:
            return f"lambda text: len(text) <= {int(check.values[0])}"
        case CheckRule.PATTERN:
            return f"lambda text: not text or re.fullmatch({check.values[0]!r}, text) is not None"
        case _:
            return _HOLDS[rule]
