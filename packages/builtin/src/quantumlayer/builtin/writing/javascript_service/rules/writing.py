"""The module of an entity's rules, put together."""

import re
from functools import lru_cache

from quantumlayer.builtin.domain import (
    Comparison,
    ConditionalRequirement,
    CountLimit,
    DeleteRestricted,
    Immutable,
    NoOverlap,
    RelativeDate,
    SumLimit,
    Transitions,
    UniqueTogether,
)
from quantumlayer.builtin.writing.javascript_service.names import names_of
from quantumlayer.builtin.writing.javascript_service.rules.changes import (
    write_delete_restricted,
    write_immutable,
    write_transitions,
)
from quantumlayer.builtin.writing.javascript_service.rules.indexes import (
    indexes_code,
    is_indexed,
    unique_indexes,
)
from quantumlayer.builtin.writing.javascript_service.rules.limits import (
    write_limit,
    write_no_overlap,
    write_together,
)
from quantumlayer.builtin.writing.javascript_service.rules.module import (
    RuleModule,
    RuleWriter,
)
from quantumlayer.builtin.writing.javascript_service.rules.records import (
    write_comparison,
    write_conditional,
    write_relative_date,
)
from quantumlayer.builtin.writing.naming import pascal
from quantumlayer.builtin.writing.service.model import (
    EntityView,
    FieldView,
    ServiceView,
)

_IMPORTS = (
    ("node:util", ("isDeepStrictEqual",)),
    ("../decimals.js", ("sumUnits", "toUnits")),
    ("../errors.js", ("RuleBroken",)),
    ("../moments.js", ("dayOf", "momentOf")),
)


@lru_cache(maxsize=64)
def rule_module(view: ServiceView, entity: EntityView) -> RuleModule:
    """The rules about `entity`, with the checks that its routes call."""
    module = RuleModule(view, entity)
    numbers: dict[str, int] = {}
    for rule in entity.rules:
        if isinstance(rule, UniqueTogether) and is_indexed(rule):
            continue
        numbers[rule.requirement] = number = numbers.get(rule.requirement, 0) + 1
        name = rule.requirement if number == 1 else f"{rule.requirement}_{number}"
        _write(RuleWriter(module, rule, module.add(name, rule)))
    _add_checks(module)
    if unique_indexes(view, entity):
        module.blocks.insert(0, indexes_code(view, entity))
    return module


def _write(writer: RuleWriter) -> None:
    match writer.rule:
        case CountLimit() | SumLimit() as rule:
            write_limit(writer, rule)
        case UniqueTogether() as rule:
            write_together(writer, rule)
        case NoOverlap() as rule:
            write_no_overlap(writer, rule)
        case Comparison() as rule:
            write_comparison(writer, rule)
        case RelativeDate() as rule:
            write_relative_date(writer, rule)
        case Transitions() as rule:
            write_transitions(writer, rule)
        case Immutable() as rule:
            write_immutable(writer, rule)
        case ConditionalRequirement() as rule:
            write_conditional(writer, rule)
        case DeleteRestricted() as rule:
            write_delete_restricted(writer, rule)


def _add_checks(module: RuleModule) -> None:
    """The functions that the routes call; they come first, for a reader's sake."""
    own, kind = module.own, module.own.type
    name = pascal(module.entity.name)
    checks = list(module.blocks)
    module.blocks.clear()
    words = module.entity.words
    if module.created:
        module.function(
            f"checkNew{name}",
            {own.variable: kind},
            module.created,
            f"Keep the rules for a new {words}.",
            exported=True,
        )
    if module.changed:
        module.function(
            f"checkChanged{name}",
            {"before": kind, "after": kind},
            module.changed,
            f"Keep the rules for a changed {words}.",
            exported=True,
        )
    if module.deleted:
        module.function(
            f"checkDeleted{name}",
            {own.variable: kind},
            module.deleted,
            f"Keep the rules for a {words} that is about to be deleted.",
            exported=True,
        )
    for target_name, lines in module.parents.items():
        target = module.view.entity(target_name)
        target_kind = names_of(module.view)[target_name].type
        module.function(
            _of_changed(module.entity, target),
            {"before": target_kind, "after": target_kind},
            lines,
            f"Keep the rules about {module.entity.many} that look at a changed {target.words}.",
            exported=True,
        )
    module.blocks += checks


def _of_changed(entity: EntityView, target: EntityView) -> str:
    return f"check{pascal(entity.table)}OfChanged{target.name}"


def imports_of(module: RuleModule) -> list[str]:
    """The imports that the code of a module needs."""
    found = []
    for path, names in _IMPORTS:
        used = [name for name in names if re.search(rf"\b{name}\(", module.text)]
        if used:
            found.append(f'import {{ {", ".join(used)} }} from "{path}";')
    return found


def typedefs_of(module: RuleModule) -> list[str]:
    """The types that the code of a module names."""
    found = []
    names = names_of(module.view)
    for kind, source in (
        ("Scope", "../collection.js"),
        ("Tables", "../store/tables.js"),
    ):
        if re.search(rf"@param {{{kind}}}", module.text):
            found.append(f'@typedef {{import("{source}").{kind}}} {kind}')
    for entity in module.view.entities:
        own = names[entity.name]
        if re.search(rf"[{{<]{own.type}[}}>]", module.text):
            source = f"../{own.folder}/schema.js"
            found.append(f'@typedef {{import("{source}").{own.type}}} {own.type}')
    return found


def checks_of(
    view: ServiceView, entity: EntityView
) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """The checks that the routes of an entity call, by occasion, and their imports."""
    module = rule_module(view, entity)
    own = names_of(view)[entity.name]
    name = pascal(entity.name)
    imported: dict[str, list[str]] = {}
    checks: dict[str, list[str]] = {"created": [], "changed": [], "deleted": []}
    for occasion, calls, function in (
        ("created", module.created, f"checkNew{name}"),
        ("changed", module.changed, f"checkChanged{name}"),
        ("deleted", module.deleted, f"checkDeleted{name}"),
    ):
        if calls:
            checks[occasion].append(function)
            imported.setdefault(own.folder, []).append(function)
    for other in view.entities:
        if entity.name in rule_module(view, other).parents:
            function = _of_changed(other, entity)
            checks["changed"].append(function)
            imported.setdefault(names_of(view)[other.name].folder, []).append(function)
    lines = [
        f'import {{ {", ".join(sorted(functions))} }} from "../rules/{folder}.js";'
        for folder, functions in sorted(imported.items())
    ]
    return [(occasion, found) for occasion, found in checks.items() if found], lines


def cascades(view: ServiceView, entity: EntityView, field: FieldView) -> bool:
    """Whether records of `entity` are deleted with the record that `field` points to."""
    return any(
        isinstance(rule, DeleteRestricted)
        and bool(rule.where)
        and rule.by == entity.name
        and entity.field(rule.by_field).key == field.key
        for rule in view.target(field).rules
    )
