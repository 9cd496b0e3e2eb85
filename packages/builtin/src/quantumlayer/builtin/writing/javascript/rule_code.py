"""The rules of an entity as its module holds them: checks, when they are asked, unique indexes."""

import re
from functools import lru_cache

from quantumlayer.builtin.domain import FieldType
from quantumlayer.builtin.writing.javascript.expressions import printer
from quantumlayer.builtin.writing.javascript.names import names_of
from quantumlayer.builtin.writing.javascript.printing import array, member, plain, record
from quantumlayer.builtin.writing.layout import BREAK, SPACE, Doc, Group, Indented, layout
from quantumlayer.builtin.writing.naming import sentence
from quantumlayer.builtin.writing.service.model import EntityView, ServiceView, Unique
from quantumlayer.builtin.writing.service.rules import OCCASIONS, Check, checks_of
from quantumlayer.builtin.writing.service.terms import every, hold, value

_SCOPE = ("tables", "now", "before")


@lru_cache(maxsize=64)
def rule_module(view: ServiceView, entity: EntityView) -> str:
    """The rules about `entity`: a constant for each check, and when it is asked; or nothing."""
    checks, names = checks_of(view, entity), names_of(view)[entity.name]
    asked = {occasion: checks.asked(occasion) for occasion in OCCASIONS}
    members = [member(name, _names(each)) for name, each in asked.items() if each]
    following = [member(each.key, _names(checks.following(each))) for each in checks.followed]
    members += [member("following", record(following))] if following else []
    unique = [_index(view, entity, each, names.variable) for each in entity.uniques]
    members += [member("unique", array(unique))] if unique else []
    if not members:
        return ""
    purpose = f"What {entity.many} keep: when each rule is asked, and what no two of them share."
    kind = f'import("../types.js").Rules<{names.type}>'
    code = layout((f"export const {names.rules} = ", record(members), ";"))
    rules = f"/**\n * {purpose}\n *\n * @type {{{kind}}}\n */\n{code}"
    return "\n\n".join([*(_check(view, entity, check) for check in checks.checks), rules])


def _names(checks: tuple[Check, ...]) -> Doc:
    return array(check.name for check in checks)


def _check(view: ServiceView, entity: EntityView, check: Check) -> str:
    names = names_of(view)[entity.name]
    broken = "true" if check.broken is None else printer(view, entity).term(check.broken)
    text = layout(broken)
    used = [name for name in _SCOPE if re.search(rf"\b{name}\b", text)]
    parameters = [names.variable] if used or re.search(rf"\b{names.variable}\b", text) else []
    parameters += [f"{{ {', '.join(used)} }}"] if used else []
    arrow = Group((f"({', '.join(parameters)}) =>", Indented((SPACE, broken))))
    rule = rule_record(check.rule.statement, check.rule.requirement)
    members = (BREAK, member("rule", rule), ",", BREAK, member("isBroken", arrow), ",")
    code = layout((f"const {check.name} = {{", Indented(members), BREAK, "};"))
    return f'/** @type {{import("../types.js").Check<{names.type}>}} */\n{code}'


def rule_record(statement: str, requirement: str | None, taken: str = "") -> Doc:
    """A rule as errors carry it."""
    members = {"statement": sentence(statement), "requirement": requirement, "field": taken}
    return plain({name: text for name, text in members.items() if text})


def _index(view: ServiceView, entity: EntityView, unique: Unique, variable: str) -> Doc:
    parts = array(_part(view, entity, key) for key in unique.keys)
    key: Doc = (f"({variable}) => ", parts)
    if unique.where:
        tests = printer(view, entity).term(every(*hold(view, entity, unique.where)))
        choice = (tests, SPACE, "? ", parts, SPACE, ": null")
        key = Group((f"({variable}) =>", Indented((SPACE, Group(choice)))))
    rule = rule_record(unique.statement, unique.requirement, taken=unique.field)
    return record([member("rule", rule), member("key", key)])


def _part(view: ServiceView, entity: EntityView, key: str) -> str:
    found = value(view, entity, key)
    code = printer(view, entity).value(found)
    if found.field.type is FieldType.EMAIL:
        code = f"{code}{'?.' if found.nullable else '.'}toLowerCase()"
    return f"{code} ?? null" if found.nullable and code.endswith(")") else code
